"""Where traces go: a file that only its owner can read, never the terminal."""

from __future__ import annotations

import logging
import os
import tempfile
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
BYTES = 1_000_000
KEPT = 3
"""Older files kept beside the newest."""


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
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a full disk is no reason to print a trace
    return handler
