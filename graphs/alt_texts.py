"""Alt text for one image, as a row of a table: written, put to every rule, and withheld where one is broken.

Whoever writes is a `Writer`.
"""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from graphs.manners import language_name
from tools.kit import AskAgain, CannotDo, Evidence, Gate, ImageRef, Toolbox

LONGEST = 125
"""Characters of an alt text: screen readers break it up after so many (WebAIM, alternative text)."""
CUT = "…"
MEASURED = "measured: resemblance, colours, text (describe)"
SEEN = "seen by model {model} (look); caption and keywords measured (describe)"
ASKED = (
    f"Write the alt text for this image: one sentence of at most {LONGEST} characters that says what it shows and what "
    "matters in it. Do not begin with 'image of'. Answer with the alt text alone, without quotation marks."
)
WITHHELD = "withheld by the rule {rules}"
NAME_WITHHELD = "its file name is withheld by the rule {rules}"

Status = Literal["done", "withheld", "unreadable", "deleted"]


class Row(BaseModel):
    """One image or page; or one file in which there is none that could be read."""

    model_config = ConfigDict(frozen=True)

    file: str
    page: str = ""
    """1-based, of a PDF."""
    link: str = ""
    image: str = ""
    """Its handle in the thread: "image 2"."""
    alt_text: str = ""
    """At most LONGEST characters."""
    caption: str = ""
    keywords: str = ""
    """Separated by commas."""
    status: Status
    reason: str = ""
    """Why there is no alt text, or no file name."""
    measured_by: str = ""
    sha256: str = ""
    """Of the original file, in hex; empty where it could not be had."""


COLUMNS = tuple(Row.model_fields)


@dataclass(frozen=True)
class Draft:
    """What could be said of an image, not yet checked."""

    alt_text: str
    caption: str
    keywords: str
    by: str

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.alt_text, self.caption, self.keywords, self.by)


class Writer(Protocol):
    async def drafts(self, handle: str) -> list[Draft]:
        """What could be said of the image of that handle, best first; at least one. Raises: AskAgain; CannotDo."""
        ...


class ByTools:
    """Writes by the tools: what a vision model sees where there is one, and what `describe` measures anyway."""

    def __init__(self, toolbox: Toolbox, *, language: str | None = None) -> None:
        """language: a BCP 47 tag, for what a model sees; what is measured is said in English."""
        self._toolbox = toolbox
        name = language_name(language or "")
        self._asked = f"{ASKED} Write it in {name}." if name else ASKED

    async def drafts(self, handle: str) -> list[Draft]:
        measured = _measured(await self._toolbox.use("describe", {"image": handle, "measured_only": True}))
        seen = await self._seen(handle)
        if seen is None:
            return [measured]
        by = SEEN.format(model=seen.facts["model"])
        return [replace(measured, alt_text=_sentence(str(seen.facts["seen"])), by=by), measured]

    async def ask_ahead(self, handle: str) -> None:
        """Ask the vision model as `drafts` will, for one whose answers come later."""
        await self._seen(handle)

    async def _seen(self, handle: str) -> Evidence | None:
        asked = {"images": [handle], "question": self._asked, "task": "caption"}
        try:
            return await self._toolbox.use("look", asked)
        except (AskAgain, CannotDo):  # there is none, or it has nothing to say: what is measured stands
            return None


def _measured(described: Evidence) -> Draft:
    facts = described.facts
    return Draft(_sentence(facts["alt_text"]), _line(facts["caption"]), _line(", ".join(facts["keywords"])), MEASURED)


async def written(image: ImageRef, writer: Writer, gate: Gate, *, link: str = "") -> Row:
    """The row of an image that was opened: the first draft that keeps every rule, or none of them."""
    about = named(image.name, gate, link=link)
    about = about.model_copy(
        update={"page": str(image.page or ""), "image": image.handle, "sha256": image.sha256, "status": "done"}
    )
    try:
        drafts = await writer.drafts(image.handle)
    except (AskAgain, CannotDo) as error:
        return _without(about, "unreadable", str(error), gate)
    broken: list[str] = []
    for draft in drafts:
        broken = await asyncio.to_thread(_broken, draft.texts, gate)
        if not broken and draft.alt_text:
            texts = {"alt_text": draft.alt_text, "caption": draft.caption, "keywords": draft.keywords}
            return about.model_copy(update={**texts, "measured_by": draft.by})
    row = _without(about, "withheld", WITHHELD.format(rules=" and ".join(broken)), gate)
    return row.model_copy(update={"measured_by": MEASURED})


def unread(name: str, why: str, gate: Gate, *, status: Status = "unreadable", link: str = "") -> Row:
    """The row of a file that gave no image."""
    return _without(named(name, gate, link=link), status, why, gate)


def named(name: str, gate: Gate, *, link: str = "") -> Row:
    """What every row says of its file: its name and address as they may be shown."""
    bare = _line(name)
    shown = gate.clean(bare)
    hidden = NAME_WITHHELD.format(rules=" and ".join(_broken([bare], gate))) if shown != bare else ""
    return Row(file=shown, link=_link(link, gate), status="unreadable", reason=hidden)


def counted(rows: Sequence[Row]) -> dict[Status, int]:
    """How many rows ended how; statuses without any are left out."""
    statuses = [row.status for row in rows]
    return {status: statuses.count(status) for status in dict.fromkeys(statuses)}


def _without(about: Row, status: Status, why: str, gate: Gate) -> Row:
    reasons = "; ".join(part for part in (gate.clean(_line(why)), about.reason) if part)
    return about.model_copy(update={"status": status, "reason": reasons})


def _broken(texts: Sequence[str], gate: Gate) -> list[str]:
    """Names of the rules that these texts break."""
    verdicts = [verdict for text in texts for verdict in gate.judge(text)]
    return list(dict.fromkeys(verdict.rule for verdict in verdicts if not verdict))


def _link(link: str, gate: Gate) -> str:
    """Slack finds a file by its id too, without the name its address ends with."""
    shorter = f"{link.rpartition('/')[0]}/"
    return next((address for address in (link, shorter) if gate.clean(address) == address), "")


def _sentence(text: str) -> str:
    """An alt text of allowed length, cut at a word's end; empty where not even one word fits."""
    cut = textwrap.shorten(_line(text).strip("\"'“”"), LONGEST, placeholder=CUT)
    return "" if cut == CUT else cut


def _line(text: str) -> str:
    """On one line, without what shows nothing or rules a terminal."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
