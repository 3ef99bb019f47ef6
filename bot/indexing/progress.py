"""How far an indexing run is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.indexing.walking import Problem


@dataclass(frozen=True)
class Progress:
    """`seen` is the sum of what follows it up to `unreadable`, in files."""

    total: int | None = None
    """Files there are, once they have been counted."""
    seen: int = 0
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    other: int = 0
    """Not images and not called so."""
    unreadable: int = 0
    hidden: int = 0
    """Files and folders left alone because their name begins with a dot (not in `seen`)."""
    removed: int = 0
    """Entries whose file can no longer be read, or has vanished (not in `seen`)."""
    unfinished: int = 0
    """Files of which text, tags or a caption are yet to be found out."""
    enriched: int = 0
    """Files of which this run found them out."""
    finished: bool = False

    def plus(self, **more: int) -> Progress:
        return replace(self, **{name: getattr(self, name) + count for name, count in more.items()})


@dataclass
class Outcome:
    """What came of one batch."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def count(self, name: str, files: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + files
