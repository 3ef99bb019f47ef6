"""What surrounds the work of a tool: processes, other tools, pictures shown, and what may be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Protocol, TypeVar, runtime_checkable

from tools.kit.types import Evidence, Json, Picture, Verdict

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

P = ParamSpec("P")
R = TypeVar("R")


@runtime_checkable
class Workers(Protocol):
    """Killable, memory-limited processes, where untrusted bytes are handled."""

    async def run(
        self,
        lane: Literal["decode", "read", "encode", "see"],
        task: Callable[P, R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a picklable module-level function in a worker of that lane.

        Raises: whatever `task` raises; `TimeoutError` past the lane's deadline (the worker is killed);
        `MemoryError` or `ChildProcessError` when the worker died or ran out of memory.
        """
        ...

    async def close(self) -> None: ...


@runtime_checkable
class Toolbox(Protocol):
    """The other tools, lent to a tool that works in steps."""

    def names(self) -> list[str]: ...

    def seconds(self) -> float:
        """How long the next step may take, so that there is time left to tell of the steps before it."""
        ...

    async def use(self, name: str, arguments: Mapping[str, Json]) -> Evidence:
        """Run a tool, for `seconds()` at most.

        Raises: AskAgain for an unknown tool, handle or a bad argument; CannotDo as the tool does."""
        ...


@runtime_checkable
class Easel(Protocol):
    """Where tools put pictures for people to look at. Each workspace has its own."""

    async def show(self, picture: PillowImage, caption: str) -> Picture:
        """Save as PNG and return the reference."""
        ...


@runtime_checkable
class Gate(Protocol):
    """Everything displayed passes here."""

    def judge(self, text: str, evidence: Sequence[Evidence] = (), **context: Any) -> list[Verdict]:
        """One verdict a rule."""
        ...

    def clean(self, text: str) -> str:
        """The text as it may be shown (file names, captions, titles): what a rule catches is replaced by ▇▇▇."""
        ...


@runtime_checkable
class Absent(Protocol):
    """What a port may also be: one that is not there and only says so. Who can do without it is lent None."""

    @property
    def absent(self) -> str:
        """Why there is none, and the way out."""
        ...
