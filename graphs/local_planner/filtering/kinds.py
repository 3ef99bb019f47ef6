"""Kinds of picture and file types in a request: "screenshots only", "no gifs", "drawings or scans only"."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.types import TYPE, mime_of
from graphs.local_planner.filtering.wordings import NOT

NOUNS = {
    "screenshot": r"(?:screen ?shots?|screen ?(?:captures?|grabs?|caps?)|screenies)",
    "drawing": r"(?:drawings?|sketch(?:es)?|illustrations?|drawn)",
    "document": r"(?:scanned (?:documents?|papers?|pages?)|(?:page |document )?scans?|scanned|documents?|docs|papers)",
    "photo": r"(?:(?:real |actual |proper )?(?:photos?|photographs?|photography))",
}
"""Nouns of each kind of picture. "Photos" alone means any picture."""
ANY = rf"(?:{'|'.join(NOUNS.values())})"
LIST = rf"{ANY}(?:(?:,|/| and| or| nor)+\s?(?:no )?{ANY})*"
PICTURED = rf"(?:{NOUNS['screenshot']}|{NOUNS['drawing']}|{NOUNS['document']})"
HAVE = r"(?<!\bhave )(?<!\bhas )(?<!\bgot )(?<!\bis )(?<!\bare )"
""" "We have no photos" wants some."""
ONLY = (
    r"(?:(?:i |we )?(?:only|just|exclusively) (?:want |need |show |the |as )?|(?:nothing|no(?:ne|"
    r" images?)?) (?:but|except) |"
    r"(?:restrict|limit|narrow)(?:ed)?(?: it| them)?(?: down)? to |must be |show only )"
)

SHAPED = re.compile(
    r"\b((?:upright|portrait|landscape|vertical|horizontal|square|wide|tall|recent|new|old|colou?r|black and white) "
    r"(?:photos?|photographs)) only\b",
    re.IGNORECASE,
)
""" "Upright photos only": what they are to be is upright."""


def kinds(left: Narrowed, *, follows: bool = False) -> None:
    """Cut the kinds of picture that are insisted on, or not wanted, out of a request; "screenshots of it" names one in
    passing and stays in it. `follows`: it goes on from a search, so that "photos" alone says which of the hits."""

    def wanted(match: re.Match[str]) -> None:
        left.put("kinds", named(match["kinds"]))

    def unwanted(match: re.Match[str]) -> None:
        left.put("kinds", named(match["kinds"]), without=True)

    def no_type(match: re.Match[str]) -> None:
        left.put("mime", mime_of(match["type"]), without=True)

    if follows and not left.filters:
        left.take(
            rf"^(?:(?:no,|nope,?|and|ok|now|rather|maybe)\s+)*(?:the )?(?P<kinds>{LIST})"
            r"(?: ones| instead| please)*\W*$",
            wanted,
        )
    left.take(rf",?\s*{NOT} (?P<type>{TYPE})s?(?: (?:files?|images?))?\b(?: please)?", no_type)
    left.take(rf"(?:,\s*)?(?:\bbut )?\b{ONLY}(?P<kinds>{LIST})(?: ones| please)*(?=\s*(?:$|[,.:;)!?]))", wanted)
    left.take(
        rf"(?:,\s*)?(?:\bbut )?\b{ONLY}(?P<kinds>{PICTURED}(?:(?:,| and| or|/)\s?{PICTURED})*)\b(?: ones)?", wanted
    )
    left.take(rf"(?:,\s*)?(?:\bbut )?{HAVE}{NOT} (?P<kinds>{LIST})(?<=s)\b(?! of\b)(?: ones| please)*", unwanted)
    left.take(
        rf"(?:,\s*)?(?:\b(?:that|which) (?:is|are) (?:not|no|never)(?: an?| any)?|{NOT} an?) (?P<kinds>{LIST})\b"
        r"(?! (?:of|with|from|in|by)\b)",
        unwanted,
    )
    left.text = SHAPED.sub(r"\1", left.text)
    left.take(rf"(?:,\s*)?\b(?P<kinds>{LIST})(?: ones)? only\b(?: please)?(?: of\b)?", wanted)
    left.take(r"\b(?P<kinds>(?:real|actual) photos?)(?: only)? of\b", wanted)


def named(said: str) -> list[str]:
    """The kinds that nouns name."""
    return [kind for kind, nouns in NOUNS.items() if re.search(rf"\b{nouns}\b", said, re.IGNORECASE)]


def only_names_one(query: str) -> list[str]:
    """The kind that a query consists of: "screenshots"; empty for any other, and for plain "photos"."""
    return named(query) if re.fullmatch(rf"(?:the |all |any )*(?:{PICTURED})", query.strip(), re.IGNORECASE) else []


SCREENS = re.compile(
    rf"(?:(?:the|all|any|some) )*(?:{NOUNS['screenshot']} (?:of|showing|from|with|where|about|for|"
    rf"vom|von|der|des|du|de|del|(?:that|which) (?:shows?|has|have)) (?P<what>.+)|"
    rf"(?P<before>\w[\w' -]*) {NOUNS['screenshot']})",
    re.IGNORECASE,
)


def screens(query: str) -> str:
    """What "screenshots of the login page", or "login page screenshots", show; empty for any other query."""
    match = SCREENS.fullmatch(query.strip())
    return (match["what"] or match["before"]).strip() if match else ""
