"""The port of the archive, and who knows the names in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Protocol, runtime_checkable

from tools.kit.archive.filters import Filters
from tools.kit.archive.item import Counted, Hit, Item, Scope, Space, Tallied
from tools.kit.types import Embeddings


@runtime_checkable
class Archive(Protocol):
    """Image vectors with what is known of each image. There is no unscoped call.

    limit: how many are given at most.

    Raises, in any call: CannotDo, with a sentence for whoever asked, when the engine cannot be reached, has no room or
    holds another encoder's vectors; ValueError for a scope without a workspace or audiences, a vector of another number
    of dimensions, and an id that is no UUID.
    """

    @property
    def encoder(self) -> str:
        """Name of the encoder this collection is bound to."""
        ...

    async def put(
        self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None = None
    ) -> None:
        """Insert or replace by id. Items outside the scope, or an id that one outside has: ValueError.

        vectors: (n, dim) float32, L2-normalised, of the pictures; a row of zeros for one that could not be encoded.
        texts: (n, text_dim) float32, L2-normalised, of what is known of them in words; a row of zeros where nothing is.
        """
        ...

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        """Replace what is known of items that are there, and the words they match; vectors of pictures stay, and
        vectors of texts where no `texts` are given. Items outside the scope: ValueError.

        Ids that are not there, or that the scope may not see, are left alone.
        """
        ...

    async def search(
        self,
        scope: Scope,
        vector: Embeddings,
        *,
        by: Space = "image",
        filters: Filters | None = None,
        limit: int = 10,
        vectors: bool = False,
    ) -> list[Hit]:
        """Best first by cosine similarity, only what the scope may see.

        vector: (dim,) float32, L2-normalised, of the space `by`.
        vectors: give the hits their own of that space, too.
        """
        ...

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        """Best first by BM25 (Robertson et al. 1994) over `tools.kit.archive.words.words_of`: those that have any of
        the words. Empty where `words` holds none that counts."""
        ...

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        """The latest first by `Item.when`, or the oldest."""
        ...

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        """Those of the ids that exist and the scope may see, in the order asked."""
        ...

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        """(dim,) float32, L2-normalised: that of the item of this id, when it has one and the scope may see it."""
        ...

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        """Returns how many were there (within the scope) and are gone."""
        ...

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        """How many items (images, and pages of PDFs) the scope may see."""
        ...

    def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        """Every item the scope may see, in id order."""
        ...

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        """How many of what the scope may see have each value, the commonest first, then by value."""
        ...

    async def close(self) -> None:
        """Let go of files, connections and locks. Nothing is called after it."""
        ...


@runtime_checkable
class Directory(Protocol):
    """What the ids of posts mean to the asker of a turn: names as they are now, and their own id and time zone."""

    @property
    def me(self) -> str:
        """Id of the asker; empty where nobody is logged in."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The asker's time zone: "yesterday" is theirs."""
        ...

    async def people(self, ids: Collection[str]) -> Mapping[str, str]:
        """Names of people by id. Those it does not know are left out."""
        ...

    async def channels(self, ids: Collection[str]) -> Mapping[str, str]:
        """Names of channels by id, without "#". Those it does not know are left out."""
        ...
