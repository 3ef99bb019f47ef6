"""Qdrant Edge as `Archive` and `Upkeep`: Qdrant's own engine in this process, nothing to run beside it.

One process owns a collection and answers the others over a local socket, so `spyglass search` works while the bot runs.
Written operations go through Edge's write-ahead log, so they survive a kill at any moment; a power cut may cost the
last seconds before a flush, which the next `index` run finds missing and redoes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from tools.backends.common.qdrant_checks import canonical, check_items, check_put, check_query, check_texts
from tools.backends.common.qdrant_payload import TEXT_DIM
from tools.backends.qdrant_edge.asking import MADE
from tools.backends.qdrant_edge.codes import Quantised
from tools.backends.qdrant_edge.keeping import Keeping
from tools.backends.qdrant_edge.places import About, Current
from tools.backends.qdrant_edge.upgrading import earlier_encoder
from tools.kit import AskAgain, Counted, Embeddings, Filters, Hit, Item, Scope, Space, Tallied
from tools.kit.parts import Parts

QUANTISED: dict[str, Quantised] = {"auto": "scalar", "none": "none", "scalar": "scalar", "binary": "binary"}


def build(rest: str, parts: Parts) -> QdrantEdge:
    """Options `encoder` and `dim` say which space the vectors of pictures are in, `text_encoder` and `text_dim` those
    of texts; `archive_quantisation` and `archive_on_disk` how collections made from now on are kept. Nothing is opened
    until it is used.

    Raises: AskAgain for a quantisation there is not.
    """
    options = parts.options
    chosen = options.get("archive_quantisation") or "auto"
    if chosen not in QUANTISED:
        raise AskAgain(
            f"There is no quantisation {chosen!r}: set SPYGLASS_ARCHIVE_QUANTISATION to {', '.join(QUANTISED)}."
        )
    return QdrantEdge(
        parts.home / "archive",
        options["encoder"],
        int(options["dim"]),
        text_encoder=options.get("text_encoder", ""),
        text_dim=int(options.get("text_dim") or TEXT_DIM),
        quantised=QUANTISED[chosen],
        on_disk=bool(options.get("archive_on_disk")),
    )


async def bound_encoder(rest: str, parts: Parts, workspace: str) -> str | None:
    """Name of the encoder the workspace is searched with, or None when nothing is kept. Takes no lock."""
    root = parts.home / "archive"
    return Current(root, workspace).encoder or earlier_encoder(root, workspace)


class QdrantEdge(Keeping):
    """`Archive` and `Upkeep` in a folder; see `places` for what lies in it."""

    def __init__(
        self,
        root: Path,
        encoder: str,
        dim: int,
        *,
        text_encoder: str = "",
        text_dim: int = TEXT_DIM,
        quantised: Quantised = "scalar",
        on_disk: bool = False,
    ) -> None:
        super().__init__(root, About(encoder, dim, text_encoder, text_dim, quantised, on_disk))

    async def put(
        self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None = None
    ) -> None:
        check_put(scope, items, vectors, texts, self._about.dims)
        if items:
            await self._thread(self._put, scope, items, vectors, texts)

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        check_items(scope, items)
        check_texts(texts, len(items), self._about.text_dim)
        if items:
            await self._ask(scope, None, "revise", items, texts)

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
        check_query(vector, self._about.text_dim if by == "text" else self._about.dim)
        return await self._ask(scope, [], "search", vector, by, filters, limit, vectors)

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        return await self._ask(scope, [], "match", words, filters, limit)

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        return await self._ask(scope, [], "recent", filters, limit, oldest)

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        return await self._ask(scope, [], "get", [canonical(key) for key in ids])

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        return await self._ask(scope, None, "vector", canonical(key), by)

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        return await self._ask(scope, 0, "remove", [canonical(key) for key in ids])

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        return await self._ask(scope, 0, "count", filters)

    async def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        start: str | None = None
        nothing: tuple[list[Item], str | None] = ([], None)
        while True:
            items, start = await self._ask(scope, nothing, "page", filters, start)
            for item in items:
                yield item
            if start is None:
                return

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        return await self._ask(scope, [], "tally", what, filters, limit)

    def _put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None) -> None:
        self._check_current(scope.workspace)
        self._call(scope.workspace, MADE, "put", scope, list(items), vectors, texts)
        self._first(scope.workspace)
