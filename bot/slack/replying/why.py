"""Pure: an answer's evidence in small print: which image or page, which tool, how sure."""

from __future__ import annotations

from typing import Any

from bot.turns.footnotes import certainty, in_short
from bot.turns.running import Answer
from tools.kit.seeing.claims import claimed

SEARCHED = "searched the images that may be shown here"
DONE = {
    "analyze": "analysed",
    "classify": "classified",
    "compare": "compared",
    "describe": "described",
    "extract": "took fields from",
    "look": "looked at",
    "posted_before": "looked for copies of",
    "read_text": "read",
    "search": SEARCHED,
    "tally": "counted images that may be shown here",
}
"""What a tool did, for people. A tool that is not here goes by its name."""


def why(answer: Answer) -> str:
    """``read page 2 of invoice.pdf (image 3), 87% sure · compared image 1, image 2``.

    What a tool could not do is said only where none brought anything: the answer says it in better words.
    """
    images = {image["handle"]: image for image in answer.images}
    brought = [tool for tool in answer.tools if tool["evidence"]]
    return " · ".join(dict.fromkeys(why_of(tool, images) for tool in brought or answer.tools))


def why_of(tool: dict[str, Any], images: dict[str, dict[str, Any]]) -> str:
    """One tool's part of it."""
    did, evidence = DONE.get(tool["name"], tool["name"]), tool["evidence"]
    if evidence is None:
        return f"{tool['name'].replace('_', ' ')} could not: {in_short(tool['error'])}"
    handles = dict.fromkeys(region["handle"] for region in evidence["about"]) or _shown(tool, images)
    of = ", ".join(_named(handle, images.get(handle)) for handle in handles)
    sure = f", {certainty(evidence['sure'])}" if evidence["sure"] is not None else ""
    by = _by(evidence)
    between = " with " if did == SEARCHED else " "
    return f"{did}{between}{of}{sure}{by}" if of else f"{did}{sure}{by}"


def _by(evidence: dict[str, Any]) -> str:
    if evidence["source"] == "model":
        return ", as a vision model sees it"
    return ", in part as a vision model sees it" if any(claimed(evidence.get("facts"))) else ""


def _shown(tool: dict[str, Any], images: dict[str, dict[str, Any]]) -> dict[str, None]:
    """The images it was called with: where it found nothing, its evidence points nowhere."""
    return dict.fromkeys(handle for handle in images if handle in tool["arguments"].values())


def _named(handle: str, image: dict[str, Any] | None) -> str:
    if image is None:
        return handle
    page = f"page {image['page']} of " if image["page"] is not None else ""
    return f"{page}{image['name']} ({handle})"


def looked_at(answer: Answer) -> str:
    """``2 of 5 images in this thread``; empty when that is plain to see."""
    about = {region["handle"] for tool in answer.tools for region in (tool["evidence"] or {"about": ()})["about"]} & {
        image["handle"] for image in answer.images
    }
    if len(answer.images) < 2 or not about:
        return ""
    return f"{len(about)} of {len(answer.images)} images in this thread"
