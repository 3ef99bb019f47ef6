"""Who used which model for what, what it cost, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from tools.kit.models.account import Account
from tools.kit.models.usage import Usage
from tools.kit.types import Frozen, Json


class Entry(Frozen):
    """One call of a model, or one answer that was there already."""

    model: str
    """Spec."""
    purpose: str
    usage: Usage
    cost: float | None = None
    """US dollars; None where the price is not known."""
    outcome: str = "answered"
    """answered, stopped, cached, or the kind of `ProviderFailure`."""


@runtime_checkable
class Ledger(Protocol):
    """Tokens, images, money and cache hits by workspace, channel, person and tool."""

    async def allow(self, account: Account, *, expected: float | None = None) -> None:
        """expected: US dollars the call is thought to cost, where whoever asks knows better than the ledger.

        Raises: ProviderFailure of the kind ``budget``, with a sentence for people, when a day's money is spent.
        """
        ...

    async def note(self, account: Account, entry: Entry) -> None:
        """Never raises: an answer is not lost because it could not be written down."""
        ...


class NoLedger:
    """A `Ledger` that allows everything and writes nothing down."""

    async def allow(self, account: Account, *, expected: float | None = None) -> None: ...

    async def note(self, account: Account, entry: Entry) -> None: ...


NO_LEDGER = NoLedger()


@runtime_checkable
class AnswerStore(Protocol):
    """What vision models said, by workspace, images and question. Nothing is shared between workspaces."""

    async def get(self, workspace: str, images: Sequence[str], key: str) -> Json | None:
        """What was put under the SHA-256 of these originals (in order) and the key, unless it has expired."""
        ...

    async def near(self, workspace: str, looks: int, key: str, within: int) -> Json | None:
        """What was put under the key for the image that looks most alike, unless it has expired.

        looks: 64-bit perceptual hash; within: the most bits that may differ.
        """
        ...

    async def put(
        self, workspace: str, images: Sequence[str], key: str, answer: Json, *, looks: int | None = None
    ) -> None:
        """Keep it; `looks`, the perceptual hash of the only image, lets `near` find it."""
        ...

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete every answer about an original, for when that is let go."""
        ...
