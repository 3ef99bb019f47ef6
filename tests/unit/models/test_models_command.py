"""`spyglass models`: the list of models as a table, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands.models import command


def told(*arguments: str) -> str:
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_model_has_a_line_with_size_abilities_and_price() -> None:
    (line,) = (line for line in told("anthropic").splitlines() if line.startswith("anthropic:claude-haiku-4-5 "))
    assert line.split() == [
        "anthropic:claude-haiku-4-5", "200,000", "64,000", "yes", "yes", "yes", "1", "0.1", "5", "2026-10-24",
    ]  # fmt: skip


def test_a_price_that_is_not_known_is_shown_as_unknown() -> None:
    (line,) = (line for line in told("google").splitlines() if line.startswith("google:gemini-2.5-flash "))
    assert line.rstrip().endswith("unknown")


def test_every_provider_is_listed_unless_one_is_named() -> None:
    providers = {line.partition(":")[0] for line in told().splitlines() if ":" in line}
    assert providers == {"anthropic", "openai", "google"}


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_banned_brand_is_not_shown(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("banned_brands:\n  brands:\n    - name: Anthropic\n", "utf-8")
    monkeypatch.setattr("bot.edge._rules", [rules])
    listed = told("anthropic", *arguments)
    assert "claude-haiku-4-5" in listed
    assert "anthropic" not in listed.lower()


def test_as_json_it_is_the_whole_card() -> None:
    cards = {card["spec"]: card for card in json.loads(told("openai", "--json"))}
    card = cards["openai:gpt-5.4-mini"]
    assert (card["context"], card["price"]["input"], card["images"]["counting"]) == (400_000, 0.75, "patches_32")
    assert "developers.openai.com" in card["price"]["source"]


@pytest.mark.parametrize("provider", ["nobody", "openai_compatible"])
def test_who_lists_nothing_is_refused(provider: str) -> None:
    assert CliRunner().invoke(command, [provider]).exit_code == 2
