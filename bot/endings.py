"""Signals that end the process."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """A closed terminal and a stopped container end us as Ctrl-C does, so that workers and database end as well."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    # one that is ignored (nohup) or that somebody else handles stays so
    taken = [ending for ending in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(ending) is signal.SIG_DFL]
    for ending in taken:
        loop.add_signal_handler(ending, signal.raise_signal, signal.SIGINT)
    try:
        yield
    finally:
        for ending in taken:
            loop.remove_signal_handler(ending)
