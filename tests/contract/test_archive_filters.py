"""What filters mean: one contract for every engine."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from tests.archives import passes
from tests.contract.archive_kit import NOON, OWNER, TEAM, item, post, vectors
from tools.kit import Archive, Contents, Excluded, Filters, Item, Scope

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")

FILES = [
    (Filters(name_contains="img_1"), {0}),
    (Filters(name_contains="RÄT"), {1}),
    (Filters(name_contains="x"), {2}),
    (Filters(folder="/photos/2023"), {1}),
    (Filters(folder="/photos"), {0, 1, 2}),
    (Filters(folder="/photo"), set()),
    (Filters(folder="holiday"), {0}),
    (Filters(folder="2024/Holiday/"), {0}),
    (Filters(folder="Holiday/2024"), set()),
    (Filters(mime="image/png"), {1}),
    (Filters(mime="image/"), {0, 1}),
    (Filters(after=NOON), {0, 2}),
    (Filters(before=NOON), {1}),
    (Filters(after=NOON + timedelta(days=1)), {2}),
    (Filters(min_width=1000), {1}),
    (Filters(min_height=500), {1, 2}),
    (Filters(orientation="landscape"), {0}),
    (Filters(orientation="portrait"), {1}),
    (Filters(orientation="square"), {2}),
    (Filters(mime="image/", min_width=1000), {1}),
    (Filters(mime="image/jpeg", orientation="portrait"), set()),
    (Filters(excluding=Excluded(name_contains="img_1")), {1, 2}),
    (Filters(excluding=Excluded(folder="2024/Holiday")), {1, 2}),
    (Filters(excluding=Excluded(folder="/photos/2023")), {0, 2}),
    (Filters(excluding=Excluded(mime="image/")), {2}),
    (Filters(mime="image/", excluding=Excluded(mime="image/png")), {0}),
    (Filters(excluding=Excluded()), {0, 1, 2}),
    (Filters(), {0, 1, 2}),
]


async def keeps(archive: Archive, scope: Scope, table: list[tuple[Filters, set[int]]]) -> None:
    for filters, wanted in table:
        hits = await archive.search(scope, vectors(1)[0], filters=filters)
        assert {uuid.UUID(hit.item.id).int - 1 for hit in hits} == wanted, filters
        assert await archive.count(scope, filters) == len(wanted), filters


async def test_a_filter_of_files_keeps_what_it_says(archive: Archive) -> None:
    await archive.put(
        OWNER,
        [
            item(0, name="IMG_1.JPG", path="/photos/2024/Holiday/IMG_1.JPG"),
            item(
                1,
                name="Gerät.png",
                path="/photos/2023/Gerät.png",
                mime="image/png",
                width=1000,
                height=2000,
                taken=NOON - timedelta(days=300),
            ),
            item(
                2,
                name="fax.pdf",
                path="/photos/docs/fax.pdf",
                mime="application/pdf",
                width=501,
                height=500,
                modified=0,
                added=NOON + timedelta(days=2),
            ),
        ],
        vectors(3),
    )
    await keeps(archive, OWNER, FILES)


def hash_of(number: int) -> str:
    return f"{number:064x}"


POSTS = [
    (Filters(posted_by=("U1",)), {0, 3}),
    (Filters(posted_by=("U1", "U2")), {0, 1, 3}),
    (Filters(posted_by=("U3",)), set()),
    (Filters(channels=("C1",)), {0}),
    (Filters(channels=("C1", "C2")), {0, 1, 3}),
    (Filters(kinds=("photo",)), {0, 2}),
    (Filters(kinds=("photo", "screenshot")), {0, 1, 2}),
    (Filters(colours=("red",)), {0, 2}),
    (Filters(colours=("red", "blue")), {0}),
    (Filters(with_text="invoice 12"), {0, 1}),
    (Filters(with_text="INVOICE\n12"), {0, 1}),
    (Filters(with_text="12.50"), {0, 1}),
    (Filters(with_text="Invoice 12.50"), {1}),
    (Filters(with_text="total"), {0}),
    (Filters(with_text="invoice 1"), set()),
    (Filters(with_text="50 12"), set()),
    (Filters(with_text="straße"), {3}),
    (Filters(with_text="ｓｔｒａｓｓｅ"), {3}),
    (Filters(with_text="東京"), {3}),
    (Filters(with_text="..."), set()),
    (Filters(originals=(hash_of(1),)), {1}),
    (Filters(originals=(hash_of(1), hash_of(2), "gone")), {1, 2}),
    (Filters(ids=(item(1).id, item(2).id.upper())), {1, 2}),
    (Filters(ids=("hit 2",)), set()),
    (Filters(after=NOON + timedelta(seconds=1)), {1, 3}),
    (Filters(posted_by=("U1",), colours=("red",)), {0}),
    (Filters(excluding=Excluded(posted_by=("U1",))), {1, 2}),
    (Filters(excluding=Excluded(channels=("C2",))), {0, 2}),
    (Filters(excluding=Excluded(kinds=("photo", "screenshot"))), {3}),
    (Filters(excluding=Excluded(colours=("blue", "green"))), {1, 2}),
    (Filters(excluding=Excluded(with_text="invoice 12.50")), {0, 2, 3}),
    (Filters(excluding=Excluded(with_text="...")), {0, 1, 2, 3}),
    (Filters(excluding=Excluded(posted_by=("U2",), colours=("green",))), {0, 2}),
    (Filters(kinds=("photo",), excluding=Excluded(channels=("C1",))), {2}),
]


async def test_a_filter_of_posts_keeps_what_it_says(archive: Archive) -> None:
    await archive.put(
        TEAM,
        [
            item(
                0,
                audience="C1",
                post=post(0, "U1"),
                contents=Contents(text="Invoice 12\nTotal 12,50", kind="photo", colours=("red", "blue")),
            ),
            item(1, audience="C2", post=post(1, "U2"), contents=Contents(text="invoice 12.50", kind="screenshot")),
            item(2, audience="C2", contents=Contents(kind="photo", colours=("red",))),
            item(
                3,
                audience="C2",
                post=post(2, "U1"),
                contents=Contents(text="STRASSE 5, 東京都", kind="drawing", colours=("green",)),
            ),
        ],
        vectors(4),
    )
    await keeps(archive, TEAM, POSTS)


async def test_filters_drawn_at_random_keep_what_each_condition_says(archive: Archive) -> None:
    random = np.random.default_rng(6)
    everyone = Scope(workspace="T1", audiences=("C1", "C2", "C3"))
    items = [any_item(number, random) for number in range(120)]
    await archive.put(everyone, items, vectors(120))
    kept = 0
    for _ in range(150):
        filters = any_filters(random)
        wanted = {each.id for each in items if each.audience in TEAM.audiences and passes(each, filters)}
        assert {each.id async for each in archive.scan(TEAM, filters)} == wanted, filters
        kept += len(wanted)
    assert kept > 1000


NAMES, WORDS, COLOURS, KINDS = (
    ("Red.png", "bike.JPG", "IMG 12.jpg"),
    ("to", "pay", "12"),
    ("red", "blue", "green"),
    (
        "photo",
        "screenshot",
        "document",
    ),
)


def some(random: Any, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if random.random() < 0.4)


def any_item(number: int, random: Any) -> Item:
    return item(
        number,
        audience=str(random.choice(["C1", "C2", "C3"])),
        name=str(random.choice(NAMES)),
        path=str(random.choice(["/a/b/c.jpg", "/a/d/c.jpg", "https://team.example/p1"])),
        mime=str(random.choice(["image/png", "image/jpeg", "application/pdf"])),
        width=int(random.choice([100, 640, 660])),
        height=int(random.choice([100, 640])),
        sha256=hash_of(int(random.integers(5))),
        post=post(float(random.integers(100)), str(random.choice(["U1", "U2", ""]))) if random.random() < 0.7 else None,
        contents=Contents(
            text=" ".join(random.choice(WORDS, int(random.integers(5)))),
            kind=str(random.choice(["", *KINDS])),
            colours=some(random, COLOURS),
        ),
    )


def any_filters(random: Any) -> Filters:
    def maybe(make: Callable[[], Any]) -> Any:
        return make() if random.random() < 0.2 else None

    def both() -> dict[str, Any]:
        return {
            "name_contains": maybe(lambda: str(random.choice(["red", "im", ".j", "12."]))),
            "folder": maybe(lambda: str(random.choice(["/a", "b", "a/d", "/a/b"]))),
            "mime": maybe(lambda: str(random.choice(["image/", "image/png"]))),
            "posted_by": maybe(lambda: some(random, ("U1", "U2"))),
            "channels": maybe(lambda: some(random, ("C1", "C3"))),
            "kinds": maybe(lambda: some(random, KINDS)),
            "colours": maybe(lambda: some(random, COLOURS)),
            "with_text": maybe(lambda: " ".join(random.choice(WORDS, 2))),
        }

    once = {
        "after": maybe(lambda: NOON + timedelta(seconds=int(random.integers(100)))),
        "before": maybe(lambda: NOON + timedelta(seconds=int(random.integers(100)))),
        "min_width": maybe(lambda: 640),
        "orientation": maybe(lambda: str(random.choice(["landscape", "portrait", "square"]))),
        "originals": maybe(lambda: (hash_of(1), hash_of(2))),
        "ids": maybe(lambda: tuple(item(int(number)).id for number in random.integers(0, 120, 60))),
        "excluding": maybe(lambda: Excluded(**given(both()))),
    }
    return Filters(**given({**both(), **once}))


def given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
