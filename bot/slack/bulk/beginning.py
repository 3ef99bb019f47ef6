"""A message that asks for alt text for many images -> a job, or the sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable

from bot.slack.bulk import sentences
from bot.slack.bulk.board import stop_button
from bot.slack.bulk.collecting import Collecting
from bot.slack.bulk.jobs import Jobs
from bot.slack.bulk.wanting import wanted
from bot.slack.events import Identity, Message
from bot.slack.replying.replies import Replies, Reply, sentence
from bot.slack.storage.inbox import Row
from bot.slack.web import Refused, Unsure
from tools.kit import Gate

FEW = 8
"""Files up to which a turn answers at once: as many as a vision model looks at in one question, some ten seconds' work
without one, and an answer that fits a message."""


class Beginning:
    """Begins jobs."""

    def __init__(
        self,
        jobs: Jobs,
        collecting: Collecting,
        bot: Identity,
        gate: Gate,
        *,
        most: int,
        per_hour: int,
        begun: Callable[[], None],
    ) -> None:
        """most: files of a job. per_hour: jobs of a person. begun: called for every job that is begun."""
        self._jobs, self._collecting, self._bot, self._gate = jobs, collecting, bot, gate
        self._most, self._per_hour, self._begun = most, per_hour, begun

    async def begin(self, row: Row) -> Replies | None:
        """What the turn of that message has to say when a job is its business: nothing, once one is begun. None for a
        question like any other.

        Raises: CannotDo.
        """
        question = row.message
        where = wanted(question.for_planner(self._bot))
        if where is None or row.answer is not None:
            return None
        if await self._jobs.known(question.key):  # begun by an attempt that died
            return []
        try:
            files = await self._collecting.of(question, where)
        except (Refused, Unsure):  # a turn says what Slack does not tell
            return None
        if len(files) <= FEW:
            return None
        if refusal := await self._refusal(question, len(files)):
            return [refusal]
        if not await self._jobs.begin(question, files):
            return [await self._under_way(question.thread)]
        self._begun()
        return []

    async def _refusal(self, question: Message, number: int) -> Reply | None:
        if await self._jobs.under_way(question.thread):
            return await self._under_way(question.thread)
        if number > self._most:
            return sentence(sentences.TOO_MANY.format(number=number, most=self._most), self._gate)
        if await self._jobs.lately(question.team, question.user) >= self._per_hour:
            return sentence(sentences.TOO_OFTEN.format(most=self._per_hour), self._gate)
        return None

    async def _under_way(self, thread: str) -> Reply:
        reply, job = sentence(sentences.UNDER_WAY, self._gate), await self._jobs.under_way(thread)
        return Reply(reply.text, (*reply.blocks, stop_button(job.key.ts))) if job else reply
