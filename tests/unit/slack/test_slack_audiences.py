"""What is remembered of who is where, over processes; what ids mean to whom; and what a thread forgets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from bot.directory import HERE
from bot.slack.addressing import Answers
from bot.slack.audiences.changes import EVERYTHING, PEOPLE, Changes, subjects_of
from bot.slack.audiences.directs import Directs
from bot.slack.audiences.staying import Staying
from bot.slack.directory import directory_for, zone_of
from bot.slack.people import Person, is_full
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.tables import Database
from bot.turns.reach import Reach
from graphs.forgetting import OUT_OF_SIGHT, within
from graphs.memory import sight_of
from graphs.planning import Request
from graphs.planning.summarising import summed_up
from graphs.state import ThreadState
from tests.fakes import WordGate
from tools.kit import Directory, Evidence, Scope
from tools.kit.models.failures import ProviderFailure

JOINED = {"type": "member_joined_channel", "user": "U1", "channel": "C1"}


# --- what changed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "old"),
    [
        (JOINED, {"U1", "C1"}),
        ({**JOINED, "type": "member_left_channel"}, {"U1", "C1"}),
        ({**JOINED, "user": "UBOT"}, {EVERYTHING}),
        ({"type": "channel_deleted", "channel": "C1"}, {EVERYTHING}),
        ({"type": "group_archive", "channel": "C1"}, {EVERYTHING}),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "new"}}, {EVERYTHING}),
        ({"type": "message", "subtype": "channel_convert_to_private", "channel": "C1"}, {EVERYTHING}),
        ({"type": "user_change", "user": {"id": "U1", "is_restricted": True}}, {"U1", PEOPLE}),
        ({"type": "user_change", "user": {"id": "U1", "profile": {"status_text": "away"}}}, set()),
        ({"type": "user_change", "user": "U1"}, set()),
        ({"type": "team_join", "user": {"id": "U1", "is_ultra_restricted": True}}, {"U1", PEOPLE}),
        ({"type": "message", "channel": "C1", "text": "channel_convert_to_private"}, set()),
        ({"type": "member_joined_channel"}, set()),
        ({}, set()),
    ],
)
def test_what_an_event_makes_old(event: dict[str, Any], old: set[str]) -> None:
    assert subjects_of(event, "UBOT") == old


async def test_what_one_process_hears_every_process_minds(database: Database) -> None:
    ours, theirs = Changes(database, "T1", 60.0), Changes(database, "T1", 60.0)
    before = await theirs.lately()
    await ours.note({"U1", "C1"})
    once = await theirs.lately()
    await ours.note({"C1"})
    again = await theirs.lately()
    assert before == {}
    assert set(once) == {"U1", "C1"}
    assert once["C1"] != again["C1"]
    assert once["U1"] == again["U1"]
    assert await Changes(database, "T2", 60.0).lately() == {}


async def test_whose_a_direct_conversation_is_is_kept_by_workspace(database: Database) -> None:
    await Directs(database, "T1").keep("U1", "D1")
    await Directs(database, "T1").keep("U1", "D1")
    assert await Directs(database, "T1").of("U1") == "D1"
    assert await Directs(database, "T1").of("U2") is None
    assert await Directs(database, "T2").of("U1") is None


async def test_what_stays_on_the_machine_is_known_of_many_channels_at_once(database: Database) -> None:
    preferences = Preferences(database, Answers.ALWAYS)
    before = await preferences.of("T1", "C1")
    await preferences.replace("T1", "C1", before, replace(before, local_only=True, by="U1"))
    staying = Staying(database, "T1", frozenset({"C9"}))
    assert await staying.among(["C1", "C2", "C9"]) == {"C1", "C9"}
    assert await Staying(database, "T2", frozenset()).among(["C1", "C2"]) == set()


# --- names ----------------------------------------------------------------------------------------


class Known:
    async def person(self, user: str) -> Person:
        return Person(user, "Anna", zone="Asia/Tokyo")

    async def names(self, users: Any) -> dict[str, str]:
        return dict.fromkeys(users, "Anna")


async def names(channels: Any) -> dict[str, str]:
    return {channel: f"name of {channel}" for channel in channels}


async def test_a_channel_that_is_not_shown_is_not_named() -> None:
    scope = Scope(workspace="T1", audiences=("C1", "C2"))
    directory = await directory_for("U1", scope, cast(Any, Known()), names)
    assert isinstance(directory, Directory)
    assert await directory.channels(["C1", "C3"]) == {"C1": "name of C1"}
    assert await directory.people(["U1"]) == {"U1": "Anna"}
    assert (directory.me, directory.zone) == ("U1", ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize("zone", ["", "Nowhere/At all", "../../etc/passwd", "/etc/localtime", "x" * 5_000])
def test_a_time_zone_nobody_knows_is_utc(zone: str) -> None:
    assert zone_of(zone) is UTC


async def test_at_the_terminal_nobody_has_a_name() -> None:
    assert isinstance(HERE, Directory)
    assert (HERE.me, await HERE.people(["U1"]), await HERE.channels(["C1"])) == ("", {}, {})
    assert HERE.zone.utcoffset(None) is None or HERE.zone


@pytest.mark.parametrize(
    ("user", "full"),
    [
        ({"team_id": "T1"}, True),
        ({"team_id": "T1", "is_restricted": True}, False),
        ({"team_id": "T1", "is_ultra_restricted": True}, False),
        ({"team_id": "T1", "is_bot": True}, False),
        ({"team_id": "T1", "deleted": True}, False),
        ({"team_id": "T1", "is_stranger": True}, False),
        ({"team_id": "T2"}, False),
    ],
)
def test_who_can_open_every_public_channel(user: dict[str, Any], full: bool) -> None:
    assert is_full(user, "T1") is full


# --- what a thread forgets ------------------------------------------------------------------------


def turn(number: int, answer: str, sight: tuple[str, ...] = (), *, evidence: str = "") -> list[Any]:
    asked = HumanMessage(
        f"question {number}", id=str(number), additional_kwargs={"sight": list(sight)} if sight else {}
    )
    call = {"name": "search", "args": {"query": "x"}, "id": f"call-{number}"}
    found = Evidence(said=evidence, tool="search", arguments={}).model_dump(mode="json")
    used = [AIMessage("", tool_calls=[call]), ToolMessage(evidence, tool_call_id=f"call-{number}", artifact=found)]
    return [asked, *(used if evidence else []), AIMessage(answer)]


def thread(*turns: list[Any], **more: Any) -> ThreadState:
    return cast(ThreadState, {"history": [message for each in turns for message in each], "images": [], **more})


def test_what_was_found_where_the_readers_may_not_look_is_forgotten_with_what_was_said_of_it_since() -> None:
    state = thread(
        turn(1, "It is red.", evidence="red"),
        turn(2, "Found secret.png.", ("C1", "C2"), evidence="secret.png"),
        turn(3, "As I said: secret.png."),
        turn(4, "It is blue.", evidence="blue"),
    )
    assert within(state, ["C1", "C2", "C3"]) is None
    changes = within(state, ["C1"])
    assert changes
    assert "secret" not in str(changes["history"])
    said = [message.content for message in changes["history"] if isinstance(message, AIMessage) and message.content]
    assert said == ["It is red.", OUT_OF_SIGHT, OUT_OF_SIGHT, "It is blue."]
    assert [message.content for message in changes["history"] if isinstance(message, HumanMessage)] == [
        f"question {number}" for number in (1, 2, 3, 4)
    ]
    assert within({**state, **changes}, ["C1"]) is None


def test_the_summary_goes_with_a_turn_it_draws_on() -> None:
    drawn = {"text": "secret.png was found", "turns": ["2"], "handles": [], "originals": []}
    state = thread(turn(2, "Found secret.png.", ("C2",), evidence="secret.png"), summary=drawn)
    changes = within(state, ["C1"])
    assert changes
    assert changes["summary"] is None


def test_a_summary_goes_that_draws_on_a_turn_which_left_the_history_and_what_a_model_said_since() -> None:
    found = turn(1, "Found secret.png.", ("C2",), evidence="secret.png")
    drawn = asyncio.run(summed_up(request(), [found], cast(Any, Silent())))
    assert drawn.sight == ("C2",)
    by_model = turn(2, "It is as red as secret.png.", evidence="red")
    by_model[-1].additional_kwargs["planner"] = "model"
    state = thread(by_model, turn(3, "It is blue.", evidence="blue"), summary=drawn.model_dump(mode="json"))
    assert within(state, ["C1", "C2"]) is None
    changes = within(state, ["C1"])
    assert changes
    assert changes["summary"] is None
    assert "secret" not in str(changes["history"])
    assert "It is blue." in str(changes["history"])


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        (turn(2, "As I said: secret.png."), ["C1", "C2"]),
        (turn(2, "It is blue.", evidence="blue"), []),
    ],
)
def test_an_answer_from_memory_may_be_seen_by_whom_what_it_repeats_may_be(
    latest: list[Any], expected: list[str]
) -> None:
    before = thread(turn(1, "Found secret.png.", ("C1", "C2"), evidence="secret.png"))
    ran = cast(ThreadState, {**before, "history": [*before["history"], *latest], "turn": latest[:-1]})
    noted = Reach(Scope(workspace="T1", audiences=("C1",))).noted(ran, before)
    assert sight_of(noted["history"][-len(latest) :]) == expected


def request() -> Request:
    return Request(SystemMessage(""), [], [], WordGate())


class Silent:
    """A model that does not answer."""

    async def reply(self, ask: object) -> None:
        raise ProviderFailure("It is not there.", "unreachable")


def test_an_image_of_the_archive_that_is_gone_leaves_only_its_handle() -> None:
    image = {
        "handle": "image 1",
        "sha256": "0" * 64,
        "mime": "image/png",
        "width": 1,
        "height": 1,
        "name": "secret.png",
    }
    changes = within(thread(turn(1, "image 1 says hush."), images=[{**image, "hit": "h1"}]), ["C1"], ["image 1"])
    assert changes
    assert changes["images"] == [{"handle": "image 1", "deleted": True, "hidden": True}]
    assert "hush" not in str(changes["history"])


def test_a_summary_out_of_sight_goes_together_with_an_image_that_is_gone() -> None:
    """Of which it tells as well: what was said from memory since, before the image came again, may repeat it."""
    image = {"handle": "image 1", "sha256": "0" * 64, "mime": "image/png", "width": 1, "height": 1, "name": "a.png"}
    asked = turn(2, "It is blue.", evidence="blue")
    asked[0].additional_kwargs["images"] = [image]
    told: dict[str, Any] = {"turns": ["0"], "handles": ["image 1"], "originals": [], "sight": ["C2"]}
    drawn = {"text": "secret.png was found", **told}
    state = thread(turn(1, "As I said: secret.png."), asked, images=[image], summary=drawn)
    changes = within(state, ["C1"], ["image 1"])
    assert changes
    assert changes["summary"] is None
    assert "secret" not in str(changes["history"])
