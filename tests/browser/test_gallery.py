"""The gallery of the page: what one person may see of the archive, narrowed, and each image a way to its message."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.asking import at
from tests.browser.conftest import Opened
from tests.browser.tab import PHONE, Tab
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def at_gallery(opened: Opened, room: Room, who: str = "", **how: Any) -> Tab:
    """A tab at the gallery, once anna has shown a flower in the room."""
    await room.answer_to("What format is it?", "flower")
    await room.nothing_more_comes()
    tab = await at(opened, room, who, **how)
    await tab.page.get_by_role("link", name="Gallery").click()
    return tab


async def test_it_shows_images_with_who_and_where_and_leads_to_their_messages(opened: Opened, room: Room) -> None:
    tab = await at_gallery(opened, room)
    gallery = tab.page.get_by_role("region", name="Gallery")
    picture = gallery.get_by_role("button", name=re.compile("Open .*flower")).first.get_by_role("img")
    await expect(picture).to_have_js_property("complete", True)
    await expect(picture).to_have_js_property("naturalWidth", 640)
    await expect(gallery.get_by_role("status")).to_contain_text("1 of 1 image, the newest first")
    await expect(gallery).to_contain_text(re.compile(rf"{room.anna.name} in #room-\d+"))
    await tab.picture("gallery")
    await gallery.get_by_role("link", name=re.compile("^Message of")).click()
    await expect(tab.messages).to_contain_text("What format is it?")


async def test_it_is_narrowed_by_words_and_menus_and_each_can_be_taken_away(opened: Opened, room: Room) -> None:
    tab = await at_gallery(opened, room)
    gallery = tab.page.get_by_role("region", name="Gallery")
    await gallery.get_by_role("searchbox").fill("a spreadsheet of quarterly earnings")
    await gallery.get_by_role("searchbox").press("Enter")
    await expect(gallery.get_by_role("status")).to_contain_text("No hit")
    await gallery.get_by_role("searchbox").fill("a flower")
    await gallery.get_by_role("searchbox").press("Enter")
    await expect(gallery.get_by_role("button", name="More like")).to_have_count(1)
    await gallery.get_by_label("Until").fill("2001-01-01")
    await expect(gallery.get_by_role("button", name="More like")).to_have_count(0)
    await gallery.get_by_role("button", name="Remove: until").click()
    await expect(gallery.get_by_role("button", name="More like")).to_have_count(1)
    await gallery.get_by_role("combobox", name="Every channel").select_option(room.channel)
    await expect(gallery.get_by_role("button", name="Remove: in #room")).to_be_visible()
    await tab.picture("gallery-narrowed")


async def test_who_is_not_in_the_channel_sees_nothing_of_it(opened: Opened, room: Room) -> None:
    stranger = room.slack.person(f"zoe-{room.channel.lower()}")
    await room.slack.channel(f"elsewhere-{room.channel.lower()}", members=[stranger])
    tab = await at_gallery(opened, room, stranger.name)
    gallery = tab.page.get_by_role("region", name="Gallery")
    await expect(gallery.get_by_role("status")).to_contain_text("No image that you may see is in the archive yet")
    await expect(gallery.get_by_role("img")).to_have_count(0)


async def test_on_a_phone_it_is_no_wider_than_the_screen(opened: Opened, room: Room) -> None:
    await room.answer_to("What format is it?", "flower")
    await room.nothing_more_comes()
    tab = await at(opened, room, viewport=PHONE)
    await tab.page.goto(f"{room.slack.url}/#user={room.anna.name}&channel={room.channel}&gallery=%3F")
    await expect(tab.page.get_by_role("button", name=re.compile("Open .*flower"))).to_be_visible()
    await tab.picture("gallery-phone")
    assert await tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
