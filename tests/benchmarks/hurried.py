"""`spyglass serve` that looks through histories as fast as Slack answers: its usual pace is for Slack's sake."""

from __future__ import annotations

from functools import partial

from bot.cli import main
from bot.slack.archiving import archivist
from bot.slack.archiving.history.backfilling import Backfilling

if __name__ == "__main__":
    vars(archivist)["Backfilling"] = partial(Backfilling, pace=0.0)
    main(["serve"])
