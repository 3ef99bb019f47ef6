"""Whether two readings of the same image say the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain

from tools.kit import Seen
from tools.kit.seeing.regions import is_place
from tools.kit.seeing.settling import essence
from tools.kit.types import Json

ALIKE = 0.5
"""Share of the words of both (Jaccard 1912) from which two longer answers say the same."""
SHORT = 4
"""Words up to which an answer is compared as a whole."""
OWN = frozenset({"answer", "confidence", "cannot_determine", "regions"})
"""Fields of `Sight`; what else a schema has is compared field by field."""
NUMBER = re.compile(r"\d[\d.,'\u2019]*\d|\d")
COUNTS = (
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"],
)
SPELLED = {word: str(number) for number, word in enumerate(chain.from_iterable(COUNTS))}
NO_COUNT = re.compile(r"\b(?:no|any|some|every|each|which) one\b|\bone of\b")
DENIALS = re.compile(r"\b(?:no|not|none|never|nothing|nobody|neither|without|cannot|\w+n['\u2019]t)\b")
FILLING = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be it its this that there of in on at to and or with as by for from image images "
        "shows show seen visible appears appear seems looks",
    )
)
"""Words that say nothing of what is to be seen."""
READINGS = "Two readings of it disagree. One says: {one} The other says: {two}"
DISAGREE = "Two readings of it disagree, so take neither for certain."
LESS_SURE = 0.5


def settled(one: Seen, two: Seen, *, model: str, settles: Sequence[str] = ()) -> Seen:
    """One answer out of two readings, and whether they agree. `settles`: as in `Task`."""
    sure = min((each.sure for each in (one, two) if each.sure is not None), default=None)
    if agree(one, two, settles):
        return one.model_copy(update={"model": model, "sure": sure})
    mine, other = _weighed(one, settles), _weighed(two, settles)
    agreed = {name: value for name, value in one.found.items() if name not in mine or same(mine[name], other.get(name))}
    return one.model_copy(
        update={
            "text": READINGS.format(one=_sentence(one.text), two=_sentence(two.text)),
            "model": model,
            "sure": None if sure is None else sure * LESS_SURE,
            "cannot_determine": one.cannot_determine or two.cannot_determine or _amounts_differ(one, two, settles),
            "found": agreed,
            "notes": (*one.notes, *(note for note in two.notes if note not in one.notes), DISAGREE),
        }
    )


def agree(one: Seen, two: Seen, settles: Sequence[str] = ()) -> bool:
    """Where a task says what settles it, answers in other words agree when that does and no number is another one."""
    if one.cannot_determine != two.cannot_determine:
        return False
    mine, other = _weighed(one, settles), _weighed(two, settles)
    if any(not same(mine.get(name), other.get(name)) for name in mine.keys() | other.keys()):
        return False
    if settles and any(mine.values()):
        return not _other_numbers(one.text, two.text)
    return one.cannot_determine or same(one.text, two.text)


def _weighed(seen: Seen, settles: Sequence[str]) -> dict[str, Json]:
    """What is compared of a reading beside its answer, by field; places never are."""
    extra = {name: value for name, value in seen.found.items() if name not in OWN}
    return dict(essence(extra, settles)) if settles else {name: _placeless(value) for name, value in extra.items()}


def _placeless(value: Json) -> Json:
    if is_place(value):
        return None
    if isinstance(value, dict):
        return {name: _placeless(each) for name, each in value.items()}
    return [_placeless(each) for each in value] if isinstance(value, list) else value


def _other_numbers(one: str, two: str) -> bool:
    """Whether either has numbers that the other lacks, and not only fewer of them."""
    mine, other = set(numbers(one)), set(numbers(two))
    return not (mine <= other or other <= mine)


def same(one: Json, two: Json) -> bool:
    """Numbers equal; short texts equal but for case and signs; longer ones by the words they share."""
    if isinstance(one, str) and isinstance(two, str):
        return _same_text(one, two)
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(same(*pair) for pair in zip(one, two, strict=True))
    return bool(one == two)


def numbers(text: str) -> list[str]:
    """All numbers in it, spelled ones up to twenty too, each in one way of writing, in no order that matters."""
    return sorted(_number(found) for found in NUMBER.findall(_counted(text)))


def _counted(text: str) -> str:
    """Lower case, numbers in digits."""
    plain = NO_COUNT.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[a-z]+", lambda word: SPELLED.get(word[0], word[0]), plain)


def _number(text: str) -> str:
    """As printed anywhere: 1,234.50 and 1.234,50 and 1'234,50; a lone comma before three digits groups, a point not.

    What begins with a nought is a code, and every nought in it counts.
    """
    bare = re.sub(r"['\u2019\s]", "", text)
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        mark, whole, rest = bare[last], bare[:last], bare[last + 1 :]
        groups = len(rest) == 3 and (mark == "," or mark in whole) and not ({".", ","} - {mark}) & set(whole)
        whole = re.sub(r"[.,]", "", whole)
        bare = whole + rest if groups else f"{whole}.{rest}"
    if re.match(r"0\d", bare):
        return bare
    return f"{Decimal(bare).normalize():f}"


def _same_text(one: str, two: str) -> bool:
    if numbers(one) != numbers(two):
        return False
    if bool(DENIALS.search(one.casefold())) != bool(DENIALS.search(two.casefold())):
        return False
    mine, other = _words(one), _words(two)
    ours, theirs = set(mine) - FILLING, set(other) - FILLING
    if max(len(mine), len(other)) <= SHORT:
        return ours == theirs
    return len(ours & theirs) >= ALIKE * len(ours | theirs)


def _words(text: str) -> list[str]:
    """Those that are no numbers."""
    return re.findall(r"[^\W\d]+", NUMBER.sub(" ", _counted(text)))


def _amounts_differ(one: Seen, two: Seen, settles: Sequence[str]) -> bool:
    mine, other = _weighed(one, settles), _weighed(two, settles)
    texts_differ = _other_numbers(one.text, two.text) if settles else numbers(one.text) != numbers(two.text)
    return texts_differ or any(
        numbers(str(mine.get(name))) != numbers(str(other.get(name))) for name in mine.keys() | other.keys()
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
