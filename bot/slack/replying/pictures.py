"""Files of ours in Slack: pictures that a message shows, and files that are shared in the thread.

Three steps each (getUploadURLExternal, the bytes, completeUploadExternal):
https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.slack.replying.parts import Parts
from bot.slack.replying.replies import Attached
from bot.slack.storage.outbox import Intent, Progress
from bot.slack.web import Refused, Unsure, Web

log = logging.getLogger(__name__)

FIRST_PICTURE = 1_000
"""Parts from here on are pictures: they are not messages of their own."""
FIRST_THUMBNAIL = 2_000
"""And from here on small ones, of hits."""
FILES = "files"
LOOKS = 8
"""Times a file is looked at until Slack has made out what it is."""
FIRST_LOOK = 0.05
LOST = {"file_not_found", "file_deleted"}
"""An upload that was begun and has expired."""


async def show(parts: Parts, pictures: Sequence[dict[str, Any]], *, but: Collection[str] = ()) -> dict[str, str]:
    """Upload the pictures (`Answer.pictures`) for messages to show: path -> file id, without those that cannot be.

    Each is uploaded once: ids are kept with the reply's intents. `but`: paths of those that are not wanted.
    Raises: Unsure.
    """
    wanted = [(number, picture) for number, picture in enumerate(pictures) if picture["path"] not in but]
    shown = await asyncio.gather(*(_shown(parts, number, picture) for number, picture in wanted))
    return {picture["path"]: file for (_, picture), file in zip(wanted, shown, strict=True) if file}


async def _shown(parts: Parts, number: int, picture: dict[str, Any]) -> str | None:
    path = Path(picture["path"])

    async def drawn() -> bytes:
        return await asyncio.to_thread(path.read_bytes)

    return await show_one(parts, FIRST_PICTURE + number, path.name, drawn, picture["caption"])


async def show_one(
    parts: Parts, part: int, name: str, content: Callable[[], Awaitable[bytes]], caption: str
) -> str | None:
    """Upload one picture, once, for a message to show: the id of its file, or None where that cannot be.

    content: its bytes; may raise OSError. Raises: Unsure.
    """
    intent = await parts.saved(part, FILES)
    if intent.progress is Progress.SENT:
        return str(intent.body["file"])
    try:
        file = await upload(parts.web, name, await content(), alt=caption)
        with suppress(Refused):  # it was completed, and the answer to that was lost
            await complete(parts.web, file, name)
        ready = await _is_ready(parts.web, file)
    except (Refused, OSError) as error:
        log.warning("A picture cannot be shown: %s", error)
        return None
    if not ready:
        log.warning("Slack has not made out the picture %s in time.", file)
        return None
    await parts.outbox.sent(await parts.outbox.note(intent, {"file": file}))
    return file


async def share(parts: Parts, part: int, attached: Attached) -> None:
    """Share a file in the thread of the reply, once. Raises: Refused; Unsure."""
    intent = await parts.saved(part, FILES)
    if intent.progress is Progress.SENT:
        return
    if intent.body.get("file") is None:
        intent = await _uploaded(parts, intent, attached)
    try:
        ts = await _share_once(parts, intent, attached)
    except Refused as refused:
        if refused.error not in LOST:
            raise
        intent = await _uploaded(parts, intent, attached)
        ts = await _share_once(parts, intent, attached)
    await parts.outbox.sent(intent, ts)


async def _uploaded(parts: Parts, intent: Intent, attached: Attached) -> Intent:
    return await parts.outbox.note(intent, {"file": await upload(parts.web, attached.name, attached.content)})


async def _share_once(parts: Parts, intent: Intent, attached: Attached) -> str | None:
    """Sharing is the step people see: whether it happened is looked up in the file before it is done again."""
    file, place = str(intent.body["file"]), parts.question
    if intent.before and (ts := await _share_of(parts, file)):
        return ts
    try:
        await complete(parts.web, file, attached.title, channel=place.channel, thread=place.thread_ts)
    except Unsure:
        if (ts := await _share_of(parts, file)) is None:
            raise
        return ts
    return await _share_of(parts, file)


async def _share_of(parts: Parts, file: str) -> str | None:
    """The `ts` of the message by which the file is shared in this thread; None when it is not."""
    try:
        told = await parts.web.call(parts.web.client.files_info, file=file)
    except Refused:  # an upload that was never completed is no file yet
        return None
    shares = (told["file"].get("shares") or {}).values()
    here = [share for kind in shares for share in kind.get(parts.question.channel, ())]
    thread = parts.question.thread_ts
    return next((str(share["ts"]) for share in here if share.get("thread_ts", share["ts"]) == thread), None)


# --- the three steps ------------------------------------------------------------------------------


async def upload(web: Web, name: str, content: bytes, *, alt: str | None = None) -> str:
    """The first two steps: the id of a file that nobody sees yet. Raises: Refused; Unsure."""
    told = await web.call(
        web.client.files_getUploadURLExternal, filename=name, length=len(content), alt_txt=alt[:1_000] if alt else None
    )
    await web.send(told["upload_url"], content)
    return str(told["file_id"])


async def complete(web: Web, file: str, title: str, *, channel: str | None = None, thread: str | None = None) -> None:
    """The third step; with a channel the file is shared there, which people see. Raises: Refused; Unsure."""
    await web.call(
        web.client.files_completeUploadExternal,
        once=channel is not None,
        files=[{"id": file, "title": title}],
        channel_id=channel,
        thread_ts=thread,
    )


async def _is_ready(web: Web, file: str) -> bool:
    """Slack makes out what a file is after the upload; a message that shows it before is refused."""
    pause = FIRST_LOOK
    for _ in range(LOOKS):
        told = await web.call(web.client.files_info, file=file)
        if told["file"].get("mimetype"):
            return True
        await asyncio.sleep(pause)
        pause *= 2
    return False
