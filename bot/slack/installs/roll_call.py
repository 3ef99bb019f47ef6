"""Workspaces that took the app out while nobody listened: Slack tells of it for minutes, and of its tokens for ever."""

from __future__ import annotations

import logging

from bot.slack.events import Revoked
from bot.slack.installs.departing import Departing
from bot.slack.installs.installed import Installed
from bot.slack.installs.trying import Token, tried
from bot.slack.web import Web

log = logging.getLogger(__name__)

PATIENCE = 60.0


async def call_the_roll(installed: Installed, web: Web, departing: Departing) -> None:
    """Try each token once, one after the other, and take leave of those that are gone."""
    for team in await installed.teams():
        installation = await installed.of(team)
        if installation and await tried(web, installation, patience=PATIENCE) is Token.GONE:
            log.warning("The app was taken out of %s while nobody listened.", team)
            since = int(installation.since)  # who has come back meanwhile stays
            await departing.leave(Revoked(team, "its token is not good any more", since))
