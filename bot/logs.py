"""Where traces go: a file that only its owner can read, never the terminal; of a server, lines of JSON. No secrets."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO

FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
BYTES = 1_000_000
KEPT = 3
"""Older files kept beside the newest."""
SECRET = re.compile(r"(?:xox[a-z]|xapp)[.-][\w.-]+|v0=[0-9a-f]{64}|(?<=Bearer )[^\s\"',]+", re.IGNORECASE)
"""Slack's tokens (bot, user, app, refresh) and signatures, and whatever authorises a request."""
HIDDEN = "[hidden]"

_turn: ContextVar[str] = ContextVar("turn", default="")


class Discreet(logging.Formatter):
    """Says everything but secrets: known ones by their value, others by their looks, in traces too."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(FORMAT)
        known = sorted(filter(None, secrets), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known)) or "(?!)")

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(HIDDEN, self._known.sub(HIDDEN, self.said(record)))

    def said(self, record: logging.LogRecord) -> str:
        return super().format(record)


class JsonLines(Discreet):
    """One line of JSON an event: at, level, from, event, turn (of the turn it belongs to), its fields, trace."""

    def said(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        if _turn.get():
            line["turn"] = _turn.get()
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Everything logged within belongs to that turn."""
    before = _turn.set(name)
    try:
        yield
    finally:
        _turn.reset(before)


def note(log: logging.Logger, event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Log an event with its fields (ids and figures; never what people wrote)."""
    log.log(level, event, extra={"fields": fields})


def log_lines(stream: TextIO, *, secrets: Iterable[str] = ()) -> None:
    """Send what a server does to `stream` as lines of JSON: our events, and warnings and errors of libraries."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(secrets))
    handler.setLevel(logging.INFO)  # a provider's SDK can be told by a variable to log whole requests
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False


class PrivateLog(RotatingFileHandler):
    """A log file made when there is something to write, in the temporary folder where its own cannot be written."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=BYTES, backupCount=KEPT, delay=True, encoding="utf-8")

    @property
    def path(self) -> str:
        return self.baseFilename

    def _open(self) -> TextIOWrapper:
        try:
            Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            descriptor, self.baseFilename = tempfile.mkstemp(prefix="spyglass-", suffix=".log")
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")


def log_to(folder: Path) -> PrivateLog:
    """Send the warnings and errors of this process, ours and those of libraries, to ``spyglass.log`` in `folder`."""
    handler = PrivateLog(folder / "spyglass.log")
    handler.setFormatter(Discreet())
    handler.setLevel(logging.WARNING)  # a provider's SDK can be told by a variable to log whole requests
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a full disk is no reason to print a trace
    return handler
