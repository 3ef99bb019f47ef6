"""Ranking: what is seen, meant and said, in one order; near-duplicates folded; a reason for each hit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from tests.archives import MemoryArchive
from tests.colours import COLOURS, ColourEncoder, unit
from tools.kit import AskAgain, Contents, Embeddings, Filters, Item, Post, Scope
from tools.kit.archive.words import gist_of
from tools.kit.ranking import Ranking, rank
from tools.kit.ranking.languages import is_english
from tools.kit.ranking.matching import match
from tools.kit.ranking.snippets import snippet, unmarked
from tools.kit.ranking.terms import terms_of

SCOPE = Scope(workspace="T1", audiences=("C1", "C2"))
TOPICS = ("dog", "boat", "invoice", "tree")


class Meaning:
    """Texts mean the topics they name, a puppy being a dog."""

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        told = [text.lower().replace("puppy", "dog") for text in texts]
        return np.stack([unit([text.count(topic) for topic in TOPICS]) for text in told])


def item(name: str, **more: Any) -> Item:
    given: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "path": f"https://example.slack.com/{name}",
        "sha256": name,
        "audience": "C1",
        "name": f"{uuid.uuid5(uuid.NAMESPACE_DNS, name)}.jpg",
        "mime": "image/jpeg",
        "width": 64,
        "height": 48,
        "added": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Item(**{**given, **more})


def said(text: str, ts: float = 1_770_000_000, **more: Any) -> Post:
    return Post(ts=f"{ts:.6f}", user="U1", name="Anna Berg", channel="design", text=text, **more)


async def filled(*items: tuple[Item, str]) -> MemoryArchive:
    """Each item with the colours its picture shows."""
    archive = MemoryArchive("colours", len(COLOURS), len(TOPICS))
    for each, colours in items:
        [text] = await Meaning().texts([gist_of(each)])
        [seen] = await ColourEncoder().texts([colours])
        await archive.put(SCOPE, [each], seen[None], text[None])
    return archive


async def ranked(archive: MemoryArchive, query: str | None = None, **more: Any) -> Ranking:
    return await rank(query, encoder=ColourEncoder(), archive=archive, scope=SCOPE, meaning=Meaning(), **more)


def originals(ranking: Ranking) -> list[str]:
    return [each.hit.item.sha256 for each in ranking.relevant]


# --- one order ------------------------------------------------------------------------------------


async def test_an_image_that_says_all_of_the_words_is_a_hit_whatever_it_looks_like() -> None:
    paper = item("paper", contents=Contents(text="Quantum Bakery\nTotal 12.50\n03/02/2026"))
    archive = await filled((paper, "white"), (item("red"), "red"))
    found = await ranked(archive, "the receipt of Quantum Bakery over 12.50")
    assert originals(found) == ["paper"]
    assert found.ranked[0].hit.score < found.cutoff
    [reason] = found.ranked[0].reasons
    assert reason.kind == "text"
    assert reason.words == ("Quantum", "Bakery", "12.50")
    assert "⟦Quantum⟧ ⟦Bakery⟧" in reason.snippet
    assert "⟦12.50⟧" in reason.snippet


async def test_who_says_a_date_or_an_amount_means_the_one_that_has_it() -> None:
    paper = item("paper", contents=Contents(text="Red Bakery Total 12.50"))
    archive = await filled(
        (paper, "white"), (item("red"), "red"), (item("other", contents=Contents(text="Red")), "red")
    )
    assert originals(await ranked(archive, "red bakery 12.50")) == ["paper"]
    assert set(originals(await ranked(archive, "red bakery 99.99"))) == {"red", "other"}


async def test_a_text_that_was_filtered_by_is_shown_where_it_stands() -> None:
    archive = await filled(
        (item("paper", contents=Contents(text="Bakery\nTotal 12.50")), "white"), (item("red"), "red")
    )
    [hit] = (await ranked(archive, filters=Filters(with_text="total 12.50"))).facts()["hits"]
    assert hit["reasons"] == [
        {"kind": "text", "words": ["Total", "12.50"], "exact": True, "snippet": "Bakery ⟦Total⟧ ⟦12.50⟧"}
    ]


async def test_one_word_of_many_makes_no_hit() -> None:
    archive = await filled((item("paper", contents=Contents(text="Quantum Bakery")), "white"))
    assert originals(await ranked(archive, "an astonished walrus beside a bakery")) == []


async def test_what_is_meant_is_found_in_other_words() -> None:
    archive = await filled((item("posted", post=said("look at my dog")), "white"), (item("other"), "white"))
    found = await ranked(archive, "a puppy")
    assert originals(found) == ["posted"]
    assert [reason.kind for reason in found.ranked[0].reasons] == ["meaning"]
    assert "of like meaning" in found.ranked[0].why


async def test_words_and_looks_together_come_before_each_alone() -> None:
    archive = await filled(
        (item("looks"), "red"),
        (item("both", post=said("the red one")), "red"),
        (item("says", post=said("red")), "white"),
    )
    assert originals(await ranked(archive, "red"))[0] == "both"
    assert set(originals(await ranked(archive, "red"))) == {"looks", "both", "says"}


async def test_where_a_picture_is_searched_with_words_alone_make_no_hit() -> None:
    red, says = item("red"), item("says", post=said("blue"))
    archive = await filled((red, "red"), (says, "white"), (item("both"), "red blue"))
    assert "says" not in originals(await ranked(archive, "blue", like=red.id))


# --- lists, order, within -------------------------------------------------------------------------


async def test_filters_alone_list_the_newest_first_or_the_oldest() -> None:
    posts = [(item(f"n{day}", post=said("", 1_770_000_000 + day * 86_400)), "red") for day in range(4)]
    archive = await filled(*posts)
    found = await ranked(archive, filters=Filters(mime="image/jpeg"), limit=2)
    assert originals(found) == ["n3", "n2"]
    assert (found.total, found.more, found.order, found.query) == (4, 2, "newest", "")
    assert found.facts()["hits"][0]["score"] is None
    assert originals(await ranked(archive, order="oldest", limit=1)) == ["n0"]


async def test_hits_in_the_order_of_time_are_still_hits() -> None:
    archive = await filled(
        (item("old", post=said("", 1_770_000_000)), "red"),
        (item("new", post=said("", 1_780_000_000)), "red blue"),
        (item("blue", post=said("", 1_790_000_000)), "blue"),
    )
    assert originals(await ranked(archive, "red", order="newest")) == ["new", "old"]
    assert originals(await ranked(archive, "red", order="oldest")) == ["old", "new"]


async def test_a_search_may_look_among_earlier_hits_only() -> None:
    first, second, third = item("1"), item("2"), item("3")
    archive = await filled((first, "red"), (second, "red blue"), (third, "red"))
    found = await ranked(archive, "red", within=[first.id, second.id])
    assert set(originals(found)) == {"1", "2"}
    assert (found.total, found.within) == (2, 2)
    with pytest.raises(AskAgain, match="looked among by their ids"):
        await ranked(archive, "red", within=["hit 1"])


# --- near-duplicates ------------------------------------------------------------------------------


async def test_postings_of_one_picture_are_one_hit_with_all_its_places() -> None:
    first = item("a", sha256="same", post=said("", 1_770_000_000))
    second = item("b", sha256="same", audience="C2", post=said("", 1_780_000_000))
    archive = await filled((first, "red"), (second, "red"))
    found = await ranked(archive, "red")
    assert len(found.relevant) == 1
    assert {found.ranked[0].hit.item.id, *(place.id for place in found.ranked[0].places)} == {first.id, second.id}
    assert found.facts()["hits"][0]["places"][0]["posted"]["channel"] == "design"


async def test_places_outside_the_scope_are_not_told() -> None:
    archive = await filled((item("a", sha256="same"), "red"), (item("b", sha256="same", audience="C2"), "red"))
    narrow = Scope(workspace="T1", audiences=("C1",))
    found = await rank("red", encoder=ColourEncoder(), archive=archive, scope=narrow, meaning=Meaning())
    assert found.ranked[0].places == ()
    assert found.total == 1


async def test_copies_that_look_the_same_are_folded_and_papers_of_one_form_are_not() -> None:
    looks = {"phash": "ff00ff00ff00ff00"}
    archive = await filled(
        (item("a", contents=Contents(**looks)), "red"), (item("b", contents=Contents(phash="ff00ff00ff00ff01")), "red")
    )
    assert len((await ranked(archive, "red")).relevant) == 1
    archive = await filled(
        (item("a", contents=Contents(**looks, text="Invoice 17 of Quantum Bakery, 12.50")), "red"),
        (item("b", contents=Contents(**looks, text="Letter to the Walrus Society about ice")), "red"),
    )
    assert len((await ranked(archive, "red")).relevant) == 2


async def test_a_broad_query_shows_different_pictures_first() -> None:
    alike = [(item(f"red {n}", post=said("red")), "red") for n in range(8)]
    other = item("half", post=said("red")), "red blue"
    archive = await filled(*alike, other)
    assert "half" in originals(await ranked(archive, "red", limit=3))
    assert originals(await ranked(archive, "red", limit=9))[-1] == "half"


# --- languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("a red bicycle in front of a house", True),
        ("receipt from Book Ta Sdn Bhd of 25/12/2018", True),
        ("invoice Acme Corp", True),
        ("CX-4417", True),
        ("🐶", True),
        ("latte", True),
        ("a poncho and a sombrero", True),
        ("tapas", True),
        ("chien rouge", False),
        ("der Hund am Strand", False),
        ("rotes Fahrrad vor dem Haus", False),
        ("un perro en la playa", False),
        ("photo de la facture", False),
        ("東京タワーの写真", False),
        ("صورة كلب", False),
    ],
)
def test_english_is_told_from_other_languages(words: str, english: bool) -> None:
    assert is_english(words) is english


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Rechnung von Müller", "RECHNUNG\nMüller GmbH"),
        ("東京タワー", "夜の東京タワー 2024"),
        ("فاتورة كهرباء", "فاتورة كهرباء رقم ٥"),
    ],
)
async def test_words_of_other_languages_match_word_by_word_and_no_more_is_pretended(query: str, text: str) -> None:
    archive = await filled((item("says", contents=Contents(text=text)), "white"), (item("red"), "red"))
    found = await ranked(archive, query)
    assert originals(found) == ["says"]
    assert found.facts()["only_words"] is True
    assert found.facts()["hits"][0]["score"] is None


# --- what cannot be asked -------------------------------------------------------------------------


async def test_a_very_long_query_is_not_cut_in_silence() -> None:
    archive = await filled((item("a"), "red"))
    with pytest.raises(AskAgain, match=r"at most 300 words what to look for: these are 10,000\."):
        await ranked(archive, "red " * 10_000)


async def test_a_paragraph_that_stands_on_an_image_finds_it() -> None:
    text = " ".join(f"clause{number} of the agreement" for number in range(60))
    archive = await filled((item("contract", contents=Contents(text=text)), "white"), (item("red"), "red"))
    found = await ranked(archive, text)
    assert originals(found)[0] == "contract"
    assert found.ranked[0].reasons[0].exact


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "printed", ["05/02/2018", "5.2.18", "2018-02-05", "05 FEB 2018", "Feb 5, 2018", "DATE:0502/2018", "5 February 2018"]
)
def test_a_day_is_found_however_it_is_printed(printed: str) -> None:
    terms = terms_of("the receipt of 5 February 2018")
    there = match(terms, item("a", contents=Contents(text=f"shop\n{printed} 13:30\nthank you")))
    assert there.share > 0.5


def test_another_day_is_another_day() -> None:
    terms = terms_of("5 February 2018")
    assert match(terms, item("a", contents=Contents(text="06/02/2018 and 15 February 2018"))).share == 0


def test_misread_and_plural_words_count_but_less_or_as_much() -> None:
    where = item("a", contents=Contents(text="Two dogs in SCLANGOR"))
    assert match(terms_of("dog"), where).share == 1
    assert 0 < match(terms_of("Selangor"), where).share < 1
    assert match(terms_of("cat"), where).share == 0


@pytest.mark.parametrize(
    ("text", "spans", "marked"),
    [
        ("a red bike", [(2, 5)], "a ⟦red⟧ bike"),
        ("red\nbike", [(0, 3), (4, 8)], "⟦red⟧ ⟦bike⟧"),
        ("⟦fake⟧ red", [(7, 10)], "fake ⟦red⟧"),
        ("x" * 200 + " red " + "y" * 200, [(201, 204)], "…⟦red⟧…"),
    ],
)
def test_a_snippet_marks_its_words_and_only_those(text: str, spans: list[tuple[int, int]], marked: str) -> None:
    assert snippet(text, spans) == marked
    assert "⟦" not in unmarked(marked)
