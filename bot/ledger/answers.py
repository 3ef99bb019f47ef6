"""What vision models said, kept in PostgreSQL to be said again."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from typing import Any, LiteralString

from bot.ledger.lazily import Tables
from tools.kit import Json

log = logging.getLogger(__name__)

LONGEST = 200_000
"""Characters of an answer as JSON that is kept."""
PATIENCE = 5.0
"""Seconds for which the database is waited for."""


class Answers:
    """The answers (`tools.kit.models.AnswerStore`). Where the database does not answer there are none: that costs a
    call, not the turn. Only forgetting raises."""

    def __init__(self, tables: Tables, *, days: int) -> None:
        """days: for which an answer is kept; 0 keeps none."""
        self._tables, self._days = tables, days

    async def get(self, workspace: str, images: Sequence[str], key: str) -> Json | None:
        return await self._found(
            """
            select answer::text from model_answers
            where (team, name) = (%s, %s) and at > now() - make_interval(days => %s)
            """,
            [workspace, _digest(*images, key), self._days],
        )

    async def near(self, workspace: str, looks: int, key: str, within: int) -> Json | None:
        return await self._found(
            """
            select answer::text, bit_count((looks # %s)::bit(64)) as apart from model_answers
            where (team, question) = (%s, %s) and looks is not null and at > now() - make_interval(days => %s)
                and bit_count((looks # %s)::bit(64)) <= %s
            order by apart, at desc limit 1
            """,
            [_signed(looks), workspace, _digest(key), self._days, _signed(looks), within],
        )

    async def put(
        self, workspace: str, images: Sequence[str], key: str, answer: Json, *, looks: int | None = None
    ) -> None:
        said = json.dumps(answer)
        if not self._days or len(said) > LONGEST:
            return
        signed = None if looks is None else _signed(looks)
        row = [workspace, _digest(*images, key), list(images), _digest(key), signed, said]
        try:
            async with asyncio.timeout(PATIENCE):
                await (await self._tables.db()).rows(
                    """
                    insert into model_answers (team, name, images, question, looks, answer, at)
                    values (%s, %s, %s, %s, %s, %s::json, now())
                    on conflict (team, name) do update set answer = excluded.answer, at = excluded.at
                    """,
                    row,
                )
        except Exception as error:
            log.warning("What a model said is not kept (%s).", error)

    async def forget(self, workspace: str, sha256: str) -> None:
        """Raises: DatabaseAway, when it cannot be."""
        await (await self._tables.db()).rows(
            "delete from model_answers where team = %s and images @> array[%s]::text[]", [workspace, sha256]
        )

    async def _found(self, query: LiteralString, parameters: Sequence[Any]) -> Json | None:
        if not self._days:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                row = await (await self._tables.db()).row(query, parameters)
        except Exception as error:
            log.warning("What models said before cannot be looked up (%s).", error)
            return None
        return json.loads(row["answer"]) if row else None


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _signed(looks: int) -> int:
    """The same 64 bits as PostgreSQL has them."""
    return looks - (1 << 64) if looks >= 1 << 63 else looks
