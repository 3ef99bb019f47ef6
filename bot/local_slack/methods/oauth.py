"""oauth.v2.access: a code -> the app's token in this workspace, a new one each time."""

from __future__ import annotations

import secrets

from bot.local_slack.methods import method
from bot.local_slack.records.store import Json
from bot.local_slack.serving import oauth
from bot.local_slack.serving.asking import Ask


@method("oauth.v2.access", token="client")  # noqa: S106 (a kind, no secret)
def access(ask: Ask) -> Json:
    """The old token is good for nothing afterwards."""
    workspace, who = ask.workspace, ask.workspace.state.identity
    workspace.scopes = oauth.redeem(workspace, ask.text("code"), ask.text("redirect_uri"))
    who.bot_token, who.revoked = f"xoxb-{secrets.token_hex(24)}", False
    workspace.state.keep_identity()
    return {
        "app_id": who.app_id,
        "authed_user": {"id": workspace.person_named("admin", "admin").id},
        "scope": ",".join(sorted(workspace.scopes)),
        "token_type": "bot",
        "access_token": who.bot_token,
        "bot_user_id": who.bot_user,
        "team": {"id": who.team, "name": who.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
