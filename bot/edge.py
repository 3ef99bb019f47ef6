"""The edge: whatever is shown, on standard output or standard error, leaves through here.

File names, papers and models are untrusted: they may hold words the rules ban, or escapes that rule a terminal.
"""

from __future__ import annotations

import json
import logging
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import click

from bot.settings import read_settings
from tools.kit.errors import Spoken

if TYPE_CHECKING:
    from tools.kit import Gate

log = logging.getLogger(__name__)

ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI (ECMA-48, 5.4): colours, cursor, clearing
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS: titles, links
    r"|\x1b[ -/]*[0-~]"
)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters except newline and tab, and those that turn the direction of writing around."""
SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters: bytes of a file name that are no UTF-8, or broken JSON. No output can encode them."""
BREAKS = re.compile("[\u2028\u2029]")
"""Line breaks to some readers of JSON lines, though not to JSON."""
UNCHECKED = "There is something to say here that could not be checked against the rules, so it is not shown."


def plain(text: str) -> str:
    """The text without terminal escapes, control characters and halves of characters; newlines and tabs stay."""
    return SURROGATES.sub("\ufffd", CONTROLS.sub("", ESCAPES.sub("", text)))


def shown(text: str) -> str:
    """The text as it may be shown: plain, and clean by the rules when there are any settings for them.

    Raises: AskAgain when the rules cannot be read.
    """
    bare = plain(text)
    rules = _rules[-1] if _rules else read_settings().rules
    return _gate(rules).clean(bare) if rules else bare


def put(text: str) -> None:
    """Show a text on standard output."""
    click.echo(shown(text))


def put_line(text: str) -> None:
    """Show one entry of a list on standard output: on one line, whatever a file name in it holds."""
    click.echo(_one_line(shown(text)))


def _one_line(text: str) -> str:
    return re.sub(r"[ \t]*\n\s*", " ", text).strip("\n")


def tell(sentence: str) -> None:
    """Show a sentence on standard error, on one line whatever a file name in it holds. Never raises."""
    try:
        said = shown(sentence)
    except Spoken:  # it is the rules or the settings that are wrong, and this is most likely the sentence about it
        said = plain(sentence)
    except Exception:
        log.exception("The gate failed.")
        said = UNCHECKED
    click.echo(_one_line(said), err=True)


def print_json(value: Any) -> None:
    """Show a JSON value on one line of standard output, every string of it (keys too) as it may be shown."""
    from graphs.constraints import redact

    bare = json.loads(json.dumps(value, default=str))
    gate = cast("Gate", SimpleNamespace(clean=shown))
    line = json.dumps(redact(bare, gate), ensure_ascii=False)
    click.echo(BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", line))


def keep_to(rules: Path | None) -> None:
    """From now on show by these rules, when there are any, in place of those of the settings."""
    if rules:
        _rules.append(rules)


_rules: list[Path] = []


@cache
def _gate(rules: Path) -> Gate:
    from graphs.constraints import open_gate

    gate: Gate = open_gate(rules)
    return gate
