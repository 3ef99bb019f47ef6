"""Items into an archive with everything they are found by: the picture's vector, their words, and what those mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.kit import Archive, Embeddings, Item, Scope, TextEncoder
from tools.kit.archive.words import gist_of


class Shelving:
    """Puts and revises; the archive itself takes down the words that are matched one by one."""

    def __init__(self, archive: Archive, meaning: TextEncoder) -> None:
        self._archive = archive
        self._meaning = meaning
        self._none: Embeddings | None = None

    async def put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings) -> None:
        """As `Archive.put`; `vectors`: (n, dim) float32, L2-normalised, of the pictures."""
        if items:
            await self._archive.put(scope, items, vectors, await self._texts(items))

    async def revise(self, scope: Scope, items: Sequence[Item]) -> None:
        """As `Archive.revise`: vectors of pictures stay."""
        if items:
            await self._archive.revise(scope, items, await self._texts(items))

    async def _texts(self, items: Sequence[Item]) -> Embeddings:
        """(n, dim) float32; a row of zeros where nothing is known in words."""
        gists = [gist_of(item) for item in items]
        told = {gist: number for number, gist in enumerate(dict.fromkeys(filter(None, gists)))}
        rows = await self._meaning.texts([*told]) if told else None
        if rows is None:
            return await self._zeros(len(items))
        out = np.zeros((len(items), rows.shape[1]), dtype=np.float32)
        for number, gist in enumerate(gists):
            if gist:
                out[number] = rows[told[gist]]
        return out

    async def _zeros(self, number: int) -> Embeddings:
        """(number, dim) float32: the meaning of what has no words."""
        if self._none is None:
            self._none = np.zeros((1, (await self._meaning.texts([])).shape[1]), dtype=np.float32)
        return np.repeat(self._none, number, axis=0)
