"""What intake and its worker say to each other. Standard library only: both sides import it, and neither pays for the
other's libraries (no decoder in the parent, no pydantic in a worker).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.backends.common.whole_files import write_whole
from tools.backends.decoder.sniff import PDF

SHEAF = "sheaf.json"
VERSION = 1
"""To be raised whenever the same file comes out differently, so that what an older version drew is drawn again."""


@dataclass(frozen=True)
class Limits:
    pixels: int
    """Of one image, checked before it is decoded."""
    pages: int
    """Of a PDF, drawn at most."""
    side: int
    """The long side of what is kept, in pixels; a long narrow image may be longer (see `pixels.fitted`)."""


@dataclass(frozen=True)
class Drawn:
    """One page or frame, saved."""

    file: str
    width: int
    height: int
    page: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheaf:
    """Everything drawn from one file so far."""

    mime: str
    pages: int
    """How many pages or frames the file has."""
    limits: Limits
    """Those it was drawn under."""
    drawn: tuple[Drawn, ...]
    version: int = VERSION

    @property
    def complete(self) -> bool:
        """False when pages within the limit were left out: time ran out, or one of them broke."""
        return self.mime != PDF.mime or len(self.drawn) == min(self.pages, self.limits.pages)

    def write(self, path: Path) -> None:
        """Atomic, because the worker may be killed at any moment and what it has drawn so far still counts."""
        write_whole(path, json.dumps(asdict(self)).encode())

    @classmethod
    def read(cls, path: Path) -> Sheaf | None:
        """None when there is none, or none that this version understands."""
        try:
            known = json.loads(path.read_text())
            drawn = tuple(Drawn(**{**one, "notes": tuple(one["notes"])}) for one in known["drawn"])
            sheaf = cls(known["mime"], known["pages"], Limits(**known["limits"]), drawn, known["version"])
            return sheaf if sheaf.version == VERSION else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


class Refused(Exception):
    """Ends the sentence "<file name> ..."."""
