"""`anthropic:MODEL`: Claude as the planner, through langchain-anthropic and the anthropic SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.kit.errors import AskAgain
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def build(rest: str, parts: Parts) -> BaseChatModel:
    """`rest` is the model's name.

    Raises: AskAgain when the model or the key is missing.
    """
    if not rest:
        raise AskAgain("Name the model: SPYGLASS_MODEL=anthropic:MODEL.")
    if "anthropic_api_key" not in parts.options:
        raise AskAgain(f"anthropic:{rest} needs a key: set ANTHROPIC_API_KEY, or SPYGLASS_MODEL=local to go without.")
    from langchain_anthropic import ChatAnthropic

    settings = {"model": rest, "api_key": parts.options["anthropic_api_key"], "timeout": 60, "max_retries": 2}
    if "anthropic_base_url" in parts.options:
        settings["base_url"] = parts.options["anthropic_base_url"]
    return ChatAnthropic.model_validate(settings)
