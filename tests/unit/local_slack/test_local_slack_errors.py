"""The local Slack refuses what Slack refuses, in Slack's words."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.unit.local_slack.local_workspace import Room, refusal, room


async def test_a_call_without_a_token_or_with_a_wrong_one_is_refused() -> None:
    async with room() as here:
        url = here.slack.api_url
        assert await refusal(AsyncWebClient(base_url=url).auth_test()) == "not_authed"
        assert await refusal(AsyncWebClient("xoxb-other", base_url=url).auth_test()) == "invalid_auth"
        assert await refusal(AsyncWebClient(here.slack.app_token, base_url=url).auth_test()) == "not_allowed_token_type"
        assert (
            await refusal(here.client.apps_connections_open(app_token=here.slack.bot_token)) == "not_allowed_token_type"
        )


async def test_a_revoked_token_is_refused_until_it_is_restored() -> None:
    async with room() as here:
        here.slack.faults.revoke_token()
        assert await refusal(here.client.auth_test()) == "token_revoked"
        here.slack.faults.restore_token()
        assert await refusal(here.client.auth_test()) == ""


async def test_a_missing_scope_is_named_with_those_that_are_there() -> None:
    async with room(scopes=["files:read", "chat:write"]) as here:
        with pytest.raises(SlackApiError) as refused:
            await here.client.conversations_replies(channel=here.channel, ts="1.0")
        answer = refused.value.response
        assert answer["error"] == "missing_scope"
        assert (answer["needed"], answer["provided"]) == ("channels:history", "chat:write,files:read")


async def test_each_kind_of_conversation_has_its_own_scopes() -> None:
    async with room(scopes=["channels:history", "channels:read", "im:write"]) as here:
        secret = await here.slack.channel("secret", [here.anna], private=True)
        ts = await here.anna.post(secret, "look")
        assert await refusal(here.client.conversations_history(channel=here.channel)) == ""
        for call in (
            here.client.conversations_history(channel=secret),
            here.client.conversations_replies(channel=secret, ts=ts),
            here.client.conversations_info(channel=secret),
            here.client.conversations_members(channel=here.anna.dm()),
        ):
            assert await refusal(call) == "missing_scope"
        assert here.slack.deliveries == []


async def test_every_answer_names_the_scopes_that_are_granted() -> None:
    async with room(scopes=["chat:write", "files:read"]) as here:
        response = await here.client.auth_test()
        assert response.headers["x-oauth-scopes"] == "chat:write,files:read"


async def test_what_is_no_method_is_unknown() -> None:
    async with room() as here:
        assert await refusal(here.client.api_call("chat.shout")) == "unknown_method"


async def test_a_private_channel_is_not_there_for_who_is_not_in_it() -> None:
    async with room() as here:
        secret = await here.slack.channel("secret", [here.anna], private=True, bot=False)
        public = await here.slack.channel("lobby", [here.anna], bot=False)
        for channel, error in ((secret, "channel_not_found"), (public, "not_in_channel"), ("C0", "channel_not_found")):
            assert await refusal(here.client.chat_postMessage(channel=channel, text="hi")) == error
            assert await refusal(here.client.conversations_history(channel=channel)) == error


async def test_nothing_is_written_to_an_archived_channel() -> None:
    async with room() as here:
        ts = (await here.client.chat_postMessage(channel=here.channel, text="hi"))["ts"]
        await here.slack.archive(here.channel)
        assert await refusal(here.client.chat_postMessage(channel=here.channel, text="hi")) == "is_archived"
        assert await refusal(here.client.chat_update(channel=here.channel, ts=ts, text="ho")) == "is_inactive"


async def test_only_the_apps_own_messages_can_be_changed_or_deleted() -> None:
    async with room() as here:
        ts = await here.anna.post(here.channel, "mine")
        where: dict[str, Any] = {"channel": here.channel, "ts": ts}
        assert await refusal(here.client.chat_update(**where, text="yours")) == "cant_update_message"
        assert await refusal(here.client.chat_delete(**where)) == "cant_delete_message"
        where["ts"] = "1.000001"
        assert await refusal(here.client.chat_update(**where, text="yours")) == "message_not_found"
        assert await refusal(here.client.chat_delete(**where)) == "message_not_found"


async def test_a_thread_that_is_not_there_cannot_be_read_or_answered() -> None:
    async with room() as here:
        gone = await here.anna.post(here.channel, "never mind")
        await here.anna.delete(here.channel, gone)
        for ts in (gone, "1.000001"):
            answer = here.client.chat_postMessage(channel=here.channel, thread_ts=ts, text="hi")
            assert await refusal(answer) == "thread_not_found"
            assert await refusal(here.client.conversations_replies(channel=here.channel, ts=ts)) == "thread_not_found"


SECTION: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "no_text"),
    ({"text": "x" * 40_001}, "msg_too_long"),
    ({"text": "x", "blocks": [{"type": "sectoin"}]}, "invalid_blocks"),
    ({"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
    ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    ({"text": "x", "markdown_text": "**x**"}, "markdown_text_conflict"),
    ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ({"text": "x", "metadata": {"event_payload": {}}}, "invalid_metadata_schema"),
    (
        {"text": "x", "blocks": [{**SECTION, "text": {**SECTION["text"], "text": "x" * 2999}}] * 5},
        "msg_blocks_too_long",
    ),
    ({"text": "x", "blocks": [{"type": "image", "slack_file": {"id": "F0"}, "alt_text": "a"}]}, "invalid_blocks"),
]


@pytest.mark.parametrize(("said", "error"), REFUSED, ids=[f"{error}-{n}" for n, (_, error) in enumerate(REFUSED)])
async def test_a_message_that_slack_would_not_take_is_refused(said: dict[str, Any], error: str) -> None:
    async with room() as here:
        call = here.client.api_call("chat.postMessage", json={"channel": here.channel, **said})
        assert await refusal(call) == error
        assert here.slack.messages(here.channel) == []


async def test_what_is_wrong_with_blocks_is_said_with_the_place() -> None:
    async with room() as here:
        header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
        with pytest.raises(SlackApiError) as refused:
            await here.client.chat_postMessage(channel=here.channel, text="x", blocks=[header])
        said = "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
        assert refused.value.response["response_metadata"]["messages"] == [said]


async def post_raw(here: Room, **form: str) -> str:
    """A call as an old client makes it: all in a form, the token too."""
    response = await AsyncWebClient(base_url=here.slack.api_url).api_call("chat.postMessage", data=form)
    return str(response["ts"])


async def test_json_form_and_query_say_the_same() -> None:
    async with room() as here:
        token = here.slack.bot_token
        await post_raw(here, channel=here.channel, text="form", token=token, blocks='[{"type": "divider"}]')
        await here.client.api_call("chat.postMessage", params={"channel": here.channel, "text": "query"})
        await here.client.api_call("chat.postMessage", json={"channel": here.channel, "text": "json"})
        said = here.slack.messages(here.channel)
        assert [message["text"] for message in said] == ["form", "query", "json"]
        assert said[0]["blocks"][0]["type"] == "divider"
        assert token not in str(here.slack.calls)
