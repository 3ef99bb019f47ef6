"""What a search found, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit.archive import Item
from tools.kit.archive.chips import Chip, day_of
from tools.kit.archive.port import Directory
from tools.kit.pictures.sheets import Cell
from tools.kit.ranking.ranked import Ranked, Ranking

SAID = 5
"""Hits that are said one by one; all of them are in the facts and on the sheet."""
ONLY_WORDS = (
    "What the images show was not searched, because the encoder knows no language but English: only the words were "
    "matched, one by one."
)
NO_IDEA = "The encoder has no idea what that looks like, so only words said, printed or captioned were searched."
NO_IDEA_BESIDE = "The encoder has no idea what the words look like, so only the picture was searched by."
NOT_BY_SCORE = "Words that stand with an image count as well, so the order is not that of the scores."


def found(ranking: Ranking, shown: Sequence[Ranked], cells: Sequence[Cell], chips: Sequence[Chip]) -> str:
    """shown: the hits, cells: what is on the sheet of each."""
    if ranking.only_itself:
        return itself(ranking)
    listed = "; ".join(
        f"{cell.number}. {cell.name}{_why(each)}" for cell, each in zip(cells[:SAID], shown[:SAID], strict=True)
    )
    more = f"; and {len(cells) - SAID} more" if len(cells) > SAID else ""
    parts = [f"{_opening(ranking, len(cells), chips)}: {listed}{more}."]
    if ranking.order == "best" and _is_not_by_score(shown[:SAID]):
        parts.append(NOT_BY_SCORE)
    below = len(ranking.ranked) - len(ranking.relevant)
    if below and ranking.understood and ranking.known:
        parts.append(f"{below} more scored under the cutoff of {ranking.cutoff:.2f} and {_are(below)} left out.")
    parts += [*_asides(ranking), *filter(None, (itself(ranking), not_read(ranking)))]
    parts += [f"{cell.name}: {cell.note}." for cell in cells if cell.note]
    return " ".join(parts)


def nothing(ranking: Ranking, chips: Sequence[Chip]) -> str:
    return " ".join(filter(None, (_nothing(ranking, chips), not_read(ranking))))


def _nothing(ranking: Ranking, chips: Sequence[Chip]) -> str:
    if not ranking.total:
        named = f": {', '.join(chip.label for chip in chips)}" if chips else ""
        return f"No image in the archive passes these filters{named}."
    if not ranking.query:
        return f"There is nothing more among the {images(ranking.total)} that pass."
    searched = f"the {images(ranking.total)} searched{narrowed(chips)}"
    asides = _asides(ranking)
    if ranking.left_out:
        rest = _left(ranking)
        return " ".join([f"There is nothing more {_asked(ranking)} among {searched}: {rest}.", *asides])
    if asides:
        return " ".join([f"Nothing {_asked(ranking)} among {searched}.", *asides])
    if not ranking.nearest:
        return f"Nothing {_asked(ranking)}: no other image is among {searched}."
    return f"Nothing {_asked(ranking)} among {searched}: the best, {_miss(ranking, ranking.nearest)}"


def nearest(ranking: Ranking, miss: Ranked, chips: Sequence[Chip]) -> str:
    """Nothing was relevant, and what comes nearest was asked for."""
    searched = f"the {images(ranking.total)} searched{narrowed(chips)}"
    said = f"Nothing {_asked(ranking)} is among {searched}. The nearest miss: {_miss(ranking, miss)}"
    return " ".join(filter(None, (said, not_judged(ranking), not_read(ranking))))


def not_judged(ranking: Ranking) -> str:
    """Why what images show was not judged by the words; empty where it was."""
    if not ranking.understood:
        return ONLY_WORDS
    if ranking.known:
        return ""
    return NO_IDEA_BESIDE if ranking.by_picture else NO_IDEA


def not_read(ranking: Ranking) -> str:
    """How many images may have the text that was filtered by, for all that is known; empty where none."""
    unread = ranking.unread
    if unread is None:
        return ""
    which = f"{'About ' if unread.sampled else ''}{unread.number:,} of the {unread.of:,} images that it may be on"
    if unread.number == unread.of:
        which = "The one image that it may be on" if unread.of == 1 else f"All {unread.of:,} images that it may be on"
    whose = "it" if unread.number == 1 else "them"
    return f"{which} {_are(unread.number)} not read yet, so what is written on {whose} was not searched."


def itself(ranking: Ranking) -> str:
    """That the picture searched with is in the archive; empty where it is not, or no news."""
    if ranking.itself is None:
        return ""
    if ranking.only_itself:
        return f"Only the same picture is in the archive, as {name_of(ranking.itself)}; nothing else is like it."
    return f"The picture itself is in the archive too, as {name_of(ranking.itself)}."


def _opening(ranking: Ranking, number: int, chips: Sequence[Chip]) -> str:
    if not ranking.query:
        order = "oldest" if ranking.order == "oldest" else "newest"
        total = ranking.total - ranking.left_out
        if number == total or total <= 0:
            return f"{images(number)}{narrowed(chips)}, the {order} first"
        return f"The {order} {number} of {images(total)}{narrowed(chips)}"
    further = " more" if ranking.left_out else ""
    within = f"{_asked(ranking)} among {ranking.total}{narrowed(chips)}"
    if ranking.more:
        shown = "one" if number == 1 else number
        return f"Found at least {number + ranking.more}{further} images {within}; the {ranking.order} {shown}"
    order = "" if ranking.order == "best" else f", the {ranking.order} first"
    return f"Found {number}{further} {_noun(number)} {within}{order}"


def narrowed(chips: Sequence[Chip]) -> str:
    """What is searched, in brackets; empty where that is everything."""
    labels = ", ".join(chip.label for chip in chips if chip.key != "order")
    return f" ({labels})" if labels else ""


def _why(ranked: Ranked) -> str:
    """How alike it looks, or which words of the query stand on it."""
    sight = [reason for reason in ranked.reasons if reason.kind == "picture"]
    telling = [reason for reason in ranked.reasons if reason.kind in ("text", "message")]
    told = [*sight, *telling[:1]] or list(ranked.reasons[:1])
    return f" ({'; '.join(reason.brief for reason in told)})" if told else ""


def _is_not_by_score(told: Sequence[Ranked]) -> bool:
    """Whether who reads the scores that are told wonders why one comes after a smaller one."""
    scores = [round(each.hit.score, 2) for each in told if any(reason.kind == "picture" for reason in each.reasons)]
    return scores != sorted(scores, reverse=True)


def _left(ranking: Ranking) -> str:
    return f"what is left is under the cutoff of {ranking.cutoff:.2f}" if ranking.ranked else "nothing else is left"


def _miss(ranking: Ranking, miss: Ranked) -> str:
    scored = f", scores {miss.hit.score:.2f}, under the cutoff of {ranking.cutoff:.2f}" if miss.seen else ""
    return f"{name_of(miss.hit.item)}{scored}."


def _asides(ranking: Ranking) -> list[str]:
    """What was left out because it looks like what is not wanted (whether it shows that, no cosine can tell), and that
    the words were not understood."""
    said = [told] if (told := not_judged(ranking)) else []
    if not ranking.shunned:
        return said
    looks = "looks" if ranking.shunned == 1 else "look"
    unwanted = " or ".join(f'"{words}"' for words in ranking.unwanted)
    return [f"{images(ranking.shunned)} that {looks} like {unwanted} {_are(ranking.shunned)} left out.", *said]


def _asked(ranking: Ranking) -> str:
    return ranking.query if ranking.by_picture else f'for "{shortened(ranking.query)}"'


def shortened(words: str, most: int = 120) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def images(number: int) -> str:
    return f"{number} {_noun(number)}"


def _noun(number: int) -> str:
    return "image" if number == 1 else "images"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def name_of(item: Item) -> str:
    return item.name if item.page is None else f"{item.name}, page {item.page}"


async def posted(item: Item, directory: Directory) -> str:
    """ "by Anna Berg in #design on 3 March 2026", as far as that is known."""
    when = f"on {day_of(item.when, directory.zone)}"
    if item.post is None:
        return when
    people = await directory.people([item.post.user]) if item.post.user else {}
    channels = await directory.channels([item.channel])
    who = people.get(item.post.user) or item.post.name
    where = channels.get(item.channel) or item.post.channel
    return " ".join(filter(None, (f"by {who}" if who else "", f"in #{where}" if where else "", when)))
