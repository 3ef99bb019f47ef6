"""What of a search is worth telling to the asker alone, beside what everybody was shown of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.asides import searched_again, worth
from bot.directory import HERE
from tools.kit import Scope

CUTOFF = 0.15


def reason(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, **more}


def looks(score: float) -> dict[str, Any]:
    return reason("picture", score=score)


def says(*words: str, exact: bool = False) -> dict[str, Any]:
    return reason("text", words=list(words), **({"exact": True} if exact else {}))


def facts(*hits: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A hit for each list of reasons."""
    listed = [{"id": f"hit {number}", "reasons": reasons} for number, reasons in enumerate(hits, 1)]
    return {"hits": listed, "cutoff": CUTOFF, **more}


def told(found: dict[str, Any], shown: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in worth(found, shown)]


def test_a_fair_match_beside_a_good_one_is_not_told() -> None:
    assert told(facts([looks(0.18)], [looks(0.16)]), facts([looks(0.40)], [looks(0.17)])) == []


def test_one_that_is_half_as_far_above_the_cutoff_as_the_best_is_told() -> None:
    found = facts([looks(0.30)], [looks(0.28)], [looks(0.27)])
    assert told(found, facts([looks(0.40)])) == ["hit 1", "hit 2"]


def test_where_only_fair_matches_were_shown_others_are_told() -> None:
    assert told(facts([looks(0.16)]), facts([looks(0.17)])) == ["hit 1"]


@pytest.mark.parametrize("shown", [{}, facts(), facts([], nearest_miss=True)])
def test_where_nothing_was_found_every_hit_is_told(shown: dict[str, Any]) -> None:
    assert told(facts([looks(0.16)], [says("red")]), shown) == ["hit 1", "hit 2"]


def test_what_is_no_hit_is_never_told() -> None:
    assert told(facts([], nearest_miss=True), facts()) == []


@pytest.mark.parametrize("kind", ["text", "name", "message", "caption", "tags"])
def test_what_holds_all_that_was_asked_for_is_told_beside_anything(kind: str) -> None:
    exact = reason(kind, words=["red", "bike"], exact=True)
    assert told(facts([exact]), facts([looks(0.9), says("red", "bike", exact=True)])) == ["hit 1"]


def test_what_holds_fewer_of_the_words_is_not_told() -> None:
    shown = facts([says("red", "bike")])
    assert told(facts([says("bike")], [says("red", "bike")]), shown) == ["hit 2"]


def test_looks_are_no_match_for_words() -> None:
    assert told(facts([looks(0.3)]), facts([says("red", "bike", exact=True)])) == []


def test_a_like_meaning_is_told_beside_one_that_is_little_more_like() -> None:
    shown = facts([reason("meaning", score=0.6)])
    assert told(facts([reason("meaning", score=0.55)], [reason("meaning", score=0.5)]), shown) == ["hit 1"]


def test_copies_and_what_passes_filters_are_told() -> None:
    assert told(facts([], []), facts([looks(0.9)])) == ["hit 1", "hit 2"]


async def test_what_only_counts_is_not_asked_again() -> None:
    async def lend(port: type) -> None:
        raise AssertionError(port)

    lends: dict[str, Any] = {"lend_within": lambda *_, **__: lend, "fetcher": lambda scope: None}
    wiring: Any = SimpleNamespace(settings=SimpleNamespace(tool_seconds=1.0), **lends)
    scope = Scope(workspace="T1", audiences=("C1",))
    counted = {"name": "tally", "arguments": {"by": "channel"}, "evidence": {"facts": {"number": 3}}}
    assert await searched_again(wiring, [counted], [], alone=scope, wider=scope, directory=HERE) == []


def test_of_two_reasons_in_words_the_better_one_counts_for_both() -> None:
    both = [says("cash", "bill"), says("bill")]
    assert told(facts(both), facts(both)) == ["hit 1"]
    assert told(facts(both[::-1]), facts(both)) == ["hit 1"]
