"""Everything displayed is clean: a name that the rules ban, or that would rule the terminal, gets out nowhere."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.edge import plain
from tests.scenario.conftest import Ran, Terminal

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BANNED = "acme anvil"
RULING = "red\x1b[31m\x1b]0;owned\x07\x9b2J\nrose"


@dataclass(frozen=True)
class Case:
    """A folder with files of one name: a small picture, a broken one and a batch."""

    folder: Path
    name: str

    @property
    def picture(self) -> str:
        return str(self.folder / f"{self.name}.png")

    def lay_out(self) -> None:
        Image.new("RGB", (520, 520), (30, 120, 60)).save(self.picture)
        (self.folder / f"{self.name} broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
        rows: list[dict[str, Any]] = [
            {"images": [self.picture], "question": "Is it a cat or a dog?", "thread": self.name}
        ]
        rows += [{"images": [f"no {self.name}.jpg"], "question": "What?"}, {"question": 7, "thread": self.name}]
        (self.folder / "batch.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nnot JSON")


def surface(name: str, spyglass: Terminal, case: Case, rules: str) -> Ran:
    """What one way of using Spyglass shows of the files of a case."""
    batch, gone = str(case.folder / "batch.jsonl"), f"no {case.name}"
    arguments, stdin = {
        "ask": (["ask", case.picture, "-q", "Describe it", "--thread", case.name], None),
        "ask json": (["ask", case.picture, "-q", "Describe it", "--thread", case.name, "--json"], None),
        "ask broken": (["ask", f"{case.picture[:-4]} broken.jpg", "-q", "Describe it"], None),
        "batch": (["ask", "--batch", batch], None),
        "batch json": (["ask", "--batch", batch, "--json"], None),
        "tool": (["tool", "describe", case.picture], None),
        "tool json": (["tool", "classify", case.picture, "--labels", f"{case.name},dog", "--json"], None),
        "index": (["index", str(case.folder)], None),
        "index json": (["index", str(case.folder), "--json"], None),
        "search": (["search", case.name], None),
        "search json": (["search", case.name, "--json"], None),
        "chat": (["chat", case.picture, "--thread", case.name], f"what is it?\n/images\n{case.name}.jpg\n"),
        "check": (["check", f"Buy {case.name}", "--json"], None),
        "no file": (["ask", gone, "-q", "hi"], None),
        "no batch": (["search", "--batch", gone], None),
        "no rules": (["check", "x", "--rules", gone], None),
        "no command": (["tool", gone], None),
        "no option": (["search", f"--{case.name}"], None),
    }[name]
    return spyglass(*arguments, stdin=stdin, rules=rules)


SURFACES = [
    *("ask", "ask json", "ask broken", "batch", "batch json", "tool", "tool json", "index", "index json"),
    *("search", "search json", "chat", "check", "no file", "no batch", "no rules", "no command", "no option"),
]
SILENT = {"ask", "tool", "check"}
"""What does not show names at all for these files."""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("rules") / "rules.yaml"
    file.write_text("banned_brands:\n  brands:\n    - name: Acme\n")
    return str(file)


def laid_out(folder: Path, name: str, spyglass: Terminal, surface: str) -> Case:
    case = Case(folder, name)
    case.lay_out()
    if surface.startswith("search"):
        spyglass("index", folder)
    return case


@pytest.mark.parametrize("name", SURFACES)
def test_a_banned_brand_in_a_name_gets_out_nowhere(spyglass: Terminal, tmp_path: Path, rules: str, name: str) -> None:
    ran = surface(name, spyglass, laid_out(tmp_path, BANNED, spyglass, name), rules)
    assert "acme" not in (ran.out + ran.err).lower()
    assert name in SILENT or "▇▇▇" in ran.out + ran.err
    assert "json" not in name or ran.lines


@pytest.mark.parametrize("name", SURFACES)
def test_a_name_that_would_rule_the_terminal_is_shown_as_plain_text(
    spyglass: Terminal, tmp_path: Path, name: str
) -> None:
    ran = surface(name, spyglass, laid_out(tmp_path, RULING, spyglass, name), "")
    assert CONTROLS.search((ran.out + ran.err).replace("\n", "")) is None
    assert "json" not in name or ran.lines
    assert not name.startswith("no ") or len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("one\x1bctwo\rthree\x08\x00", "onetwothree"),
        ("\x9b31mA\x85B\u202eC", "ABC"),
        ("caf\udce9 \ud83d", "caf\ufffd \ufffd"),
        ("naïve – 日本 🙂 [/x]", "naïve – 日本 🙂 [/x]"),
    ],
)
def test_only_what_rules_a_terminal_is_taken_out(text: str, left: str) -> None:
    assert plain(text) == left


def test_an_escape_inside_a_banned_brand_does_not_hide_it(spyglass: Terminal, rules: str) -> None:
    ran = spyglass("ask", "ac\x1b[0mme.jpg", "-q", "hi", rules=rules)
    assert (ran.code, "acme" in ran.err.lower(), "▇▇▇" in ran.err) == (2, False, True)


def test_a_long_line_of_escapes_is_stripped_in_time() -> None:
    started = time.perf_counter()
    assert plain("\x1b[" * 100_000 + "a") == ""
    assert plain("\x1b]" + "a" * 200_000) == ""
    assert time.perf_counter() - started < 5
