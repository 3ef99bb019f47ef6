"""Asking in the page: an image is posted in every way there is, and what the bot does with it is seen as it happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.samples.workspace import PROMPTS, draw, suggest
from bot.slack.replying import labels
from tests.browser.asking import KINDS, at, hand_over, led
from tests.browser.conftest import Opened
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.model import Model
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def test_an_image_is_posted_answered_followed_up_and_judged(
    opened: Opened, room: Room, pictures: dict[str, Path]
) -> None:
    tab = await at(opened, room)
    await tab.say(f"@spyglass {KINDS}", pictures["flower"])
    await expect(tab.messages.get_by_role("button", name="Open flower.jpg")).to_be_visible()
    await tab.open_thread("a dog, a flower")
    await expect(tab.replies).to_contain_text("Image 1 looks like a flower")
    await tab.picture("answered")
    await tab.say("Is it a rose or a daisy?", where=tab.thread)
    await expect(tab.replies.get_by_text("(image 1)")).to_have_count(2)
    await tab.replies.get_by_role("button", name=labels.GOOD_ANSWER).last.click()
    await expect(tab.thread.get_by_text(labels.THANKS)).to_be_visible()
    await tab.picture("judged")


@pytest.mark.parametrize("how", ["drop", "paste"])
async def test_an_image_comes_by_hand(opened: Opened, room: Room, how: str) -> None:
    tab = await at(opened, room)
    await hand_over(tab.box(), how, "red.png", small_png())
    await expect(tab.page.get_by_role("list", name="Files to send").get_by_role("img", name="red.png")).to_be_visible()
    await tab.say("@spyglass What format is it?")
    await tab.open_thread("What format")
    await expect(tab.replies).to_contain_text("Image 1 is a PNG file")
    assert [len(message["files"]) for message in room.slack.messages(room.channel)] == [1]


async def test_the_steps_are_seen_while_they_are_taken(opened: Opened, slow_room: Room, model: Model) -> None:
    pause = led(model, "What colour will it be?")
    tab = await at(opened, slow_room)
    await hand_over(tab.box(), "paste", "red.png", small_png())
    await tab.say("@spyglass What colour will it be?")
    await pause.begun()
    await tab.open_thread("What colour")
    steps = tab.replies.get_by_role("list", name="Steps").get_by_role("listitem")
    await expect(steps).to_contain_text(
        [re.compile("Planning.*done"), re.compile("Classifying image 1.*done"), "Putting"]
    )
    await tab.picture("steps")
    await tab.page.reload()
    await expect(steps.nth(1)).to_contain_text(re.compile("Classifying image 1.*done"))
    pause.end()
    await expect(tab.replies).to_contain_text("I cannot tell.")


async def test_a_run_is_stopped(opened: Opened, slow_room: Room, model: Model) -> None:
    pause = led(model, "Will this be stopped?")
    tab = await at(opened, slow_room)
    await hand_over(tab.box(), "paste", "red.png", small_png())
    await tab.say("@spyglass Will this be stopped?")
    await pause.begun()
    await tab.open_thread("Will this")
    await tab.replies.get_by_role("button", name=labels.STOP).click()
    await expect(tab.replies).to_contain_text(labels.STOPPED)
    await expect(tab.replies.get_by_role("button", name=labels.STOP)).to_have_count(0)
    pause.end()


async def test_what_is_suggested_classifies_extracts_and_searches(opened: Opened, room: Room, tmp_path: Path) -> None:
    files = draw(tmp_path)
    await room.answer_to("Is this a rocket?", files["rocket.jpg"])
    await suggest(room.slack, room.ben, room.channel, files)
    tab = await at(opened, room)
    await tab.picture("suggestions")
    for prompt, said in zip(PROMPTS, ("looks like a cat", "the total is 13.20", "rocket.jpg"), strict=True):
        await tab.page.get_by_role("group", name="Suggested prompts").get_by_role("button", name=prompt.title).click()
        await expect(tab.replies).to_contain_text(said)
    await tab.picture("found")
