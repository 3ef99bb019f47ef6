"""Exports of a Slack workspace, as Slack packs them: people, channels, and a file of messages a day."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PEOPLE = [
    {"id": "U1", "name": "anna", "profile": {"display_name": "Anna", "real_name": "Anna A."}},
    {"id": "U2", "name": "ben", "profile": {"display_name": "", "real_name": "Ben B."}},
]
CHANNELS = [{"id": "C1", "name": "design", "members": ["U1", "U2"]}]
GROUPS = [{"id": "G1", "name": "board", "members": ["U1"]}]
DMS = [{"id": "D1", "members": ["U1", "U2"]}]
MPIMS = [{"id": "G9", "name": "mpdm-anna--ben--carl-1", "members": ["U1", "U2"]}]


def file(key: str, name: str = "bike.png", mime: str = "image/png", **more: Any) -> dict[str, Any]:
    """A file object as messages of exports hold it."""
    url = f"https://files.slack.com/files-pri/T1-{key}/{name}"
    shown = f"https://acme.slack.com/files/U1/{key}/{name}"
    known = {"id": key, "name": name, "mimetype": mime, "mode": "hosted", "url_private": url, "permalink": shown}
    return {**known, "url_private_download": f"{url}?t=xoxe-1", **more}


def message(ts: str, *files: Mapping[str, Any], user: str = "U1", text: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "message", "ts": ts, "user": user, "text": text, "files": list(files), **more}


def export(folder: Path, days: Mapping[str, Any], saved: Mapping[str, bytes] | None = None, **lists: Any) -> Path:
    """An unpacked one. days: ``channel/YYYY-MM-DD`` -> its messages (text is written as it is).

    saved: names of further files in it, with their bytes.
    """
    known = {"users": PEOPLE, "channels": CHANNELS, "groups": GROUPS, "dms": DMS, "mpims": MPIMS, **lists}
    for name, rows in {**known, **days}.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
    for name, data in (saved or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(folder: Path, to: Path, extra: Sequence[tuple[Any, bytes]] = ()) -> Path:
    """The same in a zip. extra: members (a name, or a `ZipInfo`) that no folder could hold."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                made.write(path, path.relative_to(folder).as_posix())
        for member, data in extra:
            made.writestr(member, data)
    return to
