"""Whether what an archive is given fits: scopes, items, vectors, ids, encoders."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tools.kit import Embeddings, Item, Scope


def check_scope(scope: Scope) -> None:
    """Raises: ValueError for a scope that names no workspace or no audience."""
    if not scope.workspace or not scope.audiences:
        raise ValueError("A scope names a workspace and at least one audience.")


def check_put(
    scope: Scope,
    items: Sequence[Item],
    vectors: Embeddings,
    texts: Embeddings | None,
    dims: tuple[int, int],
) -> None:
    """dims: of the collection's pictures and texts.

    Raises: ValueError when an item is outside the scope, or the vectors do not fit the items or the collection.
    """
    check_items(scope, items)
    check_shape(vectors, len(items), dims[0])
    check_texts(texts, len(items), dims[1])


def check_texts(texts: Embeddings | None, count: int, dim: int) -> None:
    """Raises: ValueError when they do not fit the items or the collection."""
    if texts is not None:
        check_shape(texts, count, dim)


def check_shape(vectors: Embeddings, count: int, dim: int) -> None:
    """Raises: ValueError when they are not `count` vectors of the collection's size."""
    if vectors.shape != (count, dim):
        raise ValueError(f"Vectors of shape {vectors.shape} for {count} items of a collection of {dim} dimensions.")


def check_query(vector: Embeddings, dim: int) -> None:
    """Raises: ValueError when it is not of the collection's size."""
    if vector.shape != (dim,):
        raise ValueError(f"A vector of shape {vector.shape} for a collection of {dim} dimensions.")


def check_items(scope: Scope, items: Sequence[Item]) -> None:
    """Raises: ValueError when an item is outside the scope."""
    check_scope(scope)
    outside = {item.audience for item in items} - set(scope.audiences)
    if outside:
        raise ValueError(f"Items of {', '.join(sorted(outside))} are outside the scope.")


def another_encoder(place: str, bound: str, asked: str) -> str:
    """The sentence for an archive whose vectors are from another space."""
    return (
        f"The archive in {place} was made with the encoder {bound}, and this is {asked}: their vectors cannot be "
        "compared. Set SPYGLASS_ENCODER to the one it was made with, or make it anew: spyglass index --fresh PATH"
    )


def being_moved(workspace: str) -> str:
    """The sentence for who would write into it."""
    return (
        f"The archive of {workspace} is being moved, and takes nothing in for a moment: try again. If that was stopped "
        "half-way, run it again (spyglass archive move)."
    )


def canonical(key: str) -> str:
    """An id as it is stored, however its UUID was written. Raises: ValueError when it is none."""
    return str(UUID(key))
