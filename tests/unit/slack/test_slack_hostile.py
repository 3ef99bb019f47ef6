"""What hostile texts, names and addresses come to before anything is sent: pure parts, one at a time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.slack.events import Identity, Message
from bot.slack.payloads import read_event, read_message, trimmed
from bot.slack.replying.grids import Grid, as_csv
from bot.slack.replying.replies import sentence
from bot.slack.words import keepable, one_line
from graphs.constraints import open_gate
from graphs.local_planner.language.phrases import written_out
from tools.kit import Gate

BOT = Identity("T1", "UBOT", "BBOT")
RULES = "banned_brands: {brands: [{name: Acme}]}"
UNKEPT = "\x00\ud800\udfff"


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return open_gate(tmp_path / "rules.yaml")


def heard(**event: object) -> Message:
    body = {"team_id": "T1", "event": {"type": "message", "channel": "C1", "ts": "1.0", "user": "U1", **event}}
    found = read_event(body, BOT)
    assert isinstance(found, Message)
    return found


def test_what_no_database_keeps_is_left_out_of_a_message() -> None:
    file = {"id": f"F1{UNKEPT}", "name": f"a{UNKEPT}.png", "title": UNKEPT, "size": 3}
    message = heard(text=f"what{UNKEPT} is this?", files=[file], user_team=f"T1{UNKEPT}")
    assert message.text == "what is this?"
    assert message.files == ({"id": "F1", "name": "a.png", "title": "", "size": 3},)
    assert message.user_team == "T1"


SAID = {
    "type": "message",
    "subtype": "file_share",
    "channel": "C1",
    "channel_type": "channel",
    "ts": "1.0",
    "thread_ts": "1.0",
    "user": "U1",
    "user_team": "T1",
    "bot_id": "B1",
    "text": "hi <@UBOT>",
    "edited": {"ts": "2.0"},
    "files": [{"id": "F1", "name": "a.png", "size": 3}],
}
CHANGED = {"type": "message", "channel": "C1", "message": SAID, "previous_message": SAID}
EVENTS: list[dict[str, Any]] = [
    SAID,
    {**SAID, "type": "app_mention"},
    {**CHANGED, "subtype": "message_changed"},
    {**CHANGED, "subtype": "message_deleted", "deleted_ts": "1.0"},
    {"type": "channel_rename", "channel": {"id": "C1", "name": "design"}},
    {"type": "channel_deleted", "channel": "C1"},
    {"type": "user_change", "user": {"id": "U1", "name": "anna", "profile": {"display_name": "Anna"}}},
    {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}},
]
ODD: tuple[Any, ...] = (None, "", 0, 10**30, 1.5, True, [], {}, [[]], ["a"], {"a": {"b": 1}}, UNKEPT)


def odd(value: Any, chance: Random, often: float) -> Any:
    """The value with other values and gaps somewhere in it; what kind of event it is stays."""
    if chance.random() < often:
        return chance.choice(ODD)
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if name == "type" or chance.random() > often / 3}
        return {name: inner if name == "type" else odd(inner, chance, often) for name, inner in kept.items()}
    return [odd(inner, chance, often) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.get("subtype") or event["type"])
def test_an_event_of_any_shape_is_read_or_passed_over(event: dict[str, Any]) -> None:
    chance = Random(6)
    for _ in range(500):
        made = {**event, **{name: odd(value, chance, 0.15) for name, value in event.items() if name != "type"}}
        with suppress(ValueError):  # it is acknowledged, and said not to be as Slack's are
            read_event({"event": made}, BOT)
        read_message(made, BOT, "C1")


def test_what_files_info_tells_is_kept_without_it_too() -> None:
    assert trimmed({"id": "F1", "name": f"a{UNKEPT}"}) == {"id": "F1", "name": "a"}


def test_whole_characters_outside_the_first_plane_stay() -> None:
    assert keepable({"text": ["\N{GRINNING FACE}", None, 3]}) == {"text": ["\N{GRINNING FACE}", None, 3]}


def test_a_name_of_halves_of_characters_is_none() -> None:
    assert one_line(UNKEPT) == ""


@pytest.mark.parametrize("text", ["Ac\x1b[31mme", "Ac\x1b]8;;x\x07me", "A\u202ecme", "A\x00cme"])
def test_escapes_that_are_taken_out_later_hide_no_brand(gate: Gate, text: str) -> None:
    reply = sentence(f"{text} cannot be read.", gate)
    assert "Acme" not in f"{reply.text} {reply.blocks}"


@pytest.mark.parametrize(
    "cell", ["=1+1", "\n=1+1", " =1+1", "\u200b=1+1", "\u00a0@SUM(1)", "＝1+1", "\ufeff+cmd|' /C'!A0"]
)
def test_no_cell_of_a_csv_is_a_formula(cell: str) -> None:
    written = as_csv([Grid("fields", ("value",), ((cell,),))]).decode("utf-8-sig")
    assert f"'{cell}" in written


@pytest.mark.parametrize("cell", ["-4.20", "+1", "12%", "a=b"])
def test_numbers_and_words_of_a_csv_stay_as_they_are(cell: str) -> None:
    assert "'" not in as_csv([Grid("fields", ("value",), ((cell,),))]).decode()


@pytest.mark.parametrize("filling", [" ", "\n", "<", "<@", ", ", "&lt;"])
def test_a_message_of_nothing_but_filling_is_read_like_any_other(filling: str) -> None:
    """Time that grows with the square of the length would show as a test that does not end."""
    message = heard(text=f"<@UBOT> what{filling * (400_000 // len(filling))}is this?", user="U1")
    assert message.for_planner(BOT).startswith("what")


@pytest.mark.parametrize("filling", [",", ", ", " ,"])
def test_a_question_of_nothing_but_commas_is_planned_like_any_other(filling: str) -> None:
    assert written_out(f"what{filling * 100_000}btw").startswith("what")
