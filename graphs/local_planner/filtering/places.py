"""Folders and file names that narrow a search: "in the folder press/2025", "with v2 in the name"."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.wordings import NOT


def not_there(left: Narrowed) -> None:
    """Cut folders that no hit may be in, and words that no file name may have, out of a request."""
    path = r"(?P<value>\"[^\"]+\"|[\w./~-]+)"
    folder = rf"(?:(?:in|from|inside|under) )?(?:the |my |our )?(?:folder|directory|album) (?:called |named )?{path}"
    left.take(rf"(?:,\s*)?{NOT} {folder}", lambda match: left.put("folder", match["value"].strip('"'), without=True))
    name = rf"(?:files? )?(?:called|named) {path}"
    left.take(
        rf"(?:,\s*)?{NOT} {name}", lambda match: left.put("name_contains", match["value"].strip('"'), without=True)
    )


def places(left: Narrowed) -> None:
    def folder(match: re.Match[str]) -> None:
        left.filters["folder"] = match["folder"].strip("\"'`")

    def named(match: re.Match[str]) -> None:
        left.filters["name_contains"] = match["name"].strip("\"'`.,?!")

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
