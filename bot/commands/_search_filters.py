"""The options of `spyglass search` that narrow a search."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from bot.edge import plain
from tools.kit.archive.filters import Excluded, Filters, Kind
from tools.kit.errors import AskAgain

if TYPE_CHECKING:
    from graphs.local_planner.filtering.days import Range

F = TypeVar("F", bound=Callable[..., Any])

TYPES = {"image": "image/", "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png",
         "gif": "image/gif", "webp": "image/webp", "heic": "image/heic", "tiff": "image/tiff"}  # fmt: skip
MIME = re.compile(r"[a-zA-Z]+/[\w.+-]*", re.ASCII)
"""A type, or the beginning of several: image/."""
NAMES = ("people", "channels", "colours", "not_people", "not_channels", "not_colours")
KINDS = click.Choice(get_args(Kind))
SHAPES = click.Choice(["landscape", "portrait", "square"])

OPTIONS = (
    click.option("--from", "people", multiple=True, metavar="NAME", help="Posted by; several: by any of them."),
    click.option("--in", "channels", multiple=True, metavar="CHANNEL", help="Posted in; several: in any of them."),
    click.option("--since", metavar="DATE", help='From then on: 2026-03-01, "last summer", yesterday.'),
    click.option("--until", metavar="DATE", help="Until then, that day or month included."),
    click.option("--type", "mime", metavar="TYPE", help="Of the file: jpeg, png, pdf, ... or a MIME type."),
    click.option("--kind", "kinds", multiple=True, type=KINDS, help="Of the picture."),
    click.option(
        "--colour", "--color", "colours", multiple=True, metavar="NAME", help="Prominent in it; several: all."
    ),
    click.option("--orientation", type=SHAPES),
    click.option("--text", "with_text", metavar="WORDS", help="Read on it, word by word."),
    click.option("--name", "name_contains", metavar="PART", help="Of the file's name."),
    click.option("--folder", metavar="FOLDER", help="It lies in."),
    click.option("--not-from", "not_people", multiple=True, metavar="NAME"),
    click.option("--not-in", "not_channels", multiple=True, metavar="CHANNEL"),
    click.option("--not-type", "not_mime", metavar="TYPE"),
    click.option("--not-kind", "not_kinds", multiple=True, type=KINDS),
    click.option("--not-colour", "--not-color", "not_colours", multiple=True, metavar="NAME"),
    click.option("--not-text", "not_with_text", metavar="WORDS"),
)


def narrowed(command: F) -> F:
    """The command, with these options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def filters_of(given: dict[str, Any]) -> Filters | None:
    """Of the options that were given; None where none was. Raises: AskAgain for a date that is none, or an empty
    name."""
    said = {name: _plain(value) for name, value in given.items()}
    if not all(name.strip() for several in NAMES for name in said[several]):
        raise AskAgain("A name is empty: say who, which channel or which colour, or leave the option out.")
    excluded = Excluded(
        posted_by=said["not_people"],
        channels=said["not_channels"],
        mime=_mime(said["not_mime"]),
        kinds=said["not_kinds"],
        colours=said["not_colours"],
        with_text=said["not_with_text"],
    )
    filters = Filters(
        posted_by=said["people"],
        channels=said["channels"],
        after=_date(said["since"], "--since", end=False),
        before=_date(said["until"], "--until", end=True),
        mime=_mime(said["mime"]),
        excluding=None if excluded == Excluded() else excluded,
        **{name: said[name] for name in ("kinds", "colours", "orientation", "with_text", "name_contains", "folder")},
    )
    return None if filters == Filters() else filters


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    return plain(value) if value else value


def _mime(said: str | None) -> str | None:
    """Raises: AskAgain."""
    if not said:
        return None
    if MIME.fullmatch(said):
        return said.lower()
    if said.lower().lstrip(".") not in TYPES:
        raise AskAgain(f"There is no type {said}: say one of {', '.join(TYPES)}, or a MIME type such as image/png.")
    return TYPES[said.lower().lstrip(".")]


def _date(said: str | None, option: str, *, end: bool) -> datetime | None:
    """When it begins, or is over. Raises: AskAgain."""
    if not said:
        return None
    try:
        return datetime.fromisoformat(said) if "T" in said else _span(said)[end]
    except ValueError:
        raise AskAgain(
            f'{option} takes a day that there is, not "{said}": 2026-03-01, 1 March 2026, May 2024, yesterday, '
            '"last summer".'
        ) from None


def _span(said: str) -> Range:
    """Raises: ValueError for what is no date."""
    from graphs.clock import clock_of
    from graphs.local_planner.filtering.days import span

    found = span(said, clock_of(datetime.now().astimezone(), ""))
    if found is None:
        raise ValueError(said)
    return found
