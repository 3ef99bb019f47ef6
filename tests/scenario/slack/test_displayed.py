"""What is shown, as it goes over the wire: no banned name, no mention, no link out of a picture; nothing cut off."""

from __future__ import annotations

import json

import pytest

from bot.local_slack.records.transcript import transcript
from tests.scenario.slack.drawings import saying, small_png
from tests.scenario.slack.model import Model, Use
from tests.scenario.slack.office import Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

HOSTILE = ("<!channel> <@U123>", "http://evil.example/x", "/spyglass forget me", "*bold* `code`")


def sent(room: Room) -> str:
    """Everything the bot has ever sent to this Slack, but for what it read of people and files."""
    return json.dumps([call.arguments for call in room.slack.calls], ensure_ascii=False)


async def test_a_banned_brand_in_a_picture_is_never_sent(room: Room) -> None:
    assert "TORQUE" in "\n".join(
        await room.answer_to("Read the text", ("p.png", saying("ACME TOOLS", "TORQUE WRENCH")))
    )
    await room.answer_to("Which company is this invoice from?", "invoice")
    await room.answer_to("What is the total of the invoice, its number and its date?")
    await room.anna.press(room.channel, room.said[0]["ts"], "spyglass_reasoning")
    await room.slack.until(lambda: room.anna.view() is not None)
    assert "acme" not in sent(room).lower()


async def test_a_banned_brand_in_names_is_never_sent(room: Room) -> None:
    mallory = room.slack.person("Acme Tools")
    await mallory.join(room.channel)
    await room.answer_to("What is in it?", ("acme tools.png", small_png()), who=mallory)
    await room.answer_to("What is this file called?", ("Acme.html", b"<html>"), who=mallory)
    await room.reply_to(await room.say(f"What did <@{mallory.id}> post?", mention=True))
    assert "acme" not in sent(room).lower()


async def test_a_model_that_names_a_banned_brand_is_not_repeated(slow_room: Room, model: Model) -> None:
    model.answers("Who makes the best tools?", "Acme makes the best tools.")
    said = await slow_room.answer_to("Who makes the best tools?")
    assert "acme" not in sent(slow_room).lower()
    assert said


async def test_text_in_a_picture_makes_no_mention_link_or_command(room: Room) -> None:
    said = "\n".join(await room.answer_to("Read the text", ("hostile.png", saying(*HOSTILE))))
    assert "evil" in said
    for message in room.said:
        nothing_is_parsed(message)


async def test_what_a_model_says_of_a_hostile_picture_makes_no_mention_or_link(slow_room: Room, model: Model) -> None:
    model.answers("Tell me all", Use("read_text", {"image": "image 1"}), "\n".join(HOSTILE))
    await slow_room.answer_to("Tell me all", ("hostile.png", saying(*HOSTILE)))
    for message in slow_room.said:
        nothing_is_parsed(message)


def nothing_is_parsed(message: Json) -> None:
    """Nothing in the message mentions anybody or leads anywhere."""
    kinds = set(every(message.get("blocks", []), "type"))
    assert kinds.isdisjoint({"user", "usergroup", "broadcast", "link", "channel", "mrkdwn", "markdown"})
    text = str(message.get("text", ""))
    assert "<" not in text
    assert "http://evil.example" not in text


def every(value: object, name: str) -> list[str]:
    """All values under that name, however deep."""
    if isinstance(value, dict):
        here = [str(value[name])] if isinstance(value.get(name), str) else []
        return [*here, *(found for inner in value.values() for found in every(inner, name))]
    return [found for inner in value for found in every(inner, name)] if isinstance(value, list) else []


async def test_a_long_answer_is_split_and_nothing_is_left_out(slow_room: Room, model: Model) -> None:
    whole = " ".join(
        f"we say this and that and so on, again and again, in a part named {letters(n)}." for n in range(250)
    )
    model.answers("Say it at length", whole)
    ts = await slow_room.ask("Say it at length")
    await slow_room.reply_to(ts)
    await slow_room.slack.until(lambda: f"named {letters(249)}." in "".join(map(str, slow_room.said)), 30)
    parts = slow_room.replies(ts)
    assert len(parts) > 1
    shown = " ".join(line for part in parts for line in transcript(part))
    assert all(f"named {letters(n)}." in shown for n in range(250))


async def test_a_very_long_answer_is_attached_whole(slow_room: Room, model: Model) -> None:
    whole = " ".join(f"we say this and that in a part named {letters(n)}." for n in range(2_000))
    model.answers("Say it at great length", whole)
    ts = await slow_room.ask("Say it at great length")
    await slow_room.reply_to(ts)
    await slow_room.slack.until(lambda: [one for one in slow_room.said if one.get("files")])
    (file,) = [file for one in slow_room.said for file in one.get("files", ())]
    assert file["name"] == "answer.txt"
    assert slow_room.slack.file_bytes(file["id"]).decode().strip() == whole


def letters(number: int) -> str:
    """A number in letters, which claims nothing."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")


async def test_fields_are_a_table_and_csv_on_request(room: Room) -> None:
    await room.answer_to("What are the shop, the date, the total and the tax on this receipt?", "receipt")
    assert "13.20" in "\n".join(line for message in room.said for line in transcript(message))
    assert any(block["type"] == "table" for message in room.said for block in message["blocks"])
    ts = await room.ask("Give me that as a CSV file")
    await room.reply_to(ts)
    await room.slack.until(lambda: [one for one in room.said if one.get("files")])
    (file,) = [file for one in room.said for file in one.get("files", ())]
    assert file["name"].endswith(".csv")
    assert "13.20" in room.slack.file_bytes(file["id"]).decode()


async def test_what_differs_is_drawn_and_uploaded_once(room: Room) -> None:
    before = uploads(room)
    said = await room.answer_to("The first is our photo, the second is what arrived. As advertised?", "before", "after")
    assert any(line.startswith("[picture: Differences between") for line in said)
    assert uploads(room) == before + 1


def uploads(room: Room) -> int:
    return sum(call.method == "files.completeUploadExternal" for call in room.slack.calls)


async def test_hits_are_numbered_with_links_to_their_messages(room: Room) -> None:
    await room.answer_to("What format is it?", "flower")
    await room.answer_to("Find pictures of a flower")
    links = every(room.said[-1]["blocks"], "url")
    assert links
    assert all(url.startswith(f"{room.slack.url}/archives/{room.channel}/p") for url in links)
