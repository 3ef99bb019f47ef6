"""What hostile texts, names and addresses come to before anything is sent: pure parts, one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.slack.events import Identity, Message
from bot.slack.payloads import read_event, trimmed
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
