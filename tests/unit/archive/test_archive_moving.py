"""An archive carried from one place to another, step by step, and compared."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from bot.archive import moving
from bot.archive.moving import Moved, move
from tests.archives import MemoryArchive
from tools.kit import AskAgain, CannotDo, Contents, Embeddings, Hit, Item, Scope
from tools.kit.archive import Point

TEAM = Scope(workspace="T1", audiences=("C0", "C1", "C2"))


def items(count: int) -> list[Item]:
    return [
        Item(
            id=str(uuid.UUID(int=number + 1)),
            path=f"https://team.slack.com/archives/C/p{number}",
            sha256=f"{number:064x}",
            audience=f"C{number % 3}",
            name=f"IMG_{number}.jpg",
            mime="image/jpeg",
            width=640,
            height=480,
            added=datetime(2024, 5, 1, tzinfo=UTC),
        )
        for number in range(count)
    ]


def unit(count: int, dim: int, seed: int = 0) -> Embeddings:
    random = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    made: Embeddings = random / np.linalg.norm(random, axis=1, keepdims=True)
    return made


async def filled(count: int) -> MemoryArchive:
    archive = MemoryArchive()
    await archive.put(TEAM, items(count), unit(count, 8), unit(count, 4, seed=1))
    return archive


async def moved(source: Any, target: Any, **more: Any) -> Moved:
    last = None
    async for event in move(source, target, "T1", **more):
        last = event
    assert last is not None
    assert last.finished
    return last


async def everything(archive: MemoryArchive) -> list[Point]:
    return [kept async for kept in archive.everything("T1")]


class Dies(MemoryArchive):
    """Goes away after some writes."""

    left = 10**9

    async def keep(self, workspace: str, points: Sequence[Point]) -> None:
        if not self.left:
            raise CannotDo("The Qdrant server does not answer.")
        self.left -= 1
        await super().keep(workspace, points)


async def test_everything_arrives_with_its_vectors() -> None:
    source, target = await filled(600), MemoryArchive()
    done = await moved(source, target)
    assert (done.seen, done.written, done.removed, done.agreed) == (600, 600, 0, 1.0)
    assert done.searches == 3 * 24
    here, there = await everything(source), await everything(target)
    assert [each.item for each in here] == [each.item for each in there]
    np.testing.assert_array_equal([each.image for each in here], [each.image for each in there])
    np.testing.assert_array_equal([each.text for each in here], [each.text for each in there])
    assert await source.count(TEAM) == 600
    assert await target.count(TEAM) == 600


async def test_a_move_that_dies_again_and_again_goes_on_where_it_was() -> None:
    source, target = await filled(1100), Dies()
    for _ in range(3):
        target.left = 1
        with pytest.raises(CannotDo, match="does not answer"):
            await moved(source, target)
    target.left = 10**9
    done = await moved(source, target)
    assert (done.seen, done.written) == (1100, 1100 - 3 * moving.STEP)
    assert (await moved(source, target)).written == 0


async def test_what_changed_at_the_source_is_carried_after() -> None:
    source, target = await filled(30), MemoryArchive()
    await moved(source, target)
    newer = items(30)[4].model_copy(update={"contents": Contents(text="ACME")})
    await source.revise(TEAM, [newer])
    await source.put(TEAM, [items(30)[5]], unit(1, 8, seed=9), unit(1, 4, seed=9))
    done = await moved(source, target)
    assert done.written == 2
    assert await target.get(TEAM, [newer.id]) == [newer]


async def test_what_only_the_target_has_is_asked_about_and_goes_when_told() -> None:
    source, target = await filled(30), await filled(33)
    with pytest.raises(AskAgain, match=r"more of the workspace T1 than the source \(images: 3\): .*--replace"):
        await moved(source, target)
    assert await target.count(TEAM) == 33
    done = await moved(source, target, replace=True)
    assert (done.removed, await target.count(TEAM)) == (3, 30)


async def test_an_archive_by_another_encoder_is_left_alone() -> None:
    source, target = await filled(3), MemoryArchive("space-b")
    await target.put(TEAM, items(3), unit(3, 8))
    with pytest.raises(CannotDo, match=r"by the encoder space-b, and this one is by space-a"):
        await moved(source, MemoryArchive(shelves=target.shelves))


async def test_what_comes_into_the_source_meanwhile_is_carried_too() -> None:
    class Growing(MemoryArchive):
        grown = False

        async def everything(self, workspace: str) -> AsyncIterator[Point]:
            async for kept in super().everything(workspace):
                yield kept
            if not self.grown:
                self.grown = True
                await self.put(TEAM, items(31)[30:], unit(1, 8), unit(1, 4))

    source, target = Growing(), MemoryArchive()
    await source.put(TEAM, items(30), unit(30, 8), unit(30, 4))
    await moved(source, target)
    assert await target.count(TEAM) == 31


async def test_a_target_that_loses_some_is_not_believed() -> None:
    class Leaking(MemoryArchive):
        async def keep(self, workspace: str, points: Sequence[Point]) -> None:
            await super().keep(workspace, points[1:])

    with pytest.raises(CannotDo, match="differ after 4 passes still: stop what writes into them, and run the same"):
        await moved(await filled(30), Leaking())


async def test_a_target_that_keeps_something_else_is_not_believed() -> None:
    class Garbling(MemoryArchive):
        async def keep(self, workspace: str, points: Sequence[Point]) -> None:
            garbled = [replace(each, item=each.item.model_copy(update={"name": "x.jpg"})) for each in points[:1]]
            await super().keep(workspace, [*garbled, *points[1:]])

    with pytest.raises(CannotDo, match="differ after 4 passes still"):
        await moved(await filled(30), Garbling())


async def test_what_is_renamed_and_deleted_behind_the_move_is_carried_too() -> None:
    class Busy(MemoryArchive):
        passes = 0

        async def everything(self, workspace: str) -> AsyncIterator[Point]:
            self.passes += 1
            async for kept in super().everything(workspace):
                yield kept
                if (kept.item.id, self.passes) == (items(30)[20].id, 1):
                    await self.revise(TEAM, [items(30)[3].model_copy(update={"name": "renamed.jpg"})])
                    await self.remove(TEAM, [items(30)[4].id])

    source, target = Busy(), MemoryArchive()
    await source.put(TEAM, items(30), unit(30, 8), unit(30, 4))
    done = await moved(source, target, replace=True)
    assert (done.written, done.removed) == (31, 1)
    assert [each.item for each in await everything(target)] == [each.item for each in await everything(source)]


async def test_a_source_that_is_encoded_anew_meanwhile_takes_nothing_from_the_target() -> None:
    class Switched(MemoryArchive):
        async def everything(self, workspace: str) -> AsyncIterator[Point]:
            newer = MemoryArchive("space-b", shelves=self.shelves)
            await newer.keep(workspace, [kept async for kept in super().everything(workspace)])
            await newer.make_current(workspace)
            await newer.drop(workspace, self.encoder)
            return
            yield

    source, target = Switched(), await filled(30)
    await source.put(TEAM, items(30), unit(30, 8), unit(30, 4))
    with pytest.raises(CannotDo, match="was encoded anew meanwhile"):
        await moved(source, target, replace=True)
    assert await target.count(TEAM) == 30


async def test_a_target_that_finds_something_else_is_not_believed() -> None:
    class Confused(MemoryArchive):
        async def search(self, *arguments: Any, **more: Any) -> list[Hit]:
            return [Hit(hit.item, hit.score / 2) for hit in reversed(await super().search(*arguments, **more))]

    with pytest.raises(CannotDo, match=r"Only \d+% of the hits of 72 searches in T1 agree, and the source stays"):
        await moved(await filled(200), Confused())


async def test_an_empty_archive_is_moved_at_once() -> None:
    assert (await moved(MemoryArchive(), MemoryArchive())).seen == 0
