"""An image of a thread that a search found is opened only as long as the archive has it for whoever asks now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from bot.turns.surrounding import Surrounding
from tests.archives import MemoryArchive
from tests.colours import PlainDecoder, paint
from tools.backends.folder_blobs import FolderBlobs
from tools.kit import CannotDo, ImageRef, Item, Scope

KEY = "5b9a4a36-6c8e-4f4a-9d0e-7c1f6a0c2d11"
DESIGN = Scope(workspace="T1", audiences=("C1",))


class Lending(Surrounding):
    """Lends what it is given, and plans nothing."""

    def __init__(self, **ports: Any) -> None:
        super().__init__()
        self._ports = ports

    async def lend(self, port: type[Any]) -> Any:
        return self._ports[port.__name__]

    def lend_within(self, scope: Scope, **_: Any) -> Callable[[type], Any]:
        raise NotImplementedError

    async def model_that_plans(self) -> Any:
        raise NotImplementedError


class Room:
    """An image in #design, as a thread knows it."""

    def __init__(self, folder: Path) -> None:
        self.file = paint(folder / "photo.png", "red")
        self.archive, self.blobs = MemoryArchive("eye", 2, 2), FolderBlobs(folder / "blobs")
        self.lending = Lending(Archive=self.archive, BlobStore=self.blobs, Decoder=PlainDecoder(folder / "pixels"))

    async def put(self, *, path: str = "https://t.slack.com/archives/C1/p1") -> ImageRef:
        data = self.file.read_bytes()
        key = sha256(data).hexdigest()
        if path.startswith("https"):
            await self.blobs.put("T1", data, holder="archive:C1")
        known: dict[str, Any] = {"sha256": key, "mime": "image/png", "width": 64, "height": 48, "name": "photo.png"}
        item = Item(id=KEY, path=path, audience="C1", added=datetime.now(UTC), **known)
        await self.archive.put(DESIGN, [item], np.ones((1, 2), np.float32))
        return ImageRef(handle="image 1", hit=KEY, **known)

    async def fetched(self, ref: ImageRef, scope: Scope) -> Any:
        return await self.lending.fetcher(scope)(ref)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


async def test_a_hit_is_opened_for_whoever_may_see_it(room: Room) -> None:
    ref = await room.put()
    assert (await room.fetched(ref, DESIGN)).ref == ref


@pytest.mark.parametrize("scope", [Scope(workspace="T1", audiences=("C2",)), Scope(workspace="T2", audiences=("C1",))])
async def test_a_hit_that_may_not_be_seen_is_not_opened(room: Room, scope: Scope) -> None:
    ref = await room.put()
    with pytest.raises(CannotDo, match="image 1 is no longer in the archive, or may not be shown here"):
        await room.fetched(ref, scope)


async def test_a_hit_that_left_the_archive_is_not_opened(room: Room) -> None:
    ref = await room.put()
    await room.archive.remove(DESIGN, [KEY])
    with pytest.raises(CannotDo, match="no longer in the archive"):
        await room.fetched(ref, DESIGN)


async def test_the_id_of_one_hit_opens_no_other_image(room: Room) -> None:
    ref = await room.put()
    with pytest.raises(CannotDo, match="no longer in the archive"):
        await room.fetched(ref.model_copy(update={"sha256": "0" * 64}), DESIGN)


@pytest.mark.parametrize("key", ["no id", "../../etc/passwd", "\0"])
async def test_what_is_no_id_of_a_hit_opens_nothing(room: Room, key: str) -> None:
    ref = await room.put()
    with pytest.raises(CannotDo, match="no longer in the archive"):
        await room.fetched(ref.model_copy(update={"hit": key}), DESIGN)


async def test_a_file_is_opened_where_it_lies_as_long_as_it_is_what_was_indexed(room: Room) -> None:
    ref = await room.put(path=str(room.file))
    assert cast(Any, await room.fetched(ref, DESIGN)).ref == ref
    paint(room.file, "blue")
    with pytest.raises(CannotDo, match="has changed since it was indexed"):
        await room.fetched(ref, DESIGN)
    room.file.unlink()
    with pytest.raises(CannotDo, match="cannot be read any more"):
        await room.fetched(ref, DESIGN)
