"""The page of the local Slack as the server gives it: its files, its token, and that nothing comes from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from runpy import run_path

import aiohttp
import pytest
from yarl import URL

from bot.local_slack.serving.page_routes import FOLDER, TYPES
from tests.unit.local_slack.local_workspace import room

OWN = sorted(path for path in FOLDER.rglob("*") if path.suffix in TYPES and "vendor" not in path.parts)
MODULES = [path for path in OWN if path.suffix == ".js"]
_IMPORT = re.compile(r'^import (?:\{(?P<names>[^}]*)\} from )?"(?P<target>[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function|const|class|let) (\w+)", re.MULTILINE)


def shown(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


async def test_every_file_of_the_page_is_served_as_what_it_is_and_may_run_nothing_from_elsewhere() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        for path in (one for one in FOLDER.rglob("*") if one.suffix in TYPES):
            async with session.get(f"{here.slack.url}/page/{shown(path)}") as answer:
                assert (answer.status, await answer.read()) == (200, path.read_bytes())
                assert answer.headers["Content-Type"] == TYPES[path.suffix]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert (
                    "default-src 'none'; script-src 'self'; style-src 'self'"
                    in answer.headers["Content-Security-Policy"]
                )


def test_the_page_is_served_where_the_program_lies_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(FOLDER.parent, target_is_directory=True)
    module = run_path(str(tmp_path / "linked" / "serving" / "page_routes.py"))
    assert module["FOLDER"] == FOLDER  # what is asked for is compared with it, resolved


@pytest.mark.parametrize(
    "path", ["../serving/page_routes.py", "%2e%2e/serving/page_routes.py", "js", "js/none.js", "vendor/VENDORED.md"]
)
async def test_nothing_else_is_served(path: str) -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        url = URL(f"{here.slack.url}/page/{path}", encoded=True)  # as it stands: a client would tidy the dots away
        answer = await session.get(url)
        assert answer.status == 404


async def test_whoever_opens_the_page_acts_with_its_cookie_and_nobody_without() -> None:
    async with room() as here, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{here.slack.url}/_local/state") as answer:
            assert answer.status == 401
        async with browser.get(here.slack.url) as answer:
            assert "HttpOnly" in answer.headers["Set-Cookie"]
            assert "SameSite=Strict" in answer.headers["Set-Cookie"]
            assert here.slack.local_token not in await answer.text()
        async with browser.get(f"{here.slack.url}/_local/state") as answer:
            assert (await answer.json())["app"]["name"] == "Spyglass"


async def test_a_permalink_leads_to_the_page_at_that_message() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        ts = await here.anna.post(here.channel, "here")
        link = await here.client.chat_getPermalink(channel=here.channel, message_ts=ts)
        async with session.get(str(link["permalink"]), allow_redirects=False) as answer:
            assert answer.headers["Location"] == f"/#channel={here.channel}&message={ts}"


@pytest.mark.parametrize("path", OWN, ids=shown)
def test_no_file_of_the_page_names_another_host_or_puts_text_in_as_html(path: Path) -> None:
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://[\w.]+|\bsrc=[\"']//|url\((?!#)", text) == []
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text) == []


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_what_a_module_imports_is_there_and_used(path: Path) -> None:
    text = path.read_text("utf-8")
    for found in _IMPORT.finditer(text):
        target = (path.parent / found["target"]).resolve()
        assert target.is_file(), f"{found['target']} is not there"
        names = {name.strip() for name in (found["names"] or "").split(",") if name.strip()}
        assert [name for name in names if len(re.findall(rf"\b{name}\b", text)) < 2] == []
        if "vendor" not in target.parts:
            assert names <= set(_EXPORT.findall(target.read_text("utf-8")))
