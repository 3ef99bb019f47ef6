"""What a search does with words that its encoder has no idea of, and with cutoffs of its own for each text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.archives import MemoryArchive
from tests.colours import ColourEncoder
from tests.unit.archive.test_ranking import SCOPE, Meaning, filled, item, originals, ranked, said
from tools.kit.ranking import Ranking, rank
from tools.kit.searching import telling
from tools.kit.searching.telling import NO_IDEA, NO_IDEA_BESIDE, not_judged


class Knowing(ColourEncoder):
    """`Encoder` that has no idea of a merger, and asks more of what is blue."""

    async def cutoffs(self, texts: Sequence[str]) -> list[float | None]:
        return [None if "merger" in text else 0.999 if "blue" in text else 0.2 for text in texts]


async def known(archive: MemoryArchive, query: str, **more: Any) -> Ranking:
    return await rank(query, encoder=Knowing(), archive=archive, scope=SCOPE, meaning=Meaning(), **more)


async def test_pictures_are_not_judged_by_words_the_encoder_has_no_idea_of() -> None:
    archive = await filled((item("says", post=said("after the merger")), "white"), (item("red"), "red"))
    found = await known(archive, "merger")
    assert originals(found) == ["says"]
    assert not found.known
    assert found.facts()["only_words"] is True
    assert found.facts()["hits"][0]["score"] is None
    assert not_judged(found) == NO_IDEA
    assert originals(await known(archive, "red")) == ["red"]


async def test_what_nobody_says_and_the_encoder_has_no_idea_of_is_not_found_and_why_is_said() -> None:
    archive = await filled((item("red"), "red"), (item("white"), "white"))
    assert telling.nothing(await known(archive, "merger"), ()) == (
        f'Nothing for "merger" among the 2 images searched. {NO_IDEA}'
    )


async def test_like_this_but_with_words_the_encoder_has_no_idea_of_is_like_this_alone() -> None:
    red, pink = item("red"), item("pink")
    archive = await filled((red, "red"), (pink, "red"), (item("white"), "white"))
    found = await known(archive, "merger", like=red.id)
    assert originals(found) == ["pink"]
    assert not_judged(found) == NO_IDEA_BESIDE


async def test_a_text_has_its_own_cutoff_where_the_encoder_knows_one() -> None:
    archive = await filled((item("mixed"), "blue red"), (item("blue"), "blue"))
    assert set(originals(await ranked(archive, "blue"))) == {"mixed", "blue"}
    assert originals(await known(archive, "blue")) == ["blue"]
    assert set(originals(await known(archive, "red without a merger"))) == {"mixed"}
