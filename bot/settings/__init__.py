"""Every setting of Spyglass, a room each: what is kept where, the models, Slack. Only `environment` reads variables."""

from bot.settings.environment import (
    bolts_variables_hidden,
    example,
    has_desktop,
    keep_algebra_on_one_thread,
    read_settings,
    worker_environment,
)
from bot.settings.whole import Settings

__all__ = [
    "Settings",
    "bolts_variables_hidden",
    "example",
    "has_desktop",
    "keep_algebra_on_one_thread",
    "read_settings",
    "worker_environment",
]
