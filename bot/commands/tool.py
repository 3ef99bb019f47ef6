"""`spyglass tool NAME ...`: every tool as a command, its options read off its signature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands._running import existing, print_json, run
from bot.edge import put
from tools.kit.errors import AskAgain
from tools.kit.registry import Tool, discover

if TYPE_CHECKING:
    from bot.wiring import Wiring
    from tools.kit import ImageRef


class Tools(click.Group):
    """One subcommand a file in tools/."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(discover())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        tool = discover().get(cmd_name)
        return tool_command(tool) if tool else None


@click.command("tool", cls=Tools)
def command() -> None:
    """Run one tool by itself, without the agent: spyglass tool classify photo.jpg --labels cat,dog"""


def tool_command(tool: Tool) -> click.Command:
    """A click command for a tool: images are arguments, everything else is an option."""
    schema = tool.parameters.model_json_schema()
    parameters: list[click.Parameter] = []
    for name, many in tool.images.items():
        required = name in schema.get("required", [])
        if many or required or len(tool.images) == 1:
            parameters.append(click.Argument([name], nargs=-1 if many else 1, required=required))
    for name, field in schema["properties"].items():
        if name not in tool.images:
            parameters.append(_option(name, field, required=name in schema.get("required", [])))
    parameters.append(click.Option(["--json", "as_json"], is_flag=True, help="Print the evidence as JSON."))

    def callback(as_json: bool, **given: Any) -> None:
        run(lambda wiring: _use(wiring, tool, given, as_json), quiet=as_json)

    return click.Command(
        tool.name,
        params=parameters,
        callback=callback,
        help=tool.description,
        short_help=tool.description.split("\n")[0],
    )


def _option(name: str, field: dict[str, Any], *, required: bool) -> click.Option:
    flag = f"--{name.replace('_', '-')}"
    if field.get("type") == "boolean":
        return click.Option([flag, name], is_flag=True, help=field.get("description"))
    hint = " (comma-separated, or a JSON list)" if _takes(field, "array") else " (JSON)" if _is_object(field) else ""
    return click.Option([flag, name], required=required, help=f"{field.get('description', '')}{hint}".strip() or None)


def _takes(field: dict[str, Any], kind: str) -> bool:
    return any(part.get("type") == kind for part in [field, *field.get("anyOf", [])])


def _is_object(field: dict[str, Any]) -> bool:
    return any(part.get("type") == "object" or "$ref" in part for part in [field, *field.get("anyOf", [])])


async def _use(wiring: Wiring, tool: Tool, given: dict[str, Any], as_json: bool) -> None:
    from bot.turns.intake import open_for_terminal
    from bot.wiring import OWNER
    from tools.kit.toolbox import TurnToolbox

    files, arguments = _split(tool, given)
    refs, fetch = await open_for_terminal(wiring, files)
    _fill_handles(tool, given, arguments, refs)
    toolbox = TurnToolbox(
        discover(), wiring.lend_within(OWNER), refs, fetch=fetch, deadline=wiring.settings.tool_seconds
    )
    evidence = await toolbox.use(tool.name, arguments)
    _show(evidence.model_dump(mode="json"), as_json)


def _split(tool: Tool, given: dict[str, Any]) -> tuple[list[Path], dict[str, Any]]:
    """The files among what was given, and the other arguments as the tool takes them."""
    properties = tool.parameters.model_json_schema()["properties"]
    arguments = {
        name: _value(name, value, properties[name])
        for name, value in given.items()
        if name not in tool.images and value is not None and value is not False
    }
    named = [value for name, many in tool.images.items() for value in _listed(given.get(name), many)]
    return [existing(value) for value in named], arguments


def _listed(value: Any, many: bool) -> list[str]:
    if not value:
        return []
    return list(value) if many else [value]


def _value(name: str, value: Any, field: dict[str, Any]) -> Any:
    if _is_object(field):
        return _json(name, value)
    if not _takes(field, "array"):
        return value
    if str(value).lstrip().startswith("["):
        return _json(name, value)
    return [part.strip() for part in str(value).split(",") if part.strip()]


def _json(name: str, value: Any) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise AskAgain(f"--{name} takes JSON, and this is not: {value}") from None


def _fill_handles(tool: Tool, given: dict[str, Any], arguments: dict[str, Any], refs: list[ImageRef]) -> None:
    """A PDF gives several pages: a tool for many images takes all, a tool for one takes the first."""
    for name, many in tool.images.items():
        if given.get(name):
            arguments[name] = [ref.handle for ref in refs] if many else refs[0].handle


def _show(evidence: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(evidence)
        return
    put(evidence["said"])
    if evidence["sure"] is not None:
        put(f"  {evidence['sure']:.0%} sure")
    for picture in evidence["shows"]:
        put(f"  picture: {picture['path']} ({picture['caption']})")
