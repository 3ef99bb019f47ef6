"""Archives follow the encoder that is set up: one process at a time brings them to it, workspace by workspace."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.archive import engines
from bot.archive.encoding import ItemEncoder, Unread
from bot.archive.reencoding import Reencoded, finish, reencode
from bot.storage.database import DatabaseAway
from tools.kit import AskAgain, BlobStore, CannotDo, Decoder, Encoder
from tools.kit.archive import Collected
from tools.kit.disk import full_disk_said

if TYPE_CHECKING:
    from bot.wiring import Wiring

AGAIN = 600.0
"""Seconds between two looks whether there is something to do, and after it could not be done."""
REST = 1.0
"""Turns get as much time of the encoder as re-encoding takes."""
SETTLE = 10.0
"""Seconds after which every process knows which collection is current."""
SAID_EVERY = 60.0
"""Seconds between two lines in the log."""
LOCK = "archive: encoded anew"

log = logging.getLogger(__name__)


async def follow_encoder(wiring: Wiring) -> None:
    """Until cancelled. With ``auto`` there is nothing to follow: an archive keeps its encoder."""
    if wiring.settings.encoder.partition(":")[0] == "auto":
        return
    while True:
        with _failures_logged():
            for workspace in await engines.workspaces(wiring, wiring.settings.archive, None):
                with _failures_logged():
                    await _follow(wiring, workspace)
        await asyncio.sleep(AGAIN)


async def _follow(wiring: Wiring, workspace: str) -> None:
    said = 0.0
    async with aclosing(bring_all(wiring, workspace=workspace, rest=REST, settle=SETTLE)) as events:
        async for event in events:
            if event.finished or time.monotonic() - said > SAID_EVERY:
                said = time.monotonic()
                log.info("%s", told(event))


@contextmanager
def _failures_logged() -> Iterator[None]:
    """Nothing that is wrong with one archive keeps the others waiting, or ends the bot."""
    try:
        yield
    except (AskAgain, CannotDo, DatabaseAway) as error:
        log.warning("The archive is not encoded anew for now: %s", error)
    except Exception:
        log.exception("The archive is not encoded anew for now.")


async def bring_all(
    wiring: Wiring, *, to: str = "", workspace: str | None = None, rest: float = 0.0, settle: float = 0.0
) -> AsyncGenerator[Reencoded, None]:
    """Bring one workspace or all of them to an encoder (the one that is set up), unless another process does.

    Raises: as `reencode`; AskAgain when settings are wrong; DatabaseAway.
    """
    spec = wiring.settings.archive
    encoder: Encoder | None = None
    for name in await engines.workspaces(wiring, spec, workspace):
        async with (await wiring.locks()).hold(LOCK):
            encoder = encoder or await wiring.pairs.set_up(to)
            async with aclosing(_bring(wiring, name, encoder, rest, settle)) as events:
                async for event in events:
                    yield event


async def _bring(
    wiring: Wiring, workspace: str, encoder: Encoder, rest: float, settle: float
) -> AsyncGenerator[Reencoded, None]:
    spec = wiring.settings.archive
    async with engines.looked_into(wiring, spec) as archive:
        spaces = await archive.spaces(workspace)
    others = sorted((space for space in spaces if space.encoder != encoder.name), key=lambda space: not space.current)
    encoding = ItemEncoder(encoder, await wiring.lend(Decoder), await wiring.lend(BlobStore), workspace)
    target = Collected(encoder.name, encoder.dim, 0, current=False)
    for left in others:
        async with engines.opened(wiring, spec, left) as old, engines.opened(wiring, spec, target) as new:
            if left.current:
                wiring.say(f"The archive of {workspace} is encoded anew, by {encoder.name}; {left.encoder} answers on.")
                events = reencode(old, new, workspace, encoding, rest=rest, settle=settle)
            else:
                events = finish(old, new, workspace, encoding, rest=rest)
            noted = -1
            async with aclosing(events):
                async for event in events:
                    if event.switched:
                        wiring.pairs.ask_again(workspace)
                    if len(event.unread) != noted:
                        noted = len(event.unread)
                        with full_disk_said():
                            await asyncio.to_thread(note_unread, wiring.settings.home, workspace, event.unread)
                    yield event


def told(event: Reencoded) -> str:
    """How far it is, as a sentence."""
    lost = (
        f" Of {len(event.unread):,} the original cannot be had: they are found by their words." if event.unread else ""
    )
    if event.finished:
        return f"The archive of {event.workspace} is by {event.encoder} now: {event.encoded:,} images encoded.{lost}"
    return f"{event.seen:,} of {event.points:,} images of {event.workspace} are by {event.encoder}.{lost}"


# --- what could not be encoded --------------------------------------------------------------------


def note_unread(home: Path, workspace: str, unread: Sequence[Unread]) -> None:
    """Keep it for `unread_of`, in place of what was noted before. Raises: OSError when it cannot be written."""
    file = _file(home, workspace)
    if not unread:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_text(json.dumps([vars(each) for each in unread], indent=1), encoding="utf-8")


def unread_of(home: Path, workspace: str) -> list[Unread]:
    """Images that the last encoding anew found no original of, on this machine."""
    try:
        return [Unread(**each) for each in json.loads(_file(home, workspace).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _file(home: Path, workspace: str) -> Path:
    return home / "reencoding" / f"{workspace}.json"
