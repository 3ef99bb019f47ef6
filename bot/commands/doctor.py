"""`spyglass doctor`: what is configured, what is missing, and how to get it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict

import click

from bot.edge import plain, print_json, put_line
from bot.health.finding import Finding
from bot.health.parts import examine
from bot.settings import read_settings
from tools.kit.errors import Spoken

MARKS = {"ok": "✓", "note": "·", "missing": "✗"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--stop-orphans", is_flag=True, help="Stop an embedded database that nobody uses any more.")
@click.option("--remove-abandoned", is_flag=True, help="Delete embedded databases whose SPYGLASS_HOME is gone.")
@click.option("--online", is_flag=True, help="Ask models behind providers for a word, to see whether they answer.")
def command(as_json: bool, stop_orphans: bool, remove_abandoned: bool, online: bool) -> None:
    """Say what is configured, what is missing and how to get it. Exit code 3 when something needed is missing."""
    wanted = {"stop_orphans": stop_orphans, "remove_abandoned": remove_abandoned, "online": online}
    findings = asyncio.run(_all(tell=not as_json, **wanted))
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    if any(finding.state == "missing" for finding in findings):
        click.get_current_context().exit(3)


async def _all(*, tell: bool, **wanted: bool) -> list[Finding]:
    findings = []
    async for finding in examine(read_settings(), **wanted):
        findings.append(finding)
        if tell:
            _put_line(f"{MARKS[finding.state]} {finding.what}: {finding.said}")
    return findings


def _put_line(line: str) -> None:
    try:
        put_line(line)
    except Spoken:  # the rules cannot be read, which one of the lines is going to say
        click.echo(plain(line))


def _print_json(findings: list[dict[str, str]]) -> None:
    try:
        print_json(findings)
    except Spoken:
        click.echo(json.dumps(findings))
