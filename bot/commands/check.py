"""`spyglass check TEXT`: the answer rules, run on any text."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from bot.commands._running import Line, lines_of, print_json
from bot.edge import keep_to, put
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
    """Check TEXT (or standard input, for -) against the rules.

    Exit code 1 when a rule is broken, else 2 when a batch line could not be checked.
    """
    from graphs.constraints import check_text, open_gate

    gate = open_gate(rules or read_settings().rules)
    keep_to(rules)
    if batch is not None:
        kept = asyncio.run(_batch(batch, gate, as_json))
    elif text is not None:
        result = check_text(_typed() if text == "-" else text, gate)
        _show(result, as_json)
        kept = [result["kept"]]
    else:
        raise AskAgain("Give a text to check, - for standard input, or --batch FILE.")
    if False in kept:
        click.get_current_context().exit(1)
    if None in kept:
        click.get_current_context().exit(2)


def _typed() -> str:
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


async def _batch(path: str, gate: Any, as_json: bool) -> list[bool | None]:
    """One line in, one line out; whether each was kept, None for one that could not be checked."""
    kept: list[bool | None] = []
    async for line in lines_of(path):
        result = _line(line, gate)
        _show(result, as_json)
        kept.append(result["kept"])
    return kept


def _line(line: Line, gate: Any) -> dict[str, Any]:
    from graphs.constraints import check_text

    try:
        text = line.row('{"text": "..."}').get("text")
        if not isinstance(text, str):
            raise AskAgain(f'Line {line.number} has no "text".')
    except AskAgain as error:
        return {"kept": None, "checks": [], "status": "refused", "problem": str(error)}
    return check_text(text, gate)


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(result)
        return
    put("not checked: " + result["problem"] if result["kept"] is None else "kept" if result["kept"] else "broken")
    for check in result["checks"]:
        if not check["kept"]:
            put(f"  {check['rule']}: {check['broken']}")
