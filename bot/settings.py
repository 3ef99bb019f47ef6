"""Every setting of Spyglass: the only reader of the environment. `deploy/.env.example` is made from this class."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tools.kit.errors import AskAgain

SEEN = {"HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"}
SEEN_LIKE = ("LC_", "MKL_", "OMP_", "OPENBLAS_", "PYTHON")


def _home() -> Path:
    return Path(platformdirs.user_data_dir("spyglass", appauthor=False))


def _key(name: str) -> AliasChoices:
    """Keys are also taken under the name their vendor gives them."""
    return AliasChoices(f"SPYGLASS_{name}", name)


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
        raise AskAgain(f"The setting {variable} cannot be used: {part['msg'].lower()}.") from None


FILE = (
    "# Copy to .env in SPYGLASS_HOME (`spyglass doctor` says where) and change what you need, or set it as variables."
)


def worker_environment() -> dict[str, str]:
    """What worker processes may see of the environment: where things are and how they run, and never a key."""
    return {name: value for name, value in os.environ.items() if name in SEEN or name.startswith(SEEN_LIKE)}


def example(settings: type[Settings]) -> str:
    """`deploy/.env.example`: every setting with its default and what it is for."""
    lines = ["# Every setting of Spyglass with its default.", FILE, ""]
    for name, field in settings.model_fields.items():
        described = next(part for part in (field, *field.metadata) if getattr(part, "description", None))
        alias = field.validation_alias
        variable = str(alias.choices[-1]) if isinstance(alias, AliasChoices) else f"SPYGLASS_{name.upper()}"
        default = "" if field.default is None or field.default_factory else str(field.default)
        lines += [f"# {described.description}", f"#{variable}={default}", ""]
    return "\n".join(lines)
