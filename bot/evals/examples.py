"""Practice messages as examples of what people say: the second half of the local planner's bank.

Run `python -m bot.evals.examples` after practice cases have come or changed: it writes `practised.txt` beside the
planner and embeds the whole bank again. Only what may be read is used; a held case never is.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.evals.routing import MESSAGES, THREADS
from bot.evals.scoring import CASES, Turn, load
from bot.settings import Settings
from bot.wiring import Wiring
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.language.saying import read
from graphs.local_planner.understanding import meaning
from graphs.local_planner.understanding.cues import heard
from graphs.local_planner.understanding.intents import embedded
from tools.kit import TextEncoder

SAME = {"posted_before": "search", "tally": "search"}
"""Tools that a rule sets apart from another one: in meaning they are alike."""
HEADING = (
    "# Written by bot.evals.examples from the practice cases, in the form in which messages are compared: do not edit."
)


def examples(files: Sequence[str] = (*MESSAGES, *THREADS)) -> dict[str, list[str]]:
    """By intent, first messages of the build halves that want exactly that."""
    said: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.endswith("_fresh") or file.startswith("searching"):
            continue  # what is set aside of a search by rule is no matter of meaning
        for case in load(CASES / f"{file}.jsonl"):
            if case.half == "build" and (intent := _intent(case.kind, case.turns[0])):
                said[intent].append(_plain(case.turns[0].text))
    return {intent: sorted({text for text in texts if text}) for intent, texts in sorted(said.items())}


def _intent(kind: str, turn: Turn) -> str | None:
    """The one tool of every acceptable plan, or that nothing here does it. None when a message wants several."""
    if turn.status == ("refused",):
        return "outside"
    if kind == "small_talk":
        return "help" if heard(plain(turn.text)).get("help", 0.0) > 0 else "chat"
    tools = {tuple(sorted(SAME.get(call.tool, call.tool) for call in plan)) for plan in turn.accept}
    only = tools.pop()
    return only[0] if not tools and len(only) == 1 else None


def _plain(text: str) -> str:
    # brackets and bars would be read as alternatives
    return re.sub(r"\s+", " ", re.sub(r"[()|\[\]]", " ", embedded(read(text)))).strip()


def _lines(said: dict[str, list[str]]) -> Iterator[str]:
    yield HEADING
    for intent, texts in said.items():
        yield f"\n[{intent}]"
        yield from texts


async def main() -> None:
    meaning.PRACTISED.write_text("\n".join(_lines(examples())) + "\n", encoding="utf-8")
    meaning.bank.cache_clear()
    async with Wiring(Settings()) as wiring:
        await meaning.keep(await wiring.lend(TextEncoder))


if __name__ == "__main__":
    asyncio.run(main())
