"""A provider's batch interface: many requests at once, at a lower price, answered within a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from tools.kit.errors import CannotDo
from tools.kit.models.asking import Ask, Reply
from tools.kit.models.card import ModelCard
from tools.kit.models.failures import ProviderFailure
from tools.kit.models.usage import Usage


@dataclass(frozen=True)
class BatchState:
    total: int
    done: int
    """Of these, answered or failed."""
    ended: bool
    """Nothing more comes."""


@dataclass(frozen=True)
class BatchAnswer:
    """What came of one request. A `Reply` is not held to `Ask.schema` yet: `found` is None."""

    found: Reply | ProviderFailure
    usage: Usage


class NotYetKnown(CannotDo):
    """Whether a batch was submitted can only be told later."""


@runtime_checkable
class Batches(Protocol):
    """Batches of one model. All methods raise ProviderFailure when the provider does not answer, without retries:
    who waits for a batch asks again anyway."""

    @property
    def card(self) -> ModelCard: ...

    async def submit(self, asks: Mapping[str, Ask], *, marker: str) -> str:
        """Submit the requests by their names (at most 40 of a-z and 0-9). Returns the provider's id of the batch.

        marker: of a-z and 0-9, by which `find` knows the batch again when the id was lost.
        """
        ...

    async def find(self, marker: str, size: int, *, others: Collection[str] = ()) -> str | None:
        """Id of the batch of `size` requests that was submitted with that marker; None when there is none among the
        latest hundred. others: ids of batches that are known to be others.

        Raises: NotYetKnown while a batch goes on that may be the one.
        """
        ...

    async def state(self, batch: str) -> BatchState: ...

    async def answers(self, batch: str) -> dict[str, BatchAnswer]:
        """What came, by the names of the requests, once the batch has ended. Those that expired or were cancelled are
        not among them."""
        ...

    async def cancel(self, batch: str) -> None:
        """Have it end soon; what is answered by then stays. One that has ended is left as it is."""
        ...

    async def discard(self, batch: str) -> None:
        """Delete what the provider keeps of a batch that has ended."""
        ...
