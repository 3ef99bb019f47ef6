"""Postings that one process works on, and no other as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from bot.slack.archiving.postings import Posting
from bot.slack.archiving.register import LEASE, Register
from bot.storage.database import DatabaseAway


@asynccontextmanager
async def kept(register: Register, postings: Sequence[Posting]) -> AsyncIterator[None]:
    """Nobody else begins with them inside the block."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with suppress(DatabaseAway):
                await register.renew(postings)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.wait([renewing])
