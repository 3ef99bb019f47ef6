"""Pure: messages as lines of plain text, for a terminal and for tests to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Json = dict[str, Any]


def transcript(message: Json) -> list[str]:
    """What a message shows, one line a line, each kind of block as far as text can show it."""
    blocks = message.get("blocks") or ()
    said = (
        [line for block in blocks for line in _block(block)] if blocks else str(message.get("text") or "").split("\n")
    )
    files = [f"[file: {file.get('name') or file.get('title') or file['id']}]" for file in message.get("files") or ()]
    return [line for line in [*said, *files] if line.strip()]


def _block(block: Json) -> Iterable[str]:
    shown = SHOWN.get(block["type"])
    return shown(block) if shown else (f"[{block['type']}]",)


def _rich_text(block: Json) -> Iterable[str]:
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            marks = (f"{number}." if element["style"] == "ordered" else "•" for number in range(1, 1_000))
            yield from (f"{mark} {_inline(item)}" for mark, item in zip(marks, element["elements"], strict=False))
        else:
            yield from _inline(element).split("\n")


def _inline(element: Json) -> str:
    """The words of a section; users, channels and emoji by their marks."""
    return "".join(_word(part) for part in element.get("elements", ()))


def _word(part: Json) -> str:
    match part["type"]:
        case "text":
            return str(part["text"])
        case "link":
            return str(part.get("text") or part["url"])
        case "user":
            return f"@{part['user_id']}"
        case "channel":
            return f"#{part['channel_id']}"
        case "emoji":
            return f":{part['name']}:"
        case other:
            return f"[{other}]"


def _section(block: Json) -> Iterable[str]:
    texts = [block.get("text"), *(block.get("fields") or ())]
    return [line for text in texts if text for line in str(text["text"]).split("\n")]


def _context(block: Json) -> Iterable[str]:
    return [str(part.get("text") or f"[image: {part.get('alt_text', '')}]") for part in block["elements"]]


def _image(block: Json) -> Iterable[str]:
    return (f"[picture: {block['alt_text']}]",)


def _table(block: Json) -> Iterable[str]:
    return (" | ".join(_cell(cell) for cell in row) for row in block["rows"])


def _cell(cell: Json) -> str:
    return str(cell["text"]) if "text" in cell else " ".join(_rich_text(cell))


def _buttons(block: Json) -> Iterable[str]:
    return (" ".join(f"[{label}]" for element in block["elements"] for label in _labels(element)),)


def _labels(element: Json) -> list[str]:
    faces = [element.get(name) for name in ("positive_button", "negative_button")]
    shown = [face for face in faces if face] or [element]
    return [str((face.get("text") or {}).get("text") or face.get("action_id") or face["type"]) for face in shown]


def _card(card: Json) -> Iterable[str]:
    """A line for the picture, one for the texts, one for the buttons."""
    texts = [str(card[name]["text"]) for name in ("title", "subtitle", "body", "subtext") if name in card]
    yield from _image(card["hero_image"]) if "hero_image" in card else ()
    yield " | ".join(texts)
    yield from _buttons({"elements": card["actions"]}) if "actions" in card else ()


def _plan(block: Json) -> Iterable[str]:
    yield str(block.get("title") or "")
    for task in block.get("tasks") or ():
        yield from _task(task)


def _task(task: Json) -> Iterable[str]:
    return (f"  {MARKS.get(task.get('status', ''), '·')} {task.get('title', '')}",)


MARKS = {"complete": "✓", "error": "✗", "in_progress": "…"}
SHOWN: dict[str, Callable[[Json], Iterable[str]]] = {
    "rich_text": _rich_text,
    "section": _section,
    "header": _section,
    "markdown": lambda block: str(block["text"]).split("\n"),
    "context": _context,
    "image": _image,
    "table": _table,
    "actions": _buttons,
    "context_actions": _buttons,
    "card": _card,
    "carousel": lambda block: (line for card in block["elements"] for line in _card(card)),
    "divider": lambda block: (),
    "plan": _plan,
    "task_card": _task,
}
