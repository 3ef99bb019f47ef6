"""Text that must be read on an image: with the text "EXIT", that says no parking, without the word draft."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.wordings import NOT
from graphs.local_planner.language.patterns import compiled

QUOTED = r"(?:\"(?P<quoted>[^\"]+)\"|(?<!\w)'(?P<single>[^']+(?:'\w[^']*)*)'(?!\w))"
WORDS = r"(?:exact |same |printed |written )*(?:texts?|words?|phrase|sentence|lettering|inscription|heading|caption)"
SAYS = r"(?:says?|said|saying|reads?|reading|states?|stating)"
END = r"(?= (?:from|by|in|on it|on them|posted|shared|since|before|please)\b|\s*[,;.?!)]|$)"
BOARDS = (
    r"(?:signs?|posters?|banners?|slides?|labels?|screenshots?|notices?|t-?shirts?|stickers?|boards?|billboards?|mugs?)"
)
""" "Posters saying sale"; people may say something that is not written on them."""
WHERE = (
    r"(?: (?:is |are )?(?:written|printed|appearing|visible|shown)?(?: ?(?:on|in) (?:it|them|there)|"
    r" somewhere| anywhere)?)?"
)


def words(left: Narrowed) -> None:
    """Cut the text that images must, or must not, hold out of a request."""

    def text(match: re.Match[str]) -> bool | None:
        said = match.groupdict()
        found = next((said[name] for name in ("quoted", "single", "bare") if said.get(name)), "").strip(" .,")
        if not found:
            return False
        left.put("with_text", found, without=bool(said.get("not") or said.get("nor")))
        return None

    def on_a_sign(match: re.Match[str]) -> str:
        left.put("with_text", match["bare"].strip(" ."))
        return match["sign"]

    def titled(match: re.Match[str]) -> None:
        text(match)
        signs.append(match["sign"])

    signs: list[str] = []
    no = rf"(?P<not>{NOT}\s+|\b(?:that |which )?(?:do|does|did)(?:n't| not) )?"
    having = (
        r"(?:(?:with|containing|that contains?|contains?|showing|has|having|have|includ(?:es?|ing)|"
        r"mention(?:s|ing)?) )?"
    )
    left.take(rf"{no}\b{having}(?:the )?{WORDS} (?:that )?(?:{SAYS} )?:?\s?{QUOTED}{WHERE}", text)
    left.take(
        rf"{no}\b(?:where|on which|in which|that) (?:you|one|we|i|it) (?:can |could )?(?:clearly |actually )?"
        rf"(?:see|read)s? (?:the )?(?:{WORDS} )?{QUOTED}{WHERE}",
        text,
    )
    says = rf"(?:(?:that|which|where)(?: it| they)? |it )?(?:{SAYS}|mention(?:s|ing)?|labell?ed|lettered)"
    left.take(rf"{no}(?:\b(?:where|whose) the (?:text|words?|label|sign) )?\b{says}:? {QUOTED}{WHERE}", text)
    left.take(
        rf"{no}{QUOTED} (?:is |are )?(?:written|printed|visible)\b(?: (?:on|in) (?:it|them|there)| somewhere)?", text
    )
    left.take(
        rf"{no}\b(?:with|containing|having|showing) {QUOTED}(?! in (?:the|its|their) )"
        rf"(?: (?:on|in) (?:it|them|there)\b)?",
        text,
    )
    left.take(rf"{no}\b(?:with |has |having )?(?:written|printed|painted|engraved|stamped) {QUOTED}{WHERE}", text)
    left.take(rf"(?P<sign>{BOARDS}) (?:titled|entitled|headed|headlined|captioned) {QUOTED}", titled)
    left.take(rf"{no}(?<=without ){QUOTED}(?: (?:on|in) (?:it|them))?", text)
    left.take(rf"{no}\bwhere the (?:text|words?|label) (?:{SAYS}) (?P<bare>[^,.?!]+?){END}", text)
    holds = r"(?:containing|contains?|with|having|has|have|includ(?:es?|ing))"
    left.take(
        rf"{no}\b(?:that )?{holds} the (?:exact )?(?:text|words|phrase|lettering) "
        rf"(?!of\b|for\b|on\b|in\b|that\b)(?P<bare>[^,.?!\"']+?){END}",
        text,
    )
    sign = rf"(?<!\w)(?P<sign>{BOARDS}) (?:saying|reading) (?P<bare>[^,.?!\"']+?){END}"
    left.text = compiled(sign).sub(on_a_sign, left.text)
    has = having.removesuffix("?")
    left.take(rf"(?:{no}{has}|(?P<nor>{NOT}) )the words? (?!of\b|for\b|on\b|in\b)(?P<bare>[\w-]+){WHERE}(?=\W|$)", text)
    left.take(
        rf"{no}\b(?:that|which|where it|where they) (?:{SAYS}) (?!so\b|it\b|what\b)(?P<bare>[^,.?!]+?){END}", text
    )
    left.take(r"(?P<not>\b(?:that|which) (?:do|does)(?:n't| not) (?:say|read|mention)) (?P<bare>[^,.?!]+?)" + END, text)
    left.text = " ".join([*signs, left.text]).strip()
