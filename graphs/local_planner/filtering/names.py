"""Names of people in a request: "Anna Berg", "@ben", "ben", "me"; and what looks like one and is none."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CAPITAL = r"(?-i:[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯΑ-Ω])"
WORD = rf"{CAPITAL}\w*(?:['-]{CAPITAL}\w*)*"
PARTICLE = r"(?:van|von|de|da|del|der|den|bin|al|la|dos)"
AT = r"(?:<@\w+(?:\|[^>]*)?>|@[\w.-]*\w)"
OUTSIDE = (
    r"(?:I|Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June?|July?|August|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|"
    r"Dec(?:ember)?|Mon(?:day)?|Tues?(?:day)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?|"
    r"Spring|Summer|Autumn|Fall|Winter|Christmas|Easter|Halloween|The|This|That|These|Those|It|We|You|They|He|She|"
    r"Who|What|Which|When|Where|Why|How|Find|Show|Get|Give|Search|Look|Please|Can|Could|Any|All|Only|Not|No|And|Or|But|"
    r"Our|My|His|Her|Their|Your|Photos?|Pictures?|Images?|Pics?|Screenshots?|Everything|Anything|Someone|Somebody|"
    r"Anyone|Anybody|Everyone|Everybody|Nobody|People|Today|Yesterday|Slack|PDFs?|Posted|Shared|Uploaded|From|By|In|"
    r"Did|Does|Do|Has|Have|Had|Is|Are|Was|Were|List|Q[1-4]|H[12]|[A-Z]{2,})"
)
"""Words with a capital that are no names."""
CALLED = (
    rf"(?:(?:(?-i:Dr|Mrs?|Ms|Prof)\.? )?(?!(?-i:{OUTSIDE})(?![\w'-]\w))"
    rf"{WORD}(?:(?: {PARTICLE})* (?!(?-i:{OUTSIDE})\b){WORD}){{0,2}})"
)


A_MONTH = r"jan\b\.? ?(?:to\b|until\b|till\b|through\b|and \w{3,9}\b\.?(?=\W*$)|-|'?\d)"
""" "Jan to March" names nobody."""


@cache
def _listed(file: str) -> frozenset[str]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


@cache
def known() -> str:
    """A pattern of given names in any case."""
    names = "|".join(sorted(_listed("given_names.txt"), key=len, reverse=True))
    return rf"(?:(?!{A_MONTH})(?:{names}))"


def is_place(name: str) -> bool:
    """ "Paris", "New York": whatever is from there was posted by nobody of that name."""
    return name.casefold() in _listed("place_names.txt")


@cache
def one() -> str:
    """A pattern of one person."""
    return rf"(?:{AT}|{CALLED}|{known()}\b)"


@cache
def several(more: str = "") -> str:
    """A pattern of one person or a list of them; `more`: what may stand for one besides a name, such as "me"."""
    each = rf"(?:{one()}|{more})" if more else one()
    # never a blank alone: a list could be read in too many ways then
    joined = r"(?:\s*,\s*(?:(?:and|or|und|oder|et|ou) )?|\s+(?:and|or|und|oder|et|ou|y|o|e)\s+|\s*[&/|]\s*)"
    joined += r"(?:from |by )?"
    return rf"{each}(?:{joined}{each}){{0,5}}"


def split(said: str) -> list[str]:
    """The people in a list of them, as the asker calls them; whoever asks is "me"."""
    parts = re.split(r"\s*(?:,|&|/|\||\b(?:and|or|und|oder|et|ou)\b|\s(?:y|o|e)\s)\s*(?:from |by )?", said.strip())
    return [_plain(part) for part in parts if part]


def _plain(said: str) -> str:
    if mention := re.fullmatch(r"<@(\w+)(?:\|[^>]*)?>(?:'s?)?", said.strip()):
        return mention[1]
    said = re.sub(r"'s?$", "", said.strip().lstrip("@"))
    return "me" if re.fullmatch(r"i|me|mine|my|myself|my own|my ones", said, re.IGNORECASE) else said
