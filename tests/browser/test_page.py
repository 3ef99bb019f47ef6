"""The page by itself, without the bot: every block, texts that want to be more, the traffic, what is unread."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opened
from tests.browser.tab import Tab
from tests.scenario.slack.drawings import small_png
from tests.unit.local_slack.local_workspace import Room, connected, listening, room
from tests.unit.slack import block_samples as samples

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

ELSEWHERE = {"call", "video", "file", "auth_provider", "data_visualization"}
"""Blocks that Spyglass never sends: the page says what they are."""
TRICKS = """\
<img src=x onerror=alert(1)> <script>alert(2)</script> <javascript:alert(3)|press> <data:text/html,x|press>
*<b>bold</b>* `<i>` <https://example.com/a?b=1&amp;c=2|harmless> [md](javascript:alert(4)) :no_such_emoji:"""


@asynccontextmanager
async def at(opened: Opened, here: Room) -> AsyncIterator[Tab]:
    """Anna's tab, closed before its server is."""
    tab = await opened(here.slack.url)
    await tab.go("anna", here.channel)
    yield tab
    await tab.page.close()


async def test_every_kind_of_block_is_drawn(opened: Opened) -> None:
    async with room() as here, at(opened, here) as tab:
        kinds = [kind for kind in samples.BLOCKS if kind not in ELSEWHERE | {"alert"}]
        await here.client.files_upload_v2(channel=here.channel, filename="cat.png", content=small_png())
        file = next(iter(here.slack.files))
        for kind in kinds:
            blocks = [_with_file(samples.block(kind), file)]
            await here.client.chat_postMessage(channel=here.channel, text=kind, blocks=blocks)
        await expect(tab.messages.get_by_role("article")).to_have_count(1 + len(kinds))
        await expect(tab.messages).not_to_contain_text(re.compile("A block of type"))
        await tab.picture("blocks")


def _with_file(block: dict[str, Any], file: str) -> dict[str, Any]:
    """A file of the workspace where the sample names one that is not there."""
    return {**block, "slack_file": {"id": file}} if "slack_file" in block else block


async def test_every_field_of_a_modal_is_filled_in_by_its_label(opened: Opened) -> None:
    async with room() as here:
        app, heard = listening(here.slack)
        kinds = [kind for kind in (*samples.INPUTS, *samples.MENUS, *samples.ACTIONS) if kind not in LEFT_OUT]
        fields = [{**_input(kind), "block_id": kind} for kind in kinds]

        @app.command("/spyglass")
        async def form(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            view = {"type": "modal", "callback_id": "form", "title": samples.plain("Form"), "blocks": fields}
            await client.views_open(trigger_id=body["trigger_id"], view={**view, "submit": samples.plain("Send")})

        @app.view("form")
        async def take(ack: Any) -> None:
            await ack()

        async with connected(app, here.slack), at(opened, here) as tab:
            await tab.say("/spyglass form")
            dialog = tab.page.get_by_role("dialog", name="Form")
            for kind in ("plain_text_input", "email_text_input", "url_text_input"):
                await dialog.get_by_label(kind, exact=True).fill("https://a.b")
            await dialog.get_by_label("static_select", exact=True).select_option(index=1)
            await dialog.get_by_label("users_select", exact=True).select_option(label="anna")
            await dialog.get_by_label("datepicker", exact=True).fill("2026-03-14")
            await dialog.get_by_role("button", name="Send").click()
            await expect(dialog).to_have_count(0)
        sent = next(body for body in heard if body.get("type") == "view_submission")["view"]["state"]["values"]
        assert [next(iter(sent[kind].values()))[field] for kind, field in FILLED.items()] == [
            "https://a.b",
            here.anna.id,
            "2026-03-14",
        ]
        assert next(iter(sent["static_select"].values()))["selected_option"]


FILLED = {"plain_text_input": "value", "users_select": "selected_user", "datepicker": "selected_date"}
LEFT_OUT = {"button", "workflow_button", "overflow", "file_input"}


def _input(kind: str) -> dict[str, Any]:
    element = {name: value for name, value in samples.element(kind).items() if name not in ("confirm", "focus_on_load")}
    return {"type": "input", "label": samples.plain(kind), "element": element, "optional": True}


async def test_text_never_becomes_anything_else(opened: Opened) -> None:
    async with room() as here, at(opened, here) as tab:
        tab.page.on("dialog", lambda dialog: tab.complaints.append(dialog.message))
        await here.anna.post(here.channel, TRICKS, files=[("<b>.png", b"no picture")])
        await here.slack.bot_posts(here.channel, TRICKS, bot="<script>")
        for text in (samples.mrkdwn(TRICKS), samples.plain(TRICKS)):
            blocks: list[dict[str, Any]] = [{"type": "section", "text": text}]
            await here.client.chat_postMessage(channel=here.channel, text="x", blocks=blocks)
        await here.client.chat_postMessage(channel=here.channel, markdown_text=TRICKS.replace("|", " "))
        await expect(tab.messages.get_by_role("article")).to_have_count(5)
        links = await tab.messages.get_by_role("link").evaluate_all("links => links.map(link => [link.href, link.rel])")
        outward = [link for link in links if "/_local/files/" not in link[0]]
        assert outward
        assert all(address.startswith("https://example.com/a?b=1&c=2") for address, _ in outward)
        assert {rel for _, rel in outward} == {"noopener noreferrer nofollow"}
        assert await tab.messages.locator("script, img[src=x], b, i, iframe").count() == 0


async def test_the_traffic_is_looked_through_unfolded_and_cleared(opened: Opened) -> None:
    async with room() as here:
        app, _ = listening(here.slack)
        async with connected(app, here.slack), at(opened, here) as tab:
            await tab.page.get_by_role("button", name="Traffic", exact=True).click()
            traffic = tab.page.get_by_role("region", name="Traffic")
            await here.client.chat_postMessage(channel=here.channel, text="found by this")
            await here.anna.post(here.channel, "something else")
            await traffic.get_by_role("searchbox", name="Filter").fill("chat.post")
            await traffic.get_by_role("button", name=re.compile("chat.postMessage")).click()
            await expect(traffic).to_contain_text('text "found by this"')
            await expect(traffic.get_by_role("listitem")).to_have_count(1)
            await traffic.get_by_role("button", name="Clear").click()
            await expect(traffic.get_by_role("listitem")).to_have_count(0)


async def test_what_begins_like_a_command_is_no_message(opened: Opened) -> None:
    async with room() as here, at(opened, here) as tab:
        await tab.say("/spyglas help")
        await expect(tab.page.get_by_role("alert")).to_contain_text("/spyglas is not a valid command")
        await expect(tab.box()).to_have_value("/spyglas help")
        await tab.say(" /spyglas help")
        await expect(tab.messages.get_by_role("article")).to_contain_text("/spyglas help")


async def test_what_others_said_is_unread_until_it_is_seen(opened: Opened) -> None:
    async with room() as here, at(opened, here) as tab:
        ben = here.slack.person("ben")
        other = await here.slack.channel("other", [here.anna, ben])
        await ben.post(other, "old")
        await tab.page.get_by_role("link", name="#other, unread").click()
        await expect(tab.page.get_by_role("link", name="#other", exact=True)).to_be_visible()
        await tab.page.get_by_role("link", name="#design").click()
        await ben.post(other, "new")
        await tab.page.get_by_role("link", name="#other, unread").click()
        await expect(tab.messages.get_by_role("separator").filter(has_text="New")).to_be_visible()


async def test_a_message_is_reacted_to_edited_and_deleted(opened: Opened) -> None:
    async with room() as here, at(opened, here) as tab:
        await here.anna.post(here.channel, "first words")
        message = tab.messages.get_by_role("article").filter(has_text="words")
        await message.hover()
        await message.get_by_role("button", name="React").click()
        await tab.page.get_by_role("dialog", name="Emoji").get_by_role("button", name="tada").click()
        await expect(message.get_by_role("button", name="tada, 1: anna")).to_be_visible()
        await _chosen(tab, "Edit message")
        await tab.page.get_by_role("textbox", name="Edit message").fill("last words")
        await tab.page.get_by_role("textbox", name="Edit message").press("Enter")
        await expect(message).to_contain_text("last words(edited)")
        await _chosen(tab, "Delete message")
        await tab.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(tab.messages.get_by_role("article")).to_have_count(0)


async def test_escape_closes_what_lies_on_top_and_nothing_below(opened: Opened) -> None:
    async with room() as here, at(opened, here) as tab:
        root = await here.anna.post(here.channel, "root")
        await tab.go("anna", here.channel, root)
        opener = tab.thread.get_by_role("button", name="Emoji")
        await opener.click()
        dialog = tab.page.get_by_role("dialog")
        await expect(dialog.locator(":focus")).to_have_count(1)
        await tab.page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(opener).to_be_focused()
        await tab.page.keyboard.press("Escape")
        await expect(tab.thread).to_have_count(0)


async def _chosen(tab: Tab, item: str) -> None:
    """Chosen from the menu of the only message."""
    message = tab.messages.get_by_role("article")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await tab.page.get_by_role("menuitem", name=item).click()
