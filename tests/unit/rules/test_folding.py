"""Near-duplicates are one hit; pictures in one layout, and a product in another colour, are as many as there are."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bot.evals.lookalikes import delivered, lookalikes
from tools.kit import Contents, Item
from tools.kit.pictures.detail import detail
from tools.kit.pictures.fingerprint import fingerprint
from tools.kit.ranking.candidates import Candidate
from tools.kit.ranking.folding import folded


def candidate(picture: Any, text: str = "", *, known: bool = True) -> Candidate:
    """known: whether its coarse copy is; an archive may be older."""
    pixels, key = np.asarray(picture), str(uuid.uuid4())
    contents = Contents(phash=fingerprint(pixels), detail=detail(pixels) if known else "", text=text)
    return Candidate(
        Item(
            id=key,
            path=f"/{key}.png",
            sha256=key,
            audience="C1",
            name="it.png",
            mime="image/png",
            width=picture.width,
            height=picture.height,
            added=datetime(2026, 1, 1, tzinfo=UTC),
            contents=contents,
        )
    )


def test_pictures_of_one_layout_are_as_many_hits() -> None:
    for pair in (*lookalikes(1), *lookalikes(4), *delivered()):
        assert len(folded([candidate(pair.first), candidate(pair.second)])) == 2, pair.kind


def test_a_copy_is_no_hit_of_its_own() -> None:
    for pair in lookalikes(1):
        small = pair.first.resize((pair.first.width // 2, pair.first.height // 2))
        [(_, others)] = folded([candidate(pair.first), candidate(small)])
        assert len(others) == 1, pair.kind


def test_what_is_older_than_coarse_copies_is_folded_by_its_fingerprint() -> None:
    form = next(pair.first for pair in lookalikes(1) if pair.kind == "form")
    small = form.resize((form.width // 2, form.height // 2))
    assert len(folded([candidate(form, known=False), candidate(small)])) == 1


def test_papers_that_say_other_things_are_not_folded() -> None:
    form = next(pair.first for pair in lookalikes(1) if pair.kind == "form")
    assert len(folded([candidate(form, "Invoice 17 of Quantum"), candidate(form, "Letter about ice")])) == 2


def test_papers_that_say_other_numbers_are_not_folded_and_a_misread_one_is() -> None:
    form = next(pair.first for pair in lookalikes(1) if pair.kind == "form")
    said = "Corner Bakery, 12 Mill Lane. Date 14/03/2026. Croissant 5.00, Rye bread 4.20, Coffee 2.80. Total {}"
    paper, misread = candidate(form, said.format("12.00")), candidate(form, said.format("17.00"))
    other = candidate(form, said.format("13.50").replace("14/03", "15/04"))
    assert len(folded([paper, misread])) == 1
    assert len(folded([paper, other])) == 2


def test_a_copy_is_found_among_many_of_one_template() -> None:
    forms = [candidate(pair.second) for seed in range(8) for pair in lookalikes(seed) if pair.kind == "form"]
    copy = candidate(next(pair.second for pair in lookalikes(5) if pair.kind == "form"))
    found = folded([*forms, copy])
    assert [others for _, others in found if others] == [(copy.item,)]
