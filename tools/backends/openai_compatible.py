"""`openai_compatible:URL#MODEL`: any server that speaks like OpenAI (Ollama, vLLM, llama.cpp, LM Studio)."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from tools.backends.chat import CalledModel, called
from tools.backends.chat.openai_wire import OpenAIWire
from tools.kit.errors import AskAgain
from tools.kit.parts import Parts

EXAMPLE = "openai_compatible:http://localhost:11434/v1#qwen2.5vl:7b"


def build(rest: str, parts: Parts) -> CalledModel:
    """`rest` is ``URL#MODEL``. Such a server usually needs no key, so none is asked for.

    Raises: AskAgain when the URL or the model is missing, or the URL would carry images over a network in the clear.
    """
    where, _, name = rest.partition("#")
    where = where.rstrip("/")
    _check(where, name)
    key = parts.options.get("openai_compatible_api_key") or "none"
    return called(OpenAIWire(name, key, where, "chat"), "openai_compatible", rest, parts, where=where)


def _check(where: str, name: str) -> None:
    if not where or not name:
        raise AskAgain(f"Name the server and the model, as in {EXAMPLE}")
    try:
        parts = urlsplit(where)
        host = parts.hostname or ""
        parts.port  # noqa: B018  raises when it is none
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"}:
        raise AskAgain(f"{where} is no URL of a server: name it as in {EXAMPLE}")
    if parts.username or parts.password or parts.query:
        raise AskAgain(f"The URL of {host} holds more than an address: set SPYGLASS_OPENAI_COMPATIBLE_API_KEY instead.")
    if parts.scheme == "http" and not is_near(host):
        raise AskAgain(f"Images would go to {host} unencrypted: give an https:// address.")


def is_near(host: str) -> bool:
    """Whether it is this machine or its own network: a name without a domain, or a private address."""
    if host == "localhost" or ("." not in host.strip(".") and ":" not in host):
        return True
    if host.endswith((".local", ".internal", ".localhost", ".svc", ".cluster.local", ".lan", ".home.arpa")):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_link_local
