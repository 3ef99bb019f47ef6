"""What tests of filling the archive share: a real database and archive, and ports that do as a test wants."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image as Pillow

from bot.slack.addressing import Answers
from bot.slack.archiving.describing import Describing
from bot.slack.archiving.filing import Filing
from bot.slack.archiving.filling import Filling
from bot.slack.archiving.following import Following
from bot.slack.archiving.opening import Opening
from bot.slack.archiving.postings import Posting, Work
from bot.slack.archiving.register import Register
from bot.slack.archiving.studying import Studying
from bot.slack.events import Identity, Message
from bot.slack.fetching.downloads import Unreadable
from bot.slack.people import Person
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from tests.archives import MemoryArchive
from tools.kit import (
    Archive,
    AskAgain,
    BlobStore,
    Decoder,
    Embeddings,
    Encoder,
    Glance,
    Glancer,
    Image,
    Item,
    Ocr,
    Opened,
    Reading,
    Scope,
    TextEncoder,
)

BOT = Identity("T1", "UBOT", "BBOT")
PNG: dict[str, Any] = {"mimetype": "image/png", "size": 3}


async def nothing() -> None:
    """Nobody does anything."""


class Blobs:
    """Originals in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.held: dict[str, set[str]] = {}

    async def put(self, workspace: str, data: bytes, *, holder: str) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self.kept[sha256] = data
        self.held.setdefault(sha256, set()).add(holder)
        return sha256

    async def get(self, workspace: str, sha256: str) -> bytes:
        return self.kept[sha256]

    async def release(self, workspace: str, sha256: str, *, holder: str) -> bool:
        self.held.get(sha256, set()).discard(holder)
        return not self.held.get(sha256) and self.kept.pop(sha256, None) is not None

    async def holders(self, workspace: str, sha256: str) -> set[str]:
        return self.held.get(sha256, set())


class Pages:
    """A decoder of files whose bytes say what they are: "image:...", "pdf:3:...", and anything else is refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "T1"
        self._folder.mkdir(parents=True, exist_ok=True)

    async def kept(self, workspace: str, sha256: str) -> list[Opened] | None:
        return None

    async def open(self, original: bytes | Path, *, name: str, workspace: str) -> list[Opened]:
        data = original if isinstance(original, bytes) else await asyncio.to_thread(original.read_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._folder / f"{sha256}.png"
        Pillow.new("RGB", (40, 40), "#336699").save(path)
        kind, _, rest = data.decode().partition(":")
        if kind == "image":
            return [Opened(sha256, "image/png", 40, 40, path)]
        if kind == "pdf":
            number = int(rest.partition(":")[0])
            return [
                Opened(sha256, "application/pdf", 40, 40, path, page=page, pages=number)
                for page in range(1, number + 1)
            ]
        raise AskAgain(f"{name} is no image.")


class Encodes:
    """Things may happen while it encodes; some images it cannot encode."""

    name, dim = "space-a", 8

    def __init__(self) -> None:
        self.encoding: Callable[[], Awaitable[None]] = nothing
        self.fails: set[str] = set()

    async def images(self, images: Sequence[Image]) -> Embeddings:
        await self.encoding()
        if any(image.ref.name in self.fails for image in images):
            raise OSError("the encoder is out of order")
        return np.tile(np.eye(1, 8, dtype=np.float32), (len(images), 1))


class Means:
    async def texts(self, texts: Sequence[str]) -> Embeddings:
        return np.tile(np.eye(1, 4, dtype=np.float32), (len(texts), 1))


class Glances:
    async def glance(self, files: Sequence[Path], **_: Any) -> list[Glance | None]:
        return [Glance(colours=("blue",), kind="photo", phash="0" * 16, lettered=1.0) for _ in files]


class Reads:
    """Reads nothing."""

    async def read(self, image: Image) -> Reading:
        return Reading(lines=(), width=image.ref.width, height=image.ref.height)


class Shelf(MemoryArchive):
    """Things may happen while something is written or removed."""

    def __init__(self) -> None:
        super().__init__()
        self.writing: Callable[[], Awaitable[None]] = nothing
        self.removing: Callable[[], Awaitable[None]] = nothing

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        await self.removing()
        return await super().remove(scope, ids)

    async def put(self, scope: Scope, items: Sequence[Item], *more: Any, **named: Any) -> None:
        await self.writing()
        await super().put(scope, items, *more, **named)


class SlackFiles:
    """What Slack gives for each file: its bytes, or why not."""

    def __init__(self) -> None:
        self.given: dict[str, bytes | str] = {}
        self.asked: list[str] = []

    async def save(self, file: Mapping[str, Any], to: Path) -> tuple[Mapping[str, Any], str]:
        self.asked.append(file["id"])
        given = self.given[file["id"]]
        if isinstance(given, str):
            raise Unreadable(given)
        await asyncio.to_thread(to.write_bytes, given)
        return file, hashlib.sha256(given).hexdigest()

    def sentence(self, file: Mapping[str, Any], why: str) -> str:
        return f"{file['name']}: {why}"


class Forgetful:
    """A memory of threads that knows nothing."""

    async def forget_image(self, thread: str, sha256: str) -> None: ...

    async def edit(self, thread: str, *, turn: str, text: str | None) -> None: ...

    async def forget(self, thread: str) -> None: ...


class Names:
    """Who people are and what channels are called."""

    def __init__(self) -> None:
        self.people = {"U1": "Anna", "U2": "Ben"}
        self.channel = "design"

    async def person(self, user: str) -> Person:
        return Person(user, self.people.get(user, user))

    async def names(self, users: Any) -> Mapping[str, str]:
        return {user: self.people[user] for user in users if user in self.people}

    async def name(self, channel: str) -> str:
        return self.channel

    def renamed(self, channel: str, name: str) -> None:
        self.channel = name

    async def permalink(self, channel: str, ts: str, thread_ts: str) -> str:
        return f"https://x.slack.com/archives/{channel}/p{ts}"


@dataclass
class Town:
    """One workspace and its archive."""

    db: Database
    folder: Path
    archive: Shelf = field(default_factory=Shelf)
    blobs: Blobs = field(default_factory=Blobs)
    encoder: Encodes = field(default_factory=Encodes)
    slack: SlackFiles = field(default_factory=SlackFiles)
    names: Names = field(default_factory=Names)
    default: Archives = Archives.ASKED
    enrich: bool = False

    def __post_init__(self) -> None:
        self.settings = SimpleNamespace(archive_enrich=self.enrich, archive_captions=False)
        self.ports: dict[Any, Any] = {
            Archive: self.archive,
            BlobStore: self.blobs,
            Encoder: self.encoder,
            TextEncoder: Means(),
            Decoder: Pages(self.folder),
            Glancer: Glances(),
            Ocr: Reads(),
        }
        self.preferences = Preferences(self.db, Answers.ALWAYS, archives=self.default)
        self.register = Register(self.db)
        wiring, files, people, places = (self.pretended(one) for one in (self, self.slack, self.names, self.names))
        opening, describing = Opening(wiring, files), Describing(people, places, BOT)
        self.filling = Filling(wiring, self.register, opening, describing, self.preferences)
        self.studying = Studying(wiring, self.register, opening, describing, self.preferences, nothing)
        self.records = Records(self.db, Inbox(self.db), BOT)
        self.filing = Filing(self.db, self.register, self.filling, self.preferences)
        self.erasing = Erasing(self.db, Forgetful(), self.lent_archive, self.released)
        self.checked: list[str] = []
        self.following = Following(
            *(BOT, self.db, self.preferences, places, self.erasing, lambda: None), check=self.checked.append
        )

    @staticmethod
    def pretended(one: Any) -> Any:
        """It has what is asked of it."""
        return one

    async def lend(self, port: type) -> Any:
        return self.ports[port]

    async def pair(self, workspace: str) -> tuple[Any, Any]:
        return self.encoder, self.archive

    async def lent_archive(self) -> Any:
        return self.archive

    async def released(self, team: str, sha256: str, holder: str) -> bool:
        return await self.blobs.release(team, sha256, holder=holder)

    # --- what happens -----------------------------------------------------------------------------

    def message(
        self, ts: str, *names: str, text: str = "", channel: str = "C1", user: str = "U1", **more: Any
    ) -> Message:
        """With files of these names, whose bytes say what they are by their extension."""
        files = []
        for name in names:
            number = f"F{name.partition('.')[0].upper()}"
            data = b"pdf:3:" if name.endswith(".pdf") else b"image:" if name.endswith(".png") else b"text:"
            self.slack.given.setdefault(number, data + name.encode())
            files.append({**PNG, "id": number, "name": name})
        fields = {"team": "T1", "channel": channel, "ts": ts, "thread_ts": ts, "user": user, "text": text}
        return Message(**{**fields, "files": tuple(files), **more})

    async def opt_in(self, channel: str = "C1") -> None:
        await self.preferences.archive("T1", channel, Archives.ALL, by="U1")

    async def said(self, message: Message) -> None:
        """It is posted, and all is done for the archive."""
        await self.following.said(message)
        await self.worked_off()

    async def worked_off(self) -> None:
        """All that is due is done, and erased what is gone."""
        while claimed := await self.register.claim([*Work]):
            await self._done(claimed.work, claimed.postings)
        await self.erasing.work_off()

    async def _done(self, work: Work, postings: list[Posting]) -> None:
        if work is Work.ENRICH:
            await self.studying.enrich(postings[0])
        elif work is Work.CHANGED:
            await self.studying.rewrite(postings)
        else:
            await self.filling.shelve(postings)

    # --- what there is ----------------------------------------------------------------------------

    async def items(self, channel: str = "C1") -> list[Item]:
        found = [item async for item in self.archive.scan(Scope(workspace="T1", audiences=(channel,)))]
        return sorted(found, key=lambda item: (item.post.ts if item.post else "", item.name, item.page or 0))

    async def in_it(self, channel: str = "C1") -> list[str]:
        return [item.name if item.page is None else f"{item.name}:{item.page}" for item in await self.items(channel)]

    async def state(self, ts: str, file: str) -> dict[str, Any]:
        row = await self.db.row("select * from archive_postings where (ts, file) = (%s, %s)", [ts, file])
        assert row
        return row

    async def due_now(self) -> None:
        """What waits for another try need not wait any longer."""
        await self.db.rows("update archive_postings set due = now() where work is not null")
        await asyncio.sleep(0)
