"""Messages of the local Slack: threads, edits, deletions, what is seen and by whom."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.unit.local_slack.local_workspace import refusal, room


async def test_every_ts_is_later_than_the_one_before() -> None:
    async with room() as here:
        posts = [here.client.chat_postMessage(channel=here.channel, text=str(n)) for n in range(30)]
        answers = await asyncio.gather(*posts)
        order = [message["ts"] for message in here.slack.messages(here.channel)]
        assert order == sorted(set(order))
        assert {answer["ts"] for answer in answers} == set(order)
        assert all(len(ts.partition(".")[2]) == 6 for ts in order)


async def test_a_thread_is_its_root_and_its_replies() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "look")
        for text in ("one", "two"):
            await here.client.chat_postMessage(channel=here.channel, thread_ts=root, text=text)
        thread = (await here.client.conversations_replies(channel=here.channel, ts=root))["messages"]
        assert [message["text"] for message in thread] == ["look", "one", "two"]
        assert thread[0]["reply_count"] == 2
        assert thread[1]["parent_user_id"] == here.anna.id
        history = (await here.client.conversations_history(channel=here.channel))["messages"]
        assert [message["text"] for message in history] == ["look"]


async def test_the_one_message_of_a_ts_can_be_fetched_again() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "look")
        reply = await here.anna.post(here.channel, "here", thread_ts=root, files=[("a.png", b"x")])
        await here.anna.post(here.channel, "later", thread_ts=root)
        answer = await here.client.conversations_replies(
            channel=here.channel, ts=reply, latest=reply, inclusive=True, oldest=reply, limit=2
        )
        assert [message["ts"] for message in answer["messages"]] == [root, reply]
        assert answer["messages"][1]["files"][0]["name"] == "a.png"


async def test_a_long_thread_comes_in_pages() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "0")
        for n in range(1, 5):
            await here.anna.post(here.channel, str(n), thread_ts=root)
        seen, cursor = [], ""
        while True:
            page = await here.client.conversations_replies(channel=here.channel, ts=root, limit=2, cursor=cursor)
            seen += [message["text"] for message in page["messages"]]
            if not page["has_more"]:
                break
            cursor = page["response_metadata"]["next_cursor"]
        assert seen == ["0", "1", "2", "3", "4"]


async def test_metadata_is_told_only_to_who_asks_for_it() -> None:
    async with room() as here:
        metadata = {"event_type": "answer", "event_payload": {"run": "1"}}
        ts = (await here.client.chat_postMessage(channel=here.channel, text="x", metadata=metadata))["ts"]
        quiet = await here.client.conversations_replies(channel=here.channel, ts=ts)
        told = await here.client.conversations_replies(channel=here.channel, ts=ts, include_all_metadata=True)
        assert "metadata" not in quiet["messages"][0]
        assert told["messages"][0]["metadata"] == metadata


async def test_an_update_with_text_alone_takes_the_blocks_away_and_is_marked() -> None:
    async with room() as here:
        posted = await here.client.chat_postMessage(channel=here.channel, text="x", blocks=[{"type": "divider"}])
        await here.client.chat_update(channel=here.channel, ts=posted["ts"], text="y", blocks=[{"type": "divider"}])
        assert "edited" not in here.slack.messages(here.channel)[0]
        await here.client.chat_update(channel=here.channel, ts=posted["ts"], text="z")
        message = here.slack.messages(here.channel)[0]
        assert (message["text"], "blocks" in message, message["edited"]["user"]) == ("z", False, here.slack.bot_user)


async def test_a_deleted_root_with_replies_leaves_a_tombstone() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "look", files=[("a.png", b"x")])
        reply = await here.anna.post(here.channel, "here", thread_ts=root)
        await here.anna.delete(here.channel, root)
        thread = here.slack.messages(here.channel, root)
        assert [message.get("subtype") for message in thread] == ["tombstone", None]
        assert "files" not in thread[0]
        await here.anna.delete(here.channel, reply)
        assert [message["ts"] for message in here.slack.messages(here.channel, root)] == [root]


async def test_an_ephemeral_message_is_seen_by_one_person_only() -> None:
    async with room() as here:
        ben = here.slack.person("ben")
        await here.slack.invite(here.channel, ben)
        await here.client.chat_postEphemeral(channel=here.channel, user=here.anna.id, text="psst")
        assert [message["text"] for message in here.anna.messages(here.channel)] == ["psst"]
        assert ben.messages(here.channel) == here.slack.messages(here.channel) == []
        carla = here.slack.person("carla")
        call = here.client.chat_postEphemeral(channel=here.channel, user=carla.id, text="psst")
        assert await refusal(call) == "user_not_in_channel"


async def test_a_message_to_a_person_is_a_direct_one() -> None:
    async with room() as here:
        answer = await here.client.chat_postMessage(channel=here.anna.id, text="hello")
        assert answer["channel"] == here.anna.dm()
        opened = await here.client.conversations_open(users=[here.anna.id])
        assert opened["channel"] == {"id": here.anna.dm()}


async def test_a_reaction_is_counted_once_a_person() -> None:
    async with room() as here:
        ts = await here.anna.post(here.channel, "look")
        await here.anna.react(here.channel, ts, "eyes")
        where = {"channel": here.channel, "timestamp": ts, "name": "eyes"}
        await here.client.reactions_add(**where)
        assert await refusal(here.client.reactions_add(**where)) == "already_reacted"
        reactions = here.slack.messages(here.channel)[0]["reactions"]
        assert reactions == [{"name": "eyes", "users": [here.anna.id, here.slack.bot_user], "count": 2}]
        await here.client.reactions_remove(**where)
        assert await refusal(here.client.reactions_remove(**where)) == "no_reaction"


async def test_a_status_ends_when_the_app_speaks_or_takes_it_back() -> None:
    async with room() as here:
        root = await here.anna.post(here.channel, "look")
        status: dict[str, Any] = {"channel_id": here.channel, "thread_ts": root, "status": "is looking"}
        await here.client.assistant_threads_setStatus(**status, loading_messages=["Looking", "Reading"])
        assert here.slack.status(here.channel, root) == "is looking"
        await here.client.chat_postMessage(channel=here.channel, thread_ts=root, text="a cat")
        assert here.slack.status(here.channel, root) == ""
        await here.client.assistant_threads_setStatus(**status)
        await here.client.assistant_threads_setStatus(**{**status, "status": ""})
        assert here.slack.status(here.channel, root) == ""
        late = here.client.assistant_threads_setStatus(**status, loading_messages=["x"] * 11)
        assert await refusal(late) == "invalid_arguments"


async def test_waiting_for_what_never_comes_ends_with_the_last_calls() -> None:
    async with room() as here:
        await here.client.auth_test()
        with pytest.raises(TimeoutError, match=r"Last calls: auth.test -> ok"):
            await here.slack.until(lambda: False, timeout=0.05)
