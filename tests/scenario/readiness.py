"""What every command would import or compile by itself, done once in the process that they are forked from."""

from __future__ import annotations

import asyncio
import gc
import importlib
import pkgutil
from collections.abc import Sequence

import numpy as np
import psutil
from langchain_core.messages import HumanMessage

import bot.commands
from graphs.local_planner import LocalPlanner
from tests.scenario.forked_workers import fork_workers
from tools.kit import Embeddings

LATER = (
    *("bot.storage.checkpoints", "bot.terminal.showing", "bot.turns.running", "bot.wiring"),
    *("bot.indexing.exports.downloading", "bot.indexing.wired", "graphs.agent", "graphs.constraints"),
    *("tests.scenario.slack.hurried", "tokenizers", "tools.backends.postgres", "tools.backends.workers"),
)
"""What commands import in the middle of their work."""
QUESTIONS = ("Find 9 pictures of a red bike that Anna posted last week", "What is the total in image 1?")
"""The planner compiles its patterns when it needs them first."""


def get_ready() -> None:
    for command in pkgutil.iter_modules(bot.commands.__path__, "bot.commands."):
        importlib.import_module(command.name)
    for name in LATER:
        importlib.import_module(name)
    for question in QUESTIONS:
        asyncio.run(plan(question))
    fork_workers()
    assert psutil.Process().num_threads() == 1, "a module that is imported starts a thread, which no child has"
    gc.collect()
    gc.freeze()  # collecting what all share would copy it for each


async def plan(question: str) -> None:
    tools = [{"function": {"name": name}} for name in ("extract", "look", "read_text", "search")]
    await LocalPlanner(Meaningless())._agenerate([HumanMessage(question)], tools=tools)


class Meaningless:
    """`TextEncoder` to which all texts mean the same."""

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        return np.zeros((len(texts), 384), np.float32)
