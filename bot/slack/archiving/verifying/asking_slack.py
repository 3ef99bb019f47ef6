"""Slack as the source that an archive is verified against, with the tokens of a process that is not the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.slack.addressing import Answers
from bot.slack.archiving.describing import Describing
from bot.slack.archiving.filling import Filling
from bot.slack.archiving.opening import Opening
from bot.slack.archiving.places import Places
from bot.slack.archiving.register import Register
from bot.slack.archiving.studying import Studying
from bot.slack.archiving.verifying.source import SlackSource
from bot.slack.events import Identity
from bot.slack.fetching.downloads import Downloads
from bot.slack.fetching.files import Files
from bot.slack.installs.installed import Installed
from bot.slack.installs.sealing import Sealer
from bot.slack.people import People
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.tables import Database, open_database
from bot.slack.web import Refused, Unsure, Web, open_web
from bot.wiring import Wiring
from tools.kit import CannotDo


@asynccontextmanager
async def slack_of(wiring: Wiring, workspace: str) -> AsyncIterator[SlackSource | None]:
    """The Slack of that workspace; None where it is none, or not ours to ask.

    Raises: CannotDo when Slack or the database does not answer.
    """
    settings = wiring.settings
    if not (settings.slack_bot_token or settings.several_workspaces):
        yield None
        return
    async with AsyncExitStack() as closing:
        token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
        web = await closing.enter_async_context(open_web(token, api_url=settings.slack_api_url))
        db = await closing.enter_async_context(open_database(await wiring.database_url()))
        if settings.several_workspaces:
            installation = await Installed(db, Sealer.of(settings.token_keys)).of(workspace)
            web = web.by(installation.token.get_secret_value()) if installation else web
            bot = installation.bot if installation else None
        else:
            bot = await _who_we_are(web)
        yield await _source(wiring, web, db, bot) if bot and bot.team == workspace else None


async def _who_we_are(web: Web) -> Identity:
    try:
        told = await web.call(web.client.auth_test)
    except (Refused, Unsure) as error:
        raise CannotDo(f"Slack does not answer ({error}): `spyglass doctor` says more.") from None
    team = told["enterprise_id"] if told.get("is_enterprise_install") else told["team_id"]
    return Identity(team=team, user=told["user_id"], bot_id=told["bot_id"])


async def _source(wiring: Wiring, web: Web, db: Database, bot: Identity) -> SlackSource:
    settings = wiring.settings
    downloads = Downloads(web.session, web.client.token or "", settings.slack_api_url, most_bytes=settings.max_bytes)
    preferences = Preferences(
        db,
        Answers(settings.slack_threads),
        local_only=settings.local_only_channels,
        archives=Archives(settings.slack_archive),
        keep_days=settings.archive_keep_days,
    )
    register, opening = Register(db), Opening(wiring, Files(web, downloads))
    describing = Describing(People(web, bot.team), Places(web), bot)
    return SlackSource(
        *(bot, web, db, (await wiring.pair(bot.team)).archive, preferences, describing),
        Filling(wiring, register, opening, describing, preferences),
        Studying(wiring, register, opening, describing, preferences, _nobody_waits),
    )


async def _nobody_waits() -> None:
    """This process answers no questions."""
