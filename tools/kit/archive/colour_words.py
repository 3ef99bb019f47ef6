"""Colours as people call them -> the names that images are archived by."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from tools.kit.errors import AskAgain
from tools.kit.pictures.colours import PROTOTYPES

ALSO = {
    "gray": "grey", "dark gray": "dark grey", "light gray": "light grey", "silver": "light grey",
    "charcoal": "dark grey", "navy": "dark blue", "navy blue": "dark blue", "sky blue": "light blue",
    "teal": "turquoise", "cyan": "turquoise", "aqua": "turquoise", "violet": "purple", "magenta": "purple",
    "lavender": "lilac", "mauve": "lilac", "rose": "pink", "crimson": "dark red", "maroon": "dark red",
    "burgundy": "dark red", "scarlet": "red", "gold": "yellow", "golden": "yellow", "cream": "beige", "tan": "beige",
    "khaki": "olive", "lime": "light green", "lime green": "light green", "mint": "light green",
    "forest green": "dark green",
}  # fmt: skip
NEAR = 75.0
"""How alike a name must be to be offered (rapidfuzz ratio, 0 to 100)."""


def colour_named(said: str) -> str:
    """Raises: AskAgain for what is no colour we know."""
    plain = " ".join(said.casefold().replace("-", " ").split())
    name = ALSO.get(plain, plain)
    if name in PROTOTYPES:
        return name
    near = process.extractOne(plain, [*PROTOTYPES, *ALSO], scorer=fuzz.ratio, score_cutoff=NEAR)
    offered = f"did you mean {near[0]}?" if near else f"say one of {', '.join(PROTOTYPES)}."
    raise AskAgain(f'"{said}" is no colour that images can be searched by: {offered}')
