"""The rich_text block that Slack's own client makes of what a person typed."""

from __future__ import annotations

import re

from bot.local_slack.records.store import Json

_PART = re.compile(r"<(@[UW]\w+|#C\w+|![a-z]+|https?://[^>|]+)(?:\|([^>]*))?>")


def rich_text(text: str) -> list[Json]:
    """The block that Slack's own client makes of what a person typed: words, mentions, links."""
    elements: list[Json] = []
    end = 0
    for match in _PART.finditer(text):
        elements += _words(text[end : match.start()])
        elements.append(_element(match[1], match[2]))
        end = match.end()
    elements += _words(text[end:])
    if not elements:
        return []
    return [{"type": "rich_text", "block_id": "b0", "elements": [{"type": "rich_text_section", "elements": elements}]}]


def _words(text: str) -> list[Json]:
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": plain}] if plain else []


def _element(target: str, label: str | None) -> Json:
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": target} | ({"text": label} if label else {})
