"""/spyglass, as people type it and as its buttons are pressed, over a real Bolt app and the local Slack."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from functools import partial
from typing import Any

import pytest

from bot.ledger.calls import Calls
from bot.ledger.lazily import Tables
from bot.local_slack import Person as Somebody
from bot.local_slack.block_kit import validate
from bot.local_slack.records.state import Role
from bot.slack import messages
from bot.slack.addressing import Answers
from bot.slack.archiving.history.backfills import Backfills, Page
from bot.slack.archiving.telling.announcements import Announcements
from bot.slack.events import Key, Message
from bot.slack.listening.access import Rules
from bot.slack.storage.forgetting import Whose
from bot.slack.storage.tables import Database
from bot.slack.surface import sentences
from bot.slack.surface.forget import ERASE, KEEP
from tests.unit.slack.slack_edge import Edge, Memory, open_edge
from tools.kit.models import Account, Entry
from tools.kit.models import Usage as ModelUsage


class Desk:
    """A channel with people in it, and what they read there."""

    def __init__(self, edge: Edge) -> None:
        self.edge, self.slack, self.channel = edge, edge.slack, ""
        self.inbox, self.preferences = edge.inbox, edge.preferences
        roles: tuple[Role, ...] = ("member", "admin", "guest")
        self.people = {str(role): edge.slack.person(role, role=role) for role in roles}

    async def type(self, who: str, words: str, channel: str = "") -> dict[str, Any]:
        """The ephemeral answer."""
        return await self._new(self.people[who].slash("/spyglass", words, channel or self.channel), channel)

    async def press(self, who: str, shown: dict[str, Any], action: str, value: str | None = None) -> str:
        """What stands in place of the question then."""
        before = shown["text"]
        await self.people[who].press(self.channel, shown["ts"], action, value)
        await self.slack.until(lambda: self._shown(shown["ts"]) != before)
        return self._shown(shown["ts"])

    async def _new(self, doing: Awaitable[object], channel: str) -> dict[str, Any]:
        place = channel or self.channel
        before = len(self.slack.ephemerals(place))
        await doing
        await self.slack.until(lambda: len(self.slack.ephemerals(place)) > before)
        return self.slack.ephemerals(place)[-1]

    def _shown(self, ts: str) -> str:
        return next(str(one["text"]) for one in self.slack.ephemerals(self.channel) if one["ts"] == ts)

    async def said(self, who: str, ts: str, thread_ts: str = "") -> None:
        place = {"team": self.slack.team, "channel": self.channel, "ts": ts, "thread_ts": thread_ts or ts}
        await self.inbox.hear(Message(**place, user=self.people[who].id, text="hello"), for_us=True)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    async with open_edge(database) as edge:
        here = Desk(edge)
        here.channel = await edge.slack.channel("design", members=list(here.people.values()))
        yield here


@pytest.fixture
def memory(desk: Desk) -> Memory:
    return desk.edge.memory


# --- help and settings ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "help", " HELP "])
async def test_help_is_there_when_it_is_asked_for(desk: Desk, words: str) -> None:
    assert (await desk.type("member", words))["text"] == messages.HELP


async def test_what_is_no_command_gets_the_way_out(desk: Desk) -> None:
    shown = await desk.type("member", "destroy `<!channel>` & run")
    assert "I do not know" in shown["text"]
    assert "`/spyglass help`" in shown["text"]
    assert "<!channel>" not in shown["text"]


async def test_settings_are_told_in_words_where_no_form_opens(desk: Desk) -> None:
    desk.slack.faults.fail("views.open", times=2, status=200, error="expired_trigger_id")
    assert (
        "In this channel I answer when I am mentioned, and follow-up" in (await desk.type("guest", "settings"))["text"]
    )
    shown = await desk.type("member", "settings threads mentions")
    assert "From now on, in this channel I answer only when I am mentioned" in shown["text"]
    again = await desk.type("guest", "Settings")
    assert f"chosen by <@{desk.people['member'].id}>" in again["text"]
    assert (await desk.preferences.of(desk.slack.team, desk.channel)).answers is Answers.MENTIONS


async def test_a_backfill_says_where_it_tells_how_far_it_is_and_once_begun_how_far(desk: Desk) -> None:
    await desk.type("member", "archive on")
    begun = await desk.type("member", "archive backfill")
    assert begun["text"].endswith("The thread of what I said about the archive tells how far I am.")
    announcements, backfills = Announcements(desk.edge.db), Backfills(desk.edge.db)
    announced = await announcements.next()
    assert announced
    await announcements.said(announced, "1700000000.000100")
    one = await backfills.of(desk.slack.team, desk.channel)
    assert one
    await backfills.keep(one, Page("1600000000.000000", 1, []))
    again = await desk.type("member", "archive backfill")
    link = f"{desk.slack.url.rstrip('/')}/archives/{desk.channel}/p1700000000000100"
    where = f"<{link}|The thread of what I said about the archive> tells how far I am."
    told = f"I am looking through this channel's history already: 1 message, 0 images and PDFs so far. {where}"
    assert again["text"] == told
    assert told in (await desk.type("member", "archive"))["text"]
    await backfills.over(one, "done")
    assert "history" not in (await desk.type("member", "archive"))["text"]


@pytest.mark.parametrize("words", ["settings", "settings threads off"])
async def test_who_is_not_in_the_channel_sees_and_sets_nothing(desk: Desk, words: str) -> None:
    stranger = desk.slack.person("stranger")
    command = {"text": words, "channel_id": desk.channel, "user_id": stranger.id}
    said = await desk.edge.commands.answer(command)
    assert said
    assert said.text == sentences.NOT_OURS
    assert (await desk.preferences.of(desk.slack.team, desk.channel)).answers is Answers.ALWAYS


async def test_a_search_that_opens_no_form_is_told_so(desk: Desk) -> None:
    assert (await desk.type("member", "search red bicycles"))["text"] == sentences.TRIGGER_LATE


async def test_guests_do_not_change_settings(desk: Desk) -> None:
    assert (await desk.type("guest", "settings threads off"))["text"] == messages.NO_SETTINGS_BY_GUESTS
    assert (await desk.preferences.of(desk.slack.team, desk.channel)).answers is Answers.ALWAYS


@pytest.mark.parametrize("words", ["settings threads", "settings threads never", "settings colour blue"])
async def test_a_setting_that_is_none_gets_the_way_out(desk: Desk, words: str) -> None:
    shown = await desk.type("member", words)
    assert "I do not know the setting" in shown["text"]
    assert "always|mentions|off" in shown["text"]


async def test_settings_are_no_matter_of_direct_messages(desk: Desk) -> None:
    direct = desk.people["member"].dm()
    assert (await desk.type("member", "settings threads off", direct))["text"] == messages.DIRECT


# --- forgetting -----------------------------------------------------------------------------------


async def test_a_person_is_asked_before_they_are_forgotten(desk: Desk, memory: Memory) -> None:
    await desk.said("member", "1.0")
    await desk.said("guest", "2.0")
    shown = await desk.type("member", "forget me")
    assert "Of you I remember 1 message and 1 thread. Erase it?" in shown["text"]
    row = await desk.inbox.row(Key(desk.slack.team, desk.channel, "1.0"))
    assert row
    assert not row.message.deleted
    assert await desk.press("member", shown, ERASE) == "Erased: 1 message and 1 thread. What I posted stays in Slack."
    assert [asked[0] for asked in memory.asked] == ["edit"]
    row = await desk.inbox.row(Key(desk.slack.team, desk.channel, "2.0"))
    assert row
    assert row.message.text == "hello"


async def test_who_thinks_better_of_it_loses_nothing(desk: Desk, memory: Memory) -> None:
    await desk.said("member", "1.0")
    shown = await desk.type("member", "forget me")
    assert await desk.press("member", shown, KEEP) == messages.KEPT
    assert memory.asked == []


async def test_there_may_be_nothing_to_forget(desk: Desk) -> None:
    assert (await desk.type("member", "forget me"))["text"] == messages.NOTHING_TO_FORGET


async def test_a_channel_is_forgotten_for_admins_only(desk: Desk, memory: Memory) -> None:
    await desk.said("member", "1.0")
    assert (await desk.type("member", "forget channel"))["text"] == messages.ONLY_ADMINS
    shown = await desk.type("admin", "forget channel")
    assert "Of this channel I remember 1 message" in shown["text"]
    assert "Erased: 1 message" in await desk.press("admin", shown, ERASE)
    assert memory.asked == [("thread", f"{desk.slack.team}:{desk.channel}:1.0")]


async def test_a_thread_is_forgotten_for_who_began_it(desk: Desk, memory: Memory) -> None:
    await desk.said("member", "1700000000.000100")
    await desk.said("guest", "1700000005.000200", "1700000000.000100")
    link = f"https://x.slack.com/archives/{desk.channel}/p1700000000000100"
    reply = f"<https://x.slack.com/archives/{desk.channel}/p1700000005000200?thread_ts=1700000000.000100&amp;cid=C1>"
    assert (await desk.type("guest", f"forget thread {link}"))["text"] == messages.ONLY_THE_FIRST
    assert (await desk.type("member", "forget thread"))["text"] == messages.WHICH_THREAD
    assert (await desk.type("member", "forget thread yesterday"))["text"] == messages.WHICH_THREAD
    shown = await desk.type("member", f"forget thread {reply}")
    assert "Of that thread I remember 2 messages and 1 thread" in shown["text"]
    assert "Erased: 2 messages" in await desk.press("member", shown, ERASE)
    assert memory.asked == [("thread", f"{desk.slack.team}:{desk.channel}:1700000000.000100")]


@pytest.mark.parametrize("words", ["forget", "forget everything", "forget me now"])
async def test_what_to_forget_has_to_be_said(desk: Desk, words: str) -> None:
    assert (await desk.type("member", words))["text"] == messages.HOW_TO_FORGET


async def test_rights_are_looked_at_again_when_the_button_is_pressed(desk: Desk) -> None:
    await desk.said("guest", "1.0")
    whose = {"user": desk.people["guest"].id, "channel": "", "thread_ts": ""}

    async def pressed(who: Somebody, value: str) -> str:
        action = {"action_id": ERASE, "value": value}
        return (await desk.edge.commands.forget.press({"actions": [action], "user": {"id": who.id}})).text

    member, guest = desk.people["member"], desk.people["guest"]
    by_member = json.dumps({"what": "me", "by": member.id, "whose": whose})
    assert await pressed(member, by_member) == messages.ONLY_ADMINS
    assert await pressed(guest, by_member) == messages.STALE
    for broken in ("", "[]", '{"what": "me"}', json.dumps({"what": "me", "by": guest.id, "whose": {"x": 1}})):
        assert await pressed(guest, broken) == messages.STALE
    assert await desk.edge.forgetting.count(Whose(desk.slack.team, user=guest.id))


# --- who and what is kept out ---------------------------------------------------------------------


async def test_who_is_not_answered_changes_no_settings(database: Database) -> None:
    async with open_edge(database, rules=Rules(allow_users=frozenset({"U0SOMEBODY"}))) as edge:
        desk = Desk(edge)
        desk.channel = await edge.slack.channel("design", members=list(desk.people.values()))
        assert (await desk.type("member", "settings threads off"))["text"] == messages.REFUSED["user"]
        assert (await desk.preferences.of(desk.slack.team, desk.channel)).answers is Answers.ALWAYS


# --- usage --------------------------------------------------------------------------------------


def texts(shown: dict[str, Any]) -> str:
    """All words of its blocks, the bars as well."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            found.extend([value["text"]] if isinstance(value.get("text"), str) else [])
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                walk(each)

    walk(shown["blocks"])
    return "\n".join(found).replace("\u2060", "")  # keeps Slack from reading an emoji


async def used(desk: Desk, who: str, cost: float | None, *, tool: str = "look", channel: str = "C1") -> None:
    tables = Tables(partial(_url_of, desk))
    ledger = Calls(tables)
    whose = Account(desk.slack.team, channel, desk.people[who].id, "1", tool)
    usage = ModelUsage(input=2000, cached=500, output=100, images=1, calls=1)
    await ledger.note(whose, Entry(model="anthropic:claude-haiku-4-5", purpose="look", usage=usage, cost=cost))
    await ledger.close()
    await tables.close()


async def _url_of(desk: Desk) -> str:
    return desk.edge.db.url


async def test_somebody_sees_what_models_took_for_them_alone(desk: Desk) -> None:
    await used(desk, "member", 0.25)
    await used(desk, "admin", 7.0, tool="describe")
    shown = await desk.type("member", "usage")
    assert shown["text"].startswith("In the last 30 days, for you: $0.25 for 1 call of models")
    assert validate(shown["blocks"], surface="message") == []
    said = texts(shown)
    assert "looking with the vision model" in said
    assert "anthropic:claude-haiku-4-5" in said
    assert "█" in said
    assert "$7" not in said
    assert "describing" not in said
    assert desk.people["admin"].id not in said


@pytest.mark.parametrize("days", ["0", "-1", "367", "1e3", "9" * 5_000, "7 8"])
async def test_for_how_many_days_is_asked_again_where_it_is_no_number_of_days(desk: Desk, days: str) -> None:
    assert "How many days shall I look at?" in (await desk.type("member", f"usage {days}"))["text"]


async def test_admins_see_everybodys_by_person_channel_tool_and_model(desk: Desk) -> None:
    await used(desk, "member", 0.25)
    await used(desk, "admin", 7.0, channel="D1")
    await used(desk, "guest", None, channel="D2")
    said = texts(await desk.type("admin", "usage 7"))
    assert "In the last 7 days, for everybody here: $7.25 + ? for 3 calls" in said
    assert "The price of 1 call is not known" in said
    for who in ("member", "admin", "guest"):
        assert f"<@{desk.people[who].id}>" in said
    assert "<#C1>" in said
    assert said.count("direct messages") == 1
    assert "D1" not in said


async def test_whose_usage_was_forgotten_is_not_named(desk: Desk) -> None:
    await used(desk, "member", 0.25, channel="D1")
    await desk.said("member", "1.0")
    asked = await desk.type("member", "forget me")
    await desk.press("member", asked, ERASE, asked["blocks"][1]["elements"][0]["value"])
    said = texts(await desk.type("admin", "usage"))
    assert "$0.25 for 1 call" in said
    assert "forgotten, or not known" in said
    assert desk.people["member"].id not in said


async def test_a_forgotten_channel_is_not_named_in_usage(desk: Desk) -> None:
    await used(desk, "member", 0.25, channel=desk.channel)
    await desk.said("member", "1.0")
    asked = await desk.type("admin", "forget channel")
    await desk.press("admin", asked, ERASE, asked["blocks"][1]["elements"][0]["value"])
    said = texts(await desk.type("admin", "usage"))
    assert f"<@{desk.people['member'].id}>" in said
    assert desk.channel not in said


async def test_no_usage_is_said_to_be_none(desk: Desk) -> None:
    assert (await desk.type("member", "usage 1"))["text"] == "Today (UTC) no model was asked anything for you."
    assert (await desk.type("admin", "usage"))["text"] == "In the last 30 days nobody here had a model asked anything."


@pytest.mark.parametrize("words", ["usage 0", "usage 367", "usage week", "usage 7 8", "usage ²"])
async def test_odd_numbers_of_days_are_asked_for_again(desk: Desk, words: str) -> None:
    assert (await desk.type("member", words))["text"].startswith("How many days shall I look at?")
