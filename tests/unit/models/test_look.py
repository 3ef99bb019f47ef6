"""Asking the vision model: what is sent, what is said, what is kept, and what a person hears when it fails."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.contract.planners import Speaker, chat, claude, parts
from tests.fakes import MemoryAnswers
from tests.provider import Provider, fails, hangs, opened, says_json
from tests.unit.models.seeing import photo, sight
from tools.backends import no_vision
from tools.backends.chat_vision import ChatVision, Models
from tools.kit import AskAgain, CannotDo, Image
from tools.look import look

CUPS = sight("Three cups on a table.", 0.9).model_dump()
BOTH = [pytest.param(claude, id="anthropic"), pytest.param(chat, id="openai")]


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return photo(tmp_path, 1, (3000, 1500))


def model(speaker: Speaker, provider: Provider, answers: MemoryAnswers | None = None, **more: str) -> ChatVision:
    return ChatVision(Models([speaker(provider, **more)]), answers=answers)


@pytest.mark.parametrize("speaker", BOTH)
async def test_the_model_sees_a_reduced_image_without_metadata_and_is_named(speaker: Speaker, image: Image) -> None:
    async with opened(says_json(CUPS)) as provider:
        evidence = await look([image], "What is on the table?", "general", vision=model(speaker, provider))
    [heard] = provider.heard
    [sent] = heard.images
    spec = evidence.facts["model"]
    assert evidence.source == "model"
    assert evidence.said == f"Seen by model {spec}: Three cups on a table."
    assert evidence.facts["seen"] == "Three cups on a table."
    assert spec.endswith(heard.model)
    assert (sent.real, max(sent.size), sent.exif) == ("image/jpeg", 1024, False)
    told = heard.prompt.text()
    assert "What is on the table?" in told
    assert "image 1:" in told
    assert image.ref.name not in told


async def test_the_same_question_about_the_same_image_is_asked_once(image: Image) -> None:
    async with opened(says_json(CUPS)) as provider:
        vision = model(chat, provider, MemoryAnswers())
        for question in ("What  is it?", "What is it?", "Where is it?"):
            await look([image], question, "general", vision=vision)
    assert len(provider.heard) == 2


async def test_the_same_question_asked_at_once_is_asked_once_and_answered_to_all(image: Image) -> None:
    async with opened(says_json(CUPS)) as provider:
        vision = model(chat, provider)
        seen = await asyncio.gather(*(vision.look([image], "What is at once?") for _ in range(8)))
    assert {each.text for each in seen} == {"Three cups on a table."}
    assert len(provider.heard) == 1
    assert len([*image.path.parent.glob("*.sent-*")]) == 1
    assert [*image.path.parent.glob(".part*")] == []


@pytest.mark.parametrize(
    ("status", "heard"),
    [
        (401, "does not accept the key: check it"),
        (404, "does not know this model|does not know the model"),
        (429, "limiting requests now"),
        (400, "check that the model can do what is asked"),
        (413, "ask about fewer or smaller images"),
        (500, "a problem of its own"),
    ],
)
@pytest.mark.parametrize("speaker", BOTH)
async def test_a_failure_is_one_sentence_with_a_way_out(
    speaker: Speaker, status: int, heard: str, image: Image
) -> None:
    secret = fails(status, "key sk-secret is not welcome", retry_after=0)
    async with opened(secret) as provider:
        with pytest.raises(CannotDo, match=heard) as failure:
            await look([image], "What is it?", "general", vision=model(speaker, provider))
    assert "sk-secret" not in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("speaker", BOTH)
async def test_a_model_that_says_nothing_is_said_to_say_nothing(speaker: Speaker, image: Image) -> None:
    async with opened(says_json({**CUPS, "answer": " "})) as provider:
        with pytest.raises(CannotDo, match="gave no answer"):
            await look([image], "What is it?", "general", vision=model(speaker, provider))


@pytest.mark.parametrize("speaker", BOTH)
async def test_a_model_that_does_not_answer_in_time_is_given_up(speaker: Speaker, image: Image) -> None:
    async with opened(hangs()) as provider:
        with pytest.raises(CannotDo, match="did not answer in time"):
            await look([image], "What is it?", vision=model(speaker, provider, model_seconds="0.3"))


async def test_without_a_model_it_is_said_what_to_set_and_what_else_can_be_told(image: Image) -> None:
    vision = no_vision.build("", parts())
    with pytest.raises(CannotDo, match=r"SPYGLASS_VISION.*read its text, name its colours"):
        await look([image], "How many people are there?", vision=vision)


async def test_a_look_needs_an_image_and_a_question(image: Image) -> None:
    vision = no_vision.build("", parts())
    with pytest.raises(AskAgain, match="post one first"):
        await look([], "What is it?", vision=vision)
    with pytest.raises(AskAgain, match="what to look for"):
        await look([image], "  ", vision=vision)
    with pytest.raises(AskAgain, match="Name fewer"):
        await look([image] * 9, "What is it?", vision=vision)
