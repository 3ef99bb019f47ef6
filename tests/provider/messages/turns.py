"""What may follow what in the Messages API: results of tools after their calls, thoughts as they were.

Words of the errors are those people report: github.com/Wei-Shaw/claude-relay-service/issues/61 (a call without a
result), github.com/microsoft/vscode/issues/267837 (a result without a call).
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.provider.messages.blocks import Block, all_blocks, blocks_of
from tests.provider.messages.signing import signature
from tests.provider.models import profile
from tests.provider.refusal import Refusal


def check_pairs(body: Block) -> None:
    """Each `tool_use` is answered at the beginning of the next message; neighbours of one role count as one."""
    joined: list[tuple[int, str, list[Block]]] = []
    for number, message in enumerate(body["messages"]):
        blocks = blocks_of(message["content"])
        if joined and joined[-1][1] == message["role"]:
            joined[-1][2].extend(blocks)
        else:
            joined.append((number, message["role"], blocks))
    asked: list[str] = []
    for number, _, blocks in joined:
        results = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
        leading = [block.get("tool_use_id") for block in blocks[: len(results)]]
        missing = [each for each in asked if each not in leading]
        if missing:
            raise Refusal(
                f"messages.{number - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the "
                "next message."
            )
        for place, block in enumerate(blocks):
            if block["type"] == "tool_result" and block["tool_use_id"] not in asked:
                raise Refusal(
                    f"messages.{number}.content.{place}: unexpected `tool_use_id` found in `tool_result` blocks: "
                    f"{block['tool_use_id']}. Each `tool_result` block must have a corresponding `tool_use` block in "
                    "the previous message."
                )
        if len(results) != len(set(results)):
            raise Refusal(f"messages.{number}: each tool_use must have a single result. Found multiple `tool_result`.")
        asked = [block["id"] for block in blocks if block["type"] == "tool_use"]
        if len(asked) != len(set(asked)):
            raise Refusal(f"messages.{number}: `tool_use` ids must be unique")
    if asked:
        raise Refusal(
            f"messages.{joined[-1][0]}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(asked)}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
            "message."
        )


def check_thinking(body: Block) -> None:
    """platform.claude.com/docs/en/build-with-claude/extended-thinking."""
    for number, place, block in all_blocks(body["messages"]):
        if block["type"] == "thinking" and block["signature"] != signature(block["thinking"]):
            raise Refusal(f"messages.{number}.content.{place}: Invalid `signature` in `thinking` block")
    thinking = body.get("thinking") or {"type": "disabled"}
    if thinking["type"] == "disabled":
        return
    if thinking["type"] == "enabled":
        if profile("anthropic", body["model"]).get("temperature") is False:
            raise Refusal(
                '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
                '"output_config.effort" to control thinking behavior.'
            )
        if thinking["budget_tokens"] < 1024:
            raise Refusal("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        if thinking["budget_tokens"] >= body.get("max_tokens", 10**9):
            raise Refusal("`max_tokens` must be greater than `thinking.budget_tokens`.")
        _starts_with_thinking(body["messages"])
    if (body.get("tool_choice") or {}).get("type") in ("any", "tool"):
        raise Refusal("Thinking may not be enabled when tool_choice forces tool use.")
    if body.get("temperature", 1) not in (None, 1):
        raise Refusal("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.")


def _starts_with_thinking(messages: Sequence[Block]) -> None:
    number = max((n for n, message in enumerate(messages) if message["role"] == "assistant"), default=-1)
    blocks = blocks_of(messages[number]["content"]) if number >= 0 else []
    if any(block["type"] == "tool_use" for block in blocks) and "thinking" not in blocks[0]["type"]:
        raise Refusal(
            f"messages.{number}.content.0.type: Expected `thinking` or `redacted_thinking`, but found "
            f"`{blocks[0]['type']}`. When `thinking` is enabled, a final `assistant` message must start with a "
            "thinking block."
        )
