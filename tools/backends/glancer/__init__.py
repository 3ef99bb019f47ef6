"""What images look like at a glance, in the "decode" lane: colours, a perceptual hash, the kind of picture, and whether
there may be text on it. From pixels alone, without any network: some milliseconds an image."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tools.backends.common.worker_failures import WORKER_FAILED
from tools.backends.glancer.looking import glances
from tools.kit.parts import Parts
from tools.kit.ports import Glancer, Workers
from tools.kit.types import Glance

TOGETHER = 16
"""Files a task: few enough to be done well within the lane's deadline."""


def build(rest: str, parts: Parts) -> Glancer:
    """`rest` is not used."""
    return WorkerGlancer(parts.workers)


class WorkerGlancer:
    """`Glancer` in the workers that decode."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def glance(self, files: Sequence[Path]) -> list[Glance | None]:
        chunks = [list(files[start : start + TOGETHER]) for start in range(0, len(files), TOGETHER)]
        return [found for chunk in await asyncio.gather(*map(self._glance, chunks)) for found in chunk]

    async def _glance(self, files: list[Path]) -> list[Glance | None]:
        """A file that kills its worker or takes too long costs nobody else: the others are tried again one by one."""
        try:
            return await self._workers.run("decode", glances, files)
        except WORKER_FAILED:
            if len(files) == 1:
                return [None]
            return [found for file in files for found in await self._glance([file])]
