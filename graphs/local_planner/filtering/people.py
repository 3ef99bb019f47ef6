"""People in a request: "posted by Anna Berg", "Anna's photos", "that @ben shared", "my photos", "not from Kim"."""

from __future__ import annotations

import re
from functools import cache

from graphs.local_planner.filtering.names import AT, CALLED, is_place, known, one, several, split
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.wordings import DONE, NOT, PICS, SHARE, SHARED

PAPER = re.compile(
    r"\b(?:invoices?|receipts?|bills?|letters?|statements?|quotes?|orders?|offers?|e-?mails?|cards?|postcards?|tickets?|"
    r"contracts?|parcels?|packages?|messages?|notes?)\s*$",
    re.IGNORECASE,
)
"""What comes from whoever wrote it, not from whoever posted it."""
LOOKS = r"(?:landscape|portrait|square|vertical|horizontal|latest|newest|oldest|recent|last|best|old|own|new|first)"
ELSEWHERE = r"(?:von|vom|di|de|da|van|par|por|od)"
""" "By" and "from" in other languages: they name a person only before an "@"."""
IT = r"(?: (?:it|them|(?:this|that)(?! (?:year|quarter|month|week|spring|summer|autumn|fall|winter|morning))))?"
OWN = r"(?:'s|(?<=s)')"
SOME_NAME = (
    r"(?!(?:the|an?|my|our|us|them|him|her|it|who|some\w*|any\w*|every\w*|no\w*|people|hand|mistake|default|accident|night|"
    r"day|today|yesterday|now|email)\b)[\w.-]*[^\W\d_]"
)
""" "Posted by" can be followed by whatever people are called."""
SHOWN = r"(?<!\bof )(?<!\bwith )(?<!\bin )(?<!\blike )(?<!\bon )"


NOUNS_TOO = (
    r"(?:rose|lily|daisy|mark|bill|will|art|grace|hope|may|april|june|summer|robin|jack|dale|cliff|rob|pat|ray|dean|"
    r"drew|jade|ruby|pearl|violet|iris|heather|holly|ivy|sandy|penny|angel|olive|faith|joy|page|max|chip|frank|nick|"
    r"dawn|star|sky|forest|brook|river|stone|ginger|jasmine|basil|clay|cash|chase|hunter|mason|carter|parker|tanner)s\b"
)
""" "Roses" are flowers, "bens" are Ben's."""
BUT = r"(?:other than|but(?! not)|except(?: for)?|besides|apart from)"


def people(left: Narrowed) -> None:
    """Cut who posted it out of a request. Somebody who is only shown ("a photo of Anna") stays in it."""
    for pattern in _patterns():
        left.take(pattern, lambda match: _put(match, left))


def _put(match: re.Match[str], left: Narrowed) -> bool:
    said = match.groupdict()
    names = split(said["whose"][:-1] if said.get("whose") else said.get("who") or "me")
    if said.get("bare") and re.match(CALLED, match["who"]):
        written = PAPER.search(match.string[: match.start("bare")].removesuffix(", "))
        if written or any(is_place(name) for name in names):
            return False
    left.put("posted_by", names, without=bool(said.get("not")))
    return True


@cache
def _patterns() -> tuple[str, ...]:
    who, subject = rf"(?P<who>{several('(?:me|myself)')})", rf"(?P<who>{several('(?:I|me)')})"
    others = rf"(?P<who>{several()})"
    no = rf"(?P<not>{NOT}\s+)?"
    ones = r"(?:(?:that|which|what|whatever|the ones?|ones?|those|the things?|stuff)\s+)*"
    has = r"(?: (?:has|have|had|just|once|recently|also|already))*"
    return (
        # "from:@ben", as people type it in Slack
        r"(?<!\S)(?P<not>-)?from:\s?(?P<who>@?[\w.-]*\w|<@\w+>)",
        # "did anyone other than me post the logo?", "from everybody but Kim"
        rf"(?:\b(?:did|has|have|of) |\b(?:{DONE} )?(?:from|by) )?\b(?:any|some|every)(?:one|body) "
        rf"(?P<not>{BUT}) {who}(?: {SHARE}\b| {SHARED}\b)?",
        # "somebody else's"
        rf"\b(?:{DONE} )?(?:(?:from|by) )?(?:any|some)(?:one|body) (?P<not>else)(?:'?s)?(?=\s*(?:$|[,.;:?!)]))",
        # "what did Priya upload about the office?", "which photos has Aisha posted?"
        rf"\b(?:(?:what|which|whatever)(?: {PICS})? )?(?:did|has|have|does) {subject} (?:already )?(?:{SHARE}|"
        rf"{SHARED})\b"
        r"(?: about| of| with)?",
        # "the sunset shots Marek took", "skip the ones I posted", "what Kofi posted"
        rf"{no}(?<!\w){ones}{subject}{has} {SHARED}\b{IT}"
        r"(?: (?:up|here|about|round|around|over|across|out|along|through|back)(?= |\W*$))?",
        # "Yuki had a nice one of the lobby", "didn't Jonas have some pictures of the logo?"
        rf"(?:\b(?:i (?:think|believe|know|swear)|did(?: not|n'?t)?|does(?: not|n'?t)?|has|pretty sure(?: that)?) )?\b"
        rf"{others} "
        rf"(?:had|has|have|got|did|used to have)(?: got)? (?:an?|one|some|any|that|this|the|those|all the)\b"
        rf"(?: (?!of\b)[\w-]+){{0,3}}?(?: {PICS}|(?<= one)|(?<= some)) "
        r"(?=(?:of|with|from|where|showing|that|in|for|about)\b)(?:of )?",
        # "posted by Ravi", "not posted by Kim or Lee", "by Jon Snow", "uploaded by finance-bot"
        rf"{no}(?:,\s*)?\b(?:(?:that|which) (?:was|were) )?(?:{DONE} )?by {who}(?![\w'])",
        rf"{no}(?:,\s*)?\b(?:(?:that|which) (?:was|were) )?{DONE} by (?P<who>{SOME_NAME})(?![\w'])",
        # "from Anna or Ben", "not from Anna", "shared from @sam"; not "the invoice from Acme", not "photos from Paris"
        rf"{no}(?:,\s*)?\b(?:{DONE} )?(?P<bare>from) {who}(?![\w'])(?: only| alone)?",
        rf"\b{ELSEWHERE} (?P<who>{AT}(?:(?:,| und| et| y| e| o)* {AT})*)",
        rf"{no}\b(?:from|by) my own (?:ones|uploads|posts|photos|pictures|pics)\b",
        # "other than Mia's", "excluding my own", "not mine", "only Grace's", "all of Anna's"
        rf"{no}{SHOWN}(?:\b(?:all|any|some) of )?\b(?P<who>{one()}{OWN}(?=\s*(?:$|[,.;:?!)]))|mine|"
        rf"my own(?: ones)?)(?!\w)",
        # "Anna's photos", "find my screenshots of the error", "Uwe's portrait pictures"
        rf"{no}{SHOWN}(?<!\w)(?P<who>{one()}{OWN}|my)(?: own)?(?=(?: {LOOKS})* (?:{PICS}|(?<=my )(?:receipts|"
        rf"whiteboards))\b)",
        # "anna and bens pictures"
        rf"{no}{SHOWN}\b(?!{NOUNS_TOO})(?P<whose>(?:{known()}(?:,| and| &|'s and) )?{known()}s)"
        rf"(?=(?: {LOOKS})* {PICS}\b)",
        # "Anna or Ben, #design, last month"
        rf"^(?P<who>{known()}(?:,? (?:or|and) {known()})*)\s*(?=[,:])",
        rf"^(?P<who>{AT}(?:,? (?:or|and) {AT})*)\s*(?=[,:]\s*(?:(?:the|all|any) )*{PICS}\b)",
        # "@maria.lopez" by itself; "photo of @anna" shows somebody
        rf"(?<!\bof )(?<!\bwith )(?<=\s)(?P<who>{AT}(?:(?:,| and| or| &)* {AT})*)",
    )
