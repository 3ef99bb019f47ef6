"""Orientation and size that narrow a search: "portrait", "at least 1920 px wide"."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed

NAMED = {"4k": 3840, "uhd": 3840, "8k": 7680, "fullhd": 1920, "1080p": 1920}
"""Sizes that have a name, by their width in pixels."""


def shapes(left: Narrowed) -> None:
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

    def named(match: re.Match[str]) -> None:
        left.filters["min_width"] = NAMED[match["size"].lower().replace(" ", "")]

    sizes = r"(?P<size>4k|8k|uhd|full ?hd|1080p)"
    left.take(
        rf",?\s*\b(?:in |at least |min(?:imum)? |over )*{sizes} (?:or|and) (?:more|larger|bigger|better|up|higher)\b",
        named,
    )
    left.take(rf",?\s*\b(?:in|at least|min(?:imum)?) {sizes}\b", named)
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
            r"horizontal|landscape)(?: only| instead| please)*\W*$"
        ),
        shape,
    )
    least = (
        r"(?:at least|min(?:imum)?(?: of)?|over|more than|wider than|taller than|bigger than|larger than|"
        r"from|>=?|(?:no|not|nothing) (?:smaller|less|narrower|lower) than|(?:not|nothing) below|upwards of)"
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
