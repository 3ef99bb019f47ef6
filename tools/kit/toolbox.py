"""The toolbox of one turn: tools bound to the ports they are lent and to the thread's images."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from tools.kit.adopting import Hits
from tools.kit.errors import AskAgain, CannotDo, Spoken
from tools.kit.models.account import charged_to
from tools.kit.ports import Absent
from tools.kit.registry import Tool
from tools.kit.tracing import tool_span
from tools.kit.types import Evidence, Image, ImageRef, Json

Lend = Callable[[type], Any]
"""Gives the port of a type; raises CannotDo when nothing is configured for it."""

Fetch = Callable[[ImageRef], Awaitable[Image]]
"""Fetches the pixels of an image of the thread."""

HANDLE = re.compile(r"\s*(?:image|img|picture|photo|page)?\s*#?\s*(\d+)\s*", re.IGNORECASE)
SHARE = 0.75
"""Of the time a tool has left, what one of its steps may take at most."""


class TurnToolbox:
    """Runs tools by name: handles become images, ports are lent by type, every call has a deadline."""

    def __init__(
        self,
        tools: Mapping[str, Tool],
        lend: Lend,
        images: Sequence[ImageRef] = (),
        *,
        fetch: Fetch,
        deadline: float = 60.0,
        until: float = math.inf,
        deleted: Sequence[str] = (),
        hidden: Sequence[str] = (),
        hits: Hits | None = None,
    ) -> None:
        """deadline: of one call, in seconds. until: when all of them must be over, on the event loop's clock.

        deleted: handles of images that are gone. hidden: those of them that are not, but may not be shown here any
        more. hits: those of the latest search, which may be said for images; none where the thread has no search.
        """
        self._tools = tools
        self._lend = lend
        self._images = {image.number: image for image in images}
        self._fetch = fetch
        self._deadline = deadline
        self._until = until
        self._deleted = deleted
        self._hidden = hidden
        self._hits = hits or Hits(images, deleted)

    @property
    def adopted(self) -> list[ImageRef]:
        """Hits that have become images of the thread, in the order they were said."""
        return self._hits.adopted

    def handle_of(self, said: str) -> ImageRef | None:
        """The image that a hit, as a call says it, has become."""
        return self._hits.image(said)

    def names(self) -> list[str]:
        return list(self._tools)

    def seconds(self) -> float:
        left = max(0.0, self._until - asyncio.get_running_loop().time())
        return min(self._deadline, left * SHARE)

    async def use(self, name: str, arguments: Mapping[str, Json]) -> Evidence:
        """Run one tool.

        Raises: AskAgain for an unknown tool, handle or argument; CannotDo when it has no port or no time left, or for
        an image that may not be shown any more.
        """
        if name not in self._tools:
            raise AskAgain(f"There is no tool {name}; there are {', '.join(self._tools)}.")
        tool = self._tools[name]
        said = self._validated(tool, arguments)
        seconds = self.seconds()
        try:
            # innermost around everything that waits, so the deadline covers fetching, workers and providers
            async with asyncio.timeout(seconds) as limit:
                lent = {
                    parameter: await self._lent(port, limit.when(), optional=parameter in tool.optional)
                    for parameter, port in tool.lent.items()
                }
                with charged_to(tool=name), tool_span(name):
                    evidence = await tool.run(**await self._with_images(tool, said), **lent)
        except TimeoutError:
            if not limit.expired():  # somebody else's deadline, inside the tool
                raise
            raise CannotDo(f"{name} did not finish within {_rounded(seconds)} seconds.") from None
        return evidence.model_copy(update={"tool": name, "arguments": self._hits.named(arguments)})

    async def _lent(self, port: type, until: float | None, *, optional: bool) -> Any:
        """None where the tool can do without and there is none."""
        if getattr(port, "__name__", "") == "Toolbox":
            return self._within(until)
        try:
            lent = self._lend(port)
            lent = await lent if isinstance(lent, Awaitable) else lent
        except Spoken:
            if optional:
                return None
            raise
        return None if optional and isinstance(lent, Absent) else lent

    def _within(self, until: float | None) -> TurnToolbox:
        """For a tool that works in steps: none of them outlasts the tool, which could say nothing then."""
        images = list(self._images.values())
        return TurnToolbox(
            self._tools,
            self._lend,
            images,
            fetch=self._fetch,
            deadline=self._deadline,
            until=until or math.inf,
            deleted=self._deleted,
            hidden=self._hidden,
            hits=self._hits,
        )

    def _validated(self, tool: Tool, arguments: Mapping[str, Json]) -> dict[str, Any]:
        try:
            return tool.validate(arguments)
        except ValidationError as error:
            raise AskAgain(_sentence(tool, error)) from None

    async def _with_images(self, tool: Tool, said: dict[str, Any]) -> dict[str, Any]:
        """The arguments with images in place of handles."""
        filled = dict(said)
        for parameter, many in tool.images.items():
            handles = said.get(parameter)
            if handles is None:
                continue
            refs = [await self._ref(handle) for handle in (handles if many else [handles])]
            images = list(await asyncio.gather(*(self._fetch(ref) for ref in refs)))
            filled[parameter] = images if many else images[0]
        return filled

    async def _ref(self, handle: str) -> ImageRef:
        if adopted := await self._hits.adopt(handle, self._lend):
            return adopted
        match = HANDLE.fullmatch(handle)
        if match and int(match[1]) in self._images:
            return self._images[int(match[1])]
        if match and (gone := f"image {int(match[1])}") in self._hidden:
            raise CannotDo(no_longer_shown([gone]))
        if match and gone in self._deleted:
            raise AskAgain(f"{gone} was deleted.")
        if not self._images:
            raise AskAgain("There are no images in this thread yet; post one first.")
        known = listed([ref.handle for ref in self._images.values()])
        called = f"image {match[1]}" if match else handle
        raise AskAgain(f"No {called} in this thread; it has {known}.{self._hits.called}")


def _rounded(seconds: float) -> str:
    return f"{seconds:.2g}" if seconds < 10 else f"{seconds:.0f}"


def _sentence(tool: Tool, error: ValidationError) -> str:
    problems = [f"{'.'.join(map(str, part['loc']))}: {part['msg'].lower()}" for part in error.errors()[:3]]
    return f"{tool.name} cannot take these arguments ({'; '.join(problems)})."


def listed(names: Sequence[str]) -> str:
    """``image 1``, ``image 1 and image 2``, ``image 1, image 2 and image 3``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def no_longer_shown(handles: Sequence[str]) -> str:
    """That there were such images, and nothing of what they are."""
    gone, seen = ("it is", "it") if len(handles) == 1 else ("they are", "them")
    why = f"{gone} gone, or not everybody who reads this may see {seen}"
    return f"I may not show {listed(handles)} here any more: {why}."
