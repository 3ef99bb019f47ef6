"""Everything the local Slack says has the keys and types of Slack's own samples of it (skipped where they are not)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.messages.chunk import MarkdownTextChunk
from slack_sdk.web.async_client import AsyncWebClient

from bot.local_slack import Upload
from tests.unit.local_slack.local_workspace import Room, connected, listening, room

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "slack-samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="Slack's samples are not here")

FREE = ("blocks", "state", "event_payload")  # held to Block Kit, to what a view asks, to what an app puts there
KNOWN = {
    "context_team_id": "on every event in 2026; the samples of messages are older",
    "context_enterprise_id": "as context_team_id",
    "event.files": "app_mention has files when the message does; its sample was taken of one without",
    "event.message.files": "a message that had files and was edited",
    "event.previous_message.files": "as event.message.files",
    "event.message.reply_users": "history has it; lists of plain strings are left out of samples of events",
    "event.previous_message.reply_users": "as event.message.reply_users",
    "event.event_ts": "every event has one; the sample of file_change is older",
    "is_enterprise_install": "of a command: a form has only strings",
    "view.blocks": "views have blocks; those samples leave out what is of many types",
    "messages.client_msg_id": "people's messages have one: the sample of replies is of an app's",
    "messages.subtype": "a broadcast among replies: the sample has none",
}
OF_MESSAGES = (
    *("client_msg_id", "edited", "files", "upload", "display_as_bot", "thread_ts", "is_locked", "subscribed"),
    *("reply_count", "reply_users_count", "latest_reply", "reply_users"),
)
KNOWN_IN = {"reactions.get": tuple(f"message.{key}" for key in OF_MESSAGES)}  # the sample is of a bare message


def differences(ours: Any, theirs: Any, at: str = "") -> Iterator[str]:
    """Where our JSON has a key or a type that Slack's sample has not. None fits everything, as Slack writes it."""
    if ours is None or at.rpartition(".")[2] in FREE:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        yield from _of_objects(ours, theirs, at)
    elif isinstance(ours, list) and isinstance(theirs, list):
        for one in ours if theirs else ():
            yield from differences(one, theirs[0], at)
    elif _kind(ours) != _kind(theirs) and at not in KNOWN:
        yield f"{at}: {_kind(ours)} where Slack has {_kind(theirs)}"


def _of_objects(ours: dict[str, Any], theirs: dict[str, Any], at: str) -> Iterator[str]:
    by_id = bool(theirs) and all(key.startswith("C0") for key in theirs)
    for key, value in ours.items():
        where = f"{at}.{key}".lstrip(".")
        if by_id:
            yield from differences(value, next(iter(theirs.values())), at)
        elif key in theirs:
            yield from differences(value, theirs[key], where)
        elif where not in KNOWN:
            yield f"{where}: not in Slack's sample"


def _kind(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


def sample(path: str) -> Any:
    return json.loads((SAMPLES / f"{path}.json").read_text())


async def everything_that_happens(here: Room) -> None:
    """People and the app do one of each thing that the app is told of."""
    slack, anna, channel = here.slack, here.anna, here.channel
    files: list[Any] = [("a.png", b"x"), Upload("b.pdf", b"x", stub=True)]
    root = await anna.post(channel, "look", files=files, mention=True)
    await anna.post(channel, "a reply", thread_ts=root)
    await anna.post(channel, "for all", thread_ts=root, broadcast=True)
    await anna.edit(channel, root, "look!")
    await anna.react(channel, root, "eyes")
    await anna.delete(channel, await anna.post(channel, "never mind"))
    await slack.bot_posts(channel, "beep")
    await anna.open_app_home()
    file = await anna.upload(("c.png", b"x"))
    await anna.post(channel, files=[file])
    await anna.rename_file(file, "The cat")
    await anna.delete_file(file)
    await slack.invite(channel, slack.person("ben"))
    await slack.remove(channel, slack.person("ben"))
    await here.client.chat_postMessage(channel=channel, text="I see", thread_ts=root)
    await slack.uninstall()


TYPES = {
    "app_mention": "AppMention",
    "file_shared": "FileShared",
    "reaction_added": "ReactionAdded",
    "app_home_opened": "AppHomeOpened",
    "file_change": "FileChange",
    "file_deleted": "FileDeleted",
    "member_joined_channel": "MemberJoinedChannel",
    "member_left_channel": "MemberLeftChannel",
    "tokens_revoked": "TokensRevoked",
    "app_uninstalled": "AppUninstalled",
}
SUBTYPES = {
    None: "Message",
    "file_share": "MessageFileShare",
    "message_changed": "MessageChanged",
    "message_deleted": "MessageDeleted",
    "thread_broadcast": "MessageThreadBroadcast",
    "bot_message": "MessageBot",
}


def sample_of(event: dict[str, Any]) -> str:
    return TYPES.get(event["type"]) or SUBTYPES[event.get("subtype")]


async def test_every_event_has_the_shape_of_slacks_sample() -> None:
    async with room() as here:
        app, _ = listening(here.slack)
        async with connected(app, here.slack):
            await everything_that_happens(here)
            sent = here.slack.deliveries
            assert {sample_of(one.payload["event"]) for one in sent} == {*TYPES.values(), *SUBTYPES.values()}
            for one in sent:
                name = sample_of(one.payload["event"])
                assert list(differences(one.payload, sample(f"events/{name}Payload"))) == [], name


HOME = {"type": "home", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "Hello"}}]}
MODAL = {
    **HOME,
    "type": "modal",
    "title": {"type": "plain_text", "text": "Why"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
}


async def every_method(here: Room) -> dict[str, Any]:
    """One response of each method, by the name of its sample."""
    client, channel, answers = here.client, here.channel, {}
    root = await here.anna.post(channel, "look", files=[("a.png", b"x")], mention=True)
    await here.anna.react(channel, root, "eyes")

    async def ask(method: str, **arguments: Any) -> Any:
        response = await client.api_call(method, json=arguments)
        answers[method] = response.data
        return response

    posted = await ask("chat.postMessage", channel=channel, text="hm", thread_ts=root, metadata=METADATA)
    await ask("chat.update", channel=channel, ts=posted["ts"], text="hm?")
    await ask("chat.getPermalink", channel=channel, message_ts=root)
    await ask("chat.postEphemeral", channel=channel, user=here.anna.id, text="psst")
    stream = await ask("chat.startStream", channel=channel, thread_ts=root, **here.recipient)
    await ask("chat.appendStream", channel=channel, ts=stream["ts"], chunks=[MarkdownTextChunk(text="x").to_dict()])
    await ask("chat.stopStream", channel=channel, ts=stream["ts"])
    await ask("conversations.replies", channel=channel, ts=root, include_all_metadata=True)
    await ask("conversations.history", channel=channel, include_all_metadata=True)
    await ask("chat.delete", channel=channel, ts=posted["ts"])
    await ask("reactions.get", channel=channel, timestamp=root)
    await ask("reactions.add", channel=channel, timestamp=root, name="wave")
    await ask("reactions.remove", channel=channel, timestamp=root, name="wave")
    await ask("conversations.info", channel=channel)
    await ask("conversations.list", types="public_channel,private_channel,im")
    await ask("conversations.members", channel=channel)
    await ask("conversations.open", users=here.anna.id, return_im=True)
    await ask("conversations.join", channel=channel)
    await ask("users.info", user=here.anna.id)
    await ask("users.list")
    await ask("users.conversations", user=here.anna.id)
    await ask("team.info")
    await ask("bots.info", bot=here.slack.bot_id)
    await ask("auth.test")
    await ask("api.test")
    await ask("assistant.threads.setStatus", channel_id=channel, thread_ts=root, status="is looking")
    await ask("assistant.threads.setTitle", channel_id=channel, thread_ts=root, title="A cat")
    await ask("assistant.threads.setSuggestedPrompts", channel_id=channel, prompts=[{"title": "a", "message": "b"}])
    await ask("views.publish", user_id=here.anna.id, view=HOME)
    await ask("files.getUploadURLExternal", filename="t.csv", length=3)
    upload = await client.files_upload_v2(channel=channel, content="a,b", filename="t.csv")
    answers["files.completeUploadExternal"] = {"ok": True, "files": upload["files"]}
    await ask("files.info", file=upload["files"][0]["id"])
    await ask("files.list")
    await ask("files.delete", file=upload["files"][0]["id"])
    return answers


METADATA = {"event_type": "answer", "event_payload": {"run": "1"}}


async def test_every_response_has_the_shape_of_slacks_sample() -> None:
    async with room() as here:
        answers = await every_method(here)
        for method, answer in answers.items():
            known = KNOWN_IN.get(method, ())
            found = [
                said for said in differences(answer, sample(f"api/{method}")) if said.partition(":")[0] not in known
            ]
            assert found == [], method


async def test_a_refusal_has_the_shape_of_slacks_sample() -> None:
    async with room(scopes=[]) as here:
        for method in ("chat.postMessage", "conversations.replies", "files.info", "users.info"):
            with pytest.raises(SlackApiError) as refused:
                await here.client.api_call(method)
            assert refused.value.response["needed"]
            assert list(differences(refused.value.response.data, sample(f"api/{method}"))) == []


BUTTON = {"type": "button", "action_id": "why", "value": "run 1", "text": {"type": "plain_text", "text": "Why?"}}


async def test_what_people_press_type_and_submit_has_the_shape_of_slacks_samples() -> None:
    async with room() as here:
        app, _ = listening(here.slack)

        @app.action("why")
        async def open_modal(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @app.command("/spyglass")
        @app.view("")
        @app.view_closed("")
        async def acknowledge(ack: Any) -> None:
            await ack()

        async with connected(app, here.slack):
            blocks = [{"type": "actions", "elements": [BUTTON]}]
            ts = (await here.client.chat_postMessage(channel=here.channel, text="x", blocks=blocks))["ts"]
            for leave in (here.anna.close, lambda view: here.anna.submit(view, {})):
                await here.anna.press(here.channel, ts, "why")
                await here.slack.until(here.anna.view)
                await leave(here.anna.view()["id"])  # type: ignore[index]
            await here.anna.slash("/spyglass", "help", here.channel)
        sent = {_interaction(one.payload): one.payload for one in here.slack.deliveries if one.kind != "events_api"}
        assert set(sent) == {"BlockAction", "ViewClosed", "ViewSubmission", "SlashCommand"}
        for name, payload in sent.items():
            assert list(differences(payload, sample(f"app-backend/{FAMILIES[name]}_{name}Payload"))) == [], name


FAMILIES = {
    "BlockAction": "interactive-components",
    "ViewClosed": "views",
    "ViewSubmission": "views",
    "SlashCommand": "slash-commands",
}


def _interaction(payload: dict[str, Any]) -> str:
    kinds = {"block_actions": "BlockAction", "view_closed": "ViewClosed", "view_submission": "ViewSubmission"}
    return kinds.get(payload.get("type", ""), "SlashCommand")
