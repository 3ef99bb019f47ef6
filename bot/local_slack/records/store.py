"""Where a workspace is kept: JSON documents in one SQLite file and the bytes of files beside it, or nowhere."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_SCHEMA = "CREATE TABLE IF NOT EXISTS documents(kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID"
_PAUSE = 0.05  # seconds in which many changes of one document become one write


class Store:
    """Documents by kind and id. Writes are gathered for a moment and reach the disk in one transaction.

    `folder` None: nothing is kept beyond this object.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._dirty: dict[tuple[str, str], Json | None] = {}
        self._bytes: dict[str, bytes] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._database = None if folder is None else _open(folder)

    def load(self, kind: str) -> dict[str, Json]:
        """Every document of a kind, in the order of its ids."""
        if self._database is None:
            return {}
        rows = self._database.execute("SELECT id, body FROM documents WHERE kind = ? ORDER BY id", (kind,))
        return {key: json.loads(body) for key, body in rows}

    def put(self, kind: str, key: str, document: Json) -> None:
        """Keeps the document as it will be when the batch is written: later changes of the same object are kept too."""
        self._mark(kind, key, document)

    def drop(self, kind: str, key: str) -> None:
        self._mark(kind, key, None)

    def _mark(self, kind: str, key: str, document: Json | None) -> None:
        if self._database is None:
            return
        self._dirty[(kind, key)] = document
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PAUSE, self.flush)

    def flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self._database is None or not self._dirty:
            return
        gone = [key for key, document in self._dirty.items() if document is None]
        kept = [(*key, json.dumps(document)) for key, document in self._dirty.items() if document is not None]
        self._dirty.clear()
        with self._database:
            self._database.executemany("DELETE FROM documents WHERE kind = ? AND id = ?", gone)
            self._database.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", kept)

    def keep_bytes(self, key: str, data: bytes) -> None:
        if self._folder is None:
            self._bytes[key] = data
        else:
            (self._folder / "files" / key).write_bytes(data)

    def bytes_of(self, key: str) -> bytes:
        """Raises: KeyError when there are none."""
        if self._folder is None:
            return self._bytes[key]
        path = self._folder / "files" / key
        if not path.is_file():
            raise KeyError(key)
        return path.read_bytes()

    def drop_bytes(self, key: str) -> None:
        self._bytes.pop(key, None)
        if self._folder is not None:
            (self._folder / "files" / key).unlink(missing_ok=True)

    def close(self) -> None:
        self.flush()
        if self._database is not None:
            self._database.close()


def _open(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "files").mkdir(exist_ok=True, mode=0o700)
    database = sqlite3.connect(folder / "workspace.sqlite3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(
        "PRAGMA synchronous=OFF"
    )  # a machine that loses power may lose the last moment of a test workspace
    database.execute(_SCHEMA)
    database.commit()
    return database
