"""`spyglass doctor`: what is configured, what is missing, and how to get it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bot.commands._running import print_json, run
from bot.settings import Settings, read_settings
from tools.kit.errors import Spoken

NO_VISION = (
    "none: questions about pixels (counts, positions, handwriting) are answered only as far as the other tools can; "
    "set SPYGLASS_VISION=chat_vision:anthropic/MODEL or chat_vision:openai/MODEL"
)
MARKS = {"ok": "✓", "note": "·", "missing": "✗"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    state: str
    """``ok``, ``note`` (works, could be better) or ``missing``."""
    said: str


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--stop-orphans", is_flag=True, help="Stop an embedded database that nobody uses any more.")
def command(as_json: bool, stop_orphans: bool) -> None:
    """Say what is configured, what is missing and how to get it. Exit code 3 when something needed is missing."""
    findings = list(examine(read_settings(), stop_orphans=stop_orphans))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.state]} {finding.what}: {finding.said}")
    if any(finding.state == "missing" for finding in findings):
        click.get_current_context().exit(3)


def examine(settings: Settings, *, stop_orphans: bool = False) -> Iterator[Finding]:
    """Everything worth looking at, one finding each."""
    yield _home(settings.home)
    yield from (_backend(what, spec) for what, spec in _specs(settings).items())
    yield _model(settings)
    yield _vision(settings)
    yield _guard("encoder", lambda: _encoder(settings))
    yield _guard("database", lambda: _database(settings, stop_orphans))
    yield _guard("archive", lambda: _archive(settings))
    yield _guard("rules", lambda: _rules(settings))
    yield _poppler()


def _guard(what: str, look: Callable[[], Finding]) -> Finding:
    """A finding, also when looking at the thing ends in one of our sentences."""
    try:
        return look()
    except Spoken as error:
        return Finding(what, "missing", str(error))


def _home(home: Path) -> Finding:
    folder = next(path for path in (home, *home.parents) if path.exists())
    if not os.access(folder, os.W_OK) or not folder.is_dir():
        return Finding("home", "missing", f"{home} cannot be written: set SPYGLASS_HOME to a folder that can.")
    free = shutil.disk_usage(folder).free // 2**20
    state = "ok" if free > 1024 else "note"
    return Finding("home", state, f"{home} ({free:,} MB free)")


def _specs(settings: Settings) -> dict[str, str]:
    return {"ocr": settings.ocr, "extractor": settings.extractor, "blobs": settings.blobs}


def _backend(what: str, spec: str) -> Finding:
    scheme = spec.partition(":")[0]
    if importlib.util.find_spec(f"tools.backends.{scheme}") is None:
        return Finding(what, "missing", f"there is no backend {scheme}: check SPYGLASS_{what.upper()}.")
    return Finding(what, "ok", spec)


def _model(settings: Settings) -> Finding:
    scheme = settings.model.partition(":")[0]
    if scheme == "local":
        return Finding(
            "model", "ok", "local planner, no key needed; SPYGLASS_MODEL=anthropic:MODEL or openai:MODEL brings one"
        )
    return _keyed("model", settings.model, scheme, settings)


def _vision(settings: Settings) -> Finding:
    if settings.vision == "no_vision":
        return Finding("vision", "note", NO_VISION)
    vendor = settings.vision.partition(":")[2].partition("/")[0]
    return _keyed("vision", settings.vision, vendor, settings)


def _keyed(what: str, spec: str, vendor: str, settings: Settings) -> Finding:
    keys = {"anthropic": settings.anthropic_api_key, "openai": settings.openai_api_key or settings.openai_base_url}
    if vendor not in keys:
        return Finding(
            what, "missing", f"{spec} is none of anthropic:MODEL, openai:MODEL: check SPYGLASS_{what.upper()}."
        )
    if not keys[vendor]:
        return Finding(what, "missing", f"{spec} needs a key: set {vendor.upper()}_API_KEY.")
    return Finding(what, "ok", spec)


def _encoder(settings: Settings) -> Finding:
    from tools.kit import Encoder

    said: list[str] = []

    async def name() -> str:
        from bot.wiring import Wiring

        async with Wiring(settings, say=said.append) as wiring:
            return (await wiring.lend(Encoder)).name

    import asyncio

    opened = asyncio.run(name())
    state = "note" if opened.startswith("builtin") else "ok"
    return Finding("encoder", state, f"{opened}{': ' if said else ''}{' '.join(said)}")


def _database(settings: Settings, stop_orphans: bool) -> Finding:
    if settings.database_url:
        import psycopg

        try:
            psycopg.connect(settings.database_url.get_secret_value(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return Finding("database", "missing", "SPYGLASS_DATABASE_URL does not answer: check it, or unset it.")
        return Finding("database", "ok", "PostgreSQL by SPYGLASS_DATABASE_URL")
    server = run(lambda wiring: wiring.embedded_database(), quiet=True)
    if not server.running():
        return Finding("database", "ok", f"embedded PostgreSQL in {server.data}, started when needed")
    if server.clients():
        return Finding("database", "ok", f"embedded PostgreSQL in {server.data}, running and in use")
    if stop_orphans:
        server.stop_if_unused()
        return Finding(
            "database", "ok", f"embedded PostgreSQL in {server.data}: an orphan was running and is stopped now"
        )
    return Finding(
        "database", "note", "an embedded PostgreSQL is running and nobody uses it: stop it with --stop-orphans"
    )


def _archive(settings: Settings) -> Finding:
    return Finding("archive", "ok", settings.archive)


def _rules(settings: Settings) -> Finding:
    from graphs.constraints import open_gate

    open_gate(settings.rules)
    if settings.rules is None:
        return Finding("rules", "note", "no file: no brands are banned; set SPYGLASS_RULES to a YAML file")
    return Finding("rules", "ok", str(settings.rules))


def _poppler() -> Finding:
    if shutil.which("pdftoppm"):
        return Finding("pdf", "ok", "poppler")
    return Finding("pdf", "note", "pypdfium2 (poppler is not installed; Debian: apt install poppler-utils)")
