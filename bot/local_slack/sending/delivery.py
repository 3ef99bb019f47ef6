"""Events, commands and interactions on their way to the app: attempts, acknowledgements, retries, and their faults.

Slack waits 3 s for an acknowledgement and tries an event three times more: at once, after a minute, after five
(https://docs.slack.dev/apis/events-api/). Commands and interactions are tried once; a person waits for them.
An event that is under way when the workspace closes is kept, and delivered when it opens again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.local_slack.faults import Faults
from bot.local_slack.records.store import Json, Store

Kind = Literal["events_api", "interactive", "slash_commands"]
_KEPT = "event"


class NotAcknowledged(Exception):
    """The app did not acknowledge an attempt; says why in Slack's word for it."""


class Unanswered(Exception):
    """A person pressed, typed or submitted something and the app did not answer: Slack's word for why."""


@dataclass
class Attempt:
    at: float
    number: int
    ended: float = 0.0
    """When it was acknowledged or given up; both by `time.time()`."""
    failed: str | None = None
    response: Json | None = None


@dataclass
class Delivery:
    """One thing to deliver and every attempt at it. `payload["event"]` for events."""

    kind: Kind
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    over: bool = False
    """Acknowledged, given up or lost: no further attempt comes."""

    @property
    def acknowledged(self) -> bool:
        return any(attempt.failed is None for attempt in self.attempts)


@dataclass(frozen=True)
class Retry:
    number: int
    reason: str


class Transport(Protocol):
    """How an attempt reaches the app. Returns what the app answered with, if anything. Raises: NotAcknowledged."""

    async def attempt(self, kind: Kind, payload: Json, retry: Retry | None, patience: float) -> Json | None: ...

    async def close(self) -> None: ...


class Courier:
    """Delivers over one transport. `retries`: seconds before each further attempt at an event. `told`: hears of each
    delivery that is over. `store`: keeps the events that are under way."""

    def __init__(
        self,
        transport: Transport,
        faults: Faults,
        ack_timeout: float,
        retries: tuple[float, ...],
        told: Callable[[Delivery], None],
        store: Store,
    ) -> None:
        self.transport = transport
        self.deliveries: list[Delivery] = []
        self._faults = faults
        self._told = told
        self._store = store
        self._ack_timeout = ack_timeout
        self._retries = retries
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Delivery] = []

    def send(self, payload: Json) -> Delivery:
        """Starts delivering an event, in the background."""
        delivery = Delivery("events_api", payload)
        self.deliveries.append(delivery)
        if self._faults.take_loss():
            delivery.over = True
            return delivery
        self._store.put(_KEPT, payload["event_id"], payload)
        self._repeat(payload)
        for ready in self._gathered(delivery):
            self._start(self._deliver(ready, self._faults.take_lag(ready.payload["event"]["type"])))
        return delivery

    def resume(self) -> None:
        """Goes on with the events that were under way when the workspace was closed, oldest first."""
        for payload in sorted(self._store.load(_KEPT).values(), key=_age):
            self.send(payload)

    def send_again(self, payload: Json, after: float = 0.0) -> None:
        """The same event, event_id and all, once more, as Slack's own retry would look."""
        delivery = Delivery("events_api", payload)
        self.deliveries.append(delivery)
        self._start(self._deliver(delivery, after, Retry(1, "timeout")))

    async def ask(self, kind: Kind, payload: Json) -> Json | None:
        """Delivers a command or an interaction and waits for the answer. Raises: Unanswered."""
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        try:
            return await self._attempt(delivery, None)
        except NotAcknowledged as error:
            raise Unanswered(str(error)) from None
        finally:
            self._end(delivery)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.transport.close()

    def _repeat(self, payload: Json) -> None:
        repeats = self._faults.take_repeats()
        for _ in range(repeats.times if repeats else 0):
            assert repeats is not None
            self.send_again(payload, repeats.after)

    def _gathered(self, delivery: Delivery) -> list[Delivery]:
        held = self._faults.take_held()
        if not held:
            return [delivery]
        self._held.append(delivery)
        if held > 1:
            return []
        ready, self._held = self._held[::-1], []
        return ready

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery, lag: float, retry: Retry | None = None) -> None:
        if lag:
            await asyncio.sleep(lag)
        for number, pause in enumerate((0.0, *self._retries)):
            if number and pause:
                await asyncio.sleep(pause)
            try:
                await self._attempt(delivery, retry)
                break
            except NotAcknowledged as error:
                retry = Retry(number + 1, str(error))
        self._end(delivery)

    def _end(self, delivery: Delivery) -> None:
        delivery.over = True
        if delivery.kind == "events_api":
            self._store.drop(_KEPT, delivery.payload["event_id"])
        self._told(delivery)

    async def _attempt(self, delivery: Delivery, retry: Retry | None) -> Json | None:
        attempt = Attempt(time.time(), retry.number if retry else 0, failed="waiting")
        delivery.attempts.append(attempt)
        try:
            attempt.response = await self.transport.attempt(delivery.kind, delivery.payload, retry, self._ack_timeout)
        except NotAcknowledged as error:
            attempt.failed = str(error)
            raise
        finally:
            attempt.ended = time.time()
        attempt.failed = None
        return attempt.response


def _age(payload: Json) -> tuple[int, str]:
    return payload["event_time"], payload["event"].get("event_ts", "")
