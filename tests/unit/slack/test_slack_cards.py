"""Hits of a search on cards: as Slack takes them, with what may be said, and only where Slack has them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.events import Identity, Message
from bot.slack.people import People
from bot.slack.replying import labels
from bot.slack.replying.cards import ASK, LIKE, MORE, OPEN, Source
from bot.slack.replying.chips import CHIP
from bot.slack.replying.hits import searches
from bot.slack.replying.parts import CardsRefused, Parts
from bot.slack.replying.replies import Reply, simpler
from bot.slack.replying.sourcing import Sourcing
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.outbox import Progress
from bot.slack.storage.records import Records, Taken
from bot.slack.storage.tables import Database
from bot.slack.web import Refused
from graphs.constraints import open_gate
from tests.fakes import WordGate
from tests.unit.slack.slack_replying import Scene, only_its_own, scene
from tests.unit.slack.test_slack_replies import RUN, answer, blocks_of, calm, nodes, rendered, shown, small_print, tool
from tools.kit import Archive, Item, Scope

FILE = "https://acme.slack.com/files/U1/F123/bike.jpg"
SHEET = {"path": "/tmp/sheet.png", "caption": "bike: 1 of 9 images", "mime": "image/png"}
FOUND = {"h1": Source("F123", "Posted by Anna, 27 Nov 2026")}


def hit(rank: int = 1, **more: Any) -> dict[str, Any]:
    return {"rank": rank, "path": FILE, "name": "bike.jpg", "score": 0.31, "id": f"h{rank}", "sha256": "0", **more}


def found(*hits: dict[str, Any], **facts: Any) -> Any:
    """An answer that searched, with its contact sheet."""
    search = tool("search", hits=list(hits), cutoff=0.2, total=9, **facts)
    search["arguments"] = {"query": "bike"}
    search["evidence"]["shows"] = [SHEET]
    return answer(tools=[search], pictures=[SHEET])


def cards(replies: Any) -> list[dict[str, Any]]:
    return [card for block in blocks_of(replies, "carousel") for card in block["elements"]]


def test_a_card_says_what_how_like_by_whom_and_when_and_offers_three_things() -> None:
    [card] = cards(rendered(found(hit()), cards=FOUND))
    assert card["hero_image"] == {"type": "image", "slack_file": {"id": "F123"}, "alt_text": "bike.jpg"}
    texts = [card[name]["text"] for name in ("title", "subtitle", "body")]
    assert texts == ["1. bike.jpg", "Posted by Anna, 27 Nov 2026", "a good match (0.31)"]
    assert [(button["action_id"], button.get("url"), button.get("value")) for button in card["actions"]] == [
        (OPEN, FILE, None),
        (ASK, None, "h1"),
        (LIKE, None, "h1"),
    ]
    assert card["actions"][0]["accessibility_label"] == "Open: bike.jpg"


def test_cards_stand_in_for_the_sheet_and_the_list() -> None:
    replies = rendered(found(hit()), cards=FOUND)
    assert "bike.jpg" not in shown(replies)
    assert labels.PICTURE_MISSING not in small_print(replies)
    without = rendered(found(hit()))
    assert "bike.jpg: a good match (0.31)" in shown(without)
    assert labels.PICTURE_MISSING in small_print(without)
    assert not cards(without)


POSTED = {"user": "U1", "name": "Anna", "channel": "design", "channel_id": "C1", "at": "2026-11-12T09:00:00+00:00"}


def test_a_hit_says_why_with_the_words_marked_and_where_it_was_posted() -> None:
    told = hit(why='read on it: "a ⟦red⟧ bike"', posted=POSTED, places=[{"id": "h7"}])
    [card] = cards(rendered(found(told), cards=FOUND))
    assert card["body"]["text"] == 'read on it: "a red bike", and 1 more time'
    [listed] = blocks_of(rendered(found(told)), "rich_text")[-1]["elements"]
    words = listed["elements"][0]["elements"]
    assert "".join(part["text"] for part in words) == (
        'bike.jpg: read on it: "a red bike", by Anna in #design, 12 Nov 2026, and 1 more time'
    )
    assert [part["text"] for part in words if part.get("style") == {"bold": True}] == ["red"]


def test_marks_hide_nothing_from_the_gate() -> None:
    replies = rendered(found(hit(why='read on it: "Red ⟦Bull⟧ can"')), gate=WordGate("Red Bull"))
    assert "Bull" not in shown(replies)


def test_earlier_postings_of_an_image_are_cards_that_lead_to_their_messages() -> None:
    told = found(hit(why="the same file", posted=POSTED))
    told.tools[0] |= {"name": "posted_before", "arguments": {"image": "image 1"}}
    [card] = cards(rendered(told, cards=FOUND))
    assert (card["body"]["text"], card["actions"][0]["url"]) == ("the same file", FILE)
    assert searches(told)[0].kept()["tool"] == "posted_before"


def test_of_a_hit_without_copies_the_card_leads_to_its_own_message() -> None:
    told = found(hit(why="the hit itself", posted=POSTED))
    evidence = told.tools[0]["evidence"]
    evidence["facts"] |= {"hits": [], "itself": evidence["facts"]["hits"][0]}
    told.tools[0] |= {"name": "posted_before", "arguments": {"image": "image 1"}}
    [card] = cards(rendered(told, cards=FOUND))
    assert (card["body"]["text"], card["actions"][0]["url"]) == ("the hit itself", FILE)


CHIPS = [
    {"key": "posted_by", "value": "Anna", "label": "from Anna"},
    {"key": "kinds", "value": "photo", "label": "photos"},
]


def test_what_narrows_a_search_can_be_taken_away_where_something_is_left_to_go_by() -> None:
    narrowed = blocks_of(rendered(found(hit(), chips=CHIPS), cards=FOUND), "actions")[0]["elements"]
    assert [(chip["text"]["text"], chip["action_id"], chip["value"]) for chip in narrowed] == [
        ("✕ from Anna", f"{CHIP}_0", f"{RUN}:0:0"),
        ("✕ photos", f"{CHIP}_1", f"{RUN}:0:1"),
    ]
    alone = found(hit(score=None), chips=CHIPS[:1])
    alone.tools[0]["arguments"] = {"filters": {"posted_by": ["Anna"]}}
    replies = rendered(alone, cards=FOUND)
    assert "Narrowed: from Anna" in small_print(replies)
    assert not [block for block in blocks_of(replies, "actions") if CHIP in str(block)]


@pytest.mark.parametrize("room", range(40, 75))
def test_a_chip_that_is_cut_short_is_no_banned_word(room: int, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("banned_brands:\n  brands:\n    - name: Acme\n", "utf-8")
    long = {"key": "posted_by", "value": "x", "label": f"{'n' * room} Acmeland{'n' * 40}"}
    replies = rendered(found(hit(), chips=[long, *CHIPS]), cards=FOUND, gate=open_gate(rules))
    [chip] = [part for block in blocks_of(replies, "actions") for part in block["elements"] if "nnn" in str(part)]
    for said in (chip["text"]["text"], chip["accessibility_label"]):
        assert not re.search(r"Acme\b", said)


def test_a_hit_of_which_nothing_is_known_still_has_a_card() -> None:
    [card] = cards(rendered(found(hit(path="/home/anna/bike.jpg", note="file gone", page=2)), cards={}))
    assert (card["title"]["text"], card["body"]["text"]) == ("1. bike.jpg, page 2", "a good match (0.31), file gone")
    assert [button["action_id"] for button in card["actions"]] == [ASK, LIKE]
    assert not {"hero_image", "subtitle"} & card.keys()


def test_fifty_hits_are_all_there_ten_on_a_carousel() -> None:
    hits = [hit(rank, name=f"{'long' * 60}{rank}.jpg") for rank in range(1, 51)]
    replies = rendered(found(*hits), cards={f"h{rank}": FOUND["h1"] for rank in range(1, 51)})
    assert [len(block["elements"]) for block in blocks_of(replies, "carousel")] == [10] * 5
    assert [card["title"]["text"].partition(".")[0] for card in cards(replies)] == [str(rank) for rank in range(1, 51)]


@pytest.mark.parametrize("sources", [FOUND, None])
def test_there_is_a_button_for_more_only_where_there_is_more(sources: Any) -> None:
    def buttons(told: Any) -> list[str]:
        blocks = blocks_of(rendered(told, cards=sources), "actions")
        return [node["value"] for node in nodes(blocks) if node.get("action_id") == MORE]

    assert buttons(found(hit())) == []
    assert buttons(found(hit(), more=3)) == [f"{RUN}:0"]


def test_a_search_for_what_may_not_be_said_is_not_gone_on_with() -> None:
    told = found(hit(), more=3)
    told.tools[0]["arguments"] = {"query": "▇▇▇ hammers"}
    assert not searches(told)[0].more


def test_what_was_shown_on_earlier_pages_stays_shown() -> None:
    told = found(hit(2), hit(3))
    told.tools[0]["arguments"]["without"] = ["h1"]
    assert searches(told)[0].kept() == {
        "tool": "search",
        "number": 0,
        "arguments": {"query": "bike", "without": ["h1"]},
        "shown": ["h1", "h2", "h3"],
    }


@calm
@given(st.text(), st.text(), st.text())
def test_whatever_a_file_and_a_person_are_called_slack_takes_the_card(name: str, posted: str, note: str) -> None:
    told = found(hit(name=name, note=note))
    [card] = cards(rendered(told, cards={"h1": Source("F1", posted)}))
    parts = [node for node in nodes(card) if node.get("type") in ("plain_text", "mrkdwn")]
    assert {part["type"] for part in parts} == {"plain_text"}


def test_names_on_cards_pass_the_gate() -> None:
    told = found(hit(name="Acme hammer.jpg", note="by Acme"))
    replies = rendered(told, cards={"h1": Source("F1", "Posted by Acme, 1 May 2026")}, gate=WordGate("Acme"))
    assert "Acme" not in str(cards(replies))


def test_of_a_reply_whose_cards_and_all_are_refused_the_words_are_left() -> None:
    reply = next(reply for reply in rendered(found(hit()), cards=FOUND) if isinstance(reply, Reply))
    assert {block["type"] for block in simpler(reply).blocks} <= {"rich_text", "context"}


# --- what is known of hits ------------------------------------------------------------------------


class Shelf:
    """An archive with these items, for everybody."""

    def __init__(self, *items: Item) -> None:
        self.items = {item.id: item for item in items}

    async def get(self, scope: Scope, ids: list[str]) -> list[Item]:
        return [self.items[key] for key in ids if key in self.items]


class Drawn:
    """Draws every image but those that are gone."""

    async def png(self, item: Item) -> bytes:
        if item.name == "gone.pdf":
            raise FileNotFoundError(item.id)
        return b"png"


def item(key: str, name: str = "bike.jpg", mime: str = "image/jpeg", page: int | None = None) -> Item:
    path = f"https://acme.slack.com/files/U1/F{key.upper()}/{name}"
    now = datetime.now(UTC)
    return Item(
        id=key, path=path, sha256="0", audience="C1", name=name, mime=mime, width=1, height=1, page=page, added=now
    )


@pytest.fixture
async def here(database: Database) -> AsyncIterator[Scene]:
    async with scene(database) as opened:
        yield opened


def sourcing(here: Scene, database: Database, *items: Item) -> Sourcing:
    async def archive() -> Archive:
        return cast(Archive, Shelf(*items))

    records = Records(database, Inbox(database), Identity(here.slack.team, here.slack.bot_user, here.slack.bot_id))
    return Sourcing(archive, only_its_own, records, People(here.web, here.bot.team), cast(Any, Drawn()))


async def known(made: Sourcing, here: Scene, *ids: str) -> Any:
    told = found(*(hit(rank, id=key) for rank, key in enumerate(ids, 1)))
    return await made.of(here.question, told, Parts(here.web, here.outbox, here.question, here.bot))


async def test_a_hit_is_shown_by_its_own_file_with_who_posted_it_and_when(here: Scene, database: Database) -> None:
    records = Records(database, Inbox(database), here.bot)
    question: Message = here.question.model_copy(update={"ts": "1795737600.000100"})
    await records.take(question, [Taken({"id": "FA", "name": "bike.jpg"}, question, "0" * 64)])
    sources = await known(sourcing(here, database, item("a"), item("b")), here, "a", "b", "gone")
    assert sources == {"a": Source("FA", "Posted by anna, 27 Nov 2026"), "b": Source("FB", "")}


async def test_what_slack_cannot_show_is_drawn_and_uploaded_once(here: Scene, database: Database) -> None:
    items = [item("a", "bill.pdf", "application/pdf", page=1), item("b", "photo.heic", "image/heic")]
    made = sourcing(here, database, *items, item("c", "gone.pdf", "application/pdf", page=1))
    sources = await known(made, here, "a", "b", "c")
    again = await known(made, here, "a", "b", "c")
    assert sources == again
    assert [here.slack.files[sources[key].file]["name"] for key in ("a", "b")] == ["a.png", "b.png"]
    assert sources["c"].file is None
    assert len(here.calls("files.completeUploadExternal")) == 2


async def test_an_answer_without_hits_has_no_cards(here: Scene, database: Database) -> None:
    assert await known(sourcing(here, database), here) is None


async def test_hits_whose_picture_is_refused_on_a_later_message_are_said_in_the_first_one(here: Scene) -> None:
    """The list of all of them fits in a message that had been sent with cards by then."""
    await here.anna.post(here.channel, "look", files=[("bike.png", b"png")])
    [file] = here.slack.files
    search = found(*(hit(rank, name=f"{'long name ' * 12}.jpg") for rank in range(1, 26)))
    seen = {f"h{rank}": Source(file if rank < 25 else "FGONE", "") for rank in range(1, 26)}
    async with here.live() as live:
        with pytest.raises(CardsRefused):
            await live.finish(rendered(search, cards=seen))
        assert len(here.thread) == 1
        await live.finish_otherwise(rendered(search))
    [message] = here.thread
    assert cards([message]) == []
    assert str(message["blocks"]).count("match (0.31)") == 25
    first = (await here.outbox.of(here.question.key))[0]
    assert (first.part, first.ts, first.progress) == (0, message["ts"], Progress.SENT)


def refused(*said: str) -> CardsRefused:
    metadata = {"response_metadata": {"messages": list(said)}} if said else {}
    return CardsRefused(Refused("chat.postMessage", "invalid_blocks", metadata))


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (refused("[ERROR] unsupported type: carousel [json-pointer:/blocks/1/type]"), False),
        (refused(), False),
        (refused("[ERROR] invalid slack file [json-pointer:/blocks/1/elements/0/hero_image/slack_file]"), True),
    ],
)
async def test_cards_are_tried_again_only_where_a_picture_was_to_blame(
    here: Scene, database: Database, error: CardsRefused, again: bool
) -> None:
    made = sourcing(here, database, item("a"))
    made.note_refused(error)
    assert (await known(made, here, "a") is not None) == again
