"""What narrows a search: dates, folders, file types, shape and size; and how many hits are wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from graphs.local_planner.dates import DAY, MONTH, SPAN, YEAR, span
from graphs.local_planner.pointers import NUMBERS
from graphs.local_planner.references import number

UNIT = r"(?:days?|weeks?|months?|years?)"
COUNT = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of|few)"
ADDED = (
    r"(?:(?:that (?:were|was)|which (?:were|was)|we|i)? ?(?:taken|added|made|shot|uploaded|scanned|posted|"
    r"created|dated|captured|saved|indexed|from|took|got|shared|put in) )*"
)


MIMES = {
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "png": "png",
    "gif": "gif",
    "webp": "webp",
    "tif": "tiff",
    "tiff": "tiff",
    "heic": "heic",
    "bmp": "bmp",
    "avif": "avif",
}
TYPE = r"(?:jpe?g|png|gif|webp|tiff?|heic|bmp|avif|pdf)"


@dataclass
class Narrowed:
    """A search request taken apart: what is left of the sentence, and what narrows it."""

    text: str
    filters: dict[str, Any] = field(default_factory=dict)
    limit: int | None = None

    def take(self, pattern: str, use: Callable[[re.Match[str]], bool | None]) -> None:
        """Cut out every match that `use` accepts (does not call False)."""
        text = re.sub(pattern, lambda match: match[0] if use(match) is False else " ", self.text, flags=re.IGNORECASE)
        self.text = re.sub(r"\s+", " ", text).strip()


def narrow(text: str, today: date) -> Narrowed:
    """Find the filters and the limit in a request, and cut them out of it."""
    left = Narrowed(text)
    # sizes before dates: "at least 1920 px" is no year
    _shapes(left)
    _dates(left, today)
    _places(left)
    _limits(left)
    return left


def _dates(left: Narrowed, today: date) -> None:
    def between(match: re.Match[str]) -> bool:
        first, last = span(match["first"], today), span(match["last"], today)
        year = re.search(YEAR, match["last"])
        if year and not re.search(YEAR, match["first"]):
            first = span(f"{match['first']} {year[0]}", today) or first
        return _put(left, first[0], last[1]) if first and last else False

    def within(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, found[0], found[1]) if found else False

    def after(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        # "after 2023" starts when 2023 is over, "since 2023" when it begins; a single day starts on itself
        late = (
            match["how"].lower() in ("after", "later than", "newer than") and found and (found[1] - found[0]).days > 1
        )
        return _put(left, found[1] if late else found[0], None) if found else False

    def before(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        late = match["how"].lower() in ("until", "till", "up to", "through", "up until")
        return _put(left, None, found[1] if late else found[0]) if found else False

    def since(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, found[0], None) if found else False

    def until(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, None, found[1]) if found else False

    def beyond(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, found[1], None) if found else False

    def short_of(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, None, found[0]) if found else False

    def recent(match: re.Match[str]) -> bool:
        return _put(left, today - _length(match["n"] or "1", match["unit"]), None)

    def older(match: re.Match[str]) -> bool:
        return _put(left, None, today - _length(match["n"], match["unit"]))

    span_ = rf"(?:,?\s*\bbut)?,?\s*\b(?:nothing|not|none) (?:from )?(?P<span>{SPAN}) (?:or|and)"
    left.take(rf"{span_} (?:earlier|older|before)\b", beyond)
    left.take(rf"{span_} (?:later|newer|after|onwards?)\b", short_of)
    left.take(rf",?\s*\b(?:nothing|not|no|none) (?:(?:older|earlier) than|before|prior to) (?P<span>{SPAN})\b", since)
    left.take(rf",?\s*\b(?:nothing|not|no|none) (?:(?:newer|later) than|after) (?P<span>{SPAN})\b", until)
    left.take(rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:later|newer|after|onwards?|up)\b", since)
    left.take(rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:earlier|older|before)\b", until)
    left.take(
        rf",?\s*\b{ADDED}(?:between|from) (?P<first>{SPAN}) (?:and|to|until|till|through|-) (?P<last>{SPAN})", between
    )
    left.take(rf",?\s*\b{ADDED}\(?(?P<first>{YEAR})\s?-\s?(?P<last>{YEAR})\)?", between)
    left.take(
        rf",?\s*\b(?:nothing|not|no|never|less than|under|at most|max(?:imum)?) ?(?:older|more)? ?(?:than )?"
        rf"(?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?",
        recent,
    )
    left.take(rf",?\s*\b{ADDED}(?:older|more) than (?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?", older)
    left.take(
        (
            rf",?\s*\b(?:from |in |over |within |of |during )?{ADDED}(?:from |in |over |within |of |"
            rf"during )?(?:the |these )?(?:last|past|previous) (?P<n>\d+|two|three|four|five|six|seven|eight|"
            rf"nine|ten|twelve|couple of|few) (?P<unit>{UNIT})"
        ),
        recent,
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<how>after|since|later than|newer than|starting(?: from)?|from (?={SPAN} (?:on|"
            rf"onwards?)\b)) ?(?:the (?:start|beginning) of )?(?P<span>{SPAN})(?: on(?:wards?)?\b)?"
        ),
        after,
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<how>before|until|till|up to|older than|earlier than|prior to|"
            rf"up until) (?:(?:the )?(?:end|start|beginning) of )?(?P<span>{SPAN})"
        ),
        before,
    )
    left.take(
        (
            rf",?\s*\b(?:from |in |during |on |of |for )?{ADDED}(?:from |in |during |on |of |dated |back in |"
            rf"for )(?:the )?(?P<span>{SPAN})(?:'s)?\b"
        ),
        within,
    )
    left.take(
        rf",?\s*\b{ADDED}(?:from |in )?this (?P<unit>year|month) (?:and|or) (?:the )?last(?: (?:year|month))?\b",
        lambda match: _put(left, (span(f"last {match['unit']}", today) or (None,))[0], None),
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<span>(?:last|this|the (?:last|past)) (?:year|quarter|month|week|spring|summer|autumn|"
            rf"fall|winter)|(?:spring|summer|autumn|fall|winter|q[1-4]) {YEAR}|today|yesterday|{MONTH} {YEAR})(?:'s)?\b"
        ),
        within,
    )
    left.take(rf"(?:^|(?<=\s))\(?(?P<span>{YEAR}|{DAY})\)?(?:'s)?(?: only)?(?=$|\s|[?.,!])", within)


def _put(left: Narrowed, after: date | None, before: date | None) -> bool:
    if after:
        left.filters["after"] = f"{after.isoformat()}T00:00:00"
    if before:
        left.filters["before"] = f"{before.isoformat()}T00:00:00"
    return True


def _length(n: str, unit: str) -> timedelta:
    count = {"a": 1, "an": 1, "couple of": 2, "few": 3, "twelve": 12}.get(n.lower()) or number(n)
    return timedelta(days=count * {"d": 1, "w": 7, "m": 30, "y": 365}[unit[0].lower()])


def _places(left: Narrowed) -> None:
    def folder(match: re.Match[str]) -> None:
        left.filters["folder"] = match["folder"].strip("\"'`")

    def named(match: re.Match[str]) -> None:
        left.filters["name_contains"] = match["name"].strip("\"'`.,?!")

    def kind(match: re.Match[str]) -> bool | None:
        if match["type"].lower() == "pdf":
            left.filters["mime"] = "application/pdf"
        else:
            left.filters["mime"] = f"image/{MIMES[match['type'].lower()]}"
        return None

    left.take(
        (
            r",?\s*\b(?:in |from |inside |within |of )?(?:the )?(?:\w+ )?(?:folder|directory|album) (?:called|"
            r"named) (?P<folder>\"[^\"]+\"|'[^']+'|[\w./~-]+)"
        ),
        folder,
    )
    left.take(
        (
            r"\b(?:search|browse|look (?:in|through))\s+(?:the |my |our )?(?:folder|"
            r"directory) (?P<folder>[\w./~-]+)"
        ),
        folder,
    )
    left.take(
        r"\b(?:search|browse|look (?:in|through))\s+(?:the |my |our )?(?P<folder>[\w./~-]+) (?:folder|directory|album)"
        r"(?: for)?\b",
        folder,
    )
    path = r"(?P<folder>\"[^\"]+\"|'[^']+'|`[^`]+`|[\w./~-]+)"
    at = r",?\s*\b(?:that are |which are |stored |saved |kept )?(?:in|from|inside|under|within|of|through)"
    left.take(rf"{at} (?:the |my |our )?(?:folder|directory|dir|album) (?:called |named )?{path}", folder)
    left.take(rf"{at} (?:the |my |our )?{path} (?:folder|directory|dir|album)\b", folder)
    left.take(r",?\s*\b(?:filed |stored |kept |saved )?(?:in|under|from) (?P<folder>/?[\w.-]+/[\w./-]+)", folder)
    left.take(r",?\s*\bfolder\s*[:=]\s*(?P<folder>[\w./-]+)", folder)
    name = r"(?P<name>\"[^\"]+\"|'[^']+'|`[^`]+`|[\w.-]+)"
    left.take(
        (
            rf",?\s*\b(?:(?:with|where|whose|that have|has|having|and) )?(?:the )?(?:word )?{name} in (?:(?:the|"
            rf"their|its) (?:file ?)?|file ?)(?:names?|titles?)\b"
        ),
        named,
    )
    left.take(
        (
            rf",?\s*\b(?:(?:with|where|whose|that have|whose|and) )?(?:the |"
            rf"a )?(?:file ?)?names? (?:that )?(?:contain(?:s|ing)?|includ(?:es|ing)|with|has|have|like|of|"
            rf"starting with) {name}"
        ),
        named,
    )
    left.take(rf",?\s*\b(?:files? )?(?:called|named|titled) {name}", named)
    left.take(
        (
            rf",?\s*\b(?:(?:as|in|only|just|of type|that are|but only|saved as|"
            rf"but) )*\.?(?P<type>{TYPE})s?(?: (?:format|files?|images?|only|type|please))*\b(?! \d)"
        ),
        kind,
    )


def _shapes(left: Narrowed) -> None:
    def shape(match: re.Match[str]) -> None:
        left.filters["orientation"] = {
            "vertical": "portrait",
            "upright": "portrait",
            "horizontal": "landscape",
            "wide": "landscape",
            "tall": "portrait",
        }.get(match["shape"].lower(), match["shape"].lower())

    def side(match: re.Match[str]) -> None:
        said = match.groupdict()
        tall = (said["side"] or said.get("side2") or "").lower().strip() in ("high", "tall", "height", "in height")
        left.filters["min_height" if tall else "min_width"] = int(re.sub(r"\D", "", match["size"]))

    def both(match: re.Match[str]) -> None:
        left.filters.update(min_width=int(match["width"]), min_height=int(match["height"]))

    left.take(r"(?:,\s*|^)(?P<shape>portrait|square|vertical|horizontal|landscape|upright)\s*(?=,|$)", shape)
    left.take(r",?\s*\b(?:in )?(?P<shape>wide|tall|upright) (?:format|orientation|mode)\b", shape)
    left.take(
        (
            r",?\s*\b(?P<size>\d[\d,]{2,6}) ?(?:px|pixels)(?: (?:or more|and up|plus|"
            r"minimum))? in (?P<side>height|width)\b"
        ),
        side,
    )
    formats = r"(?:orientation|format|mode|oriented|aspect|shaped?|layout)"
    pics = r"(?:photos?|pictures?|pics?|images?|shots?|ones?|snaps?|only|screenshots?|files?)"
    left.take(
        (
            rf",?\s*\b(?:(?:in|with|only|of|just|that are|but only) (?:an? )?)*(?P<shape>landscape|portrait|"
            rf"square|vertical|horizontal)[- ](?:{formats}\b)(?: {formats})?"
        ),
        shape,
    )
    left.take(
        (
            rf",?\s*\b(?:(?:only|just|but only|that are|but|in) )*(?P<shape>portrait|square|vertical|"
            rf"horizontal|landscape|upright)(?=(?: \w+)? (?:{pics}|photographs?)\b)"
        ),
        shape,
    )
    left.take(
        (
            r",?\s*\b(?:(?:only|just|but only|that are|but|in|ideally|preferably|,) )*(?P<shape>portrait|"
            r"square|vertical|"
            r"horizontal|landscape)(?: only)?\W*$"
        ),
        shape,
    )
    least = (
        r"(?:at least|min(?:imum)?(?: of)?|over|more than|wider than|taller than|bigger than|larger than|"
        r"from|>=?|no smaller than|nothing smaller than|nothing below)"
    )
    unit = r"(?:px|pixels?|p)"
    left.take(
        (
            rf",?\s*\b(?:that are |with |and )*(?:{least} )?(?P<width>\d{{3,5}}) ?[x×] ?(?P<height>\d{{3,5}})"
            rf"(?: ?{unit})?(?: or (?:larger|bigger|more))?"
        ),
        both,
    )
    left.take(
        (
            rf",?\s*\b(?:that are |and |with |which are )*(?:an? )?(?P<side>width|"
            rf"height) (?:of )?{least} ?(?P<size>\d[\d,]{{2,6}}) ?(?:{unit})?\b"
        ),
        side,
    )
    left.take(
        (
            r",?\s*\b(?:min(?:imum)?\.?|at least)? ?(?P<side>width|height)(?: of)?(?: at least| >=?|"
            r" min(?:imum)?)? (?P<size>\d{3,5})(?: ?(?:px|pixels))?\b"
        ),
        side,
    )
    measure = (
        rf"(?: ?{unit}(?: (?:or more )?(?:in )?(?P<side>wide|width|high|tall|height))?|(?P<side2> (?:wide|high|tall)))"
    )
    left.take(
        rf",?\s*(?:\bthat are |\band |\bwith |\bwhich are )*(?:{least}) ?(?P<size>\d[\d,]{{2,6}}){measure}\b", side
    )
    left.take(
        (
            rf",?\s*\b(?P<size>\d[\d,]{{2,6}}) ?{unit}(?: or more)?(?: (?:in )?(?P<side>wide|width|high|tall|"
            rf"height))?(?: (?:or|and) (?:more|larger|bigger|up|wider))\b"
        ),
        side,
    )


def _limits(left: Narrowed) -> None:
    def limit(match: re.Match[str]) -> bool | None:
        said = match.groupdict()
        word = (said["n"] or said.get("n2") or "").lower()
        if word not in NUMBERS and not word.isdigit() and word not in WORDS:
            return False
        left.limit = WORDS.get(word) or number(word)
        return None

    pics = (
        r"(?:photos?|pictures?|pics?|images?|shots?|results?|hits?|matches|examples?|ones|snaps?|"
        r"screenshots?|options|similar|more|of them|pieces|suggestions|portrait|landscape|square|png|"
        r"jpe?g)"
    )
    n = rf"(?P<n>\d{{1,3}}|{'|'.join(NUMBERS)}|{'|'.join(WORDS)})"
    units = r"(?! (?:px|pixels|days|weeks|months|years))"
    left.take(rf"^(?:please )?(?:show|get|give|find|grab|fetch)(?: me| us)? {n}\b{units}", limit)
    left.take(rf"^{n}\b(?= (?!of\b)(?:[\w-]+ ){{1,3}}{pics}\b)", limit)
    left.take(rf",?\s*\b{n} of (?:those|them|these)\b", limit)
    left.take(
        (
            rf",?\s*\b(?:no more than|not more than|at most|max(?:imum)?\.?(?: of)?|up to|limit(?:ed)?(?: it|"
            rf" them)?(?: to)?|only show|show only|limit\s*[:=]|(?:the )?top|(?:the )?first|(?:the )?best|"
            rf"no more) ?{n}\b(?: (?:of them|results?|hits?|{pics}|please))*"
        ),
        limit,
    )
    left.take(
        (
            rf",?\s*\b{n} (?:max|maximum|at most|tops|is enough|are enough|will do|is fine|would be enough|"
            rf"is plenty|suffices)\b"
        ),
        limit,
    )
    left.take(
        (
            rf",?\s*\b(?:just |only |the |about |some )*{n}(?= (?:(?:more|similar|other|random|good|nice|"
            rf"different|square|portrait|landscape|best|top|nicest|latest|newest|most recent|recent|"
            rf"great) )*{pics}\b)(?: of them)?"
        ),
        limit,
    )
    left.take(
        (
            rf",?\s*\b(?:just|only|make (?:it|that)|give me|show me|show|i (?:only )?(?:want|"
            rf"need)) {n}(?: instead| please| only| of (?:them|those))?\s*[.!]?$"
        ),
        limit,
    )
    left.take(
        rf",?\s*\b(?:(?:only|just|show|the) )+{n} (?:best|top|closest|nearest|newest|latest|most similar)\b(?: ones?)?"
        r"(?: (?:is|are) (?:enough|fine|plenty))?",
        limit,
    )
    left.take(r",\s*(?P<n>\d{1,3})(?: (?:please|of them|max|or so|tops|is enough|will do))*\W*$", limit)
    left.take(r",?\s*\b(?:only|just|gimme|give me) (?P<n>\d{1,3})\W*$|,\s*(?P<n2>\d{1,3}) of (?:them|those)\W*$", limit)
    left.take(rf"^(?:fewer|less|more|just|maybe|perhaps)?,? ?(?:like|say|about|around|maybe|roughly) {n}\W*$", limit)
    left.take(rf"^\W*{n}(?: (?:instead|please|only|is enough|are enough|will do|of them|results?))*\W*$", limit)


WORDS = {
    "a dozen": 12,
    "dozen": 12,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "a hundred": 100,
    "hundred": 100,
    "a couple of": 2,
    "a single": 1,
}
