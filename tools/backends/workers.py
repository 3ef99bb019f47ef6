"""Pebble process pools as `Workers`: killable, memory-limited, one lane per kind of work.

A lane has its own processes, so a hostile file that kills a decoder never takes a loaded encoder with it. Workers are
spawned (never forked: torch and onnxruntime do not survive a fork) when a task finds none idle. Each has a pool of its
own: two workers sharing one queue also share its locks, and a worker killed at the wrong moment keeps a lock for ever.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from multiprocessing import util
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import MappingProxyType, ModuleType
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
R = TypeVar("R")

GRACE = 2.0
"""Seconds past its deadline after which a worker that nobody killed (its parent is gone) kills itself."""

ENV = "/usr/bin/env"


@dataclass(frozen=True)
class Lane:
    """Limits of one kind of work."""

    processes: int
    seconds: float
    """A task still running after this is killed with its worker. Waiting for a worker does not count."""
    megabytes: int
    """Private memory one worker may hold (Linux only: macOS accepts such a limit and does not enforce it)."""


LANES: Mapping[str, Lane] = {
    # by the clock: 17 megapixels take 4 s of a processor, and some times that where others want it as well
    "decode": Lane(processes=max(2, min(4, os.cpu_count() or 2)), seconds=12, megabytes=1536),
    "read": Lane(processes=1, seconds=60, megabytes=4096),
    "encode": Lane(processes=1, seconds=120, megabytes=8192),
    "see": Lane(processes=1, seconds=300, megabytes=16384),
}


class PebbleWorkers:
    """`Workers` on this machine. Tasks of a lane start in the order they came.

    A worker starts without the program's main module (importing a command line costs more than decoding a photo), so a
    task must be importable: not defined in the script that runs.
    """

    def __init__(
        self, lanes: Mapping[str, Lane] = LANES, environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """environment: all that workers get to see of ours, which holds keys: they decode bytes from strangers."""
        self._lanes = lanes
        self._context = _LeanContext(environment)
        self._idle: dict[str, list[ProcessPool]] = {lane: [] for lane in lanes}
        self._busy: dict[ProcessPool, Future[Any] | None] = {}
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Semaphore]] = WeakKeyDictionary()

    async def run(self, lane: str, task: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """As the port says. A cancelled call gives up its place in the queue, or kills the worker that serves it."""
        call = (self._lanes[lane].seconds, task, args, kwargs)
        try:
            try:
                return await self._serve(lane, call)
            except BrokenProcessPool:  # the worker was found dead before it took the task
                return await self._serve(lane, call)
        except (BrokenProcessPool, ProcessExpired) as error:
            raise ChildProcessError(f"The {lane} worker died ({error}).") from None

    async def _serve(self, lane: str, call: tuple[float, Callable[..., R], tuple[Any, ...], dict[str, Any]]) -> R:
        async with self._worker(lane) as pool:
            future: Future[R] = pool.schedule(_obey, args=call, timeout=call[0])
            self._busy[pool] = future
            try:
                return await asyncio.wrap_future(future)
            except asyncio.CancelledError:
                if pool in self._busy:
                    raise
                raise ChildProcessError(f"The {lane} worker was closed before it was done.") from None

    @asynccontextmanager
    async def _worker(self, lane: str) -> AsyncIterator[ProcessPool]:
        """A worker for one task: an idle one when there is one, else a new one."""
        async with self._turn(lane):
            pool = self._take(lane)
            self._busy[pool] = None
            try:
                yield pool
            finally:
                if pool in self._busy:
                    del self._busy[pool]
                    self._idle[lane].append(pool)

    def _turn(self, lane: str) -> asyncio.Semaphore:
        turns = self._turns.setdefault(asyncio.get_running_loop(), {})
        return turns.setdefault(lane, asyncio.Semaphore(self._lanes[lane].processes))

    def _take(self, lane: str) -> ProcessPool:
        while self._idle[lane]:
            pool = self._idle[lane].pop()
            if pool.active:
                return pool
            _stop(pool)
        return ProcessPool(
            max_workers=1,
            context=self._context,
            initializer=_begin,
            initargs=[self._lanes[lane].megabytes],
        )

    async def close(self) -> None:
        """Kill every worker. Work under way is lost, and whoever waits for it hears a `ChildProcessError`."""
        pools = [pool for idle in self._idle.values() for pool in idle] + list(self._busy)
        under_way, self._busy = [future for future in self._busy.values() if future], {}
        self._idle = {lane: [] for lane in self._lanes}
        for future in under_way:
            future.cancel()
        await asyncio.gather(*(asyncio.to_thread(_stop, pool) for pool in pools))


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


# --- starting a worker ----------------------------------------------------------------------------


class _LeanProcess(SpawnProcess):
    """A spawned process with its own environment, that does not import the parent's main module."""

    environment: Mapping[str, str]

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        with _leanly(process_obj.environment):
            return SpawnProcess._Popen(process_obj)


class _LeanContext(SpawnContext):
    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__()
        self._environment = dict(environment)

    def Process(self, *args: Any, **kwargs: Any) -> _LeanProcess:  # type: ignore[override]  # noqa: N802
        process = _LeanProcess(*args, **kwargs)
        process.environment = self._environment
        return process


_spawning = threading.Lock()


@contextmanager
def _leanly(environment: Mapping[str, str]) -> Iterator[None]:
    """Hide `__main__` while multiprocessing notes what the child has to import, and start it through ``env -i``:
    multiprocessing itself hands on the whole environment."""

    def spawn_bare(path: Any, args: Any, passfds: Any) -> int:
        variables = [f"{name}={value}" for name, value in environment.items()]
        command = [ENV, "-i", *variables, os.fsdecode(path), *args[1:]]
        with _deaf_to_ctrl_c():
            return spawn(os.fsencode(ENV), command, passfds)

    with _spawning:
        spawn, main = util.spawnv_passfds, sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        util.spawnv_passfds = spawn_bare
        try:
            yield
        finally:
            util.spawnv_passfds = spawn
            sys.modules["__main__"] = main


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started meanwhile keeps SIGINT blocked, so that Ctrl-C cannot hit a worker before `_begin` ignores it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the worker --------------------------------------------------------------------------------


def _begin(megabytes: int) -> None:
    """Cap memory, write files for nobody else and no core dumps (they would hold people's images), be sure to die."""
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # dies at once, even inside a decoder that never returns
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    threading.Thread(target=_follow_parent, daemon=True).start()
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))


def _follow_parent() -> None:
    """Die with the parent, however it died."""
    parent = multiprocessing.parent_process()
    assert parent
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGKILL)


def _obey(seconds: float, task: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    # the kernel's alarm, because a decoder that holds the interpreter keeps `_follow_parent` from running
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
    try:
        return task(*args, **kwargs)
    except BaseException as error:
        _let_go(error)
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _let_go(error: BaseException | None) -> None:
    """Free what failed frames hold: the pool keeps the error, and with it a huge image, while the next task runs."""
    while error:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
