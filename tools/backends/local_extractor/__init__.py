"""Fields out of a reading by layout, rules and arithmetic, with no model: the `Extractor` that is always there.

Nothing is guessed: a value is a stretch of the reading's own text, with the box it stands in, or it is None.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tools.backends.local_extractor.fields import usual, value
from tools.backends.local_extractor.layout import page_of
from tools.backends.local_extractor.paper import Paper
from tools.kit import Extractor, Field, Image, Reading, Value
from tools.kit.parts import Parts


class LocalExtractor:
    async def extract(self, image: Image, reading: Reading, fields: Sequence[Field]) -> list[Value]:
        """One value a field, in order; with no fields, those the kind of paper usually has.

        The field "document_kind" is judged, not printed: receipt, invoice, card, form or other.
        """
        return await asyncio.to_thread(extract, reading, fields)


def extract(reading: Reading, fields: Sequence[Field]) -> list[Value]:
    """The same, without waiting for anything: pure Python on a reading."""
    paper = Paper(page_of(reading))
    return [value(paper, field) for field in fields or usual(paper)]


def build(rest: str, parts: Parts) -> Extractor:
    """`local_extractor` takes no argument."""
    return LocalExtractor()
