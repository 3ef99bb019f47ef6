"""What models can, from the lists that come with LangChain's packages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal

Vendor = Literal["anthropic", "openai", "google_genai"]


@cache
def profiles(vendor: Vendor) -> Mapping[str, Mapping[str, Any]]:
    """By the model's name: max_input_tokens, max_output_tokens, temperature, image_inputs, structured_output, ..."""
    found: Mapping[str, Mapping[str, Any]] = import_module(f"langchain_{vendor}.data._profiles")._PROFILES
    return found


def profile(vendor: Vendor, model: str) -> Mapping[str, Any]:
    """Empty for a model nobody lists: it is then held to no limits of its own."""
    return profiles(vendor).get(model.removeprefix("models/"), {})
