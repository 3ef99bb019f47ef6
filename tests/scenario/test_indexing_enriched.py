"""The second look of `spyglass index`: text, tags and captions, begun, stopped, failed, and gone on with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from bot.archive.enriching import Enriching, whole
from bot.indexing.folders import Folders
from bot.indexing.index import Progress, index
from bot.indexing.walking import Problem
from tests.archives import MemoryArchive
from tests.colours import BulkColourEncoder, HereWorkers, WordMeaning, paint
from tests.indexing import ports_of, to_the_end
from tests.stand_in_qdrant import Wire
from tests.unit.archive.test_enriching import ScriptedOcr, written
from tools.backends import glancer, qdrant_server
from tools.kit import CannotDo, Image, Item, Reading, Scope
from tools.kit.parts import Parts

OWNER = Scope(workspace="local", audiences=("owner",))


class World:
    """A folder of images, an archive, and an OCR that says what it is told to."""

    def __init__(self, base: Path, archive: Any = None) -> None:
        self.base = base
        self.photos = base / "photos"
        self.encoder = BulkColourEncoder()
        self.archive = archive or MemoryArchive(self.encoder.name, self.encoder.dim, 384)
        self.ocr = ScriptedOcr(("Total 42", 0.9))
        self.problems: list[Problem] = []

    def events(self, *, enrich: bool = True, **more: Any) -> AsyncIterator[Progress | Problem]:
        looks = glancer.build("", Parts(self.base, HereWorkers()))
        enriching = Enriching(glancer=looks, encoder=self.encoder, ocr=self.ocr) if enrich else None
        ports = ports_of(self.archive, self.encoder, self.base / "pixels", enriching=enriching)
        return index([Folders([self.photos], "owner")], ports, workspace="local", **more)

    async def index(self, **more: Any) -> Progress:
        self.problems = []
        last = await to_the_end(self.events(**more), self.problems)
        assert last.finished
        return last

    async def items(self) -> list[Item]:
        found = [item async for item in self.archive.scan(OWNER)]
        return sorted(found, key=lambda item: (item.name, item.page or 0))


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.photos.mkdir()
    return made


async def test_an_image_is_found_by_what_stands_on_it(world: World) -> None:
    written(world.photos / "invoice.png")
    paint(world.photos / "red.jpg", "red", size=(300, 200))
    progress = await world.index()
    assert (progress.added, progress.enriched, progress.unfinished) == (2, 2, 0)
    [hit] = await world.archive.match(OWNER, "total 42")
    assert hit.item.name == "invoice.png"
    [meant] = await world.archive.search(OWNER, (await WordMeaning().texts(["Total 42"]))[0], by="text", limit=1)
    assert meant.item.name == "invoice.png"
    assert all(whole(item.contents) for item in await world.items())


async def test_it_is_found_by_its_pixels_before_it_was_read(world: World) -> None:
    written(world.photos / "invoice.png")
    async with aclosing(world.events()) as events:  # type: ignore[type-var]
        async for event in events:
            if isinstance(event, Progress) and event.added:
                break
    [item] = await world.items()
    assert (item.contents.kind, item.contents.text, whole(item.contents)) == ("document", "", False)


async def test_without_enrichment_nothing_is_looked_at_and_the_next_run_makes_up_for_it(world: World) -> None:
    written(world.photos / "invoice.png")
    progress = await world.index(enrich=False)
    assert (progress.added, progress.enriched, progress.unfinished) == (1, 0, 0)
    [item] = await world.items()
    assert item.contents.done == ()
    world.encoder.encoded.clear()
    progress = await world.index()
    assert (progress.unchanged, progress.enriched, world.encoder.encoded) == (1, 1, [])
    [item] = await world.items()
    assert (item.contents.text, whole(item.contents)) == ("Total 42", True)


async def test_what_is_done_is_not_done_again(world: World) -> None:
    written(world.photos / "invoice.png")
    await world.index()
    world.ocr.asked.clear()
    progress = await world.index()
    assert (progress.unchanged, progress.enriched, world.ocr.asked) == (1, 0, [])


async def test_what_could_not_be_read_is_read_by_the_next_run(world: World) -> None:
    written(world.photos / "invoice.png")
    world.ocr.error = CannotDo("Reading image 1 broke off, because its worker process died: post a smaller copy.")
    progress = await world.index()
    assert (progress.added, progress.enriched, progress.unfinished) == (1, 0, 1)
    world.ocr.error = None
    progress = await world.index()
    assert (progress.unchanged, progress.enriched, progress.unfinished) == (1, 1, 0)
    assert [hit.item.name for hit in await world.archive.match(OWNER, "total")] == ["invoice.png"]


class OnePageFails(ScriptedOcr):
    """Cannot read page 2."""

    async def read(self, image: Image) -> Reading:
        if image.ref.page == 2 and self.error:
            raise self.error
        return await ScriptedOcr(("a word", 0.9)).read(image)


async def test_a_pdf_is_done_when_all_its_pages_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (world.photos / "scan.pdf").write_text("%PDF-pages 3 green")
    monkeypatch.setattr("bot.archive.enriching.LETTERED", 0.0)  # plain pages are read as well
    world.ocr = OnePageFails(error=CannotDo("Reading image 2 took too long: post a smaller one."))
    progress = await world.index()
    assert (progress.enriched, progress.unfinished) == (0, 1)
    assert [item.contents.text for item in await world.items()] == ["a word", "", "a word"]
    world.ocr.error = None
    assert (await world.index()).enriched == 1
    assert [item.contents.text for item in await world.items()] == ["a word"] * 3
    assert (await world.index()).enriched == 0


async def test_a_run_that_is_stopped_is_gone_on_with(world: World) -> None:
    for number in range(40):
        written(world.photos / f"{number:02}.png", size=(100, 140))
    async with aclosing(world.events()) as events:  # type: ignore[type-var]
        async for event in events:
            if isinstance(event, Progress) and event.enriched:
                break
    done = [item for item in await world.items() if whole(item.contents)]
    assert 0 < len(done) < 40
    world.ocr.asked.clear()
    progress = await world.index()
    assert (progress.unchanged, progress.enriched) == (40, 40 - len(done))
    assert len(world.ocr.asked) == 40 - len(done)


async def test_what_changed_is_looked_at_anew(world: World) -> None:
    written(world.photos / "a.png")
    await world.index()
    paint(world.photos / "a.png", "red", size=(300, 200))
    progress = await world.index()
    assert (progress.replaced, progress.enriched) == (1, 1)
    [item] = await world.items()
    assert (item.contents.text, item.contents.colours) == ("", ("red",))


async def test_words_stay_when_a_file_is_only_touched(world: World) -> None:
    path = written(world.photos / "a.png")
    await world.index()
    path.touch()
    assert (await world.index()).unchanged == 1
    [item] = await world.items()
    assert (item.contents.text, item.modified) == ("Total 42", path.stat().st_mtime)


# --- the engine goes away -------------------------------------------------------------------------


class Failing:
    """Lets some writes through, then fails with whatever it is given, until it is mended."""

    def __init__(self, archive: Any, after: int, error: Exception) -> None:
        self._archive = archive
        self.left = after
        self._error: Exception | None = error

    def mend(self) -> None:
        self._error = None

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._archive, name)
        return self._counted(found) if name in ("put", "revise") else found

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        async def counted(*args: Any) -> Any:
            self.left -= 1
            if self.left < 0 and self._error:
                raise self._error
            return await write(*args)

        return counted


@pytest.mark.parametrize("after", [0, 1, 2, 4, 6])
async def test_a_disk_that_fills_up_at_any_write_loses_nothing(world: World, after: int) -> None:
    for number in range(70):
        paint(world.photos / f"{number:03}.jpg", "red")
    (world.photos / "scan.pdf").write_text("%PDF-pages 5 green")
    failing = Failing(world.archive, after, CannotDo("The disk is full: run the same command again."))
    world.archive = failing
    with pytest.raises(CannotDo, match="The disk is full"):
        await world.index()
    kept = await world.items()
    failing.mend()
    progress = await world.index()
    assert progress.added + progress.unchanged == 71
    assert progress.unfinished == 0
    items = await world.items()
    assert {item.id for item in kept} <= {item.id for item in items}
    assert len(items) == 75
    assert all(whole(item.contents) for item in items)


async def test_a_server_that_goes_down_in_between_is_one_sentence_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with Wire() as server:
        encoder = BulkColourEncoder()
        options = {"encoder": encoder.name, "dim": str(encoder.dim)}
        archive = qdrant_server.build(server.url, Parts(tmp_path / "home", HereWorkers(), options=options))
        world = World(tmp_path, archive)
        world.photos.mkdir()
        for number in range(70):
            paint(world.photos / f"{number}.jpg", "red")
        writes = 0

        def down_after_the_first(request: Any) -> str | None:
            nonlocal writes
            writes += request.method == "PUT" and "/points" in request.path
            return "drop" if writes > 1 else None

        server.fault = down_after_the_first
        with pytest.raises(CannotDo, match=r"Qdrant"):
            await world.index(enrich=False)
        server.fault = lambda request: None
        progress = await world.index(enrich=False)
        assert progress.added + progress.unchanged == 70
        assert 0 < progress.unchanged < 70
        assert len(await world.items()) == 70
        await archive.close()
