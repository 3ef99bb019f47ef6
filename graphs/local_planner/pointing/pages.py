"""Pages of one file: several images of a thread that are one paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from graphs.local_planner.answering.values import in_a_sentence, listed
from graphs.local_planner.pointing.pointers import NUMBER, number
from graphs.local_planner.turn import Call
from tools.kit import Evidence, ImageRef, Json
from tools.kit.papers import papers

CONTENT = re.compile(
    r"^(?:(?:and|now|ok|so|then)\s+)*(?:what(?: is|'s| does it say| stands| does)|show(?: me)?|read(?: me)?)"
    r" (?:on )?(?P<handle>image \d+)(?: (?:say|about))?\W*$",
    re.IGNORECASE,
)


def whole(handles: Sequence[str], images: Sequence[ImageRef]) -> tuple[str, ...]:
    """The images, and of every paper of which a page is among them all other pages, in their order."""
    wanted = {image.handle for paper in papers(images) for image in paper if _among(paper, handles)}
    return tuple(image.handle for image in images if image.handle in wanted) or tuple(handles)


def _among(paper: Sequence[ImageRef], handles: Sequence[str]) -> bool:
    return any(image.handle in handles for image in paper)


def as_images(text: str, images: Sequence[ImageRef], recent: Sequence[str]) -> str:
    """A sentence with the handle for each "page 2" of a paper, of the one last talked about if that has it."""
    known = [paper for paper in papers(images) if paper[0].page]
    talked = [paper for paper in known if _among(paper, recent)]
    handles = {
        image.page: image.handle for paper in [*sorted(known, key=len), *sorted(talked, key=len)] for image in paper
    }
    named = re.compile(rf"\bpage (?:number |no\.? )?({NUMBER})\b", re.IGNORECASE)
    return named.sub(lambda match: handles.get(number(match[1]), match[0]), text)


def content(text: str, images: Sequence[ImageRef], recent: Sequence[str]) -> str:
    """The page whose content is asked for: "what is on page 2?"; empty for any other question."""
    asked = as_images(text, images, recent)
    match = CONTENT.match(asked) if asked != text else None
    return match["handle"] if match else ""


def one_paper(calls: Sequence[Call], images: Sequence[ImageRef]) -> list[Call]:
    """Calls with those that took fields off several pages of one file made one, of the first value of each field."""
    merged: list[Call] = []
    read = _by_paper(calls, images)
    for call in calls:
        pages = next((pages for pages in read if call in pages), [call])
        if call is pages[0]:
            merged.append(_merged(pages) if len(pages) > 1 else call)
    return merged


def together(calls: Sequence[Call], images: Sequence[ImageRef]) -> tuple[list[str], list[Call]]:
    """What was taken off several pages of one file, said once with its page; and the calls left over."""
    numbers = {image.handle: image.page for image in images}
    said: list[str] = []
    left = list(calls)
    for pages in _by_paper(calls, images):
        said += _of_paper(pages, numbers)
        left = [call for call in left if call not in pages]
    return said, left


def _by_paper(calls: Sequence[Call], images: Sequence[ImageRef]) -> list[list[Call]]:
    """The extractions of each paper of which several pages were read."""
    taken = {call.handles[0]: call for call in calls if call.tool == "extract" and call.evidence and call.handles}
    found = [[taken[image.handle] for image in paper if image.handle in taken] for paper in papers(images)]
    return [pages for pages in found if len(pages) > 1]


def _merged(pages: Sequence[Call]) -> Call:
    values = {value["name"]: value for call in reversed(pages) for value in _values(call) if value["value"] is not None}
    names = dict.fromkeys(value["name"] for call in pages for value in _values(call))
    facts: dict[str, Json] = {"fields": {name: values[name]["value"] if name in values else None for name in names}}
    evidence = Evidence(said=" ".join(call.said for call in pages), facts=facts)
    handles = [handle for call in pages for handle in call.handles]
    return replace(pages[0], arguments={"images": handles}, evidence=evidence)


def _of_paper(pages: Sequence[Call], numbers: Mapping[str, int | None]) -> Iterator[str]:
    known: dict[str, set[str]] = {}
    for call in pages:
        values = [value for value in _values(call) if value["value"] is not None and _new(value, known)]
        if values:
            yield in_a_sentence(f"page {numbers[call.handles[0]]} ({call.handles[0]})", values)
    asked = dict.fromkeys(str(value["name"]) for call in pages for value in _values(call))
    if absent := [name for name in asked if name not in known]:
        yield f"I found no {listed(absent, 'or')} on any of the {len(pages)} pages."


def _new(value: Mapping[str, Json], known: dict[str, set[str]]) -> bool:
    """Whether no page before says the same."""
    told = known.setdefault(value["name"], set())
    new = str(value["value"]) not in told
    told.add(str(value["value"]))
    return new


def _values(call: Call) -> list[dict[str, Json]]:
    return list(call.evidence.facts.get("values") or []) if call.evidence else []
