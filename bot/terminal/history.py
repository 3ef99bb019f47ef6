"""The lines typed into `spyglass chat`, kept for the arrow keys of the next time. What looks like a secret is not."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Collection
from pathlib import Path

log = logging.getLogger(__name__)

KEPT = 1000
"""Lines remembered; older ones are dropped when the file is read."""
SECRET = re.compile(
    r"\b(?:sk|pk|rk)[-_][\w-]{12,}|\bxox[a-z]-|\bxapp-|\bgh[a-z]_\w{20}|\bgithub_pat_|\bAKIA[0-9A-Z]{12}|\beyJ[\w-]{10,}\."
    r"|://[^/\s:@]+:[^/\s@]+@|-----BEGIN "
    r"|(?i:\b(?:passw(?:or)?ds?|passphrase|pin|secret|token|credentials?|\w+[ _-]key)\b\s*(?:is\b|[:=]))"
    r"|(?<![\w./-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{32,}(?![\w./-])"
)
"""Keys by their makers' prefixes, passwords in URLs, what is called a secret, long words of letters and digits."""


class History:
    """A file that only its owner can read."""

    def __init__(self, file: Path, secrets: Collection[str] = ()) -> None:
        """secrets: values that are never written, whatever they look like."""
        self._file = file
        self._secrets = secrets

    def lines(self) -> list[str]:
        """What was typed before, oldest first."""
        try:
            found = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
            if len(found) > KEPT:
                self._rewrite(found[-KEPT:])
        except FileNotFoundError:
            return []
        except OSError:
            log.warning("The history of chat cannot be read.", exc_info=True)
            return []
        return found[-KEPT:]

    def add(self, line: str) -> bool:
        """Remember a line unless it is blank or may hold a secret; whether it was remembered."""
        if not line.strip() or SECRET.search(line) or any(secret in line for secret in self._secrets):
            return False
        try:
            self._append(line)
        except OSError:  # a full disk is no reason to stop a conversation
            log.warning("The history of chat cannot be written.", exc_info=True)
        return True

    def _append(self, line: str) -> None:
        with open(self._file, "a", encoding="utf-8", errors="replace", opener=_privately) as file:
            file.write(f"{line}\n")

    def _rewrite(self, lines: list[str]) -> None:
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with open(draft, "w", encoding="utf-8", opener=_privately) as file:
            file.writelines(f"{line}\n" for line in lines)
        draft.replace(self._file)


def _privately(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor
