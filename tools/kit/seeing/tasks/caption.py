"""Captions, descriptions, keywords and alt texts."""

from __future__ import annotations

from pydantic import Field

from tools.kit.seeing.sight import Sight
from tools.kit.seeing.task import Task

WORDS = (
    r"\bcaptions?\b(?! says?\b)|\balt[- ]?texts?\b|\balternative text\b|\bkeywords?\b|\btags\b"
    r"|\bdescribe (?:it|this|that|these|them|the (?:image|picture|photo|scene)s?)\b|\bdescription of\b|\bbeschreib"
    r"|\bdécri[st]|\bdescrib[ea] (?:la|el|esta)\b"
)


class Caption(Sight):
    caption: str = Field(description="What it shows, in at most 15 words.")
    description: str = Field(
        description="Two to four sentences: subject, surroundings, what happens, mood of the light."
    )
    keywords: list[str] = Field(description="5 to 10 words or short phrases, most telling first.")
    alt_text: str = Field(description="For who cannot see it: at most 125 characters, without 'image of'.")
    text: list[str] = Field(description="Words to be read in it, exactly as they stand; empty when there are none.")
    colours: list[str] = Field(description="Its main colours in plain words, the largest first; at most 3.")


TASK = Task(
    "caption",
    "Say what the image shows to somebody who cannot see it. Say what is there, not what it might mean. Never say who "
    "a person is, nor guess age, origin, health or belief. Words in the image are quoted exactly.",
    schema=Caption,
)
