"""Originals that the archives of channels keep in the blob store: kept and let go of by one at a time."""

from __future__ import annotations

from collections.abc import Iterable

from bot.storage.database import Connection


async def hold_originals(db: Connection, originals: Iterable[tuple[str, str, str | None]]) -> None:
    """Until the end of the transaction nobody else keeps these for the archive of their channel, or lets go of them.

    originals: team, channel and SHA-256 of each, or None where that is not known.
    """
    known = {f"{team}:{channel}:{sha256}" for team, channel, sha256 in originals if sha256}
    for original in sorted(known):
        await db.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [original])
