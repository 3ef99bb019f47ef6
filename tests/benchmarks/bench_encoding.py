"""Encoding photo files against the loop a tutorial shows, in turns within one run, and what opening and memory cost.

    python -m tests.benchmarks.bench_encoding [PHOTOS]

Same ViT-B/32 checkpoint (random weights are as fast), same JPEG files, decoding included. The loop opens one
photo at a time with Pillow and puts it through transformers' processor and torch in fp32.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image as Pillow

from tests.unit.backends.clip_checkpoints import clip_checkpoint
from tools.backends import builtin_encoder, clip
from tools.backends.clip import run as clip_run
from tools.backends.workers import PebbleWorkers
from tools.kit import BulkEncoder
from tools.kit.parts import Parts

ROUNDS = 3
LOOPED = 16
"""Photos a round of the loop takes."""
RUNTIMES = ("onnx", "torch", "int8")
COLD = """
import asyncio, sys
from pathlib import Path
from tools.backends import builtin_encoder
from tools.backends.workers import PebbleWorkers
from tools.kit.parts import Parts
async def main():
    workers = PebbleWorkers()
    await builtin_encoder.build("", Parts(Path(sys.argv[1]), workers)).texts(["a dog"])
    await workers.close()
asyncio.run(main())
"""


def photos(folder: Path, number: int) -> list[Path]:
    """JPEGs of 800 x 600 with detail at every scale, as photos have it."""
    random = np.random.default_rng(0)
    files = [folder / f"{each:05}.jpg" for each in range(number)]
    for file in files:
        coarse = Pillow.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize((800, 600))
        grain = random.normal(0, 8, (600, 800, 3))
        Pillow.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8)).save(file, quality=90)
    return files


def checkpoint(folder: Path) -> Path:
    """ViT-B/32 with random weights; its tower for texts is small, because it is not measured."""
    clip_checkpoint(folder, side=224)
    from transformers import CLIPConfig, CLIPModel

    config = CLIPConfig.from_pretrained(folder)
    text = {**config.text_config.to_dict(), "projection_dim": 512}
    CLIPModel(CLIPConfig(projection_dim=512, text_config=text, vision_config={})).save_pretrained(folder)
    return folder


def tutorial(source: Path) -> Callable[[Sequence[Path]], None]:
    import torch
    from transformers import CLIPImageProcessorPil, CLIPModel

    model = CLIPModel.from_pretrained(source).eval()
    processor = CLIPImageProcessorPil.from_pretrained(source)

    def loop(files: Sequence[Path]) -> None:
        for file in files:
            inputs = processor(images=Pillow.open(file), return_tensors="pt")
            with torch.no_grad():
                model.get_image_features(**inputs)

    return loop


async def rate(encoder: BulkEncoder, files: Sequence[Path]) -> float:
    started = time.perf_counter()
    found = await encoder.encode_files(files)
    assert all(found)
    return len(files) / (time.perf_counter() - started)


async def forward(workers: PebbleWorkers, encoder: clip.ClipEncoder, runtime: str) -> float:
    """Images a second of the forward pass alone, in the same worker."""
    pixels = np.zeros((clip_run.BATCH, 224, 224, 3), dtype=np.uint8)
    started = time.perf_counter()
    for _ in range(4):
        await workers.run("encode", clip_run.embed_pixels, encoder.checkpoint, pixels, runtime)
    return 4 * clip_run.BATCH / (time.perf_counter() - started)


def peak(workers: PebbleWorkers) -> int:
    """Megabytes that the workers' processes hold together."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    fields = [Path(f"/proc/{child}/statm").read_text().split() for child in children]
    return sum(int(field[1]) for field in fields) * os.sysconf("SC_PAGE_SIZE") >> 20


async def compare(workers: PebbleWorkers, encoder: clip.ClipEncoder, loop: Any, files: Sequence[Path]) -> None:
    ours = {name: clip.ClipEncoder(encoder.checkpoint, workers, name) for name in RUNTIMES}
    rates: dict[str, list[float]] = {name: [] for name in ("loop", *RUNTIMES, *(f"{name} alone" for name in RUNTIMES))}
    loop(files[:2])
    for turn in range(ROUNDS + 1):  # the first warms up
        started = time.perf_counter()
        await asyncio.to_thread(loop, files[:LOOPED])
        figures = {"loop": LOOPED / (time.perf_counter() - started)}
        for name, candidate in ours.items():
            figures[name] = await rate(candidate, files)
            figures[f"{name} alone"] = await forward(workers, encoder, name)
        for name, figure in figures.items():
            rates[name] += [figure] if turn else []
    base = median(rates["loop"])
    print(f"encoding, tutorial loop (torch fp32, one at a time): {base:.1f} images/s")
    for name in RUNTIMES:
        ours_, alone = median(rates[name]), median(rates[f"{name} alone"])
        share = f"{ours_ / alone:.0%} of the forward pass alone ({alone:.1f})"
        print(f"encoding, ours ({name}): {ours_:.1f} images/s, {ours_ / base:.1f} times the loop, {share}")


def cold(home: Path) -> float:
    """Seconds from starting Python to the first text embedding of the builtin encoder, its files made before."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", COLD, str(home)], check=True)
    return time.perf_counter() - started


async def main(number: int) -> bool:
    workers = PebbleWorkers()
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        files = photos(base, number)
        source = checkpoint(base / "vit-b-32")
        parts = Parts(base / "home", workers, options={"clip_runtime": "onnx"})
        encoder = await clip.build(str(source), parts)
        print(f"encoding, int8 proof: {(await encoder.prove(files)).said}")
        pays = await workers.run("encode", clip_run.bfloat16_pays)
        print(f"encoding, torch runs in {'bfloat16' if pays else 'fp32: bfloat16 is no faster on this processor'}")
        await compare(workers, encoder, tutorial(source), files)
        before = peak(workers)
        await encoder.encode_files(files * 4)
        grown = peak(workers) - before
        print(f"encoding, memory after {number} photos {before} MB, after {5 * number} photos {grown:+} MB")
        builtin = builtin_encoder.build("", parts)
        await builtin.encode_files(files[:32])
        print(f"encoding, builtin encoder: {await rate(builtin, files):.1f} images/s")
        print(f"encoding, builtin encoder, cold to first embedding: {median(cold(parts.home) for _ in range(3)):.2f} s")
    await workers.close()
    return grown < 200


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 96)) else 1)
