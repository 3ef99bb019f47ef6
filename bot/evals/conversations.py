"""Whole turns of the agent, judged by what its answer must hold and what it must never hold."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.evals.capabilities.case import short
from bot.evals.report import Failure, Figure
from bot.evals.spent import Took, listening, together
from bot.turns.intake import Posted
from bot.turns.running import Answer, Turns
from tools.kit import Absent, Scope, Spoken, VisionModel
from tools.kit.models import account

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

    from bot.wiring import Wiring

SCOPE = Scope(workspace="local", audiences=("eval",))
"""Nothing is in its archive."""


@dataclass(frozen=True)
class Talk:
    """A message with its images, and the answer to it."""

    name: str
    kind: str
    question: str
    images: tuple[str, ...] = ()
    """Names of pictures, as they are posted."""
    holds: tuple[str, ...] = ()
    """Patterns that the answer must hold."""
    never: tuple[str, ...] = ()
    """Patterns that it may not hold."""
    statuses: tuple[str, ...] = ()
    """Those it may end with; any, if empty."""
    eyes: bool = False
    """Whether it takes a vision model."""

    def wrong(self, answer: Answer) -> str | None:
        """What is wrong with the answer; None when it is right."""
        for pattern in self.holds:
            if not re.search(pattern, answer.answer, re.IGNORECASE):
                return f'it does not hold "{pattern}": {short(answer.answer)}'
        for pattern in self.never:
            if match := re.search(pattern, answer.answer, re.IGNORECASE):
                return f'it says "{match[0]}": {short(answer.answer)}'
        if self.statuses and answer.status not in self.statuses:
            return f"it ended as {answer.status}: {short(answer.answer)}"
        return None


Draw = Callable[[Path], Path]
"""Makes a picture in a folder."""


def drawn(name: str, picture: Callable[[], PillowImage]) -> Draw:
    def draw(folder: Path) -> Path:
        path = folder / name
        picture().save(path)
        return path

    return draw


async def measured(suite: str, wiring: Wiring, talks: Sequence[Talk], pictures: Mapping[str, Draw]) -> list[Figure]:
    """A figure a kind, and one of all. Talks that take a vision model are left out where there is none."""
    sees = await _sees(wiring)
    chosen = [talk for talk in talks if sees or not talk.eyes]
    turns, spent = Turns(wiring), await listening(wiring)
    outcomes: list[tuple[Talk, str | None, Took]] = []
    with tempfile.TemporaryDirectory() as folder:
        files = {name: draw(Path(folder)) for name, draw in pictures.items()}
        for talk in chosen:
            with spent.case() as took:
                wrong = await _talk(turns, talk, [Posted(files[name].name, files[name]) for name in talk.images])
            outcomes.append((talk, wrong, took))
    left = len(talks) - len(chosen)
    note = f"{left} more take a vision model" if left else ""
    kinds = list(dict.fromkeys(talk.kind for talk in chosen))
    figures = [_figure(suite, kind, [each for each in outcomes if each[0].kind == kind]) for kind in kinds]
    return [*figures, _figure(suite, "all", outcomes, note)]


async def _talk(turns: Turns, talk: Talk, posted: list[Posted]) -> str | None:
    thread = f"{SCOPE.workspace}:eval:{uuid4().hex}"
    try:
        answer = await turns.ask(talk.question, posted, thread=thread, scope=SCOPE, account=account())
    except Spoken as error:
        return f"there was no answer: {error}"
    finally:
        await turns.forget(thread)
    return talk.wrong(answer)


async def _sees(wiring: Wiring) -> bool:
    try:
        return not isinstance(await wiring.lend(VisionModel), Absent)
    except Spoken:
        return False


def _figure(suite: str, what: str, outcomes: Sequence[tuple[Talk, str | None, Took]], note: str = "") -> Figure:
    cost, calls = together([took for _, _, took in outcomes])
    return Figure(
        suite,
        what,
        sum(wrong is None for _, wrong, _ in outcomes) / len(outcomes),
        len(outcomes),
        note=note,
        cost=cost,
        calls=calls,
        seconds=tuple(took.seconds for _, _, took in outcomes),
        failures=tuple(Failure(talk.name, wrong) for talk, wrong, _ in outcomes if wrong) if what != "all" else (),
    )
