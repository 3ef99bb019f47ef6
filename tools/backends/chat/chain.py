"""A chain of models: the first that answers does, and it is said which stood in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.kit.models import Ask, ChatModel, ModelCard, ProviderFailure, Reply
from tools.kit.models.failures import Kind

FOR_THE_CALLER: frozenset[Kind] = frozenset({"cut_off", "too_long", "budget", "local_only"})
"""What another model would not mend: whoever asks has to ask otherwise, or not at all."""
WHY: dict[Kind, str] = {
    "timeout": "did not answer in time",
    "limited": "is limiting requests",
    "overloaded": "is overloaded",
    "broken": "has a problem of its own",
    "unreachable": "cannot be reached",
    "dropped": "broke off",
    "key": "does not accept the key",
    "credit": "has no credit left",
    "model": "does not know the model",
    "refused": "declined to answer",
    "filtered": "held its answer back",
    "invalid": "did not answer in the form asked for",
    "resting": "failed several times in a row",
}


class ChainedModel:
    """`ChatModel`. Its card is that of the first."""

    def __init__(self, models: Sequence[ChatModel]) -> None:
        self._models = tuple(models)

    @property
    def card(self) -> ModelCard:
        return self._models[0].card

    async def reply(self, ask: Ask) -> Reply:
        """Raises: ProviderFailure of the first when none answered."""
        failed: list[ProviderFailure] = []
        for model in self._models:
            if ask.images and not model.card.vision:
                continue
            try:
                reply = await model.reply(ask)
            except ProviderFailure as failure:
                if failure.kind in FOR_THE_CALLER:
                    raise
                failed.append(failure)
                continue
            return replace(reply, degraded=(*reply.degraded, *(stood_in(reply.model, why) for why in failed[:1])))
        raise failed[0]


def stood_in(model: str, failure: ProviderFailure) -> str:
    why = WHY.get(failure.kind, "could not be used")
    return f"{model} answered in place of {failure.who}, which {why}."
