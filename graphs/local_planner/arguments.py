"""From a wish to the arguments of its tool."""

from __future__ import annotations

import re
from typing import Any

from graphs.clock import Clock
from graphs.local_planner.choices import labels
from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.kinds import only_names_one, screens
from graphs.local_planner.language.filler import says_nothing
from graphs.local_planner.language.phrases import plain, written_out
from graphs.local_planner.papers import fields
from graphs.local_planner.searches.queries import query, twist
from tools.kit import Json

LIKENESS = (
    r"\b(?:like|similar to|resembl\w+|same as|close to|(?:duplicates?|copies|copy|lookalikes?|"
    r"original|source|twins?|others?) of|"
    r"match(?:es|ing)?(?: for)?) "
    r"(?:this|that|it|these|those|image|the (?:\w+ )?(?:one|image|photo|picture|pic))\b",
    r"\b(?:similar|matching|related|comparable|lookalike|alike) (?:\w+ )?"
    r"(?:ones?|images?|photos?|pictures?|pics?|shots?|products?|items?|things?|looking|results?)\b",
    (
        r"\bsimilar\b\W*$|\bsimilar (?:in|from)\b|^(?:the )?(?:similar|same)\b|^(?:this|that|"
        r"it)(?: one)?,? (?:but|only|just)\b"
    ),
    (
        r"\b(?:anything|something|more|others?) (?:similar|alike|like)\b|\bmore of (?:this|these|that|"
        r"those|them|it|the same)\b"
    ),
    r"^(?:this|that) [a-z]+,? (?:but|only|just)\b|\brelated (?:material|stuff|shots)\b|\b(?:of|like) the same$|"
    r"\bnearest neighbou?rs?\b|\bduplicate check\b|^match(?:es)?$|"
    r"\bsimilar (?!to\b)[a-z]+$|"
    r"\b(?:near|close|exact|visual|closest|nearest|possible)[- ]match(?:es)?\b|"
    r"\breverse (?:image )?search|\blook-?alikes?\b|\b(?:near[- ])?duplicates\b|\bimage[- ]to[- ]image\b",
    # was it here before?
    r"\bwho (?:else )?(?:has )?(?:posted|shared|uploaded|used)\b|^(?:find|show|get|search)\b.* its \w+$|"
    r"\bits (?:twins?|lookalikes?|copies)\b|\bduplicates?$",
    (
        r"^(?:find|search|look for|show|get)(?: me)? (?:it|this|that|one) (?:in|with|from|at)\b|"
        r"^(?:looks?|looking) like (?:this|that|it)\b"
    ),
    r"\b(?:posted|seen|uploaded|shared|used|had|have|got|stored|saved) (?:this|it|that)\b",
    r"\b(?:this|it|that)(?: \w+)? (?:is |was )?(?:already|before)\b",
    r"\bis (?:this|it|that)\b.*\b(?:in|part of) (?:the|our|my) ",
    r"\b(?:versions?|variants?|crops?|takes?) of (?:this|that|it|these|image)\b|^(?:find|search|any|more|show)\b.*"
    r"\bsimilar [a-z]+$",
    r"\b(?:of|with) that (?!time|year|month|week|day)[a-z]+$",
    # search with it
    (
        r"\b(?:get|find|have)(?: me)? (?:it|this|one|that) (?:with|without|in)\b|^(?:this|that) (?:kind|"
        r"type|sort|style) of\b"
    ),
    r"\bother (?:shots?|photos?|pictures?|pics?|angles?|views?) of (?:this|that|it|the same)\b",
    r"\balong (?:these|those|the same) lines\b|\bin (?:this|that|the same) style\b",
    r"\b(?:search|find|look|match)\w* (?:\w+ )*(?:with|using|by|from) (?:this|that|it|image)\b",
    r"^(?:search|find|look|show|get|any)\b.*\bthe same [a-z]+",
    r"\bsame (?:kind|sort|type) of\b",
    r"^(?:i |we )?(?:search|find|look|do|have|got|any|show|get|is|are|want|need)\b.*\b(?:this|these) "
    r"(?!year|month|week|summer|winter|spring|autumn|morning|quarter)[a-z]+",
    r"^(?:more|like this)\b.*\b(?:but|only|just|with|in|without)\b|^(?:more|others?)(?: ones?| of those| please)?$",
)
IMAGE_SEARCH = re.compile("|".join(LIKENESS))
MEND = re.compile(
    (
        r"\b(?:find|spot|locate|see|show me)\b.*\b(?:typos?|spelling mistakes?|misspelling\w*|spelling errors?)\W*$|"
        r"\b(?:fix|correct|mend|clean up|repair|tidy)\w*\b.*\b(?:typos?|spell\w*|misspell\w*|mistakes?|"
        r"errors?|text|ocr)\b|\b(?:with|and|use|plus) (?:a )?spell(?:ing)?[- ]?(?:check\w*|correct\w*)|"
        r"\bspell(?:ing)?[- ]?(?:check\w*|correct\w*)|\bcorrected\b|\b(?:typos?|spelling|"
        r"mistakes?) (?:fixed|corrected|mended)\b|\bautocorrect|\btypos?\b.*\b(?:clean|fix|correct|mend)\w*\b"
    ),
    re.I,
)
KEEP = re.compile(
    (
        r"\b(?:verbatim|as (?:is|printed|written)|keep (?:the|all|any|every)?\s*(?:mistakes?|typos?|"
        r"spelling|errors?)|exactly|word for word|literal\w*)\b|\b(?:do not|don'?t|without|no|not|"
        r"never)\b.{0,20}\b(?:fix|correct|chang|spell)\w*"
    ),
    re.I,
)


PARTS = (
    ("caption", r"\bcaptions?\b|\b(?:one|1|single)[- ](?:line|sentence)\b|\b(?:shorter|briefer|short|brief|concise)\b"),
    (
        "description",
        r"\b(?:detail\w*|longer|long|full|thorough\w*|in depth|elaborate|extensive)\b|[,+&] (?:a )?descriptions?\b",
    ),
    ("keywords", r"\bkey ?words?\b|\b(?:hash)?tags\b"),
    ("alt_text", r"\balt(?:ernative)?[- ]?texts?\b|\balt tags?\b"),
    ("colours", r"\b(?:the|its|main|dominant) colours?$|\bcolour (?:palette|scheme)\b"),
)
"""Parts of a description and the words for them."""


def spelling(text: str) -> bool:
    """Whether slips in the text read are to be mended."""
    return bool(MEND.search(plain(text))) and not KEEP.search(plain(text))


def classify(clause: str) -> dict[str, Json]:
    offered = labels.labels(clause) or labels.single(clause)
    return {"labels": offered} if offered else {}


def describe(clause: str) -> dict[str, Json]:
    """The parts of a description that are asked for by name; a plain "describe this" names none."""
    said = plain(clause).rstrip(" ?.!")
    parts: list[Json] = [part for part, words in PARTS if re.search(words, said)]
    return {"parts": parts} if parts else {}


def extract(clause: str) -> dict[str, Json]:
    asked = fields.fields(clause) or fields.thing(clause)
    return {"fields": asked} if asked else {}


def search(clause: str, handle: str | None, clock: Clock) -> dict[str, Json]:
    """`handle` is the picture to search by, when there is one and the clause wants that."""
    left = narrow(written_out(clause), clock)
    said: dict[str, Any] = {"image": handle} if handle else {}
    words = twist(left.text) if handle else query(left.text)
    if (kinds := only_names_one(words)) and (left.filters or kinds == ["screenshot"]) and not handle:
        left.put("kinds", kinds)
    elif not handle and (shown := screens(words)):
        left.put("kinds", ["screenshot"])
        said["query"] = shown
    elif words and not (left.filters and says_nothing(words)):
        said["query"] = words
    if left.filters:
        said["filters"] = left.filters
    if left.limit:
        said["limit"] = left.limit
    return said


def by_image(clause: str) -> bool:
    """Whether a search is by a picture at hand: "more like this", "is it in our archive?"."""
    return bool(IMAGE_SEARCH.search(plain(clause)))
