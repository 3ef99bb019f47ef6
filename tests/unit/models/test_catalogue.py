"""The list of models: names as the installed SDKs have them, prices with day and source, and caution elsewhere."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatch
from typing import Any

import pytest

from tools.backends.catalogue import card_of, cards_of
from tools.backends.catalogue.data import catalogue
from tools.backends.catalogue.profiles import listed, profiles
from tools.kit.models import Price, Usage

PROVIDERS = ("anthropic", "openai", "google")


ENTRIES: list[tuple[str, str, dict[str, Any]]] = [
    (provider, name, entry) for provider in PROVIDERS for name, entry in catalogue()[provider]["models"].items()
]


@pytest.mark.parametrize(("provider", "name", "entry"), ENTRIES)
def test_every_name_is_one_the_installed_sdk_lists(provider: str, name: str, entry: dict[str, Any]) -> None:
    assert name in listed(provider)
    assert "like" not in entry or entry["like"] in profiles(provider)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_image_rule_is_of_some_listed_model(provider: str) -> None:
    for rule in catalogue()[provider]["rules"]:
        for like in rule["names"]:
            assert any(fnmatch(name, like) for name in listed(provider)), like


@pytest.mark.parametrize(("provider", "name", "entry"), ENTRIES)
def test_a_price_says_when_and_where_it_was_published(provider: str, name: str, entry: dict[str, Any]) -> None:
    price = card_of(provider, name).price
    if "of" not in entry:
        assert price is None
        return
    assert price is not None
    assert date(2025, 1, 1) < price.on <= date.today()
    assert "." in price.source
    assert 0 < price.input < price.output
    assert price.cached is None or price.cached < price.input


def test_sizes_and_abilities_are_those_of_the_installed_packages() -> None:
    card, profile = card_of("anthropic", "claude-sonnet-5-5"), profiles("anthropic")["claude-sonnet-5-5"]
    assert (card.context, card.output) == (profile["max_input_tokens"], profile["max_output_tokens"])
    assert (card.vision, card.structured, card.thinking, card.temperature) == (True, True, True, False)
    assert not card_of("openai", "o3-mini").vision


@pytest.mark.parametrize(
    ("provider", "dated", "name"),
    [
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("openai", "gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"),
    ],
)
def test_a_snapshot_costs_and_counts_as_the_model_it_is_of(provider: str, dated: str, name: str) -> None:
    snapshot, model = card_of(provider, dated), card_of(provider, name)
    assert snapshot.spec == f"{provider}:{dated}"
    assert snapshot.price is not None
    assert (snapshot.price, snapshot.images, snapshot.context) == (model.price, model.images, model.context)


@pytest.mark.parametrize(
    ("provider", "name"), [("anthropic", "claude-next"), ("openai_compatible", "http://localhost:11434/v1#llava")]
)
def test_an_unknown_name_gets_cautious_defaults(provider: str, name: str) -> None:
    card = card_of(provider, name)
    assert (card.known, card.price, card.structured, card.thinking) == (False, None, False, False)
    assert card.vision
    assert card.context <= 32_000
    assert card.name in ("claude-next", "llava")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_snapshots_are_not_listed_beside_their_model(provider: str) -> None:
    names = [card.name for card in cards_of(provider)]
    assert len(names) > 10
    assert not {"claude-haiku-4-5-20251001", "gpt-4o-2024-11-20", "text-embedding-3-small"} & set(names)


# --- what it costs --------------------------------------------------------------------------------

PRICE = Price(input=2, output=10, cached=0.2, written=2.5, batch=0.5, on=date(2026, 1, 1), source="here")
USED = Usage(input=1_000_000, cached=400_000, written=100_000, output=100_000, calls=1)


def test_each_kind_of_token_has_its_price() -> None:
    assert USED.cost(PRICE) == pytest.approx(0.5 * 2 + 0.4 * 0.2 + 0.1 * 2.5 + 0.1 * 10)
    assert USED.cost(PRICE, batch=True) == pytest.approx(2.33 / 2)
    assert USED.cost(None) is None


def test_a_long_request_costs_more_as_a_whole() -> None:
    long = PRICE.model_copy(update={"long_from": 272_000, "long_input": 2.0, "long_output": 1.5})
    assert USED.cost(long) == pytest.approx(1.33 * 2 + 1.0 * 1.5)
    assert USED.model_copy(update={"input": 272_000, "cached": 0, "written": 0}).cost(long) == pytest.approx(1.544)
