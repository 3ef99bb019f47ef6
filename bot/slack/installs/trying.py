"""Whether a token that is kept is still good: Slack alone knows."""

from __future__ import annotations

from enum import Enum

from bot.slack.installs.installation import Installation
from bot.slack.web import Refused, Unsure, Web

GONE = {"account_inactive", "token_revoked"}
"""What Slack says of the token of an app that was taken out. (A token it does not know may be another Slack's.)"""


class Token(Enum):
    """What has come of trying one."""

    GOOD = "good"
    GONE = "gone"
    UNKNOWN = "Slack does not say"


async def tried(web: Web, installation: Installation, *, patience: float) -> Token:
    """Try it once. `web`: of any workspace. `patience`: seconds."""
    theirs = web.by(installation.token.get_secret_value())
    try:
        await theirs.call(theirs.client.auth_test, patience=patience)
    except Refused as refused:
        return Token.GONE if refused.error in GONE else Token.UNKNOWN
    except Unsure:
        return Token.UNKNOWN
    return Token.GOOD
