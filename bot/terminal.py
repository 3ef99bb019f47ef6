"""How answers look in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from bot.turns import Answer
    from graphs.state import Step

MARKS = {"running": "·", "done": "✓", "failed": "✗"}
STATUS = {
    "asked": "needs an answer from you",
    "withheld": "withheld by a rule",
    "gave_up": "gave up",
    "refused": "not possible",
}


def console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def show_step(out: Console, step: Step) -> None:
    """One line a finished step; running ones are shown by the spinner of `chat`."""
    if step.state != "running":
        out.print(Text(f"  {MARKS[step.state]} {step.title}", style="dim"))


def show_answer(answer: Answer, out: Console | None = None) -> None:
    """The answer, then in small print why: tool, images, how sure; then where the pictures are."""
    out = out or console()
    out.print(Text(answer.answer))
    if answer.status in STATUS:
        out.print(Text(f"  ({STATUS[answer.status]})", style="yellow"))
    for tool in answer.tools:
        out.print(Text(f"  why: {why(tool)}", style="dim"))
    for picture in answer.pictures:
        out.print(Text(f"  picture: {picture['path']} ({picture['caption']})", style="cyan"))


def why(tool: dict[str, Any]) -> str:
    """``classify of image 1, 87% sure``: one line of evidence."""
    evidence = tool["evidence"]
    if evidence is None:
        return f"{tool['name']} could not: {tool['error']}"
    handles = list(dict.fromkeys(region["handle"] for region in evidence["about"]))
    of = f" of {', '.join(handles)}" if handles else ""
    sure = f", {evidence['sure']:.0%} sure" if evidence["sure"] is not None else ""
    by = ", seen by a vision model" if evidence["source"] == "model" else ""
    return f"{tool['name']}{of}{sure}{by}"


def show_thumbnail(out: Console, pixels: Path) -> None:
    """A small picture, where the terminal can draw one. `pixels` is a file that our own worker wrote."""
    if not out.is_terminal or out.color_system is None:
        return
    from textual_image.renderable import Image

    out.print(Image(pixels, width=32, height="auto"))
