"""Threads that are very long, and links that are none, too many or somebody else's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

import pytest

from bot.local_slack import LocalSlack
from bot.slack.addressing import Answers
from bot.slack.events import Identity, Message
from bot.slack.fetching import gathering
from bot.slack.fetching.downloads import Downloads
from bot.slack.fetching.files import Files
from bot.slack.fetching.gathering import Gathered, Gathering
from bot.slack.fetching.links import LINKS
from bot.slack.payloads import read_message
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from bot.slack.web import open_web

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass(frozen=True)
class Place:
    """A channel of Anna's, and how the files of what she asks there are found."""

    slack: LocalSlack
    bot: Identity
    inbox: Inbox
    gathering: Gathering
    channel: str

    def heard(self, ts: str, thread: str | None = None) -> Message:
        told = next(one for one in self.slack.messages(self.channel, thread) if one["ts"] == ts)
        message = read_message(told, self.bot, self.channel)
        assert message
        return message

    async def of(self, question: Message) -> Gathered:
        await self.inbox.hear(question, for_us=True)
        return await self.gathering.of(question)

    async def asked(self, text: str) -> Gathered:
        return await self.of(self.heard(await self.slack.person("anna").post(self.channel, text, mention=True)))

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.slack.calls)


async def nobodys(channel: str, user: str, places: Collection[str]) -> bool:
    """No file from elsewhere may be shown."""
    return False


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    async with LocalSlack() as slack, open_web(slack.bot_token, api_url=slack.api_url) as web:
        bot, inbox = Identity(slack.team, slack.bot_user, slack.bot_id), Inbox(database)
        downloads = Downloads(web.session, slack.bot_token, slack.api_url, most_bytes=1_000_000)
        preferences = Preferences(database, Answers.ALWAYS)
        finding = Gathering(
            *(web, Files(web, downloads), downloads, inbox, Records(database, inbox, bot), bot, preferences), nobodys
        )
        yield Place(slack, bot, inbox, finding, await slack.channel("design", [slack.person("anna")]))


async def test_of_a_thread_of_many_pages_the_last_are_read_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PAGE", 3)
    anna = place.slack.person("anna")
    root = await anna.post(place.channel, "look", files=[("0.png", PNG)])
    for number in range(1, 8):
        await anna.post(place.channel, "and", files=[(f"{number}.png", PNG)], thread_ts=root)
    ts = await anna.post(place.channel, "which?", files=[("own.png", PNG)], thread_ts=root, mention=True)
    poor = place.heard(ts, root).model_copy(update={"files": (), "complete": False})
    found = await place.of(poor)
    assert [file["name"] for _, file in found.wanted] == [*(f"{number}.png" for number in range(8)), "own.png"]
    assert found.problems == []


@pytest.mark.parametrize(
    "link",
    [
        "https://[x/files/U0A/F0A/a.png",
        "https://slack.com:99999/files/U0A/F0A/a.png",
        "https://slack.com:x/files/U0A/F0A/a.png",
        "https://slack.com.evil.invalid/files/U0A/F0A/a.png",
        "https://evilslack.com/files/U0A/F0A/a.png",
        "https://slack.com@evil.invalid/files/U0A/F0A/a.png",
        "https://somebody@slack.com/files/U0A/F0A/a.png",
        "https://slack.com:8443/files/U0A/F0A/a.png",
        "http://slack.com/files/U0A/F0A/a.png",
        "https://slack.com\\@evil.invalid/files/U0A/F0A/a.png",
        "https://xn--/files/U0A/F0A/a.png",
        f"https://{'a' * 300}.com/",
    ],
)
async def test_a_link_that_is_not_slacks_is_only_text(place: Place, link: str) -> None:
    found = await place.asked(f"what is <{link}>?")
    assert (found.wanted, found.problems) == ([], [])
    assert place.calls("files.info") == 0


async def test_of_very_many_links_the_first_are_looked_at_and_the_rest_is_said(place: Place) -> None:
    links = " ".join(f"<https://slack.com/files/U0A/F0{number:04}/a.png>" for number in range(500))
    found = await place.asked(links)
    assert place.calls("files.info") == LINKS
    assert "links to 500 files" in found.problems[0]
