"""`VisionModel` where none is configured: it says so, and what can be told without one."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit import CannotDo, Image, Seen
from tools.kit.parts import Parts
from tools.kit.seeing import GENERAL, Task

SENTENCE = (
    "No vision model is configured, so I cannot look at the picture itself; whoever runs me can set SPYGLASS_VISION to "
    "chat_vision:anthropic/MODEL or chat_vision:openai/MODEL. Without one I can read its text, name its colours, say "
    "what kind of thing it shows, take fields from documents, compare it with another image, and find similar ones."
)


def build(rest: str, parts: Parts) -> NoVision:
    """`rest` is not used."""
    return NoVision()


class NoVision:
    absent = SENTENCE

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        raise CannotDo(SENTENCE)
