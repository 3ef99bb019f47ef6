"""The buttons of a reply, pressed by people in the local Slack, over a real Bolt app on a real websocket."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.local_slack.block_kit import validate_view
from bot.local_slack.people import Person
from bot.slack.events import Identity
from bot.slack.listening.buttons import REASON, Buttons
from bot.slack.people import People
from bot.slack.replying import labels
from bot.slack.replying.reasoning import BLOCKS, as_view, reasoning
from bot.slack.replying.replies import FEEDBACK, GOOD, REASONING, STOP, Reply, render, stop_button
from bot.slack.replying.rich import said as words_of
from bot.slack.storage.feedback import Feedback
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.storage.tables import Database
from bot.slack.web import Web
from tests.fakes import WordGate
from tests.unit.slack.slack_replying import ITS_OWN, Scene, said, scene
from tests.unit.slack.test_slack_replies import answer, image, tool

GATE = WordGate("Acme")


@dataclass
class Pressing:
    """A question that was answered, and who may press what."""

    here: Scene
    inbox: Inbox
    feedback: Feedback
    database: Database
    ben: Person
    admin: Person
    row: Row
    ts: str = ""
    """Of the reply."""

    def told(self, person: Person) -> list[str]:
        """What only that person is told."""
        seen = person.messages(self.here.channel, self.here.question.ts)
        return [message["text"] for message in seen if message.get("is_ephemeral")]

    async def hears(self, person: Person, sentence: str) -> None:
        await self.here.slack.until(lambda: self.told(person) == [sentence])

    async def verdicts(self) -> list[tuple[str, str, str]]:
        return [(given.user, given.verdict, given.reason) for given in await self.feedback.of(self.row.run)]

    async def lose(self) -> None:
        """The question is no longer kept."""
        await self.database.rows("delete from inbox where run = %s", [self.row.run])

    async def press(self, person: Person, action: str, value: str | None = None) -> None:
        await person.press(self.here.channel, self.ts, action, value)

    async def sees_view(self, person: Person) -> dict[str, Any]:
        await self.here.slack.until(lambda: person.view() is not None)
        view = person.view()
        assert view is not None
        return view


@pytest.fixture
async def pressing(database: Database) -> AsyncIterator[Pressing]:
    async with scene(database) as here:
        ben, admin = here.slack.person("ben"), here.slack.person("olga", role="admin")
        for person in (ben, admin):
            await here.slack.invite(here.channel, person)
        inbox, feedback = Inbox(database), Feedback(database)
        heard = await inbox.hear(here.question, for_us=True)
        async with connected(
            here, Buttons(here.web, inbox, feedback, People(here.web, here.bot.team), GATE, here.bot, ITS_OWN)
        ):
            yield Pressing(here, inbox, feedback, database, ben, admin, heard.row)


@asynccontextmanager
async def connected(here: Scene, buttons: Buttons) -> AsyncIterator[None]:
    """A Bolt app with the buttons, on the websocket."""
    app = AsyncApp(client=here.web.client, authorize=authorizing(here.web, here.bot))
    buttons.register(app)
    handler: Any = AsyncSocketModeHandler(app, here.slack.app_token, web_client=here.web.client)
    await handler.connect_async()
    await here.slack.until(lambda: here.slack.connections == 1)
    try:
        yield
    finally:
        await handler.close_async()


def authorizing(web: Web, bot: Identity) -> Any:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=bot.team, bot_user_id=bot.user, bot_id=bot.bot_id, bot_token=web.client.token
        )

    return authorize


@pytest.fixture
async def answered(pressing: Pressing) -> Pressing:
    """The answer is there, with its buttons."""
    told = answer(
        "It is a red bicycle.",
        tools=[tool("look", "image 1", colour="red")],
        images=[image(1, "Acme.png")],
        checks=[{"rule": "grounded", "kept": True, "broken": None}],
    )
    inbox, key = pressing.inbox, pressing.row.key
    await inbox.begin(pressing.row.thread)
    await inbox.keep_answer(key, told.model_dump(mode="json"))
    await post(pressing, *render(told, run=str(pressing.row.run), gate=GATE))
    await inbox.finish(key, State.DONE)
    return pressing


@pytest.fixture
async def working(pressing: Pressing) -> Pressing:
    """The question is being worked on, and there is a button to stop that."""
    await pressing.inbox.begin(pressing.row.thread)
    await post(pressing, Reply("…", (*said("Looking …").blocks, stop_button(pressing.here.question.ts))))
    return pressing


async def post(pressing: Pressing, *replies: Any) -> None:
    async with pressing.here.live() as live:
        await live.finish(list(replies))
    pressing.ts = pressing.here.thread[-1]["ts"]


# --- feedback -------------------------------------------------------------------------------------


async def test_a_good_verdict_is_kept_with_the_run(answered: Pressing) -> None:
    await answered.press(answered.ben, FEEDBACK, f"{GOOD}:{answered.row.run}")
    await answered.hears(answered.ben, labels.THANKS)
    assert await answered.verdicts() == [(answered.ben.id, "good", "")]


async def test_a_bad_verdict_asks_for_the_reason_and_keeps_it(answered: Pressing) -> None:
    await answered.press(answered.ben, FEEDBACK, f"bad:{answered.row.run}")
    view = await answered.sees_view(answered.ben)
    assert await answered.verdicts() == [(answered.ben.id, "bad", "")]
    await answered.ben.submit(view["id"], {REASON: "It is blue.\u202e"})
    while not (await answered.verdicts())[0][2]:  # noqa: ASYNC110  the database tells nobody of it
        await asyncio.sleep(0.01)
    assert await answered.verdicts() == [(answered.ben.id, "bad", "It is blue.")]


async def test_anybody_has_one_verdict_and_may_change_it(answered: Pressing) -> None:
    run = answered.row.run
    await answered.feedback.give(run, "T", answered.ben.id, "bad")
    await answered.feedback.explain(run, answered.ben.id, "It is blue.")
    await answered.press(answered.here.anna, FEEDBACK, f"{GOOD}:{run}")
    await answered.hears(answered.here.anna, labels.THANKS)
    await answered.press(answered.ben, FEEDBACK, f"{GOOD}:{run}")
    await answered.hears(answered.ben, labels.THANKS)
    assert sorted(await answered.verdicts()) == sorted(
        [(answered.ben.id, "good", ""), (answered.here.anna.id, "good", "")]
    )


async def test_feedback_on_an_answer_that_is_no_longer_kept_is_told_so(answered: Pressing) -> None:
    await answered.lose()
    await answered.press(answered.ben, FEEDBACK, f"{GOOD}:{answered.row.run}")
    await answered.hears(answered.ben, labels.GONE)


async def test_a_reason_without_its_verdict_is_not_kept(answered: Pressing) -> None:
    assert not await answered.feedback.explain(uuid.uuid4(), answered.ben.id, "It is blue.")


# --- reasoning ------------------------------------------------------------------------------------


async def test_reasoning_shows_tools_evidence_and_checks_through_the_gate(answered: Pressing) -> None:
    await answered.press(answered.ben, REASONING)
    view = await answered.sees_view(answered.ben)
    words = "\n".join(words_of(element) for block in view["blocks"] for element in block["elements"])
    assert "looked at ▇▇▇.png (image 1), 93% sure" in words
    assert '"colour": "red"' in words
    assert "grounded" in words
    assert "Acme" not in words


async def test_reasoning_comes_as_a_message_when_no_view_can_be_opened(answered: Pressing) -> None:
    answered.here.slack.faults.fail("views.open", times=9, status=200, error="expired_trigger_id")
    await answered.press(answered.ben, REASONING)
    await answered.here.slack.until(lambda: answered.told(answered.ben))
    assert answered.told(answered.here.anna) == []


async def test_reasoning_that_is_no_longer_kept_is_told_so(answered: Pressing) -> None:
    await answered.lose()
    await answered.press(answered.ben, REASONING)
    await answered.hears(answered.ben, labels.GONE)


async def test_reasoning_is_not_shown_in_another_channel(answered: Pressing) -> None:
    body = {
        "user": {"id": answered.ben.id},
        "container": {"channel_id": "C0000000000"},
        "actions": [{"value": str(answered.row.run)}],
    }
    here = answered.here
    buttons = Buttons(
        here.web, answered.inbox, answered.feedback, People(here.web, here.bot.team), GATE, here.bot, ITS_OWN
    )
    await buttons.press_reasoning(body)
    assert here.calls("views.open") == []


def test_endless_reasoning_fits_a_view_and_says_that_there_is_more() -> None:
    told = answer(tools=[tool("read_text", "image 1", text="x" * 2000) for _ in range(900)])
    view = as_view(reasoning(told, str))
    assert validate_view(view) == []
    assert len(view["blocks"]) == BLOCKS + 1


def test_the_steps_of_an_analysis_are_listed_with_place_and_source() -> None:
    about = [{"image": "image 1", "box": [10.0, 20.4, 30.0, 40.0]}]
    steps = [
        {"step": "Check the amounts of image 1", "tool": "totals", "finding": "Adds up."},
        {"step": "Look at image 1", "tool": "look", "finding": "A crack.", "source": "model", "about": about},
    ]
    analysed = tool("analyze", "image 1")
    analysed["evidence"]["facts"] = {"steps": steps, "conclusion": "x"}
    view = as_view(reasoning(answer(tools=[analysed]), str))
    assert validate_view(view) == []
    listed = next(each for block in view["blocks"] for each in block["elements"] if each["type"] == "rich_text_list")
    assert [words_of(each) for each in listed["elements"]] == [
        "Check the amounts of image 1 (totals): Adds up.",
        "Look at image 1 (look, seen by a model, image 1 at 10, 20, 30, 40): A crack.",
    ]


def test_reasoning_without_tools_says_so() -> None:
    (block,) = reasoning(answer(), str)
    assert labels.NO_TOOLS in words_of(block["elements"][0])


# --- stop -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anna", "admin"])
async def test_the_asker_and_admins_can_stop_the_work(working: Pressing, who: str) -> None:
    person = working.here.anna if who == "anna" else working.admin
    await working.press(person, STOP)
    await working.hears(person, labels.STOPPING)
    assert await working.inbox.is_cancelled(working.row.key)


async def test_nobody_else_can(working: Pressing) -> None:
    await working.press(working.ben, STOP)
    await working.hears(working.ben, labels.NOT_YOURS)
    assert not await working.inbox.is_cancelled(working.row.key)


async def test_work_that_is_over_is_not_stopped(working: Pressing) -> None:
    await working.inbox.finish(working.row.key, State.DONE)
    await working.press(working.here.anna, STOP)
    await working.hears(working.here.anna, labels.TOO_LATE)


async def test_a_question_that_is_no_longer_kept_is_told_so(working: Pressing) -> None:
    await working.lose()
    await working.press(working.here.anna, STOP)
    await working.hears(working.here.anna, labels.GONE)


# --- whatever comes -------------------------------------------------------------------------------


NOBODYS = f"bad:{uuid.UUID(int=0)}"


@pytest.mark.parametrize("value", ["", "good", "good:", "good:1", "odd:{run}", NOBODYS])
async def test_a_value_that_says_nothing_is_answered(answered: Pressing, value: str) -> None:
    here = answered.here
    buttons = Buttons(
        here.web, answered.inbox, answered.feedback, People(here.web, here.bot.team), GATE, here.bot, ITS_OWN
    )
    place = {"channel_id": here.channel, "thread_ts": here.question.ts}
    action = {"value": value.format(run=answered.row.run)}
    await buttons.press_feedback({"user": {"id": answered.ben.id}, "container": place, "actions": [action]})
    assert answered.told(answered.ben) == [labels.GONE]
    assert await answered.verdicts() == []
