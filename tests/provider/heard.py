"""What the local provider was asked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.provider.images import SentImage
from tests.provider.prompt import Prompt
from tests.provider.script import Tokens

Name = Literal["messages", "chat", "responses", "generate", "count", "files", "batches", "models"]
"""Of the interface that was spoken to."""


@dataclass
class Heard:
    """One request, and how answering it went."""

    wire: Name
    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    raw: bytes
    """The body; empty where the provider remembers sizes only."""
    connection: int
    """Which connection it came by, counted from 1."""
    body: dict[str, Any] = field(default_factory=dict)
    """Parsed JSON; empty for uploads."""
    prompt: Prompt = field(default_factory=Prompt)
    size: int = 0
    """Bytes of the body."""
    at: float = field(default_factory=time.monotonic)
    status: int = 0
    """What was answered; 0 before."""
    refused: str = ""
    """Why the request is not valid, in the provider's words."""
    denied: bool = False
    """Whether that is for the key or the headers, not for what is asked."""
    tokens: Tokens | None = None
    """What was counted."""
    batch: bool = False
    """Whether it is part of a batch."""
    events: int = 0
    """Events of a stream sent so far."""
    gone: bool = False
    """Whether the client left before the end."""

    def __post_init__(self) -> None:
        self.size = len(self.raw)

    def forget(self) -> None:
        """Let go of bodies and images; sizes and counts stay."""
        pieces = (replace(p, text="", image=p.image and replace(p.image, data=b"")) for p in self.prompt.pieces)
        self.raw, self.body = b"", {}
        self.prompt = replace(self.prompt, pieces=tuple(pieces), tools={}, schema=None)

    @property
    def model(self) -> str:
        return self.prompt.model

    @property
    def images(self) -> tuple[SentImage, ...]:
        return self.prompt.images

    @property
    def question(self) -> str:
        return self.prompt.question
