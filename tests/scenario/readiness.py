"""What every command would import or compile by itself, done once in the process that they are forked from."""

from __future__ import annotations

import gc
import importlib
import pkgutil

import psutil

import bot.commands
from graphs.local_planner.rehearsal import rehearse
from tests.scenario.forked_workers import fork_workers

LATER = (
    *("bot.storage.checkpoints", "bot.terminal.showing", "bot.turns.running", "bot.wiring"),
    *("bot.indexing.exports.downloading", "bot.indexing.wired", "graphs.agent", "graphs.constraints"),
    *("tests.scenario.slack.hurried", "tokenizers", "tools.backends.postgres", "tools.backends.workers"),
)
"""What commands import in the middle of their work."""


def get_ready() -> None:
    for command in pkgutil.iter_modules(bot.commands.__path__, "bot.commands."):
        importlib.import_module(command.name)
    for name in LATER:
        importlib.import_module(name)
    rehearse()
    fork_workers()
    assert psutil.Process().num_threads() == 1, "a module that is imported starts a thread, which no child has"
    gc.collect()
    gc.freeze()  # collecting what all share would copy it for each
