"""Alt text for many images by the provider's batch interface, where that is on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.slack.bulk import sentences
from bot.slack.bulk.board import STOP
from bot.slack.surface.settings import LOCAL_ONLY
from tests.provider import Heard, Provider, refuses
from tests.provider.script import Answer
from tests.scenario.slack.bulk import ASK, PATIENCE, found, over, rows, shared, small_pictures, stop_shown, told
from tests.scenario.slack.conftest import NewSettings, Opening
from tests.scenario.slack.mortal import mortal_bot
from tests.scenario.slack.office import Room
from tests.scenario.slack.seer import SEES, SPEC, reply, seer, settings
from tests.scenario.slack.test_local_only import choose

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("killed")]

FILES = 10
SEEN = f"seen by model {SPEC} (look); caption and keywords measured (describe)"
LONG = 1_000_000
"""Looks: longer than any test."""


@asynccontextmanager
async def office(opening: Opening, **chosen: Any) -> AsyncIterator[tuple[Room, Provider]]:
    async with (
        seer() as provider,
        opening(**settings(provider, bulk_batches=True, answers_days=0, **chosen)) as opened,
    ):
        yield await opened.room(), provider


def single(provider: Provider) -> list[Heard]:
    """Looks that came by single calls."""
    return [heard for heard in provider.heard if heard.prompt.schema is not None and not heard.batch]


def batched(provider: Provider) -> list[Heard]:
    return [heard for heard in provider.heard if heard.batch]


def submitted(provider: Provider) -> list[Heard]:
    return [heard for heard in provider.requests if (heard.method, heard.path) == ("POST", "/v1/messages/batches")]


def calls(room: Room, outcome: str = "answered") -> list[dict[str, Any]]:
    """Of the ledger, in the room, by the batch."""
    noted = found(room, "select * from model_calls where channel = %s and purpose = 'batch'")
    return [row for row in noted if row["outcome"] == outcome]


async def until_noted(room: Room, number: int, outcome: str = "answered") -> list[dict[str, Any]]:
    async with asyncio.timeout(PATIENCE):
        while len(noted := calls(room, outcome)) < number:  # noqa: ASYNC110  a table
            await asyncio.sleep(0.05)
    return noted


async def test_all_images_of_a_job_are_looked_at_by_one_batch_at_half_the_price(opening: Opening) -> None:
    async with office(opening) as (room, provider):
        provider.shelf.polls = 2
        await room.ask(ASK, *small_pictures(FILES))
        said = sentences.BY_PROVIDER.format(done=0, all=FILES)
        await room.slack.until(lambda: said in told(room), PATIENCE)
        await over(room)
        written = rows(room)
        noted = await until_noted(room, FILES)
        assert provider.shelf.batches == {}
    assert [row["file"] for row in written] == [f"picture-{n}.png" for n in range(1, FILES + 1)]
    assert {(row["alt_text"], row["measured_by"]) for row in written} == {(SEES, SEEN)}
    assert (len(submitted(provider)), len(batched(provider)), single(provider)) == (1, FILES, [])
    for row in noted:
        assert (row["tool"], row["images"], row["model"]) == ("look", 1, SPEC)
        assert row["user_id"] == room.anna.id
        full = (row["tokens_in"] * 1.0 + row["tokens_out"] * 5.0) / 1e6
        assert float(row["cost"]) == pytest.approx(full / 2)


async def test_what_the_batch_does_not_answer_is_asked_by_single_calls(opening: Opening) -> None:
    refused: list[Heard] = []

    async def refuse_one(heard: Heard) -> Answer:
        if heard.batch and not refused:
            refused.append(heard)
            return refuses()
        return await reply(heard)

    async with office(opening) as (room, provider):
        provider.server.script[:] = [refuse_one]
        await room.ask(ASK, *small_pictures(FILES))
        await over(room)
        written = rows(room)
        assert len(await until_noted(room, 1, "refused")) == 1
    assert {row["alt_text"] for row in written} == {SEES}
    assert len(written) == FILES
    assert (len(batched(provider)), len(single(provider))) == (FILES, 1)


async def test_stopped_the_batch_is_cancelled_and_nothing_asked_any_more(opening: Opening) -> None:
    async with office(opening) as (room, provider):
        provider.shelf.polls = LONG
        await room.ask(ASK, *small_pictures(FILES))
        await room.slack.until(lambda: provider.shelf.batches and stop_shown(room), PATIENCE)
        (batch,) = provider.shelf.batches.values()
        await room.anna.press(room.channel, room.said[0]["ts"], STOP)
        await room.slack.until(lambda: batch.shown["processing_status"] == "canceling", PATIENCE)
        batch.polls = 0
        await over(room)
        assert f"Stopped after 0 of {FILES} files." in told(room)
        assert provider.shelf.batches == {}
    assert shared(room) == []
    assert [heard for heard in provider.heard if heard.prompt.schema is not None] == []


async def test_nothing_is_submitted_once_the_budget_is_spent(opening: Opening) -> None:
    async with office(opening, budget_workspace=0.0) as (room, provider):
        await room.ask(ASK, *small_pictures(FILES))
        await over(room)
        written = rows(room)
    assert submitted(provider) == []
    assert batched(provider) + single(provider) == []
    assert [row["status"] for row in written] == ["done"] * FILES
    assert not [row for row in written if row["alt_text"] == SEES]


async def test_no_more_is_submitted_than_the_budget_allows(opening: Opening) -> None:
    async with office(opening, budget_workspace=0.006) as (room, provider):
        await room.ask(ASK, *small_pictures(FILES))
        await over(room)
        written = rows(room)
    assert 0 < len(batched(provider)) < FILES
    assert len(written) == FILES
    assert sum(row["alt_text"] == SEES for row in written) >= len(batched(provider))


async def test_nothing_leaves_a_channel_that_is_local_only(opening: Opening) -> None:
    async with seer() as provider, opening(**settings(provider, bulk_batches=True)) as opened:
        room = await opened.room()
        await choose(room, LOCAL_ONLY)
        await room.ask(ASK, *small_pictures(FILES))
        await over(room)
        assert len(rows(room)) == FILES
    assert provider.requests == []


async def test_a_provider_that_takes_no_batches_is_asked_by_single_calls(opening: Opening) -> None:
    async with office(opening) as (room, provider):
        provider.shelf.takes_batches = False
        await room.ask(ASK, *small_pictures(FILES))
        await over(room)
        written = rows(room)
    assert {row["alt_text"] for row in written} == {SEES}
    assert (batched(provider), len(single(provider))) == ([], FILES)


@pytest.mark.parametrize("moment", ["waiting", "submitting", "writing"])
async def test_killed_it_goes_on_with_the_same_batch(
    new_settings: NewSettings, pictures: Any, tmp_path_factory: pytest.TempPathFactory, moment: str
) -> None:
    async with seer() as provider:
        provider.shelf.mute = moment == "submitting"
        provider.shelf.polls = 0 if moment == "writing" else LONG
        chosen = new_settings(**settings(provider, bulk_batches=True, answers_days=0))
        async with mortal_bot(chosen, pictures, tmp_path_factory.mktemp("logs")) as mortal:
            room = await mortal.office.room()
            await room.ask(ASK, *small_pictures(FILES))
            await mortal.slack.until(lambda: provider.shelf.batches, PATIENCE)
            if moment == "writing":
                await mortal.slack.until(lambda: len(batched(provider)) == FILES, PATIENCE)
                await some_written(room)
            await mortal.die()
            provider.shelf.mute = False
            (batch,) = provider.shelf.batches.values()
            batch.polls = 0
            await over(room)
            written = rows(room)
    assert [row["file"] for row in written] == [f"picture-{n}.png" for n in range(1, FILES + 1)]
    assert {(row["alt_text"], row["measured_by"]) for row in written} == {(SEES, SEEN)}
    assert (len(submitted(provider)), len(batched(provider)), single(provider)) == (1, FILES, [])


async def some_written(room: Room) -> None:
    async with asyncio.timeout(PATIENCE):
        while not found(room, "select file from bulk_items where channel = %s and status = 'done'"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
