"""`auto`: CLIP when its weights are on disk or a hub answers within two seconds, else the builtin encoder; says why.

It never changes the encoder of a collection: the option `bound_encoder` names the one an archive was made with.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.backends import builtin_encoder, clip, open_clip
from tools.backends.clip.checkpoint import FILE
from tools.backends.common import hub
from tools.backends.common.folders import private_folder
from tools.kit.errors import CannotDo
from tools.kit.parts import Parts
from tools.kit.ports import BulkEncoder


@dataclass(frozen=True)
class Choice:
    spec: str
    """What to open, as a setting: ``builtin_encoder``, ``clip:openai/clip-vit-base-patch32``."""
    why: str
    """One sentence for whoever runs this."""


async def build(rest: str, parts: Parts) -> BulkEncoder:
    """`rest`: the CLIP checkpoint to prefer, by hub name or folder; empty for the default one."""
    choice = await asyncio.to_thread(choose, rest, parts, parts.options.get("bound_encoder"))
    _say_once(choice.why, parts)
    if choice.spec == "builtin_encoder":
        return builtin_encoder.build("", parts)
    try:
        scheme, _, named = choice.spec.partition(":")
        build = open_clip.build if scheme == "open_clip" else clip.build
        return await build(named, parts)
    except CannotDo as error:
        parts.say(f"{error} The builtin encoder works instead.")
        return builtin_encoder.build("", parts)


def _say_once(why: str, parts: Parts) -> None:
    """Say which encoder and why, unless the last process here said the same."""
    said = parts.home / "models" / "encoder.txt"
    if said.exists() and said.read_text("utf-8") == why:
        return
    parts.say(why)
    private_folder(said.parent)
    said.write_text(why, "utf-8")


def choose(rest: str, parts: Parts, bound: str | None = None) -> Choice:
    """Which encoder to open. `bound`: the name of the encoder that an existing collection was made with, if any.

    May wait two seconds for a hub, and not again for ten minutes when none answers.
    """
    if bound:
        return _as_bound(bound, rest or clip.DEFAULT, parts)
    preferred = rest or clip.DEFAULT
    if hub.on_disk(preferred):
        return Choice(f"clip:{preferred}", f"Images are encoded with {preferred}: its weights are on disk.")
    if not Path(preferred).is_absolute() and hub.answers(parts):
        return Choice(f"clip:{preferred}", f"Images are encoded with {preferred}: the hub answers.")
    return Choice(
        "builtin_encoder",
        f"Images are encoded with the builtin encoder: the weights of {preferred} are not on disk and no hub answers.",
    )


def _as_bound(bound: str, preferred: str, parts: Parts) -> Choice:
    """A collection keeps its encoder; when a better one is there, that is said, with the way to change."""
    kept = spec_of(bound, parts.home)
    if kept is None:
        return Choice(
            "builtin_encoder",
            f"The archive was made with {bound}, which is not here: images are encoded with the builtin encoder. The "
            "archive can be searched again once it is back, or after `spyglass archive reencode --to ENCODER`.",
        )
    if kept == "builtin_encoder" and hub.on_disk(preferred):
        return Choice(
            kept,
            f"The archive keeps the builtin encoder it was made with, though {preferred} is on disk: "
            f"`spyglass archive reencode --to clip:{preferred}` brings it over.",
        )
    return Choice(kept, f"Images are encoded with {bound}, as the archive was.")


def spec_of(bound: str, home: Path) -> str | None:
    """The setting that opens the encoder of that name, or None when its weights are not on disk (any more)."""
    if bound == builtin_encoder.NAME:
        return "builtin_encoder"
    return next(_made_ready(home, bound.rpartition("@")[2]), None)


def made_ready(home: Path) -> list[str]:
    """The settings that open checkpoints which were made ready here, and whose weights are still on disk."""
    return sorted(_made_ready(home, "*"))


def _made_ready(home: Path, fingerprint: str) -> Iterator[str]:
    for file in (home / "models").glob(f"*-{fingerprint}/{FILE}"):
        known = json.loads(file.read_text(encoding="utf-8"))
        if Path(known["source"]).is_dir():
            yield f"{known.get('scheme', 'clip')}:{known['rest']}"
