"""`spyglass check TEXT`: the answer rules, run on any text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bot.commands._running import json_lines, print_json
from bot.settings import read_settings
from tools.kit.errors import AskAgain


@click.command("check")
@click.argument("text", required=False)
@click.option(
    "--rules", type=click.Path(path_type=Path), help="YAML file with rule settings (default: SPYGLASS_RULES)."
)
@click.option("--batch", metavar="FILE", help='JSON lines {"text": "..."}; - reads stdin.')
@click.option("--json", "as_json", is_flag=True, help="Print kept and checks as JSON.")
def command(text: str | None, rules: Path | None, batch: str | None, as_json: bool) -> None:
    """Check TEXT (or standard input, for -) against the rules. Exit code 1 when a rule is broken."""
    from graphs.constraints import open_gate

    gate = open_gate(rules or read_settings().rules)
    if batch is not None:
        results = [_judged(_text(row, number), gate) for number, row in enumerate(json_lines(batch), 1)]
    elif text is not None:
        results = [_judged(sys.stdin.read() if text == "-" else text, gate)]
    else:
        raise AskAgain("Give a text to check, - for standard input, or --batch FILE.")
    for result in results:
        _show(result, as_json)
    if not all(result["kept"] for result in results):
        click.get_current_context().exit(1)


def _text(row: dict[str, Any], number: int) -> str:
    if not isinstance(row.get("text"), str):
        raise AskAgain(f'Line {number} has no "text".')
    return str(row["text"])


def _judged(text: str, gate: Any) -> dict[str, Any]:
    from graphs.constraints import check_text

    return check_text(text, gate)


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(result)
        return
    click.echo("kept" if result["kept"] else "broken")
    for check in result["checks"]:
        if not check["kept"]:
            click.echo(f"  {check['rule']}: {check['broken']}")
