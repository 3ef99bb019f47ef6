"""Everybody can use it: by keyboard, with a screen reader, in the dark, and on a phone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from bot.slack.replying import labels
from tests.browser.asking import KINDS, answered, at
from tests.browser.conftest import Opened
from tests.browser.tab import PHONE
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

STOPS = 60
"""As often may somebody have to press Tab."""


async def tab_to(page: Page, wanted: Locator) -> None:
    await expect(wanted).to_be_visible()
    for _ in range(STOPS):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to {wanted}.")


async def test_everything_is_done_by_keyboard(opened: Opened, room: Room, pictures: dict[str, Path]) -> None:
    tab = await at(opened, room)
    page, main = tab.page, tab.page.get_by_role("main")
    await tab_to(page, main.get_by_role("button", name="Add files"))
    async with page.expect_file_chooser() as choosing:
        await page.evaluate("null")  # by now the browser is ready to hand the chooser over
        await page.keyboard.press("Enter")
    await (await choosing.value).set_files(pictures["flower"])
    await tab_to(page, tab.box())
    await page.keyboard.type("@spyg")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.type(f" {KINDS}")
    await page.keyboard.press("Enter")
    await tab_to(page, tab.messages.get_by_role("button", name=re.compile("1 reply")))
    await page.keyboard.press("Enter")
    await tab_to(page, tab.replies.get_by_role("button", name=labels.SHOW_REASONING))
    await page.keyboard.press("Enter")
    modal = page.get_by_role("dialog", name=labels.REASONING)
    await expect(modal).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(modal).to_have_count(0)
    await expect(tab.replies.get_by_role("button", name=labels.SHOW_REASONING)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(tab.thread).to_have_count(0)


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_a_screen_reader_finds_its_way(opened: Opened, room: Room, colours: str) -> None:
    tab = await at(opened, room, thread=await answered(room), color_scheme=colours)
    await expect(tab.replies).to_contain_text("flower")
    await tab.picture(colours)
    assert await faults(tab.page) == []
    await tab.replies.get_by_role("button", name=labels.BAD_ANSWER).click()
    await expect(tab.page.get_by_role("dialog")).to_be_visible()
    await tab.picture(f"modal-{colours}")
    assert await faults(tab.page) == []


async def faults(page: Page) -> list[str]:
    """What axe has to say, each with where it is."""
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']}: {one['help']}: {json.dumps([node['target'] for node in one['nodes']])}" for one in found]


async def test_it_fits_a_phone(opened: Opened, room: Room) -> None:
    ts = await answered(room)
    tab = await at(opened, room, viewport=PHONE, is_mobile=True, has_touch=True)
    await expect(tab.messages).to_contain_text("a dog, a flower")
    await tab.picture("phone-channel")
    assert await wider(tab.page) == 0
    await tab.open_thread("a dog, a flower")
    await expect(tab.replies).to_contain_text("flower")
    await tab.picture("phone-thread")
    assert await wider(tab.page) == 0
    await tab.say("thanks!", where=tab.thread)
    await expect(tab.replies).to_contain_text("You're welcome")
    await tab.thread.get_by_role("button", name="Back to the channel").click()
    await expect(tab.box()).to_be_visible()
    assert room.thread == ts


async def wider(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(await page.evaluate("Math.max(0, document.scrollingElement.scrollWidth - window.innerWidth)"))
