"""The card of a model: what the SDKs know of it, with the image rules and prices of `models.yaml`."""

from __future__ import annotations

from fnmatch import fnmatch
from functools import cache

from tools.backends.catalogue.data import catalogue, entry_of
from tools.backends.catalogue.profiles import listed, profile_of, undated
from tools.kit.models import ImageRules, ModelCard, Price

CONTEXT, OUTPUT = 32_000, 4_096
"""Of a model nobody knows."""


@cache
def card_of(provider: str, name: str) -> ModelCard:
    """An unknown name gets cautious defaults. For a server of one's own, `name` is ``URL#MODEL``."""
    profile = profile_of(provider, name)
    return ModelCard(
        spec=f"{provider}:{name}",
        provider=provider,
        name=name.rpartition("#")[2],
        context=profile.get("max_input_tokens") or CONTEXT,
        output=profile.get("max_output_tokens") or OUTPUT,
        vision=profile.get("image_inputs", True),
        tools=profile.get("tool_calling", True),
        structured=profile.get("structured_output") or False,
        thinking=profile.get("reasoning_output") or False,
        temperature=profile.get("temperature", not profile),
        images=_images(provider, undated(name)),
        price=_price(provider, undated(name)),
        known=bool(profile) or name in listed(provider),
    )


def cards_of(provider: str) -> list[ModelCard]:
    """Of every model the installed SDK lists, without dated snapshots of the same."""
    names = listed(provider)
    return [card_of(provider, name) for name in sorted(names) if undated(name) == name or undated(name) not in names]


def _images(provider: str, name: str) -> ImageRules:
    data = catalogue().get(provider, {})
    fitting = (rule["images"] for rule in data.get("rules", []) if any(fnmatch(name, like) for like in rule["names"]))
    return ImageRules(**{**data.get("images", {}), **next(fitting, {})})


def _price(provider: str, name: str) -> Price | None:
    data = catalogue().get(provider, {})
    entry = entry_of(provider, name)
    if "of" not in entry:
        return None
    figures = {field: value for field, value in entry.items() if field not in ("of", "like")}
    told = catalogue()["prices"][entry["of"]]
    return Price(**figures, batch=data["batch"], on=told["day"], source=told["source"])
