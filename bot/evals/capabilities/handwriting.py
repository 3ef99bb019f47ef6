"""What is written by hand, drawn with letters that lean and waver: easier than a real hand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot.evals.capabilities.case import Case, reads
from bot.evals.capabilities.drawing import by_hand

NOTES = (
    "Buy milk and bread",
    "Call Anna at 17:30",
    "Meeting moved to room 204",
    "Dear Tom,\nthe key is under the mat.",
    "2 eggs, 150 g flour,\n1 cup of water",
    "Parcel no. 7718 arrived",
)


def cases() -> Iterator[Case]:
    for seed, note in enumerate(NOTES):
        name = note.replace("\n", " / ")
        yield Case(name, "handwriting", partial(by_hand, note, seed), "Read the handwritten note.", reads(note))
