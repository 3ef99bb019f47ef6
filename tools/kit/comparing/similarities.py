"""What is alike in two images, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from tools.kit.comparing.measured import Compared, text_of
from tools.kit.toolbox import listed


def similarities(compared: Compared) -> list[str]:
    """What is alike, in sentences."""
    first, second = compared.names
    if compared.identical:
        return [f"{first.capitalize()} and {second} are the same file."]
    return [
        *_alike_in_place(compared),
        *_alike_in_colour(compared),
        *_alike_in_text(compared),
        *_alike_in_kind(compared),
    ]


def _alike_in_place(compared: Compared) -> Iterator[str]:
    difference = compared.difference
    first = compared.first.handle
    one, other = compared.first.ref, compared.second.ref
    if (one.width, one.height) == (other.width, other.height):
        yield f"Both images are {one.width} x {one.height} pixels."
    if not difference.aligned:
        return
    if difference.partial:
        same = (
            "differs in no visible way" if not difference.changes else f"is {percent(1 - difference.changed)} the same"
        )
        yield f"What both clearly show ({percent(difference.overlap)} of {first}) {same}; the background is another."
    elif difference.changed < 0.0005 and not difference.changes:
        yield "Laid over each other, nothing visible differs."
    else:
        yield f"Laid over each other, {percent(1 - difference.changed)} of what both show looks the same."


def _alike_in_colour(compared: Compared) -> Iterator[str]:
    there = {colour.name for colour in compared.colours[1]}
    shared = [colour.name for colour in compared.colours[0] if colour.name in there]
    if shared:
        yield f"Both are largely {listed(shared[:3])}."


def _alike_in_text(compared: Compared) -> Iterator[str]:
    same = text_of(compared).same
    if same:
        quoted = [f'"{line.text}"' for line in same[:4]]
        yield f"Both read {listed(quoted)}{f' and {len(same) - 4} more lines' if len(same) > 4 else ''}."


def _alike_in_kind(compared: Compared) -> Iterator[str]:
    if compared.similarity >= compared.alike:
        yield f"They look alike in kind (similarity {compared.similarity:.2f})."


def percent(share: float) -> str:
    """Never rounded up to all of it."""
    value = 100 * share
    if 99 < value < 100:
        return f"{min(value, 99.9):.1f}%"
    return f"{value:.0f}%"
