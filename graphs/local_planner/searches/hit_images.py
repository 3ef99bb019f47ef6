"""Hits of a search that something is asked about: "the third one: what does it say?", "compare the first two".

A hit that is named stands for an image of the thread while a message is planned, under a number that no thread reaches;
in the calls it is "hit 3", which the toolbox makes an image of the thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from graphs.local_planner import followups
from graphs.local_planner.calling import MOST, Plan, asked_for, no_images
from graphs.local_planner.language.phrases import plain, tidy
from graphs.local_planner.pointing.pointers import FIRST_N, NTH, NUMBER, ORDINAL, ORDINALS, number
from graphs.local_planner.pointing.references import Reference
from graphs.local_planner.searches.hits import LIKE
from graphs.local_planner.searches.several_hits import WHICH, asked_back, listed, named_alone, of_all
from graphs.local_planner.turn import Call, Turn

BEYOND = 100
"""Added to the rank of a hit: the number it stands for while a message is planned."""
CALLED = re.compile(
    rf"\b(?:the )?(?:hit|result|match)s? ?(?:#|no\.? |numbers? )?"
    rf"({NUMBER}(?:(?:\s*(?:,|&|-|and|or|to)\s*)+{NUMBER}(?! (?:more|others?)\b))*)\b",
    re.I,
)
OPENS = re.compile(
    rf"(?:(?P<shows>just|only|show|give|maybe)\W+)?(?:me )?(?:the )?(?:first|last) (?P<n>{NUMBER})\b", re.I
)
NUMBERED = re.compile(rf"(?:\bnumber |\bno\. ?|\bnr\.? ?|(?<!\w)#)({NUMBER})\b", re.I)
NTH_HIT = re.compile(rf"\b(?:the )?({ORDINAL}|last) (?:hit|result|match|find)\b", re.I)
RANKED = re.compile(r"\b(?:the )?(?:top|best) (?:hit|result|match|one)\b", re.I)
IT = re.compile(r"\b(?:it|this|that|its)\b(?! (?:one|is)\b)", re.I)
POINTING = re.compile(
    r"(?:^|[:,;.?!]|\b(?:about|and|are|as|at|classify|compare|describe|did|do|does|from|has|in|is|like|of|on|or|posted|"
    r"read|say|shared|show|than|to|uploaded|versus|vs|was|what|with))\s*$",
    re.I,
)
"""Before "number 3" that is a hit, unlike the one in "invoice number 3"."""
STANDS = re.compile(rf"image {BEYOND // 100}(\d\d)")


@dataclass(frozen=True)
class Standing:
    """A turn in which hits stand for images."""

    turn: Turn

    def only(self, reference: Reference) -> tuple[str, ...]:
        """The hits of a message that says nothing else."""
        return reference.handles if not followups.residue(self.turn.now.text, reference) else ()

    def named(self, plan: Plan) -> Plan:
        """The plan with these hits named as hits."""
        return replace(plan, calls=tuple((tool, _renamed(said)) for tool, said in plan.calls))


def stands(handle: str) -> bool:
    """Whether it is a hit that stands for an image while a message is planned."""
    return bool((match := STANDS.fullmatch(handle)) and int(match[1]))


def standing(turn: Turn) -> Standing | None:
    """The turn with the hits that its message names in place of images; None when it names none."""
    search = _search(turn)
    most = len(search.hits) if search else 0
    text = tidy(turn.now.text)
    if not search or not most or LIKE.search(text):
        return None
    own = len(turn.handles) > 1 and "image" in search.arguments
    said = _said(text, most, own=own, asked=asked_back(turn))
    if said == text and (all_ := of_all(text, turn)):
        said = f"{text[: all_.start()]}{_images(range(1, min(most, MOST) + 1))}{text[all_.end() :]}"
    if said == text and most == 1 and not turn.handles:
        said = IT.sub(f"image {BEYOND + 1}", text, count=1)
    if said == text:
        return None
    there = tuple(f"image {BEYOND + rank}" for rank in range(1, most + 1))
    return Standing(replace(turn.saying(said), handles=(*turn.handles, *there)))


def _images(ranks: Iterable[int]) -> str:
    """What hits of these ranks are called while a message is planned."""
    return " and ".join(f"image {BEYOND + rank}" for rank in ranks)


def missing(turn: Turn) -> str:
    """A sentence about a hit that is called by a number which the latest search has not; empty for anything else."""
    search, text = _search(turn), tidy(turn.now.text)
    most = len(search.hits) if search else 0
    if not search or LIKE.search(text):
        return ""
    called = [rank for match in CALLED.finditer(text) for rank in listed(match[1])]
    if beyond := next((rank for rank in called if rank > most), None):
        return f"There is no hit {beyond} in the latest search. {_found(search, most)}".strip()
    if not most or ("image" in search.arguments and len(turn.handles) > 1):
        return ""
    own = sum(1 for image in turn.images if not image.hit)
    return _found(search, most) if max(_ranks(text, most), default=0) > max(most, own) else ""


def _ranks(text: str, most: int) -> list[int]:
    """The ranks that hits are called by; an ordinal alone may be a day, and a number that of an invoice."""
    ranks = [_nth(match, most) for match in NTH_HIT.finditer(text)]
    ranks += [_nth(match, most) for match in NTH.finditer(text) if match[3] or match[1].lower() in ORDINALS]
    return ranks + [number(match[1]) for match in NUMBERED.finditer(text) if POINTING.search(text[: match.start()])]


def _found(search: Call, most: int) -> str:
    """How many hits there are to choose from, and how to say which."""
    facts = search.evidence.facts if search.evidence else {}
    if not most:
        return ""
    found = f"That search found {'only 1 image' if most == 1 else f'{most} images'}"
    if facts.get("more"):
        return f'{found} and there are more: say "more" to see them, or the number of one of these.'
    which = "Do you mean that one" if most == 1 else "Which one do you mean"
    return f'{found}. {which}? Say it as in "describe hit {most}".'


def which(plan: Plan, turn: Turn) -> Plan:
    """Where a plan finds no image to look at after a search, it asks for the number of a hit."""
    return asked_for(WHICH) if plan.say == no_images() and any_hits(turn) else plan


def any_hits(turn: Turn) -> bool:
    """Whether there are hits that a message may be about."""
    search = _search(turn)
    return bool(search and search.hits)


def _search(turn: Turn) -> Call | None:
    return None if turn.now.posted else turn.finding


def _said(text: str, most: int, *, own: bool, asked: bool) -> str:
    """The text with hits called as images. `own`: the thread has images that "the second one" may mean as well.
    `asked`: it was asked back which hits are meant."""

    def stands(rank: int) -> str | None:
        return f"image {BEYOND + rank}" if 1 <= rank <= most else None

    def by(rank_of: Callable[[re.Match[str]], int]) -> Callable[[re.Match[str]], str]:
        return lambda match: stands(rank_of(match)) or match[0]

    if asked and (ranks := named_alone(text, most)):
        return _images(ranks)
    text = RANKED.sub(by(lambda match: 1), CALLED.sub(lambda match: _several(match, most), text))
    text = NTH_HIT.sub(by(lambda match: _nth(match, most)), text)
    if own:
        return text
    text = NUMBERED.sub(by(lambda match: number(match[1])), text)
    few = OPENS.match(plain(text))  # "first 10" wants so many
    if asked or not few or not (few["shows"] or number(few["n"]) > most):
        text = FIRST_N.sub(lambda match: _few(match, most), text)
    return NTH.sub(by(lambda match: _nth(match, most)), text)


def _several(match: re.Match[str], most: int) -> str:
    """ "Hits 1 and 3"."""
    ranks = listed(match[1])
    return _images(ranks) if all(1 <= rank <= most for rank in ranks) else match[0]


def _few(match: re.Match[str], most: int) -> str:
    """ "The first two"."""
    n = min(number(match[2]), most)
    first = 1 if match[1].lower() == "first" else most - n + 1
    return _images(range(first, first + n))


def _nth(match: re.Match[str], most: int) -> int:
    word = match[1].lower()
    if word in ("last", "final"):
        return most
    return ORDINALS.get(word) or (int(re.sub(r"\D", "", word)) if word[0].isdigit() else 0)


def _renamed(said: Any) -> Any:
    """Arguments with hits for the images they stand for; in a question about one of them, "this image" is enough."""
    if isinstance(said, dict):
        once = len(set(STANDS.findall(str(said.get("question", ""))))) == 1
        question = {"question": STANDS.sub("this image", str(said["question"]))} if once else {}
        return {name: _renamed(value) for name, value in {**said, **question}.items()}
    if isinstance(said, list):
        return [_renamed(one) for one in said]
    return STANDS.sub(lambda match: f"hit {int(match[1])}", said) if isinstance(said, str) else said
