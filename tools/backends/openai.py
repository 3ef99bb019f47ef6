"""`openai:MODEL`: OpenAI, or any OpenAI-compatible server (Ollama, vLLM, llama.cpp), as the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.kit.errors import AskAgain
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def build(rest: str, parts: Parts) -> BaseChatModel:
    """`rest` is the model's name. A server of one's own usually needs no key, so none is asked for then.

    Raises: AskAgain when the model or the key is missing.
    """
    if not rest:
        raise AskAgain("Name the model: SPYGLASS_MODEL=openai:MODEL.")
    base_url = parts.options.get("openai_base_url")
    key = parts.options.get("openai_api_key") or ("none" if base_url else None)
    if key is None:
        raise AskAgain(
            f"openai:{rest} needs a key: set OPENAI_API_KEY, OPENAI_BASE_URL for a server of your own, "
            "or SPYGLASS_MODEL=local to go without."
        )
    from langchain_openai import ChatOpenAI

    return ChatOpenAI.model_validate(
        {"model": rest, "api_key": key, "base_url": base_url, "timeout": 60, "max_retries": 2}
    )
