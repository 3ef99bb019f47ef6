"""What it means to a person that a worker was killed, ran out of memory or died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tools.kit.errors import CannotDo

WORKER_FAILED = (ChildProcessError, MemoryError, TimeoutError)
"""What `Workers.run` raises when the worker, not the task, failed."""


@contextmanager
def worker_failures_said(doing: str, way_out: str) -> Iterator[None]:
    """doing: starts the sentence ("Reading image 1"); way_out: ends it ("post a smaller one").

    Raises: CannotDo in place of what `Workers.run` raises when the worker, not the task, failed.
    """
    try:
        yield
    except TimeoutError:
        raise CannotDo(f"{doing} took too long: {way_out}.") from None
    except MemoryError:
        raise CannotDo(f"{doing} takes more memory than there is for it: {way_out}.") from None
    except ChildProcessError:
        raise CannotDo(f"{doing} broke off, because its worker process died: {way_out}.") from None
