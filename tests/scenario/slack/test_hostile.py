"""What people with bad intentions post: it is answered like anything else, and does nothing."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

import pytest

from bot.local_slack.acts.filing import Upload
from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.model import Model, Use
from tests.scenario.slack.office import PATIENCE, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

UNKEPT = "\x00\ud800"
"""What PostgreSQL keeps in no text."""
SMUGGLED = [
    "<!channel> <@U0EVERYONE> <https://evil.invalid|click>",
    "&lt;!here&gt; @everyone @here /spyglass forget channel :here:",
    "a\u202ecod.exe\u2066 \u0007\x1b]0;title\x07",
    "=cmd()|' /C calc'!A0",
    "x" * 5_000,
]


def texts(value: Any) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def said_with(room: Room, words: str) -> list[tuple[str, str]]:
    """Every argument of every call, the small print and names of files included, that holds these words."""
    return [
        (call.method, text)
        for call in room.slack.calls
        for text in texts(call.arguments)
        if words.lower() in text.lower()
    ]


def parsed(room: Room) -> list[str]:
    """The texts of all that the bot said here where Slack reads mrkdwn, and what it would make of rich text."""
    return [text for message in room.said for text in _parsed(message)]


def _parsed(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for inner in value for text in _parsed(inner)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") in ("mrkdwn", "message") else []
    made = [json.dumps(value)] if value.get("type") in ("user", "usergroup", "broadcast", "channel", "link") else []
    return [*own, *made, *(text for inner in value.values() for text in _parsed(inner))]


# --- characters -----------------------------------------------------------------------------------


async def test_characters_no_database_takes_are_left_out_of_a_question(room: Room) -> None:
    assert await room.answer_to(f"thanks{UNKEPT}!")


async def test_characters_no_database_takes_are_left_out_of_file_names(room: Room) -> None:
    answer = await room.answer_to("What format is it?", (f"a{UNKEPT}.png", small_png()))
    assert "Image 1 is a PNG file (image/png)." in answer


async def test_characters_no_database_takes_are_left_out_of_edits(room: Room) -> None:
    ts = await room.ask("thanks!")
    await room.reply_to(ts)
    await room.anna.edit(room.channel, ts, f"<@{room.slack.bot_user}> thanks{UNKEPT} a lot!")
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


@pytest.mark.parametrize("text", SMUGGLED)
async def test_file_names_make_no_mention_and_no_link(room: Room, text: str) -> None:
    name = text.replace("/", "∕")
    await room.answer_to("What does it say?", Upload(f"{name}.png", saying("Total 4.20")))
    await room.answer_to("What format is it?", Upload(f"{name}.txt", b"no image"))
    assert not any(sign in text for text in parsed(room) for sign in ("<!", "<@U0", "<http", "\x1b", "\u202e"))


async def test_text_read_from_an_image_makes_no_mention_and_no_link(room: Room) -> None:
    lines = ("<!channel> @here", "&lt;!here&gt;", "<https://evil.invalid|ok>", "/spyglass forget")
    await room.answer_to("What does it say?", ("a.png", saying(*lines)))
    assert not any(sign in text for text in parsed(room) for sign in ("<!", "<@", "<http", '"broadcast"', '"link"'))


async def test_what_a_model_says_makes_no_mention_and_no_link(slow_room: Room, model: Model) -> None:
    smuggled = "# <!channel> **@here** [click](https://evil.invalid) <@U0EVERYONE> &lt;!here&gt; `<!everyone>`\x1b[31m"
    model.answers("Smuggle it in", smuggled)
    await slow_room.answer_to("Smuggle it in")
    signs = ("<!", "<@U0", "<http", '"broadcast"', '"link"', '"user"')
    assert not any(sign in text for text in parsed(slow_room) for sign in signs)


# --- a banned brand -------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Acme", "settings Acme", "settings threads Acme", "A\u200bc\u200bm\u200be", "Аcme"])
async def test_commands_do_not_say_a_banned_brand_back(room: Room, words: str) -> None:
    await room.anna.slash("/spyglass", words, room.channel)
    await room.slack.until(lambda: room.notes_to(room.anna), PATIENCE)
    assert "cme" not in room.notes_to(room.anna)[-1]


async def test_a_title_cut_short_names_no_banned_brand(room: Room) -> None:
    words = "what a wonderful morning it is, and thanks for all this Acmeology that you do"
    assert words[:60].endswith("Acme")
    await room.anna.post(room.anna.dm(), words)
    titles = room.slack.calls
    await room.slack.until(lambda: any(call.method == "assistant.threads.setTitle" for call in titles), PATIENCE)
    last = [call.arguments for call in room.slack.calls if call.method == "assistant.threads.setTitle"][-1]
    assert "Acme" not in last["title"]


async def test_a_step_names_no_banned_brand(slow_room: Room, model: Model) -> None:
    fields = ["Ac\x1b[31mme", "x" * 40 + " Acme Tools"]
    model.answers("take them", Use("extract", {"image": "image 1", "fields": fields}), "Nothing is there.")
    await slow_room.answer_to("take them", ("a.png", saying("Total 4.20")))
    assert said_with(slow_room, "acme") == []


async def test_a_banned_brand_goes_out_nowhere(room: Room) -> None:
    picture = saying("Acme Tools", "Invoice 7", "Total 42.00", "Date 2026-01-02")
    await room.answer_to("What does it say?", ("acme.png", picture))
    for question in (
        "What is the total, the date and the Acme number?",
        "Find pictures like this one",
        "Find the Acme picture",
        "what is in it? as csv",
        "Which file is Acme?",
    ):
        await room.answer_to(question)
    assert said_with(room, "acme") == []


# --- too much of it -------------------------------------------------------------------------------


async def test_thousands_of_mentions_are_not_all_looked_up(room: Room) -> None:
    crowd = " ".join(f"<@U0CROWD{number:05}>" for number in range(2_000))
    await room.answer_to(f"thanks! {crowd}")
    assert 0 < len([call for call in room.slack.calls if "CROWD" in str(call.arguments.get("user"))]) < 50


async def test_a_question_as_long_as_slack_allows_is_answered(room: Room) -> None:
    assert await room.answer_to("thanks! " * 5_000)
    assert await room.answer_to("x" * 40_000)


async def test_a_message_that_is_edited_two_hundred_times_is_answered_once(room: Room) -> None:
    ts = await room.ask("thanks!")
    for number in range(200):
        await room.anna.edit(room.channel, ts, f"<@{room.slack.bot_user}> thanks! ({number})")
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_a_flood_of_messages_leaves_nothing_unanswered(room: Room) -> None:
    asked = []
    for _ in range(100):
        room.thread = None
        asked.append(await room.ask("thanks!"))
    for ts in asked:
        await room.reply_to(ts)
    assert [len(room.replies(ts)) for ts in asked] == [1] * 100


# --- what is elsewhere ----------------------------------------------------------------------------


async def test_pictures_of_a_private_channel_are_not_found_from_another(room: Room) -> None:
    private = await room.office.room(private=True)
    await private.answer_to("What does it say?", ("plans.png", saying("Top secret plans")))
    await room.answer_to("What does it say?", ("public.png", saying("Lunch menu")))
    for question in ("Find pictures of top secret plans", "Find pictures like this one", "What does image 2 say?"):
        await room.answer_to(question)
    assert "plans.png" not in json.dumps(room.said)


# --- files that are weapons -----------------------------------------------------------------------


def huge_png() -> bytes:
    """A picture of 60,000 x 60,000 pixels in a few bytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", head), (b"IDAT", ZEROS), (b"IEND", b""))
    )


ZEROS = zlib.compress(bytes(20_000_000), 9)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb_pdf() -> bytes:
    """A page whose content unpacks to 20 million bytes."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 999999 999999]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(ZEROS), ZEROS),
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


def bomb_zip() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(20_000_000))
    return written.getvalue()


SVG = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'
WEAPONS = {
    "huge.png": huge_png(),
    "bomb.pdf": bomb_pdf(),
    "bomb.zip": bomb_zip(),
    "bomb.svg": SVG,
    "page.png": b"<html><body>hello</body></html>",
    "nothing.png": b"",
    "cut.png": small_png()[:40],
    "cut.pdf": b"%PDF-1.7\n1 0 obj<<",
    "script.png": b"#!/bin/sh\nrm -rf /\n",
    "../../etc/passwd.png": b"root:x:0:0",
    "zeros.heic": b"\0\0\0\x18ftypheic" + bytes(1_000),
}


async def test_files_that_are_weapons_are_named_and_the_picture_beside_them_is_read(room: Room) -> None:
    answer = await room.answer_to("What format is it?", *WEAPONS.items(), ("good.png", small_png()))
    said = " ".join(answer)
    assert "PNG file (image/png)" in said
    assert [name for name in WEAPONS if name.rpartition("/")[2] not in said] == []
    assert "root:" not in said
