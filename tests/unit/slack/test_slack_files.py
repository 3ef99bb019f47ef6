"""Files come from Slack and nowhere else, and what cannot be read is named with the reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web as aio

from bot.local_slack import LocalSlack, Upload
from bot.slack import messages
from bot.slack.addressing import Answers
from bot.slack.audiences import Audiences
from bot.slack.audiences.roster import Roster
from bot.slack.events import Identity, Key, Message
from bot.slack.fetching import gathering as module
from bot.slack.fetching.downloads import Busy, Downloads
from bot.slack.fetching.files import Fetched, Files
from bot.slack.fetching.gathering import EARLIER, Gathering
from bot.slack.payloads import read_message
from bot.slack.people import People
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from bot.slack.web import Web, open_web
from tests.unit.slack.leaks import Kept, Noted

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200)) * 400


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack() as slack:
        yield slack


@pytest.fixture
def bot(slack: LocalSlack) -> Identity:
    return Identity(slack.team, slack.bot_user, slack.bot_id)


@pytest.fixture
async def web(slack: LocalSlack) -> AsyncIterator[Web]:
    async with open_web(slack.bot_token, api_url=slack.api_url) as web:
        yield web


@pytest.fixture
def downloads(slack: LocalSlack, web: Web) -> Downloads:
    assert web.client.session
    return Downloads(web.client.session, slack.bot_token, slack.api_url, most_bytes=1_000_000)


@pytest.fixture
def files(web: Web, downloads: Downloads) -> Files:
    return Files(web, downloads)


async def posted(slack: LocalSlack, bot: Identity, *uploads: Any, text: str = "") -> Message:
    anna = slack.person("anna")
    channel = await slack.channel("design", members=[anna])
    ts = await anna.post(channel, text, files=list(uploads))
    return last(slack, bot, channel, ts)


def last(slack: LocalSlack, bot: Identity, channel: str, ts: str, thread: str | None = None) -> Message:
    found = next(told for told in slack.messages(channel, thread) if told["ts"] == ts)
    message = read_message(found, bot, channel)
    assert message
    return message


async def fetch(files: Files, message: Message, folder: Path) -> Fetched:
    return await files.fetch([(message, file) for file in message.files], folder)


# --- what is read ---------------------------------------------------------------------------------


async def test_files_are_on_disk_as_they_were_posted(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, ("a.png", PNG), ("b.pdf", b"%PDF-1.7 ..."))
    fetched = await fetch(files, message, tmp_path)
    assert [one.name for one in fetched.posted] == ["a.png", "b.pdf"]
    assert [(tmp_path / str(n)).read_bytes() for n in range(2)] == [PNG, b"%PDF-1.7 ..."]
    assert [one.original for one in fetched.posted] == [tmp_path / "0", tmp_path / "1"]
    assert [one.sha256 for one in fetched.taken] == [sha256(PNG).hexdigest(), sha256(b"%PDF-1.7 ...").hexdigest()]
    assert fetched.problems == []


async def test_a_file_whose_type_slack_does_not_know_yet_is_read(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, Upload("photo", PNG, mimetype=""))
    assert message.files[0]["mimetype"] == ""
    assert len((await fetch(files, message, tmp_path)).posted) == 1


async def test_a_stub_of_another_organisation_is_looked_up_first(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, Upload("a.png", PNG, stub=True))
    assert message.files[0]["file_access"] == "check_file_info"
    fetched = await fetch(files, message, tmp_path)
    assert [one.name for one in fetched.posted] == ["a.png"]
    assert any(call.method == "files.info" for call in slack.calls)


async def test_thirty_files_are_all_read(slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path) -> None:
    message = await posted(slack, bot, *((f"{n}.png", PNG + bytes([n])) for n in range(30)))
    assert len(message.files) == 30
    fetched = await fetch(files, message, tmp_path)
    assert [one.name for one in fetched.posted] == [f"{n}.png" for n in range(30)]


async def test_a_busy_slack_is_asked_again(slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path) -> None:
    message = await posted(slack, bot, ("a.png", PNG))
    slack.faults.fail("download", status=429, retry_after=0)
    slack.faults.fail("download", status=503, retry_after=0)
    assert len((await fetch(files, message, tmp_path)).posted) == 1


# --- what is not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (Upload("a.png", PNG, mode="hidden_by_limit"), "hidden by this workspace's Slack plan"),
        (
            Upload("plan.gdoc", mode="external", external_url="https://x.invalid"),
            "plan.gdoc is only a link to another service",
        ),
        (Upload("big.png", PNG * 13), "big.png is larger than the 1 MB I open"),
    ],
)
async def test_what_has_no_bytes_for_us_is_named_and_costs_no_download(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path, upload: Upload, says: str
) -> None:
    message = await posted(slack, bot, upload, ("good.png", PNG))
    fetched = await fetch(files, message, tmp_path)
    assert says in fetched.problems[0]
    assert [one.name for one in fetched.posted] == ["good.png"]
    assert [bool(one.sha256) for one in fetched.taken] == [False, True]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ({"mode": "tombstone"}, "A file was deleted."),
        ({"mode": "snippet", "name": "x.txt", "url_private": "https://files.slack.com/x"}, "x.txt is a Slack snippet"),
        ({"mode": "canvas", "title": "Plan", "url_private": "https://files.slack.com/x"}, "Plan is a Slack canvas"),
        ({"name": "a\nb.png", "url_private": "https://evil.invalid/a.png"}, "a b.png lies on a server that is not"),
        ({"name": "a.png", "url_private": "https://slack.com.evil.invalid/a"}, "lies on a server that is not Slack's"),
        ({"name": "a.png", "url_private": "http://files.slack.com/a.png"}, "lies on a server that is not Slack's"),
        ({"name": "a.png", "url_private": "https://x@files.slack.com/a.png"}, "lies on a server that is not Slack's"),
        ({"name": "a.png", "url_private": "http://[/"}, "lies on a server that is not Slack's"),
        ({"name": "a.png"}, "a.png is no longer in Slack"),
    ],
)
async def test_every_kind_of_unreadable_file_has_its_sentence(
    slack: LocalSlack, files: Files, tmp_path: Path, file: dict[str, Any], says: str
) -> None:
    message = Message(team="T", channel="C", ts="1", thread_ts="1", files=({"id": "F0UNKNOWN", **file},))
    fetched = await fetch(files, message, tmp_path)
    assert says in fetched.problems[0]
    assert fetched.posted == []


async def test_what_was_deleted_meanwhile_is_left_out_and_told(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, ("a.png", PNG), ("b.png", PNG), ("c.png", PNG))
    fetched = await fetch(files, message, tmp_path)
    left = fetched.without([fetched.taken[1]])
    assert [one.name for one in left.posted] == ["a.png", "c.png"]
    assert [one.file["name"] for one in left.taken] == ["a.png", "c.png"]
    assert left.problems == ["A file was deleted."]


async def test_a_sign_in_page_is_not_taken_for_a_picture(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, ("a.png", PNG))
    slack.faults.login_page = True
    fetched = await fetch(files, message, tmp_path)
    assert fetched.posted == []
    assert "sign-in page in place of a.png" in fetched.problems[0]
    assert "files:read" in fetched.problems[0]


async def test_a_web_page_that_was_posted_is_called_one(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, ("page.html", b"\n<!DOCTYPE html><title>x</title>"))
    assert "page.html is a web page" in (await fetch(files, message, tmp_path)).problems[0]


async def test_a_file_that_was_deleted_meanwhile_is_named(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, ("a.png", PNG))
    await slack.person("anna").delete_file(message.files[0]["id"])
    assert (await fetch(files, message, tmp_path)).problems == ["a.png is no longer in Slack."]


async def test_as_long_as_slack_wants_to_give_no_files_it_is_asked_for_none(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, ("a.png", PNG), ("b.png", PNG))
    refused = slack.faults.fail("download", times=10, retry_after=3600)
    for file in message.files:
        with pytest.raises(Busy):
            await files.save(file, tmp_path / "file")
    assert refused.struck == 1


async def test_a_slack_that_never_gives_it_is_said(
    slack: LocalSlack, bot: Identity, files: Files, tmp_path: Path
) -> None:
    message = await posted(slack, bot, ("a.png", PNG))
    slack.faults.fail("download", times=9, status=500, retry_after=0)
    assert "Slack did not give me a.png in time" in (await fetch(files, message, tmp_path)).problems[0]


# --- the token ------------------------------------------------------------------------------------


@asynccontextmanager
async def server(answer: Any) -> AsyncIterator[tuple[str, list[aio.Request]]]:
    """A server on loopback that remembers who asked."""
    asked: list[aio.Request] = []

    async def handle(request: aio.Request) -> aio.StreamResponse:
        asked.append(request)
        response: aio.StreamResponse = await answer(request)
        return response

    app = aio.Application()
    app.router.add_get("/{tail:.*}", handle)
    runner = aio.AppRunner(app)
    await runner.setup()
    site = aio.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}", asked
    finally:
        await runner.cleanup()


async def downloaded(web: Web, api_url: str, url: str, folder: Path) -> Fetched:
    assert web.client.session
    files = Files(web, Downloads(web.client.session, "xoxb-secret", api_url, most_bytes=100_000))
    file = {"id": "F1", "name": "a.png", "url_private_download": url}
    return await files.fetch([(Message(team="T", channel="C", ts="1", thread_ts="1"), file)], folder)


async def test_the_token_does_not_follow_a_redirect_to_another_server(web: Web, tmp_path: Path) -> None:
    async def picture(request: aio.Request) -> aio.Response:
        return aio.Response(body=PNG[:1000])

    async with server(picture) as (elsewhere, asked):

        async def redirect(request: aio.Request) -> aio.Response:
            raise aio.HTTPFound(f"{elsewhere}/stolen.png")

        async with server(redirect) as (here, _):
            fetched = await downloaded(web, f"{here}/api/", f"{here}/a.png", tmp_path)
    assert "lies on a server that is not Slack's" in fetched.problems[0]
    assert asked == []


async def test_a_redirect_within_slack_is_followed_with_the_token(web: Web, tmp_path: Path) -> None:
    async def picture(request: aio.Request) -> aio.Response:
        if request.path == "/a.png":
            raise aio.HTTPFound("/b.png")
        return aio.Response(body=PNG[:1000])

    async with server(picture) as (here, asked):
        fetched = await downloaded(web, f"{here}/api/", f"{here}/a.png", tmp_path)
    assert len(fetched.posted) == 1
    assert [request.headers["Authorization"] for request in asked] == ["Bearer xoxb-secret"] * 2


async def test_redirects_without_end_are_given_up(web: Web, tmp_path: Path) -> None:
    async def redirect(request: aio.Request) -> aio.Response:
        raise aio.HTTPFound("/a.png")

    async with server(redirect) as (here, asked):
        fetched = await downloaded(web, f"{here}/api/", f"{here}/a.png", tmp_path)
    assert len(fetched.problems) == 1
    assert len(asked) < 10


async def test_a_file_longer_than_it_was_said_to_be_is_cut_off(web: Web, tmp_path: Path) -> None:
    async def endless(request: aio.Request) -> aio.StreamResponse:
        response = aio.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(PNG)
        return response

    async with server(endless) as (here, _):
        fetched = await downloaded(web, f"{here}/api/", f"{here}/a.png", tmp_path)
    assert "larger than" in fetched.problems[0]
    assert size_of(tmp_path) <= 100_000


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


# --- which files a question is about --------------------------------------------------------------


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def records(database: Database, inbox: Inbox, bot: Identity) -> Records:
    return Records(database, inbox, bot)


@pytest.fixture
def gathering(
    web: Web, files: Files, downloads: Downloads, inbox: Inbox, records: Records, bot: Identity, database: Database
) -> Gathering:
    preferences, known = Preferences(database, Answers.ALWAYS), Roster(web, People(web, bot.team), as_ever())
    audiences = Audiences(bot, known, cast(Any, Kept()), as_ever(), none_of, none_of, public=False, leaves=False)
    return Gathering(web, files, downloads, inbox, records, bot, preferences, audiences.may_be_shown)


def as_ever() -> Any:
    """`Changes` where nothing is ever noted."""
    return Noted()


async def none_of(*_: Any) -> list[str]:
    return []


def replies(slack: LocalSlack) -> int:
    return sum(call.method == "conversations.replies" for call in slack.calls)


async def test_what_was_posted_before_the_bot_joined_is_asked_for_once(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox, records: Records, files: Files, tmp_path: Path
) -> None:
    anna, ben = slack.person("anna"), slack.person("ben")
    channel = await slack.channel("design", members=[anna, ben])
    root = await anna.post(channel, "look", files=[("root.png", PNG)])
    await ben.post(channel, "and", files=[("reply.png", PNG)], thread_ts=root)
    ts = await anna.post(channel, "which?", files=[("own.png", PNG)], thread_ts=root, mention=True)
    question = last(slack, bot, channel, ts, root)
    await inbox.hear(question, for_us=True)

    gathered = await gathering.of(question)
    assert [file["name"] for _, file in gathered.wanted] == ["root.png", "reply.png", "own.png"]
    assert [message.user for message, _ in gathered.wanted] == [anna.id, ben.id, anna.id]
    await records.take(question, (await files.fetch(gathered.wanted, tmp_path)).taken)

    again = await anna.post(channel, "and now?", thread_ts=root, mention=True)
    follow_up = last(slack, bot, channel, again, root)
    await inbox.hear(follow_up, for_us=True)
    assert (await gathering.of(follow_up)).wanted == []
    assert replies(slack) == 1


async def test_of_what_was_said_before_the_bot_joined_the_beginning_the_files_and_the_last_are_kept(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox
) -> None:
    anna, ben = slack.person("anna"), slack.person("ben")
    channel = await slack.channel("design", members=[anna, ben])
    root = await anna.post(channel, "look")
    await ben.post(channel, "at what?", thread_ts=root)
    photo = await anna.post(channel, "this", files=[("photo.png", PNG)], thread_ts=root)
    await ben.post(channel, "oh", thread_ts=root)
    latest = await ben.post(channel, "nice", thread_ts=root)
    ts = await ben.post(channel, "what is it?", thread_ts=root, mention=True)
    question = last(slack, bot, channel, ts, root)
    await inbox.hear(question, for_us=True)
    await gathering.of(question)
    said = [told["ts"] for told in slack.messages(channel, root)]
    kept = [one for one in said if await inbox.row(Key(slack.team, channel, one))]
    assert kept == [root, photo, latest, ts]


async def test_of_a_very_long_thread_the_beginning_is_looked_through_and_the_rest_is_said(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(module, "PAGES", 2)
    root = await posted(slack, bot, ("first.png", PNG))
    anna = slack.person("anna")
    for number in range(8):
        await anna.post(root.channel, f"{number}", thread_ts=root.ts)
    await anna.post(root.channel, "late", files=[("late.png", PNG)], thread_ts=root.ts)
    ts = await anna.post(root.channel, "which?", files=[("own.png", PNG)], thread_ts=root.ts, mention=True)
    question = last(slack, bot, root.channel, ts, root.ts)
    await inbox.hear(question, for_us=True)
    gathered = await gathering.of(question)
    assert [file["name"] for _, file in gathered.wanted] == ["first.png", "own.png"]
    assert gathered.problems == [messages.TOO_LONG]
    assert replies(slack) == 3
    assert (await gathering.of(question)).problems == []


async def test_a_mention_whose_files_are_missing_is_completed(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox
) -> None:
    whole = await posted(slack, bot, ("a.png", PNG), text=f"<@{bot.user}> what is this?")
    poor = whole.model_copy(update={"files": (), "complete": False})
    await inbox.hear(poor, for_us=True)
    gathered = await gathering.of(poor)
    assert gathered.question.complete
    assert [file["name"] for _, file in gathered.wanted] == ["a.png"]


async def test_of_very_many_earlier_files_the_latest_are_taken_and_the_rest_is_said(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox
) -> None:
    root = await posted(slack, bot, *((f"{n}.png", PNG) for n in range(EARLIER + 5)))
    ts = await slack.person("anna").post(root.channel, "which?", thread_ts=root.ts, mention=True)
    question = last(slack, bot, root.channel, ts, root.ts)
    await inbox.hear(question, for_us=True)
    gathered = await gathering.of(question)
    assert [file["name"] for _, file in gathered.wanted] == [f"{n}.png" for n in range(5, EARLIER + 5)]
    assert f"{EARLIER + 5} earlier files" in gathered.problems[0]


async def test_a_thread_slack_does_not_tell_of_is_said(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox
) -> None:
    root = await posted(slack, bot, ("a.png", PNG))
    ts = await slack.person("anna").post(root.channel, "which?", thread_ts=root.ts, mention=True)
    question = last(slack, bot, root.channel, ts, root.ts)
    await inbox.hear(question, for_us=True)
    slack.faults.fail("conversations.replies", status=200, error="missing_scope")
    gathered = await gathering.of(question)
    assert "did not tell me what was posted earlier" in gathered.problems[0]


async def linked(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox, *, asker: str, private: bool = True
) -> tuple[list[str], list[str]]:
    """Names of the files `asker` gets, and the problems, who links to a file of anna's in a channel of anna and ben, in
    another that they read with the asker, or that all may read."""
    anna, ben, who = slack.person("anna"), slack.person("ben"), slack.person(asker)
    there = await slack.channel("private-plans", members=[anna, ben], private=True)
    here = await slack.channel("general", members=[anna, ben, who], private=private)
    ts = await anna.post(there, "", files=[("plan.png", PNG)])
    link = last(slack, bot, there, ts).files[0]["permalink"]
    asked = await who.post(here, f"what is in <{link}>, and <https://evil.invalid/files/U1/F1/x.png>?", mention=True)
    question = last(slack, bot, here, asked)
    await inbox.hear(question, for_us=True)
    gathered = await gathering.of(question)
    return [str(file["name"]) for _, file in gathered.wanted], gathered.problems


@pytest.mark.parametrize("asker", ["anna", "ben"])
async def test_a_linked_file_opens_for_those_it_is_shared_with(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox, asker: str
) -> None:
    assert await linked(slack, bot, gathering, inbox, asker=asker) == (["plan.png"], [])


async def test_a_linked_file_does_not_open_for_others(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox
) -> None:
    names, problems = await linked(slack, bot, gathering, inbox, asker="carl")
    assert names == []
    assert "not shared in a channel that you and all who read this may see" in problems[0]


@pytest.mark.parametrize(("asker", "opened"), [("anna", ["plan.png"]), ("ben", [])])
async def test_where_others_read_a_linked_file_opens_only_for_whose_it_is(
    slack: LocalSlack, bot: Identity, gathering: Gathering, inbox: Inbox, asker: str, opened: list[str]
) -> None:
    names, problems = await linked(slack, bot, gathering, inbox, asker=asker, private=False)
    assert names == opened
    assert bool(problems) == (asker == "ben")
