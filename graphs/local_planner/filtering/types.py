"""File types that narrow a search: "jpgs of the fence", "logos as png"."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed

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


def mime_of(said: str) -> str:
    """The media type of a file type as people call it."""
    return "application/pdf" if said.lower() == "pdf" else f"image/{MIMES[said.lower()]}"


def types(left: Narrowed) -> None:
    def kind(match: re.Match[str]) -> None:
        left.put("mime", mime_of(match["type"]))

    left.take(
        (
            rf",?\s*\b(?:(?:as|in|only|just|of type|that are|but only|saved as|"
            rf"but) )*\.?(?P<type>{TYPE})s?(?: (?:format|files?|images?|only|type|please))*\b(?! \d)"
        ),
        kind,
    )
