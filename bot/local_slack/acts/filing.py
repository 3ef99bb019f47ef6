"""Files of the workspace: taken in, described as Slack describes them, renamed and deleted."""

from __future__ import annotations

import io
import mimetypes
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image

from bot.local_slack.records.state import new_id
from bot.local_slack.records.store import Json
from bot.local_slack.sending import events

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace

Mode = Literal["hosted", "tombstone", "hidden_by_limit", "external"]

_TYPES = {"image/heic": "heic", "image/heif": "heif", "image/webp": "webp", "image/svg+xml": "svg"}
_EXTENSIONS = {".heic": "image/heic", ".heif": "image/heif", ".webp": "image/webp", ".md": "text/markdown"}


@dataclass(frozen=True)
class Upload:
    """A file as a person posts it, or as Slack may show it.

    `mimetype` None: from the name; anything else is what Slack will say, right or wrong. `untyped_at_first`: events
    show an empty type, files.info the right one. `stub`: Slack Connect tells only the id until files.info is asked.
    `external_url`: mode external, with nothing of Slack's to fetch.
    """

    name: str
    data: bytes = b""
    mimetype: str | None = None
    mode: Mode = "hosted"
    stub: bool = False
    untyped_at_first: bool = False
    external_url: str | None = None
    title: str | None = None


Posted = Path | tuple[str, bytes] | Upload | str


def take_in(workspace: Workspace, user: str, posted: Sequence[Posted]) -> list[str]:
    """The ids of the files as they are now in the workspace; a `str` is the id of one that was there before."""
    return [_take_in(workspace, user, one) for one in posted]


def _take_in(workspace: Workspace, user: str, posted: Posted) -> str:
    if isinstance(posted, str):
        return posted
    if isinstance(posted, Path):
        posted = Upload(posted.name, posted.read_bytes())
    elif isinstance(posted, tuple):
        posted = Upload(*posted)
    return add(workspace, user, posted)["id"]  # type: ignore[no-any-return]


def add(workspace: Workspace, user: str, upload: Upload, *, key: str | None = None) -> Json:
    """A file that nobody but its owner sees until it is shared."""
    key, now = key or new_id("F"), int(time.time())
    external = upload.external_url is not None
    record: Json = {
        "id": key,
        "created": now,
        "timestamp": now,
        "name": upload.name,
        "title": upload.title or upload.name,
        **_typed(upload),
        "user": user,
        "user_team": workspace.state.users[user].team,
        "editable": False,
        "size": len(upload.data),
        "mode": "external" if external else upload.mode,
        "is_external": external,
        "external_type": "unknown" if external else "",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "media_display_type": "unknown",
        "has_rich_preview": False,
        "file_access": "check_file_info" if upload.stub else "visible",
        "_shares": [],
        "_untyped": upload.untyped_at_first,
    }
    if external:
        record |= {"external_url": upload.external_url, "url_private": upload.external_url}
    workspace.state.store.keep_bytes(key, upload.data)
    workspace.state.keep_file(record | _dimensions(record["mimetype"], upload.data))
    return workspace.state.files[key]


def _typed(upload: Upload) -> Json:
    extension = Path(upload.name).suffix.lower()
    guess = _EXTENSIONS.get(extension) or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    mimetype = guess if upload.mimetype is None else upload.mimetype
    filetype = _TYPES.get(mimetype) or extension.lstrip(".").replace("jpeg", "jpg") or "binary"
    if not mimetype:
        return {"mimetype": "", "filetype": "", "pretty_type": ""}
    return {"mimetype": mimetype, "filetype": filetype, "pretty_type": filetype.upper()}


def _dimensions(mimetype: str, data: bytes) -> Json:
    if not mimetype.startswith("image/") or not data:
        return {}
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return {}
    return {"original_w": width, "original_h": height}


def rename(workspace: Workspace, record: Json, title: str) -> None:
    record["title"] = title
    workspace.state.keep_file(record)
    workspace.changes.note("file", id=record["id"])
    events.file_event(workspace, "file_change", record)


def delete(workspace: Workspace, record: Json) -> None:
    """Its bytes are gone; messages show a tombstone where it was."""
    record["_deleted"] = True
    workspace.state.store.drop_bytes(record["id"])
    workspace.state.keep_file(record)
    workspace.changes.note("file", id=record["id"])
    events.file_event(workspace, "file_deleted", record)


def seen_by_bot(workspace: Workspace, record: Json) -> bool:
    """Its own files, and what is shared where it is a member or in a public channel."""
    if record["user"] == workspace.state.identity.bot_user:
        return True
    shared = [workspace.state.channels[share["channel"]] for share in record["_shares"]]
    return any(channel.kind == "channel" or workspace.bot_in(channel) for channel in shared)
