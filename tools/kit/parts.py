"""What a backend is built from. `bot.wiring` turns a setting such as ``clip:openai/clip-vit-base-patch32`` into
``tools.backends.clip.build("openai/clip-vit-base-patch32", parts)``: a backend is one new file with a `build`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.kit.models.ledger import NO_LEDGER, Ledger
from tools.kit.ports import Workers


@dataclass(frozen=True)
class Parts:
    home: Path
    """SPYGLASS_HOME: everything kept lives below it."""
    workers: Workers
    say: Callable[[str], None] = lambda sentence: None
    """Tells whoever runs this process one sentence (the terminal prints it, a server logs it)."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Further settings a backend may need (keys, base URLs), by name."""
    ledger: Ledger = NO_LEDGER
    """Where calls of models are written down, and who says whether they may be made."""
