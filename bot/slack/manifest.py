"""The Slack app's manifest: what the bot may do, and why.

`manifest.yaml` beside this file is deploy/manifest.yaml, so that an installed wheel has it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FILE = "deploy/manifest.yaml"
_SCOPE = re.compile(r"^ +- (?P<scope>[\w.]+(?::[\w.:]+)?) +# (?P<reason>.+)$", re.MULTILINE)


@cache
def read_manifest() -> dict[str, Any]:
    """The manifest as Slack reads it."""
    manifest: dict[str, Any] = yaml.safe_load(_text())
    return manifest


@cache
def scopes() -> dict[str, str]:
    """Every scope of the bot token with the reason that stands behind it as a comment."""
    return {found["scope"]: found["reason"] for found in _SCOPE.finditer(_text())}


def missing_scopes(granted: Iterable[str]) -> list[tuple[str, str]]:
    """The scopes a token lacks, each with its reason. `granted`: as in the header X-OAuth-Scopes of a response."""
    have = set(granted)
    return [(scope, reason) for scope, reason in scopes().items() if scope not in have]


def _text() -> str:
    return (files("bot.slack") / "manifest.yaml").read_text(encoding="utf-8")
