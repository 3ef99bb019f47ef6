"""Block Kit as Slack checks it: what is wrong with blocks, a view or the chunks of a stream, in Slack's sentences.

    >>> validate([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], surface="message")
    ['must be less than 151 characters [json-pointer:/blocks/0/text/text]']

The description is data (`blocks`, `elements`, `objects`, `rich_text`, `views`, `chunks`), written in the words of
`grammar`; `whole` holds what spans several blocks.
"""

from collections.abc import Iterator
from typing import Any

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
    return list(blocks_of(surface).faults(blocks, "/blocks")) or list(_whole(blocks, surface, "/blocks"))


def validate_view(view: object) -> list[str]:
    """What Slack refuses in a view given to views.open, views.push, views.update or views.publish."""
    return list(VIEW.faults(view, "/view")) or list(_view_whole(view))


def validate_chunks(chunks: object) -> list[str]:
    """What Slack refuses in the `chunks` of chat.startStream, chat.appendStream or chat.stopStream."""
    return list(CHUNKS.faults(chunks, "/chunks")) or list(_chunks_whole(chunks))


# What has passed the description is known to be of the shape it describes.


def _whole(blocks: Any, surface: Surface, at: str) -> Iterator[str]:
    return whole_faults(blocks, surface=surface, at=at)


def _view_whole(view: Any) -> Iterator[str]:
    yield from _whole(view["blocks"], view["type"], "/view/blocks")
    if view["type"] == "modal" and "submit" not in view:
        for number, block in enumerate(view["blocks"]):
            if block["type"] == "input":
                yield fault("must define `submit` to use an `input` block in modals", f"/view/blocks/{number}/input")


def _chunks_whole(chunks: Any) -> Iterator[str]:
    for number, chunk in enumerate(chunks):
        if chunk["type"] == "blocks":
            yield from _whole(chunk["blocks"], "message", f"/chunks/{number}/blocks")
