"""What vision models said, kept in PostgreSQL to be said again."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from typing import cast

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
        if not self._days:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                row = await (await self._tables.db()).row(
                    """
                    select answer::text from model_answers
                    where (team, name) = (%s, %s) and at > now() - make_interval(days => %s)
                    """,
                    [workspace, _name(images, key), self._days],
                )
        except Exception as error:
            log.warning("What models said before cannot be looked up (%s).", error)
            return None
        return cast(Json, json.loads(row["answer"])) if row else None

    async def put(self, workspace: str, images: Sequence[str], key: str, answer: Json) -> None:
        said = json.dumps(answer)
        if not self._days or len(said) > LONGEST:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await (await self._tables.db()).rows(
                    """
                    insert into model_answers (team, name, images, answer, at) values (%s, %s, %s, %s::json, now())
                    on conflict (team, name) do update set answer = excluded.answer, at = excluded.at
                    """,
                    [workspace, _name(images, key), list(images), said],
                )
        except Exception as error:
            log.warning("What a model said is not kept (%s).", error)

    async def forget(self, workspace: str, sha256: str) -> None:
        """Raises: DatabaseAway, when it cannot be."""
        await (await self._tables.db()).rows(
            "delete from model_answers where team = %s and images @> array[%s]::text[]", [workspace, sha256]
        )


def _name(images: Sequence[str], key: str) -> str:
    return hashlib.sha256(json.dumps([*images, key]).encode()).hexdigest()
