"""`VisionModel` where none may or can look: it says so, and what can be told without one."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit import CannotDo, Image, Seen
from tools.kit.parts import Parts
from tools.kit.seeing import GENERAL, Task

SENTENCE = (
    "No vision model is configured, so I cannot look at the picture itself; whoever runs me can set SPYGLASS_VISION to "
    "anthropic:MODEL, openai:MODEL, google:MODEL or a model of their own. Without one I can read its text, name its "
    "colours, say what kind of thing it shows, take fields from documents, compare it with another image, and find "
    "similar ones."
)
LOCAL_ONLY = (
    "This channel is set to local only, so no vision model sees its images. I can still read their text, name their "
    "colours, say what kind of thing they show, take fields from documents, compare them, and find similar ones."
)


def build(rest: str, parts: Parts) -> NoVision:
    """`rest` is ``local_only`` where nothing may leave the machine, or empty."""
    return NoVision(LOCAL_ONLY if rest == "local_only" else SENTENCE)


class NoVision:
    """`absent`: the sentence, for those who can do without."""

    def __init__(self, absent: str = SENTENCE) -> None:
        self.absent = absent

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        raise CannotDo(self.absent)
