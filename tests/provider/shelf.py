"""What the provider keeps between requests: files, batches, cached prompts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.provider.caching import PromptCache


@dataclass(frozen=True)
class StoredFile:
    id: str
    name: str
    media: str
    data: bytes
    purpose: str = ""


@dataclass
class Batch:
    """A batch of requests on its way."""

    shown: dict[str, Any]
    """As the provider shows it."""
    requests: list[dict[str, Any]]
    polls: int
    """How often it is still looked at before it is done."""
    results: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Shelf:
    files: dict[str, StoredFile] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    polls: int = 1
    """How often a batch is looked at before it is done."""
    takes_batches: bool = True
    mute: bool = False
    """Whether a batch that is taken is never confirmed: its id is lost on the way."""
    conversations: dict[str, list[Any]] = field(default_factory=dict)
    """Items up to an answer, by its id, for the Responses API."""
    kept: set[str] = field(default_factory=set)
    """Ids of items that can be named again."""
    follows: dict[str, str] = field(default_factory=dict)
    """Reasoning an item cannot be sent without, by the item's id."""
    cache: PromptCache = field(default_factory=PromptCache)
    keys: Collection[str] | None = None
    """Keys that are accepted; any when None."""
    models: Collection[str] | None = None
    """Models that exist; any when None."""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def new(self, prefix: str) -> str:
        """An id nobody has."""
        return f"{prefix}{next(self._numbers):024d}"

    def keep(self, prefix: str, name: str, media: str, data: bytes, purpose: str = "") -> StoredFile:
        file = StoredFile(self.new(prefix), name, media, data, purpose)
        self.files[file.id] = file
        return file
