"""`openai:MODEL`: OpenAI, through langchain-openai and the openai SDK."""

from __future__ import annotations

from tools.backends.chat import CalledModel, called, key_of, named
from tools.backends.chat.openai_wire import HOST, OpenAIWire, Wire
from tools.kit.parts import Parts


def build(rest: str, parts: Parts) -> CalledModel:
    """`rest` is the model's name. OpenAI itself is asked by Responses, others that speak like it by Chat Completions,
    unless the setting says otherwise.

    Raises: AskAgain when the model or the key is missing.
    """
    name = named(rest, "openai")
    where = parts.options.get("openai_base_url", HOST).rstrip("/")
    key = parts.options.get("openai_api_key") or ("none" if where != HOST else None)
    key = key or key_of(parts, "openai", name, "OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own)")
    told = parts.options.get("openai_wire", "auto")
    wire: Wire = "responses" if told == "responses" or (told == "auto" and where == HOST) else "chat"
    return called(OpenAIWire(name, key, where, wire), "openai", name, parts, where=where)
