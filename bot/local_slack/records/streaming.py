"""Messages that grow while people watch: the chunks of a stream folded into blocks, and when a stream is over.

https://docs.slack.dev/messaging/sending-and-scheduling-messages#text-streaming
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.local_slack.acts.posting import with_block_ids
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace

_PLAN = "plan"


def begin(display: str) -> Json:
    """What a message remembers while it streams. `mode`: text or chunks, whichever came first."""
    return {"started": time.time(), "display": display, "mode": None}


def is_streaming(workspace: Workspace, record: Json) -> bool:
    """A stream is one until it is stopped or its five minutes are over."""
    stream = record.get("_stream")
    return stream is not None and time.time() - stream["started"] < workspace.stream_seconds


def folded(blocks: list[Json], chunks: list[Json], display: str) -> list[Json]:
    """The blocks of the message after more chunks: text grows the last text, a task is updated where it stands."""
    grown = list(blocks)
    for chunk in chunks:
        _FOLDS[chunk["type"]](grown, chunk, display)
    return with_block_ids(grown)


def _fold_text(blocks: list[Json], chunk: Json, display: str) -> None:
    if blocks and blocks[-1]["type"] == "markdown":
        blocks[-1] = {**blocks[-1], "text": blocks[-1]["text"] + chunk["text"]}
    elif chunk["text"]:
        blocks.append({"type": "markdown", "text": chunk["text"]})


def _fold_task(blocks: list[Json], chunk: Json, display: str) -> None:
    task = _task(chunk)
    if display == _PLAN:
        plan = _plan(blocks)
        plan["tasks"] = _with_task(plan["tasks"], task)
    else:
        blocks[:] = _with_task(blocks, task)


def _fold_plan(blocks: list[Json], chunk: Json, display: str) -> None:
    _plan(blocks)["title"] = chunk["title"]


def _fold_blocks(blocks: list[Json], chunk: Json, display: str) -> None:
    blocks += chunk["blocks"]


_FOLDS = {"markdown_text": _fold_text, "task_update": _fold_task, "plan_update": _fold_plan, "blocks": _fold_blocks}


def _plan(blocks: list[Json]) -> Json:
    for number, block in enumerate(blocks):
        if block["type"] == "plan":
            blocks[number] = dict(block)
            return blocks[number]
    blocks.append({"type": "plan", "title": "", "tasks": []})
    return blocks[-1]


def _with_task(blocks: list[Json], task: Json) -> list[Json]:
    ids = [block.get("task_id") for block in blocks]
    if task["task_id"] not in ids:
        return [*blocks, task]
    at = ids.index(task["task_id"])
    return [*blocks[:at], {**blocks[at], **task}, *blocks[at + 1 :]]


def _task(chunk: Json) -> Json:
    task: Json = {"type": "task_card", "task_id": chunk["id"], "title": chunk["title"], "status": chunk["status"]}
    for name in ("details", "output"):
        if chunk.get(name):
            task[name] = _rich(chunk[name])
    return task | ({"sources": chunk["sources"]} if chunk.get("sources") else {})


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def plain(blocks: list[Json]) -> str:
    """The text of a streamed message: its Markdown, one after the other."""
    return "\n".join(_words(block) for block in blocks if _words(block))


def _words(block: dict[str, Any]) -> str:
    return str(block["text"]) if block["type"] == "markdown" else ""
