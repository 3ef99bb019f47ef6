"""Alt text as a row: written, put to the rules, and withheld without a word of what broke one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from graphs.alt_texts import COLUMNS, LONGEST, ByTools, counted, named, unread, written
from tests.fakes import WordGate
from tools.kit import CannotDo, Evidence, ImageRef, Spoken
from tools.kit.types import Json

GATE = WordGate("Acme")
DESCRIBED: dict[str, Json] = {"alt_text": "A red square.", "caption": "A red square.", "keywords": ["red", "square"]}


@dataclass
class Tools:
    """`describe` finds these facts; a vision model, where there is one, says this."""

    facts: Mapping[str, Json] | Spoken
    seen: str | None = None
    asked: list[str] = field(default_factory=list)

    def names(self) -> list[str]:
        return ["describe", "look"]

    def seconds(self) -> float:
        return 60.0

    async def use(self, name: str, arguments: Mapping[str, Json]) -> Evidence:
        if name == "describe":
            if isinstance(self.facts, Spoken):
                raise self.facts
            return Evidence(said="", facts=dict(self.facts))
        self.asked.append(arguments["question"])
        if self.seen is None:
            raise CannotDo("No vision model is configured.")
        return Evidence(said="", facts={"seen": self.seen, "model": "m-1"}, source="model")


def ref(name: str = "red.png", **more: Any) -> ImageRef:
    about: dict[str, Any] = {"handle": "image 3", "sha256": "ab" * 32, "mime": "image/png", "width": 9, "height": 9}
    return ImageRef(**{**about, "name": name, **more})


async def test_without_a_vision_model_a_row_says_what_was_measured() -> None:
    row = await written(ref(), ByTools(Tools(DESCRIBED)), GATE, link="https://w.slack.com/files/U1/F1/red.png")
    assert (row.status, row.alt_text, row.keywords, row.reason) == ("done", "A red square.", "red, square", "")
    assert (row.file, row.image, row.sha256) == ("red.png", "image 3", "ab" * 32)
    assert row.link.endswith("/F1/red.png")
    assert row.measured_by.startswith("measured")


async def test_what_a_vision_model_sees_goes_before_what_was_measured() -> None:
    row = await written(ref(), ByTools(Tools(DESCRIBED, seen='"A cat asleep\non a red mat."')), GATE)
    assert (row.alt_text, row.caption) == ("A cat asleep on a red mat.", "A red square.")
    assert "m-1" in row.measured_by


async def test_a_vision_model_is_told_the_language() -> None:
    tools = Tools(DESCRIBED, seen="Ein rotes Quadrat.")
    await written(ref(), ByTools(tools, language="de-AT"), GATE)
    await written(ref(), ByTools(tools, language="!"), GATE)
    assert [asked.endswith("Write it in German.") for asked in tools.asked] == [True, False]


async def test_a_model_that_breaks_a_rule_gives_way_to_what_was_measured() -> None:
    row = await written(ref(), ByTools(Tools(DESCRIBED, seen="An Acme drill.")), GATE)
    assert (row.status, row.alt_text) == ("done", "A red square.")
    assert row.measured_by.startswith("measured")


@pytest.mark.parametrize("field", ["alt_text", "caption", "keywords"])
async def test_a_row_that_breaks_a_rule_says_which_and_nothing_else(field: str) -> None:
    spoiled = {**DESCRIBED, field: ["acme"] if field == "keywords" else "An acme drill."}
    row = await written(ref(), ByTools(Tools(spoiled, seen="ACME!")), GATE)
    assert (row.status, row.alt_text, row.caption, row.keywords) == ("withheld", "", "", "")
    assert row.reason == "withheld by the rule banned_brands"
    assert "acme" not in row.model_dump_json().lower()


async def test_a_name_that_breaks_a_rule_is_hidden_also_in_the_address() -> None:
    link = "https://w.slack.com/files/U1/F1/Acme.png"
    row = await written(ref("Acme.png"), ByTools(Tools(DESCRIBED)), GATE, link=link)
    assert (row.status, row.file, row.link) == ("done", "▇▇▇.png", "https://w.slack.com/files/U1/F1/")
    assert row.reason == "its file name is withheld by the rule banned_brands"


async def test_a_long_alt_text_ends_with_a_word_that_fits() -> None:
    row = await written(ref(), ByTools(Tools(DESCRIBED, seen="word " * 60)), GATE)
    assert row.alt_text.endswith("word…")
    assert LONGEST - len(" word") <= len(row.alt_text) <= LONGEST


async def test_a_model_that_says_one_endless_word_gives_way_to_what_was_measured() -> None:
    row = await written(ref(), ByTools(Tools(DESCRIBED, seen="w" * 300)), GATE)
    assert row.alt_text == "A red square."


async def test_an_image_that_no_tool_can_look_at_is_unreadable_with_the_reason() -> None:
    row = await written(ref(), ByTools(Tools(CannotDo("Reading Acme took too long."))), WordGate("Acme"))
    assert (row.status, row.alt_text, row.reason) == ("unreadable", "", "Reading ▇▇▇ took too long.")


def test_a_file_without_an_image_has_a_row_with_its_reason() -> None:
    row = unread("notes.txt", "notes.txt is a text file.", GATE)
    assert (row.file, row.status, row.reason) == ("notes.txt", "unreadable", "notes.txt is a text file.")


def test_names_stay_on_one_line_and_rule_no_terminal() -> None:
    assert named("a\n\x1b[2Jb\x00.png", GATE).file == "a [2Jb.png"


def test_rows_are_counted_by_how_they_ended() -> None:
    rows = [unread("a", "", GATE), unread("b", "", GATE, status="deleted"), unread("c", "", GATE)]
    assert counted(rows) == {"unreadable": 2, "deleted": 1}


def test_the_table_has_what_was_asked_for() -> None:
    asked = {"file", "link", "image", "alt_text", "caption", "keywords", "status", "reason", "measured_by"}
    assert asked <= set(COLUMNS)
