"""What a sentence means: MiniLM and the bank of examples in `exemplars.txt` and `practised.txt`.

A ridge regression from the examples' embeddings to their intents (closed form, refitted in milliseconds) says how much
a sentence is like each intent as a whole; the nearest example of each intent says how close the closest match is. The
bank's embeddings are kept beside it, so a question costs one short embedding.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.kit import Embeddings, TextEncoder

WRITTEN = Path(__file__).with_name("exemplars.txt")
PRACTISED = Path(__file__).with_name("practised.txt")
"""What people said in the practice cases; `bot.evals.examples` writes it."""
KEPT = Path(__file__).with_name("exemplars.npz")
RIDGE = 1.0
"""Regularisation, chosen by leaving each example out in turn."""
AHEAD = 32
"""Questions that are embedded before they are asked for, at most."""
ALTERNATIVES = re.compile(r"\(([^()]*\|[^()]*)\)")


@cache
def bank() -> tuple[tuple[str, str], ...]:
    """(intent, sentence) of every example, alternatives written out."""
    intent, pairs = "", []
    for line in f"{WRITTEN.read_text(encoding='utf-8')}\n{PRACTISED.read_text(encoding='utf-8')}".splitlines():
        if line.startswith("["):
            intent = line.strip("[]")
        elif line and not line.startswith("#"):
            pairs += [(intent, sentence) for sentence in _written_out(line)]
    return tuple(pairs)


def _written_out(line: str) -> list[str]:
    parts = ALTERNATIVES.split(line)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in itertools.product(*choices)]


def digest() -> str:
    return hashlib.sha256(WRITTEN.read_bytes() + PRACTISED.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Fit:
    """The bank as numbers."""

    intents: list[str]
    examples: Embeddings
    """(n, dim), those of an intent together."""
    begins: NDArray[np.intp]
    """The first example of each intent."""
    weights: Embeddings
    """(dim + 1, intents), the intercept last."""


class Meaning:
    """Likeness of sentences to each intent."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._fit: Fit | None = None
        self._ahead: dict[tuple[str, ...], asyncio.Task[Embeddings]] = {}
        """What is embedded already, or soon, and was not yet asked for: the latest."""

    def expect(self, sentences: Sequence[str]) -> None:
        """`likeness` of these is soon asked for."""
        if len(self._ahead) >= AHEAD:  # it goes on: stopping it would end the worker
            self._ahead.pop(next(iter(self._ahead)))
        embedding = asyncio.create_task(self._embedded(sentences))
        embedding.add_done_callback(_seen)
        self._ahead[tuple(sentences)] = embedding

    async def _embedded(self, sentences: Sequence[str]) -> Embeddings:
        return await self._encoder.texts(sentences)

    async def likeness(self, sentences: Sequence[str]) -> list[dict[str, float]]:
        """For each sentence, by intent: about 1 for a clear case and 0 for none."""
        if not sentences:
            return []
        fit = self._fit or await self._fitted()
        ahead = self._ahead.pop(tuple(sentences), None)
        rows = await (ahead or self._embedded(sentences))
        linear = rows @ fit.weights[:-1] + fit.weights[-1]
        nearest = np.maximum.reduceat(rows @ fit.examples.T, fit.begins, axis=1)
        scores = 0.65 * linear + 0.35 * nearest
        return [dict(zip(fit.intents, map(float, row), strict=True)) for row in scores]

    async def _fitted(self) -> Fit:
        if _kept((await self._encoder.texts([bank()[0][1]]))[0]) is not None:
            self._fit = await asyncio.to_thread(_kept_fit, digest())
        else:
            examples = await self._encoder.texts([sentence for _, sentence in bank()])
            self._fit = await asyncio.to_thread(fitted, examples)
        return self._fit


def _seen(embedding: asyncio.Task[Embeddings]) -> None:
    """Nobody may ever ask for it: then its failure is nobody's."""
    if not embedding.cancelled():
        embedding.exception()


def fitted(examples: Embeddings) -> Fit:
    """The fit to the bank's embeddings, (n, dim) in the bank's order."""
    intents = list(dict.fromkeys(intent for intent, _ in bank()))
    owner = np.array([intents.index(intent) for intent, _ in bank()])
    order = np.argsort(owner, kind="stable")
    return Fit(
        intents=intents,
        examples=examples[order],
        begins=np.searchsorted(owner[order], np.arange(len(intents))),
        weights=ridge(examples, owner, len(intents)),
    )


def ridge(examples: Embeddings, owner: Embeddings, n: int) -> Embeddings:
    """(dim + 1, n) weights, the intercept last. Intents count alike, however many examples each has."""
    x = np.hstack([examples, np.ones((len(examples), 1), dtype=np.float32)])
    y = np.eye(n, dtype=np.float32)[owner]
    weight = (len(owner) / n / np.bincount(owner, minlength=n))[owner][:, None].astype(np.float32)
    penalty = RIDGE * np.eye(x.shape[1], dtype=np.float32)
    penalty[-1, -1] = 1e-6
    solved: Embeddings = np.linalg.solve(x.T @ (weight * x) + penalty, x.T @ (weight * y)).astype(np.float32)
    return solved


def _kept(probe: Embeddings) -> Embeddings | None:
    """The kept embeddings, when they are of this bank and of the encoder that made `probe` from its first sentence."""
    embeddings = _kept_embeddings(digest())
    if embeddings is None or embeddings.shape[1] != len(probe):
        return None
    return embeddings if float(embeddings[0] @ probe) > 0.98 else None


@cache
def _kept_embeddings(digest: str) -> Embeddings | None:
    """(n, dim), L2-normalised, when they are of the bank with this digest."""
    if not KEPT.exists():
        return None
    with np.load(KEPT) as file:
        if str(file["digest"]) != digest:
            return None
        embeddings: Embeddings = file["embeddings"].astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    return embeddings


@cache
def _kept_fit(digest: str) -> Fit:
    """The fit to the kept embeddings: the same for all planners of a process."""
    embeddings = _kept_embeddings(digest)
    assert embeddings is not None
    return fitted(embeddings)


def prepare() -> None:
    """Fit the kept embeddings, if there are any, before anybody asks."""
    if _kept_embeddings(digest()) is not None:
        _kept_fit(digest())


async def keep(encoder: TextEncoder) -> None:
    """Embed the bank and keep it beside the text; run after every change of the bank."""
    embeddings = await encoder.texts([sentence for _, sentence in bank()])
    # a byte a number: directions change by less than a thousandth, and the file stays small
    coarse = np.round(127 * embeddings / np.abs(embeddings).max(axis=1, keepdims=True)).astype(np.int8)
    np.savez_compressed(KEPT, embeddings=coarse, digest=digest())
    _kept_embeddings.cache_clear()
    _kept_fit.cache_clear()
