"""A broken shard file makes the engine, which is Rust, panic. Here a panic becomes one sentence with the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.kit import CannotDo


@contextmanager
def damage_said(folder: Path) -> Iterator[None]:
    """Raises: CannotDo in place of a panic of the engine. Pyo3 derives panics from BaseException, and gives no name to
    import them by; all else, an interrupt too, passes."""
    try:
        yield
    except BaseException as error:
        if not panicked(error):
            raise
        raise CannotDo(
            f"The archive in {folder} is damaged: index your images again with `spyglass index --fresh PATH`."
        ) from None


def panicked(error: BaseException) -> bool:
    return any(kind.__name__ == "PanicException" for kind in type(error).__mro__)
