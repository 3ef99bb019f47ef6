"""What narrows a search: dates, folders, file types, shape and size; and how many hits are wanted."""

from __future__ import annotations

import re
from datetime import date

from graphs.local_planner.filter_dates import dates
from graphs.local_planner.limits import limits
from graphs.local_planner.narrowed import Narrowed

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


def narrow(text: str, today: date) -> Narrowed:
    """Find the filters and the limit in a request, and cut them out of it."""
    left = Narrowed(text)
    # sizes before dates: "at least 1920 px" is no year
    _shapes(left)
    dates(left, today)
    _places(left)
    limits(left)
    return left


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
