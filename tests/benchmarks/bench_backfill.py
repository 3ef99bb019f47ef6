"""The archive of a channel in Slack: how soon what is posted is found, and whether a long history comes in whole.

    python -m tests.benchmarks.bench_backfill [MESSAGES, 0 for the first part alone]

A real `spyglass serve` process against the local Slack of this process.

- Findable: PICTURES photos are posted, one every two seconds, then as many, one a second, while somebody asks a
  question with an image every five seconds. From the moment a photo is posted until a search finds it; text, tags and
  caption are found out meanwhile (`SPYGLASS_ARCHIVE_ENRICH`). With the cores that the bot and its workers
  keep busy meanwhile, for the questions too.
- Backfill: a channel of MESSAGES (1,000; the figure is stated for 10,000) messages with an image each, every tenth of
  them in a thread, is looked through while every half a second each kind of call, downloads too, is about to be
  answered with 429 with a chance of one half: a call that comes alone fails every other time. The process is killed
  (SIGKILL) five times on the way and started again. In the end every image is in the archive, once.
"""

from __future__ import annotations

import asyncio
import io
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import psutil
import psycopg
from PIL import Image

from bot.archive.ids import posting_id
from bot.local_slack import LocalSlack, Person
from bot.local_slack.faults import Failure
from bot.samples.drawings import draw_all
from bot.settings import Settings
from bot.slack.archiving.telling import labels
from bot.slack.messages import COMMAND
from bot.slack.scopes import scope_of
from bot.wiring import Wiring
from tests.benchmarks.bench_slack import Bot

PICTURES, ASKED_EVERY = 20, 5.0
PACES = (2.0, 1.0)
"""Seconds between two photos."""
FINDABLE = 5.0
"""Bound in seconds for each of them."""
KILLS = 5
THREADED = 10
REFUSED, REFUSING = 0.5, 0.5
"""Seconds between two rounds of refusals, and the chance that a kind of call is refused in one. Were each refused in
each round, none that waits as long as it is told would ever be answered."""
PATIENCE = 3600.0


@asynccontextmanager
async def serving(slack: LocalSlack, home: Path, database: str, *, enrich: bool) -> AsyncIterator[Bot]:
    """With enrichment it is `spyglass serve` as it is, without it one that looks through histories in a hurry."""
    environment = {
        "PATH": os.environ["PATH"],
        "SPYGLASS_HOME": str(home),
        "SPYGLASS_DATABASE_URL": database,
        "SPYGLASS_ENCODER": "builtin_encoder",
        "SPYGLASS_ARCHIVE_ENRICH": str(enrich),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }
    command = [sys.executable, "-m", *(("bot.cli", "serve") if enrich else ("tests.benchmarks.hurried",))]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.PIPE)
    bot = Bot(process)
    try:
        async with asyncio.timeout(120):
            await bot.serving.wait()
        yield bot
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


class Rows:
    """What the bot's tables say."""

    def __init__(self, url: str) -> None:
        self._db = psycopg.connect(url, autocommit=True, options="-c search_path=spyglass")

    def archived(self, channel: str) -> set[tuple[str, str]]:
        """`ts` and file of what is found by now: a row says so in the transaction that puts it into the archive."""
        query = "select ts, file from archive_postings where channel = %s and state in ('shelved', 'done')"
        return set(self._db.execute(query, [channel]).fetchall())

    def number(self, channel: str) -> int:
        query = "select count(*) from archive_postings where channel = %s and state in ('shelved', 'done')"
        row = self._db.execute(query, [channel]).fetchone()
        return int(row[0]) if row else 0

    def idle(self) -> bool:
        return self._db.execute("select from archive_postings where work is not null limit 1").fetchone() is None

    def over(self, channel: str) -> bool:
        query = "select state from archive_backfills where channel = %s"
        return self._db.execute(query, [channel]).fetchone() == ("over",)


async def opted_in(slack: LocalSlack, channel: str, anna: Person) -> str:
    await anna.slash(COMMAND, "archive on", channel)
    await slack.until(lambda: [one for one in slack.messages(channel) if "bot_id" in one], 60)
    return str(next(one["ts"] for one in slack.messages(channel) if "bot_id" in one))


# --- how soon ---------------------------------------------------------------------------------------


async def findable(slack: LocalSlack, home: Path, database: str, pictures: dict[str, Path]) -> bool:
    async with serving(slack, home, database, enrich=True) as bot:
        rows, flower = Rows(database), pictures["flower"]
        asking = asyncio.create_task(_ask(slack, pictures["temple"]))
        await _posted(slack, rows, "first", flower, [2 * ASKED_EVERY])  # models are loaded
        kept = list[bool]()
        for pace in PACES:
            await _until(rows.idle)
            before, started = _processor_time(bot), time.monotonic()
            seconds = await _posted(slack, rows, f"photos-{pace:.0f}", flower, [pace] * PICTURES)
            used, lasted = _processor_time(bot) - before, time.monotonic() - started
            kept.append(seconds[-1] <= FINDABLE)
            print(
                f"findable: {len(seconds)} photos, one every {pace:.0f} s, a question every {ASKED_EVERY:.0f} s: "
                f"p50 {median(seconds):.2f} s, slowest {seconds[-1]:.2f} s "
                f"(bound {FINDABLE:.0f} s: {'kept' if kept[-1] else 'NOT KEPT'}); {used / lasted:.2f} of "
                f"{os.cpu_count()} cores used by the bot, load average {os.getloadavg()[0]:.1f}"
            )
        asking.cancel()
    return all(kept)


async def _posted(slack: LocalSlack, rows: Rows, name: str, flower: Path, pauses: list[float]) -> list[float]:
    """A photo, then a pause, for each of them. Returns the seconds until each was found, the shortest first."""
    anna = slack.person("anna")
    channel = await slack.channel(name, [anna])
    await opted_in(slack, channel, anna)
    posted, took, photo = dict[str, float](), dict[str, float](), Image.open(flower).convert("RGB")
    for number, pause in enumerate(pauses):
        written = io.BytesIO()
        photo.rotate(number + len(name), resample=Image.Resampling.BILINEAR).save(written, "JPEG", quality=90)
        picture = (f"{number}.jpg", written.getvalue())
        until = time.monotonic() + pause
        posted[await anna.post(channel, f"number {number}", files=[picture])] = time.monotonic()
        while time.monotonic() < until:
            _note(rows, channel, posted, took)
            await asyncio.sleep(0.02)
    while len(took) < len(posted):
        _note(rows, channel, posted, took)
        await asyncio.sleep(0.02)
    return sorted(took.values())


async def _ask(slack: LocalSlack, picture: Path) -> None:
    ben = slack.person("ben")
    channel = await slack.channel("questions", [ben])
    while True:
        await ben.post(channel, "is this a dog or a flower?", files=[picture], mention=True)
        await asyncio.sleep(ASKED_EVERY)


def _processor_time(bot: Bot) -> float:
    """Seconds of the process and its workers so far; the database is not among them."""
    whole = psutil.Process(bot.process.pid)
    times = [one.cpu_times() for one in (whole, *whole.children(recursive=True)) if "postgres" not in one.name()]
    return sum(each.user + each.system for each in times)


def _note(rows: Rows, channel: str, posted: dict[str, float], took: dict[str, float]) -> None:
    for ts, _ in rows.archived(channel):
        took.setdefault(ts, time.monotonic() - posted[ts])


# --- a long history ---------------------------------------------------------------------------------


async def backfilled(slack: LocalSlack, home: Path, database: str, messages: int) -> bool:
    anna = slack.person("anna")
    channel = await slack.channel("history", [anna], bot=False)
    await _written(anna, channel, messages)
    await slack.invite(channel, None)
    rows, started = Rows(database), time.monotonic()
    async with serving(slack, home, database, enrich=False):
        ts = await opted_in(slack, channel, anna)
        await anna.press(channel, ts, labels.BACKFILL)
    refused = list[Failure]()
    refusing = asyncio.create_task(_refuse(slack, refused))
    for kill in range(1, KILLS + 1):
        async with serving(slack, home, database, enrich=False) as bot:
            await _until(lambda kill=kill: rows.number(channel) >= messages * kill // (KILLS + 1))
            bot.process.kill()
            await bot.process.wait()
    async with serving(slack, home, database, enrich=False):
        await _until(lambda: rows.over(channel))
    seconds = time.monotonic() - started
    refusing.cancel()
    struck = Counter({one.method: 0 for one in refused})
    for one in refused:
        struck[one.method] += one.struck
    return await _told(slack, home, channel, messages, seconds, struck)


async def _written(anna: Person, channel: str, messages: int) -> None:
    """Each with an image of its own; every THREADED one is a reply to the one before."""
    before = ""
    for number in range(messages):
        colour = (number % 256, number // 256 % 256, 128)
        written = io.BytesIO()
        Image.new("RGB", (64, 64), colour).save(written, "PNG")
        root = before if number % THREADED == THREADED - 1 else None
        picture = (f"{number}.png", written.getvalue())
        before = await anna.post(channel, f"number {number}", files=[picture], thread_ts=root)
        if number % 500 == 0:
            await asyncio.sleep(0)


async def _refuse(slack: LocalSlack, refused: list[Failure]) -> None:
    """Slack is busy, again and again; `refused` comes to say how often."""
    chance = random.Random(0)
    while True:
        for call in ("conversations.history", "conversations.replies", "download"):
            if chance.random() < REFUSING:
                failure = slack.faults.fail(call, times=1, status=429, retry_after=1)
                refused.append(failure)
        await asyncio.sleep(REFUSED)
        slack.faults.clear()


async def _until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  it is in a table
            await asyncio.sleep(0.05)


async def _told(
    slack: LocalSlack, home: Path, channel: str, messages: int, seconds: float, refused: Counter[str]
) -> bool:
    state = slack.workspace.state.channels[channel]
    said = [record for record in state.messages.values() if "_files" in record]
    wanted = {posting_id(channel, record["ts"], file) for record in said for file in record["_files"]}
    async with Wiring(Settings(home=home, encoder="builtin_encoder")) as wiring:
        archive = (await wiring.pair(slack.team)).archive
        items = [item async for item in archive.scan(scope_of(slack.team, channel))]
    found = Counter((item.post.ts, item.post.file) if item.post else ("", "") for item in items)
    twice = sum(number > 1 for number in found.values())
    missing = len(wanted - {item.id for item in items})
    whole = not missing and not twice and len(items) == messages == len(wanted)
    print(
        f"backfill: {messages:,} messages, {len(items):,} images in the archive, {missing} missing, {twice} twice; "
        f"killed {KILLS} times, {sum(refused.values())} x 429 ({dict(refused)}); {seconds:.0f} s, "
        f"{messages / seconds:.1f} images a second ({'whole' if whole else 'NOT WHOLE'})"
    )
    return whole


async def main(messages: int) -> int:
    with tempfile.TemporaryDirectory(prefix="spyglass-bench-") as folder:
        root = Path(folder)
        pictures = draw_all(root / "pictures")
        async with Wiring(Settings(home=root / "database")) as wiring:
            database = await wiring.database_url()
            async with LocalSlack(root / "slack", retries=(0, 1, 5)) as slack:
                kept = [await findable(slack, root / "home", database, pictures)]
                if messages:
                    kept.append(await backfilled(slack, root / "home", database, messages))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)))
