"""What one may see of an archive does not depend on what one may not: neither hits nor scores, order, counts or tallies
tell that there is anything else."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from tests.contract.archive_kit import TEAM, Make, item, post, texts, vectors
from tools.kit import Archive, Contents, Filters, Item, Scope
from tools.kit.archive.item import Tallied

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")

WORDS = ("red bike in the yard", "a bike", "invoice of march", "red red red invoice", "the yard", "bike invoice")
OURS = Scope(workspace=TEAM.workspace, audiences=("C3", "C4"))
OTHERS = Scope(workspace=TEAM.workspace, audiences=("C9",))
STRANGERS = Scope(workspace="T2", audiences=OURS.audiences)


def items(scope: Scope, first: int) -> list[Item]:
    return [
        item(
            first + number,
            audience=scope.audiences[number % len(scope.audiences)],
            post=post(number, f"U{number % 2}", channel="design", text=said),
            contents=Contents(caption=said, kind="photo", colours=("red",) if "red" in said else (), done=("caption",)),
        )
        for number, said in enumerate(WORDS)
    ]


async def told(archive: Archive) -> dict[str, Any]:
    """Everything that one of us can be told."""
    named: dict[str, Any] = {}
    for filters in (None, Filters(posted_by=("U1",)), Filters(colours=("red",))):
        for limit in (2, 10):
            key = f"{filters} {limit}"
            for by, vector in (("image", vectors(1, 7)[0]), ("text", texts(1, 8)[0])):
                hits = await archive.search(OURS, vector, by=by, filters=filters, limit=limit)  # type: ignore[arg-type]
                named[f"{by} {key}"] = [(hit.item.id, round(hit.score, 4)) for hit in hits]
            for words in ("bike", "red invoice", "yard"):
                hits = await archive.match(OURS, words, filters=filters, limit=limit)
                named[f"{words} {key}"] = [(hit.item.id, round(hit.score, 4)) for hit in hits]
            named[f"recent {key}"] = [each.id for each in await archive.recent(OURS, filters=filters, limit=limit)]
        named[f"count {filters}"] = await archive.count(OURS, filters)
        for what in get_args(Tallied):
            named[f"{what} {filters}"] = await archive.tally(OURS, what, filters=filters)
    return named


async def test_what_others_have_changes_nothing_of_what_one_is_told(archives: Make) -> None:
    archive = archives("space-a")
    await archive.put(OURS, items(OURS, 0), vectors(len(WORDS)), texts(len(WORDS)))
    before = await told(archive)
    assert before["bike None 10"]
    for number, scope in enumerate((OTHERS, STRANGERS), 1):
        for copy in range(5):  # so many that what is rare for us is not so for all
            first = 100 * number + 10 * copy
            await archive.put(scope, items(scope, first), vectors(len(WORDS), first), texts(len(WORDS), first))
        np.testing.assert_equal(await told(archive), before)
