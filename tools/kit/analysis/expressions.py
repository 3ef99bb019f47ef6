"""Expressions of school arithmetic, worked out exactly.

A recursive-descent evaluator over fractions, with no `eval`: numbers, + - x / ^, brackets, percent, mixed numbers, and
one unknown to the first power.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 200
"""Characters of an expression that are worked out; nothing printed for people is longer."""
DEEPEST = 30
HIGHEST = 64
"""Largest exponent."""

SIGNS = str.maketrans({"×": "*", "·": "*", "∙": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "[": "(", "]": ")",
                       "{": "(", "}": ")", "＝": "=", "＋": "+", "（": "(", "）": ")"})  # fmt: skip
SPELLED = {"²": "^2", "³": "^3", "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3"}
TOKEN = re.compile(
    r"\s*(?:(?P<mixed>\d+\s+\d+\s*/\s*\d+)|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+)|(?P<of>of\b)"
    r"|(?P<name>[a-wyzA-WYZ]|[xX])|(?P<sign>[-+*/^()%:]))",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """Not arithmetic, or not of a kind that is worked out here."""


@dataclass(frozen=True)
class Linear:
    """slope * unknown + constant."""

    slope: Fraction
    constant: Fraction


def evaluate(text: str) -> Fraction:
    """The exact value of an expression without an unknown.

    Raises: Unreadable when it is not one, or divides by zero.
    """
    value = Reader(text).whole()
    if value.slope:
        raise Unreadable("it has an unknown")
    return value.constant


def shown(value: Fraction, *, as_fraction: bool = False) -> str:
    """A whole number, a decimal that ends within four places, or a fraction with its decimal value."""
    if value.denominator == 1:
        return str(value.numerator)
    if 10**4 % value.denominator == 0:
        decimal = f"{float(value):.4f}".rstrip("0")
        return f"{value.numerator}/{value.denominator} ({decimal})" if as_fraction else decimal
    return f"{value.numerator}/{value.denominator} (about {float(value):.4g})"


def plain(text: str) -> str:
    """With the signs of a keyboard."""
    for sign, spelled in SPELLED.items():
        text = text.replace(sign, spelled)
    return text.translate(SIGNS)


def names(side: str) -> list[str]:
    """The unknowns in an expression, in lower case."""
    return [kind.lower() for kind, is_name in _tokens(side) if is_name]


def _tokens(text: str) -> list[tuple[str, bool]]:
    """(token, is an unknown). An x between numbers or brackets is a multiplication sign."""
    text = re.sub(r"[$€£]", "", plain(text)).strip()
    text = re.sub(r"(?<=[\d)%.])\s*[xX]\s*(?=[-(\d.])", " * ", text)
    found: list[tuple[str, bool]] = []
    place = 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise Unreadable(text[place:])
        read = match[0].strip()
        if match["of"]:
            found.append(("*", False))
        elif match["mixed"]:
            whole, part = read.split(None, 1)
            found += [(each, False) for each in ("(", whole, "+", *re.split(r"\s*(/)\s*", part), ")")]
        else:
            found.append(("/" if read == ":" else read, bool(match["name"])))
        place = match.end()
    return found


class Reader:
    """expression: term (+|- term)*; term: power (*|/|nothing power)*; power: atom [^ power] [%]."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise Unreadable("it is too long")
        self._tokens = _tokens(text)
        self._place = 0
        self._depth = 0

    def whole(self) -> Linear:
        """The value of all of it. Raises: Unreadable, ZeroDivisionError."""
        value = self._expression()
        if self._place < len(self._tokens):
            raise Unreadable(self._tokens[self._place][0])
        return value

    def _next(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    def _take(self, *signs: str) -> str:
        token = self._next()
        if token and token in signs:
            self._place += 1
            return token
        return ""

    def _expression(self) -> Linear:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable("it is nested too deeply")
        value = self._term()
        while sign := self._take("+", "-"):
            start = self._place
            other = self._term()
            if self._is_percentage(start):  # 80 + 10% is 88, as on every calculator
                other = _times(value, other)
            value = Linear(
                value.slope + other.slope if sign == "+" else value.slope - other.slope,
                value.constant + other.constant if sign == "+" else value.constant - other.constant,
            )
        self._depth -= 1
        return value

    def _is_percentage(self, start: int) -> bool:
        return self._place - start == 2 and self._tokens[start + 1][0].endswith("%")

    def _term(self) -> Linear:
        value = self._power()
        while True:
            sign = self._take("*", "/")
            if not sign and not self._is_next_factor():
                return value
            other = self._power()
            value = _over(value, other) if sign == "/" else _times(value, other)

    def _is_next_factor(self) -> bool:
        """2(3 + 4) and 3x multiply; two numbers side by side do not."""
        before = self._tokens[self._place - 1]
        after = self._tokens[self._place] if self._place < len(self._tokens) else ("", False)
        return after[0] == "(" or after[1] or (before[0] == ")" and after[0][:1].isdigit())

    def _power(self) -> Linear:
        if self._take("-"):
            value = self._power()
            return Linear(-value.slope, -value.constant)
        self._take("+")
        value = self._atom()
        if self._take("^"):
            exponent = self._power()
            if value.slope or exponent.slope or exponent.constant.denominator != 1 or abs(exponent.constant) > HIGHEST:
                raise Unreadable("a power that is not worked out here")
            value = Linear(Fraction(0), value.constant ** int(exponent.constant))
        while self._take("%"):
            value = Linear(value.slope / 100, value.constant / 100)
        return value

    def _atom(self) -> Linear:
        if self._take("("):
            value = self._expression()
            if not self._take(")"):
                raise Unreadable("a bracket is not closed")
            return value
        if self._place >= len(self._tokens):
            raise Unreadable("it ends too early")
        text, is_name = self._tokens[self._place]
        self._place += 1
        if is_name:
            return Linear(Fraction(1), Fraction(0))
        if not text[:1].isdigit() and not text.startswith("."):
            raise Unreadable(text)
        return Linear(Fraction(0), Fraction(text.replace(",", "")))


def _times(one: Linear, other: Linear) -> Linear:
    if one.slope and other.slope:
        raise Unreadable("an unknown times an unknown")
    return Linear(one.slope * other.constant + other.slope * one.constant, one.constant * other.constant)


def _over(one: Linear, other: Linear) -> Linear:
    if other.slope:
        raise Unreadable("division by an unknown")
    return Linear(one.slope / other.constant, one.constant / other.constant)
