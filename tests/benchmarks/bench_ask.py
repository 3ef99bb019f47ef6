"""A question, cold and warm: what is ours of the time, beside the encoder and the archive.

    python -m tests.benchmarks.bench_ask

Warm: `Turns.ask` with classify and with search in one process. Baseline: the time inside the encoder's and the
archive's own calls in the same turns. Cold: the whole command in a fresh process, once its models are prepared.
Baseline: the same interpreter importing nothing but numpy and the OCR runtime.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from bot.samples.drawings import draw_all
from bot.settings import Settings
from bot.turns.intake import Posted
from bot.turns.running import Turns
from bot.wiring import OWNER, Wiring

ROUNDS = 15
OVERHEAD = 0.150
"""Seconds of our own a warm turn may take."""
COLD = 5.0
"""Seconds until the first answer of a cold process."""


class Timed:
    """Remembers how long the calls of a port took, from now on."""

    def __init__(self, port: Any) -> None:
        self.seconds = 0.0
        for name in dir(port):
            if not name.startswith("_") and asyncio.iscoroutinefunction(getattr(port, name)):
                vars(port)[name] = self._timed(getattr(port, name))

    def _timed(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def timed(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return await call(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


async def warm(settings: Settings, pictures: dict[str, Path]) -> bool:
    kept = True
    async with Wiring(settings) as wiring:
        async for _ in wiring.index([pictures["flower"].parent], prune=False, fresh=True):
            pass
        encoder, archive = (Timed(port) for port in await wiring.pair(OWNER.workspace))
        turns = Turns(wiring)
        files = [Posted("flower.jpg", pictures["flower"])]
        for name, question in {"classify": "is this a dog, a flower or a car?", "search": "find 3 flowers"}.items():
            ours, theirs = [], []
            for number in range(ROUNDS + 1):
                encoder.seconds = archive.seconds = 0.0
                answer = await turns.ask(question, files, thread=f"local:bench:{name}{number}", scope=OWNER)
                assert answer.tools[0]["name"] == name
                ours.append(answer.seconds - encoder.seconds - archive.seconds)
                theirs.append(encoder.seconds + archive.seconds)
            own, port = median(ours[1:]), median(theirs[1:])
            print(f"warm ask, {name}: ours {1000 * own:.0f} ms, encoder and archive {1000 * port:.0f} ms, "
                  f"ratio {own / port:.2f} ({ROUNDS} turns, median)")  # fmt: skip
            kept = kept and own <= OVERHEAD
    return kept


def cold(settings: Settings, pictures: dict[str, Path]) -> bool:
    command = ["-m", "bot.cli", "ask", str(pictures["flower"]), "-q", "is this a dog, a flower or a car?"]
    bare = ["-c", "import numpy, onnxruntime"]
    environment = {"SPYGLASS_HOME": str(settings.home), "SPYGLASS_ENCODER": settings.encoder, "PATH": "/usr/bin:/bin"}
    taken: dict[str, list[float]] = {"ask": [], "bare": []}
    for _ in range(5):
        for name, arguments in (("ask", command), ("bare", bare)):
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
            taken[name].append(time.perf_counter() - started)
    ask, imports = median(taken["ask"]), median(taken["bare"])
    print(f"cold ask: {ask:.2f} s, importing numpy and onnxruntime {imports:.2f} s, ratio {ask / imports:.1f} (5 runs)")
    return ask <= COLD


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", encoder="builtin_encoder")
        pictures = draw_all(Path(folder) / "pictures")
        kept = [asyncio.run(warm(settings, pictures)), cold(settings, pictures)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
