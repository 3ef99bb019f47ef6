"""What `spyglass doctor` says of daily budgets: how much they are, and what they cannot count."""

from __future__ import annotations

from bot.health.finding import Finding
from bot.ledger.spending import budgets_of
from bot.ledger.words import money
from bot.models import is_chat
from bot.settings import Settings
from bot.wiring import Wiring

FOR = {"workspace": "a workspace", "channel": "a channel", "user": "a person"}


def looked_at(settings: Settings) -> Finding:
    """A note where a model's price is not known."""
    said = ", ".join(f"{money(limit)} for {FOR[payer]}" for payer, limit in budgets_of(settings).items())
    unpriced = [spec for spec in _used(settings) if _price_unknown(spec)]
    if not unpriced:
        return Finding("budget", "ok", f"{said} a day (UTC)")
    known = f"the price of {', '.join(unpriced)} is not known, so what is asked there counts as nothing"
    return Finding("budget", "note", f"{said} a day (UTC); {known} (tokens are counted: `spyglass usage`)")


def _used(settings: Settings) -> list[str]:
    planning = (settings.model, *settings.model_fallbacks)
    seeing = (settings.vision, *settings.vision_fallbacks, settings.vision_first, settings.vision_second)
    return [spec for spec in dict.fromkeys((*planning, *seeing)) if is_chat(spec)]


def _price_unknown(spec: str) -> bool:
    provider, _, name = spec.partition(":")
    return Wiring.imported("catalogue").card_of(provider, name).price is None
