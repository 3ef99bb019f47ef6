"""The ports: what tools may be lent, as protocols. Real ones live in `tools.backends`, fakes in `tests/fakes.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Protocol, TypeVar, runtime_checkable

from tools.kit.findings import Diagram, Difference, Field, Line, Reading, Seen, Value
from tools.kit.seeing.task import GENERAL, Task
from tools.kit.types import (
    Calibration,
    Embeddings,
    Encoded,
    Evidence,
    Glance,
    Image,
    Json,
    Opened,
    Picture,
    Pixels,
    Stored,
    Verdict,
)

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

P = ParamSpec("P")
R = TypeVar("R")


@runtime_checkable
class Workers(Protocol):
    """Killable, memory-limited processes, where untrusted bytes are handled."""

    async def run(
        self,
        lane: Literal["decode", "read", "encode", "see"],
        task: Callable[P, R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a picklable module-level function in a worker of that lane.

        Raises: whatever `task` raises; `TimeoutError` past the lane's deadline (the worker is killed);
        `MemoryError` or `ChildProcessError` when the worker died or ran out of memory.
        """
        ...

    async def close(self) -> None: ...


@runtime_checkable
class Decoder(Protocol):
    """Any bytes become images, or one clear sentence."""

    async def open(self, original: bytes | Path, *, name: str, workspace: str) -> list[Opened]:
        """Decode an original into upright sRGB pages.

        Raises: AskAgain with a sentence that says what the file is and what to do.
        """
        ...

    async def kept(self, workspace: str, sha256: str) -> list[Opened] | None:
        """The pages of an original that was opened before, without needing it; None when it must be opened (again)."""
        ...

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete what was drawn from an original, for when that is let go."""
        ...

    def briefly(
        self, original: bytes | Path, *, name: str, workspace: str
    ) -> AbstractAsyncContextManager[list[Opened]]:
        """As `open`, for the length of a block: what was drawn is gone when it ends, and nobody else sees it."""
        ...


@runtime_checkable
class Previews(Protocol):
    """What an original shows at a glance, without becoming an image of a thread."""

    async def thumbnail(
        self, original: Path, page: int | None, width: int, height: int, *, workspace: str
    ) -> Pixels | None:
        """The upright picture, or page (from 1) of a PDF, within width x height pixels: (h, w, 3) uint8 sRGB.

        None for what cannot be drawn.
        """
        ...

    async def taken(self, originals: Sequence[Path]) -> list[datetime | None]:
        """When each photo was taken by its own word: local time, with its offset from UTC where it has that."""
        ...


@runtime_checkable
class Glancer(Protocol):
    """What images look like, at the cost of some milliseconds each."""

    async def glance(self, files: Sequence[Path]) -> list[Glance | None]:
        """One result a file, in order; None for what is no image that can be opened so simply. Files of strangers are
        decoded in workers."""
        ...


@runtime_checkable
class Objects(Protocol):
    """The objects of somebody's bucket, which are only read. Everything raises CannotDo when it does not answer or
    refuses."""

    def listed(self) -> AsyncIterator[Stored]:
        """All of them below the prefix, by key; the object that is called as the prefix, too."""
        ...

    async def head(self, key: str, number: int) -> bytes:
        """The first bytes. Raises: KeyError when the object is gone."""
        ...

    async def fetch(self, key: str, to: Path) -> None:
        """Write it to a file. Raises: KeyError when it is gone."""
        ...


@runtime_checkable
class BlobStore(Protocol):
    """Originals, kept once per workspace by SHA-256 and dropped when the last holder lets go."""

    async def put(self, workspace: str, data: bytes, *, holder: str) -> str:
        """Keep the bytes for `holder` (a thread or archive id) and return their SHA-256 in hex. Idempotent."""
        ...

    async def get(self, workspace: str, sha256: str) -> bytes:
        """Raises: KeyError when nothing (or no longer) is kept under that hash."""
        ...

    async def release(self, workspace: str, sha256: str, *, holder: str) -> bool:
        """Let go; True when that was the last holder and the bytes are gone. Unknown holders are ignored."""
        ...

    async def holders(self, workspace: str, sha256: str) -> set[str]: ...


@runtime_checkable
class Encoder(Protocol):
    """Images and texts into one L2-normalised space."""

    @property
    def name(self) -> str:
        """Identifies the space, weights included: a collection is bound to it."""
        ...

    @property
    def dim(self) -> int: ...

    @property
    def calibration(self) -> Calibration: ...

    async def images(self, images: Sequence[Image]) -> Embeddings:
        """(n, dim) float32, L2-normalised."""
        ...

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        """(n, dim) float32, L2-normalised. Texts are taken as they are: templates are the caller's."""
        ...


@runtime_checkable
class BulkEncoder(Encoder, Protocol):
    """An encoder with a fast path for plain photo files, for indexing: decoding and forward pass overlap."""

    async def encode_files(self, files: Sequence[Path]) -> list[Encoded | None]:
        """One result a file, in order. Memory does not grow with their number beyond the vectors.

        None for whatever is not a plain photo within the limits (a PDF, an animation, a broken or missing file, a kind
        that needs care): open it with the `Decoder`, which says why or gives pages, and encode those with `images`.
        """
        ...


@runtime_checkable
class Namer(Protocol):
    """What an `Encoder` may also be: one that has names of its own for what it sees."""

    async def name_things(self, images: Sequence[Image]) -> list[list[tuple[str, float]]]:
        """Per image names, each with its probability: the likeliest narrow ones, then broader ones that hold the first.

        The first that is likely enough is the one to say; none is where nothing of what the encoder knows is there.
        """
        ...


@runtime_checkable
class Knower(Protocol):
    """What an `Encoder` may also be: one that tells which texts it has an idea of."""

    async def cutoffs(self, texts: Sequence[str]) -> list[float | None]:
        """Per text the cosine similarity from which an image is worth showing for it, as `Calibration.relevant` is for
        texts in general; None for one it has no idea of, so that what it makes of it is noise."""
        ...


@runtime_checkable
class TextEncoder(Protocol):
    """Meaning of sentences, for routing: not the image space."""

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        """(n, dim) float32, L2-normalised."""
        ...


@runtime_checkable
class Ocr(Protocol):
    async def read(self, image: Image) -> Reading:
        """All text in reading order; an image without text gives a reading without lines."""
        ...


@runtime_checkable
class Forgetful(Protocol):
    """What an `Ocr` or a `VisionModel` may also be: one that keeps what it read, until it is told to forget it."""

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete what was read on an original, for when that is let go."""
        ...


@runtime_checkable
class Speller(Protocol):
    """What an `Ocr` may also be: one that mends its own misreadings."""

    async def mend(self, reading: Reading) -> list[tuple[int, str, str]]:
        """(number of the line from 0, word as read, word meant). Numbers, names and codes are never among them."""
        ...


@runtime_checkable
class Extractor(Protocol):
    """Typed fields out of a read document."""

    async def extract(self, image: Image, reading: Reading, fields: Sequence[Field]) -> list[Value]:
        """One value a field, in order; with no fields, every field the document's kind usually has."""
        ...


@runtime_checkable
class Differ(Protocol):
    """Lays two images over each other."""

    async def differ(self, first: Image, second: Image) -> Difference: ...


@runtime_checkable
class Diagrams(Protocol):
    """Reads drawings of boxes and arrows."""

    async def read(self, image: Image, lines: Sequence[Line]) -> Diagram:
        """`lines`: the text of the image. A picture that is no diagram gives one without arrows."""
        ...


@runtime_checkable
class VisionModel(Protocol):
    """A multimodal model behind any provider."""

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        """Raises: CannotDo when no vision model is configured or it does not answer."""
        ...


@runtime_checkable
class Absent(Protocol):
    """What a port may also be: one that is not there and only says so. Who can do without it is lent None."""

    @property
    def absent(self) -> str:
        """Why there is none, and the way out."""
        ...


@runtime_checkable
class Easel(Protocol):
    """Where tools put pictures for people to look at. Each workspace has its own."""

    async def show(self, picture: PillowImage, caption: str) -> Picture:
        """Save as PNG and return the reference."""
        ...


@runtime_checkable
class Toolbox(Protocol):
    """The other tools, lent to a tool that works in steps."""

    def names(self) -> list[str]: ...

    def seconds(self) -> float:
        """How long the next step may take, so that there is time left to tell of the steps before it."""
        ...

    async def use(self, name: str, arguments: Mapping[str, Json]) -> Evidence:
        """Run a tool, for `seconds()` at most.

        Raises: AskAgain for an unknown tool, handle or a bad argument; CannotDo as the tool does."""
        ...


@runtime_checkable
class Gate(Protocol):
    """Everything displayed passes here."""

    def judge(self, text: str, evidence: Sequence[Evidence] = (), **context: Any) -> list[Verdict]:
        """One verdict a rule."""
        ...

    def clean(self, text: str) -> str:
        """The text as it may be shown (file names, captions, titles): what a rule catches is replaced by ▇▇▇."""
        ...
