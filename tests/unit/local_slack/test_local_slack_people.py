"""What people do in the local Slack, with a real Bolt app that answers them."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.local_slack import Unanswered
from tests.unit.local_slack.local_workspace import Room, connected, listening, refusal, room


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": plain("Good"), "value": "good run-1"},
            "negative_button": {"text": plain("Bad"), "value": "bad run-1"},
        }
    ],
}
ACTIONS = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "stop", "value": "run-1", "text": plain("Stop")},
        {
            "type": "static_select",
            "action_id": "answers",
            "placeholder": plain("When?"),
            "options": [{"text": plain(name), "value": name} for name in ("always", "off")],
        },
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "reason",
    "title": plain("Why"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": plain("Why?"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


async def shown(here: Room, *blocks: dict[str, Any]) -> str:
    """A message of the app with these blocks."""
    answer = await here.client.chat_postMessage(channel=here.channel, text="x", blocks=list(blocks))
    return str(answer["ts"])


def app_of(here: Room) -> AsyncApp:
    return listening(here.slack)[0]


async def test_a_pressed_button_tells_its_value_and_the_message() -> None:
    async with room() as here:
        app, pressed = app_of(here), []

        @app.action("stop")
        async def stop(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
            await ack()
            pressed.append((action["value"], body["message"]["ts"], body["channel"]["id"], body["user"]["id"]))

        async with connected(app, here.slack):
            ts = await shown(here, ACTIONS)
            await here.anna.press(here.channel, ts, "stop")
            await here.slack.until(lambda: pressed)
            assert pressed == [("run-1", ts, here.channel, here.anna.id)]


async def test_feedback_and_menus_tell_what_was_chosen() -> None:
    async with room() as here:
        app, chosen = app_of(here), []

        @app.action("feedback")
        @app.action("answers")
        async def choose(ack: Any, action: dict[str, Any]) -> None:
            await ack()
            chosen.append(action.get("value") or action["selected_option"]["value"])

        async with connected(app, here.slack):
            ts = await shown(here, FEEDBACK, ACTIONS)
            await here.anna.press(here.channel, ts, "feedback", "bad run-1")
            await here.anna.press(here.channel, ts, "feedback")
            await here.anna.press(here.channel, ts, "answers", "off")
            await here.slack.until(lambda: len(chosen) == 3)
            assert chosen == ["bad run-1", "good run-1", "off"]
            for action, value in (("feedback", "so so"), ("answers", "never"), ("nothing", None)):
                with pytest.raises(ValueError, match=r"no option|Neither|nothing to press"):
                    await here.anna.press(here.channel, ts, action, value)


async def test_an_app_that_does_not_acknowledge_leaves_the_person_without_an_answer() -> None:
    async with room(ack_timeout=0.2) as here:
        app = app_of(here)
        async with connected(app, here.slack) as handler:
            handler.client.socket_mode_request_listeners.clear()
            ts = await shown(here, ACTIONS)
            with pytest.raises(Unanswered, match="operation_timeout"):
                await here.anna.press(here.channel, ts, "stop")
            assert len(here.slack.deliveries[-1].attempts) == 1  # nobody presses for them a second time


async def test_a_modal_is_opened_filled_in_and_sent() -> None:
    async with room() as here:
        app, reasons = app_of(here), []

        @app.action("stop")
        async def ask(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @app.view("reason")
        async def take(ack: Any, view: dict[str, Any]) -> None:
            text = view["state"]["values"]["why"]["text"]["value"]
            if not text:
                await ack(response_action="errors", errors={"why": "Say why."})
                return
            await ack()
            reasons.append(text)

        async with connected(app, here.slack):
            ts = await shown(here, ACTIONS)
            await here.anna.press(here.channel, ts, "stop")
            await here.slack.until(here.anna.view)
            view = here.anna.view()
            assert view is not None
            refused = await here.anna.submit(view["id"], {})
            assert refused == {"response_action": "errors", "errors": {"why": "Say why."}}
            assert here.anna.view() is not None
            await here.anna.submit(view["id"], {"text": "Too slow."})
            assert here.anna.view() is None
            await here.slack.until(lambda: reasons)
            assert reasons == ["Too slow."]


async def test_modals_are_pushed_updated_and_closed() -> None:
    async with room() as here:
        app, closed = app_of(here), []
        below = {**MODAL, "blocks": [{**ACTIONS, "block_id": "b"}]}
        below.pop("submit")

        @app.command("/spyglass")
        async def first(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=below)

        @app.action("stop")
        async def second(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            pushed = await client.views_push(trigger_id=body["trigger_id"], view=MODAL)
            changed = {**MODAL, "title": plain("Why not")}
            assert await refusal(client.views_update(view_id=pushed["view"]["id"], view=changed, hash="old"))
            await client.views_update(view_id=pushed["view"]["id"], view=changed, hash=pushed["view"]["hash"])

        @app.view_closed("reason")
        async def note(ack: Any, view: dict[str, Any]) -> None:
            await ack()
            closed.append(view["title"]["text"])

        async with connected(app, here.slack):
            await here.anna.slash("/spyglass", "settings", here.channel)
            await here.slack.until(here.anna.view)
            await here.anna.press_in_view(str((here.anna.view() or {})["id"]), "stop")
            await here.slack.until(lambda: (here.anna.view() or {})["title"]["text"] == "Why not")
            await here.anna.close(str((here.anna.view() or {})["id"]))
            assert (here.anna.view() or {})["title"]["text"] == "Why"
            assert closed == ["Why not"]


async def test_a_trigger_opens_one_view_soon_or_none() -> None:
    async with room() as here:
        app, triggers = app_of(here), []

        @app.action("stop")
        async def keep(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            triggers.append(body["trigger_id"])

        async with connected(app, here.slack):
            await here.anna.press(here.channel, await shown(here, ACTIONS), "stop")
            await here.slack.until(lambda: triggers)
            assert await refusal(here.client.views_open(trigger_id="1.2", view=MODAL)) == "invalid_trigger_id"
            bad = {**MODAL, "title": plain("x" * 25)}
            assert await refusal(here.client.views_open(trigger_id=triggers[0], view=bad)) == "invalid_arguments"
            assert await refusal(here.client.views_open(trigger_id=triggers[0], view=MODAL)) == ""
            assert await refusal(here.client.views_open(trigger_id=triggers[0], view=MODAL)) == "exchanged_trigger_id"
            here.slack.workspace.triggers[triggers[0]].used = False
            here.slack.workspace.triggers[triggers[0]].at -= 4
            assert await refusal(here.client.views_open(trigger_id=triggers[0], view=MODAL)) == "expired_trigger_id"


async def test_a_response_url_says_replaces_and_deletes_five_times() -> None:
    async with room() as here:
        app, urls = app_of(here), []

        @app.action("stop")
        async def keep(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            urls.append(body["response_url"])

        async with connected(app, here.slack):
            ts = await shown(here, ACTIONS)
            await here.anna.press(here.channel, ts, "stop")
            await here.slack.until(lambda: urls)
            hook = AsyncWebhookClient(urls[0])
            assert (await hook.send(text="only you")).body == "ok"
            await hook.send(text="everybody", response_type="in_channel")
            await hook.send(text="replaced", replace_original=True)
            assert [said["text"] for said in here.slack.messages(here.channel)] == ["replaced", "everybody"]
            assert [said["text"] for said in here.anna.messages(here.channel)] == ["replaced", "only you", "everybody"]
            await hook.send(delete_original=True)
            assert [said["text"] for said in here.slack.messages(here.channel)] == ["everybody"]
            await hook.send(text="five")
            assert (await hook.send(text="six")).status_code == 404


async def test_the_home_tab_is_each_persons_own() -> None:
    async with room() as here:
        home = {"type": "home", "blocks": [{"type": "section", "text": plain("Hello anna")}]}
        first = await here.client.views_publish(user_id=here.anna.id, view=home)
        again = await here.client.views_publish(user_id=here.anna.id, view=home)
        assert first["view"]["id"] == again["view"]["id"]
        assert (here.anna.home() or {})["blocks"][0]["text"]["text"] == "Hello anna"
        assert here.slack.person("ben").home() is None
        dm = await here.anna.open_app_home("home")
        told = here.slack.deliveries[-1].payload["event"]
        assert (told["type"], told["tab"], told["channel"]) == ("app_home_opened", "home", dm)
        assert told["view"]["id"] == again["view"]["id"]


async def test_prompts_and_titles_are_kept_for_the_thread_or_the_agents_empty_page() -> None:
    async with room() as here:
        dm = here.anna.dm()
        prompts = [{"title": "Compare", "message": "Compare these two."}]
        await here.client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts)
        assert here.slack.prompts(dm) == prompts
        root = await here.anna.post(dm, "hello")
        await here.client.assistant_threads_setTitle(channel_id=dm, thread_ts=root, title="A cat")
        assert here.slack.title(dm, root) == "A cat"
        five = here.client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts * 5)
        assert await refusal(five) == "invalid_arguments"


async def test_what_people_cannot_do_is_said() -> None:
    async with room() as here:
        ben, root = here.slack.person("ben"), here.slack.person("root", "admin")
        ts = await here.anna.post(here.channel, "mine")
        with pytest.raises(ValueError, match="ben is not in design"):
            await ben.post(here.channel, "hi")
        with pytest.raises(ValueError, match="ben did not write"):
            await ben.edit(here.channel, ts, "yours")
        await root.delete(here.channel, ts)
        assert here.slack.messages(here.channel) == []


async def test_roles_show_in_who_people_are() -> None:
    async with room() as here:
        people = {role: here.slack.person(role, role) for role in ("member", "admin", "guest", "external")}
        users = {role: (await here.client.users_info(user=one.id))["user"] for role, one in people.items()}
        assert [role for role, user in users.items() if user["is_admin"]] == ["admin"]
        assert [role for role, user in users.items() if user["is_restricted"]] == ["guest"]
        assert [role for role, user in users.items() if user["team_id"] != here.slack.team] == ["external"]
        shared = await here.slack.channel("shared", [people["external"], here.anna])
        assert (await here.client.conversations_info(channel=shared))["channel"]["is_ext_shared"]
        await here.anna.post(shared, "hi")
        assert here.slack.deliveries[-1].payload["is_ext_shared_channel"]


async def test_another_bots_message_is_told_as_one() -> None:
    async with room() as here:
        await here.slack.bot_posts(here.channel, f"<@{here.slack.bot_user}> beep")
        events = [told.payload["event"] for told in here.slack.deliveries]
        assert [(event["type"], event.get("subtype")) for event in events] == [
            ("message", "bot_message"),
            ("app_mention", None),
        ]
        assert all(event["bot_id"].startswith("B0") for event in events)


async def test_an_uninstalled_app_is_told_and_its_token_is_dead() -> None:
    async with room() as here:
        async with connected(app_of(here), here.slack):
            await here.slack.uninstall()
            await here.slack.until(lambda: len([d for d in here.slack.deliveries if d.attempts]) == 2)
            assert await refusal(here.client.auth_test()) == "token_revoked"
        kinds = [told.payload["event"]["type"] for told in here.slack.deliveries]
        assert kinds == ["tokens_revoked", "app_uninstalled"]
