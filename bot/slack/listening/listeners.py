"""Bolt's side: the same listeners for Socket Mode and for signed HTTP. Nothing slow in them.

Bolt acknowledges events before (or, in its other mode, everything after) its listeners run. We need events after they
are recorded and commands and buttons at once, so events are taken by a middleware, which answers when it is done.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any, Protocol

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.settings import bolts_variables_hidden
from bot.slack.audiences.changes import subjects_of
from bot.slack.events import Event, Identity
from bot.slack.listening.arrivals import Arrivals
from bot.slack.listening.hearing import Hearing
from bot.slack.payloads import installed_as, read_event
from bot.slack.web import Web
from bot.slack.words import keepable

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*")


Changed = Callable[[Collection[str]], Awaitable[None]]


async def _nothing(subjects: Collection[str]) -> None:
    """Nobody remembers who is where."""


class Listens(Protocol):
    """Whatever has commands, buttons or views: `Commands`, `Buttons`."""

    def register(self, app: AsyncApp) -> None: ...


def build_app(
    web: Web,
    bot: Identity,
    hearing: Hearing,
    others: Iterable[Listens],
    *,
    signing_secret: str = "",
    changed: Changed = _nothing,
) -> AsyncApp:
    """The Bolt app of one workspace. `signing_secret`: for HTTP; Socket Mode needs none. changed: told of what events
    make old of who is where (see `audiences.changes.subjects_of`)."""
    logger = logging.getLogger("slack_bolt.spyglass")

    async def authorize() -> AuthorizeResult:
        """Who we are is known since the start: no event waits for auth.test."""
        return AuthorizeResult(
            enterprise_id=None, team_id=bot.team, bot_user_id=bot.user, bot_id=bot.bot_id, bot_token=web.client.token
        )

    logger.setLevel(logging.ERROR)  # that the client has a token is no reason to warn
    with bolts_variables_hidden():
        app = AsyncApp(
            logger=logger,
            name="spyglass",
            client=web.client,
            authorize=authorize,
            signing_secret=signing_secret,
            ssl_check_enabled=False,  # would be answered unsigned
            ignoring_self_events_enabled=False,  # addressing.is_own knows better: edits have no author
        )
    logger.setLevel(logging.NOTSET)
    app.middleware(_events(bot, hearing, changed))
    for other in others:
        other.register(app)
    for listener in (app.action, app.view, app.shortcut, app.options):
        listener(ANYTHING)(_acknowledge)
    return app


def _events(bot: Identity, hearing: Hearing, changed: Changed) -> Any:
    arrivals = Arrivals()

    async def events(req: AsyncBoltRequest, next: Any) -> BoltResponse | None:  # noqa: A002  Bolt's name for it
        if req.body.get("type") != "event_callback":
            await next()
            return None
        ours = bot.team in (installed_as(req.body) or [bot.team])
        event = _read(req.body, bot) if ours else None
        old = _made_old(req.body, bot) if ours else frozenset[str]()

        async def take() -> None:
            if old:  # first: what the event sets off is decided by who is where now
                await changed(old)
            if event is not None:
                await hearing.take(event)

        if event is not None or old:
            await arrivals.once(str(req.body.get("event_id") or ""), take)
        return BoltResponse(status=200)

    return events


def _read(body: dict[str, Any], bot: Identity) -> Event | None:
    """What cannot be read would not be read better if it came again."""
    try:
        return read_event(body, bot)
    except (AttributeError, TypeError, ValueError) as error:  # its message may hold what people wrote
        log.error("An event is not as Slack's are: %s.", type(error).__name__)
        return None


def _made_old(body: dict[str, Any], bot: Identity) -> frozenset[str]:
    event = keepable(body.get("event") or {})
    return subjects_of(event, bot.user) if isinstance(event, dict) else frozenset()


async def _acknowledge(ack: Any) -> None:
    """Buttons that only open a link, and those of versions gone by."""
    await ack()
