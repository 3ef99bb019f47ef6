"""The toolbox of one turn: tools bound to the ports they are lent and to the thread's images."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from tools.kit.errors import AskAgain, CannotDo
from tools.kit.registry import Tool
from tools.kit.types import Evidence, Image, Json

Lend = Callable[[type], Any]
"""Gives the port of a type; raises CannotDo when nothing is configured for it."""

NUMBER = re.compile(r"\s*(?:image|img|picture|photo|page)?\s*#?\s*(\d+)\s*", re.IGNORECASE)


class TurnToolbox:
    """Runs tools by name: handles become images, ports are lent by type, every call has a deadline."""

    def __init__(
        self,
        tools: Mapping[str, Tool],
        lend: Lend,
        images: Sequence[Image] = (),
        *,
        deadline: float = 60.0,
    ) -> None:
        self._tools = tools
        self._lend = lend
        self._images = {image.ref.number: image for image in images}
        self._deadline = deadline

    def names(self) -> list[str]:
        return list(self._tools)

    async def use(self, name: str, arguments: Mapping[str, Json]) -> Evidence:
        """Run one tool.

        Raises: AskAgain for an unknown tool, handle or argument; CannotDo when it has no port or no time left.
        """
        if name not in self._tools:
            raise AskAgain(f"There is no tool {name}; there are {', '.join(self._tools)}.")
        tool = self._tools[name]
        said = self._said(tool, arguments)
        lent = {parameter: self._lend(port) for parameter, port in tool.lent.items()}
        try:
            async with asyncio.timeout(self._deadline):
                evidence = await tool.run(**said, **lent)
        except TimeoutError:
            raise CannotDo(f"{name} did not finish within {self._deadline:g} seconds.") from None
        return evidence.model_copy(update={"tool": name, "arguments": dict(arguments)})

    def _said(self, tool: Tool, arguments: Mapping[str, Json]) -> dict[str, Any]:
        """The validated arguments, with images in place of handles."""
        try:
            said = dict(tool.parameters.model_validate(dict(arguments)))
        except ValidationError as error:
            raise AskAgain(_sentence(tool, error)) from None
        for parameter, many in tool.images.items():
            handles = said.get(parameter)
            if handles is None:
                continue
            said[parameter] = [self._image(handle) for handle in handles] if many else self._image(handles)
        return said

    def _image(self, handle: str) -> Image:
        match = NUMBER.fullmatch(handle)
        if match and int(match[1]) in self._images:
            return self._images[int(match[1])]
        if not self._images:
            raise AskAgain("There are no images in this thread yet; post one first.")
        known = _listed([image.handle for image in self._images.values()])
        raise AskAgain(f"No {handle if not handle.isdigit() else f'image {handle}'} in this thread; it has {known}.")


def _sentence(tool: Tool, error: ValidationError) -> str:
    problems = [f"{'.'.join(map(str, part['loc']))}: {part['msg'].lower()}" for part in error.errors()[:3]]
    return f"{tool.name} cannot take these arguments ({'; '.join(problems)})."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
