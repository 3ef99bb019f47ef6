"""Pure: words -> the elements of a `rich_text` block, in which Slack parses nothing.

What is not an element is text: outside text can make no mention, no link and no formatting, because those are elements
of their own and only written here. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.edge import plain

Element = dict[str, Any]
Style = dict[str, bool]

STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
DEEPEST = 8
"""Indentation of a list; Slack's limit."""


def text_element(text: str, style: Style | None = None) -> Element:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def section(*elements: Element) -> Element:
    return {"type": "rich_text_section", "elements": list(elements)}


def block(elements: Sequence[Element]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def from_plain(text: str) -> list[Element]:
    """The text as it stands."""
    bare = plain(text).strip("\n")
    return [section(text_element(bare))] if bare.strip() else []


def from_markdown(text: str) -> list[Element]:
    """Paragraphs, emphasis, lists, quotes, code and tables as they are meant; a link shows its address and is none."""
    tree = SyntaxTreeNode(_parser().parse(plain(text)))
    elements = [element for node in tree.children for element in _block(node, 0)]
    return _spaced(elements)


def said(element: Element) -> str:
    """The words of an element."""
    if "elements" in element:
        return ("\n" if element["type"] == "rich_text_list" else "").join(said(inner) for inner in element["elements"])
    return str(element.get("text", ""))


def size(value: object) -> int:
    """How much of a message's room something takes, in characters of its JSON."""
    return len(json.dumps(value, ensure_ascii=False))


# --- Markdown -------------------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _block(node: SyntaxTreeNode, depth: int) -> Iterator[Element]:
    match node.type:
        case "heading":
            yield from _nonempty("rich_text_section", _runs(node, {"bold": True}))
        case "bullet_list" | "ordered_list":
            yield from _list(node, depth)
        case "blockquote":
            yield from _nonempty("rich_text_quote", _lines(node))
        case "fence" | "code_block":
            yield from _nonempty("rich_text_preformatted", [text_element(node.content.rstrip("\n"))])
        case "table":
            yield from _nonempty("rich_text_preformatted", [text_element(_table(node))])
        case "hr":
            yield section(text_element("———"))
        case "html_block":
            yield from _nonempty("rich_text_section", [text_element(node.content.rstrip("\n"))])
        case _:
            yield from _nonempty("rich_text_section", _runs(node, {}))


def _nonempty(kind: str, runs: Sequence[Element]) -> Iterator[Element]:
    """The runs as one element, those of one style joined, when there is anything to see in them."""
    joined = [
        text_element(text, style)
        for style, same in groupby(runs, lambda run: run.get("style"))
        if (text := "".join(run["text"] for run in same))
    ]
    if any(run["text"].strip() for run in joined):
        yield {"type": kind, "elements": joined}


def _list(node: SyntaxTreeNode, depth: int) -> Iterator[Element]:
    """A list in a list is one of its own, further in: Slack has no nesting."""
    ordered = node.type == "ordered_list"
    number = int(node.attrs.get("start", 1)) - 1
    items: list[Element] = []
    for item in node.children:
        own = [child for child in item.children if not child.type.endswith("_list")]
        nested = [child for child in item.children if child.type.endswith("_list")]
        items += _nonempty("rich_text_section", [run for child in own for run in _with_break(child, own)])
        if nested:
            yield from _items(items, ordered, depth, number)
            number, items = number + len(items), []
            yield from (element for child in nested for element in _list(child, depth + 1))
    yield from _items(items, ordered, depth, number)


def _items(items: list[Element], ordered: bool, depth: int, offset: int) -> Iterator[Element]:
    if items:
        begins = {"offset": offset} if ordered and offset > 0 else {}
        style = "ordered" if ordered else "bullet"
        yield {"type": "rich_text_list", "style": style, **begins, "indent": min(depth, DEEPEST), "elements": items}


def _with_break(node: SyntaxTreeNode, among: Sequence[SyntaxTreeNode]) -> list[Element]:
    runs = _runs(node, {})
    return [*runs, text_element("\n")] if node is not among[-1] else runs


def _lines(node: SyntaxTreeNode) -> list[Element]:
    return [run for child in node.children for run in _with_break(child, node.children)]


def _table(node: SyntaxTreeNode) -> str:
    rows = [
        [" ".join("".join(run["text"] for run in _runs(cell, {})).split()) for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _runs(node: SyntaxTreeNode, style: Style) -> list[Element]:
    match node.type:
        case "text" | "html_inline":
            return [text_element(node.content, style)]
        case "code_inline":
            return [text_element(node.content, {**style, "code": True})]
        case "softbreak" | "hardbreak":
            return [text_element("\n")]
        case "fence" | "code_block" | "html_block":
            return [text_element(node.content.rstrip("\n"), style)]
        case "image":
            return [text_element(node.content or str(node.attrs.get("alt", "")), style)]
        case "link":
            return _link(node, style)
    inner = {**style, STYLES[node.type]: True} if node.type in STYLES else style
    return [run for child in node.children for run in _runs(child, inner)]


def _link(node: SyntaxTreeNode, style: Style) -> list[Element]:
    """Whoever wrote it may have it from an image: the address is shown, for people to judge."""
    runs = [run for child in node.children for run in _runs(child, style)]
    address = str(node.attrs.get("href", ""))
    shown = "".join(run["text"] for run in runs)
    return runs if shown in (address, address.removeprefix("mailto:")) else [*runs, text_element(f" ({address})")]


def _spaced(elements: list[Element]) -> list[Element]:
    """Slack sets sections close: an empty line between two paragraphs is said."""
    for element, following in pairwise(elements):
        if element["type"] == following["type"] == "rich_text_section":
            element["elements"].append(text_element("\n"))
    return elements
