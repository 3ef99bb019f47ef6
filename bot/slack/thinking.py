"""A recorded message -> its files -> the agent -> an answer that everybody who can read it may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.slack.audiences import Audiences
from bot.slack.directory import SlackDirectory, directory_for
from bot.slack.events import Identity, Message
from bot.slack.fetching.files import Fetched, Files
from bot.slack.fetching.gathering import Gathering
from bot.slack.people import People
from bot.slack.replying.live import Live
from bot.slack.replying.mrkdwn import title
from bot.slack.scopes import scope_of
from bot.slack.stopwatch import Stopwatch
from bot.slack.storage.inbox import Row
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records
from bot.slack.telling import Telling
from bot.slack.words import mentions_of
from bot.turns.running import Answer, Turns
from graphs.manners import Manner
from graphs.state import Step
from tools.kit import Gate, Scope
from tools.kit.archive.place import Place
from tools.kit.models import Account
from tools.kit.tracing import span

CHANGES = 2
"""How often an answer is thought while who may see what changes."""
LONGEST_STEP = 120
"""Characters of a step's title."""


@dataclass(frozen=True)
class Thinking:
    """Everything it needs is lent to it by the office."""

    bot: Identity
    gathering: Gathering
    files: Files
    records: Records
    people: People
    preferences: Preferences
    audiences: Audiences
    turns: Turns
    gate: Gate
    telling: Telling

    async def answer(self, row: Row, live: Live, watch: Stopwatch) -> Answer:
        """Thought again when who may see what changed meanwhile; in the end of what is the place's own."""
        for _ in range(CHANGES):
            answer = await self._thought(row, live, watch)
            if await self.may_be_told(row.message, answer):
                return answer
            await self.take_back(row, answer)
        return await self._thought(row, live, watch, scope_of(row.key.team, row.key.channel))

    async def may_be_told(self, question: Message, answer: Answer) -> bool:
        """Whether all that the answer was taken from may still be seen where it was asked."""
        return await self.telling.may(question.channel, question.user, answer)

    async def take_back(self, row: Row, answer: Answer) -> None:
        """The thread's memory keeps nothing of what was answered, nor of what links opened for it."""
        await self.turns.edit(row.thread, turn=row.key.ts, text=None)
        await self.records.unlink(row.message, answer.links, own=True)

    async def forget(self, row: Row) -> None:
        """Nobody will have heard the answer."""
        await self.turns.forget_words(row.thread, [row.key.ts])

    async def words(self, message: Message) -> str:
        """What was said, in plain words with people's names in place of their ids."""
        names = await self.people.names(mentions_of(message.text) - {self.bot.user})
        return message.for_planner(self.bot, names)

    async def pointed_at(self, message: Message) -> list[str]:
        """Names of the files that it points at, of those that may be shown where it is asked. Raises: Unsure."""
        shown = await self.telling.links(message.channel, message.user, message.hits) if message.hits else ()
        return [name for file, name in message.about.items() if file not in message.hits or file in shown]

    async def directory(self, message: Message, scope: Scope) -> SlackDirectory:
        """The people and channels that the words of a question can mean."""
        return await directory_for(message.user, scope, self.people, self.audiences.names)

    def title(self, words: str, most: int) -> str:
        """Outside words as a title. The gate looks at what is left of them: a word cut short can be another one."""
        return self.gate.clean(title(words, most))

    async def _thought(self, row: Row, live: Live, watch: Stopwatch, scope: Scope | None = None) -> Answer:
        """scope: what may be shown, and then nothing that links lead to; None for what may be by now."""
        anything = scope is None
        with TemporaryDirectory(prefix="spyglass-") as folder:
            with watch.measured("files"), span("download"):
                gathered = await self.gathering.of(row.message, linking=anything)
                fetched = await self.files.fetch(gathered.wanted, Path(folder), unnamed=gathered.elsewhere)
                fetched = fetched.without(await self.records.take(gathered.question, fetched.taken))

            async def step(step: Step) -> None:
                watch.step(step)
                await live.step(replace(step, title=self.title(step.title, LONGEST_STEP)))

            with watch.measured("sight"):
                scope = scope or await self.audiences.shown(row.key.channel, row.message.user)
                directory = await self.directory(row.message, scope)
            with watch.measured("agent"):
                return await self.turns.ask(
                    await self.words(gathered.question),
                    fetched.posted,
                    thread=row.thread,
                    scope=scope,
                    step=step,
                    turn=row.key.ts,
                    problems=[*gathered.problems, *fetched.problems],
                    about=await self.records.pointed_at(row.message),
                    call=row.message.call,
                    manner=await self._manner(row.message),
                    account=Account(row.key.team, row.key.channel, row.message.user, turn=str(row.run)),
                    local_only=await self.preferences.is_local_only(row.key.team, row.key.channel),
                    directory=directory,
                    place=Place(row.key.channel, row.message.thread_ts),
                    hits=_by_original(fetched, row.message.hits),
                    links=_by_original(fetched, {file: file for file in gathered.elsewhere}),
                    shown=partial(self._shown, row.message, anything=anything),
                )

    async def _shown(self, question: Message, files: Collection[str], *, anything: bool) -> Collection[str]:
        """Which of these files, which links have opened in the thread, may be shown there now. Raises: Unsure."""
        shown = await self.telling.links(question.channel, question.user, files) if anything else frozenset[str]()
        if gone := set(files) - set(shown):
            await self.records.unlink(question, gone)
        return shown

    async def _manner(self, message: Message) -> Manner:
        """How answers are worded in the channel."""
        chosen = await self.preferences.of(message.team, message.channel)
        return Manner(chosen.style, chosen.language)


def _by_original(fetched: Fetched, known: Mapping[str, str]) -> dict[str, str]:
    """What is known of files by their ids -> the same by the SHA-256 of each, for those that were fetched."""
    taken = ((str(one.file["id"]), one.sha256) for one in fetched.taken)
    return {sha256: known[file] for file, sha256 in taken if sha256 and file in known}
