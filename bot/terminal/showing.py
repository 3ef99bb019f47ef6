"""How answers look in a terminal. Everything goes out as `Text`, never as markup: names and papers hold brackets."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from bot.edge import shown
from bot.turns.footnotes import certainty, in_short, notes
from tools.kit.seeing.claims import claimed

if TYPE_CHECKING:
    from bot.turns.running import Answer
    from graphs.state import Step

log = logging.getLogger(__name__)

MARKS = {"running": "·", "done": "✓", "failed": "✗"}
STATUS = {
    "asked": "needs an answer from you",
    "withheld": "withheld by a rule",
    "gave_up": "gave up",
    "refused": "not possible",
}


def console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def say(out: Console, text: str, style: str = "", end: str = "\n") -> None:
    """Print a text as it may be shown."""
    out.print(Text(shown(text), style=style), end=end)


def show_step(out: Console, step: Step) -> None:
    """One line a finished step; running ones are shown by the spinner of `chat`."""
    if step.state != "running":
        say(out, f"  {MARKS[step.state]} {step.title}", "dim")


def show_answer(answer: Answer, out: Console | None = None) -> None:
    """The answer, then in small print what it had to do without, and why: tool, images, how sure; then where the
    pictures are."""
    out = out or console()
    say(out, answer.answer)
    if answer.status in STATUS:
        say(out, f"  ({STATUS[answer.status]})", "yellow")
    for sentence in answer.degraded:
        say(out, f"  not as usual: {sentence}", "yellow")
    for tool in answer.tools:
        say(out, f"  why: {why(tool)}", "dim")
    for note in notes(answer):
        say(out, f"  note: {note}", "dim")
    for picture in answer.pictures:
        say(out, f"  picture: {picture['path']} ({picture['caption']})", "cyan")


def why(tool: dict[str, Any]) -> str:
    """``classify of image 1, 87% sure``: one line of evidence."""
    evidence = tool["evidence"]
    if evidence is None:
        return f"{tool['name']} could not: {in_short(tool['error'])}"
    handles = list(dict.fromkeys(region["handle"] for region in evidence["about"]))
    of = f" of {', '.join(handles)}" if handles else ""
    sure = f", {certainty(evidence['sure'])}" if evidence["sure"] is not None else ""
    in_part = ", in part seen by a vision model" if any(claimed(evidence.get("facts"))) else ""
    by = ", seen by a vision model" if evidence["source"] == "model" else in_part
    return f"{tool['name']}{of}{sure}{by}"


def show_thumbnail(out: Console, pixels: Path) -> None:
    """A small picture, where the terminal can draw one. `pixels` is a file that our own worker wrote."""
    if not out.is_terminal or out.color_system is None:
        return
    try:
        from textual_image.renderable import Image

        out.print(Image(pixels, width=32, height="auto"))
    except Exception:  # terminals lie about their size and abilities, and the picture is only an ornament
        log.warning("No thumbnail could be drawn.", exc_info=True)
