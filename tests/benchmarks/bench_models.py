"""Models behind providers: what is sent, what our own part of a call takes, and how many can be under way.

    python -m tests.benchmarks.bench_models

The provider is the local one of the tests, in a process of its own. Baselines, in the same run: the anthropic SDK as
tutorials use it (and openai's), with every full photo in every turn; the bare SDK call with the same image; a cached
repeat's first asking; one turn alone.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image as Pillow

from bot.settings import Settings
from bot.turns.intake import Posted
from bot.turns.running import Turns
from bot.wiring import OWNER, Wiring
from tests.benchmarks.providing import Tally, served
from tests.fakes import MemoryAnswers
from tools.backends import anthropic, openai
from tools.backends.chat_vision import ChatVision, Models
from tools.backends.workers import PebbleWorkers
from tools.kit import Image, ImageRef, VisionModel
from tools.kit.parts import Parts
from tools.look import look

FEWER = 10
"""Times fewer bytes, and tokens, than with every full photo in every turn."""
OVERHEAD = 0.010
"""Seconds of our own that a call of a model may take, by the median."""
REPEAT = 0.050
"""Seconds in which a question that was asked before is answered, by the median."""
TURNS = 50
SLOW = 1.0
"""Seconds until the slow provider begins to answer."""
GROWTH = 300e6
"""Bytes by which those turns may make the process grow."""
LARGE, SMALL = "claude-sonnet-5", "claude-haiku-4-5"
"""One sees photos in high resolution; the other makes them small by itself, so that fewer tokens can be saved."""
MODELS = (LARGE, "gpt-5.5", SMALL)
PHOTO = (4000, 3000)
THREAD: Sequence[tuple[Sequence[int], str]] = (
    ((1,), "What is in this photo?"),
    ((1,), "How many people are there?"),
    ((2,), "What colour is the car?"),
    ((2,), "What does the sign say?"),
    ((3,), "Is it indoors or outdoors?"),
    ((1, 2, 3), "Which of the three was taken at night?"),
    ((3,), "What is to the left of the door?"),
    ((1,), "How many people are there?"),
    ((1, 2), "What differs between them?"),
    ((1,), "What is the person doing?"),
)
"""Ten questions of a thread with three photos, and the images each is about."""


def photos(folder: Path) -> dict[int, Image]:
    """Photos of 12 megapixels as a telephone takes them (JPEG beside what intake makes of it)."""
    folder.mkdir(parents=True)
    made = {}
    for number in (1, 2, 3):
        some = np.random.default_rng(number)
        coarse = Pillow.fromarray(some.integers(0, 256, (24, 32, 3), dtype=np.uint8))
        smooth = np.asarray(coarse.resize(PHOTO, Pillow.Resampling.BICUBIC), dtype=np.float32)
        grain = some.normal(0, 4, (PHOTO[1], PHOTO[0], 1)).astype(np.float32)
        picture = Pillow.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))
        name = f"{number:064x}"
        picture.save(folder / f"{name}.jpg", quality=85)
        picture.save(folder / f"{name}.png", compress_level=1)
        ref = ImageRef(
            handle=f"image {number}",
            sha256=name,
            mime="image/jpeg",
            width=PHOTO[0],
            height=PHOTO[1],
            name=f"photo{number}.jpg",
        )
        made[number] = Image(ref, folder / f"{name}.png")
    return made


def eyes(url: str, name: str, answers: MemoryAnswers | None = None) -> ChatVision:
    options = {
        "anthropic_api_key": "k",
        "anthropic_base_url": url,
        "openai_api_key": "k",
        "openai_base_url": f"{url}/v1",
        "openai_wire": "responses",
    }
    parts = Parts(home=Path("unused"), workers=PebbleWorkers(), options=options)
    model = openai.build(name, parts) if name.startswith("gpt") else anthropic.build(name, parts)
    return ChatVision(Models([model]), answers=answers)


# --- what is sent -------------------------------------------------------------------------------


async def as_tutorials_do(url: str, name: str, images: dict[int, Image]) -> None:
    """One conversation; every photo as it was taken, in every turn."""
    from anthropic import AsyncAnthropic

    history: list[Any] = []
    async with AsyncAnthropic(api_key="k", base_url=url) as client:
        full = [_inline(image.path.with_suffix(".jpg").read_bytes()) for image in images.values()]
        for _, question in THREAD:
            turn: Any = {"role": "user", "content": [*full, {"type": "text", "text": question}]}
            answer = await client.messages.create(model=name, max_tokens=300, messages=[*history, turn])
            said = {"role": "assistant", "content": answer.content[0].text}  # type: ignore[union-attr]
            history += [{"role": "user", "content": question}, said]


async def as_openai_tutorials_do(url: str, name: str, images: dict[int, Image]) -> None:
    """The same by the openai SDK's Responses."""
    from openai import AsyncOpenAI

    history: list[Any] = []
    async with AsyncOpenAI(api_key="k", base_url=f"{url}/v1") as client:
        data = [base64.b64encode(image.path.with_suffix(".jpg").read_bytes()).decode() for image in images.values()]
        full = [
            {"type": "input_image", "detail": "auto", "image_url": f"data:image/jpeg;base64,{each}"} for each in data
        ]
        for _, question in THREAD:
            turn: Any = {"role": "user", "content": [*full, {"type": "input_text", "text": question}]}
            answer = await client.responses.create(model=name, max_output_tokens=300, input=[*history, turn])
            said = {"role": "assistant", "content": answer.output_text}
            history += [{"role": "user", "content": question}, said]


async def as_we_do(url: str, name: str, images: dict[int, Image]) -> None:
    vision = eyes(url, name, MemoryAnswers())
    for numbers, question in THREAD:
        await look([images[number] for number in numbers], question, vision=vision)


def _inline(data: bytes) -> dict[str, Any]:
    source = {"type": "base64", "media_type": "image/jpeg", "data": base64.b64encode(data).decode()}
    return {"type": "image", "source": source}


async def sent(folder: Path) -> bool:
    images = photos(folder / "local")
    size = sum(image.path.with_suffix(".jpg").stat().st_size for image in images.values()) / 3
    kept = True
    for name in MODELS:
        tallies = []
        for ask in (as_openai_tutorials_do if name.startswith("gpt") else as_tutorials_do, as_we_do):
            with served() as provider:
                await ask(provider.url, name, images)
                tallies.append(provider.tally())
        theirs, ours = tallies
        bytes_fewer, tokens_fewer, paid_fewer = (
            theirs.bytes / ours.bytes, theirs.input / ours.input, theirs.paid / ours.paid
        )  # fmt: skip
        print(f"{name}, 10 questions over 3 photos of {size / 1e6:.1f} MB: {bytes_fewer:.0f} times fewer bytes, "
              f"{tokens_fewer:.1f} times fewer tokens, {paid_fewer:.1f} times as they are paid. Ours: {_told(ours)}. "
              f"Every full photo in every turn: {_told(theirs)}.")  # fmt: skip
        kept = kept and bytes_fewer >= FEWER and (name == SMALL or min(tokens_fewer, paid_fewer) >= FEWER)
    return kept


def _told(tally: Tally) -> str:
    return (
        f"{tally.calls} calls, {tally.bytes / 1e6:.2f} MB, {tally.input} tokens ({tally.cached} from the cache, "
        f"{tally.paid:.0f} as paid)"
    )


# --- our own part of a call ---------------------------------------------------------------------


async def overhead(folder: Path, rounds: int = 60) -> bool:
    """The same image and words by our engine and by the bare SDK, streamed, one after the other."""
    from anthropic import AsyncAnthropic

    image = photos(folder / "local")[1]
    ours, bare = [], []
    with served() as provider:
        vision = eyes(provider.url, SMALL)
        async with AsyncAnthropic(api_key="k", base_url=provider.url) as client:
            await vision.look([image], "What is it?")
            heard = provider.last()
            asked = {name: value for name, value in heard.items() if name != "stream"}
            for number in range(rounds):
                ours.append(await _timed(vision.look([image], f"What is it, {number}?")))
                bare.append(await _timed(_streamed(client, asked)))
    extra = median(one - other for one, other in zip(ours[5:], bare[5:], strict=True))
    print(f"a call of a model: ours {1e3 * median(ours[5:]):.1f} ms, the bare SDK {1e3 * median(bare[5:]):.1f} ms, "
          f"overhead p50 {1e3 * extra:.1f} ms ({rounds - 5} calls)")  # fmt: skip
    return extra <= OVERHEAD


async def _streamed(client: Any, asked: dict[str, Any]) -> None:
    async with client.messages.stream(**asked) as stream:
        await stream.get_final_message()


async def _timed(call: Any) -> float:
    started = time.perf_counter()
    await call
    return time.perf_counter() - started


# --- whole, with the database -------------------------------------------------------------------


@asynccontextmanager
async def wired(folder: Path, url: str) -> AsyncIterator[Wiring]:
    spec = f"anthropic:{SMALL}"
    settings = Settings(
        home=folder / "home", encoder="builtin_encoder", model=spec, vision=spec,
        anthropic_api_key="k", anthropic_base_url=url,
    )  # fmt: skip
    async with Wiring(settings) as wiring:
        yield wiring


async def repeated(folder: Path, rounds: int = 40) -> bool:
    image = photos(folder / "local")[1]
    with served() as provider:
        async with wired(folder, provider.url) as wiring:
            vision = await wiring.lend(VisionModel)
            first = await _timed(vision.look([image], "What is it?"))
            again = [await _timed(vision.look([image], "What is it?")) for _ in range(rounds)]
            calls = provider.tally().calls
    print(f"the same question again: {1e3 * median(again):.1f} ms, asked for the first time {1e3 * first:.0f} ms "
          f"({rounds} repeats, answers in PostgreSQL)")  # fmt: skip
    return calls == 1 and median(again) <= REPEAT


async def together(folder: Path) -> bool:
    """Turns of as many threads, each with a photo, a plan by a model and a look by a model, all slow."""
    images = photos(folder / "local")
    files = [[Posted(f"photo{n}.jpg", images[n].path.with_suffix(".jpg"))] for n in images]
    with served(first=SLOW) as provider:
        async with wired(folder, provider.url) as wiring:
            turns = Turns(wiring)
            for number, file in enumerate(files):  # the photos are decoded, and models imported, before it counts
                alone = await _timed(turns.ask(f"What is it, {number}?", file, thread=f"warm{number}", scope=OWNER))
            before = _resident_from_now()
            started = time.perf_counter()
            asking = (
                turns.ask(f"What is in photo {number}?", files[number % 3], thread=f"local:{number}", scope=OWNER)
                for number in range(TURNS)
            )
            answers = await asyncio.gather(*asking)
            took, grown, busy = time.perf_counter() - started, _peak() - before, provider.tally().most_busy
    seen = sum(any(tool["name"] == "look" for tool in answer.tools) for answer in answers)
    print(f"{TURNS} turns at once, each call answered after {SLOW:.0f} s: {took:.1f} s in all, one alone "
          f"{alone:.1f} s, {busy} calls under way at once, {seen} looked, "
          f"{grown / 1e6:.0f} MB more memory")  # fmt: skip
    return seen == TURNS and grown <= GROWTH


def _resident_from_now() -> int:
    """Bytes; from here on `_peak` is measured anew (Linux, proc_pid_clear_refs(5))."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    """Bytes, from Linux's /proc/self/status."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def main() -> int:
    kept = []
    for measure in (sent, overhead, repeated, together):
        with tempfile.TemporaryDirectory() as folder:
            kept.append(asyncio.run(measure(Path(folder))))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
