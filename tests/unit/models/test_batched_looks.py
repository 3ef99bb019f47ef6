"""Looks by a batch: gathered without anybody being called, and used as answers of single calls are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from tests.fakes import MemoryAnswers, ScriptedModel, ScriptedVision
from tests.unit.models.seeing import photo, sight
from tools.backends.chat_vision import BatchedModel, BatchedVision, ChatVision, Models
from tools.kit import CannotDo, Image, Sendable, VisionModel
from tools.kit.models import Ask, BatchAnswer, ProviderFailure, Reply, Usage

QUESTION = "What is it?"
CARD = ScriptedModel("").card
SINGLE = "A single call says so."


def eyes(known: dict[str, BatchAnswer], asks: dict[str, Ask] | None = None, **more: Any) -> ChatVision:
    return ChatVision(Models([BatchedModel(CARD, known, asks)]), **more)


async def gathered(*images: Image, **more: Any) -> dict[str, Ask]:
    asks: dict[str, Ask] = {}
    for image in images:
        with pytest.raises(CannotDo):
            await eyes({}, asks, **more).look([image], QUESTION)
    return asks


def answering(known: dict[str, BatchAnswer], **more: Any) -> VisionModel:
    return BatchedVision(eyes(known, **more), ScriptedVision({"": SINGLE}))


def said(text: str) -> BatchAnswer:
    return BatchAnswer(Reply(AIMessage(text), None, Usage(calls=1), CARD.spec), Usage(calls=1))


async def test_what_a_batch_answered_is_seen_and_kept(tmp_path: Path) -> None:
    image, store = photo(tmp_path), MemoryAnswers()
    (name,) = await gathered(image)
    told = said(sight("A cup.", 0.8).model_dump_json())
    seen = await answering({name: told}, answers=store).look([image], QUESTION)
    assert (seen.text, seen.sure, seen.model, seen.cached) == ("A cup.", 0.8, CARD.spec, False)
    assert (await answering({}, answers=store).look([image], QUESTION)).cached
    asks: dict[str, Ask] = {}
    assert (await eyes({}, asks, answers=store).look([image], QUESTION)).text == "A cup."
    assert asks == {}


@pytest.mark.parametrize("text", ["no JSON", "{}", '{"answer": 1}'])
async def test_an_answer_that_is_not_what_was_asked_for_is_asked_by_a_single_call(tmp_path: Path, text: str) -> None:
    image = photo(tmp_path)
    (name,) = await gathered(image)
    assert (await answering({name: said(text)}).look([image], QUESTION)).text == SINGLE


async def test_a_failure_and_what_never_came_are_asked_by_a_single_call(tmp_path: Path) -> None:
    image = photo(tmp_path)
    (name,) = await gathered(image)
    failed = BatchAnswer(ProviderFailure("It declines.", "refused"), Usage())
    for known in ({name: failed}, {}):
        assert (await answering(known).look([image], QUESTION)).text == SINGLE


async def test_the_same_image_is_asked_about_once_and_another_one_apart(tmp_path: Path) -> None:
    image, other = photo(tmp_path), photo(tmp_path, 2, (400, 300))
    assert len(await gathered(image, image, other)) == 2


async def test_an_image_that_is_held_back_is_in_no_batch(tmp_path: Path) -> None:
    class Withholding:
        async def before_sending(self, image: Image) -> Sendable:
            return Sendable(None, "It is held back.")

    assert await gathered(photo(tmp_path), discretion=Withholding()) == {}
