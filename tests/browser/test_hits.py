"""What a search finds, on cards in the page: opened, asked about, gone on with."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bot.slack.replying import labels
from tests.browser.asking import at
from tests.browser.conftest import Opened
from tests.browser.tab import PHONE, Tab
from tests.scenario.slack.hits import FIND, found, names, shown_flowers
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def searched(opened: Opened, room: Room, **how: Any) -> Tab:
    """A tab at a search that found two of five flowers."""
    await shown_flowers(room)
    await room.answer_to(FIND)
    return await at(opened, room, thread=room.thread or "", **how)


def buttons(tab: Tab, label: str) -> Locator:
    return tab.replies.get_by_role("button", name=label)


async def test_hits_are_cards_whose_pictures_are_seen_and_more_come_below(opened: Opened, room: Room) -> None:
    tab = await searched(opened, room)
    for name in names(found(room)[0]):
        picture = tab.replies.get_by_role("img", name=name)
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.naturalWidth") == 96
    await tab.picture("hits")
    await buttons(tab, labels.MORE_RESULTS).click()
    await expect(buttons(tab, "Search like this")).to_have_count(4)
    await expect(tab.replies).to_contain_text("asks:")
    await tab.picture("hits-more")


async def test_a_hit_is_asked_about_in_a_form(opened: Opened, room: Room) -> None:
    tab = await searched(opened, room)
    await buttons(tab, "Ask about this").first.click()
    form = tab.page.get_by_role("dialog")
    await form.get_by_role("textbox").fill("What format is it?")
    await tab.picture("hits-ask")
    await form.get_by_role("button", name="Ask", exact=True).click()
    await expect(tab.replies).to_contain_text("Image 1 is a PNG file")
    await tab.picture("hits-asked")


async def test_on_a_phone_hits_are_no_wider_than_the_screen(opened: Opened, room: Room) -> None:
    tab = await searched(opened, room, viewport=PHONE)
    await expect(buttons(tab, labels.MORE_RESULTS)).to_be_visible()
    await tab.picture("hits-phone")
    assert await tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
