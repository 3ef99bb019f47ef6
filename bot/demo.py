"""The demo: a short conversation about real images, with embedded parts and no key."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo_pictures import draw_all
from bot.intake import Posted
from bot.settings import Settings
from bot.turns import Answer, Turns
from bot.wiring import Wiring
from graphs.memory import thread_key
from tools.kit import Scope

DEMO = Scope(workspace="demo", audiences=("owner",))
"""A workspace of its own: the demo never touches an archive that somebody filled."""
RULES = """\
banned_brands:
  brands:
    - name: Acme
      aliases: [Acme Tools]
"""


@dataclass(frozen=True)
class Message:
    """One message of the demo."""

    text: str
    shows: str
    """What it is there to show."""
    pictures: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    """Tools that have to bring evidence for it."""


SCRIPT = (
    Message("Is this a dog, a flower, a car or a building?", "classify a photo", ("flower",), ("classify",)),
    Message("and this one?", "a follow-up with a new photo", ("temple",), ("classify",)),
    Message("What is the total, and what is the date?", "typed fields from a receipt", ("receipt",), ("extract",)),
    Message("Do the sums on it add up?", "printed arithmetic, checked", (), ("analyze",)),
    Message(
        "Which company is this invoice from?",
        "a PDF whose issuer is on the list of banned brands",
        ("invoice",),
        ("extract",),
    ),
    Message("Walk me through this diagram step by step.", "labels and connections", ("diagram",), ("analyze",)),
    Message(
        "The first of these is our product photo, the second is what arrived. Is it as advertised?",
        "a before/after pair",
        ("before", "after"),
        ("compare",),
    ),
    Message("Find 3 pictures of flowers in the archive", "search in the archive", (), ("search",)),
    Message("Who is the person in the first photo?", "something it does not do"),
    Message("thanks!", "small talk"),
)


@dataclass
class Demo:
    """Everything the demo makes lies in one folder of SPYGLASS_HOME."""

    settings: Settings
    pictures: dict[str, Path] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.settings.home / "demo"

    def prepared(self) -> Settings:
        """Draw the pictures, write the rules; the settings that use them."""
        self.pictures = draw_all(self.folder / "pictures")
        rules = self.folder / "rules.yaml"
        rules.write_text(RULES, "utf-8")
        return self.settings.model_copy(update={"rules": rules})

    async def fill_archive(self, wiring: Wiring) -> str:
        """Index the pictures; a sentence of counts."""
        from bot.indexing import Progress

        counts = Progress()
        async for event in wiring.index([self.folder / "pictures"], scope=DEMO, prune=False, fresh=True):
            counts = event if isinstance(event, Progress) else counts
        return f"{counts.seen} files: {counts.added} added"

    async def play(self, wiring: Wiring) -> AsyncIterator[tuple[Message, Answer]]:
        """The conversation, turn by turn."""
        turns = Turns(wiring)
        thread = thread_key(DEMO.workspace, "terminal", f"{time.time():.6f}")
        for message in SCRIPT:
            posted = [Posted(self.pictures[name].name, self.pictures[name]) for name in message.pictures]
            yield message, await turns.ask(message.text, posted, thread=thread, scope=DEMO)
