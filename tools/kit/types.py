"""The nouns of Spyglass. Plain, frozen and serialisable, because thread state and JSON output are made of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embeddings = NDArray[np.float32]
    Pixels = NDArray[np.uint8]
else:
    Embeddings = Any
    Pixels = Any

Json = Any
"""A JSON value: None, bool, int, float, str, list of Json, dict of str to Json."""

Box = tuple[float, float, float, float]
"""left, top, right, bottom in pixels of the upright image."""

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Four (x, y) corners in pixels of the upright image: top left, top right, bottom right, bottom left of the text."""


class Frozen(BaseModel):
    """Base of every value that goes into thread state or JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- images -------------------------------------------------------------------------------------


class ImageRef(Frozen):
    """A reference to one image (or one page) of a thread: what state remembers instead of bytes."""

    handle: str
    """What people and models call it, stable for the life of the thread: ``image 2``."""
    sha256: str
    """Of the original file, in hex. Several pages of one PDF share it."""
    mime: str
    """Of the original, judged by content."""
    width: int
    """Of the upright image, in pixels."""
    height: int
    name: str
    """File name as posted. Untrusted: shown only through the gate."""
    page: int | None = None
    """1-based page of a PDF, or None."""
    pages: int = 1
    """How many pages or frames the original has."""
    notes: tuple[str, ...] = ()
    """Warnings worth saying: "image 1 is small (200 x 150 pixels): reading may be unreliable"."""
    size: int = 0
    """Bytes of the original; 0 where nobody counted them."""
    hit: str = ""
    """Its id in the archive, for one that a search found; empty for what was posted in the thread."""
    link: str = ""
    """Its id where it was posted, for one that a link opened; empty for what was posted in the thread."""

    @property
    def size_said(self) -> str:
        """ "1.2 MB", in powers of ten as files are sold."""
        if self.size < 1000:
            return f"{self.size} bytes"
        return f"{self.size / 1e3:.0f} kB" if self.size < 1e6 else f"{self.size / 1e6:.1f} MB"

    @property
    def megapixels(self) -> float:
        """To one decimal."""
        return round(self.width * self.height / 1e6, 1)

    @property
    def number(self) -> int:
        """The number in the handle."""
        return int(self.handle.rsplit(" ", 1)[1])


@dataclass(frozen=True)
class Image:
    """An image as tools receive it: its reference, and where its decoded pixels are."""

    ref: ImageRef
    path: Path
    """An upright sRGB file that we wrote ourselves in a worker, without metadata: safe to decode anywhere."""
    part: Box | None = None
    """What of the image `path` shows, in pixels of the whole; None for all of it. `ref` then tells the part's size."""

    @property
    def handle(self) -> str:
        return self.ref.handle

    @property
    def workspace(self) -> str:
        """Whose it is: intake keeps each workspace's pixels in a folder of that name."""
        return self.path.parent.name

    @property
    def words_path(self) -> Path:
        """Where intake puts the words of a PDF page's own text layer (JSON list of `Word`); may not exist."""
        return self.path.with_suffix(".words.json")

    def pixels(self) -> Pixels:
        """(height, width, 3) uint8 sRGB. Blocks for the decode: call it from a thread or a worker."""
        import numpy
        from PIL import Image as Pillow

        with Pillow.open(self.path) as file:
            return numpy.asarray(file.convert("RGB"))


@dataclass(frozen=True)
class Opened:
    """One page or frame that intake could open, before it has a handle in a thread."""

    sha256: str
    mime: str
    width: int
    height: int
    path: Path
    page: int | None = None
    pages: int = 1
    notes: tuple[str, ...] = ()
    size: int = 0
    """Bytes of the original, as whoever read them fills in."""


# --- what tools say -----------------------------------------------------------------------------


class Region(Frozen):
    """What a finding is about: an image by handle, and a box in it when it is about a part."""

    handle: str
    box: Box | None = None
    page: int | None = None


class Picture(Frozen):
    """A picture a tool made for people to look at: a contact sheet, a difference map, boxes drawn on a photo."""

    path: str
    caption: str
    mime: str = "image/png"


class Evidence(Frozen):
    """The only thing a tool returns. Answers cite it and the rules check answers against it."""

    said: str
    """One or a few plain sentences: the finding, ready to be said."""
    about: tuple[Region, ...] = ()
    facts: dict[str, Json] = {}
    """The same finding as typed data."""
    sure: float | None = None
    """A calibrated probability that the finding is right, or None where none can be given."""
    shows: tuple[Picture, ...] = ()
    source: Literal["measured", "model"] = "measured"
    """``model``: a vision model claims it, so it may only be said as seen by the model."""
    tool: str = ""
    """Filled in by the toolbox."""
    arguments: dict[str, Json] = {}
    """Filled in by the toolbox."""


class Verdict(Frozen):
    """A judgement with its reason. Truthy when the rule holds."""

    rule: str
    broken: str | None = None
    """The sentence that tells whoever wrote the text how to mend it."""
    where: tuple[tuple[int, int], ...] = ()
    """(start, end) character spans of the offending text, when the rule can point at them."""

    def __bool__(self) -> bool:
        return self.broken is None


@dataclass(frozen=True)
class Stored:
    """An object of a bucket, before anybody has looked into it."""

    key: str
    size: int
    """Bytes."""
    modified: float
    """Seconds since 1970."""
    etag: str
    """What the store calls this version of it; empty where it does not."""
    trouble: str = ""
    """Why neither it nor what lies below that key can be had, where that is so."""


# --- encoding -----------------------------------------------------------------------------------


class Calibration(Frozen):
    """How an encoder's cosine similarities turn into probabilities and cutoffs, measured for that encoder."""

    scale: float
    """Cosine similarities times this are logits over labels."""
    none_logit: float
    """Logit of "none of these" when labels compete: the cosine at which a label is a coin toss, times scale."""
    relevant: float
    """Text-to-image cosine below which a search hit is not worth showing."""
    alike: float
    """Image-to-image cosine below which a search hit is not worth showing."""
    templates: tuple[str, ...] = ("a photo of a {}.",)
    """Prompt templates for zero-shot labels; `{}` takes the label."""
    languages: Literal["en", "any"] = "en"
    """Which languages its texts may be in: what it makes of others is noise."""


@dataclass(frozen=True)
class Encoded:
    """A photo file that was encoded straight from disk, and what an archive wants to know of it."""

    vector: Embeddings
    """(dim,) float32, L2-normalised."""
    sha256: str
    """Of the file, in hex."""
    mime: str
    """Judged by content."""
    width: int
    """Of the upright image, in pixels."""
    height: int
    size: int
    """Bytes of the file."""


@dataclass(frozen=True)
class Glance:
    """What an image looks like, measured from its pixels alone."""

    colours: tuple[str, ...]
    """Dominant colours by the names of `pictures.colours`, the largest first; behind a shade what it is a shade of
    ("dark blue", "blue")."""
    kind: Literal["photo", "screenshot", "document", "drawing"]
    phash: str
    """64-bit perceptual hash, 16 hex digits."""
    lettered: float
    """Probability that there is a word on it."""
    detail: str = ""
    """Coarse copy of it, as `tools.kit.pictures.detail` makes them."""
