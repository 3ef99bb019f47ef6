"""What is built is built once and closed; what a thread shows is fetched cheaply and said when it is gone."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from bot.settings import Settings
from bot.turns.intake import Originals, Posted, let_go, open_all
from bot.turns.running import Turns
from bot.wiring import OWNER, Wiring
from graphs.memory import with_handles
from tools.kit import AskAgain, BlobStore, CannotDo, Decoder, Encoder, Ocr, TextEncoder

HOLDER = "thread:t"


def settings(home: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, home=home, encoder="builtin_encoder", **more)


def png(colour: str = "red", side: int = 600) -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (side, side), colour).save(file, "PNG")
    return file.getvalue()


def pdf(*colours: str) -> bytes:
    first, *rest = (Pillow.new("RGB", (600, 800), colour) for colour in colours)
    file = io.BytesIO()
    first.save(file, "PDF", save_all=True, append_images=rest)
    return file.getvalue()


async def opened(wiring: Wiring, *posted: Posted) -> tuple[list[Any], list[str], list[str]]:
    originals = Originals()
    reading = asyncio.Semaphore(4)
    pages, problems = await open_all(wiring, posted, OWNER, holder=HOLDER, reading=reading, originals=originals)
    assert await originals.refused() == {}
    return with_handles(pages, 0), problems, originals.new


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]


# --- building and closing -------------------------------------------------------------------------


async def test_nothing_is_built_after_closing(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        await wiring.lend(Ocr)
    with pytest.raises(CannotDo, match="stopping"):
        await wiring.lend(Encoder)


async def test_what_is_being_built_while_closing_is_closed_too(tmp_path: Path) -> None:
    closed = []
    begun = asyncio.Event()

    class Port:
        async def close(self) -> None:
            closed.append(self)

    async def slowly() -> Port:
        begun.set()
        await asyncio.sleep(0.05)
        return Port()

    async with Wiring(settings(tmp_path)) as wiring:
        building = asyncio.create_task(wiring._once("port", slowly))
        await begun.wait()
    assert closed == [await building]


@pytest.mark.parametrize("spec", ["nonsense", "a.b", "common", "..kit", "", "no module:x"])
async def test_a_backend_that_is_none_is_said(tmp_path: Path, spec: str) -> None:
    async with Wiring(settings(tmp_path, ocr=spec or ":")) as wiring:
        with pytest.raises(AskAgain, match="no backend"):
            await wiring.lend(Ocr)


async def test_a_backend_for_something_else_is_said(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path, ocr="folder_blobs")) as wiring:
        with pytest.raises(AskAgain, match="SPYGLASS_OCR=folder_blobs is for something else"):
            await wiring.lend(Ocr)


async def test_an_archive_that_is_none_is_said(tmp_path: Path) -> None:
    async with Wiring(Settings(_env_file=None, home=tmp_path, archive="folder_blobs")) as wiring:
        with pytest.raises(AskAgain, match="'folder_blobs' is no archive: check SPYGLASS_ARCHIVE"):
            await wiring.lend(Encoder)


# --- fetching -------------------------------------------------------------------------------------


async def test_an_image_that_was_drawn_before_is_fetched_without_its_original(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        (ref,), _, _ = await opened(wiring, Posted("red.png", png()))
        await (await wiring.lend(BlobStore)).release("local", ref.sha256, holder=HOLDER)
        assert (await wiring.fetcher(OWNER)(ref)).path.is_file()


async def test_an_image_whose_drawing_is_gone_is_drawn_from_its_original(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        (ref,), _, _ = await opened(wiring, Posted("red.png", png()))
        await (await wiring.lend(Decoder)).forget("local", ref.sha256)
        assert (await wiring.fetcher(OWNER)(ref)).path.is_file()


async def test_an_image_of_which_nothing_is_kept_is_said(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        (ref,), _, new = await opened(wiring, Posted("red.png", png()))
        await let_go(wiring, new, OWNER, holder=HOLDER)
        with pytest.raises(CannotDo, match="image 1 is no longer kept: post it again"):
            await wiring.fetcher(OWNER)(ref)


async def test_a_page_beyond_a_lowered_limit_is_said(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        refs, _, _ = await opened(wiring, Posted("three.pdf", pdf("red", "green", "blue")))
    async with Wiring(settings(tmp_path, max_pages=2)) as wiring:
        assert (await wiring.fetcher(OWNER)(refs[1])).path.is_file()
        with pytest.raises(CannotDo, match=r"image 3 is page 3 of three.pdf, .* only 2 .*SPYGLASS_MAX_PAGES"):
            await wiring.fetcher(OWNER)(refs[2])


# --- intake ---------------------------------------------------------------------------------------


async def test_a_file_that_changes_while_it_is_read_is_kept_as_it_was_decoded(tmp_path: Path) -> None:
    changing = tmp_path / "changing.png"
    changing.write_bytes(png("red"))
    async with Wiring(settings(tmp_path / "home")) as wiring:
        decoder = await wiring.lend(Decoder)
        draw = decoder.open

        async def open_and_change(*args: Any, **kwargs: Any) -> Any:
            pages = await draw(*args, **kwargs)
            changing.write_bytes(png("blue"))
            return pages

        decoder.open = open_and_change  # type: ignore[method-assign]
        (ref,), problems, _ = await opened(wiring, Posted("changing.png", changing))
        assert not problems
        assert await (await wiring.lend(BlobStore)).get("local", ref.sha256) == png("red")


async def test_devices_pipes_folders_and_giants_are_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "giant.png").open("wb") as giant:
        giant.truncate(5_000_000_000)
    paths = [Path("/dev/zero"), tmp_path / "pipe", tmp_path, tmp_path / "giant.png", tmp_path / "nowhere.png"]
    async with Wiring(settings(tmp_path / "home")) as wiring, asyncio.timeout(10):
        pages, problems, new = await opened(wiring, *(Posted(path.name, path) for path in paths))
    assert (pages, new, len(problems)) == ([], [], 5)
    assert all(path.name in problem for path, problem in zip(paths, problems, strict=True))
    assert "5000.0 MB" in problems[3]


async def test_only_so_many_files_are_in_memory_at_once(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        decoder = await wiring.lend(Decoder)
        draw, at_once, most = decoder.open, 0, 0

        async def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            try:
                return await draw(*args, **kwargs)
            finally:
                at_once -= 1

        decoder.open = counted  # type: ignore[method-assign]
        pages, _, _ = await opened(wiring, *(Posted(f"{n}.png", png(side=512 + n)) for n in range(12)))
    assert (len(pages), most) == (12, 4)


async def test_what_was_held_before_is_not_let_go_with_a_failed_turn(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        (ref,), _, first = await opened(wiring, Posted("red.png", png()))
        _, _, again = await opened(wiring, Posted("red.png", png()), Posted("blue.png", png("blue")))
        await let_go(wiring, again, OWNER, holder=HOLDER)
        assert (first, len(again)) == ([ref.sha256], 1)
        assert await (await wiring.lend(BlobStore)).get("local", ref.sha256) == png()


async def test_a_turn_whose_planner_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path, model="nobody:x")) as wiring:
        turns = Turns(wiring)
        with pytest.raises(AskAgain, match="nobody"):
            await turns.ask("hi", [Posted("red.png", png())], thread="local:terminal:t", scope=OWNER)
        assert not turns._locks
    assert files(tmp_path / "blobs") == []
    assert files(tmp_path / "pixels") == []


async def test_local_meaning_is_lent_once(tmp_path: Path) -> None:
    async with Wiring(settings(tmp_path)) as wiring:
        first, second = await asyncio.gather(wiring.lend(TextEncoder), wiring.lend(TextEncoder))
    assert first is second
