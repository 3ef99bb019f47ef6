"""Who and what an export is about: people, and channels with the folders of their messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from bot.indexing.exports.container import Container, json_of
from bot.indexing.walking import Problem
from bot.slack.people import called
from bot.slack.words import keepable, one_line
from tools.kit import AskAgain

PEOPLE = "users.json"
LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
PLACE_ID = re.compile(r"[CDG][A-Z0-9]+")
FILE_ID = re.compile(r"^(F[A-Z0-9]{5,})(?:[-_. ]|$)")


@dataclass(frozen=True)
class Place:
    """A channel, private group or direct message."""

    id: str
    name: str
    """What it is called, without "#"; empty for direct messages."""
    folder: str
    """Of its messages in the export."""


@dataclass
class Catalogue:
    people: dict[str, str] = field(default_factory=dict)
    """Names by id."""
    places: list[Place] = field(default_factory=list)
    days: dict[str, list[str]] = field(default_factory=dict)
    """Names of the files of messages, by folder, in order of time."""
    files: dict[str, str] = field(default_factory=dict)
    """Names of the saved files of people, by Slack's id of each."""
    problems: list[Problem] = field(default_factory=list)


def is_export(names: Sequence[str]) -> bool:
    top = top_of(names)
    return top is not None and any(f"{top}{each}" in names for each in LISTS)


def top_of(names: Sequence[str]) -> str | None:
    """What stands before the export's own names: it may have been packed with the folder around it."""
    found = [name for name in names if PurePosixPath(name).name == PEOPLE]
    shallowest = min(found, key=lambda name: name.count("/"), default=None)
    return None if shallowest is None or shallowest.count("/") > 1 else shallowest.removesuffix(PEOPLE)


def read_catalogue(container: Container, named: str) -> Catalogue:
    """Blocks. What is broken is told in `problems`, and the rest is read.

    Raises: AskAgain when it is no export of Slack.
    """
    if not is_export(container.names):
        raise AskAgain(
            f"{named} is no export of Slack: one has users.json and channels.json in it. To index images in a zip, "
            "unpack it and name the folder."
        )
    top = top_of(container.names) or ""
    made = Catalogue()
    made.problems += [
        Problem(f"{named}:{keepable(name)}", "This leads out of the export: skipped.") for name in container.refused
    ]
    for person in _rows(container, named, f"{top}{PEOPLE}", made):
        made.people[str(person["id"])] = called({**person, "profile": _part(person.get("profile"))})
    for each in LISTS:
        if f"{top}{each}" in container.names:
            for row in _rows(container, named, f"{top}{each}", made):
                name = str(row.get("name") or "")
                if not PLACE_ID.fullmatch(str(row["id"])):  # an audience of its images: it must be a channel's
                    made.problems.append(Problem(f"{named}:{one_line(name)}", "That is no id of a channel: skipped."))
                    continue
                shown = "" if each in ("dms.json", "mpims.json") else one_line(name)
                made.places.append(Place(str(row["id"]), shown, f"{top}{name or row['id']}"))
    _sort(container, made)
    return made


def _sort(container: Container, made: Catalogue) -> None:
    """Which of the files are days of messages, and which are people's."""
    folders = {place.folder for place in made.places}
    for name in container.names:
        path = PurePosixPath(name)
        folder = str(path.parent)
        if folder in folders and DAY.fullmatch(path.name):
            made.days.setdefault(folder, []).append(name)
        elif found := FILE_ID.match(path.name) or FILE_ID.match(path.parent.name):
            made.files.setdefault(found[1], name)


def _rows(container: Container, named: str, name: str, made: Catalogue) -> Iterator[Mapping[str, Any]]:
    """The objects of a list that have an id."""
    try:
        rows = json_of(container, name)
    except AskAgain as error:
        made.problems.append(Problem(f"{named}:{name}", str(error)))
        return
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("id"):
            yield row


def _part(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
