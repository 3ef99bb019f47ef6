"""What is asked at the same time goes to the database together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.slack.storage.together import LINES, MOST, Together
from bot.storage.database import DatabaseAway


class Table:
    """Doubles numbers, and refuses 13."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.open = asyncio.Event()

    async def ask(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append([*numbers])
        await self.open.wait()
        if 13 in numbers:
            raise ValueError("13 is no number")
        return [2 * number for number in numbers]


async def burst(table: Table, numbers: Sequence[int]) -> list[int | BaseException]:
    together = Together(table.ask)
    asking = [asyncio.create_task(together.of(number)) for number in numbers]
    await asyncio.sleep(0)
    table.open.set()
    return await asyncio.gather(*asking, return_exceptions=True)


async def test_each_gets_its_own_answer() -> None:
    assert await burst(table := Table(), range(100, 600)) == [2 * number for number in range(100, 600)]
    assert len(table.asked) <= 500 / MOST + LINES
    assert max(map(len, table.asked)) <= MOST


async def test_one_that_is_refused_is_refused_alone() -> None:
    answers = await burst(Table(), range(50))
    assert isinstance(answers[13], ValueError)
    assert [*answers[:13], *answers[14:]] == [2 * number for number in range(50) if number != 13]


async def test_who_asks_alone_does_not_wait_for_others() -> None:
    table = Table()
    together = Together(table.ask)
    first = asyncio.create_task(together.of(1))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(together.of(2))
    await asyncio.sleep(0.01)
    assert table.asked == [[1], [2]]
    table.open.set()
    assert [await first, await second] == [2, 4]


async def test_who_is_stopped_leaves_the_others_their_answers() -> None:
    table = Table()
    together = Together(table.ask)
    asking = [asyncio.create_task(together.of(number)) for number in range(5)]
    await asyncio.sleep(0.01)
    asking[0].cancel()
    asking[3].cancel()
    table.open.set()
    assert [await asking[number] for number in (1, 2, 4)] == [2, 4, 8]
    assert await together.of(7) == 14


async def test_a_database_that_is_away_is_waited_for_once() -> None:
    asked: list[Sequence[int]] = []

    async def away(numbers: Sequence[int]) -> list[int]:
        asked.append(numbers)
        raise DatabaseAway("The database does not answer.")

    together = Together(away)
    answers = await asyncio.gather(*(together.of(number) for number in range(50)), return_exceptions=True)
    assert all(isinstance(answer, DatabaseAway) for answer in answers)
    assert len(asked) == 1


async def test_nobody_is_forgotten_whenever_they_come() -> None:
    async def ask(numbers: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        return [*numbers]

    async def comes(number: int) -> int:
        for _ in range(number % 17):
            await asyncio.sleep(0)
        return await together.of(number)

    together = Together(ask)
    async with asyncio.timeout(10):
        for _ in range(20):
            assert await asyncio.gather(*(comes(number) for number in range(100))) == [*range(100)]
