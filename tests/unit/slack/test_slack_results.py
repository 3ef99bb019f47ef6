"""What a search found, as the blocks of a modal."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from bot.local_slack.block_kit import validate_view
from bot.slack.storage.origins import Origin
from bot.slack.surface.blocks import modal
from bot.slack.surface.channels import Channel
from bot.slack.surface.home import Home
from bot.slack.surface.results import ASK, CHIP, LIKE, MORE, OPEN, counted, narrowed_to, results
from bot.slack.surface.search_entries import CHANNEL, entries
from bot.slack.surface.searching import MOST, PAGE, Found, Search
from graphs.constraints import open_gate
from tools.kit import AskAgain, Filters, Gate, Hit, Item, Scope
from tools.kit.ranking import Ranked, Ranking
from tools.kit.ranking.reasons import Reason
from tools.kit.ranking.unread import Unread
from tools.kit.searching.telling import NO_IDEA

SCOPE = Scope(workspace="T1", audiences=("C1",))
SEARCH = Search("C1", "a flower")
HOSTS = ("slack.com",)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    rules = tmp_path / "rules.yaml"
    rules.write_text("banned_brands:\n  brands:\n    - name: Acme\n", "utf-8")
    return open_gate(rules)


def item(number: int, mime: str = "image/png", name: str = "") -> Item:
    return Item(
        id=str(uuid4()),
        path=f"https://x.slack.com/files/U1/F{number}/a.png",
        sha256=f"{number:064}",
        audience="C1",
        name=name or f"{number}.png",
        mime=mime,
        width=9,
        height=9,
        added=datetime(2026, 11, 27, tzinfo=UTC),
    )


def origin(number: int) -> Origin:
    return Origin(f"{number:064}", f"F{number}", "a.png", "U1", "1795814575.936276", "1795814575.936276")


def found(*items: Item, score: float = 0.4, total: int = 100) -> Found:
    ranked = tuple(Ranked(Hit(one, score), relevant=score >= 0.2) for one in items)
    origins = {one.id: origin(int(one.sha256)) for one in items}
    return Found(Ranking("a flower", ranked, cutoff=0.2, total=total), origins)


def shown(gate: Gate, search: Search, what: Found, **how: Any) -> list[dict[str, Any]]:
    """The blocks, which Slack takes."""
    blocks = results(search, what, clean=gate.clean, hosts=HOSTS, **how)
    assert validate_view(modal("Search", blocks, callback="c")) == []
    return blocks


def actions(blocks: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [each for block in blocks for each in block.get("elements", ()) if each.get("action_id") == name]


@pytest.mark.parametrize("room", range(40, 76))
def test_a_chip_that_is_cut_short_is_no_banned_word(gate: Gate, room: int) -> None:
    by = f"{'n' * room} Acmeland{'n' * 40}"
    blocks = shown(gate, Search("C1", "a flower", by="U1"), found(item(1)), by=by)
    [chip] = actions(blocks, f"{CHIP}_by")
    assert not re.search(r"Acme\b", chip["text"]["text"])


def test_every_hit_is_a_picture_with_what_can_be_done(gate: Gate) -> None:
    one = item(1)
    blocks = shown(gate, SEARCH, found(one))
    (picture,) = [block for block in blocks if block["type"] == "image"]
    assert picture["slack_file"] == {"id": "F1"}
    assert picture["title"]["text"].startswith("1. 1.png: ")
    assert [each["value"] for each in actions(blocks, ASK)] == [one.id]
    assert [each["value"] for each in actions(blocks, LIKE)] == [one.id]
    assert [each["url"] for each in actions(blocks, OPEN)] == [one.path]
    assert actions(blocks, MORE) == []


def test_what_slack_does_not_show_is_named(gate: Gate) -> None:
    pdf = found(item(1, "application/pdf", "scan.pdf"))
    for blocks in (shown(gate, SEARCH, pdf), shown(gate, SEARCH, found(item(1)), pictures=False)):
        assert all(block["type"] != "image" for block in blocks)
        assert "1. " in str(blocks)


def test_more_is_offered_while_there_is_more_and_a_view_has_room(gate: Gate) -> None:
    many = found(*map(item, range(MOST + 1)))
    blocks = shown(gate, SEARCH, many)
    assert len(actions(blocks, LIKE)) == PAGE
    assert actions(blocks, MORE)
    everything = Search("C1", "a flower", shown=MOST)
    assert everything.more == everything
    blocks = shown(gate, everything, many)
    assert len(actions(blocks, LIKE)) == MOST
    assert actions(blocks, MORE) == []


def test_names_pass_the_gate_and_make_nothing(gate: Gate) -> None:
    blocks = shown(gate, Search("C1", "<!channel>"), found(item(1, name="<!channel> Acme.png")))
    assert "acme" not in str(blocks).lower()
    assert "<!channel>" not in str([block for block in blocks if block.get("text", {}).get("type") == "mrkdwn"])


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (found(total=0), "No hit: nothing of that is among the 0 images searched."),
        (found(item(1), score=0.1, total=1), "The best one scores 0.10, under the cutoff of 0.20"),
        (found(item(1)), "1 of 100 images."),
        (found(item(1), item(2)), "2 of 100 images, the most similar first."),
    ],
)
def test_how_much_was_found_is_said_as_it_is(what: Found, says: str) -> None:
    assert says in counted(what.ranking, len(what.ranking.relevant))


def test_a_search_by_words_alone_says_so_and_tells_of_no_cutoff() -> None:
    ranked = (Ranked(Hit(item(1), 0.0), seen=False), Ranked(Hit(item(2), 0.0), relevant=False, seen=False))
    assert counted(Ranking("merger", ranked, cutoff=0.2, total=9, known=False), 1) == f"1 of 9 images. {NO_IDEA}"
    missed = Ranking("merger", ranked[1:], cutoff=0.2, total=9, known=False)
    assert counted(missed, 0) == f"No hit: nothing of that is among the 9 images searched. {NO_IDEA}"


def test_a_text_that_was_filtered_by_says_how_many_images_are_not_read_yet() -> None:
    said = counted(Ranking("", (), cutoff=0.2, total=0, unread=Unread(1_200, 40_000, sampled=True)), 0)
    assert said == (
        "No hit: nothing of that is among the 0 images searched. About 1,200 of the 40,000 images that it may be on "
        "are not read yet, so what is written on them was not searched."
    )


def test_what_was_under_the_cutoff_is_counted() -> None:
    ranked = (*found(item(1)).ranking.ranked, *found(item(2), score=0.1).ranking.ranked)
    said = counted(Ranking("q", ranked, cutoff=0.2, total=9), 1)
    assert said == "1 of 9 images. 1 more scored under the cutoff of 0.20 and is left out."


def test_filters_are_told_and_are_days_with_their_last(gate: Gate) -> None:
    search = Search("C1", "q", kind="application/pdf", by="U1", since="2026-11-01", until="2026-11-27")
    assert narrowed_to(search, gate.clean) == "<#C1> · posted by <@U1> · PDFs · since 2026-11-01 · until 2026-11-27"
    berlin = ZoneInfo("Europe/Berlin")
    assert search.filters(berlin) == Filters(
        mime="application/pdf",
        after=datetime(2026, 11, 1, tzinfo=berlin),
        before=datetime(2026, 11, 28, tzinfo=berlin),
        posted_by=("U1",),
    )
    looks = Search("", looks="screenshot", colour="dark blue", written="Error 404")
    assert looks.filters(UTC) == Filters(kinds=("screenshot",), colours=("dark blue",), with_text="Error 404")
    assert SEARCH.filters(UTC) is None
    assert Search.read({"channel": "C1", "wrong": 1}) is None


@pytest.mark.parametrize(
    "chosen",
    [{"until": "9999-12-31"}, {"since": "2026-02-31"}, {"since": "x"}, {"looks": "sculpture"}, {"until": "\0"}],
)
def test_what_the_form_does_not_offer_is_said(chosen: dict[str, Any]) -> None:
    with pytest.raises(AskAgain, match=r"^There is no such day or kind of image: "):
        Search("C1", "a flower", **chosen).filters(ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    "kept", [{}, {"channel": None}, {"channel": "C1", "shown": "x"}, {"channel": ["C1"]}, {"channel": "C1", "team": 1}]
)
def test_what_is_kept_of_no_search_is_none(kept: dict[str, Any]) -> None:
    assert Search.read(kept) is None


def test_what_narrows_a_search_can_be_taken_away_while_something_is_left(gate: Gate) -> None:
    search = Search("", "a flower", by="U1", looks="photo", written="Acme 5", shown=MOST)
    blocks = shown(gate, search, found(item(1)), by="Anna <!here>")
    offered = [each for block in blocks for each in block.get("elements", ()) if CHIP in each.get("action_id", "")]
    assert [(each["value"], each["text"]["text"]) for each in offered] == [
        ("by", "✕ from Anna <!here>"),
        ("looks", "✕ Photos"),
        ("written", "✕ with the words “▇▇▇ 5”"),
    ]
    assert search.without("looks") == Search("", "a flower", by="U1", written="Acme 5")
    assert search.without("query") == search
    assert CHIP not in str(shown(gate, Search("", by="U1"), found(item(1))))


def test_a_hit_says_why_and_where_it_was_posted(gate: Gate) -> None:
    one = item(1)
    reason = Reason("text", words=("bike",), snippet="a red ⟦bike⟧")
    what = Found(
        Ranking("bike", (Ranked(Hit(one, 0.0), reasons=(reason,), places=(item(2),)),), cutoff=0.2, total=9),
        {one.id: origin(1)},
    )
    said = str(shown(gate, Search("", "bike"), what))
    assert 'read on it: "a red bike"' in said
    assert "posted by <@U1> in <#C1>" in said
    assert "and 1 more time" in said


def test_the_channel_of_a_search_can_be_chosen_however_many_there_are() -> None:
    blocks = entries(Search("C150"), [(f"C{number}", f"#{number}") for number in range(200)])
    (menu,) = [block["element"] for block in blocks if block.get("block_id") == CHANNEL]
    assert menu["initial_option"]["value"] == "C150"
    assert menu["initial_option"] in menu["options"]


@pytest.mark.parametrize(("number", "says"), [(100, []), (101, ["the first 100 of 101 channels"])])
def test_that_a_menu_of_channels_is_not_whole_is_said(gate: Gate, number: int, says: list[str]) -> None:
    none = cast(Any, None)
    home = Home(none, none, none, none, none, gate, model="local", vision="no_vision")
    _, *told = home._settings([Channel(f"C{one}", f"channel-{one}") for one in range(number)])
    assert len(told) == len(says)
    assert all(words in str(told) for words in says)
