"""Pure: addresses of files in Slack, and which of them may be linked to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tools.kit import Item

FILE = re.compile(r"^/files/[UWB][A-Z0-9]+/(F[A-Z0-9]+)(?:/|$)|^/files-pri/[TE][A-Z0-9]+-(F[A-Z0-9]+)(?:/|$)")


def file_at(path: str) -> str | None:
    """Id of the file at that path of an address of Slack's."""
    found = FILE.match(path)
    return found and (found[1] or found[2])


def file_of(address: str) -> str | None:
    """Id of the file at that address, whichever host it names."""
    try:
        return file_at(urlsplit(address).path)
    except ValueError:
        return None


def posted_file(item: Item) -> str | None:
    """Id of the file that an archived image was posted as; an early one only has its address."""
    return (item.post and item.post.file) or file_of(item.path)


def is_ours(address: str, hosts: Sequence[str]) -> bool:
    """Whether a link may be made to it: only to where Slack keeps messages and files, at one of the hosts."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018  raises when it is none
    except ValueError:
        return False
    known = any(host == each or host.endswith(f".{each}") for each in hosts)
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in ("127.0.0.1", "localhost"))
    # one in which the gate has hidden a word, such as a brand in the name of a file, leads nowhere: that is not ASCII
    whole = parts.path.startswith(("/archives/", "/files/")) and re.fullmatch(r"[!-;=?-{}~]+", address)
    return known and safe and whole is not None and not parts.username
