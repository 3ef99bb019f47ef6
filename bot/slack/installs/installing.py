"""How a workspace gets the app: Bolt's OAuth flow with our stores and our pages.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

import aiohttp
from pydantic import SecretStr
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation as Granted
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from bot.logs import note
from bot.settings import Settings, bolts_variables_hidden
from bot.slack.events import Identity
from bot.slack.installs import pages
from bot.slack.installs.app_client import AppClient
from bot.slack.installs.departing import Departing
from bot.slack.installs.installation import Installation
from bot.slack.installs.installed import Installed
from bot.slack.installs.states import GOOD_FOR, States
from bot.slack.manifest import scopes
from bot.slack.web import Web
from bot.storage.database import DatabaseAway
from tools.kit import CannotDo
from tools.kit.errors import Spoken

log = logging.getLogger(__name__)

AUTHORIZE = "/oauth/v2/authorize"
LATER = "Spyglass can keep nothing at the moment: try it again in a minute."


class Installing:
    """The two addresses of an installation."""

    def __init__(self, flow: AsyncOAuthFlow) -> None:
        self._flow = flow

    async def begin(self, request: AsyncBoltRequest) -> BoltResponse:
        """Off to Slack, which asks whether the app may do what it wants to."""
        return await _shown(self._flow.handle_installation(request))

    async def end(self, request: AsyncBoltRequest) -> BoltResponse:
        """Back from there: the workspace is kept, or one page says why not."""
        return await _shown(self._flow.handle_callback(request))


async def _shown(page: Awaitable[BoltResponse]) -> BoltResponse:
    try:
        return await page
    except DatabaseAway as error:  # what it says of our insides is for the log
        log.warning("An installation cannot go on: %s", error)
        return pages.not_kept(LATER)
    except Spoken as said:
        log.warning("An installation was not kept: %s", said)
        return pages.not_kept(str(said))
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("An installation was not ended: Slack does not answer (%s).", type(error).__name__)
        return pages.silent()


def build_installing(
    settings: Settings, web: Web, grants: Grants, states: States, clean: Callable[[str], str]
) -> Installing:
    """`web`: of no workspace. `clean`: the gate, for names of workspaces."""
    flow = _Answers(states, clean)
    logger = logging.getLogger("slack_bolt.spyglass.installing")
    logger.setLevel(logging.CRITICAL)  # it would tell codes, and what Slack said to them
    secret = settings.slack_client_secret
    with bolts_variables_hidden():
        oauth = AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            scopes=list(scopes()),
            user_scopes=[],
            redirect_uri=settings.slack_redirect_uri,
            install_path=pages.INSTALL,
            redirect_uri_path=pages.REDIRECT,
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(flow.added, flow.refused),
            authorization_url=urljoin(settings.slack_api_url, AUTHORIZE),
            installation_store=grants,
            state_store=states,
            state_expiration_seconds=GOOD_FOR,
            logger=logger,
        )
    return Installing(AsyncOAuthFlow(client=AppClient.of(web), logger=logger, settings=oauth))


class Grants(AsyncInstallationStore):
    """Takes what Slack grants."""

    def __init__(self, installed: Installed, departing: Departing) -> None:
        self._installed, self._departing = installed, departing

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_save(self, installation: Granted) -> None:
        """A workspace that takes the app in again gets its new token. Raises: CannotDo."""
        granted = _granted(installation)
        await self._departing.finish(granted.team)
        await self._installed.keep(granted, installation.team_name or installation.enterprise_name or granted.team)
        note(log, "installed", team=granted.team, by=installation.user_id)


def _granted(installation: Granted) -> Installation:
    """Raises: CannotDo when there is no token in it that lasts."""
    if not installation.bot_token or installation.bot_refresh_token:
        raise CannotDo("The app's tokens expire, or it has no bot: make it from Spyglass's manifest.")
    team = installation.enterprise_id if installation.is_enterprise_install else installation.team_id
    if not team:
        raise CannotDo("Slack did not say which workspace this is: try it again.")
    bot = Identity(team=team, user=installation.bot_user_id or "", bot_id=installation.bot_id or "")
    return Installation(bot, SecretStr(installation.bot_token), installation.installed_at)


class _Answers:
    """What the browser is shown at the end. The state that began it is good for nothing any more."""

    def __init__(self, states: States, clean: Callable[[str], str]) -> None:
        self._states, self._clean = states, clean

    async def added(self, args: AsyncSuccessArgs) -> BoltResponse:
        name = args.installation.team_name or args.installation.enterprise_name or "your workspace"
        return _cookie_gone(pages.added(self._clean(name)), args)

    async def refused(self, args: AsyncFailureArgs) -> BoltResponse:
        state = args.request.query.get("state", [""])[0]
        if args.settings.state_utils.is_valid_browser(state, args.request.headers):
            await self._states.async_consume(state)
        log.info("An installation came to nothing: %s.", args.reason if args.reason in pages.REFUSED else "refused")
        return _cookie_gone(pages.refused(args.reason), args)


def _cookie_gone(page: BoltResponse, args: AsyncSuccessArgs | AsyncFailureArgs) -> BoltResponse:
    page.headers["set-cookie"] = [args.settings.state_utils.build_set_cookie_for_deletion()]
    return page
