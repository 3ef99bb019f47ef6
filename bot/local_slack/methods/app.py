"""Who the app is and where it is: api.test, auth.test, apps.connections.open, team.info, bots.info."""

from __future__ import annotations

from bot.local_slack.methods import method
from bot.local_slack.records import shapes
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError


@method("api.test", token="none")  # noqa: S106
def api_test(ask: Ask) -> Json:
    if ask.text("error"):
        raise SlackError(ask.text("error"), args=ask.arguments)
    return {"args": ask.arguments}


@method("auth.test")
def auth_test(ask: Ask) -> Json:
    who = ask.workspace.state.identity
    return {
        "url": f"{ask.workspace.url}/",
        "team": who.team_name,
        "user": who.bot_name,
        "team_id": who.team,
        "user_id": who.bot_user,
        "bot_id": who.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", "connections:write", token="app")  # noqa: S106
def connections_open(ask: Ask) -> Json:
    """A URL for one websocket."""
    workspace = ask.workspace
    address = workspace.url.replace("http://", "ws://", 1)
    ticket = workspace.sockets.issue()
    return {"url": f"{address}/link/?ticket={ticket}&app_id={workspace.state.identity.app_id}"}


@method("team.info", "team:read")
def team_info(ask: Ask) -> Json:
    who = ask.workspace.state.identity
    icon = {"image_34": f"{ask.workspace.url}/icons/team_34.png", "image_default": True}
    team = {"id": who.team, "name": who.team_name, "url": f"{ask.workspace.url}/", "domain": "local"}
    return {"team": {**team, "email_domain": "", "icon": icon, "is_verified": False}}


@method("bots.info", "users:read")
def bots_info(ask: Ask) -> Json:
    who = ask.workspace.state.identity
    if ask.text("bot", who.bot_id) != who.bot_id:
        raise SlackError("bot_not_found")
    bot = {key: value for key, value in shapes.bot_profile(ask.workspace).items() if key != "team_id"}
    return {"bot": {**bot, "user_id": who.bot_user}}
