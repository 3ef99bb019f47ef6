"""What kinds of values settings have, and how they are read from a variable."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BeforeValidator
from pydantic_settings import NoDecode

from tools.kit.discretion import Sensitive


def vendors(name: str) -> AliasChoices:
    """Keys are also taken under the name their vendor gives them."""
    return AliasChoices(f"SPYGLASS_{name}", name)


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def folder_of_methods(url: str) -> str:
    """Names of methods are put behind it, so it ends with a slash; and it is shown, so it holds no password."""
    if not _is_folder(url):
        raise ValueError("Give the whole address and nothing else, as in https://slack.com/api/")
    if url.startswith("http:") and not _is_loopback(urlsplit(url).hostname or ""):
        raise ValueError("The token would cross the network unencrypted: give an https:// address")
    return f"{url.rstrip('/')}/"


def _base(url: str) -> str:
    if not _is_address(url):
        raise ValueError("Give the whole address, as in http://localhost:8080/v1")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_folder(url: str) -> bool:
    if not _is_address(url):
        return False
    parts = urlsplit(url)
    return not (parts.username or parts.password or parts.query or parts.fragment)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises when it is none
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s\\]", url)


Ids = Annotated[frozenset[str], NoDecode, BeforeValidator(_split)]
"""Slack ids, with commas between them."""

Sensitives = Annotated[frozenset[Sensitive], NoDecode, BeforeValidator(_split)]
"""Kinds of images, with commas between them."""

Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Several, in order, with commas between them."""

Url = Annotated[str, AfterValidator(_base)]
"""Where a provider's methods are."""
