"""Several people and tabs at once, and everything found again."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.asking import at, hand_over, led
from tests.browser.conftest import Opened
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.model import Model
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def test_two_people_see_each_other_and_the_answer_at_once(opened: Opened, room: Room) -> None:
    annas, bens = await at(opened, room), await at(opened, room, room.ben.name)
    await hand_over(annas.box(), "drop", "red.png", small_png())
    await annas.say("@spyglass What format is it?")
    for tab in (annas, bens):
        await tab.open_thread("What format")
        await expect(tab.replies).to_contain_text("Image 1 is a PNG file")
    await bens.say("thanks!", where=bens.thread)
    await expect(annas.replies).to_contain_text("thanks!")
    await expect(annas.replies).to_contain_text("You're welcome")


async def test_two_tabs_of_one_person_show_the_same(opened: Opened, room: Room) -> None:
    one, other = await at(opened, room), await at(opened, room)
    await one.say("Nobody is asked here")
    await expect(other.messages).to_contain_text("Nobody is asked here")
    await other.say("and nobody answers")
    await expect(one.messages.get_by_role("article")).to_have_count(2)


async def test_a_person_is_switched_and_a_reload_finds_everything_again(opened: Opened, room: Room) -> None:
    await room.answer_to("What format is it?", ("red.png", small_png()))
    tab = await at(opened, room)
    await tab.page.get_by_role("button", name=f"Switch user, now {room.anna.name}").click()
    await tab.page.get_by_role("menuitemradio", name=room.ben.name, exact=True).click()
    await expect(tab.page.get_by_role("button", name=f"Switch user, now {room.ben.name}")).to_be_visible()
    await tab.page.get_by_role("link", name=f"#{room.slack.workspace.state.channels[room.channel].name}").click()
    await tab.open_thread("What format")
    await tab.say("And I am Ben", where=tab.thread)
    await expect(tab.replies).to_contain_text("And I am Ben")
    await tab.page.reload()
    await expect(tab.page.get_by_role("button", name=f"Switch user, now {room.ben.name}")).to_be_visible()
    await expect(tab.replies).to_contain_text("Image 1 is a PNG file")
    await expect(tab.replies.get_by_role("article", name=room.ben.name)).to_contain_text("And I am Ben")


async def test_a_page_that_is_reloaded_in_mid_answer_shows_the_rest(
    opened: Opened, slow_room: Room, model: Model
) -> None:
    pause = led(model, "Is it still there?")
    ts = await slow_room.ask("Is it still there?", ("red.png", small_png()))
    await pause.begun()
    tab = await at(opened, slow_room, thread=ts)
    await expect(tab.replies.get_by_role("button", name="Stop")).to_be_visible()
    await tab.page.reload()
    await expect(tab.replies.get_by_role("button", name="Stop")).to_be_visible()
    pause.end()
    await expect(tab.replies).to_contain_text("I cannot tell.")
    await expect(tab.replies.get_by_role("article", name="Spyglass")).to_have_count(1)
