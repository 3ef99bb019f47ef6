"""Chunks of a streamed message. https://docs.slack.dev/reference/methods/chat.appendStream"""

from bot.local_slack.block_kit.blocks import MARKDOWN_MOST, TASK_STATUS, blocks_of
from bot.local_slack.block_kit.elements import SOURCE
from bot.local_slack.block_kit.grammar import ByType, Items, Shape, Text

# The reference says 256 for the texts of a task; Slack took all of these lengths: https://github.com/vercel/chat/pull/886
_TASK_ID = Text(1000)
_TASK_TEXT = Text(40_000)

CHUNK = ByType(
    {
        "markdown_text": Shape(needed={"text": Text(MARKDOWN_MOST)}),
        "task_update": Shape(
            needed={"id": _TASK_ID, "title": _TASK_TEXT, "status": TASK_STATUS},
            allowed={
                "details": _TASK_TEXT,
                "output": _TASK_TEXT,
                "sources": Items(SOURCE, most=100, least=0),
            },
        ),
        "plan_update": Shape(needed={"title": _TASK_TEXT}),
        "blocks": Shape(needed={"blocks": blocks_of("message")}),
    },
    preface="failed to match exactly one allowed schema",
)
CHUNKS = Items(CHUNK, most=100)
