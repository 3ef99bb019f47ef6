"""Pure: how an answer came about, for whoever asks: tools, what they found, and the checks it held up to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.slack.replying import labels, rich
from bot.slack.replying.replies import Block
from bot.slack.replying.splitting import split
from bot.slack.replying.why import why_of
from bot.turns.running import Answer

ROOM = 9_000
BLOCKS = 24
"""A view may be 250 KB of JSON."""
FACTS = 1_500
"""Characters of a tool's facts that are shown."""

Clean = Callable[[str], str]


def reasoning(answer: Answer, clean: Clean) -> list[Block]:
    """Blocks that fit a view; what does not is counted."""
    groups = split(list(_elements(answer, clean)), ROOM)
    shown = [rich.block(group) for group in groups[:BLOCKS]]
    if len(groups) > BLOCKS:
        shown.append(rich.block(rich.from_plain(labels.MORE_LEFT_OUT)))
    return shown


def as_view(blocks: list[Block]) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": labels.REASONING},
        "close": {"type": "plain_text", "text": labels.CLOSE},
        "blocks": blocks,
    }


def _elements(answer: Answer, clean: Clean) -> Iterator[rich.Element]:
    images = {image["handle"]: image for image in answer.images}
    if not answer.tools:
        yield from rich.from_plain(labels.NO_TOOLS)
    for number, tool in enumerate(answer.tools, 1):
        yield _heading(f"{number}. {clean(why_of(tool, images))}")
        yield from _quoted(clean(tool["evidence"]["said"] if tool["evidence"] else tool["error"]))
        if tool["evidence"]:
            yield from _steps(tool["evidence"].get("facts") or {}, clean)
        if tool["evidence"] and tool["evidence"]["facts"]:
            yield _preformatted(clean(_short(json.dumps(tool["evidence"]["facts"], ensure_ascii=False))))
    yield from _checks(answer, clean)


def _steps(facts: dict[str, Any], clean: Clean) -> Iterator[rich.Element]:
    """The steps of an analysis, each with where it was found and whether it was measured or seen by a model."""
    steps = [step for step in facts.get("steps") or () if isinstance(step, dict)]
    lines = [rich.section(rich.text_element(clean(_step(step)))) for step in steps]
    if lines:
        yield {"type": "rich_text_list", "style": "ordered", "elements": lines}


def _step(step: dict[str, Any]) -> str:
    by = {"model": "seen by a model", "measured": "measured"}.get(step.get("source", ""), "")
    places = dict.fromkeys(_place(place) for place in step.get("about") or ())
    how = ", ".join([str(step.get("tool", "")), *([by] if by else []), *places])
    return f"{step.get('step', '')} ({how}): {step.get('finding', '')}"


def _place(place: dict[str, Any]) -> str:
    box = place.get("box")
    return f"{place['image']} at {', '.join(f'{edge:.0f}' for edge in box)}" if box else str(place["image"])


def _checks(answer: Answer, clean: Clean) -> Iterator[rich.Element]:
    held = [check["rule"] for check in answer.checks if check["kept"]]
    broken = [f"{check['rule']}: {check['broken']}" for check in answer.checks if not check["kept"]]
    for title, lines in ((labels.HELD, [", ".join(held)] if held else []), (labels.BROKEN, broken)):
        if lines:
            yield _heading(title)
            yield from rich.from_plain(clean("\n".join(lines)))


def _short(facts: str) -> str:
    return facts if len(facts) <= FACTS else f"{facts[:FACTS]} … ({len(facts) - FACTS:,} more characters)"


def _heading(text: str) -> rich.Element:
    return rich.section(rich.text_element(text, {"bold": True}), rich.text_element("\n"))


def _quoted(text: str) -> Iterator[rich.Element]:
    if text.strip():
        yield {"type": "rich_text_quote", "elements": [rich.text_element(text)]}


def _preformatted(text: str) -> rich.Element:
    return {"type": "rich_text_preformatted", "elements": [rich.text_element(text)]}
