"""Pure: Slack's mrkdwn as people typed it -> plain words.

https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` of the author are escaped, so whatever stands
in angle brackets was put there by Slack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast

T = TypeVar("T")

REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
SOMEBODY = re.compile(r"<(?:@([UW][A-Z0-9]+)|(!(?:here|channel|everyone|subteam\^[A-Z0-9]+)))(?:\|[^<>]*)?>")
ESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL keeps in no text, and halves of characters, which no encoding has: JSON can hold both."""
NAME = 80
"""Characters of a display name that are taken over; Slack allows as many."""


def mentions_of(text: str) -> set[str]:
    """Everybody who is called by name: user ids, and groups as ``!here`` or ``!subteam^S1``."""
    return {person or group for person, group in SOMEBODY.findall(text)}


def plain_words(text: str, *, without: str = "", names: Mapping[str, str] | None = None) -> str:
    """The text as people see it: names, labels and characters in place of references and escapes.

    without: user id whose mentions are left out, with what sets them apart ("@bot, what is this?").
    names: user id -> display name. Names are the people's own choice, so they are kept to one short line.
    """
    if without:
        # blanks are looked at from where they begin only: thousands of them would take seconds
        text = re.sub(rf"(?:(?<!\s)\s+)?<@{re.escape(without)}(?:\|[^<>]*)?>\s*[,:;]?[ \t]*", _gap, text)
    words = REFERENCE.sub(lambda found: _said(found[1], found[2], names or {}), text)
    return INVISIBLE.sub("", re.sub("&(?:lt|gt|amp);", lambda found: ESCAPED[found[0]], words)).strip()


def _gap(mention: re.Match[str]) -> str:
    return "\n" if "\n" in mention[0] else " "


def _said(reference: str, label: str | None, names: Mapping[str, str]) -> str:
    kind, rest = reference[:1], reference[1:]
    if kind == "@":
        return f"@{one_line(names.get(rest) or label or rest)}"
    if kind == "#":
        return f"#{one_line(label or rest)}"
    if kind == "!":
        return label or f"@{rest.partition('^')[0]}"
    return label or reference.removeprefix("mailto:")


def one_line(name: str) -> str:
    """An untrusted name on one short line."""
    return keepable(INVISIBLE.sub("", " ".join(name.split())))[:NAME]


def keepable(value: T) -> T:
    """A JSON value without the characters that cannot be kept."""
    kept: Any = value
    if isinstance(value, str):
        kept = UNKEPT.sub("", value)
    elif isinstance(value, Mapping):
        kept = {name: keepable(inner) for name, inner in value.items()}
    elif isinstance(value, list):
        kept = [keepable(inner) for inner in value]
    return cast(T, kept)
