"""A chain of models: the first that answers does, and people are told which stood in for which."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tools.backends.chat.chain import ChainedModel
from tools.kit.models import Ask, ModelCard, ProviderFailure, Reply, Usage
from tools.kit.models.failures import Kind

ASK = Ask([HumanMessage("What is it?")])


class Model:
    """Answers with its name, or fails."""

    def __init__(self, name: str, fails: Kind | None = None, *, vision: bool = True) -> None:
        self.card = ModelCard(spec=name, provider="p", name=name, context=1, output=1, vision=vision)
        self.asked = 0
        self._fails = fails

    async def reply(self, ask: Ask) -> Reply:
        self.asked += 1
        if self._fails:
            raise ProviderFailure(f"{self.card.spec} fails.", self._fails, who=self.card.spec)
        return Reply(AIMessage("A cup."), None, Usage(calls=1), self.card.spec)


async def answered(models: Sequence[Model], ask: Ask = ASK) -> Reply:
    return await ChainedModel(models).reply(ask)


async def test_the_first_answers_and_nobody_else_is_asked() -> None:
    models = [Model("one"), Model("two")]
    reply = await answered(models)
    assert (reply.model, reply.degraded, models[1].asked) == ("one", (), 0)


@pytest.mark.parametrize(
    "kind", ["timeout", "limited", "overloaded", "key", "resting", "refused", "filtered", "invalid"]
)
async def test_the_next_stands_in_and_people_are_told(kind: Kind) -> None:
    reply = await answered([Model("one", kind), Model("two", "resting"), Model("three")])
    assert reply.model == "three"
    (sentence,) = reply.degraded
    assert sentence.startswith("three answered in place of one, which ")


@pytest.mark.parametrize("kind", ["cut_off", "too_long", "budget", "local_only"])
async def test_what_another_model_would_not_mend_is_heard_at_once(kind: Kind) -> None:
    models = [Model("one", kind), Model("two")]
    with pytest.raises(ProviderFailure, match="one fails"):
        await answered(models)
    assert models[1].asked == 0


async def test_when_all_fail_the_first_failure_is_told() -> None:
    with pytest.raises(ProviderFailure, match="one fails") as failed:
        await answered([Model("one", "timeout"), Model("two", "key")])
    assert failed.value.kind == "timeout"


async def test_images_go_to_no_model_that_cannot_see() -> None:
    models = [Model("one", "timeout"), Model("blind", vision=False), Model("three")]
    reply = await answered(models, Ask(ASK.messages, images=1))
    assert (reply.model, models[1].asked) == ("three", 0)
