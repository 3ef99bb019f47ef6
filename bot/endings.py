"""Signals that end the process."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """A closed terminal and a stopped container end us as Ctrl-C does, so that workers and database end as well."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, main = asyncio.get_running_loop(), asyncio.current_task()
    assert main is not None
    # one that is ignored (nohup) or that somebody else handles stays so
    taken = [ending for ending in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(ending) is signal.SIG_DFL]
    for ending in taken:
        loop.add_signal_handler(ending, _end, main)
    try:
        yield
    finally:
        for ending in taken:
            loop.remove_signal_handler(ending)


def _end(main: asyncio.Task[Any]) -> None:
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.raise_signal(signal.SIGINT)
        return
    main.cancel()  # Ctrl-C is ignored, as in the background of a script; a SIGTERM is not
    main.add_done_callback(_as_ctrl_c_does)


def _as_ctrl_c_does(ended: asyncio.Task[Any]) -> None:
    raise KeyboardInterrupt
