"""Runs the bot as a process: settings -> bot -> its tasks, lines of log on standard error, and a quiet end."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from contextlib import suppress

from bot.logs import log_lines, note
from bot.settings import Settings, read_settings
from bot.slack.serving import Bot, open_bot

log = logging.getLogger(__name__)


def run(*, alone: bool, listens: bool) -> None:
    """Until the process is told to stop: then running turns end or go back into the queue."""
    settings = read_settings()
    log_lines(sys.stderr, secrets=settings.secrets())
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings, alone=alone, listens=listens))


async def _serve(settings: Settings, *, alone: bool, listens: bool) -> None:
    async with open_bot(settings, alone=alone) as bot:
        if not listens:
            note(log, "working")
            await _work(bot)
            return
        async with bot.listening():
            note(log, "serving", mode=settings.slack_mode)
            await _work(bot)


async def _work(bot: Bot) -> None:
    """What is there by now stays: to look through all of it for garbage, again and again, holds up every turn."""
    gc.collect()
    gc.freeze()
    await bot.work()
