"""Images called by the words that came with them: "the hotel one", "back to the menu", "the menu and the bill"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from graphs.local_planner.turn import Exchange, Turn

NOUN = (
    r"(?:images?|imgs?|photos?|pictures?|pics?|photographs?|shots?|screenshots?|snaps?|scans?|figures?|files?|"
    r"receipts?|invoices?|bills?|documents?|docs?|cards?|drawings?|diagrams?|charts?|tickets?|letters?|forms?|"
    r"posters?|signs?|menus?|uploads?|attachments?|notes?|pages?|ones?)"
)

TOPIC = re.compile(
    rf"\b(?:back to|from|on|of|in|for|with|about|and)?\s*\b(?:the|my|our)\s+(?:\w+\s+)?(?P<one>[a-z]{{3,}})\s+{NOUN}\b"
    r"|\bback to (?:the )?(?P<back>[a-z]{3,})|^(?:and |now )?the (?P<all>[a-z]{3,})\??$"
    rf"|^(?:and |now |ok,? )*(?P<head>[a-z]{{3,}})(?: (?:{NOUN}|labels?|version))?(?=\s*:)"
    rf"|^(?:and |now |ok,? )*(?P<first>[a-z]{{3,}}) (?:{NOUN}|labels?|version)\s*[,?]"
    r"|\b(?:the|my|our) (?P<the>[a-z]{3,})(?:'s)?\b"
    r"|\b(?P<named>[a-z]{3,} (?:[b-h]|a(?=\s*(?:$|[?.!,;]|in\b|and\b|with\b|to\b|vs\b|again\b))))\b"
    r"|^(?:and )?(?P<letter>[a-h])(?= too\b| as well\b|\W*$)"
    r"|\bsimilar (?P<like>[a-z]{3,})\b|\b(?:on|in|of|for|from) (?P<on>[a-z]{3,})(?=\W*$)",
    re.IGNORECASE,
)
COMMON = re.compile(
    r"images?|photos?|pictures?|pics?|shots?|scans?|files?|documents?|pages?|one|text|words?|same|first|second|last|"
    r"other|others|two|three|colou?rs?|"
    r"number|size|labels?|left|right|top|bottom|middle|back|front|background|archive|"
    r"people|person|man|woman|"
    r"differences?|difference|answer|table|line|title|side|way|thing|things|rest|right|question|"
    r"whole|full|main|order|result|results|"
    r"it|this|that|these|those|them|you|me|us|here|there|what|new|lot|set|list|original",
    re.IGNORECASE,
)
"""Words that tell nothing about which image is meant: any may have one."""
COMPARED = re.compile(
    r"\b(?:compare|contrast|diff|between)\s+(?:the )?(?P<one>[a-z]{3,})|\b(?:and|with|to|against|vs\.?|"
    r"versus)\s+(?:the )?"
    r"(?P<other>[a-z]{3,})",
    re.IGNORECASE,
)
"""Where images are compared, their words need no "the": "compare english and french"."""
LISTED = re.compile(r"\s*(?:,|&|\+|/|\band\b|\bvs\.?(?=\s)|\bversus\b|\bthen\b)\s*", re.IGNORECASE)
FIELDS = re.compile(
    r"amounts?|prices?|tax|vat|items?|address|vendor|seller|supplier|company|customer|signature|total|totals|sums?|"
    r"dates?|"
    r"names?|number",
    re.IGNORECASE,
)
"""Words of papers, which name an image only before "photo", "card" and the like: "the customer pic"."""
JOINED = re.compile(
    r"(?: (?:list|label|card|sheet|note|form|book|page|box|bottle|photo|pic|shot|one)s?)?[\s,&+/]*(?:\b(?:and|or|"
    r"vs\.?|versus|with|to|than|against|from|on|in|of|for|also|then|is|are|looks?|newer|older|"
    r"better|worse|the|as|well|same|like|match(?:es)?|\w+er)\b[\s,&+/]*)*"
)
"""What may stand between two images that are meant together: "the receipt and on the invoice"."""


def by_topic(text: str, turn: Turn) -> list[tuple[int, int, list[str]]]:
    """Where images are named by a word that only one message with images had, and which these are."""
    posts = [exchange for exchange in turn.past if exchange.posted and exchange.text]
    if len(dict.fromkeys(handle for exchange in posts for handle in exchange.posted)) < 2:
        return []
    found: list[tuple[int, int, list[str]]] = []
    for start, end, handles in _named(text, posts):
        if found and not JOINED.fullmatch(text[found[-1][1] : start]):
            break
        found.append((start, end, handles))
    return found


def _named(text: str, posts: Sequence[Exchange]) -> Iterator[tuple[int, int, list[str]]]:
    compared = re.match(r"\W*(?:\w+\W+){0,3}(?:compare|contrast|diff|difference between)\b", text, re.IGNORECASE)
    place = 0
    while match := TOPIC.search(text, place) or (COMPARED.search(text, place) if compared else None):
        if compared and (other := COMPARED.search(text, place)) and other.start() < match.start():
            match = other
        word = str(match[match.lastgroup or 0])
        plain = COMMON.fullmatch(word) or (FIELDS.fullmatch(word) and match.lastgroup not in ("one", "first"))
        handles = [] if plain else _told(word, posts)
        if handles:
            # of "compare the menu with the bill" only what names an image
            yield (
                *(match.span() if match.re is TOPIC and not match["like"] else match.span(str(match.lastgroup))),
                handles,
            )
        place = match.end() if handles else match.start() + 1


def _told(word: str, posts: Sequence[Exchange]) -> list[str]:
    """The images of the only message that says this word; of a list of as many things, the one in its place."""
    said = re.compile(rf"\b{re.escape(word.removesuffix('s'))}s?\b", re.IGNORECASE)
    told = [exchange for exchange in posts if said.search(exchange.text)]
    if len(told) != 1:
        return []
    images = told[0].posted
    for sentence in re.split(r"[.?!:;()]", told[0].text):
        things = [thing for thing in LISTED.split(sentence) if thing.strip()]
        if len(things) == len(images) > 1 and sum(bool(said.search(thing)) for thing in things) == 1:
            return [image for image, thing in zip(images, things, strict=True) if said.search(thing)]
    # several images and no list: the message names what they have in common
    return list(images) if len(images) == 1 or len(posts) > 1 else []
