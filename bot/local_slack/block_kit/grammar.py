"""The words Block Kit is described in: each rule says what a JSON value may be and, otherwise, what Slack answers.

The sentences are Slack's own where they are known from its responses (`must be less than 3001 characters
[json-pointer:/blocks/0/text/text]`); a program may look for them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Rule(Protocol):
    def faults(self, value: object, at: str) -> Iterator[str]:
        """What is wrong with `value`, found at the JSON pointer `at`; nothing when it is right."""
        ...


def fault(said: str, at: str) -> str:
    return f"{said} [json-pointer:{at}]"


@dataclass(frozen=True)
class Text:
    """A string of `least` to `most` characters."""

    most: int
    least: int = 1
    pattern: str = ""

    def faults(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must provide a string", at)
        elif len(value) < self.least:
            yield fault(f"must be more than {self.least - 1} characters", at)
        elif len(value) > self.most:
            yield fault(f"must be less than {self.most + 1} characters", at)
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield fault("failed to match the required pattern", at)


@dataclass(frozen=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int
    most: int

    def faults(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault("must provide an integer", at)
        elif value < self.least:
            yield fault(f"must be more than {self.least - 1}", at)
        elif value > self.most:
            yield fault(f"must be less than {self.most + 1}", at)


@dataclass(frozen=True)
class Amount:
    """Any number."""

    def faults(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield fault("must provide a number", at)


@dataclass(frozen=True)
class Flag:
    """True or false; a string "true" is neither."""

    def faults(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, bool):
            yield fault("must provide a boolean", at)


@dataclass(frozen=True)
class Choice:
    """One of these strings."""

    values: tuple[str, ...]

    def faults(self, value: object, at: str) -> Iterator[str]:
        if value not in self.values:
            yield fault("must be a valid enum value", at)


@dataclass(frozen=True)
class Items:
    """A list of `least` to `most` such values."""

    each: Rule
    most: int
    least: int = 1

    def faults(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must provide an array", at)
            return
        if len(value) < self.least:
            yield fault(f"must provide at least {self.least} items", at)
        if len(value) > self.most:
            yield fault(f"no more than {self.most} items allowed", at)
            return  # a list without end is not read to it
        for number, item in enumerate(value):
            yield from self.each.faults(item, f"{at}/{number}")


@dataclass(frozen=True)
class Shape:
    """An object of these keys and no others.

    `some_of`: at least one of these keys must be there; `one_of`: exactly one.
    """

    needed: Mapping[str, Rule] = field(default_factory=dict)
    allowed: Mapping[str, Rule] = field(default_factory=dict)
    some_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    def faults(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield fault("must provide an object", at)
            return
        yield from (fault(f"missing required field: {name}", at) for name in self._missing(value))
        yield from (fault(f"invalid additional property: {name}", at) for name in self._unwelcome(value))
        for name, rule in {**self.needed, **self.allowed}.items():
            if name in value:
                yield from rule.faults(value[name], f"{at}/{name}")

    def _missing(self, value: Mapping[str, object]) -> Iterator[str]:
        yield from (name for name in self.needed if name not in value)
        for choices in filter(None, (self.some_of, self.one_of)):
            if not any(name in value for name in choices):
                yield choices[0]

    def _unwelcome(self, value: Mapping[str, object]) -> Iterator[str]:
        yield from (name for name in value if name not in self.needed and name not in self.allowed)
        yield from [name for name in self.one_of if name in value][1:]


@dataclass(frozen=True)
class ByType:
    """An object whose `type` says which of these shapes it has.

    In some places Slack first says that no kind fitted, then why: `preface`.
    """

    kinds: Mapping[str, Shape]
    preface: str = ""

    def faults(self, value: object, at: str) -> Iterator[str]:
        found = list(self._faults(value, at))
        if found and self.preface:
            yield fault(self.preface, at)
        yield from found

    def _faults(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield fault("must provide an object", at)
        elif "type" not in value:
            yield fault("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in self.kinds:
            yield fault(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            rest = {name: item for name, item in value.items() if name != "type"}
            yield from self.kinds[value["type"]].faults(rest, at)

    def only(self, *names: str) -> "ByType":
        return ByType({name: self.kinds[name] for name in names})


@dataclass(frozen=True)
class OrNull:
    """The rule, or null."""

    rule: Rule

    def faults(self, value: object, at: str) -> Iterator[str]:
        if value is not None:
            yield from self.rule.faults(value, at)


@dataclass(frozen=True)
class Later:
    """A rule that is written further down: blocks may hold blocks."""

    rule: Callable[[], Rule]

    def faults(self, value: object, at: str) -> Iterator[str]:
        yield from self.rule().faults(value, at)
