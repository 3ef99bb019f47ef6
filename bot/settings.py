"""Every setting of Spyglass: the only reader of the environment. `deploy/.env.example` is made from this class."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tools.kit.errors import AskAgain

SEEN = {"HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"}
BOLTS = (
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_SCOPES",
    "SLACK_USER_SCOPES",
    "SLACK_REDIRECT_URI",
)
SEEN_LIKE = ("LC_", "MKL_", "OMP_", "OPENBLAS_", "PYTHON")


def _home() -> Path:
    return Path(platformdirs.user_data_dir("spyglass", appauthor=False))


def _key(name: str) -> AliasChoices:
    """Keys are also taken under the name their vendor gives them."""
    return AliasChoices(f"SPYGLASS_{name}", name)


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _folder_of_methods(url: str) -> str:
    """Names of methods are put behind it, so it ends with a slash; and it is shown, so it holds no password."""
    if not _is_folder(url):
        raise ValueError("Give the whole address and nothing else, as in https://slack.com/api/")
    if url.startswith("http:") and not _is_loopback(urlsplit(url).hostname or ""):
        raise ValueError("The token would cross the network unencrypted: give an https:// address")
    return f"{url.rstrip('/')}/"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_folder(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises when it is none
    except ValueError:
        return False
    bare = not (parts.username or parts.password or parts.query or parts.fragment or re.search(r"[\s\\]", url))
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and bare


Ids = Annotated[frozenset[str], NoDecode, BeforeValidator(_split)]
"""Slack ids, with commas between them."""


class Settings(BaseSettings):
    """Read from the environment and from the file .env in SPYGLASS_HOME, each with the prefix SPYGLASS_. The current
    folder is never looked into: it may be somebody else's, and a base URL from there would be sent the keys.

    A setting that names a backend is ``scheme`` or ``scheme:rest`` and resolves to tools/backends/<scheme>.py.
    """

    model_config = SettingsConfigDict(
        env_prefix="SPYGLASS_", extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    home: Annotated[Path, Field(description="Folder of everything that is kept: archive, originals, threads.")] = Field(
        default_factory=_home
    )
    model: Annotated[
        str,
        Field(
            description="Who plans: local (no model, no key), anthropic:MODEL, openai:MODEL "
            "(any OpenAI-compatible server with OPENAI_BASE_URL)."
        ),
    ] = "local"
    vision: Annotated[
        str,
        Field(
            description="Who looks at images when asked about pixels: no_vision, "
            "chat_vision:anthropic/MODEL, chat_vision:openai/MODEL."
        ),
    ] = "no_vision"
    encoder: Annotated[
        str,
        Field(description="Image and text embeddings: auto, builtin_encoder, clip:HUB_NAME_OR_FOLDER."),
    ] = "auto"
    clip_runtime: Annotated[
        str, Field(description="How a CLIP checkpoint is run: auto, torch, onnx, int8 (only after it proved itself).")
    ] = "auto"
    ocr: Annotated[str, Field(description="Reading text: rapid_ocr.")] = "rapid_ocr"
    extractor: Annotated[str, Field(description="Typed fields from documents: local_extractor.")] = "local_extractor"
    archive: Annotated[
        str, Field(description="Image archive: qdrant_edge (embedded), qdrant_server:http://HOST:6333.")
    ] = "qdrant_edge"
    qdrant_api_key: Annotated[
        SecretStr | None, Field(description="Key of the Qdrant server.", validation_alias=_key("QDRANT_API_KEY"))
    ] = None
    blobs: Annotated[str, Field(description="Originals: folder_blobs, s3://BUCKET/PREFIX.")] = "folder_blobs"
    database_url: Annotated[
        SecretStr | None,
        Field(
            description="PostgreSQL for threads and jobs; an embedded server when empty.",
            validation_alias=_key("DATABASE_URL"),
        ),
    ] = None
    anthropic_api_key: Annotated[
        SecretStr | None, Field(description="Key for anthropic:MODEL.", validation_alias=_key("ANTHROPIC_API_KEY"))
    ] = None
    openai_api_key: Annotated[
        SecretStr | None, Field(description="Key for openai:MODEL.", validation_alias=_key("OPENAI_API_KEY"))
    ] = None
    openai_base_url: Annotated[
        str | None,
        Field(
            description="An OpenAI-compatible server: Ollama, vLLM, llama.cpp.",
            validation_alias=_key("OPENAI_BASE_URL"),
        ),
    ] = None
    anthropic_base_url: Annotated[
        str | None,
        Field(description="A proxy in front of Anthropic.", validation_alias=_key("ANTHROPIC_BASE_URL")),
    ] = None
    s3_endpoint: Annotated[
        str | None,
        Field(description="An S3-compatible server for s3:// blobs.", validation_alias=_key("AWS_ENDPOINT_URL")),
    ] = None
    s3_region: Annotated[
        str | None, Field(description="Region of the bucket.", validation_alias=_key("AWS_REGION"))
    ] = None
    s3_access_key_id: Annotated[
        SecretStr | None, Field(description="Key of the bucket.", validation_alias=_key("AWS_ACCESS_KEY_ID"))
    ] = None
    s3_secret_access_key: Annotated[
        SecretStr | None,
        Field(description="Secret of the bucket's key.", validation_alias=_key("AWS_SECRET_ACCESS_KEY")),
    ] = None
    rules: Annotated[
        Path | None, Field(description="YAML file with the settings of the answer rules (banned brands, ...).")
    ] = None
    max_bytes: Annotated[int, Field(gt=0, description="Largest file that is opened, in bytes.")] = 50_000_000
    max_pixels: Annotated[int, Field(gt=0, description="Largest image that is decoded, in pixels.")] = 100_000_000
    max_cache_bytes: Annotated[
        int, Field(gt=0, description="Most that decoded copies of images may take on disk, in bytes.")
    ] = 4_000_000_000
    max_pages: Annotated[int, Field(gt=0, description="How many pages of a PDF are taken.")] = 20
    tool_seconds: Annotated[float, Field(gt=0, description="Deadline of one tool call, in seconds.")] = 60.0
    thread_messages: Annotated[
        int, Field(gt=1, description="How many messages of a thread are remembered word for word.")
    ] = 60
    slack_bot_token: Annotated[
        SecretStr | None,
        Field(description="Bot token of the Slack app (xoxb-...).", validation_alias=_key("SLACK_BOT_TOKEN")),
    ] = None
    slack_app_token: Annotated[
        SecretStr | None,
        Field(
            description="App-level token with connections:write (xapp-...), for Socket Mode.",
            validation_alias=_key("SLACK_APP_TOKEN"),
        ),
    ] = None
    slack_signing_secret: Annotated[
        SecretStr | None,
        Field(description="Signing secret of the Slack app, for HTTP.", validation_alias=_key("SLACK_SIGNING_SECRET")),
    ] = None
    slack_api_url: Annotated[
        str,
        AfterValidator(_folder_of_methods),
        Field(
            description="Where Slack's methods are; the token is only ever sent to Slack's hosts and this one.",
            validation_alias=_key("SLACK_API_URL"),
        ),
    ] = "https://slack.com/api/"
    slack_client_id: Annotated[
        str | None,
        Field(
            description="Client ID of the Slack app, for several workspaces: https://YOUR.HOST/slack/install adds one "
            "where SLACK_BOT_TOKEN is not set.",
            validation_alias=_key("SLACK_CLIENT_ID"),
        ),
    ] = None
    slack_client_secret: Annotated[
        SecretStr | None,
        Field(description="Client secret of the Slack app.", validation_alias=_key("SLACK_CLIENT_SECRET")),
    ] = None
    slack_redirect_uri: Annotated[
        str | None,
        Field(
            description="https://YOUR.HOST/slack/oauth_redirect, among the app's redirect URLs (the first when empty).",
            validation_alias=_key("SLACK_REDIRECT_URI"),
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

    def options(self) -> dict[str, str]:
        """What backends may ask for by name."""
        named = {
            "clip_runtime": self.clip_runtime,
            "qdrant_api_key": _plain(self.qdrant_api_key),
            "anthropic_api_key": _plain(self.anthropic_api_key),
            "openai_api_key": _plain(self.openai_api_key),
            "openai_base_url": self.openai_base_url or "",
            "anthropic_base_url": self.anthropic_base_url or "",
            "s3_endpoint": self.s3_endpoint or "",
            "s3_region": self.s3_region or "",
            "s3_access_key_id": _plain(self.s3_access_key_id),
            "s3_secret_access_key": _plain(self.s3_secret_access_key),
            "max_bytes": str(self.max_bytes),
            "max_pixels": str(self.max_pixels),
            "max_cache_bytes": str(self.max_cache_bytes),
            "max_pages": str(self.max_pages),
        }
        return {name: value for name, value in named.items() if value}

    @property
    def several_workspaces(self) -> bool:
        """The app is installed by OAuth, in as many workspaces as want it. A token in the settings goes first."""
        return self.slack_bot_token is None and self.slack_client_id is not None

    def secrets(self) -> list[str]:
        """Every secret that is set, for whatever must not show one."""
        values = [getattr(self, name) for name in type(self).model_fields]
        whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return [*whole, *filter(None, (key.strip() for key in _plain(self.token_keys).split(",")))]


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


@cache
def read_settings() -> Settings:
    """The settings of this process.

    Raises: AskAgain naming the variable that cannot be understood.
    """
    home = Path(os.environ.get("SPYGLASS_HOME") or _home())
    try:
        return Settings(_env_file=home / ".env", home=home)
    except ValidationError as error:
        part = error.errors()[0]
        name = str(part["loc"][0]).upper()
        variable = name if name.startswith("SPYGLASS_") else f"SPYGLASS_{name}"
        raise AskAgain(f"The setting {variable} cannot be used: {_why(part['msg'])}.") from None


def _why(message: str) -> str:
    ours = message.removeprefix("Value error, ")
    return ours if ours != message else message.lower()


FILE = (
    "# Copy to .env in SPYGLASS_HOME (`spyglass doctor` says where) and change what you need, or set it as variables."
)


@contextmanager
def bolts_variables_hidden() -> Iterator[None]:
    """Bolt has variables of its own that turn parts of it on; it is to do what our settings say. For blocks that do not
    await."""
    hidden = {name: os.environ.pop(name) for name in BOLTS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def worker_environment() -> dict[str, str]:
    """What worker processes may see of the environment: where things are and how they run, and never a key."""
    return {name: value for name, value in os.environ.items() if name in SEEN or name.startswith(SEEN_LIKE)}


def has_desktop() -> bool:
    """Whether a browser has a screen to open on."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def example(settings: type[Settings]) -> str:
    """`deploy/.env.example`: every setting with its default and what it is for."""
    lines = ["# Every setting of Spyglass with its default.", FILE, ""]
    for name, field in settings.model_fields.items():
        described = next(part for part in (field, *field.metadata) if getattr(part, "description", None))
        alias = field.validation_alias
        variable = str(alias.choices[-1]) if isinstance(alias, AliasChoices) else f"SPYGLASS_{name.upper()}"
        default = "" if field.default in (None, frozenset()) or field.default_factory else str(field.default)
        lines += [f"# {described.description}", f"#{variable}={default}", ""]
    return "\n".join(lines)
