"""What opens beside the conversation, in the page: a question on a message, search, the home tab, settings."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.slack.surface import sentences
from tests.browser.asking import at
from tests.browser.conftest import Opened
from tests.browser.tab import PHONE
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def test_a_message_is_asked_about_from_its_menu(opened: Opened, room: Room) -> None:
    await room.anna.post(room.channel, "look", files=[room.office.pictures["flower"]])
    tab = await at(opened, room)
    message = tab.messages.get_by_role("article").filter(has_text="look")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await tab.page.get_by_role("menuitem", name="Ask about this image").click()
    form = tab.page.get_by_role("dialog")
    await expect(form).to_contain_text("flower")
    await form.get_by_label(sentences.OWN_QUESTION).fill("What format is it?")
    await tab.picture("form-question")
    await form.get_by_role("button", name="Ask", exact=True).click()
    await expect(form).to_be_hidden()
    await tab.open_thread("look")
    await expect(tab.replies).to_contain_text("asks about")
    await expect(tab.replies).to_contain_text("is a JPEG file")


async def test_pictures_are_found_in_a_form_and_again_from_the_home_tab(opened: Opened, room: Room) -> None:
    await room.answer_to("What is this?", "flower")
    await room.nothing_more_comes()
    tab = await at(opened, room)
    await tab.say("/spyglass search a flower")
    form = tab.page.get_by_role("dialog")
    await expect(form.get_by_role("img")).to_be_visible()
    assert await form.get_by_role("img").first.evaluate("image => image.naturalWidth") > 0
    await tab.picture("form-search-found")
    await form.get_by_role("button", name=sentences.CHANGE).click()
    await expect(form).to_contain_text(sentences.WHAT)
    await tab.picture("form-search")
    await form.get_by_role("button", name="Close").first.click()
    await tab.page.goto(f"{tab.url}/#user={room.anna.name}&channel={room.anna.dm()}&tab=home")
    home = tab.page.get_by_role("tabpanel")
    await expect(home).to_contain_text("a flower")
    await tab.picture("home")
    await home.get_by_role("button", name=sentences.AGAIN).click()
    await expect(form.get_by_role("img")).to_be_visible()


async def test_settings_are_changed_on_a_phone(opened: Opened, room: Room) -> None:
    tab = await at(opened, room, viewport=PHONE)
    await tab.say("/spyglass settings")
    form = tab.page.get_by_role("dialog")
    await form.get_by_label(sentences.STYLE).fill("briefly")
    await tab.picture("form-settings-phone")
    assert await tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await form.get_by_role("button", name=sentences.SAVE).click()
    await expect(form).to_contain_text("Saved for")
    await expect(form).to_contain_text("briefly")
