"""What an archived image says in words: for matching them one by one, and for their meaning as a whole."""

from __future__ import annotations

from tools.kit.archive.item import Item

READ = 600
"""Characters of what is read on an image that its meaning is taken from: a text encoder takes in no more."""


def words_of(item: Item) -> str:
    """Everything that may be matched word by word."""
    said = (item.post.text,) if item.post else ()
    contents = item.contents
    return "\n".join(filter(None, (item.name, *said, contents.caption, " ".join(contents.tags), contents.text)))


def gist_of(item: Item) -> str:
    """What it is about, the most telling first; empty when nothing is known in words yet."""
    said = item.post.text if item.post else ""
    contents = item.contents
    return "\n".join(filter(None, (contents.caption, said, ", ".join(contents.tags), contents.text[:READ])))
