"""Whatever happens in a workspace, a thread tells nothing of what a link opened once somebody who reads it may not see
where that is from."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from bot.slack.events import Message
from bot.slack.fetching.links import Links, is_from_elsewhere
from bot.turns.asked import Asked
from bot.turns.threads import Erased, Threads
from graphs.state import ThreadState, refs
from tests.unit.slack.leaks import TEAM, Observed, Town
from tests.unit.slack.test_leaks_sight import CHANNELS, PEOPLE, act, thorough, towns
from tools.kit import Evidence, ImageRef, Scope

MARK = re.compile(r"zq(\w+)q")
ACTS = ["link", "link", "ask", "ask", "join", "leave", "guest", "turn", "share", "local", "silent", "fail", "mend"]
acts = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, len(PEOPLE) - 1),
        st.integers(0, len(CHANNELS) - 1),
        st.integers(0, len(CHANNELS) - 1),
    ),
    min_size=4,
    max_size=25,
)


@dataclass
class Kept:
    """`Memory` without a database."""

    state: ThreadState = field(default_factory=lambda: ThreadState(images=[], history=[]))

    async def write(self, thread: str, state: ThreadState) -> None:
        self.state = state


class Remembering(Threads):
    """A thread's memory, and nothing to let go of."""

    def __init__(self) -> None:
        super().__init__(cast(Any, None))
        self.kept = Kept()

    async def _erased(self, thread: str, before: ThreadState, after: ThreadState) -> Erased:
        return Erased()

    async def asked(self, channel: str, shown: Any) -> ThreadState:
        """What is remembered when something is asked."""
        scope = Scope(workspace=TEAM, audiences=(channel,))
        asked = Asked("", (), channel, scope, None, None, (), (), None, None, shown=shown)
        return await self._within(self.kept.state, asked, cast(Any, self.kept))


class Talk:
    """A thread in every channel, and files of somebody who says nothing in each."""

    def __init__(self, bot: Observed) -> None:
        self.bot, self.threads = bot, {channel: Remembering() for channel in CHANNELS}
        files: Any = SimpleNamespace(info=self.info)
        preferences: Any = SimpleNamespace(is_local_only=self.is_local_only)
        downloads: Any = SimpleNamespace(trusts=lambda url: True)
        self.links = Links(TEAM, files, downloads, preferences, bot.audiences.may_be_shown)

    async def info(self, file: str) -> dict[str, Any]:
        place = file.removeprefix("F0")
        return {"id": file, "name": f"zq{place}q.png", "user": "U99", "channels": [place]}

    async def is_local_only(self, team: str, channel: str) -> bool:
        return self.bot.town.places[channel].local_only

    async def link(self, user: str, channel: str, other: str) -> None:
        """Somebody asks in a channel about what is in another, and an answer draws on it, or on what was said."""
        said = f"<https://slack.com/files/U99/F0{other}/a.png>"
        question = Message(team=TEAM, channel=channel, ts="1", thread_ts="1", user=user, text=said)
        found, _ = await self.links.opened(question, ())
        thread = self.threads[channel]
        state = await thread.asked(channel, partial(self.links.shown, channel, user))
        for _, info in found:
            number = len(state.get("images", [])) + 1
            link = info["id"] if is_from_elsewhere(question, info) else ""
            image = ImageRef(
                handle=f"image {number}", sha256="0" * 64, mime="", width=1, height=1, name=info["name"], link=link
            ).model_dump(mode="json")
            history = [*state.get("history", []), *_turns(image, number)]
            state = {**state, "images": [*state.get("images", []), image], "history": history}
        thread.kept.state = state

    async def ask(self, user: str, channel: str) -> None:
        state = await self.threads[channel].asked(channel, partial(self.links.shown, channel, user))
        self.threads[channel].kept.state = state
        told = set(MARK.findall(str(state)))
        assert told <= {other for other in CHANNELS if self.bot.town.may_link(channel, user, other)}
        assert {ref.name for ref in refs(state)} == {f"zq{other}q.png" for other in told}


def _turns(image: dict[str, Any], number: int) -> list[Any]:
    call = {"name": "read_text", "args": {"image": image["handle"]}, "id": f"call-{number}"}
    found = Evidence(said=f"It says {image['name']}.", tool="read_text", arguments=call["args"])
    return [
        HumanMessage(f"What does {image['name']} say?", id=f"{number}a", additional_kwargs={"images": [image]}),
        AIMessage("", tool_calls=[call]),
        ToolMessage(found.said, tool_call_id=call["id"], artifact=found.model_dump(mode="json")),
        AIMessage(f"It says {image['name']}."),
        HumanMessage("What was that again?", id=f"{number}b"),
        AIMessage(f"As I said, {image['name']}."),
    ]


@thorough
@given(towns(), acts)
def test_a_thread_remembers_nothing_of_a_link_that_somebody_who_reads_it_may_not_follow(
    town: Town, happening: Collection[tuple[str, int, int, int]]
) -> None:
    async def played() -> None:
        bot = Observed(town)
        talk = Talk(bot)
        for what, person, channel, other in happening:
            if what == "link":
                await talk.link(PEOPLE[person], CHANNELS[channel], CHANNELS[other])
            elif what == "ask":
                await talk.ask(PEOPLE[person], CHANNELS[channel])
            else:
                await act(bot, what, PEOPLE[person], CHANNELS[channel], person + other)
        for user in PEOPLE[:2]:
            for place in CHANNELS:
                await talk.ask(user, place)

    asyncio.run(played())


def test_it_is_remembered_as_long_as_all_may_follow_it() -> None:
    from tests.unit.slack.leaks import BOT, Place

    async def played() -> None:
        places = {key: Place("private", {"U0", "U1", BOT}) for key in CHANNELS}
        bot = Observed(Town({"U0": "member", "U1": "member", "U2": "member", BOT: "bot"}, places))
        talk = Talk(bot)
        await talk.link("U0", "C1", "C0")
        await talk.ask("U1", "C1")
        assert MARK.findall(str(talk.threads["C1"].kept.state))
        await bot.join("U2", "C1")
        await talk.ask("U1", "C1")
        assert talk.threads["C1"].kept.state["images"] == [{"handle": "image 1", "deleted": True, "hidden": True}]

    asyncio.run(played())
