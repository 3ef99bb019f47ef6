"""What two readings of an image are held against each other by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tools.kit.types import Json


def essence(found: Mapping[str, Json], settles: Sequence[str]) -> dict[str, list[list[Json]]]:
    """What `Task.settles` names, by field: an entry for each thing in it, in an order of its own.

    ``{"fields": [["date", "2024-05-01"], ["total", "9.00"]]}`` for ``fields.name`` and ``fields.value``.
    """
    paths: dict[str, list[list[str]]] = {}
    for path in settles:
        field, *rest = path.split(".")
        paths.setdefault(field, []).append(rest)
    return {field: sorted(_entries(found.get(field), inner), key=repr) for field, inner in paths.items()}


def _entries(value: Json, paths: Sequence[Sequence[str]]) -> Iterator[list[Json]]:
    if isinstance(value, list):
        for each in value:
            yield from _entries(each, paths)
    elif isinstance(value, Mapping) and all(len(path) > 1 and path[0] == paths[0][0] for path in paths):
        yield from _entries(value.get(paths[0][0]), [path[1:] for path in paths])
    elif isinstance(value, Mapping):
        yield [value.get(path[0]) for path in paths]
    else:
        yield [value]
