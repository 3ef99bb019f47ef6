"""Pure: what stands in a thread where somebody asked by a form or a button, for whoever reads it later."""

from __future__ import annotations

from collections.abc import Sequence

from bot.edge import plain
from bot.slack.replying import rich
from bot.slack.replying.mrkdwn import escape, notice
from bot.slack.replying.replies import Reply
from bot.slack.words import one_line
from tools.kit import Gate

PART = 900
"""Its place among the parts of the reply: said first, and apart from those that are counted."""


def intro(user: str, words: str, names: Sequence[str], gate: Gate) -> Reply:
    """Who asks what, of which files: a mention, so that the answer reaches them. words, names: untrusted."""
    asked, about = gate.clean(plain(words).strip()), gate.clean(_listed(names))
    asks = f"asks about {about}:" if about else "asks:"
    line = rich.section({"type": "user", "user_id": user}, rich.text_element(f" {asks}"))
    quote = {"type": "rich_text_quote", "elements": [rich.text_element(asked)]}
    return Reply(f"<@{escape(user)}> {notice(f'{asks} {asked}')}", (rich.block([line, quote]),))


def _listed(names: Sequence[str]) -> str:
    """As in "cat.png and 2 more"."""
    first = one_line(names[0]) if names else ""
    return f"{first} and {len(names) - 1} more" if len(names) > 1 else first
