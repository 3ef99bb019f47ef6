"""One message of a thread as it is asked, and what it changes in the thread's state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import HumanMessage

from bot.directory import HERE
from bot.turns.intake import Pages, Posted
from graphs.manners import Manner
from graphs.memory import with_handles
from graphs.state import Step, ThreadState
from tools.kit import Directory, Scope
from tools.kit.archive.place import Place

Shown = Callable[[Collection[str]], Awaitable[Collection[str]]]
"""Which of what links opened, by its ids where it was posted, may be shown in the thread now."""


@dataclass(frozen=True)
class Asked:
    """What `Turns.ask` is given, which says what is what."""

    question: str
    posted: Sequence[Posted]
    thread: str
    scope: Scope
    step: Callable[[Step], Awaitable[None]] | None
    turn: str | None
    problems: Sequence[str]
    about: Collection[str]
    call: dict[str, Any] | None
    manner: Manner | None
    local_only: bool = False
    directory: Directory = HERE
    place: Place | None = None
    hits: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    shown: Shown | None = None

    def after(self, before: ThreadState, opened: Pages, problems: list[str]) -> ThreadState:
        """What the message changes in the thread's state, with its files opened. `problems`: clean by the gate."""
        refs = with_handles(opened, len(before.get("images", [])))
        new = [ref.model_copy(update=self._source(ref.sha256)).model_dump(mode="json") for ref in refs]
        images = [*before.get("images", []), *new]
        return {
            "images": images,
            "turn": [self._message(images, new, problems)],
            "problems": problems,
            "rounds": 0,
            "attempts": 0,
            "checks": [],
            "draft": "",
            "answer": "",
            "status": "",
            "degraded": [],
        }

    def _source(self, sha256: str) -> dict[str, str]:
        """Where an original is from, when it is not the thread's own."""
        return {"hit": self.hits.get(sha256, ""), "link": self.links.get(sha256, "")}

    def _message(self, images: list[dict[str, Any]], new: list[dict[str, Any]], problems: list[str]) -> HumanMessage:
        pointed = [image["handle"] for image in images if image.get("sha256") in self.about]
        told: dict[str, Any] = {"images": new, "problems": problems}
        zone, place = str(self.directory.zone), self.place.channel if self.place else ""
        more = {"pointed": pointed, "call": self.call, "zone": zone, "place": place}
        told |= {name: value for name, value in more.items() if value}
        return HumanMessage(self.question, id=self.turn, additional_kwargs=told)
