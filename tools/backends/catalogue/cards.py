"""The card of a model: what the SDKs know of it, with the image rules and prices of `models.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.backends.catalogue.profiles import DATED, listed, profile_of
from tools.kit.models import ImageRules, ModelCard, Price

FILE = Path(__file__).with_name("models.yaml")
CAUTIOUS = {"context": 32_000, "output": 4_096}
"""Of a model nobody knows."""


@cache
def card_of(provider: str, name: str) -> ModelCard:
    """An unknown name gets cautious defaults."""
    data = _data().get(provider, {})
    entry = _entry(data.get("models", {}), name)
    profile = profile_of(provider, name)
    price = entry.get("price")
    return ModelCard(
        spec=f"{provider}:{name}",
        provider=provider,
        name=name.rpartition("#")[2],
        context=profile.get("max_input_tokens") or entry.get("context") or CAUTIOUS["context"],
        output=profile.get("max_output_tokens") or entry.get("output") or CAUTIOUS["output"],
        vision=profile.get("image_inputs", entry.get("vision", True)),
        tools=profile.get("tool_calling", True),
        structured=profile.get("structured_output") or False,
        thinking=profile.get("reasoning_output") or False,
        temperature=profile.get("temperature", not profile),
        images=ImageRules(**{**data.get("images", {}), **entry.get("images", {})}),
        price=None if price is None else Price(**price),
        known=bool(profile) or name in listed(provider),
    )


@cache
def _data() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def _entry(models: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return models.get(name) or models.get(DATED.sub("", name)) or {}
