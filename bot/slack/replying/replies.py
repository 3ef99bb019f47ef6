"""Pure: an answer -> the messages and files it is said with.

Text goes out as `rich_text`, `plain_text` and raw cells, in which Slack parses nothing (see `rich`).
Limits: 50 blocks and about 13,200 characters a message (`msg_blocks_too_long`), 10,000 characters of table, one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.edge import plain
from bot.slack.replying import labels, rich
from bot.slack.replying.cards import Sources, size_of
from bot.slack.replying.finds import TEXT_ROOM, found, is_missing
from bot.slack.replying.grids import Grid, as_csv, grids, table_block
from bot.slack.replying.hits import searches
from bot.slack.replying.mrkdwn import notice
from bot.slack.replying.splitting import split
from bot.slack.replying.why import looked_at, why
from bot.turns.footnotes import notes
from bot.turns.running import Answer
from tools.kit import Gate

Block = dict[str, Any]

ROOM = 10_000
"""Characters of JSON of a message's blocks: Slack's own count (text, and 125 or so for each block) is lower."""
BLOCKS = 50
WORDS = ("rich_text", "context")
MESSAGES = 4
"""An answer that takes more than this is attached as a file."""
SMALL_PRINT = 1_900
ALT_TEXT = 1_000
"""Slack takes 2,000."""
FEEDBACK, REASONING, STOP = "spyglass_feedback", "spyglass_reasoning", "spyglass_stop"
GOOD, BAD = "good", "bad"


@dataclass(frozen=True)
class Reply:
    """One message."""

    text: str
    """For notifications: mrkdwn, escaped."""
    blocks: tuple[Block, ...]

    @property
    def has_cards(self) -> bool:
        return any(block["type"] == "carousel" for block in self.blocks)


@dataclass(frozen=True)
class Attached:
    """A file that is shared in the thread."""

    name: str
    content: bytes
    title: str


Replies = list[Reply | Attached]


def render(
    answer: Answer,
    *,
    run: str,
    gate: Gate,
    pictures: Mapping[str, str] | None = None,
    hosts: Sequence[str] = ("slack.com",),
    as_file: bool = False,
    cards: Sources | None = None,
) -> Replies:
    """The answer as messages and files, in the order they are to be sent; at least one message.

    pictures: path of a picture of the answer -> id of the uploaded Slack file; those that are missing are not shown.
    hosts: where links to messages and files may lead. as_file: tables are wanted as CSV whatever their size.
    cards: what is known of hits, which are then shown as cards; None: on a sheet and in a list.
    """
    clean = _cleaner(gate)
    groups, files = _said(answer, clean)
    tables = [_clean_grid(grid, clean) for grid in grids(answer)]
    shown = [grid for grid in tables if grid.fits and _weight(table_block(grid)) <= TEXT_ROOM]
    if tables and (as_file or len(shown) < len(tables)):
        files.append(Attached("table.csv", as_csv(tables), "table.csv"))
        groups.append(rich.from_plain(labels.TABLE_ATTACHED))
    blocks = [
        *(rich.block(group) for group in groups),
        *_image_blocks(answer, pictures or {}, clean),
        *(block for search in searches(answer) for block in found(search, run, cards, clean, hosts)),
        *(table_block(grid) for grid in shown),
        *_small_print(answer, is_missing(answer, pictures or {}, cards), clean),
        *_buttons(answer, run),
    ]
    return [*_messages(blocks, clean(answer.answer)), *files]


def sentence(text: str, gate: Gate) -> Reply:
    """One sentence of ours as a message."""
    clean = _cleaner(gate)(text)
    return Reply(notice(clean), (rich.block(rich.from_plain(clean)),))


def _cleaner(gate: Gate) -> Callable[[str], str]:
    return lambda text: gate.clean(plain(text))


# --- what is said ---------------------------------------------------------------------------------


def _said(answer: Answer, clean: Callable[[str], str]) -> tuple[list[list[rich.Element]], list[Reply | Attached]]:
    """The text in parts that each fit a message; or its beginning, and the whole as a file."""
    elements = _elements(answer, clean)
    groups = [[_kept_clean(element, clean) for element in group] for group in split(elements, TEXT_ROOM)]
    groups = groups or [rich.from_plain(labels.NOTHING_TO_SAY)]
    if len(groups) <= MESSAGES:
        return groups, []
    whole = "\n\n".join([*_unsaid(answer), answer.answer])
    attached = Attached("answer.txt", clean(whole).encode(), "answer.txt")
    return [groups[0], rich.from_plain(labels.ANSWER_ATTACHED)], [attached]


def _elements(answer: Answer, clean: Callable[[str], str]) -> list[rich.Element]:
    said = rich.from_plain(answer.answer) if answer.planner == "local" else rich.from_markdown(answer.answer)
    problems = [element for problem in _unsaid(answer) for element in rich.from_plain(problem)]
    return [_kept_clean(element, clean) for element in [*problems, *said]]


def _unsaid(answer: Answer) -> list[str]:
    """Files that could not be opened and that the answer says nothing of."""
    return [problem for problem in answer.problems if problem not in answer.answer]


def _kept_clean(element: rich.Element, clean: Callable[[str], str]) -> rich.Element:
    """The answer was judged with its marks in it; what shows without them must hold as well."""
    said = rich.said(element)
    return element if clean(said) == said else rich.section(rich.text_element(clean(said)))


def _clean_grid(grid: Grid, clean: Callable[[str], str]) -> Grid:
    rows = tuple(tuple(clean(cell) for cell in row) for row in grid.rows)
    return Grid(clean(grid.name), tuple(clean(cell) for cell in grid.heading), rows)


# --- what is shown --------------------------------------------------------------------------------


def _image_blocks(answer: Answer, pictures: Mapping[str, str], clean: Callable[[str], str]) -> Iterable[Block]:
    for picture in answer.pictures:
        if file := pictures.get(picture["path"]):
            caption = clean(picture["caption"][:ALT_TEXT]) or labels.PICTURE
            yield {
                "type": "image",
                "slack_file": {"id": file},
                "alt_text": caption,
                "title": {"type": "plain_text", "text": caption, "emoji": False},
            }


def _small_print(answer: Answer, missing: bool, clean: Callable[[str], str]) -> Iterable[Block]:
    """How it ended, what it had to do without, why, and what was noticed about the images: one line each."""
    status = labels.STATUS.get(answer.status, "")
    reasons = " · ".join(part for part in (why(answer), looked_at(answer)) if part)
    noticed = "; ".join(notes(answer))
    unusual = " ".join(answer.degraded)
    told = ((labels.UNUSUAL, unusual), (labels.WHY, reasons), (labels.NOTE, noticed))
    lines = [status, *(f"{label} {said}" for label, said in told if said)]
    lines.append(labels.PICTURE_MISSING if missing else "")
    if any(lines):
        yield {"type": "context", "elements": [_plain(clean(line)) for line in lines if line]}


def _plain(line: str) -> Block:
    """Small print is cut short openly: all of it is under "Show reasoning"."""
    text = line if len(line) <= SMALL_PRINT else f"{line[: SMALL_PRINT - 2].rsplit(maxsplit=1)[0]} …"
    return {"type": "plain_text", "text": text, "emoji": False}


def _buttons(answer: Answer, run: str) -> Iterable[Block]:
    """Feedback on what was found, and on a no; the reasoning behind what tools found. Small talk has neither."""
    if answer.status != "asked" and (answer.tools or answer.status != "answered"):
        yield {"type": "context_actions", "elements": [_feedback(run)]}
    if answer.tools:
        yield {"type": "actions", "elements": [_button(REASONING, labels.SHOW_REASONING, run)]}


def _feedback(run: str) -> Block:
    return {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": _verdict(labels.GOOD_ANSWER, f"{GOOD}:{run}"),
        "negative_button": _verdict(labels.BAD_ANSWER, f"{BAD}:{run}"),
    }


def _verdict(label: str, value: str) -> Block:
    return {"text": {"type": "plain_text", "text": label}, "accessibility_label": label, "value": value}


def _button(action: str, label: str, value: str) -> Block:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": label}, "value": value}


def stop_button(question_ts: str) -> Block:
    """The button that stops the work on a question."""
    return {"type": "actions", "elements": [_button(STOP, labels.STOP, question_ts)]}


# --- messages -------------------------------------------------------------------------------------


def _messages(blocks: Sequence[Block], text: str) -> list[Reply]:
    """As few messages as the limits allow, the blocks in order."""
    packed: list[list[Block]] = [[]]
    for block in blocks:
        if packed[-1] and not fits(packed[-1], [block]):
            packed.append([])
        packed[-1].append(block)
    return [Reply(notice(_words(group) or text), tuple(group)) for group in packed]


def fits(some: Sequence[Block], more: Sequence[Block]) -> bool:
    """Whether all these blocks may stand in one message."""
    blocks = [*some, *more]
    tables = sum(block["type"] == "table" for block in blocks)
    return tables <= 1 and len(blocks) <= BLOCKS and sum(map(_weight, blocks)) <= ROOM


def _weight(block: Block) -> int:
    """Of a table only what is in its cells: Slack counts those by themselves. Of cards what is read on them."""
    if block["type"] == "carousel":
        return size_of(block)
    if block["type"] != "table":
        return rich.size(block)
    return sum(len(cell["text"]) for row in block["rows"] for cell in row)


def simpler(reply: Reply) -> Reply:
    """The words of a reply alone, for when Slack will not have its blocks."""
    told = rich.block([rich.section(rich.text_element(labels.NOT_SHOWN))])
    return Reply(reply.text, (*(block for block in reply.blocks if block["type"] in WORDS), told))


def _words(group: Sequence[Block]) -> str:
    said = (rich.said(element) for block in group if block["type"] == "rich_text" for element in block["elements"])
    return "\n".join(said)
