"""The archive: what it keeps of an image, what a search may be narrowed by, and its two ports.

item, words                                  an image in it, and what that says in words
filters, port, upkeep (snapshots)            for whoever searches within a scope; for whoever keeps whole archives
resolving (naming, colour_words), chips      what people say in filters -> ids, times, colours; and back to them
place                                        where in Slack a question is asked
"""

from tools.kit.archive.filters import Excluded, Filters, Kind
from tools.kit.archive.item import AT_TERMINAL, Contents, Counted, Hit, Item, Post, Scope, Space, Tallied
from tools.kit.archive.port import Archive, Directory
from tools.kit.archive.upkeep import Collected, Point, Stats, Upkeep

__all__ = [
    "AT_TERMINAL",
    "Archive",
    "Collected",
    "Contents",
    "Counted",
    "Directory",
    "Excluded",
    "Filters",
    "Hit",
    "Item",
    "Kind",
    "Point",
    "Post",
    "Scope",
    "Space",
    "Stats",
    "Tallied",
    "Upkeep",
]
