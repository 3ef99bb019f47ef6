"""Every setting of Spyglass in one class. `deploy/.env.example` is made from it."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from bot.settings.archives import ArchiveSettings
from bot.settings.care import CareSettings
from bot.settings.general import GeneralSettings
from bot.settings.models import ModelSettings
from bot.settings.slack import SlackSettings


class Settings(SlackSettings, ArchiveSettings, CareSettings, ModelSettings, GeneralSettings):
    """Read from the environment and from the file .env in SPYGLASS_HOME, each with the prefix SPYGLASS_. The current
    folder is never looked into: it may be somebody else's, and a base URL from there would be sent the keys.

    A setting that names a backend is ``scheme`` or ``scheme:rest`` and resolves to tools/backends/<scheme>.py.
    """

    model_config = SettingsConfigDict(
        env_prefix="SPYGLASS_", extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    def options(self) -> dict[str, str]:
        """What backends may ask for by name."""
        named = {
            "clip_runtime": self.clip_runtime,
            "qdrant_api_key": _plain(self.qdrant_api_key),
            "archive_quantisation": self.archive_quantisation,
            "archive_on_disk": "yes" if self.archive_on_disk else "",
            "anthropic_api_key": _plain(self.anthropic_api_key),
            "openai_api_key": _plain(self.openai_api_key),
            "google_api_key": _plain(self.google_api_key),
            "openai_compatible_api_key": _plain(self.openai_compatible_api_key),
            "openai_base_url": self.openai_base_url or "",
            "anthropic_base_url": self.anthropic_base_url or "",
            "google_base_url": self.google_base_url or "",
            "openai_wire": self.openai_wire,
            "model_seconds": str(self.model_seconds),
            "model_retries": str(self.model_retries),
            "breaker_failures": str(self.breaker_failures),
            "breaker_seconds": str(self.breaker_seconds),
            "hold_back": ",".join(sorted(self.hold_back)),
            "hold_back_how": self.hold_back_how,
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
