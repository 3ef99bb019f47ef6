"""Folders of images -> a table of alt texts in a file, a line an image, gone on with where it was left."""

from __future__ import annotations

import asyncio
import csv
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.alt_texts.ahead import Ahead
from bot.alt_texts.writing import writer
from bot.indexing.walking import Found as File
from bot.indexing.walking import Hidden, Problem, roots_of, walk, worth_opening
from bot.sheet import as_csv, harmless, line
from bot.wiring import OWNER, Wiring
from graphs.alt_texts import COLUMNS, Row, named, unread, written
from graphs.memory import with_handles
from tools.kit import AskAgain, CannotDo, Decoder, Gate, Image, ImageRef, VisionModel
from tools.kit.originals import sha256_of

STANDS = ("done", "withheld")
"""Lines that are kept; a file that could not be read is tried again."""


@dataclass
class Counts:
    """How far it is."""

    total: int = 0
    """Files there are to look at."""
    seen: int = 0
    by_status: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("done", "withheld", "unreadable", "kept"), 0)
    )
    """Lines: an image or page each, or a file without any."""
    by_provider: tuple[int, int] | None = None
    """Images that the provider's batches have done, of how many, while these are waited for."""

    @property
    def images(self) -> int:
        return sum(self.by_status[name] for name in ("done", "withheld", "kept"))


async def alt_table(wiring: Wiring, paths: Sequence[Path], out: Path) -> AsyncIterator[Counts]:
    """Write the table, one file in memory at a time; after each, how far it is.

    Raises: AskAgain when a path is not there, or `out` cannot be written or is something else.
    """
    files = await asyncio.to_thread(_files, paths)
    gate = await wiring.lend(Gate)
    table = await asyncio.to_thread(Table, out)
    counts = Counts(total=len(files))
    with table:
        vision = None
        if batching := await wiring.batching():
            ahead: Ahead[File | Problem] = Ahead(batching, lambda file, vision: _ask(wiring, gate, file, table, vision))
            async for counts.by_provider in ahead.run(files):
                yield counts
            vision, counts.by_provider = ahead.vision, None
        for file in files:
            rows = await _rows(wiring, gate, file, table, vision)
            await asyncio.to_thread(table.add, rows)
            counts.seen += 1
            for row in rows:
                counts.by_status[row.status] += 1
            counts.by_status["kept"] = table.met
            yield counts


def _files(paths: Sequence[Path]) -> list[File | Problem]:
    """By name, so that the table is as people look for things in it."""
    found = [one for one in walk(roots_of(paths)) if not isinstance(one, Hidden)]
    wanted = [one for one in found if isinstance(one, Problem) or worth_opening(one)]
    return sorted(wanted, key=lambda one: str(one.path))


async def _ask(wiring: Wiring, gate: Gate, file: File | Problem, table: Table, vision: VisionModel) -> None:
    """Have the vision model asked what it will be asked when the file is written about."""
    pages = await _opened(wiring, gate, file, table)
    if not isinstance(pages, Pages):
        return
    by = writer(wiring, OWNER, pages.refs, fetch=pages.fetch, vision=vision)
    for ref in pages.refs:
        await by.ask_ahead(ref.handle)


async def _rows(
    wiring: Wiring, gate: Gate, file: File | Problem, table: Table, vision: VisionModel | None
) -> list[Row]:
    """What the table does not hold of a file yet."""
    pages = await _opened(wiring, gate, file, table)
    if isinstance(pages, int):
        table.met += pages
        return []
    if isinstance(pages, Row):
        return [pages]
    by = writer(wiring, OWNER, pages.refs, fetch=pages.fetch, vision=vision)
    rows = [await written(ref, by, gate) for ref in pages.refs]
    return [row.model_copy(update={"image": ""}) for row in rows]  # there is no thread in which it is called so


@dataclass(frozen=True)
class Pages:
    """The images in a file."""

    images: Mapping[str, Image]

    @property
    def refs(self) -> list[ImageRef]:
        return [image.ref for image in self.images.values()]

    async def fetch(self, ref: ImageRef) -> Image:
        return self.images[ref.handle]


async def _opened(wiring: Wiring, gate: Gate, file: File | Problem, table: Table) -> Pages | Row | int:
    """What is in a file; the row that says why it cannot be read; or how many lines the table holds of it."""
    if isinstance(file, Problem):
        return unread(file.path, file.why, gate)
    name = str(file.path)
    try:
        digest = await asyncio.to_thread(sha256_of, file.path)
        if lines := table.lines_of(named(name, gate).file, digest):
            return lines
        pages = await (await wiring.lend(Decoder)).open(file.path, name=file.path.name, workspace=OWNER.workspace)
    except OSError as error:
        return unread(name, f"It cannot be opened ({error.strerror}).", gate)
    except (AskAgain, CannotDo) as why:
        return unread(name, str(why), gate)
    refs = with_handles([(name, page) for page in pages], already=0)
    return Pages({ref.handle: Image(ref, page.path) for ref, page in zip(refs, pages, strict=True)})


class Table:
    """The file. Lines of one original are written together, so that a process that dies leaves none half done."""

    def __init__(self, path: Path) -> None:
        """Raises: AskAgain."""
        self._path = path
        self._kept = _kept(path)
        self.met = 0
        """Lines from before that were asked about again."""
        try:
            self._file = self._begun()
        except OSError as error:
            raise AskAgain(f"{path} cannot be written ({error.strerror}): name another file after --csv.") from None

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def lines_of(self, file: str, sha256: str) -> int:
        """How many lines of that original under that name it has from before."""
        return len(self._kept.get((harmless(file), sha256), []))

    def add(self, rows: Sequence[Row]) -> None:
        if rows:
            os.write(self._file, "".join(line(row.model_dump().values()) for row in rows).encode())

    def _begun(self) -> int:
        """What stands, in a new file in place of the old one; open at its end."""
        before = self._path.with_name(f".{self._path.name}.new")
        before.write_bytes(as_csv([COLUMNS, *(cells for lines in self._kept.values() for cells in lines)]))
        before.replace(self._path)
        return os.open(self._path, os.O_WRONLY | os.O_APPEND)


def _kept(path: Path) -> dict[tuple[str, str], list[list[str]]]:
    """Lines of an earlier run that stand, by file name and SHA-256. Raises: AskAgain when it is another kind of
    file."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace") if path.exists() else ""
    except OSError as error:
        raise AskAgain(f"{path} cannot be read ({error.strerror}): name another file after --csv.") from None
    lines = list(csv.reader(text.splitlines(keepends=True)))
    if lines and lines[0] != list(COLUMNS):
        raise AskAgain(f"{path} is there already and is no table of alt texts: name another file after --csv.")
    kept: dict[tuple[str, str], list[list[str]]] = {}
    for cells in lines[1:]:
        if len(cells) == len(COLUMNS) and cells[COLUMNS.index("status")] in STANDS:
            kept.setdefault((cells[0], cells[-1]), []).append(cells)
    return kept
