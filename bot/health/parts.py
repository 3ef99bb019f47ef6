"""What `spyglass doctor` looks at: each part is opened as a command would open it, and what it says is a finding."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.health import archive, models
from bot.health.finding import Finding
from bot.ledger.spending import budgets_of
from bot.settings import Settings
from tools.kit import BlobStore, Encoder, Extractor, Ocr, VisionModel
from tools.kit.errors import Spoken

if TYPE_CHECKING:
    from bot.wiring import Wiring

NO_VISION = (
    "none: questions about pixels (counts, positions, handwriting) are answered only as far as the other tools can; "
    "set SPYGLASS_VISION=anthropic:MODEL, openai:MODEL, google:MODEL or openai_compatible:URL#MODEL"
)
PATIENCE = 6.0
"""Seconds a server has to answer."""


async def examine(
    settings: Settings, *, stop_orphans: bool = False, remove_abandoned: bool = False, online: bool = False
) -> AsyncIterator[Finding]:
    """Everything worth looking at, one finding each. Nothing is started, and nothing stopped or removed unless asked
    for. `online`: models behind providers are asked for a word, which costs a little."""
    from bot.wiring import Wiring

    said: list[str] = []
    yield (home := _home(settings.home))
    yield _poppler()
    if home.state == "missing":
        return
    yield _models(settings.home)
    async with Wiring(settings, say=said.append) as wiring:
        looks: dict[str, Callable[[], Awaitable[Finding]]] = {
            "model": lambda: _model(wiring, online),
            "vision": lambda: _vision(wiring, online),
            **({"budget": lambda: _budget(settings)} if budgets_of(settings) else {}),
            "ocr": lambda: _lent(wiring, "ocr", Ocr, settings.ocr),
            "extractor": lambda: _lent(wiring, "extractor", Extractor, settings.extractor),
            "blobs": lambda: _blobs(wiring),
            "encoder": lambda: _encoder(wiring, said),
            "archive": lambda: _archive(wiring),
            "database": lambda: _database(wiring, stop_orphans),
            "abandoned": lambda: _abandoned(wiring, remove_abandoned),
            "rules": lambda: _rules(settings),
            "slack": lambda: _slack(settings),
        }
        for what, look in looks.items():
            yield await _guarded(what, look)


async def _guarded(what: str, look: Callable[[], Awaitable[Finding]]) -> Finding:
    """A finding, whatever looking at the thing ends in: the doctor goes on to the next."""
    try:
        return await look()
    except Spoken as error:
        return Finding(what, "missing", str(error))
    except TimeoutError:
        return Finding(what, "missing", f"no answer within {PATIENCE:g} seconds: check SPYGLASS_{what.upper()}.")
    except Exception as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        return Finding(what, "missing", f"it cannot be used ({why}): check SPYGLASS_{what.upper()}.")


# --- this machine ---------------------------------------------------------------------------------


def _home(home: Path) -> Finding:
    folder = next(path for path in (home, *home.parents) if path.exists())
    if not os.access(folder, os.W_OK) or not folder.is_dir():
        return Finding("home", "missing", f"{home} cannot be written: set SPYGLASS_HOME to a folder that can.")
    free = shutil.disk_usage(folder).free // 2**20
    state = "ok" if free > 1024 else "note"
    return Finding("home", state, f"{home} ({free:,} MB free)")


def _poppler() -> Finding:
    if shutil.which("pdftoppm"):
        return Finding("pdf", "ok", "poppler")
    return Finding("pdf", "note", "pypdfium2 (poppler is not installed; Debian: apt install poppler-utils)")


def _models(home: Path) -> Finding:
    sizes = [path.stat().st_size for path in (home / "models").rglob("*.onnx")]
    if not sizes:
        return Finding("models", "note", "not prepared yet: the first question takes some seconds longer")
    return Finding("models", "ok", f"prepared in {home / 'models'} ({len(sizes)}, {sum(sizes) // 2**20:,} MB)")


# --- backends -------------------------------------------------------------------------------------


async def _lent(wiring: Wiring, what: str, port: type, spec: str) -> Finding:
    await wiring.lend(port)
    return Finding(what, "ok", spec)


async def _model(wiring: Wiring, online: bool) -> Finding:
    settings = wiring.settings
    if settings.model == "local":
        said = "local planner, no key needed; SPYGLASS_MODEL=anthropic:MODEL, openai:MODEL or google:MODEL brings one"
        return Finding("model", "ok", said)
    return await models.looked_at("model", wiring, [settings.model, *settings.model_fallbacks], online=online)


async def _vision(wiring: Wiring, online: bool) -> Finding:
    settings = wiring.settings
    if settings.vision == "no_vision":
        return Finding("vision", "note", NO_VISION)
    if settings.vision.partition(":")[0] == "local_vision":
        return await _lent(wiring, "vision", VisionModel, settings.vision)
    second = settings.vision_second if settings.vision_second not in ("off", "prompts") else ""
    used = [settings.vision, *settings.vision_fallbacks, settings.vision_first, second]
    return await models.looked_at("vision", wiring, [spec for spec in used if spec], online=online)


async def _budget(settings: Settings) -> Finding:
    from bot.health import budgets

    return budgets.looked_at(settings)


async def _blobs(wiring: Wiring) -> Finding:
    store = await wiring.lend(BlobStore)
    async with asyncio.timeout(PATIENCE):
        await store.holders("local", "0" * 64)
    return Finding("blobs", "ok", wiring.settings.blobs)


async def _encoder(wiring: Wiring, said: list[str]) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            await wiring.pairs.bound(wiring.workspace)
    except TimeoutError:
        silent = f"no answer within {PATIENCE:g} seconds from the archive, which says what encoder it was made with"
        return Finding("encoder", "missing", f"{silent}: check SPYGLASS_ARCHIVE.")
    heard = len(said)
    name = (await wiring.lend(Encoder)).name
    if not wiring.settings.encoder.startswith("auto"):
        chosen = (await wiring.pairs.set_up()).name
        if chosen != name:
            return Finding("encoder", "note", f"{chosen}; until it has encoded the archive anew {name} answers")
    state = "note" if name.startswith("builtin") else "ok"
    return Finding("encoder", state, ": ".join([name, *([" ".join(said[heard:])] if said[heard:] else [])]))


async def _archive(wiring: Wiring) -> Finding:
    return await archive.looked_at(wiring, patience=PATIENCE)


async def _rules(settings: Settings) -> Finding:
    from graphs.constraints import open_gate

    await asyncio.to_thread(open_gate, settings.rules)
    if settings.rules is None:
        return Finding("rules", "note", "no file: no brands are banned; set SPYGLASS_RULES to a YAML file")
    return Finding("rules", "ok", str(settings.rules))


async def _slack(settings: Settings) -> Finding:
    from bot.slack.checkup import look_at_slack

    return Finding("slack", *await look_at_slack(settings, patience=PATIENCE))


# --- database -------------------------------------------------------------------------------------


async def _database(wiring: Wiring, stop_orphans: bool) -> Finding:
    if wiring.settings.database_url:
        return await asyncio.to_thread(_server, wiring.settings.database_url.get_secret_value())
    server = await wiring.embedded_database()
    place = f"embedded PostgreSQL in {server.data}"
    if not await asyncio.to_thread(server.running):
        return Finding("database", "ok", f"{place}, started when needed")
    if await asyncio.to_thread(server.in_use):
        return Finding("database", "ok", f"{place}, running and in use")
    if stop_orphans and await asyncio.to_thread(server.stop_if_unused):
        return Finding("database", "ok", f"{place}: an orphan was running and is stopped now")
    return Finding("database", "note", f"{place} is running and nobody uses it: stop it with --stop-orphans")


async def _abandoned(wiring: Wiring, remove: bool) -> Finding:
    """As root, databases lie outside their homes, so deleting a home leaves its database behind."""
    if wiring.settings.database_url:
        return Finding("abandoned", "ok", "no databases of homes that are gone")
    found = (await wiring.embedded_database()).abandoned()
    if remove:
        removed = sum([await asyncio.to_thread(server.discard) for server in found])
        return Finding("abandoned", "ok", f"databases of homes that are gone: {removed} of {len(found)} removed")
    if not found:
        return Finding("abandoned", "ok", "no databases of homes that are gone")
    folders = ", ".join(server.data.parent.name for server in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    said = f"{len(found)} databases of homes that are gone in {found[0].data.parents[1]} ({folders}{more}): "
    return Finding("abandoned", "note", f"{said}delete them and their threads with --remove-abandoned")


def _server(url: str) -> Finding:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.ProgrammingError:
        return Finding("database", "missing", "SPYGLASS_DATABASE_URL is no PostgreSQL URL: check it, or unset it.")
    except psycopg.OperationalError:
        return Finding("database", "missing", "SPYGLASS_DATABASE_URL does not answer: check it, or unset it.")
    return Finding("database", "ok", "PostgreSQL by SPYGLASS_DATABASE_URL")
