"""Pure: the few Block Kit parts that forms are made of. Words that were not written by us pass the gate before.

https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.slack.replying.mrkdwn import escape
from bot.slack.words import keepable

Block = dict[str, Any]
View = dict[str, Any]

OPTIONS = 100
"""Most options of a menu."""
OPTION = 75
"""Characters of an option and of a button."""


def words(text: str, most: int = 3_000) -> Block:
    """A plain text object: Slack parses nothing in it."""
    return {"type": "plain_text", "text": text if len(text) <= most else f"{text[: most - 1]}…", "emoji": False}


def modal(title: str, blocks: Sequence[Block], *, callback: str = "", submit: str = "", kept: Any = None) -> View:
    """kept: what the form has to know when it comes back, as JSON."""
    view: View = {"type": "modal", "title": words(title, 24), "close": words("Close"), "blocks": list(blocks)}
    if submit:
        view |= {"submit": words(submit, 24)}
    if callback:
        view |= {"callback_id": callback, "private_metadata": json.dumps(kept, ensure_ascii=False)}
    return view


def kept_in(view: Mapping[str, Any]) -> dict[str, Any]:
    """What `modal` was told to keep; empty where there is nothing that can be read."""
    try:
        kept = keepable(json.loads(str(view.get("private_metadata") or "{}")))
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def text(mrkdwn: str) -> Block:
    """A paragraph of ours."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def outside(said: str) -> Block:
    """A paragraph with words of others in it."""
    return {"type": "section", "text": words(said)}


def small(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def heading(said: str) -> Block:
    return {"type": "header", "text": words(said, 150)}


DIVIDER: Block = {"type": "divider"}


def entry(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """An input. `name` is both its block id and its action id."""
    block = {"type": "input", "block_id": name, "label": words(label), "element": {**element, "action_id": name}}
    return {**block, "optional": optional, **({"hint": words(hint)} if hint else {})}


def typed(most: int, *, initial: str = "", multiline: bool = False, example: str = "") -> Block:
    """A field to type into, up to so many characters."""
    field: Block = {"type": "plain_text_input", "max_length": most, "multiline": multiline}
    return {
        **field,
        **({"initial_value": initial[:most]} if initial else {}),
        **({"placeholder": words(example, 150)} if example else {}),
    }


def menu(options: Iterable[tuple[str, str]], *, initial: str | None = None, example: str = "") -> Block:
    """A menu of (value, label)."""
    shown = [{"text": words(label, OPTION), "value": value} for value, label in options][:OPTIONS]
    chosen = next((option for option in shown if option["value"] == initial), None)
    return {
        "type": "static_select",
        "options": shown,
        **({"initial_option": chosen} if chosen else {}),
        **({"placeholder": words(example, 150)} if example else {}),
    }


def button(action: str, label: str, value: str = "", *, style: str = "", url: str = "") -> Block:
    made = {"type": "button", "action_id": action, "text": words(label, OPTION)}
    given = {"value": value, "style": style, "url": url}
    return {**made, **{name: one for name, one in given.items() if one}}


def buttons(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def notice(title: str, sentence: str) -> View:
    """A modal that only says something."""
    return modal(title, [text(sentence)])


def replacing(view: View) -> dict[str, Any]:
    """The answer to a submission that puts this in the form's place."""
    return {"response_action": "update", "view": view}


def value_of(view: Mapping[str, Any], name: str) -> str:
    """What an input holds, a menu's chosen value as well; empty where it holds nothing."""
    held = (((view.get("state") or {}).get("values") or {}).get(name) or {}).get(name) or {}
    chosen = held.get("selected_option") or {}
    found = held.get("value") or chosen.get("value") or held.get("selected_date") or held.get("selected_user")
    return keepable(str(found or "")).strip()


def mention(user: str) -> str:
    return f"<@{escape(user)}>"
