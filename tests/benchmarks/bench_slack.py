"""The bot in Slack: how soon it acknowledges and shows that it works, what a turn costs beside its tools, its memory.

    python -m tests.benchmarks.bench_slack [TURNS]

A real `spyglass serve` process against the local Slack of this process, over a real websocket.

- A rush: 100 threads ask about a photo within a second. Acknowledgements, first visible status, messages lost and
  answered twice. Baseline: a round trip to the local Slack that does nothing (api.test), while all is quiet.
- Overhead: turns one at a time; from the event's first delivery to the last call, without the time of the tools (the
  bot's own log says it) and without Slack's own answer time (the local Slack says it). Baseline: the tools' time.
- Memory: resident bytes of the bot and its workers, idle and after TURNS (1,000) turns.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp
import psutil

from bot.local_slack import LocalSlack
from bot.samples.drawings import draw_all

THREADS = 100
CHANNELS = 20
ALONE = 30
ACKNOWLEDGED, STATUS, OVERHEAD = 0.100, 0.500, 0.050
"""Bounds in seconds: p99, p95, p50."""
GROWTH = 1.2
"""Memory after the turns may be so many times that after the first tenth of them."""
VISIBLE = {"assistant.threads.setStatus", "chat.startStream", "chat.postMessage"}
QUESTION = "is this a dog, a flower or a car?"


class Bot:
    """The process, its log read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.turns: dict[str, dict[str, Any]] = {}
        """Seconds by kind, by the `ts` of the question."""
        self._asked: dict[str, str] = {}
        self.serving = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr
        async for raw in self.process.stderr:
            if not raw.startswith(b"{"):  # what is left of a killed process says something else
                continue
            line = json.loads(raw)
            match line["event"]:
                case "serving":
                    self.serving.set()
                case "asked":
                    self._asked[line["turn"]] = line["ts"]
                case "turn":
                    self.turns[self._asked[line["turn"]]] = line["seconds"]
                case _ if line["level"] in ("error", "warning"):
                    print(raw.decode().strip(), file=sys.stderr)

    def resident(self) -> int:
        """Bytes of the process and its workers; the database is not among them."""
        whole = psutil.Process(self.process.pid)
        family = [whole, *(child for child in whole.children(recursive=True) if "postgres" not in child.name())]
        return sum(one.memory_info().rss for one in family if one.is_running())


@asynccontextmanager
async def serving(slack: LocalSlack, home: Path) -> AsyncIterator[Bot]:
    environment = {
        "PATH": os.environ["PATH"],
        "SPYGLASS_HOME": str(home),
        "SPYGLASS_ENCODER": "builtin_encoder",
        "SPYGLASS_SLACK_USER_PER_MINUTE": "100000",
        "SPYGLASS_SLACK_CHANNEL_PER_MINUTE": "100000",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }
    command = [sys.executable, "-m", "bot.cli", "serve"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.PIPE)
    bot = Bot(process)
    try:
        async with asyncio.timeout(60):
            await bot.serving.wait()
        yield bot
    finally:
        process.terminate()
        await process.wait()


class Office:
    """People in channels, and what became of their questions."""

    def __init__(self, slack: LocalSlack, photo: Path, bot: Bot) -> None:
        self.slack, self.photo, self.bot = slack, photo, bot
        self.anna = slack.person("anna")
        self.channels: list[str] = []
        self.asked: dict[str, tuple[str, float]] = {}
        """`ts` -> channel and when."""

    async def open(self) -> None:
        self.channels = [await self.slack.channel(f"room{n}", members=[self.anna]) for n in range(CHANNELS)]

    async def ask(self, number: int, *, photo: bool = True) -> str:
        channel, at = self.channels[number % CHANNELS], time.time()
        files = [self.photo] if photo else []
        ts = await self.anna.post(channel, QUESTION if photo else "thanks!", files=files, mention=True)
        self.asked[ts] = (channel, at)
        return ts

    async def answered(self, questions: Sequence[str], seconds: float = 300) -> None:
        async with asyncio.timeout(seconds):
            while not all(ts in self.bot.turns for ts in questions):  # noqa: ASYNC110  its log tells, line by line
                await asyncio.sleep(0.02)

    def replies(self, ts: str) -> int:
        channel, _ = self.asked[ts]
        return sum(message.get("bot_id") is not None for message in self.slack.messages(channel, ts))

    def calls(self, ts: str) -> list[Any]:
        """Those of the turn of a question."""
        return [
            call for call in self.slack.calls if ts in json.dumps(call.arguments) or ts in json.dumps(call.response)
        ]

    def delivered(self, ts: str) -> float:
        """When the first event of a question was sent to the bot."""
        events = (one for one in reversed(self.slack.deliveries) if one.payload.get("event", {}).get("ts") == ts)
        return min(attempt.at for event in events for attempt in event.attempts[:1])

    def acknowledgements(self) -> list[float]:
        events = [delivery for delivery in self.slack.deliveries if delivery.kind == "events_api"]
        return [attempt.ended - attempt.at for delivery in events for attempt in delivery.attempts[:1]]


async def rush(office: Office) -> bool:
    """100 threads within a second."""
    await office.answered([await office.ask(0)])  # models are loaded
    before = len(office.acknowledgements())
    questions = []
    for number in range(THREADS):
        questions.append(await office.ask(number))
        await asyncio.sleep(0.9 / THREADS)
    await office.answered(questions)
    acknowledged = office.acknowledgements()[before:]
    first = [_first_visible(office, ts) for ts in questions]
    replies = Counter(office.replies(ts) for ts in questions)
    lost, doubled = replies[0], sum(count for number, count in replies.items() if number > 1)
    took = max(call.at_ended for call in office.slack.calls) - office.asked[questions[0]][1]
    p99, p95 = quantiles(acknowledged, n=100)[98], quantiles(first, n=20)[18]
    bare, ack = await _round_trip(office.slack), median(acknowledged)
    print(
        f"rush of {THREADS} threads in a second: acknowledged p50 {_ms(ack)}, p99 {_ms(p99)}, "
        f"{ack / bare:.1f} round trips of {_ms(bare)}; first status p50 {_ms(median(first))}, p95 {_ms(p95)}; "
        f"lost {lost}, doubled {doubled}; all answered in {took:.1f} s"
    )
    return p99 <= ACKNOWLEDGED and p95 <= STATUS and not lost and not doubled


async def _round_trip(slack: LocalSlack) -> float:
    taken = []
    async with aiohttp.ClientSession() as session:
        for _ in range(THREADS):
            began = time.perf_counter()
            async with session.post(f"{slack.api_url}api.test") as response:
                await response.read()
            taken.append(time.perf_counter() - began)
    return median(taken)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def _first_visible(office: Office, ts: str) -> float:
    visible = [call.at_ended for call in office.calls(ts) if call.method in VISIBLE and call.status == 200]
    return min(visible, default=float("inf")) - office.asked[ts][1]


async def overhead(office: Office) -> bool:
    """Turns one at a time."""
    ours, tools = [], []
    for number in range(ALONE):
        began = len(office.slack.calls)
        ts = await office.ask(number)
        await office.answered([ts])
        calls = office.slack.calls[began:]
        whole = max(call.at_ended for call in calls) - office.delivered(ts)
        tools.append(office.bot.turns[ts]["tools"])
        ours.append(whole - tools[-1] - _covered(calls))
    own, tool = median(ours), median(tools)
    print(f"overhead of a turn: {_ms(own)}, its tools {_ms(tool)}, ratio {own / tool:.2f} ({ALONE} turns, median)")
    return bool(own <= OVERHEAD)


def _covered(calls: Sequence[Any]) -> float:
    """Seconds in which at least one call was under way."""
    covered, until = 0.0, 0.0
    for call in sorted(calls, key=lambda call: call.at_started):
        covered += max(0.0, call.at_ended - max(call.at_started, until))
        until = max(until, call.at_ended)
    return covered


async def memory(office: Office, turns: int) -> bool:
    """Many turns, one in ten with a photo."""
    idle = office.bot.resident()
    early = idle
    for start in range(0, turns, 20):
        numbers = range(start, min(start + 20, turns))
        await office.answered([await office.ask(number, photo=number % 10 == 0) for number in numbers])
        if start <= turns // 10:
            early = office.bot.resident()
    after = office.bot.resident()
    print(f"memory: {idle / 1e6:.0f} MB before, {early / 1e6:.0f} MB after a tenth of {turns} turns, "
          f"{after / 1e6:.0f} MB after all of them: {after / early:.2f} times")  # fmt: skip
    return bool(after <= GROWTH * early)


async def measure(turns: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        photo = draw_all(Path(folder) / "pictures")["flower"]
        async with LocalSlack() as slack, serving(slack, Path(folder) / "home") as bot:
            office = Office(slack, photo, bot)
            await office.open()
            kept = [await rush(office), await overhead(office), await memory(office, turns)]
    return all(kept)


def main() -> int:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    return 0 if asyncio.run(measure(turns)) else 1


if __name__ == "__main__":
    sys.exit(main())
