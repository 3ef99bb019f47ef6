"""Jobs in PostgreSQL, by Procrastinate: one a message, of one thread in order, of many threads at the same time.

What is ours around it: a job whose worker died goes back by heartbeat, a message whose job was lost gets a new one, a
worker outlives a restart of the database, and a thread is held by a lock while one works on it, so that a worker that
was only thought dead and its successor never work at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import psycopg.sql
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.tables import Database
from bot.storage.database import connect_for_long
from bot.storage.locks import Locks

log = logging.getLogger(__name__)

Handler = Callable[[str], Awaitable[None]]
"""Works on the thread of that id: `Inbox.next` says on which message."""

QUEUE, TASK = "turns", "turn"
"""As the tables' functions name them."""
POLL = 0.5
"""Seconds between two looks for jobs nobody told of."""
ATTEMPTS = 10
"""How often a job is started before its message is given up."""
KEPT = timedelta(days=1)
"""For so long an answer that is saved is tried to be said: Slack may be away for hours."""
SOON = 3
"""Seconds before a job that is for another process is offered again."""
LONGEST_WAIT = 60
"""Seconds before a job that failed is tried again, at most."""
MISSED_BEATS = 4
"""After so many a worker counts as dead."""


class Elsewhere(Exception):
    """Nothing for this process: another one works on it."""


class Queue:
    """The queue of turns, shared by all processes that use the database."""

    def __init__(self, db: Database, locks: Locks, *, beat: float = 3.0, grace: float = 20.0) -> None:
        """beat: seconds between two heartbeats. grace: seconds that running turns have left when work is cancelled."""
        self._db = db
        self._locks = locks
        self._inbox = Inbox(db)
        self._beat = beat
        self._grace = grace

    async def work(self, handler: Handler, concurrency: int) -> None:
        """Work on up to `concurrency` threads at once, until cancelled.

        Then running turns have `grace` seconds to end; the others are cancelled and go back into the queue. What
        `handler` raises is logged and the job tried again, later each time; ATTEMPTS times in all. Elsewhere leaves the
        job to other processes.
        """
        while True:
            try:
                await self._worked(handler, concurrency)
            except Exception:
                log.exception("The queue's worker failed; it starts again.")
                await asyncio.sleep(self._beat)

    async def _worked(self, handler: Handler, concurrency: int) -> None:
        running: set[int] = set()
        worker = Worker(
            await self._app(handler, running),
            queues=[QUEUE],
            concurrency=concurrency,
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=self._grace,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=self._beat,
            stalled_worker_timeout=self._beat * MISSED_BEATS,
        )
        beating = asyncio.create_task(self._keep_alive(worker, running))
        try:
            await worker.run()  # type: ignore[no-untyped-call]
        finally:  # beats until the last turn has ended
            beating.cancel()
            await asyncio.wait([beating])

    async def _app(self, handler: Handler, running: set[int]) -> App:
        app = App(connector=PatientConnector(self._db))
        await app.open_async(self._db.pool)

        @app.task(name=TASK, queue=QUEUE, pass_context=True, retry=AgainLater())
        async def turn(context: JobContext, thread: str) -> None:
            job = context.job
            running.add(job.id or 0)
            try:
                await self._turn(handler, thread, job.attempts)
            except Elsewhere:
                await self._db.rows("update procrastinate_jobs set attempts = attempts - 1 where id = %s", [job.id])
                raise
            finally:
                running.discard(job.id or 0)

        return app

    async def _turn(self, handler: Handler, thread: str, attempts: int) -> None:
        async with self._locks.hold(f"job:{thread}"):
            if attempts >= ATTEMPTS and await self._given_up(thread):
                return
            try:
                await handler(thread)
            except Elsewhere:
                raise
            except Exception:
                log.exception("A turn of %s failed; it is tried again.", thread)
                raise

    async def _given_up(self, thread: str) -> bool:
        """Whether the thread's next message is not tried again; one whose answer only has to be said is."""
        row = await self._inbox.next(thread)
        if row is None:
            return True
        if row.state is State.ANSWERED and datetime.now(UTC) - row.created < KEPT:
            return False
        log.error("The message %s of %s is given up after %d attempts.", row.key.ts, thread, ATTEMPTS)
        await self._inbox.finish(row.key, State.FAILED, "given up")
        return True

    # --- nothing gets lost ----------------------------------------------------------------------

    async def _keep_alive(self, worker: Worker, running: set[int]) -> None:
        """With every beat: say that we live, and look after jobs that nobody works on."""
        adrift: set[int] = set()
        while True:
            try:
                adrift = await self._look_after(worker.worker_id, running, adrift)
            except Exception:
                log.exception("Looking after lost jobs failed; it is tried again.")
            await asyncio.sleep(self._beat)

    async def _look_after(self, worker: int | None, running: set[int], adrift: set[int]) -> set[int]:
        """Returns the jobs that seem adrift: fetched for us, and never arrived because the connection broke."""
        if worker is not None:  # first of all: who was held up must not find itself dead
            await self._db.rows("select beat(%s)", [worker])
        for job in await self._db.rows("select * from recover_turns(%s) as id", [self._beat * MISSED_BEATS]):
            log.warning("The worker of job %s died: it is done again.", job["id"])
        for row in await self._db.rows("select * from sweep_turns(%s) as thread", [self._beat]):
            log.warning("A message of %s had lost its job: it has a new one.", row["thread"])
        if worker is None:
            return set()
        ours = await self._db.rows(
            "select id from procrastinate_jobs where status = 'doing' and worker_id = %s", [worker]
        )
        now_adrift = {row["id"] for row in ours} - running
        for job in now_adrift & adrift:  # seen twice: not just on its way
            log.warning("Job %s never reached us: it is done again.", job)
            await self._db.rows(
                "select procrastinate_retry_job_v2(id, null, null, null, null) from procrastinate_jobs "
                "where id = %s and status = 'doing' and worker_id = %s",
                [job, worker],
            )
        return now_adrift - adrift


class AgainLater(BaseRetryStrategy):
    """At once when the turn was cancelled because we stop, soon when it is for another process (and that was no
    attempt); otherwise after 1, 2, 4 ... seconds."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if isinstance(exception, Elsewhere):
            return RetryDecision(retry_in={"seconds": SOON})
        return RetryDecision(retry_in={"seconds": min(2**job.attempts, LONGEST_WAIT)})


class PatientConnector(PsycopgConnector):
    """Procrastinate's statements over our connections, which wait for a database that restarts."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._db = db

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        try:
            await self._db.rows(query, self._wrap_json(arguments))
        except psycopg.errors.RaiseException as error:
            # repeated after the first time had worked, or done by somebody who took us for dead
            log.info("A job was over already (%s).", error.diag.message_primary)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        return (await self.execute_query_all_async(query, **arguments))[0]

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        return await self._db.rows(query, self._wrap_json(arguments))

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        while True:
            try:
                await self._listen(on_notification, channels)
            except psycopg.OperationalError:
                await asyncio.sleep(POLL)  # who cannot listen still polls

    async def _listen(self, on_notification: Notify, channels: Iterable[str]) -> None:
        async with await connect_for_long(self._db.url) as db:
            for channel in channels:
                await db.execute(psycopg.sql.SQL("listen {}").format(psycopg.sql.Identifier(channel)))
            async for told in db.notifies():
                await on_notification(channel=told.channel, payload=told.payload)
