"""An event loop in a thread beside the main one, so that the main thread can wait for a person with the line editor
and take Ctrl-C, while pools, servers and timers go on."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

T = TypeVar("T")

NUDGES = (0.05, 0.2, 1.0, 3.0)
"""Seconds after a signal at which the main thread is woken, in case it began to wait for keys just then."""


class Beside:
    """Used in the main thread, as a context manager."""

    def __init__(self) -> None:
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="beside")
        self._under_way: asyncio.Task[Any] | None = None

    def __enter__(self) -> Self:
        self._heard, self._told = os.pipe()
        os.set_blocking(self._told, False)
        self._before = signal.set_wakeup_fd(self._told, warn_on_full_buffer=False)
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._before)
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()
        os.close(self._heard)
        os.close(self._told)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done = asyncio.Event()
        self._loop.add_reader(self._heard, self._nudge)
        self._started.set()
        await self._done.wait()
        self._loop.remove_reader(self._heard)

    def _nudge(self) -> None:
        """Wake the main thread some moments after a signal came.

        Python keeps a signal that comes just before the line editor waits until the next key, or the next signal: so a
        harmless one follows. Only the line editor listens to it.
        """
        os.read(self._heard, 512)
        main = threading.main_thread().ident
        assert main is not None
        for seconds in NUDGES:
            self._loop.call_later(seconds, signal.pthread_kill, main, signal.SIGWINCH)

    def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work comes to. Ctrl-C cancels the work alone, and waits until it has tidied up.

        Raises: asyncio.CancelledError when it was cancelled; KeyboardInterrupt, after cancelling it, when the process
        is to end.
        """
        waiting = asyncio.run_coroutine_threadsafe(self._finished(work), self._loop)
        with self._ctrl_c_cancels():
            try:
                task = waiting.result()
            except KeyboardInterrupt:
                self._loop.call_soon_threadsafe(self._cancel)
                waiting.result()
                raise
        return task.result()

    async def _finished(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        self._under_way = task = asyncio.create_task(work)
        await asyncio.wait([task])
        self._under_way = None
        return task

    def _cancel(self) -> None:
        if self._under_way:
            self._under_way.cancel()

    @contextmanager
    def _ctrl_c_cancels(self) -> Iterator[None]:
        before = signal.signal(signal.SIGINT, lambda *_: self._loop.call_soon_threadsafe(self._cancel))
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """A closed terminal and a stopped container end the process as Ctrl-C at the prompt does."""
    # one that is ignored (nohup) or that somebody else handles stays so
    taken = [ending for ending in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(ending) is signal.SIG_DFL]
    for ending in taken:
        signal.signal(ending, signal.default_int_handler)
    try:
        yield
    finally:
        for ending in taken:
            signal.signal(ending, signal.SIG_DFL)
