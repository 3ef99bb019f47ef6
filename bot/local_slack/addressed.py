"""Where a workspace is, who the app is there, and the app's secrets."""

from __future__ import annotations

from bot.local_slack.records.store import Json
from bot.local_slack.workspace import Workspace


class Addressed:
    """What a bot is set up with, read from the open workspace."""

    workspace: Workspace

    @property
    def url(self) -> str:
        return self.workspace.url

    @property
    def api_url(self) -> str:
        """The base URL for `AsyncWebClient` and SLACK_API_URL."""
        return f"{self.url}/api/"

    @property
    def team(self) -> str:
        return self.workspace.state.identity.team

    @property
    def app_id(self) -> str:
        return self.workspace.state.identity.app_id

    @property
    def bot_user(self) -> str:
        return self.workspace.state.identity.bot_user

    @property
    def bot_id(self) -> str:
        return self.workspace.state.identity.bot_id

    @property
    def bot_token(self) -> str:
        return self.workspace.state.identity.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.state.identity.app_token

    @property
    def signing_secret(self) -> str:
        return self.workspace.state.identity.signing_secret

    @property
    def local_token(self) -> str:
        """Opens `/_local/`, where people act from another process."""
        return self.workspace.state.identity.local_token

    def summary(self) -> Json:
        """Where it is and who is who, without secrets."""
        return {"url": self.url, "api_url": self.api_url, **self.workspace.state.identity.public()}

    def secrets(self) -> Json:
        return self.workspace.state.identity.secrets()
