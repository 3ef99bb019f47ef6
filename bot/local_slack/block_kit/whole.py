"""What Slack asks of a message or a view as a whole, once each of its blocks is right by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.local_slack.block_kit.blocks import BLOCK, MARKDOWN_MOST, Surface
from bot.local_slack.block_kit.grammar import fault

TOO_LONG = 13_200
"""Characters of blocks in one message, as `total_length` counts them, beyond which Slack says `msg_blocks_too_long`.

Slack documents no number. 13,297 characters of markdown alone were let through, 13,172 beside a divider:
https://github.com/slackapi/bolt-js/issues/2509
"""

TABLE_MOST = 10_000
"""Characters in all cells of a message: https://docs.slack.dev/reference/block-kit/blocks/table-block"""

_A_BLOCK_MORE = 125
_SHOWN = ("text", "title")
_ELEMENTS_ONLY_ON: dict[str, tuple[Surface, ...]] = {
    "workflow_button": ("message",),
    "file_input": ("modal",),
    "email_text_input": ("modal",),
    "number_input": ("modal",),
    "url_text_input": ("modal",),
    "rich_text_input": ("modal", "home"),
    "datetimepicker": ("message", "modal"),
}

Node = Mapping[str, Any]


class Place(NamedTuple):
    """An object inside a payload."""

    at: str
    """Its JSON pointer."""
    node: Node
    block: str
    """The JSON pointer of the block around it."""


def whole_faults(blocks: Sequence[Node], *, surface: Surface, at: str) -> Iterator[str]:
    """Faults of blocks that are each of a right shape: ids met twice, too much markdown, a second table."""
    places = list(_places(blocks, at))
    yield from _met_twice("block_id", places, among=lambda place: "")
    yield from _met_twice("action_id", places, among=lambda place: place.block)
    yield from _out_of_place(places, surface)
    yield from _not_among_options(places)
    yield from _too_much(places, "markdown", MARKDOWN_MOST, lambda block: len(block["text"]))
    yield from _too_much(places, "table", TABLE_MOST, lambda block: _shown(block["rows"]))
    yield from (fault("only_one_table_allowed", table.at) for table in _of_type(places, "table")[1:])


def total_length(blocks: Sequence[Node]) -> int:
    """How long Slack takes these blocks to be: their text, and 125 characters for every block after the first.

    Cells of tables have their own limit and do not count. Compare with `TOO_LONG`.
    """
    text = sum(_shown(block) for block in blocks if block.get("type") != "table")
    return text + _A_BLOCK_MORE * max(0, len(blocks) - 1)


def _places(value: object, at: str, block: str = "") -> Iterator[Place]:
    """Every object inside `value`, outermost first."""
    if isinstance(value, Mapping):
        block = at if value.get("type") in BLOCK.kinds else block
        yield Place(at, value, block)
    for name, inner in _inside(value):
        yield from _places(inner, f"{at}/{name}", block)


def _inside(value: object) -> Iterator[tuple[object, object]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _of_type(places: Sequence[Place], kind: str) -> list[Place]:
    return [place for place in places if place.node.get("type") == kind]


def _met_twice(name: str, places: Sequence[Place], *, among: Callable[[Place], str]) -> Iterator[str]:
    met = set()
    for place in places:
        if name not in place.node:
            continue
        one = (among(place), place.node[name])
        if one in met:
            yield fault(f'`{name}` "{place.node[name]}" already exists', f"{place.at}/{name}")
        met.add(one)


def _out_of_place(places: Sequence[Place], surface: Surface) -> Iterator[str]:
    for at, node, _ in places:
        kind = node.get("type", "")
        if surface not in _ELEMENTS_ONLY_ON.get(kind, (surface,)):
            yield fault(f"unsupported type: {kind}", f"{at}/type")


def _not_among_options(places: Sequence[Place]) -> Iterator[str]:
    for at, node, _ in places:
        options = [*node.get("options", ()), *(o for group in node.get("option_groups", ()) for o in group["options"])]
        chosen = [*node.get("initial_options", ()), *filter(None, [node.get("initial_option")])]
        if options and any(option not in options for option in chosen):
            yield fault("initial option must match one of the options", at)


def _too_much(places: Sequence[Place], kind: str, most: int, length: Callable[[Node], int]) -> Iterator[str]:
    total = 0
    for place in _of_type(places, kind):
        total += length(place.node)
        if total > most:
            yield fault(f"must be less than {most + 1} characters", place.at)


def _shown(value: object) -> int:
    """Characters people see anywhere inside `value`."""
    return sum(
        len(inner) if isinstance(inner, str) and name in _SHOWN else _shown(inner) for name, inner in _inside(value)
    )
