"""Pure: what a search is narrowed by, as buttons: each takes its condition away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.slack.replying import labels
from bot.slack.replying.hits import Clean, Search

CHIP = "spyglass_hits_chip"
"""Action ids begin so; Slack wants each in a block to be another."""
MOST = 25
"""Elements of one block: https://docs.slack.dev/reference/block-kit/blocks/actions-block"""
LABEL = 75


def chips(search: Search, run: str, clean: Clean) -> Iterator[dict[str, Any]]:
    """One block, when there is anything; as small print where the search would have nothing left to go by."""
    said = [str(chip["label"]) for chip in search.chips[:MOST]]
    if not said:
        return
    if not search.widens:
        listed = labels.NARROWED.format(chips=", ".join(_short(label, clean) for label in said))
        yield {"type": "context", "elements": [{"type": "plain_text", "text": listed, "emoji": False}]}
        return
    made = [_chip(number, label, run, search, clean) for number, label in enumerate(said)]
    yield {"type": "actions", "elements": made}


def _chip(number: int, label: str, run: str, search: Search, clean: Clean) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": f"{CHIP}_{number}",
        "text": {"type": "plain_text", "text": _short(f"✕ {label}", clean), "emoji": False},
        "accessibility_label": _short(labels.WITHOUT.format(chip=label), clean),
        "value": f"{run}:{search.number}:{number}",
    }


def _short(words: str, clean: Clean) -> str:
    """The gate looks at what is left of them: a word cut short can be another one."""
    return clean(words[:LABEL])[:LABEL]
