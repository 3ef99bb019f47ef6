"""What Anthropic's API refuses beyond its parameters' types.

Words of the errors are those people report: github.com/langgenius/dify/issues/11177 (dimensions),
github.com/tghamm/Anthropic.SDK/issues/50 (cache_control), github.com/aliasrobotics/cai/issues/182 (empty text),
github.com/anthropics/anthropic-sdk-python/issues/494 (tools that are used and not offered).
"""

from __future__ import annotations

import re
from typing import Any

from tests.provider.messages import limits
from tests.provider.messages.blocks import Block, all_blocks, blocks_of
from tests.provider.messages.errors import too_long
from tests.provider.messages.schemas import unfit, unsupported
from tests.provider.messages.turns import check_pairs, check_thinking
from tests.provider.models import profile
from tests.provider.parameters import checker, first_error
from tests.provider.prompt import Prompt
from tests.provider.refusal import Refusal

NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")


def parameters(body: Any, module: str, name: str) -> None:
    """Against the SDK's own types. Raises: Refusal."""
    if error := first_error(checker(module, name), body):
        place, _, words, _ = error
        roles = ("user", "assistant", "system")
        steps = [str(step) for step in place if isinstance(step, int) or (step == step.lower() and "[" not in step)]
        told = [step for number, step in enumerate(steps) if step not in roles or steps[number - 1] == "type"]
        raise Refusal(f"{'.'.join(told)}: {words}")


def check(body: Block) -> None:
    """Raises: Refusal."""
    for each in (_basics, _roles, _texts, _tools, check_pairs, check_thinking, _sampling, _breakpoints, _format):
        each(body)


def check_prompt(body: Block, prompt: Prompt) -> None:
    """What is known only when images are read. Raises: Refusal."""
    known = profile("anthropic", prompt.model)
    images = prompt.images
    if len(images) > (most := limits.most_images(prompt.model)):
        raise Refusal(f"Too much media: 0 document pages + {len(images)} images > {most}")
    if images and known.get("image_inputs") is False:
        raise Refusal(f"{images[0].where}: this model does not support image input.")
    many = len(images) > limits.MANY
    side = limits.MANY_SIDE if many else limits.SIDE
    if large := [image.where for image in images if max(image.size) > side]:
        raise Refusal(
            f"{large[0]}.base64.data: At least one of the image dimensions exceed max allowed size"
            f"{' for many-image requests' if many else ''}: {side} pixels",
            details={
                "error_code": "image_dimensions_too_large",
                "max_side_length_pixels": side,
                "paths": [where.removesuffix(".image.source") for where in large],
            },
        )
    if prompt.tokens > (most := known.get("max_input_tokens", 10**9)):
        raise Refusal(too_long(prompt.tokens, most))


def _basics(body: Block) -> None:
    if body.get("max_tokens", 0) < 0:
        raise Refusal("max_tokens: must be greater than or equal to 0")
    most = profile("anthropic", body["model"]).get("max_output_tokens", 10**9)
    if body.get("max_tokens", 0) > most:
        raise Refusal(
            f"max_tokens: {body['max_tokens']} > {most}, which is the maximum allowed number of output tokens for "
            f"{body['model']}"
        )
    if not body["messages"]:
        raise Refusal("messages: at least one message is required")


def _roles(body: Block) -> None:
    messages = body["messages"]
    known = profile("anthropic", body["model"])
    if any(each["role"] == "system" for each in messages) and not known.get("mid_conversation_system_messages"):
        raise Refusal(
            'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not '
            '"system" as an input message role.'
        )
    if messages[0]["role"] != "user":
        raise Refusal('messages: first message must use the "user" role')
    if messages[-1]["role"] == "assistant" and not limits.prefilled(body["model"]):
        raise Refusal(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )


def _texts(body: Block) -> None:
    messages = body["messages"]
    for number, message in enumerate(messages):
        content = message["content"]
        if not content and not (number == len(messages) - 1 and message["role"] == "assistant"):
            raise Refusal(
                f"messages.{number}: all messages must have non-empty content except for the optional final "
                "assistant message"
            )
        for block in blocks_of(content):
            _text(block, "messages")
            for part in blocks_of(block.get("content", [])) if block["type"] == "tool_result" else ():
                _text(part, "messages")
    for block in blocks_of(body.get("system", [])):
        _text(block, "system")
    last = blocks_of(messages[-1]["content"])
    prefill = last[-1].get("text", "") if last and messages[-1]["role"] == "assistant" else ""
    if prefill != prefill.rstrip():
        raise Refusal("messages: final assistant content cannot end with trailing whitespace")


def _text(block: Block, where: str) -> None:
    if block["type"] == "text" and not block["text"]:
        raise Refusal(f"{where}: text content blocks must be non-empty")
    if block["type"] == "text" and not block["text"].strip():
        raise Refusal(f"{where}: text content blocks must contain non-whitespace text")


def _tools(body: Block) -> None:
    tools = list(body.get("tools", ()))
    names = [tool["name"] for tool in tools]
    if len(names) != len(set(names)):
        raise Refusal("tools: Tool names must be unique.")
    for number, tool in enumerate(tools):
        if not NAME.fullmatch(tool["name"]):
            raise Refusal(
                f"tools.{number}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'",
            )
        if why := unfit(tool.get("input_schema", {})):
            raise Refusal(f"tools.{number}.custom.input_schema: {why}")
        if tool.get("strict") and (why := unsupported(tool["input_schema"])):
            raise Refusal(f"tools.{number}.custom.input_schema: {why}")
    choice = body.get("tool_choice")
    if choice and not tools and choice["type"] != "none":
        raise Refusal("tool_choice: tool_choice may only be specified while providing tools.")
    if choice and choice["type"] == "tool" and choice["name"] not in names:
        raise Refusal(f"tool_choice.tool.name: Tool '{choice['name']}' not found in provided tools")
    used = any(block["type"] in ("tool_use", "tool_result") for _, _, block in all_blocks(body["messages"]))
    if used and not tools:
        raise Refusal("Requests which include `tool_use` or `tool_result` blocks must define tools")


def _sampling(body: Block) -> None:
    known = profile("anthropic", body["model"])
    for name in limits.SAMPLING:
        if body.get(name) is not None and known.get("temperature") is False:
            raise Refusal(f"`{name}` is deprecated for this model.")
    for name in ("temperature", "top_p"):
        if not 0 <= (body.get(name) or 0) <= 1:
            raise Refusal(f"{name}: range: 0..1")


def _breakpoints(body: Block) -> None:
    blocks = [*blocks_of(body.get("system", [])), *body.get("tools", ())]
    for _, _, block in all_blocks(body["messages"]):
        blocks += [block, *(part for part in blocks_of(block.get("content", [])) if "type" in part)]
    marked = [block for block in [*blocks, body] if block.get("cache_control")]
    if any(block.get("type") in ("thinking", "redacted_thinking") for block in marked):
        raise Refusal("messages: cache_control cannot be set on thinking blocks")
    if len(marked) > limits.BREAKPOINTS:
        raise Refusal(f"A maximum of 4 blocks with cache_control may be provided. Found {len(marked)}.")


def _format(body: Block) -> None:
    """platform.claude.com/docs/en/build-with-claude/structured-outputs ("JSON Schema limitations")."""
    wanted = (body.get("output_config") or {}).get("format")
    if not wanted:
        return
    if profile("anthropic", body["model"]).get("structured_output") is False:
        raise Refusal(f"'{body['model']}' does not support output format.")
    if why := unsupported(wanted["schema"]):
        raise Refusal(f"output_config.format.schema: {why}")
