"""A request of any wire, read into one shape: pieces in order, tools, the structure that is asked for."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.provider.images import SentImage

Role = Literal["system", "user", "assistant", "tool"]
Kind = Literal["tools", "text", "image", "call", "result", "thinking"]


@dataclass(frozen=True)
class Piece:
    """One block of a request. `turn` counts messages from 0; tools and system prompts are -1."""

    role: Role
    kind: Kind
    text: str = ""
    """Text, arguments of a call as JSON, or what a tool said."""
    turn: int = -1
    name: str = ""
    """Tool of a call."""
    id: str = ""
    """Id of a call, or of the call a result answers."""
    image: SentImage | None = None
    tokens: int = 0
    """Of the image; text counts as a quarter of its characters."""
    mark: bool = False
    """Whether a cache breakpoint is set at it."""

    @property
    def cost(self) -> int:
        return self.tokens + math.ceil(len(self.text) / 4)

    @property
    def key(self) -> bytes:
        image = self.image.data or self.image.file_id.encode() if self.image else b""
        told = json.dumps([self.role, self.kind, self.text, self.name, self.id])
        return hashlib.sha256(told.encode() + image).digest()


@dataclass(frozen=True)
class Prompt:
    pieces: tuple[Piece, ...] = ()
    tools: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """JSON schemas of arguments by the tool's name."""
    schema: Mapping[str, Any] | None = None
    """JSON schema the answer must fit."""
    forced: str | None = None
    """The tool that must be called; "" for any of them."""
    may_call: bool = False
    """Whether tools are offered and not forbidden."""
    parallel: bool = True
    """Whether several tools may be called at once."""
    model: str = ""
    stream: bool = False
    most: int | None = None
    """Tokens of the answer, at most."""

    @property
    def tokens(self) -> int:
        """Of the whole request."""
        return sum(piece.cost for piece in self.pieces)

    @property
    def images(self) -> tuple[SentImage, ...]:
        return tuple(piece.image for piece in self.pieces if piece.image)

    def text(self, role: Role | None = None) -> str:
        """All texts in order, one a line; of one role only, where it is named."""
        kinds = ("text", "result")
        return "\n".join(p.text for p in self.pieces if p.kind in kinds and role in (None, p.role))

    @property
    def question(self) -> str:
        """Texts of the last message of the user."""
        last = max((p.turn for p in self.pieces if p.role == "user" and p.kind == "text"), default=-1)
        return "\n".join(p.text for p in self.pieces if p.turn == last and p.kind == "text")

    @property
    def results(self) -> dict[str, str]:
        """What tools said, by the id of the call."""
        said: dict[str, str] = {}
        for piece in self.pieces:
            if piece.role == "tool" and piece.text:
                said[piece.id] = "\n".join(filter(None, (said.get(piece.id), piece.text)))
        return said

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """Calls of tools in the history."""
        return [(p.name, json.loads(p.text or "{}")) for p in self.pieces if p.kind == "call"]
