"""`spyglass index` against the loop a tutorial shows, in one run: decode, encode and write included.

    python -m tests.benchmarks.bench_indexing [PHOTOS]

Both encode the same photos with the same ViT-B/32 checkpoint (random weights: as fast as trained ones) and write into
Qdrant Edge. The loop takes one photo at a time through torch in fp32. Ours runs once in the numbers the processor does
best without quantising (bf16 or ONNX Runtime fp32) and once in int8, each after a warm-up. Last, other photos and some
pages of print are indexed with all that is found out about images: until they can be found, and until they are read,
named and captioned.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.archive.enriching import Enriching
from bot.indexing.folders import Folders
from bot.indexing.index import Ports, Progress, index
from tests.unit.backends.clip_checkpoints import clip_checkpoint
from tools.backends import clip, decoder, glancer, minilm, previews, qdrant_edge, rapid_ocr
from tools.backends.clip import run as clip_run
from tools.backends.workers import PebbleWorkers
from tools.kit import Encoder, Scope
from tools.kit.parts import Parts

OWNER = Scope(workspace="local", audiences=("owner",))
PLAIN, QUANTISED = 4.0, 6.0
"""Times the loop's images a second that are asked for."""
LOOPED = 24
"""Photos the loop is timed on."""
DIM = 512
LOOKED, EVERY = 96, 8
"""Images that are looked at for everything, and of how many one is a page of print."""


def photos(folder: Path, number: int) -> list[Path]:
    """JPEGs of 800 x 600 with detail at every scale, as photos have it."""
    from PIL import Image

    folder.mkdir()
    random = np.random.default_rng(0)
    files = []
    for each in range(number):
        coarse = Image.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize((800, 600))
        noise = random.normal(0, 8, (600, 800, 3))
        picture = np.clip(np.asarray(coarse) + noise, 0, 255).astype(np.uint8)
        files.append(folder / f"{each:05}.jpg")
        Image.fromarray(picture).save(files[-1], quality=90)
    return files


def checkpoint(folder: Path) -> Path:
    """ViT-B/32 with random weights, and a small tower for texts, which are not measured."""
    clip_checkpoint(folder, side=224)
    import torch
    from transformers import CLIPConfig, CLIPModel

    config = CLIPConfig.from_pretrained(folder)
    vision = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
    config.vision_config = type(config.vision_config)(**vision, image_size=224, patch_size=32, projection_dim=DIM)
    config.projection_dim = DIM
    torch.manual_seed(0)
    CLIPModel(config).save_pretrained(folder)
    return folder


def tutorial(source: Path, files: list[Path], folder: Path) -> float:
    """Images a second, one at a time."""
    import torch
    from PIL import Image
    from qdrant_edge import Distance, EdgeConfig, EdgeShard, EdgeVectorParams, Point, UpdateOperation
    from transformers import CLIPImageProcessorPil, CLIPModel

    model = CLIPModel.from_pretrained(source).eval()
    prepare = CLIPImageProcessorPil.from_pretrained(source)
    shard = EdgeShard.create(str(folder), EdgeConfig(vectors=EdgeVectorParams(size=DIM, distance=Distance.Cosine)))
    started = time.perf_counter()
    for number, file in enumerate(files):
        if number == 4:  # the first ones warm it up
            started = time.perf_counter()
        inputs = prepare(images=Image.open(file).convert("RGB"), return_tensors="pt")
        with torch.no_grad():
            vector = model.get_image_features(**inputs).pooler_output[0].numpy()
        shard.update(UpdateOperation.upsert_points([Point(str(uuid.uuid4()), vector, {"path": str(file)})]))
    seconds = time.perf_counter() - started
    shard.close()
    return (len(files) - 4) / seconds


def pages(folder: Path, number: int) -> None:
    """Pages of print as scanners give them, beside the photos."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(20)
    for each in range(number):
        page = Image.new("L", (827, 1169), 244)
        draw = ImageDraw.Draw(page)
        for line in range(28):
            draw.text((70, 70 + 36 * line), f"Position {line} of page {each}: {line * each + 7}.50 EUR, paid", 20, font)
        page.save(folder / f"page-{each:05}.jpg", quality=85)


@dataclass(frozen=True)
class Run:
    added: int
    found: float
    """Seconds until all of them could be found."""
    seconds: float
    enriched: int


async def indexed(home: Path, workers: PebbleWorkers, encoder: Encoder, folder: Path, *, enrich: bool = False) -> Run:
    options = {"encoder": encoder.name, "dim": str(encoder.dim)}
    archive = qdrant_edge.build("", Parts(home, workers, options=options))
    last, found = Progress(), 0.0
    started = time.perf_counter()
    opener = decoder.build("", Parts(home, workers))
    looks, ocr = glancer.build("", Parts(home, workers)), rapid_ocr.build("", Parts(home, workers))
    ports = Ports(
        encoder=encoder,
        decoder=opener,
        archive=archive,
        previews=previews.WorkerPreviews(workers, opener),
        meaning=minilm.build("", Parts(home, workers)),
        enriching=Enriching(glancer=looks, encoder=encoder, ocr=ocr) if enrich else None,
    )
    async for event in index([Folders([folder], "owner")], ports, workspace="local"):
        if isinstance(event, Progress):
            found = time.perf_counter() - started if event.seen > last.seen else found
            last = event
    seconds = time.perf_counter() - started
    await archive.close()
    return Run(last.added, found, seconds, last.enriched)


async def looked_at(base: Path, workers: PebbleWorkers, encoder: Encoder) -> bool:
    """With everything that is found out, against the same without. Whether all of it was."""
    home, mixed = base / "looked", base / "mixed"
    photos(mixed, LOOKED - LOOKED // EVERY)
    pages(mixed, LOOKED // EVERY)
    photos(base / "first", 2)
    pages(base / "first", 2)
    await indexed(home, workers, encoder, base / "first", enrich=True)  # models are loaded, names looked up
    plain = await indexed(base / "unlooked", workers, encoder, mixed)
    full = await indexed(home, workers, encoder, mixed, enrich=True)
    print(
        f"indexing {LOOKED} images, one in {EVERY} a page of print: {LOOKED / plain.seconds:.1f} images/s without "
        f"enrichment; with all of it {LOOKED / full.found:.1f} images/s until they are found (colours, kind, hash) "
        f"and {LOOKED / full.seconds:.1f} until they are read, named and captioned"
    )
    return full.added == full.enriched == LOOKED


async def forward(workers: PebbleWorkers, encoder: clip.ClipEncoder, runtime: str, batches: int = 8) -> float:
    """Images a second of the forward pass alone, in the same worker."""
    pixels = np.random.default_rng(0).integers(0, 256, (clip_run.BATCH, 224, 224, 3), dtype=np.uint8)
    started = time.perf_counter()
    for _ in range(batches):
        await workers.run("encode", clip_run.embed_pixels, encoder.checkpoint, pixels, runtime)
    return batches * clip_run.BATCH / (time.perf_counter() - started)


async def main(number: int) -> bool:
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        files = photos(base / "photos", number)
        warm = photos(base / "warm", 64)
        source = checkpoint(base / "vit-b-32")
        loop = tutorial(source, files[:LOOPED], base / "loop")
        print(f"indexing, tutorial loop (torch fp32, one at a time): {loop:.1f} images/s")
        workers = PebbleWorkers()
        kept = True
        for runtime, asked in (("auto", PLAIN), ("int8", QUANTISED)):
            home = base / runtime
            parts = Parts(home, workers, options={"clip_runtime": "auto"})
            encoder = await clip.build(str(source), parts)
            if runtime == "int8":
                proof = await encoder.prove(warm)
                print(f"indexing, int8 proof: {proof.said}")
            used = "int8" if runtime == "int8" else await encoder._bulk()
            # held to it: by itself it goes over to int8 as soon as int8 has proved itself on what is indexed
            encoder = clip.ClipEncoder(replace(encoder.checkpoint), workers, used)
            await indexed(home, workers, encoder, base / "warm")
            alone = await forward(workers, encoder, used)
            run = await indexed(home, workers, encoder, base / "photos")
            rate = run.added / run.seconds
            kept = kept and run.added == number and rate >= asked * loop
            share = f"{rate / alone:.0%} of the forward pass alone ({alone:.1f})"
            print(f"indexing, ours ({used}): {rate:.1f} images/s, {rate / loop:.1f} times the loop, {share}")
        kept = await looked_at(base, workers, encoder) and kept
        await workers.close()
    print(f"indexing: {'within' if kept else 'NOT within'} {PLAIN:g} times the loop, and {QUANTISED:g} times in int8")
    return kept


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 384)) else 1)
