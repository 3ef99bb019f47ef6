"""What a search is asked, once it is known to be one that can be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import category
from uuid import UUID

from tools.kit.archive import AT_TERMINAL, Archive, Filters, Item, Scope
from tools.kit.errors import AskAgain
from tools.kit.ports import Encoder
from tools.kit.types import Embeddings, Image

EMPTY = "The archive is empty: put images into it first with: spyglass index PATH"
NONE_HERE = "No image of this channel is in the archive yet: post some and ask me about them, then they can be found."
MOST = 50
MOST_IDS = 500
"""Hits that one search may leave out, or look among."""
UNSEEN = ("Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp")
"""Categories of characters of which nothing is seen by themselves."""
MOST_WORDS = 300
"""Of a query: a paragraph that stands on an image may be pasted whole."""

Order = Literal["best", "newest", "oldest"]


@dataclass(frozen=True)
class Request:
    """A search. With neither words nor a picture it lists what passes the filters."""

    words: str
    filters: Filters | None
    limit: int
    order: Order
    without: tuple[str, ...] = ()
    within: tuple[str, ...] = ()

    @property
    def narrowed(self) -> Filters | None:
        """The filters, with the hits it looks among."""
        return (self.filters or Filters()).among(self.within) if self.within else self.filters


def request_of(
    query: str | None,
    filters: Filters | None,
    limit: int,
    *,
    without: Sequence[str],
    within: Sequence[str],
    order: Order | None,
    by_picture: bool,
) -> Request:
    """Raises: AskAgain when there is nothing or too much to go by, or the limit is not 1 to 50."""
    words = visible(" ".join((query or "").split()))
    narrowed = filters is not None and filters != Filters()
    if not (words or by_picture or narrowed or within or order in ("newest", "oldest")):
        raise AskAgain("Say what to look for, or name an image to find others like it.")
    if (number := len(words.split())) > MOST_WORDS:
        raise AskAgain(f"Say in at most {MOST_WORDS} words what to look for: these are {number:,}.")
    if not 1 <= limit <= MOST:
        raise AskAgain(f"The limit is 1 to {MOST} images, not {limit}.")
    if len(without) > MOST_IDS:
        raise AskAgain(f"A search can leave out {MOST_IDS} hits, not {len(without)}: say more closely what.")
    if len(within) > MOST_IDS:
        raise AskAgain(f"A search can look among {MOST_IDS} hits, not {len(within)}: say more closely what.")
    chosen: Order = order or ("best" if words or by_picture else "newest")
    ids = _ids(without, "left out"), _ids(within, "looked among")
    return Request(words, filters, limit, chosen, *ids)


def visible(words: str) -> str:
    """The words, or none where nothing of them can be seen."""
    return words if any(category(char) not in UNSEEN for char in words) else ""


def _ids(keys: Sequence[str], how: str) -> tuple[str, ...]:
    try:
        return tuple(str(UUID(key)) for key in keys)
    except ValueError:
        raise AskAgain(f"Hits are {how} by their ids, as an earlier search gave them.") from None


# --- a picture to search with ---------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A picture to search with: an image of the thread, or a hit of an earlier search."""

    name: str
    sha256: str
    page: int | None
    vector: Embeddings
    """(dim,) float32, L2-normalised."""

    def shown_by(self, item: Item) -> bool:
        """Whether an item is this very picture."""
        return picture_of(item) == (self.sha256, self.page)


def picture_of(item: Item) -> tuple[str, int | None]:
    """What is the same for all postings of one picture."""
    return item.sha256, item.page


async def example_of(
    image: Image | None, like: str | None, encoder: Encoder, archive: Archive, scope: Scope
) -> Example | None:
    """Raises: AskAgain for two of them at once, or a hit that is not there."""
    if image is not None and like:
        raise AskAgain("Search with an image or with a hit of an earlier search, not with both.")
    if image is not None:
        return Example(image.handle, image.ref.sha256, image.ref.page, (await encoder.images([image]))[0])
    return await _hit(like, archive, scope) if like else None


async def _hit(key: str, archive: Archive, scope: Scope) -> Example:
    try:
        items, vector = await archive.get(scope, [key]), await archive.vector(scope, key)
    except ValueError:
        items, vector = [], None
    if not items or vector is None:
        raise AskAgain("That hit is not in the archive (any more): search again, and name one of what is found then.")
    return Example(items[0].name, items[0].sha256, items[0].page, vector)


async def total_of(request: Request, archive: Archive, scope: Scope) -> int:
    """How many images it goes through. Raises: AskAgain when the archive has none at all to show."""
    total = await archive.count(scope, request.narrowed)
    if not total and not await archive.count(scope):
        raise AskAgain(EMPTY if AT_TERMINAL in scope.audiences else NONE_HERE)
    return total
