"""Who or which channel is meant by a name, among those that are known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tools.kit.errors import AskAgain

ME = frozenset({"me", "myself", "i", "my"})
MENTION = re.compile(r"<[@#](?P<id>[A-Z0-9]+)(?:\|[^>]*)?>")
LEAST = 3
"""Letters that stand for a longer name: "Ben" is Benjamin."""
NEAR, NEAREST = 65.0, 3
"""How alike a name must be to be offered (rapidfuzz ratio, 0 to 100), and how many are."""
FEW = 5
"""Names that are listed when none is near: all, or those most images are from."""


@dataclass(frozen=True)
class Called:
    """A person or a channel. Where several are known, those most images are from come first."""

    id: str
    name: str
    """As it is called now."""
    before: str = ""
    """As it was called when something was posted."""

    @property
    def names(self) -> set[str]:
        return {name for each in (self.name, self.before) if (name := _plain(each))}


def person_called(said: str, known: Sequence[Called], me: str) -> Called:
    """Raises: AskAgain where nobody, or more than one, is called so, or nobody knows who "me" is."""
    if _plain(said) in ME:
        if not me:
            raise AskAgain('Nobody is logged in here, so "me" is nobody: say a name.')
        return Called(me, "you")
    if not known:
        raise AskAgain(
            f'No image that I may show here was posted by anybody I know by name, so none by "{_bare(said)}": ask '
            "without a name."
        )
    found = _by_id(said, known) or _by_name(said, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise AskAgain(f'More than one person here is called "{_bare(said)}": {_listed(_told(found))}. Say which one.')
    raise AskAgain(f'Nobody called "{_bare(said)}" has posted an image that I may show here.{_offered(said, known)}')


def channel_called(said: str, known: Sequence[Called]) -> Called:
    """Raises: AskAgain where no channel, or more than one, is called so."""
    found = _by_id(said, known) or [each for each in known if _plain(said) in each.names]
    if not known:
        raise AskAgain(
            f"No image that I may show here was posted in a channel, so none in #{_bare(said)}: ask without a channel."
        )
    hashed = [Called(each.id, f"#{each.name}") for each in found]
    if len(found) == 1:
        return hashed[0]
    if found:
        raise AskAgain(
            f'More than one channel here is called "{_bare(said)}": {_listed(_told(hashed))}. Say which one.'
        )
    offered = _offered(said, [Called(each.id, f"#{each.name}") for each in known if each.name])
    raise AskAgain(f"There is no image of a channel called #{_bare(said)} that I may show here.{offered}")


def _by_id(said: str, known: Iterable[Called]) -> list[Called]:
    mention = MENTION.fullmatch(said.strip())
    key = mention["id"] if mention else _bare(said)
    return [each for each in known if each.id.casefold() == key.casefold()]


def _by_name(said: str, known: Iterable[Called]) -> list[Called]:
    """In full, else by parts of it, else by the beginning of a part."""
    people, asked = list(known), _plain(said)
    parts = set(asked.split())
    if not parts:
        return []
    ways = (
        lambda name: name == asked,
        lambda name: parts <= set(name.split()),
        lambda name: len(asked) >= LEAST and any(part.startswith(asked) for part in name.split()),
    )
    for way in ways:
        if found := [each for each in people if any(map(way, each.names))]:
            return found
    return []


def _offered(said: str, known: Sequence[Called]) -> str:
    """Names like it, or those most images are from."""
    names = list(dict.fromkeys(each.name for each in known if each.name))
    asked = _plain(said)
    scored = process.extract(asked, names, processor=_plain, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=NEAREST)
    if scored:
        return f" Did you mean {_listed([name for name, _, _ in scored], 'or')}?"
    if not names:
        return " Ask without it."
    if len(names) <= FEW:
        return f" There are images from {_listed(names)}."
    return f" Most images are from {_listed(names[:FEW])}: name one of these, or ask without it."


def _told(found: Sequence[Called]) -> list[str]:
    """Names, with ids where two are the same."""
    names = [each.name for each in found]
    return [f"{each.name} ({each.id})" if names.count(each.name) > 1 else each.name for each in found]


def _listed(names: Sequence[str], joined: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joined} {names[-1]}"


def _bare(said: str) -> str:
    return said.strip().lstrip("@#").strip()


def _plain(said: str) -> str:
    """Without case, accents and signs: "@Zoë.Öz" is ``zoe oz``."""
    letters = unicodedata.normalize("NFKD", said.casefold())
    return " ".join(
        re.findall(r"\w+", "".join(each for each in letters if not unicodedata.combining(each)).replace("_", " "))
    )
