"""Batch interfaces of both providers, through the real SDKs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from tests.provider import Heard, Provider, cut_off, fails, refuses, says_json, serving
from tests.provider.script import Act, Answer
from tools.backends import anthropic, openai
from tools.backends.chat import CalledModel
from tools.backends.workers import PebbleWorkers
from tools.kit.models import Ask, BatchAnswer, Batches, NotYetKnown, ProviderFailure, Reply
from tools.kit.parts import Parts
from tools.kit.seeing import Sight

SIGHT = {"answer": "A red square.", "confidence": 0.9, "cannot_determine": False, "regions": []}
WIRES = ("anthropic", "openai chat", "openai responses")
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(params=WIRES)
def wire(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(wire: str, tmp_path: Path) -> Callable[..., Any]:
    """The provider and its batches for a script."""

    @asynccontextmanager
    async def open_with(*acts: Act, strict: bool = True) -> AsyncIterator[tuple[Provider, Batches]]:
        with serving(*acts, strict=strict) as provider:
            model = _model(wire, provider, tmp_path)
            batches = model.batches()
            assert batches is not None
            try:
                yield provider, batches
            finally:
                await model.close()

    return open_with


def _model(wire: str, provider: Provider, home: Path) -> CalledModel:
    options = {
        "anthropic_api_key": "key",
        "anthropic_base_url": provider.url,
        "openai_api_key": "key",
        "openai_base_url": provider.openai_url,
        "openai_wire": wire.partition(" ")[2],
    }
    parts = Parts(home=home, workers=PebbleWorkers(), options=options)
    return anthropic.build("claude-haiku-4-5", parts) if wire == "anthropic" else openai.build("gpt-5-mini", parts)


def ask(question: str) -> Ask:
    picture = {"type": "image", "base64": PICTURE, "mime_type": "image/png", "cache_control": {"type": "ephemeral"}}
    content: Any = [picture, {"type": "text", "text": question}]
    return Ask([SystemMessage("You look."), HumanMessage(content=content)], schema=Sight, purpose="look", images=1)


def asks(number: int) -> dict[str, Ask]:
    return {f"n{n}": ask(f"Question {n}?") for n in range(number)}


async def ended(batches: Batches, batch: str) -> dict[str, BatchAnswer]:
    for _ in range(10):
        state = await batches.state(batch)
        if state.ended:
            return await batches.answers(batch)
    raise AssertionError("It never ends.")


async def answer(heard: Heard) -> Answer:
    return says_json({**SIGHT, "answer": heard.question})


async def test_each_request_has_its_answer_with_what_it_took(opened: Callable[..., Any]) -> None:
    async with opened(answer) as (provider, batches):
        batch = await batches.submit(asks(3), marker="m1")
        assert not (await batches.state(batch)).ended
        found = await ended(batches, batch)
        state = await batches.state(batch)
    assert (state.total, state.done) == (3, 3)
    assert sorted(found) == ["n0", "n1", "n2"]
    for name, one in found.items():
        assert isinstance(one.found, Reply)
        assert Sight.model_validate_json(one.found.message.text).answer == f"Question {name[1:]}?"
        assert one.usage.calls == 1
        assert min(one.usage.input, one.usage.output) > 0
    assert len(provider.heard) == 3
    assert all(heard.batch and heard.prompt.schema and heard.images for heard in provider.heard)
    assert all(b"cache_control" not in heard.raw for heard in provider.heard)


@pytest.mark.parametrize(("act", "kind"), [(refuses(), "refused"), (cut_off('{"answer'), "cut_off")])
async def test_an_answer_that_is_none_is_a_failure_and_counts(
    opened: Callable[..., Any], act: Answer, kind: str
) -> None:
    async with opened(act) as (_, batches):
        found = await ended(batches, await batches.submit(asks(1), marker="m1"))
    assert isinstance(found["n0"].found, ProviderFailure)
    assert found["n0"].found.kind == kind
    assert found["n0"].usage.input > 0


async def test_a_request_that_fails_does_not_take_the_others_along(opened: Callable[..., Any]) -> None:
    async with opened(fails(500), answer) as (_, batches):
        found = await ended(batches, await batches.submit(asks(3), marker="m1"))
    failures = [one.found for one in found.values() if isinstance(one.found, ProviderFailure)]
    assert [failure.kind for failure in failures] == ["broken"]
    assert len(found) == 3


async def test_a_batch_whose_id_was_lost_is_found_by_its_marker(opened: Callable[..., Any], wire: str) -> None:
    async with opened(answer) as (provider, batches):
        assert await batches.find("m2", 2) is None
        other = await batches.submit(asks(2), marker="m1")
        await ended(batches, other)
        provider.shelf.mute = True
        lost = asyncio.create_task(batches.submit(asks(2), marker="m2"))
        while len(provider.shelf.batches) < 2:  # noqa: ASYNC110  the server runs in a thread
            await asyncio.sleep(0.01)
        lost.cancel()
        batch = [*provider.shelf.batches][-1]
        if wire == "anthropic":
            with pytest.raises(NotYetKnown):
                await batches.find("m2", 2)
            await ended(batches, batch)
        assert await batches.find("m2", 2, others=[other]) == batch
        assert await batches.find("m3", 2) is None


async def test_cancelled_it_ends_and_asks_nothing_more(opened: Callable[..., Any]) -> None:
    async with opened(answer) as (provider, batches):
        provider.shelf.polls = 3
        batch = await batches.submit(asks(2), marker="m1")
        await batches.cancel(batch)
        assert await ended(batches, batch) == {}
        await batches.cancel(batch)
    assert not provider.heard


async def test_nothing_is_kept_by_the_provider_after_it_is_discarded(opened: Callable[..., Any], wire: str) -> None:
    async with opened(answer) as (provider, batches):
        batch = await batches.submit(asks(2), marker="m1")
        await ended(batches, batch)
        await batches.discard(batch)
        assert not provider.shelf.files
        assert wire != "anthropic" or not provider.shelf.batches


async def test_a_provider_that_does_not_take_a_batch_fails_in_our_words(opened: Callable[..., Any]) -> None:
    async with opened(answer, strict=False) as (provider, batches):
        provider.shelf.keys = ["another"]
        with pytest.raises(ProviderFailure, match="key") as failed:
            await batches.submit(asks(1), marker="m1")
        assert failed.value.kind == "key"
