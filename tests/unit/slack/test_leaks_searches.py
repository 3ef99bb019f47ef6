"""Whatever is searched for, wherever and by whom: no word, name, count or pixel of an image gets to who may not see it.

Every image carries its channel's mark in all that is known of it; what comes out is looked through for marks.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from bot.asides import searched_again
from bot.local_slack.block_kit import validate
from bot.slack.asides import sources_of, told_of
from bot.slack.directory import SlackDirectory
from bot.slack.replying.beside import MOST, bounded, forms
from bot.wiring import Wiring
from tests.archives import MemoryArchive
from tests.colours import COLOURS, ColourEncoder, FolderEasel, HereWorkers, PlainDecoder, WordMeaning, shares, unit
from tests.fakes import WordGate
from tests.unit.slack.leaks import TEAM, Observed, Town
from tests.unit.slack.test_leaks_sight import CHANNELS, PEOPLE, act, acts, towns
from tools.backends.folder_blobs import FolderBlobs
from tools.backends.opencv_differ import OpenCvDiffer
from tools.backends.previews import WorkerPreviews
from tools.kit import Archive, CannotDo, Contents, Evidence, ImageRef, Item, Post, Scope, Spoken, discover
from tools.kit.archive.place import Place as Asked
from tools.kit.toolbox import TurnToolbox

POSTED = re.compile(r"\bF[CGD]\d[01]\b")
"""Ids of files."""
VALUE = re.compile(r'"value": "([0-9a-f-]{36})"')
MARK = re.compile(r"zq([CGD]\d)q", re.IGNORECASE)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SIDE = 48
COMMON = "common"
"""A picture that was posted in every channel."""


def mark(channel: str) -> str:
    return f"zq{channel}q"


def files_of(channel: str) -> set[str]:
    return {f"F{channel}{number}" for number in (0, 1)}


def key_of(channel: str, number: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{channel}{number}"))


def colour_of(channel: str) -> tuple[int, int, int]:
    """Shades of red, far enough apart to be told from each other on a sheet."""
    number = CHANNELS.index(channel)
    return (140 + 12 * number, 5 + 11 * number, 90 - 11 * number)


@dataclass
class World:
    """A town's archive, and the tools that look into it."""

    town: Town
    folder: Path
    archive: MemoryArchive = field(default_factory=lambda: MemoryArchive("colours", ColourEncoder.dim, 384))
    easel: FolderEasel = field(init=False)
    shas: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.easel = FolderEasel(self.folder)

    async def fill(self) -> None:
        blobs = FolderBlobs(self.folder / "blobs")
        for channel, place in self.town.places.items():
            if not place.images:
                continue
            for number, colour in enumerate((colour_of(channel), (220, 30, 30))):
                file = self.folder / f"{channel}-{number}.png"
                Pillow.new("RGB", (SIDE, SIDE), colour).save(file)
                sha256 = await blobs.put(TEAM, file.read_bytes(), holder=f"archive:{channel}")
                self.shas[channel if number == 0 else COMMON] = sha256
                scope = Scope(workspace=TEAM, audiences=(channel,))
                item = _item(channel, number, sha256)
                meanings = await WordMeaning().texts([f"bike {item.contents.caption}"])
                await self.archive.put(scope, [item], np.stack([shares(file)]), meanings)

    def toolbox(self, scope: Scope, user: str, bot: Observed) -> TurnToolbox:
        return TurnToolbox(discover(), self.lender(scope, user, bot), self.images(), fetch=self.fetch, deadline=60.0)

    def images(self) -> list[ImageRef]:
        """What everybody's thread has: the picture that is everywhere."""
        sha256 = self.shas.get(COMMON, "0" * 64)
        return [ImageRef(handle="image 1", sha256=sha256, mime="image/png", width=SIDE, height=SIDE, name="x.png")]

    async def fetch(self, ref: ImageRef) -> Any:
        from tools.kit import Image

        file = self.folder / "asked.png"
        Pillow.new("RGB", (SIDE, SIDE), (220, 30, 30)).save(file)
        return Image(ref, file)

    def lender(self, scope: Scope, user: str, bot: Observed, place: str = "C0") -> Any:
        decoder = PlainDecoder(self.folder / "pixels")
        ports: dict[str, Any] = {
            "Encoder": Eye(),
            "TextEncoder": WordMeaning(),
            "Archive": self.archive,
            "Scope": scope,
            "Directory": SlackDirectory(user, UTC, scope, bot.audiences.names, cast(Any, Everybody())),
            "Place": Asked(place, "1.0"),
            "Previews": WorkerPreviews(HereWorkers(), decoder),
            "Decoder": decoder,
            "BlobStore": FolderBlobs(self.folder / "blobs"),
            "Gate": WordGate(),
            "Easel": self.easel,
            "Differ": OpenCvDiffer(HereWorkers()),
        }

        def lend(port: type) -> Any:
            if port.__name__ not in ports:
                raise CannotDo(f"There is no {port.__name__} here.")
            return ports[port.__name__]

        return lend

    def seen_on(self, evidence: Evidence) -> set[str]:
        """Channels whose own picture is on a picture that was drawn."""
        return {channel for shown in evidence.shows for channel in _colours_on(Path(shown.path))}


class Eye(ColourEncoder):
    """What names no colour is a little of each."""

    async def texts(self, texts: Any) -> Any:
        return np.stack([unit([text.lower().count(colour) + 0.01 for colour in COLOURS]) for text in texts])


class Everybody:
    """`People` who know everybody by what they are called now."""

    async def names(self, ids: Any) -> dict[str, str]:
        return {each: f"Petra {mark(each[1:])}now" for each in ids}


def _item(channel: str, number: int, sha256: str) -> Item:
    said = mark(channel)
    day = NOW - timedelta(days=number + CHANNELS.index(channel))
    post = Post(
        ts=f"{day.timestamp():.6f}",
        user=f"P{channel}",
        name=f"Petra {said}",
        channel=f"design-{said}",
        file=f"F{channel}{number}",
        text=f"a red bike, plan of {channel.lower()} {said}",
    )
    contents = Contents(
        text=f"invoice total {said}",
        caption=f"a red bike {said}",
        tags=("bike", said),
        colours=("red",),
        kind="photo",
        phash="00ff00ff00ff00ff" if number else f"{CHANNELS.index(channel):x}" * 16,
        done=("text", "caption", "tags", "colours", "kind", "phash"),
    )
    return Item(
        id=key_of(channel, number),
        path=f"https://t.slack.com/archives/{channel}/p{said}",
        sha256=sha256,
        audience=channel,
        name=f"bike-{said}.png",
        mime="image/png",
        width=SIDE,
        height=SIDE,
        added=day,
        post=post,
        contents=contents,
    )


def _colours_on(picture: Path) -> Iterator[str]:
    with Pillow.open(picture) as opened:
        pixels = np.asarray(opened.convert("RGB"), np.int16).reshape(-1, 3)
    for channel in CHANNELS:
        if (np.abs(pixels - np.array(colour_of(channel))).max(axis=1) <= 3).sum() > 50:
            yield channel


# --- what may be asked ------------------------------------------------------------------------------

keys = st.builds(key_of, st.sampled_from(CHANNELS), st.integers(0, 1))
names = ("Petr", "Petra", "petra now", "Nobody", "me", "PC1", "UC1", "design", "desing", "#design", "C1", "C2")
narrowing = st.fixed_dictionaries(
    {},
    optional={
        "posted_by": st.lists(st.sampled_from(names), min_size=1, max_size=2),
        "channels": st.lists(st.sampled_from(names), min_size=1, max_size=2),
        "kinds": st.just(["photo"]),
        "colours": st.just(["red"]),
        "with_text": st.sampled_from(["invoice", "invoice total", "nothing such"]),
        "after": st.sampled_from(["2026-10-20T00:00:00", "2026-10-31T00:00:00"]),
        "orientation": st.just("square"),
        "thread": st.just("this"),
        "excluding": st.fixed_dictionaries({}, optional={"posted_by": st.just(["Petra"]), "with_text": st.just("x")}),
    },
)
asking = st.fixed_dictionaries(
    {},
    optional={
        "query": st.sampled_from(["red bike", "red", "blue", "plan of c1", "invoice", "a bike without red", "zzz"]),
        "filters": narrowing,
        "limit": st.integers(1, 50),
        "like": keys,
        "image": st.just("image 1"),
        "without": st.lists(keys, max_size=4),
        "within": st.lists(keys, max_size=4),
        "order": st.sampled_from(["best", "newest", "oldest"]),
        "nearest": st.booleans(),
        "by": st.sampled_from(["person", "channel", "day", "month"]),
    },
)


def leaked(said: str, may: set[str]) -> set[str]:
    """Channels of which it tells without being allowed to: by their marks, or by the ids of their images."""
    told = {found.upper() for found in MARK.findall(said)}
    told |= {channel for channel in CHANNELS for number in (0, 1) if key_of(channel, number) in said}
    return told - may


def searching() -> list[str]:
    """The tools that look into the archive."""
    return [name for name, tool in discover().items() if Archive in tool.lent.values()]


async def used(toolbox: TurnToolbox, name: str, arguments: dict[str, Any]) -> tuple[Evidence | None, str]:
    """What a tool found, and all that is said of it."""
    fitting = {key: value for key, value in arguments.items() if key in discover()[name].parameters.model_fields}
    try:
        evidence = await toolbox.use(name, fitting)
    except Spoken as error:
        return None, str(error)
    return evidence, evidence.model_copy(update={"arguments": {}}).model_dump_json()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    towns(),
    acts,
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(CHANNELS), asking), min_size=1, max_size=6),
)
def test_no_search_tells_anybody_of_what_they_may_not_see(
    town: Town, happening: list[Any], searches: list[tuple[str, str, dict[str, Any]]]
) -> None:
    async def played() -> None:
        with TemporaryDirectory() as folder:
            bot, world = Observed(town), World(town, Path(folder))
            await world.fill()
            held = {channel for channel, place in town.places.items() if place.images}
            happened = iter(happening)
            for user, channel, arguments in searches:
                for what, person, place in (each for _, each in zip(range(4), happened, strict=False)):
                    if what not in ("file", "look"):  # what is filed stays
                        await act(bot, what, PEOPLE[person], CHANNELS[place], person)
                await searched(world, bot, user, channel, arguments, held)

    asyncio.run(played())


async def searched(
    world: World, bot: Observed, user: str, channel: str, arguments: dict[str, Any], held: set[str]
) -> None:
    """One question there, its answer, and what only the asker is told after it."""
    town, sight = world.town, await bot.audiences.sight(channel, user)
    may, alone = town.shown(channel, user), town.alone(channel, user)
    for name in searching():
        named = {key: value for key, value in arguments.items() if key != "image" or name != "search"}
        if name != "search":
            named = {**named, "image": "image 1"}
        evidence, said = await used(world.toolbox(sight.shown, user, bot), name, named)
        unsaid = {
            found for each in (arguments.get("like"), *(arguments.get("within") or ())) if each for found in [each]
        }
        assert not leaked(_without(said, unsaid), may), (name, said)
        if evidence:
            assert world.seen_on(evidence) <= may
            if "total" in evidence.facts and not named.get("filters") and not named.get("within"):
                assert evidence.facts["total"] == 2 * len(held & set(sight.shown.audiences))
        if sight.alone is None:
            continue
        call = {"name": name, "arguments": named, "evidence": evidence.model_dump(mode="json") if evidence else None}
        wider = Scope(workspace=TEAM, audiences=(*sight.shown.audiences, *sight.alone.audiences))
        wiring = SimpleNamespace(
            lend_within=lambda scope, **_: _awaitable(world.lender(scope, user, bot)),
            fetcher=lambda scope: world.fetch,
            settings=SimpleNamespace(tool_seconds=60.0),
        )
        directory = SlackDirectory(user, UTC, sight.alone, bot.audiences.names, cast(Any, Everybody()))
        aside = await searched_again(
            cast(Wiring, wiring), [call], world.images(), alone=sight.alone, wider=wider, directory=directory
        )
        blocks = await aside_blocks(world, aside, sight.alone)
        assert not set(POSTED.findall(blocks)) - {file for key in alone for file in files_of(key)}, "a picture"
        assert not set(VALUE.findall(blocks)) - {key_of(each, n) for each in alone for n in (0, 1)}, "a button"
        assert not leaked(_without(blocks, unsaid), may | alone), "its words"
        for found in aside:
            assert not leaked(str(found.facts["hits"]), alone)
            assert not leaked(found.said, may | alone)  # what it is like may be a hit that everybody was shown
            assert world.seen_on(found) <= alone
            hits = cast(list[dict[str, Any]], found.facts["hits"])
            assert not {hit["id"] for hit in hits} & _shown(evidence), "told twice"


async def aside_blocks(world: World, found: Sequence[Evidence], alone: Scope) -> str:
    """All that Slack is told for the asker alone, in whichever way: the same hits in each, and no more than a few."""
    told = bounded(told_of(number, evidence) for number, evidence in enumerate(found))
    assert sum(len(each.search.hits) for each in told) <= MOST
    ways = list(forms(told, await sources_of(told, world.archive, alone), WordGate().clean, ("slack.com",)))
    for blocks in ways:
        assert validate(blocks, surface="message") == []
    assert len({frozenset(MARK.findall(json.dumps(blocks))) for blocks in ways}) == 1
    return json.dumps(ways)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(towns(), st.sampled_from(PEOPLE), st.sampled_from(CHANNELS), asking)
def test_what_is_told_does_not_depend_on_what_is_not_shown(
    town: Town, user: str, channel: str, arguments: dict[str, Any]
) -> None:
    """Each tool says the same, hit by hit and count by count, where nothing else was ever posted."""

    async def played() -> None:
        with TemporaryDirectory() as whole, TemporaryDirectory() as part:
            bot = Observed(town)
            shown = (await bot.audiences.sight(channel, user)).shown
            worlds = World(town, Path(whole)), World(_only(town, set(shown.audiences)), Path(part))
            for world in worlds:
                await world.fill()
            for name in searching():
                named = {key: value for key, value in arguments.items() if key != "image"} | (
                    {"image": "image 1"} if name != "search" else {}
                )
                told = [(await used(world.toolbox(shown, user, bot), name, named))[1] for world in worlds]
                folders = (whole, part)
                assert _without(told[0], {folders[0]}) == _without(told[1], {folders[1]}), name

    asyncio.run(played())


def _only(town: Town, channels: set[str]) -> Town:
    """The same people, and images in these channels alone."""
    places = {key: replace(place, images=place.images and key in channels) for key, place in town.places.items()}
    return replace(town, places=places)


def _without(said: str, ids: set[str]) -> str:
    """What the asker said themself is no news to them."""
    for each in ids:
        said = said.replace(each, "")
    return said


def _shown(evidence: Evidence | None) -> set[str]:
    return {hit["id"] for hit in cast(list[dict[str, Any]], evidence.facts.get("hits") or [])} if evidence else set()


def _awaitable(lend: Any) -> Any:
    async def lent(port: type) -> Any:
        return lend(port)

    return lent


def test_the_marks_are_found_where_they_are() -> None:
    """The test's own eyes: what is allowed is found by words and on the sheet."""
    from tests.unit.slack.leaks import BOT, Place

    async def played() -> None:
        with TemporaryDirectory() as folder:
            town = Town({"U0": "member", BOT: "bot"}, {"C0": Place("private", {"U0"}), "C1": Place("private", {"U0"})})
            bot, world = Observed(town), World(town, Path(folder))
            await world.fill()
            sight = await bot.audiences.sight("C0", "U0")
            toolbox = world.toolbox(sight.shown, "U0", bot)
            evidence, said = await used(toolbox, "search", {"query": "red bike"})
            assert evidence
            assert leaked(said, set()) == {"C0", "C1"} == world.seen_on(evidence)
            evidence, said = await used(toolbox, "posted_before", {"image": "image 1"})
            assert evidence, said
            assert leaked(said, set()) == {"C0", "C1"}

    asyncio.run(played())
