"""Pebble process pools as `Workers`: killable, memory-limited, one lane per kind of work.

A lane has its own processes, so a hostile file that kills a decoder never takes a loaded encoder with it. Workers are
spawned (never forked: torch and onnxruntime do not survive a fork) and started when a lane is first used.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Lane:
    """Limits of one kind of work."""

    processes: int
    seconds: float
    """A task still running after this is killed with its worker."""
    megabytes: int
    """Private memory one worker may hold."""


LANES: Mapping[str, Lane] = {
    "decode": Lane(processes=2, seconds=5, megabytes=1536),
    "read": Lane(processes=1, seconds=60, megabytes=4096),
    "encode": Lane(processes=1, seconds=120, megabytes=8192),
}


class PebbleWorkers:
    """`Workers` on this machine."""

    def __init__(self, lanes: Mapping[str, Lane] = LANES) -> None:
        self._lanes = lanes
        self._pools: dict[str, ProcessPool] = {}

    async def run(self, lane: str, task: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        limits = self._lanes[lane]
        future = self._pool(lane).schedule(task, args=list(args), kwargs=dict(kwargs), timeout=limits.seconds)
        try:
            result: R = await asyncio.wrap_future(future)
        except ProcessExpired as error:
            raise ChildProcessError(f"The {lane} worker died (exit code {error.exitcode}).") from None
        return result

    def _pool(self, lane: str) -> ProcessPool:
        if lane not in self._pools:
            limits = self._lanes[lane]
            self._pools[lane] = ProcessPool(
                max_workers=limits.processes,
                context=multiprocessing.get_context("spawn"),
                initializer=_limit,
                initargs=[limits.megabytes],
            )
        return self._pools[lane]

    async def close(self) -> None:
        """Kill every worker. Work under way is lost: whoever closes has waited for what it wants."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.stop()
            await asyncio.to_thread(pool.join)


def _limit(megabytes: int) -> None:
    """In the worker: cap private memory, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":  # macOS accepts the limit and does not enforce it
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
