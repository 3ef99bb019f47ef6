"""Files of an export from Slack itself, with the bot's token, for whoever asks for that."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.indexing.exports.source import Download
from bot.settings import Settings
from bot.slack.fetching.downloads import Downloads, Unreadable
from bot.slack.fetching.files import name_of
from bot.slack.messages import UNREADABLE
from tools.kit import AskAgain


@asynccontextmanager
async def downloading(settings: Settings) -> AsyncIterator[Download]:
    """Raises: AskAgain where there is no token to do it with."""
    if settings.slack_bot_token is None:
        raise AskAgain("To fetch files from Slack takes a token with the scope files:read: set SLACK_BOT_TOKEN.")
    token = settings.slack_bot_token.get_secret_value()
    async with aiohttp.ClientSession() as session:
        downloads = Downloads(session, token, settings.slack_api_url, most_bytes=settings.max_bytes)

        async def download(file: Mapping[str, Any], to: Path) -> None:
            url = str(file.get("url_private_download") or file.get("url_private") or "")
            try:
                await downloads.save(url, to)
            except Unreadable as error:
                most = settings.max_bytes // 1_000_000
                said = UNREADABLE[error.why].format(name=name_of(file), most=most, kind="file")
                raise AskAgain(said) from None

        yield download
