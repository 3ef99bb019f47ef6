"""What `spyglass doctor` says of models behind providers: what is known of them, and whether they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.health.finding import Finding
from bot.models import checked
from tools.kit.models import Ask, ModelCard, ProviderFailure

if TYPE_CHECKING:
    from bot.wiring import Wiring

ENOUGH = 16
"""Tokens of an answer that is thrown away; some providers take no smaller number."""


async def looked_at(what: str, wiring: Wiring, specs: Sequence[str], *, online: bool) -> Finding:
    """The model a setting names, and those that stand in for it or help it.

    Raises: AskAgain when one is set up wrongly.
    """
    await asyncio.to_thread(checked, specs, f"SPYGLASS_{what.upper()}")
    said, states = [], set()
    for spec in dict.fromkeys(specs):
        model: Any = await wiring.backend(spec)
        try:
            state, answers = await _answers(model) if online else ("ok", "")
        finally:
            await model.close()
        card: ModelCard = model.card
        blind = what == "vision" and not card.vision
        states.add("missing" if blind else state if card.known else _worse(state, "note"))
        key = "key set" if getattr(wiring.settings, f"{card.provider}_api_key", None) else "no key"
        said.append(f"{spec}: {_known(card)}, {key}{', but it was to see them' if blind else ''}{answers}")
    worst = next((state for state in ("missing", "note") if state in states), "ok")
    return Finding(what, worst, "; ".join(said))


def _known(card: ModelCard) -> str:
    listed = "" if card.known else "not in the list of known models, so cautious defaults: "
    sees = "sees images" if card.vision else "sees no images"
    if card.price is None:
        price = "price unknown"
    else:
        price = f"${card.price.input:g} in and ${card.price.output:g} out for a million tokens ({card.price.on})"
    return f"{listed}{card.context:,} tokens, {sees}, {price}"


async def _answers(model: Any) -> tuple[str, str]:
    from langchain_core.messages import HumanMessage

    try:
        await model.reply(Ask([HumanMessage("Say yes.")], most_tokens=ENOUGH, purpose="doctor"))
    except ProviderFailure as failure:
        if failure.kind != "cut_off":  # it was answering
            return "missing", f". {failure}"
    return "ok", ", and it answers"


def _worse(state: str, than: str) -> str:
    return state if state == "missing" else than
