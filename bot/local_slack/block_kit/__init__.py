"""Block Kit as Slack checks it: what is wrong with blocks, a view or the chunks of a stream, in Slack's sentences.

    >>> validate([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], surface="message")
    ['must be less than 151 characters [json-pointer:/blocks/0/text/text]']

The description is data (`blocks`, `elements`, `objects`, `rich_text`, `views`, `chunks`), written in the words of
`grammar`; `whole` holds what spans several blocks.
"""

from collections.abc import Iterator

from bot.local_slack.block_kit.blocks import Surface, blocks_of
from bot.local_slack.block_kit.chunks import CHUNKS
from bot.local_slack.block_kit.grammar import fault
from bot.local_slack.block_kit.views import VIEW
from bot.local_slack.block_kit.whole import TOO_LONG, total_length, whole_faults

__all__ = ["TOO_LONG", "Surface", "total_length", "validate", "validate_chunks", "validate_view"]


def validate(blocks: object, *, surface: Surface) -> list[str]:
    """What Slack refuses in a message's, modal's or home tab's `blocks`; empty when it takes them.

    A list of Slack's sentences, each ending in `[json-pointer:/blocks/...]`. The whole is judged once every part is
    right. `total_length` is not looked at: Slack has an error code of its own for it.
    """
    return list(_faults(blocks, surface, "/blocks"))


def validate_view(view: object) -> list[str]:
    """What Slack refuses in a view given to views.open, views.push, views.update or views.publish."""
    found = list(VIEW.faults(view, "/view"))
    if found or not isinstance(view, dict):
        return found
    return [*_whole(view["blocks"], view["type"], "/view/blocks"), *_unsubmittable(view)]


def validate_chunks(chunks: object) -> list[str]:
    """What Slack refuses in the `chunks` of chat.startStream, chat.appendStream or chat.stopStream."""
    found = list(CHUNKS.faults(chunks, "/chunks"))
    if found or not isinstance(chunks, list):
        return found
    streamed = [(number, chunk) for number, chunk in enumerate(chunks) if chunk["type"] == "blocks"]
    return [
        said for number, chunk in streamed for said in _whole(chunk["blocks"], "message", f"/chunks/{number}/blocks")
    ]


def _faults(blocks: object, surface: Surface, at: str) -> Iterator[str]:
    found = list(blocks_of(surface).faults(blocks, at))
    yield from found
    if not found and isinstance(blocks, list):
        yield from _whole(blocks, surface, at)


def _whole(blocks: list[dict[str, object]], surface: Surface, at: str) -> Iterator[str]:
    return whole_faults(blocks, surface=surface, at=at)


def _unsubmittable(view: dict[str, object]) -> Iterator[str]:
    if view["type"] != "modal" or "submit" in view:
        return
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    for number, block in enumerate(blocks):
        if block["type"] == "input":
            yield fault("must define `submit` to use an `input` block in modals", f"/view/blocks/{number}/input")
