"""What the gallery can be narrowed by: the people, channels, kinds and colours of what one person may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.kit import Archive, Directory, Scope
from tools.kit.archive.chips import KINDS

Menus = dict[str, list[dict[str, Any]]]
"""``people``, ``channels``, ``kinds``, ``colours``: ``value``, ``name`` and ``number`` of each, the commonest first."""


async def menus_of(archive: Archive, scope: Scope, directory: Directory, clean: Callable[[str], str]) -> Menus:
    """clean: takes out what may not be shown. Raises: Spoken when the archive or Slack is away."""
    people = await archive.tally(scope, "people")
    channels = await archive.tally(scope, "channels")
    tallied = {
        "people": people,
        "channels": channels,
        "kinds": await archive.tally(scope, "kinds"),
        "colours": await archive.tally(scope, "colours"),
    }
    names = {
        **{each.value: each.name or each.value for each in (*people, *channels)},
        **await directory.people({each.value for each in people}),
        **{key: f"#{name}" for key, name in (await directory.channels({each.value for each in channels})).items()},
        **KINDS,
    }
    return {
        menu: [
            {"value": each.value, "name": clean(names.get(each.value, each.value)), "number": each.number}
            for each in options
            if each.value
        ]
        for menu, options in tallied.items()
    }
