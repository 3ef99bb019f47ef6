"""Chunks of a streamed message. https://docs.slack.dev/reference/methods/chat.appendStream"""

from bot.local_slack.block_kit.blocks import MARKDOWN_MOST, TASK_STATUS, blocks_of
from bot.local_slack.block_kit.elements import SOURCE
from bot.local_slack.block_kit.grammar import ByType, Items, Shape, Text
from bot.local_slack.block_kit.objects import IDENTIFIER

CHUNK = ByType(
    {
        "markdown_text": Shape(needed={"text": Text(MARKDOWN_MOST)}),
        "task_update": Shape(
            needed={"id": IDENTIFIER, "title": Text(256), "status": TASK_STATUS},
            allowed={
                "details": Text(MARKDOWN_MOST),
                "output": Text(MARKDOWN_MOST),
                "sources": Items(SOURCE, most=100, least=0),
            },
        ),
        "plan_update": Shape(needed={"title": Text(256)}),
        "blocks": Shape(needed={"blocks": blocks_of("message")}),
    }
)
CHUNKS = Items(CHUNK, most=100)
