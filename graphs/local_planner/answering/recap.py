"""A thread in short, on request: its images, what was asked, and what was found. Only what was said before."""

from __future__ import annotations

import re

from graphs.local_planner.answering.values import listed
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.turn import Exchange, Turn
from tools.kit.toolbox import no_longer_shown

THREAD = r"(?:this|the|our)(?: whole| entire)? (?:thread|conversation|discussion|chat)"
SO_FAR = r"(?: so far| until now| up to now| by now| till now)"
SUMMARY = r"(?:an? |the )?(?:short |quick |brief )?(?:summary|recap|overview)"
ASKED = re.compile(
    rf"(?:please |can you |could you |would you )*"
    rf"(?:(?:summari[sz]e|sum up|recap) {THREAD}{SO_FAR}?"
    rf"|(?:give (?:me|us) |show (?:me|us) |write )?{SUMMARY} of {THREAD}{SO_FAR}?"
    rf"|(?:give (?:me|us) |show (?:me|us) )?{SUMMARY}{SO_FAR}"
    rf"|(?:summari[sz]e|sum up|recap) (?:what (?:we|you)(?: have|'ve)? (?:found|learned)(?: out)?|everything){SO_FAR}?"
    rf"|what (?:have (?:we|you)|(?:has|is) been|did (?:we|you)) (?:found|find|learned|learnt|learn)(?: out)?"
    rf"(?:{SO_FAR}| in {THREAD}{SO_FAR}?)"
    rf"|what do (?:we|you) know{SO_FAR})"
    rf"(?: please)?"
)
"""The whole of a message: "summarise this image", or a thread with more to say, is another wish."""
LONGEST = 300
"""Characters of a finding."""
MOST = 20
"""Questions that are told; the earlier ones are counted."""


def asked(text: str) -> bool:
    """Whether a message wants the thread in short, and nothing else."""
    return ASKED.fullmatch(re.sub(r"[^\w' ]+", " ", plain(text)).strip()) is not None


def told(text: str, turn: Turn) -> str:
    """The thread in short; empty when nobody asks for it."""
    if turn.now.posted or not asked(text):
        return ""
    found = [exchange for exchange in turn.past if exchange.calls and exchange.answer]
    lines = [_images(turn), *([] if found else ["Nothing was found out about them yet." if turn.images else ""])]
    if len(found) > MOST:
        lines.append(f"Of {len(found)} questions the last {MOST}:")
    return "\n".join(filter(None, [*lines, *map(_line, found[-MOST:])]))


def _images(turn: Turn) -> str:
    hidden = [no_longer_shown(turn.hidden)] if turn.hidden else []
    if not turn.images:
        return "".join(hidden) or "There is no image in this thread yet."
    shown = f"In this thread: {listed([f'{image.handle} ({image.name})' for image in turn.images], 'and')}."
    return " ".join([shown, *hidden])


def _line(exchange: Exchange) -> str:
    question = " ".join(exchange.text.split()) or "Without words"
    return f"• {question} → {_short(exchange.answer)}"


def _short(answer: str) -> str:
    """On one line, and up to a whole sentence: half of one may say something else."""
    line = " ".join(answer.split())
    if len(line) <= LONGEST:
        return line
    ends = [end.end() for end in re.finditer(r"[.!?](?= )", line[:LONGEST])]
    return f"{line[: ends[-1]] if ends else line[:LONGEST].rsplit(' ', 1)[0]} …"
