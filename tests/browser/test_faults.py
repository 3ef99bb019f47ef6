"""What goes wrong has one clear outcome in the page, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from bot.local_slack import LocalSlack
from bot.slack.replying import labels
from tests.browser.asking import answered, at
from tests.browser.conftest import Opened
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

LOST = "Connection lost"


async def test_a_server_that_restarts_under_an_open_page_costs_nothing(opened: Opened, tmp_path: Path) -> None:
    async with LocalSlack(tmp_path) as slack:
        anna = slack.person("anna")
        channel = await slack.channel("design", [anna])
        tab = await opened(slack.url)
        await tab.go("anna", channel)
        await tab.say("before")
        await expect(tab.messages).to_contain_text("before")
        await tab.box().fill("typed mean")
    await expect(tab.page.get_by_role("alert").filter(has_text=LOST)).to_be_visible()
    await tab.picture("lost")
    await tab.box().press_sequentially("while")
    async with LocalSlack(tmp_path, port=int(slack.url.rpartition(":")[2])) as slack:
        await slack.person("ben").join(channel)
        await slack.person("ben").post(channel, "after")
        await expect(tab.page.get_by_role("alert").filter(has_text=LOST)).to_have_count(0)
        await expect(tab.messages).to_contain_text("after")
        await tab.box().press("Enter")
        await expect(tab.messages.get_by_role("article")).to_have_count(3)
        assert [one["text"] for one in slack.messages(channel)] == ["before", "after", "typed meanwhile"]
    tab.forgive("net::ERR_")


async def test_a_modal_that_is_submitted_twice_is_taken_once(opened: Opened, room: Room) -> None:
    ts = await answered(room)
    tab = await at(opened, room, thread=ts)
    await tab.replies.get_by_role("button", name=labels.BAD_ANSWER).click()
    modal = tab.page.get_by_role("dialog", name=labels.BAD_ANSWER)
    await modal.get_by_role("textbox", name=labels.WHAT_WAS_WRONG).fill("It is no flower.")
    await tab.picture("modal")
    await modal.get_by_role("button", name=labels.SEND).dblclick()
    await expect(modal).to_have_count(0)
    await expect(tab.page.get_by_role("alert")).to_have_count(0)
    sent = [one for one in room.slack.deliveries if one.payload.get("type") == "view_submission"]
    assert len([one for one in sent if one.payload["user"]["id"] == room.anna.id]) == 1


async def test_buttons_of_a_year_old_message_work_while_its_turn_is_kept_and_say_so_when_not(
    opened: Opened, room: Room
) -> None:
    ts = await answered(room)
    (reply,) = room.replies(ts)
    kept = _a_year_ago(room, ts, str(reply["ts"]))
    tab = await at(opened, room, thread=kept)
    await tab.replies.get_by_role("button", name=labels.SHOW_REASONING).click()
    modal = tab.page.get_by_role("dialog", name=labels.REASONING)
    await expect(modal).to_contain_text("classified")
    await tab.page.keyboard.press("Escape")
    await expect(modal).to_have_count(0)
    _forgotten(room, kept)
    await tab.page.reload()
    await tab.replies.get_by_role("button", name=labels.SHOW_REASONING).click()
    await expect(tab.page.get_by_text(labels.GONE)).to_be_visible()


def _a_year_ago(room: Room, *thread: str) -> str:
    """The same thread as it would stand there had it been said a year ago. Returns its root."""
    state = room.slack.workspace.state
    channel = state.channels[room.channel]
    ago = timedelta(days=365).total_seconds()
    moved = [{**channel.messages[ts], "ts": _earlier(ts, ago)} for ts in thread]
    for ts in reversed(thread):
        state.drop_message(channel, ts)
    for message in moved:
        reply = {"thread_ts": moved[0]["ts"]} if message is not moved[0] else {}
        state.add_message(channel, {**message, **reply})
    return str(moved[0]["ts"])


def _earlier(ts: str, seconds: float) -> str:
    whole, _, part = ts.partition(".")
    return f"{int(whole) - int(seconds)}.{part}"


def _forgotten(room: Room, root: str) -> None:
    """Nobody knows the turn any more."""
    channel = room.slack.workspace.state.channels[room.channel]
    for message in channel.replies(root):
        message["blocks"] = _renamed(message["blocks"], str(uuid4()))


def _renamed(value: Any, run: str) -> Any:
    if isinstance(value, list):
        return [_renamed(each, run) for each in value]
    if isinstance(value, dict):
        return {key: run if key == "value" else _renamed(each, run) for key, each in value.items()}
    return value
