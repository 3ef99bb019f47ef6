"""The button that stops a job. All it needs is in its value and in the database, so it outlives the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.bulk import sentences
from bot.slack.bulk.board import STOP
from bot.slack.bulk.jobs import Jobs
from bot.slack.events import Identity, Key
from bot.slack.listening.presses import Desk, channel_of, value_of
from bot.slack.people import People
from bot.slack.replying.labels import NOT_YOURS
from bot.slack.web import Web


class Stopping:
    """`press` takes the body of Slack's payload and never raises for what is in it."""

    def __init__(self, web: Web, jobs: Jobs, people: People, bot: Identity, stopped: Callable[[], None]) -> None:
        """stopped: called for every job that is to end."""
        self._desk, self._jobs, self._people, self._bot, self._stopped = Desk(web), jobs, people, bot, stopped

    def register(self, app: AsyncApp) -> None:
        async def stop(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            await self.press(body)

        app.action(STOP)(stop)

    async def press(self, body: dict[str, Any]) -> None:
        """End the job with what it has, for whoever asked for it and for admins."""
        key, user = Key(self._bot.team, channel_of(body), value_of(body)), body["user"]["id"]
        job = await self._jobs.at(key)
        if job and user != job.user and not (await self._people.person(user)).admin:
            await self._desk.tell(body, NOT_YOURS)
            return
        stopping = job is not None and await self._jobs.stop(key, user)
        self._stopped()
        await self._desk.tell(body, sentences.STOPPING if stopping else sentences.NO_JOB)
