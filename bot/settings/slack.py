"""How the bot is in Slack."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.settings.kinds import Ids, folder_of_methods, vendors


class SlackSettings(BaseSettings):
    """Tokens, who is answered, and how much."""

    slack_bot_token: Annotated[
        SecretStr | None,
        Field(description="Bot token of the Slack app (xoxb-...).", validation_alias=vendors("SLACK_BOT_TOKEN")),
    ] = None
    slack_app_token: Annotated[
        SecretStr | None,
        Field(
            description="App-level token with connections:write (xapp-...), for Socket Mode.",
            validation_alias=vendors("SLACK_APP_TOKEN"),
        ),
    ] = None
    slack_signing_secret: Annotated[
        SecretStr | None,
        Field(
            description="Signing secret of the Slack app, for HTTP.", validation_alias=vendors("SLACK_SIGNING_SECRET")
        ),
    ] = None
    slack_api_url: Annotated[
        str,
        AfterValidator(folder_of_methods),
        Field(
            description="Where Slack's methods are; the token is only ever sent to Slack's hosts and this one.",
            validation_alias=vendors("SLACK_API_URL"),
        ),
    ] = "https://slack.com/api/"
    slack_client_id: Annotated[
        str | None,
        Field(
            description="Client ID of the Slack app, for several workspaces: https://YOUR.HOST/slack/install adds one "
            "where SLACK_BOT_TOKEN is not set.",
            validation_alias=vendors("SLACK_CLIENT_ID"),
        ),
    ] = None
    slack_client_secret: Annotated[
        SecretStr | None,
        Field(description="Client secret of the Slack app.", validation_alias=vendors("SLACK_CLIENT_SECRET")),
    ] = None
    slack_redirect_uri: Annotated[
        str | None,
        Field(
            description="https://YOUR.HOST/slack/oauth_redirect, among the app's redirect URLs (the first when empty).",
            validation_alias=vendors("SLACK_REDIRECT_URI"),
        ),
    ] = None
    token_keys: Annotated[
        SecretStr | None,
        Field(
            description="Fernet keys for the workspaces' tokens, with commas between them: the first encrypts, all "
            "decrypt (a new key is put before the old one, which may go after the next start)."
        ),
    ] = None
    slack_mode: Annotated[
        Literal["socket", "http"],
        Field(description="How events arrive: socket (Socket Mode) or http (signed requests)."),
    ] = "socket"
    slack_http_host: Annotated[str, Field(description="Address that listens for Slack's requests (http).")] = (
        "127.0.0.1"
    )
    slack_http_port: Annotated[int, Field(ge=0, le=65535, description="Port of that address.")] = 3000
    slack_threads: Annotated[
        Literal["always", "mentions", "off"],
        Field(
            description="What is answered where /spyglass settings chose nothing: always (mentions, and follow-ups in "
            "threads the bot takes part in), mentions, off."
        ),
    ] = "always"
    slack_allow_users: Annotated[Ids, Field(description="User ids that are answered; everybody when empty.")] = (
        frozenset()
    )
    slack_deny_users: Annotated[Ids, Field(description="User ids that are never answered.")] = frozenset()
    slack_allow_channels: Annotated[
        Ids, Field(description="Channel ids that are answered in (direct messages always are); all when empty.")
    ] = frozenset()
    slack_deny_channels: Annotated[Ids, Field(description="Channel ids that are never answered in.")] = frozenset()
    slack_guests: Annotated[bool, Field(description="Whether guests of the workspace are answered.")] = True
    slack_external: Annotated[
        bool, Field(description="Whether people of other organisations are answered (Slack Connect).")
    ] = False
    slack_other_bots: Annotated[bool, Field(description="Whether other bots are answered when they mention us.")] = (
        False
    )
    slack_user_per_minute: Annotated[int, Field(gt=0, description="Questions a minute of one person.")] = 20
    slack_channel_per_minute: Annotated[int, Field(gt=0, description="Questions a minute of one channel.")] = 60
    slack_bulk_files: Annotated[
        int, Field(gt=0, description='Files that one job takes ("alt text for all images in this thread").')
    ] = 500
    slack_bulk_per_hour: Annotated[int, Field(gt=0, description="Such jobs that one person begins an hour.")] = 6
    slack_keep_days: Annotated[
        int,
        Field(
            ge=0,
            le=36_500,
            description="Days after which what people said and what was answered is erased (images and ratings stay); "
            "0 keeps it until it is deleted or forgotten.",
        ),
    ] = 90
    slack_concurrency: Annotated[
        int,
        Field(gt=0, description="Threads a process works on at once; more where models are far away and cores many."),
    ] = 4
