"""Who sees what of an archive: one contract for every engine."""

from __future__ import annotations

import numpy as np
import pytest

from tests.contract.archive_kit import OWNER, TEAM, item, post, texts, vectors
from tools.kit import Archive, Contents, Counted, Filters, Scope

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


async def test_nobody_sees_what_their_scope_does_not_name(archive: Archive) -> None:
    items = [item(number, audience=f"C{number % 3}") for number in range(9)]
    await archive.put(Scope(workspace="T1", audiences=("C0", "C1", "C2")), items, vectors(9))
    seen = {hit.item.audience for hit in await archive.search(TEAM, vectors(1)[0], limit=9)}
    assert seen == {"C1", "C2"}
    assert await archive.count(TEAM) == 6
    assert await archive.get(TEAM, [items[0].id, items[1].id]) == [items[1]]
    assert {found.audience async for found in archive.scan(TEAM)} == {"C1", "C2"}
    assert await archive.remove(TEAM, [each.id for each in items]) == 6
    assert await archive.count(Scope(workspace="T1", audiences=("C0",))) == 3
    assert await archive.count(Scope(workspace="T2", audiences=("C0",))) == 0


async def test_an_item_outside_the_scope_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="outside the scope"):
        await archive.put(TEAM, [item(0, audience="C9")], vectors(1))


async def test_a_put_never_replaces_what_its_scope_may_not_see(archive: Archive) -> None:
    await archive.put(Scope(workspace="T1", audiences=("C9",)), [item(0, audience="C9")], vectors(1))
    with pytest.raises(ValueError, match="outside the scope"):
        await archive.put(TEAM, [item(0, audience="C1")], vectors(1))


@pytest.mark.parametrize("scope", [Scope(workspace="T1", audiences=()), Scope(workspace="", audiences=("C1",))])
async def test_there_is_no_unscoped_query(archive: Archive, scope: Scope) -> None:
    with pytest.raises(ValueError, match="scope"):
        await archive.search(scope, vectors(1)[0])
    with pytest.raises(ValueError, match="scope"):
        await archive.count(scope)
    with pytest.raises(ValueError, match="scope"):
        await archive.get(scope, [item(0).id])


@pytest.mark.parametrize("workspace", ["../other", "a/b", ".", "a b"])
async def test_a_workspace_cannot_reach_into_another(archive: Archive, workspace: str) -> None:
    with pytest.raises(ValueError, match="not a workspace"):
        await archive.put(Scope(workspace=workspace, audiences=("owner",)), [item(0)], vectors(1))


async def test_filters_never_widen_the_scope(archive: Archive) -> None:
    items = [item(0, audience="C1"), item(1, audience="C9")]
    await archive.put(Scope(workspace="T1", audiences=("C1", "C9")), items, vectors(2))
    hits = await archive.search(TEAM, vectors(1)[0], filters=Filters(mime="image/jpeg"))
    assert [hit.item for hit in hits] == [items[0]]


async def test_a_vector_comes_back_to_those_who_may_see_its_item(archive: Archive) -> None:
    await archive.put(TEAM, [item(1, audience="C1"), item(2, audience="C2")], vectors(2))
    found = await archive.vector(Scope(workspace="T1", audiences=("C1",)), item(1).id.upper())
    assert found is not None
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, vectors(2)[0], atol=1e-6)
    assert await archive.vector(Scope(workspace="T1", audiences=("C1",)), item(2).id) is None
    assert await archive.vector(TEAM, item(3).id) is None
    assert await archive.vector(OWNER, item(1).id) is None
    with pytest.raises(ValueError, match=r"UUID"):
        await archive.vector(TEAM, "hit 2")


async def test_nobody_revises_what_their_scope_does_not_name(archive: Archive) -> None:
    await archive.put(TEAM, [item(0, audience="C1")], vectors(1))
    other = Scope(workspace=TEAM.workspace, audiences=("C9",))
    with pytest.raises(ValueError, match="outside the scope"):
        await archive.revise(other, [item(0, audience="C1")])
    await archive.revise(other, [item(0, audience="C9")])
    assert [found.audience async for found in archive.scan(TEAM)] == ["C1"]


async def test_no_list_match_or_tally_tells_of_what_the_scope_does_not_name(archive: Archive) -> None:
    everyone = Scope(workspace="T1", audiences=("C1", "C9"))
    items = [
        item(0, audience="C1", post=post(1, "U1", text="bike", channel="open"), contents=Contents(tags=("dog",))),
        item(1, audience="C9", post=post(2, "U1", name="Secret", text="bike"), contents=Contents(tags=("dog", "cat"))),
        item(2, audience="C9", post=post(3, "U9", text="bike")),
    ]
    await archive.put(everyone, items, vectors(3), texts(3))
    assert [hit.item.id for hit in await archive.match(TEAM, "bike")] == [item(0).id]
    assert [hit.item.id for hit in await archive.search(TEAM, texts(3)[1], by="text")] == [item(0).id]
    assert await archive.recent(TEAM) == [items[0]]
    assert await archive.tally(TEAM, "people") == [Counted("U1", 1, "u1")]
    assert await archive.tally(TEAM, "channels") == [Counted("C1", 1, "open")]
    assert await archive.tally(TEAM, "tags") == [Counted("dog", 1)]
    assert await archive.vector(TEAM, items[1].id, "text") is None
    for filters in (Filters(channels=("C9",)), Filters(ids=(items[1].id,)), Filters(posted_by=("U9",))):
        assert await archive.count(TEAM, filters) == 0
        assert await archive.recent(TEAM, filters=filters) == []


async def test_a_match_scores_the_same_whatever_the_scope_does_not_name(archive: Archive) -> None:
    """How rare a word is must not tell how often it stands in channels the asker is not in."""
    everyone = Scope(workspace="T1", audiences=("C1", "C9"))
    mine = [item(n, audience="C1", name=f"{n}.jpg", post=post(n, text=text)) for n, text in enumerate(("bike", "car"))]
    await archive.put(everyone, [*mine, item(30, audience="C9")], vectors(3))
    [before] = await archive.match(TEAM, "bike")
    others = [item(n, audience="C9", name=f"{n}.jpg", post=post(n, text="bike")) for n in range(2, 30)]
    await archive.put(everyone, others, vectors(28))
    [after] = await archive.match(TEAM, "bike")
    assert after.score == pytest.approx(before.score, abs=1e-5)
