"""What a message may say: text, Markdown, blocks and attachments, checked as Slack checks them before it takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.local_slack.acts.filing import seen_by_bot
from bot.local_slack.acts.posting import with_block_ids
from bot.local_slack.block_kit import TOO_LONG, total_length, validate
from bot.local_slack.block_kit.grammar import fault
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError

MARKDOWN_MOST = 12_000
_TEXT_MOST = 40_000
_ATTACHMENTS_MOST = 100


def content(ask: Ask, *, text_most: int = _TEXT_MOST) -> Json:
    """`text`, `blocks`, `attachments` and `metadata` as they were given, those that were. Raises: SlackError."""
    said: Json = {}
    blocks, attachments = checked_blocks(ask), _attachments(ask)
    if "text" in ask.arguments:
        said["text"] = ask.text("text")
    if ask.text("markdown_text"):
        if "text" in said or blocks is not None:
            raise SlackError("markdown_text_conflict")
        markdown = checked_markdown(ask)
        said["text"] = markdown
        blocks = with_block_ids([{"type": "markdown", "text": markdown}])
    if len(said.get("text", "")) > text_most:
        raise SlackError("msg_too_long")
    said |= {} if blocks is None else {"blocks": blocks}
    said |= {} if attachments is None else {"attachments": attachments}
    return said | checked_metadata(ask)


def checked_markdown(ask: Ask) -> str:
    text = ask.text("markdown_text")
    if len(text) > MARKDOWN_MOST:
        raise SlackError("msg_too_long")
    return text


def checked_blocks(ask: Ask) -> list[Json] | None:
    """The blocks with their ids; None when the call has none."""
    blocks = ask.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    check(ask, blocks)
    return with_block_ids(blocks)


def check(ask: Ask, blocks: list[Json]) -> None:
    """Raises: SlackError with Slack's sentences about what is wrong."""
    wrong = validate(blocks, surface="message") or [
        *_unknown(ask.workspace.faults.unknown_blocks, blocks),
        *_missing_files(ask, blocks, "/blocks"),
    ]
    if wrong:
        raise refused("invalid_blocks", wrong)
    if total_length(blocks) > TOO_LONG:
        raise SlackError("msg_blocks_too_long")


def _unknown(kinds: tuple[str, ...], blocks: list[Json]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if block["type"] in kinds:
            yield fault(f"unsupported type: {block['type']}", f"/blocks/{number}/type")


def refused(code: str, wrong: list[str]) -> SlackError:
    return SlackError(code, errors=wrong, response_metadata={"messages": [f"[ERROR] {said}" for said in wrong]})


def _missing_files(ask: Ask, value: Any, at: str) -> Iterator[str]:
    """Slack shows an image of its own only when the app can see that file."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _missing_files(ask, one, f"{at}/{number}")
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "slack_file" and isinstance(one, dict) and "id" in one and not _seen(ask, one["id"]):
                yield f"invalid slack file [json-pointer:{at}/slack_file]"
            yield from _missing_files(ask, one, f"{at}/{name}")


def _seen(ask: Ask, key: str) -> bool:
    record = ask.workspace.state.files.get(key)
    return record is not None and not record.get("_deleted") and seen_by_bot(ask.workspace, record)


def _attachments(ask: Ask) -> list[Json] | None:
    attachments = ask.structure("attachments", "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > _ATTACHMENTS_MOST:
        raise SlackError("too_many_attachments")
    return attachments


def checked_metadata(ask: Ask) -> Json:
    """`metadata` when it was given, and nothing otherwise."""
    metadata = ask.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload", {}), dict):
        raise SlackError("invalid_metadata_format")
    if metadata and not metadata.get("event_type"):
        raise SlackError("invalid_metadata_schema")
    return {"metadata": metadata}
