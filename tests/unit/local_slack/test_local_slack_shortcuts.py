"""Shortcuts, external menus and modals on modals, with a real Bolt app that answers; and what the page looks at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.local_slack import LocalSlack
from tests.unit.local_slack.local_workspace import Room, connected, listening, room

SAMPLE = Path("../shared/data/slack-samples/app-backend/interactive-components_MessageShortcutPayload.json")


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(name: str) -> dict[str, Any]:
    return {"text": plain(name), "value": name}


MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "search",
    "title": plain("Search"),
    "submit": plain("Search"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": plain("What?"),
            "element": {"type": "plain_text_input", "action_id": "words"},
        },
        {
            "type": "input",
            "block_id": "where",
            "label": plain("Where?"),
            "element": {"type": "external_select", "action_id": "album"},
        },
        {"type": "actions", "elements": [{"type": "button", "action_id": "more", "text": plain("More")}]},
    ],
}


def known_fields() -> set[str]:
    """What Slack's own sample of a message shortcut says, where that is at hand."""
    return set(json.loads(SAMPLE.read_text("utf-8"))) if SAMPLE.is_file() else set()


async def opened(here: Room) -> str:
    """The modal that the shortcut opens for anna."""
    await here.anna.shortcut("search")
    await here.slack.until(here.anna.view)
    return str((here.anna.view() or {})["id"])


def searching(slack: LocalSlack) -> tuple[Any, list[dict[str, Any]]]:
    """An app whose shortcut opens the modal, and what its listeners were given."""
    app, _ = listening(slack)
    given: list[dict[str, Any]] = []

    @app.shortcut("search")
    async def search(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        given.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.action("more")
    async def more(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        given.append(body)
        await client.views_push(trigger_id=body["trigger_id"], view={**MODAL, "title": plain("More")})

    @app.options("album")
    async def albums(ack: Any, body: dict[str, Any]) -> None:
        given.append(body)
        await ack(options=[option("holidays"), option("houses")])

    @app.view("search")
    async def take(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        given.append(body)

    @app.view_closed("search")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        given.append(body)

    return app, given


async def test_a_shortcut_from_anywhere_opens_a_modal() -> None:
    async with room() as here:
        app, given = searching(here.slack)
        async with connected(app, here.slack):
            assert await opened(here)
            assert (given[0]["type"], given[0]["callback_id"], given[0]["user"]["id"]) == (
                "shortcut",
                "search",
                here.anna.id,
            )


async def test_a_shortcut_on_a_message_brings_the_message_and_a_url_to_answer_at() -> None:
    async with room() as here:
        app, given = listening(here.slack)

        @app.shortcut("ask")
        async def ask(ack: Any, respond: Any) -> None:
            await ack()
            await respond("I look at it.")

        async with connected(app, here.slack):
            ts = await here.anna.post(here.channel, "this one", files=[("a.png", b"x")])
            await here.anna.message_action(here.channel, ts, "ask")
            await here.slack.until(lambda: here.slack.ephemerals(here.channel))
            told = next(body for body in given if body["type"] == "message_action")
            assert (told["message_ts"], told["message"]["files"][0]["name"]) == (ts, "a.png")
            assert told["channel"] == {"id": here.channel, "name": "design"}
            assert known_fields() <= set(told)


async def test_options_are_asked_for_while_typing_and_can_be_chosen_then() -> None:
    async with room() as here:
        app, given = searching(here.slack)
        async with connected(app, here.slack):
            view = await opened(here)
            answer = await here.anna.suggestions(view, "album", "ho")
            assert [one["value"] for one in (answer or {})["options"]] == ["holidays", "houses"]
            assert (given[-1]["type"], given[-1]["value"], given[-1]["block_id"]) == ("block_suggestion", "ho", "where")
            await here.anna.submit(view, {"words": "sea", "album": "houses"})
            values = given[-1]["view"]["state"]["values"]
            assert (values["what"]["words"]["value"], values["where"]["album"]["selected_option"]) == (
                "sea",
                option("houses"),
            )


async def test_a_button_in_a_modal_tells_what_the_inputs_hold() -> None:
    async with room() as here:
        app, given = searching(here.slack)
        async with connected(app, here.slack):
            await here.anna.press_in_view(await opened(here), "more", values={"words": "sea"})
            assert given[-1]["view"]["state"]["values"]["what"]["words"]["value"] == "sea"


@pytest.mark.parametrize("all_of_them", [False, True])
async def test_a_stack_of_modals_is_closed_one_by_one_or_all_at_once(all_of_them: bool) -> None:
    async with room() as here:
        app, given = searching(here.slack)
        async with connected(app, here.slack):
            first = await opened(here)
            await here.anna.press_in_view(first, "more")
            await here.slack.until(lambda: (here.anna.view() or {})["id"] != first)
            given.clear()
            await here.anna.close(str((here.anna.view() or {})["id"]), all_of_them=all_of_them)
            assert [body["is_cleared"] for body in given] == ([True, True] if all_of_them else [False])
            assert (here.anna.view() or {}).get("id") == (None if all_of_them else first)


async def test_the_page_uploads_reads_a_page_of_messages_and_sees_what_grows() -> None:
    async with room() as here, aiohttp.ClientSession(headers=_token(here)) as session:
        url = f"{here.slack.url}/_local"
        async with session.post(f"{url}/upload?person=anna&name=a.png", data=b"bytes") as answer:
            file = (await answer.json())["id"]
        assert here.slack.file_bytes(file) == b"bytes"
        for text in ("one", "two", "three"):
            await here.anna.post(here.channel, text)
        where = f"channel={here.channel}&person=anna"
        newest = await _seen(session, f"{url}/messages?{where}&limit=2")
        assert ([one["text"] for one in newest["messages"]], newest["more"]) == (["two", "three"], True)
        older = await _seen(session, f"{url}/messages?{where}&limit=2&before={newest['messages'][0]['ts']}")
        assert ([one["text"] for one in older["messages"]], older["more"]) == (["one"], False)
        root = newest["messages"][-1]["ts"]
        begun = await here.client.chat_startStream(channel=here.channel, thread_ts=root, **here.recipient)
        one = f"{url}/message?{where}&ts={begun['ts']}"
        assert (await _seen(session, one))["message"]["streaming"]
        await here.client.chat_stopStream(channel=here.channel, ts=begun["ts"], markdown_text="Done.")
        assert "streaming" not in (await _seen(session, one))["message"]


async def test_an_ephemeral_message_is_read_by_whom_it_is_for() -> None:
    async with room() as here, aiohttp.ClientSession(headers=_token(here)) as session:
        here.slack.person("ben")
        told = await here.client.chat_postEphemeral(channel=here.channel, user=here.anna.id, text="only you")
        url = f"{here.slack.url}/_local/message?channel={here.channel}&ts={told['message_ts']}&person="
        assert (await _seen(session, f"{url}anna"))["message"]["text"] == "only you"
        assert (await _seen(session, f"{url}ben"))["message"] is None


def _token(here: Room) -> dict[str, str]:
    return {"Authorization": f"Bearer {here.slack.local_token}"}


async def _seen(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as answer:
        return await answer.json()
