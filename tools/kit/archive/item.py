"""What an archive keeps of an image, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from tools.kit.types import Embeddings, Frozen

AT_TERMINAL = "owner"
"""The audience of whoever sits at the terminal."""

Space = Literal["image", "text"]
"""Which of an item's dense vectors: of the picture (the encoder's space), or of its words (the text encoder's)."""
Tallied = Literal["people", "channels", "kinds", "colours", "tags"]
"""What images can be counted by."""


class Scope(Frozen):
    """Whose archive, and what may be shown of it where it is asked for. Every archive call names one."""

    workspace: str
    """Slack team id, or ``local`` for the terminal."""
    audiences: tuple[str, ...]
    """Audience keys: channel ids, user ids, or `AT_TERMINAL`. Never empty. In a channel these are the channels that
    everybody who can read it can read as well."""


class Post(Frozen):
    """The message with which somebody posted an image. Names and words are other people's: untrusted."""

    ts: str
    """The message's, as Slack writes it: seconds since 1970 with six decimals."""
    user: str = ""
    """Id of who posted it; empty where nobody knows."""
    name: str = ""
    """What they were called then."""
    channel: str = ""
    """What the channel was called then, without "#"."""
    thread_ts: str = ""
    """Of the thread it was posted in, where that is another message."""
    file: str = ""
    """Id of the file in Slack."""
    text: str = ""
    """What the message says, in plain words."""

    @property
    def at(self) -> datetime:
        """When it was posted, in UTC."""
        return datetime.fromtimestamp(float(self.ts), UTC)


class Contents(Frozen):
    """What was found out about an archived image besides its vector. Everything is empty until that was done."""

    text: str = ""
    """Read on it, lines separated by newlines."""
    caption: str = ""
    """A sentence."""
    tags: tuple[str, ...] = ()
    """Names of what it shows, the likeliest first."""
    colours: tuple[str, ...] = ()
    """Dominant colours by the names of `pictures.colours`, the largest first; behind a shade what it is a shade of."""
    kind: str = ""
    """One of `Kind`."""
    phash: str = ""
    """64-bit perceptual hash, 16 hex digits."""
    detail: str = ""
    """Coarse copy, in at most 480 characters, by which pictures that are much alike are told from copies."""
    done: tuple[str, ...] = ()
    """Which of these were looked for, by the names of the fields: an image may have no text."""


class Item(Frozen):
    """One archived image, without its vectors."""

    id: str
    """Stable: the same posting (or path) of the same image and page has the same id (UUID string)."""
    path: str
    """Where it came from: a file path or a permalink. Shown only through the gate."""
    sha256: str
    audience: str
    name: str
    mime: str
    width: int
    height: int
    page: int | None = None
    added: datetime
    taken: datetime | None = None
    size: int = 0
    """Bytes of the original."""
    modified: float = 0.0
    """The file's mtime in seconds, so that indexing can skip what has not changed."""
    version: str = ""
    """What its source calls this version of the original (an object's ETag); empty where it does not."""
    post: Post | None = None
    """Who posted it, and with what words; None for a file that nobody did."""
    contents: Contents = Contents()

    @property
    def posted(self) -> bool:
        """Somebody posted it: `path` is the address of the message, and the original is in the blob store."""
        return self.path.startswith(("https://", "http://"))

    @property
    def kept(self) -> bool:
        """The original is in the blob store: `path` is an address, and no file of this machine."""
        return "://" in self.path

    @property
    def channel(self) -> str:
        """Id of the channel it was posted in; its name at the terminal, where everything has one audience. Empty where
        nobody knows, and for what nobody posted."""
        if self.post is None:
            return ""
        return self.post.channel if self.audience == AT_TERMINAL else self.audience

    @property
    def when(self) -> datetime:
        """When it was posted, else taken, else last changed, else added."""
        if self.post:
            return self.post.at
        return self.taken or (datetime.fromtimestamp(self.modified, UTC) if self.modified else self.added)


@dataclass(frozen=True)
class Hit:
    item: Item
    score: float
    """Cosine similarity, -1 to 1; of a match of words its BM25 score, over 0."""
    vector: Embeddings | None = field(default=None, compare=False)
    """(dim,) float32, where the search was asked for it."""


@dataclass(frozen=True)
class Counted:
    """How many images have one value of something."""

    value: str
    """The id of a person or channel, or the name of a kind, colour or tag."""
    number: int
    name: str = ""
    """Of a person or channel, as the latest of its posts knows it."""
