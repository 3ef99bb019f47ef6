"""A full disk is said."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from tools.kit.errors import CannotDo


@contextmanager
def full_disk_said(way_out: str = "free some space on it and try again") -> Iterator[None]:
    """Raises: CannotDo in place of the error of a full disk or an exhausted quota."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise CannotDo(f"The disk is full: {way_out}.") from None
