"""What the installed SDKs and LangChain know of models: names, sizes, abilities."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from tools.backends.catalogue.data import entry_of

PACKAGES = {"anthropic": "langchain_anthropic", "openai": "langchain_openai", "google": "langchain_google_genai"}
DATED = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|\d{4})$")
"""The day of a snapshot at the end of a name: it is the model without it."""
LISTS = {"anthropic": ("types/model.py", "Model"), "openai": ("types/shared/chat_model.py", "ChatModel")}
"""Where an SDK lists the names of its models."""


@cache
def profiles(provider: str) -> Mapping[str, Mapping[str, Any]]:
    """LangChain's profiles of the provider's models, by name; empty for a provider that has none."""
    package = PACKAGES.get(provider)
    if package is None:
        return {}
    found: Mapping[str, Mapping[str, Any]] = _file_of(package, "data/_profiles.py")._PROFILES
    return found


def undated(name: str) -> str:
    """The model of which the name may be a snapshot."""
    return DATED.sub("", name)


def profile_of(provider: str, name: str) -> Mapping[str, Any]:
    """Empty for a name nobody knows."""
    known = profiles(provider)
    alike = entry_of(provider, undated(name)).get("like")
    return known.get(alike or name) or known.get(undated(name)) or {}


@cache
def listed(provider: str) -> frozenset[str]:
    """Names of models that talk, as the SDK's types or the profiles list them."""
    talking = {
        name
        for name, profile in profiles(provider).items()
        if profile.get("text_outputs", True) and profile.get("max_output_tokens") and not _makes_media(name, profile)
    }
    typed = {name for name in _typed(provider) if not _makes_media(name, {})}
    return frozenset(talking | typed)


def _typed(provider: str) -> set[str]:
    if provider not in LISTS:
        return set()
    path, name = LISTS[provider]
    kinds = getattr(_file_of(provider, path), name)
    literals = [kind for kind in get_args(kinds) if get_args(kind)] or [kinds]
    return {str(value) for literal in literals for value in get_args(literal)}


def _file_of(package: str, path: str) -> ModuleType:
    """A module of a package by its file: importing the packages themselves takes seconds."""
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    spec = importlib.util.spec_from_file_location(f"_{package}_names", Path(found.origin).parent / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _makes_media(name: str, profile: Mapping[str, Any]) -> bool:
    """Images, sounds, embeddings, searches: not what we ask for."""
    return bool(profile.get("image_outputs") or profile.get("audio_outputs")) or bool(
        re.search("embedding|audio|search|image", name)
    )
