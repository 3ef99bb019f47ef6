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
    said = [clean(str(chip["label"]))[:LABEL] for chip in search.chips[:MOST]]
    if not said:
        return
    if not search.widens:
        shown = {"type": "plain_text", "text": labels.NARROWED.format(chips=", ".join(said)), "emoji": False}
        yield {"type": "context", "elements": [shown]}
        return
    yield {"type": "actions", "elements": [_chip(number, label, run, search) for number, label in enumerate(said)]}


def _chip(number: int, label: str, run: str, search: Search) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": f"{CHIP}_{number}",
        "text": {"type": "plain_text", "text": f"✕ {label}"[:LABEL], "emoji": False},
        "accessibility_label": labels.WITHOUT.format(chip=label)[:LABEL],
        "value": f"{run}:{search.number}:{number}",
    }
