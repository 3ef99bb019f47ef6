"""`spyglass alt-text` by the provider's batch interface, where that is on."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

from tests.provider import Heard, Provider, serving
from tests.scenario.conftest import Terminal
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.seer import SEES, SPEC, reply
from tests.scenario.test_alt_text import lines

PHOTOS = 4


def photos(folder: Path) -> Path:
    folder.mkdir()
    for n in range(PHOTOS):
        (folder / f"{n}.png").write_bytes(small_png(f"#{n * 20:02x}4060", 32))
    (folder / "bad.png").write_bytes(b"no picture")
    return folder


def batching(provider: Provider, **chosen: str) -> dict[str, Any]:
    key = {"anthropic_api_key": "a-key-of-tests", "anthropic_base_url": provider.url}
    return {"vision": SPEC, "bulk_batches": "true", **key, **chosen}


def looks(provider: Provider, *, batch: bool) -> list[Heard]:
    return [heard for heard in provider.heard if heard.batch is batch]


def test_a_folder_is_looked_at_by_one_batch_and_not_again(spyglass: Terminal, tmp_path: Path) -> None:
    folder, table = photos(tmp_path / "photos"), tmp_path / "out.csv"
    with serving(reply) as provider:
        ran = spyglass("alt-text", folder, "--csv", table, "--json", **batching(provider))
        assert ran.json == {"files": 5, "done": 4, "withheld": 0, "unreadable": 1, "kept": 0, "csv": str(table)}
        again = spyglass("alt-text", folder, "--csv", table, "--json", **batching(provider))
        assert again.json["kept"] == PHOTOS
        assert (provider.shelf.batches, looks(provider, batch=False)) == ({}, [])
        assert len(looks(provider, batch=True)) == PHOTOS
    assert [row["alt_text"] for row in lines(table) if row["status"] == "done"] == [SEES] * PHOTOS


def test_without_the_setting_each_image_is_a_call(spyglass: Terminal, tmp_path: Path) -> None:
    folder, table = photos(tmp_path / "photos"), tmp_path / "out.csv"
    with serving(reply) as provider:
        chosen = batching(provider, bulk_batches="false", answers_days="0")
        spyglass("alt-text", folder, "--csv", table, **chosen)
        assert (len(looks(provider, batch=False)), looks(provider, batch=True)) == (PHOTOS, [])


def test_stopped_it_cancels_the_batch(spyglass: Terminal, tmp_path: Path) -> None:
    folder, table = photos(tmp_path / "photos"), tmp_path / "out.csv"
    with serving(reply) as provider:
        provider.shelf.polls = 1_000_000
        with spyglass.started("alt-text", folder, "--csv", table, **batching(provider, answers_days="0")) as running:
            until = time.monotonic() + 120
            while time.monotonic() < until and not provider.shelf.batches:
                time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            _, said = running.communicate()
        (batch,) = provider.shelf.batches.values()
        assert batch.shown["processing_status"] == "canceling"
    assert (running.returncode, "Stopped. What is written stays in" in said) == (130, True)
