"""The file of the catalogue, as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("models.yaml")


@cache
def catalogue() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def entry_of(provider: str, name: str) -> Mapping[str, Any]:
    """What it says of a model; empty when nothing."""
    found: Mapping[str, Any] = catalogue().get(provider, {}).get("models", {}).get(name, {})
    return found
