"""`spyglass index` with the real ports of a process: what is named becomes a source, and what came in can be opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.index import scope_of
from bot.indexing.progress import Progress
from bot.settings import Settings
from bot.wiring import OWNER, Wiring
from tests.exports import export, file, message, zipped
from tests.unit.archive.test_enriching import written
from tests.unit.backends.test_glancer import scenery
from tools.kit import Archive, AskAgain, CannotDo, ImageRef, Item, Scope

TEAM = Scope(workspace="T0123", audiences=("C1", "G1"))


@pytest.fixture
async def wiring(tmp_path: Path) -> AsyncIterator[Wiring]:
    made = Settings(_env_file=None, home=tmp_path / "home", encoder="builtin_encoder")
    async with Wiring(made) as running:
        yield running


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A zip with a photo in #design and a page in the private group board."""
    photo, page = scenery(tmp_path / "bike.jpg"), written(tmp_path / "page.png")
    saved = {"files/F00001-bike.jpg": photo.read_bytes(), "files/F00002-page.png": page.read_bytes()}
    days = {
        "design/2025-03-01": [message("1740830400.000100", file("F00001", "bike.jpg", "image/jpeg"), text="my bike")],
        "board/2025-03-01": [message("1740830500.000100", file("F00002", "page.png"))],
    }
    return zipped(export(tmp_path / "export", days, saved), tmp_path / "acme.zip")


async def indexed(wiring: Wiring, *named: Path, scope: Scope = OWNER, **more: Any) -> Progress:
    last = Progress()
    async for event in wiring.index(named, scope=scope, **more):
        last = event if isinstance(event, Progress) else last
    return last


def referred(item: Item) -> ImageRef:
    same = {name: getattr(item, name) for name in ("sha256", "mime", "width", "height", "name", "page")}
    return ImageRef(handle="image 1", hit=item.id, **same)


async def test_an_export_is_found_by_its_words_and_its_images_can_be_opened(wiring: Wiring, acme: Path) -> None:
    progress = await indexed(wiring, acme, enrich=True)
    assert (progress.added, progress.enriched) == (2, 2)
    archive = await wiring.lend(Archive)
    [photo] = await archive.match(OWNER, "bike")
    [page] = await archive.match(OWNER, "invoice costs euros")
    assert (photo.item.contents.kind, page.item.contents.kind) == ("photo", "document")
    acme.unlink()  # noqa: ASYNC240
    for hit in (photo, page):
        image = await wiring.fetcher(OWNER)(referred(hit.item))
        assert image.pixels().shape == (hit.item.height, hit.item.width, 3)


async def test_in_a_workspace_the_members_of_a_channel_find_what_was_posted_there(wiring: Wiring, acme: Path) -> None:
    assert (await indexed(wiring, acme, scope=scope_of("T0123"), by_channel=True)).added == 2
    archive = (await wiring.pair("T0123")).archive
    assert await archive.count(OWNER) == 0
    assert await archive.count(TEAM) == 2
    [item] = [item async for item in archive.scan(Scope(workspace="T0123", audiences=("C1",)))]
    assert item.name == "bike.jpg"
    stranger = Scope(workspace="T0123", audiences=("C9",))
    with pytest.raises(CannotDo, match="no longer in the archive, or may not be shown here"):
        await wiring.fetcher(stranger)(referred(item))


async def test_only_exports_go_into_a_workspace(wiring: Wiring, tmp_path: Path) -> None:
    scenery(tmp_path / "a.jpg")
    for named in (tmp_path, "s3://pictures/2024"):
        with pytest.raises(AskAgain, match=r"is no export of Slack, .* leave out --workspace"):
            await indexed(wiring, named, scope=scope_of("T0123"), by_channel=True)  # type: ignore[arg-type]


async def test_an_export_does_not_tell_what_was_deleted(wiring: Wiring, acme: Path) -> None:
    with pytest.raises(AskAgain, match=r"acme\.zip is an export, .* leave out --prune"):
        await indexed(wiring, acme, prune=True)


async def test_nothing_is_fetched_from_slack_without_a_token(wiring: Wiring, acme: Path) -> None:
    with pytest.raises(AskAgain, match=r"takes a token .* SLACK_BOT_TOKEN"):
        await indexed(wiring, acme, download=True)


@pytest.mark.parametrize("name", ["", "local", "t0123", "T", "../T0123", "T0123\n"])
def test_a_workspace_is_named_by_its_id(name: str) -> None:
    with pytest.raises(AskAgain, match="is no id of a Slack workspace"):
        scope_of(name)
