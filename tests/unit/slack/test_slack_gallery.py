"""The gallery shows one person what they may see, narrowed as they ask, and nobody anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import pytest

from bot.archive.pairs import Pair
from bot.slack.audiences import Audiences
from bot.slack.events import Identity
from bot.slack.listening.access import Access, Rules
from bot.slack.people import People, Person
from bot.slack.surface import sentences
from bot.slack.surface.gallery import Gallery
from bot.wiring import Wiring
from tests.archives import MemoryArchive
from tests.fakes import WordGate
from tools.kit import (
    Calibration,
    CannotDo,
    Contents,
    Counted,
    Embeddings,
    Filters,
    Image,
    Item,
    Post,
    Scope,
)

TEAM, ANNA, BEN = "T1", "UANNA", "UBEN"
NAMES = {"C1": "design", "C2": "secret"}
SEEN = {ANNA: ("C1", "C2"), BEN: ("C1",)}
DIM = 8


def hashed(texts: Sequence[str], dim: int) -> Embeddings:
    """One axis a text: nothing is like anything else."""
    made = np.zeros((len(texts), dim), np.float32)
    for row, said in enumerate(texts):
        made[row, sum(said.encode()) % dim] = 1
    return made


class Space:
    name, dim = "space-a", DIM
    calibration = Calibration(templates=("{}",), relevant=0.9, alike=0.9, scale=100.0, none_logit=0.0)

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        return hashed(texts, DIM)

    async def images(self, images: Sequence[Image]) -> Embeddings:
        return hashed([image.ref.name for image in images], DIM)


class Away(MemoryArchive):
    """Answers nothing any more."""

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        raise CannotDo("The archive is away.")

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        raise CannotDo("The archive is away.")

    async def tally(self, *asked: Any, **how: Any) -> list[Counted]:
        raise CannotDo("The archive is away.")


class Meaning:
    async def texts(self, texts: Sequence[str]) -> Embeddings:
        return hashed(texts, 4)


class Lending:
    """What a gallery asks of the wiring."""

    def __init__(self, archive: MemoryArchive) -> None:
        self.archive = archive
        self.lent = {"Archive": archive, "TextEncoder": Meaning()}

    async def pair(self, workspace: str) -> Pair:
        return Pair(Space(), self.archive)

    async def lend(self, port: type) -> Any:
        return self.lent[port.__name__]


class Seeing:
    """Says who sees what, as it was told."""

    async def of_person(self, user: str) -> Scope:
        return Scope(workspace=TEAM, audiences=SEEN.get(user) or ("nobody",))

    async def names(self, channels: Sequence[str]) -> dict[str, str]:
        return {key: NAMES[key] for key in channels if key in NAMES}


class Known:
    """The people of the workspace."""

    async def person(self, user: str) -> Person:
        return Person(user, user, guest=user == "UGUEST")

    async def names(self, users: Sequence[str]) -> dict[str, str]:
        return {ANNA: "Anna Berg"}


def item(number: int, channel: str = "C1", **contents: Any) -> Item:
    day = datetime(2026, 11, number, 12, tzinfo=UTC).timestamp()
    return Item(
        id=f"00000000-0000-0000-0000-{number:012}",
        path=f"https://acme.slack.com/archives/{channel}/p{number:016}",
        sha256=f"{number:064}",
        audience=channel,
        name=f"{NAMES[channel]}-{number}.png",
        mime="image/png",
        width=9,
        height=9,
        added=datetime(2026, 11, 27, tzinfo=UTC),
        post=Post(ts=f"{day:.6f}", user=ANNA, name="anna", channel=NAMES[channel], file=f"F{number}"),
        contents=Contents(kind="photo", done=("kind",), **contents),
    )


def gallery_of(archive: MemoryArchive) -> Gallery:
    people = cast(People, Known())
    access = Access(Rules(guests=False, deny_users=frozenset(["UBAD"])), people)
    wiring, audiences = cast(Wiring, Lending(archive)), cast(Audiences, Seeing())
    bot, gate = Identity(TEAM, "UBOT", "BBOT"), WordGate("recipe")
    return Gallery(bot, wiring, audiences, access, people, gate, ("slack.com",))


@pytest.fixture
async def gallery() -> Gallery:
    archive = MemoryArchive(dim=DIM, text_dim=4)
    items = [item(1), item(2, colours=("red",)), item(3, "C2", text="the secret recipe")]
    everything = Scope(workspace=TEAM, audiences=("C1", "C2"))
    await archive.put(everything, items, hashed([one.name for one in items], DIM))
    return gallery_of(archive)


async def test_an_archive_that_is_away_is_said() -> None:
    gallery = gallery_of(Away(dim=DIM, text_dim=4))
    assert await gallery.page(ANNA, {}) == {"problem": "The archive is away."}
    assert await gallery.picture(ANNA, item(1).id) is None


def names(page: dict[str, Any]) -> list[str]:
    return [image["name"] for image in page["images"]]


async def test_it_lists_the_newest_of_what_one_may_see_with_who_where_and_when(gallery: Gallery) -> None:
    page = await gallery.page(ANNA, {})
    assert names(page) == ["secret-3.png", "design-2.png", "design-1.png"]
    assert page["images"][2]["posted"] == "Anna Berg in #design, 1 Nov 2026"
    assert page["images"][2]["link"] == "https://acme.slack.com/archives/C1/p0000000000000001"
    assert page["said"] == "3 of 3 images, the newest first."
    assert [(each["name"], each["number"]) for each in page["channels"]] == [("#design", 2), ("#secret", 1)]


async def test_a_picture_that_was_posted_twice_is_shown_once_and_that_is_said() -> None:
    archive = MemoryArchive(dim=DIM, text_dim=4)
    again = item(2).model_copy(update={"sha256": item(1).sha256})
    elsewhere = item(3, "C2").model_copy(update={"sha256": item(1).sha256})
    await archive.put(
        Scope(workspace=TEAM, audiences=("C1", "C2")), [item(1), again, elsewhere], hashed(["same"] * 3, DIM)
    )
    page = await gallery_of(archive).page(BEN, {})
    assert [image["posted"] for image in page["images"]] == ["Anna Berg in #design, 2 Nov 2026 and 1 more time"]
    assert page["said"].startswith("1 of 2 images, the newest first. The same picture")


async def test_of_what_one_may_not_see_there_is_no_word(gallery: Gallery) -> None:
    for asked in ({}, {"q": "secret recipe"}, {"in": "C2"}, {"like": item(3).id}, {"from": ANNA, "kind": "photo"}):
        page = await gallery.page(BEN, asked)
        assert "secret" not in str(page | {"problem": str(page.get("problem")).replace("secret recipe", "")})
        assert "C2" not in str({**page, "problem": ""})
    assert (await gallery.page(BEN, {}))["said"] == "2 of 2 images, the newest first."
    assert await gallery.picture(BEN, item(3).id) is None


@pytest.mark.parametrize(
    ("asked", "left", "chips"),
    [
        ({"colour": "red"}, ["design-2.png"], ["red"]),
        ({"in": "C2"}, ["secret-3.png"], ["in #secret"]),
        (
            {"since": "2026-11-02", "until": "2026-11-02"},
            ["design-2.png"],
            ["on 2 November 2026"],
        ),
        ({"from": ANNA, "until": "2026-11-01"}, ["design-1.png"], ["from Anna Berg", "until 1 November 2026"]),
    ],
)
async def test_it_is_narrowed_and_says_by_what(
    gallery: Gallery, asked: dict[str, str], left: list[str], chips: list[str]
) -> None:
    page = await gallery.page(ANNA, asked)
    assert names(page) == left
    assert [chip["label"] for chip in page["chips"]] == chips
    assert {part for chip in page["chips"] for part in chip["key"].split()} == set(asked)


async def test_words_on_an_image_are_found_and_said_only_through_the_gate(gallery: Gallery) -> None:
    page = await gallery.page(ANNA, {"q": "the secret recipe"})
    assert names(page)[0] == "secret-3.png"
    assert "recipe" not in str(page)


@pytest.mark.parametrize(
    "asked", [{"since": "31.02."}, {"until": "2026-02-31"}, {"until": "9999-12-31"}, {"kind": "sculpture"}]
)
async def test_what_cannot_be_asked_is_said(gallery: Gallery, asked: dict[str, str]) -> None:
    page = await gallery.page(ANNA, asked)
    assert page["problem"] == sentences.GALLERY_ODD
    assert page["channels"]


@pytest.mark.parametrize("shown", ["9" * 5_000, "-1", "²", "x", "0"])
async def test_how_many_are_shown_is_a_number_of_ours(gallery: Gallery, shown: str) -> None:
    assert "problem" not in await gallery.page(ANNA, {"shown": shown})


@pytest.mark.parametrize("asked", [{"q": "word " * 10_000}, {"since": "0001-01-01"}, {"like": "no id"}, {"from": "\0"}])
async def test_what_no_search_can_be_is_one_sentence(gallery: Gallery, asked: dict[str, str]) -> None:
    page = await gallery.page(ANNA, asked)
    assert page["problem"].endswith(".")
    assert len(page["problem"]) < 200
    assert page["channels"]


@pytest.mark.parametrize("user", ["UBAD", "UGUEST"])
async def test_who_is_not_answered_is_shown_nothing(gallery: Gallery, user: str) -> None:
    assert await gallery.page(user, {}) == {"problem": sentences.GALLERY_CLOSED}
    assert await gallery.picture(user, item(1).id) is None


async def test_who_is_in_no_channel_is_told_how_images_come_here(gallery: Gallery) -> None:
    assert await gallery.page("UNEW", {}) == {"problem": sentences.GALLERY_EMPTY}


@pytest.mark.parametrize("key", ["", "no id", "../../etc/passwd"])
async def test_a_picture_of_no_image_is_none(gallery: Gallery, key: str) -> None:
    assert await gallery.picture(ANNA, key) is None
