"""What an archived image says in words: for matching them one by one, and for their meaning as a whole."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from tools.kit.archive.item import Item

Source = Literal["name", "message", "caption", "tags", "text"]
"""Where words of an item stand."""
READ = 600
"""Characters of what is read on an image that its meaning is taken from: a text encoder takes in no more."""
UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Kana, Han and Hangul: written without spaces, or glued to endings, so each letter counts as a word."""
WORD = re.compile(f"[{UNSPACED}]|[^\\W_{UNSPACED}]+")


def fold(text: str) -> str:
    """Compatibility forms and case folded away, so that text matches as people type it."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(item: Item) -> str:
    """Everything that may be matched word by word."""
    return "\n".join(sources_of(item).values())


def sources_of(item: Item) -> dict[Source, str]:
    """The same by where it stands, as far as there is any."""
    contents = item.contents
    said: dict[Source, str] = {
        "name": item.name,
        "message": item.post.text if item.post else "",
        "caption": contents.caption,
        "tags": ", ".join(contents.tags),
        "text": contents.text,
    }
    return {source: words for source, words in said.items() if words}


def gist_of(item: Item) -> str:
    """What it is about, the most telling first; empty when nothing is known in words yet."""
    said = item.post.text if item.post else ""
    contents = item.contents
    return "\n".join(filter(None, (contents.caption, said, ", ".join(contents.tags), contents.text[:READ])))
