"""Workspaces that took the app out while nobody listened: Slack tells of it for minutes, and of its tokens for ever."""

from __future__ import annotations

import logging

from bot.slack.events import Revoked
from bot.slack.installs.departing import Departing
from bot.slack.installs.installation import Installation
from bot.slack.installs.installed import Installed
from bot.slack.web import Refused, Unsure, Web

log = logging.getLogger(__name__)

GONE = {"account_inactive", "token_revoked"}
"""What Slack says of the token of an app that was taken out. (A token it does not know may be another Slack's.)"""
PATIENCE = 60.0


async def call_the_roll(installed: Installed, web: Web, departing: Departing) -> None:
    """Try each token once, one after the other, and take leave of those that are gone."""
    for team in await installed.teams():
        installation = await installed.of(team)
        if installation and await _is_gone(web, installation):
            log.warning("The app was taken out of %s while nobody listened.", team)
            since = int(installation.since)  # who has come back meanwhile stays
            await departing.leave(Revoked(team, "its token is not good any more", since))


async def _is_gone(web: Web, installation: Installation) -> bool:
    theirs = web.by(installation.token.get_secret_value())
    try:
        await theirs.call(theirs.client.auth_test, patience=PATIENCE)
    except Refused as refused:
        return refused.error in GONE
    except Unsure:
        return False
    return False
