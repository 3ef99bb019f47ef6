"""Where the weights of a checkpoint lie: a local folder, the hub's cache on disk, or the hub if it answers in time."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tools.backends.common.folders import private_folder
from tools.kit.errors import CannotDo, first_line
from tools.kit.parts import Parts

SECONDS = 2.0
"""A hub that has not answered by then is not there."""
MEMORY = 600.0
"""Seconds for which a hub that did not answer is not asked again: every ask would cost the wait."""
WANTED = ["*.json", "*.txt", "*.model"]
NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


def checkpoint(rest: str, parts: Parts, *, scheme: str, own: str = "") -> Path:
    """The folder of a checkpoint by hub name or folder, fetched if need be; blocks, so call it from a thread.

    `scheme`: of the setting that names it. `own`: how the names of its library's own files begin, where others lie
    beside them. Raises: CannotDo when there are no weights, or no hub answers.
    """
    if found := on_disk(rest, own):
        return found
    if Path(rest).expanduser().is_absolute() or not NAME.fullmatch(rest):
        config = f"{'an' if own else 'a'} {own}config.json"
        raise CannotDo(f"There is no checkpoint in {rest}: it needs {config} and weights.")
    if not answers(parts):
        raise CannotDo(
            f"The weights of {rest} are not on disk and no hub answers: give a local folder ({scheme}:FOLDER)."
        )
    parts.say(f"Fetching {rest} from the hub; this happens once.")
    return download(rest, parts, own)


def on_disk(rest: str, own: str = "") -> Path | None:
    """The folder with the weights of a hub name or folder, without asking anybody. `own`: as for `checkpoint`."""
    if not rest:
        return None
    folder = Path(rest).expanduser()
    if (folder / f"{own}config.json").is_file() or (own and folder.is_absolute() and _weights(folder)):
        return folder.resolve()
    if not NAME.fullmatch(rest):
        return None
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        found = Path(snapshot_download(rest, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    return found if _complete(found, own) else None


def answers(parts: Parts) -> bool:
    """Whether the hub answers within two seconds. A failure is remembered for ten minutes, across processes."""
    memory = parts.home / "models" / "hub.json"
    address = _address(parts)
    if _failed_lately(memory, address):
        return False
    if _reached(address):
        memory.unlink(missing_ok=True)
        return True
    private_folder(memory.parent)
    memory.write_text(json.dumps({"address": address, "failed": time.time()}), encoding="utf-8")
    return False


def download(rest: str, parts: Parts, own: str = "") -> Path:
    """Fetch a checkpoint into the hub's cache on disk; blocks, so call it from a thread. `own`: as for `checkpoint`.

    Raises: CannotDo when the hub does not have it or breaks off.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        first = [*WANTED, f"{own}*.safetensors"]
        found = Path(snapshot_download(rest, endpoint=_address(parts), allow_patterns=first, etag_timeout=10))
        if not _complete(found, own):  # an old checkpoint without safetensors
            found = Path(snapshot_download(rest, endpoint=_address(parts), allow_patterns=[*WANTED, f"{own}*.bin"]))
    except (HfHubHTTPError, OSError) as error:
        raise CannotDo(
            f"The checkpoint {rest} could not be fetched from {_address(parts)} ({first_line(error)})."
        ) from None
    return found


def _complete(folder: Path, own: str) -> bool:
    return (folder / f"{own}config.json").exists() and _weights(folder, own)


def _weights(folder: Path, own: str = "") -> bool:
    return any([*folder.glob(f"{own}*.safetensors"), *folder.glob(f"{own}*.bin")])


def _address(parts: Parts) -> str:
    from huggingface_hub import constants

    return str(parts.options.get("hub_url") or constants.ENDPOINT).rstrip("/")


def _failed_lately(memory: Path, address: str) -> bool:
    try:
        known: dict[str, Any] = json.loads(memory.read_text(encoding="utf-8"))
        return bool(known["address"] == address and 0 <= time.time() - known["failed"] < MEMORY)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return False


def _reached(address: str) -> bool:
    """Any HTTP answer counts. In a thread of its own, because looking up a name cannot be given a deadline."""
    answered = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(f"{address}/api/models?limit=1", timeout=SECONDS):  # noqa: S310
                answered.set()
        except urllib.error.HTTPError:
            answered.set()
        except (OSError, ValueError):
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(SECONDS)
    return answered.is_set()
