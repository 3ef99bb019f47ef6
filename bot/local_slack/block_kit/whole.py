"""What Slack asks of a message or a view as a whole, once each of its blocks is right by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.local_slack.block_kit.blocks import MARKDOWN_MOST, Surface
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


def whole_faults(blocks: Sequence[Node], *, surface: Surface, at: str) -> Iterator[str]:
    """Faults of blocks that are each of a right shape: ids met twice, too much markdown, a second table."""
    nodes = list(_nodes(blocks, at))
    yield from _met_twice("block_id", nodes)
    yield from _met_twice("action_id", nodes)
    yield from _out_of_place(nodes, surface)
    yield from _not_among_options(nodes)
    yield from _too_much(nodes, "markdown", MARKDOWN_MOST, lambda block: len(block["text"]))
    yield from _too_much(nodes, "table", TABLE_MOST, lambda block: _shown(block["rows"]))
    yield from (fault("only_one_table_allowed", where) for where, _ in list(_of_type(nodes, "table"))[1:])


def total_length(blocks: Sequence[Node]) -> int:
    """How long Slack takes these blocks to be: their text, and 125 characters for every block after the first.

    Cells of tables have their own limit and do not count. Compare with `TOO_LONG`.
    """
    text = sum(_shown(block) for block in blocks if block.get("type") != "table")
    return text + _A_BLOCK_MORE * max(0, len(blocks) - 1)


def _nodes(value: object, at: str) -> Iterator[tuple[str, Node]]:
    """Every object inside `value` with its JSON pointer, outermost first."""
    if isinstance(value, Mapping):
        yield at, value
        for name, inner in value.items():
            yield from _nodes(inner, f"{at}/{name}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inner in enumerate(value):
            yield from _nodes(inner, f"{at}/{number}")


def _of_type(nodes: Sequence[tuple[str, Node]], kind: str) -> Iterator[tuple[str, Node]]:
    return ((at, node) for at, node in nodes if node.get("type") == kind)


def _met_twice(name: str, nodes: Sequence[tuple[str, Node]]) -> Iterator[str]:
    met = set()
    for at, node in nodes:
        if name not in node:
            continue
        if node[name] in met:
            yield fault(f'`{name}` "{node[name]}" already exists', f"{at}/{name}")
        met.add(node[name])


def _out_of_place(nodes: Sequence[tuple[str, Node]], surface: Surface) -> Iterator[str]:
    for at, node in nodes:
        kind = node.get("type", "")
        if surface not in _ELEMENTS_ONLY_ON.get(kind, (surface,)):
            yield fault(f"unsupported type: {kind}", f"{at}/type")


def _not_among_options(nodes: Sequence[tuple[str, Node]]) -> Iterator[str]:
    for at, node in nodes:
        options = [*node.get("options", ()), *(o for group in node.get("option_groups", ()) for o in group["options"])]
        chosen = [*node.get("initial_options", ()), *filter(None, [node.get("initial_option")])]
        if options and any(option not in options for option in chosen):
            yield fault("initial option must match one of the options", at)


def _too_much(nodes: Sequence[tuple[str, Node]], kind: str, most: int, length: Callable[[Node], int]) -> Iterator[str]:
    total = 0
    for at, node in _of_type(nodes, kind):
        total += length(node)
        if total > most:
            yield fault(f"must be less than {most + 1} characters", at)


def _shown(value: object) -> int:
    """Characters people see anywhere inside `value`."""
    if isinstance(value, Mapping):
        return sum(
            len(inner) if isinstance(inner, str) and name in _SHOWN else _shown(inner) for name, inner in value.items()
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(map(_shown, value))
    return 0
