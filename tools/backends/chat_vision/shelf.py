"""Which images lie with which provider, so that one that is asked about again is not sent again.

What is left there is written down by nothing but its id, ends by itself after a day, and is deleted when its original
is let go.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from tools.backends.chat_vision.asking import Shown
from tools.backends.chat_vision.files import DAY, ProviderFiles
from tools.backends.chat_vision.preparing import Copy
from tools.backends.common.folders import private_folder, workspace_folder
from tools.backends.common.whole_files import write_whole
from tools.kit.models import ModelCard

log = logging.getLogger(__name__)

MARGIN = 600
"""Seconds before it is deleted from which a file is no longer counted on."""
WORTH = 20_000
"""Bytes below which an image is simply sent."""
REMEMBERED = 10_000
"""Copies of which it is known that they were sent once."""


class FileShelf:
    """Which copies lie with which provider. Written down in a folder of ours, so that another process can delete them.

    A copy is uploaded when it is wanted a second time. Whatever fails here costs only that it is sent along.
    """

    def __init__(self, folder: Path, providers: Mapping[str, ProviderFiles]) -> None:
        """`providers`: by the name of the provider, as `ModelCard.provider` has it."""
        self._folder = folder
        self._providers = dict(providers)
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._locks: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()

    async def filed(self, shown: Sequence[Shown], card: ModelCard) -> list[Shown]:
        """With the ids of those that lie with the provider of the model, or lie there from now on."""
        provider = self._providers.get(card.provider)
        if provider is None:
            return list(shown)
        return [await self._one(each, card.provider, provider) for each in shown]

    async def lost(self, shown: Sequence[Shown], card: ModelCard) -> None:
        """Count on none of these any more."""
        for each in shown:
            path = self._path(each.image.workspace, each.image.ref.sha256)
            async with self._lock(path):
                known = await asyncio.to_thread(_read, path)
                names = {_name(card.provider, copy) for copy in each.copies}
                kept = {name: file for name, file in known.items() if name not in names}
                await asyncio.to_thread(_write, path, kept)

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete what providers have of an original. One that cannot be reached deletes it by itself within a day."""
        path = self._path(workspace, sha256)
        async with self._lock(path):
            for name, file in (await asyncio.to_thread(_read, path)).items():
                provider = self._providers.get(name.partition(" ")[0])
                if provider is None:
                    continue
                try:
                    await provider.delete(file["id"])
                except Exception as error:
                    log.warning("A file left with a provider could not be deleted (%s).", type(error).__name__)
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def close(self) -> None:
        for provider in self._providers.values():
            await provider.close()

    async def _one(self, shown: Shown, name: str, provider: ProviderFiles) -> Shown:
        if any(len(copy.data) < WORTH for copy in shown.copies):
            return shown
        path = self._path(shown.image.workspace, shown.image.ref.sha256)
        names = [_name(name, copy) for copy in shown.copies]
        try:
            async with self._lock(path):
                known = await asyncio.to_thread(_read, path)
                missing = [each for each in names if each not in known]
                if missing and not all(self._was_wanted(f"{path} {each}") for each in missing):
                    return shown
                for each, copy in zip(names, shown.copies, strict=True):
                    if each not in known:
                        known[each] = {"id": await provider.upload(copy), "until": time.time() + DAY - MARGIN}
                if missing:
                    await asyncio.to_thread(_write, path, known)
        except Exception as error:
            log.warning("An image could not be left with its provider (%s).", type(error).__name__)
            return shown
        return replace(shown, files=[provider.block(known[each]["id"]) for each in names])

    def _was_wanted(self, name: str) -> bool:
        was = name in self._wanted
        self._wanted[name] = None
        self._wanted.move_to_end(name)
        while len(self._wanted) > REMEMBERED:
            self._wanted.popitem(last=False)
        return was

    def _path(self, workspace: str, sha256: str) -> Path:
        return workspace_folder(self._folder, workspace) / f"{sha256}.json"

    def _lock(self, path: Path) -> asyncio.Lock:
        return self._locks.setdefault(path, asyncio.Lock())


def _name(provider: str, copy: Copy) -> str:
    return f"{provider} {hashlib.sha256(copy.data).hexdigest()[:24]}"


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        known: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: file for name, file in known.items() if file["until"] > time.time()}


def _write(path: Path, known: Mapping[str, Mapping[str, Any]]) -> None:
    write_whole(private_folder(path.parent) / path.name, json.dumps(known).encode())
