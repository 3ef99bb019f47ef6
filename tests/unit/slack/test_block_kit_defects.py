"""A valid payload with one defect put anywhere is refused, and the refusal points at the defect."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.local_slack.block_kit import validate, validate_chunks, validate_view
from tests.unit.slack.block_samples import BLOCKS, CHUNKS, block, view

# (what Slack is asked, the payload as it is sent, the pointer it is found at)
PAYLOADS: list[tuple[str, Any]] = [
    *(("/blocks", [block(kind)]) for kind in BLOCKS if kind != "alert"),
    ("/view", view()),
    ("/chunks", CHUNKS),
]


def _refusals(root: str, payload: object) -> list[str]:
    if root == "/view":
        return validate_view(payload)
    return validate_chunks(payload) if root == "/chunks" else validate(payload, surface="message")


def _places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, (*path, name))
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, (*path, number))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(payload: Any, path: tuple[str | int, ...], value: object) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(payload)
    _at(changed, path[:-1])[path[-1]] = value
    return changed


def _pointer(root: str, path: tuple[str | int, ...]) -> str:
    return f"{root}/{'/'.join(map(str, path))}".rstrip("/")


@st.composite
def _place(draw: st.DrawFn, *kinds: type) -> tuple[str, Any, tuple[str | int, ...]]:
    """Somewhere in some payload where a value of one of these types stands."""
    root, payload = draw(st.sampled_from(PAYLOADS))
    fitting = [path for path in _places(payload) if type(_at(payload, path)) in kinds]
    return (root, payload, draw(st.sampled_from(fitting))) if fitting else draw(_place(*kinds))


def _points_at(refusals: list[str], pointer: str) -> bool:
    return any(said.endswith(f"[json-pointer:{pointer}]") for said in refusals)


@settings(deadline=None)
@given(_place(dict))
def test_a_key_slack_does_not_know_is_refused_anywhere(place: tuple[str, Any, tuple[str | int, ...]]) -> None:
    root, payload, path = place
    defect = _with(payload, path, {**_at(payload, path), "colour": "red"})
    pointer = _pointer(root, path)
    assert f"invalid additional property: colour [json-pointer:{pointer}]" in _refusals(root, defect)


@settings(deadline=None)
@given(_place(str), st.sampled_from([7, None, ["x"], {}, True]))
def test_what_is_no_string_is_refused_in_place_of_any(
    place: tuple[str, Any, tuple[str | int, ...]], wrong: object
) -> None:
    root, payload, path = place
    assert _points_at(_refusals(root, _with(payload, path, wrong)), _pointer(root, path))


@settings(deadline=None)
@given(_place(dict, list), st.sampled_from([7, None, "x", False]))
def test_what_is_no_object_or_list_is_refused_in_place_of_any(
    place: tuple[str, Any, tuple[str | int, ...]], wrong: object
) -> None:
    root, payload, path = place
    if wrong is None and "column_settings" in path:  # a null there skips a column
        return
    assert _points_at(_refusals(root, _with(payload, path, wrong)), _pointer(root, path))


@settings(deadline=None)
@given(_place(bool, int), st.sampled_from(["1", None, [], {}, -(10**12)]))
def test_what_is_no_such_number_or_flag_is_refused_in_place_of_any(
    place: tuple[str, Any, tuple[str | int, ...]], wrong: object
) -> None:
    root, payload, path = place
    assert _points_at(_refusals(root, _with(payload, path, wrong)), _pointer(root, path))


@settings(deadline=None)
@given(_place(str))
def test_no_string_may_be_endless(place: tuple[str, Any, tuple[str | int, ...]]) -> None:
    root, payload, path = place
    assert _points_at(_refusals(root, _with(payload, path, "x" * 40_001)), _pointer(root, path))


@settings(deadline=None)
@given(_place(list))
def test_no_list_may_be_endless(place: tuple[str, Any, tuple[str | int, ...]]) -> None:
    root, payload, path = place
    endless = _at(payload, path) * 1001
    assert _points_at(_refusals(root, _with(payload, path, endless)), _pointer(root, path))


@settings(deadline=None)
@given(_place(dict))
def test_without_its_type_an_object_of_many_kinds_is_refused(
    place: tuple[str, Any, tuple[str | int, ...]],
) -> None:
    root, payload, path = place
    whole = _at(payload, path)
    if "type" not in whole:
        return
    untyped = {name: value for name, value in whole.items() if name != "type"}
    pointer = _pointer(root, path)
    assert f"missing required field: type [json-pointer:{pointer}]" in _refusals(root, _with(payload, path, untyped))
