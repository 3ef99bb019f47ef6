"""`/spyglass`: help, search, a channel's settings, usage, and forgetting. Only who asks sees the answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.logs import note
from bot.slack import messages
from bot.slack.addressing import Answers
from bot.slack.archiving.telling.asked import ArchiveAsked
from bot.slack.background import Background
from bot.slack.events import Identity
from bot.slack.people import People
from bot.slack.storage.forgetting import Forgetting
from bot.slack.storage.preferences import Preferences
from bot.slack.surface import sentences
from bot.slack.surface.forget import ERASE, KEEP, ForgetCommand, Said
from bot.slack.surface.search_entries import query_of
from bot.slack.surface.searching import Search
from bot.slack.surface.settings import ChannelSettings
from bot.slack.surface.usage import DAYS, MOST_DAYS, UsageReports
from bot.slack.web import Web
from tools.kit import Gate

log = logging.getLogger(__name__)


class Opens(Protocol):
    """Opens the search form: `SearchForms`."""

    async def open(self, body: Mapping[str, Any], here: str = "", search: Search | None = None) -> bool: ...


class Commands:
    """Answers commands and the buttons that confirm them."""

    def __init__(
        self,
        web: Web,
        bot: Identity,
        preferences: Preferences,
        people: People,
        forgetting: Forgetting,
        background: Background,
        gate: Gate,
        *,
        settings: ChannelSettings,
        searching: Opens,
        reports: UsageReports,
        changed: Callable[[str], None],
        archive: ArchiveAsked,
    ) -> None:
        """changed: told whose home tab is no longer as they know it."""
        self._archive = archive
        self._web, self._bot, self._gate = web, bot, gate
        self._preferences, self._background = preferences, background
        self._forms, self._searching, self._reports = settings, searching, reports
        self.forget = ForgetCommand(bot, people, forgetting, changed)

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us. Everything is acknowledged at once and answered when the answer is there."""

        async def command(ack: Any, command: dict[str, Any]) -> None:
            await ack()
            self._background.start(self._reply(command["response_url"], self.answer(command)))

        async def press(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(self._reply(body["response_url"], self.forget.press(body), replace=True))

        app.command(messages.COMMAND)(command)
        app.action(ERASE)(press)
        app.action(KEEP)(press)

    async def answer(self, command: Mapping[str, Any]) -> Said | None:
        """What to say to a slash command's payload; None when a form was opened for it."""
        text = str(command.get("text") or "").strip()
        channel, user = str(command["channel_id"]), str(command["user_id"])
        match text.lower().split():
            case [] | ["help"]:
                return Said(messages.HELP)
            case ["search", *_]:
                return await self._search(command, channel, text.partition(" ")[2])
            case ["settings"]:
                return await self._settings(command, channel, user)
            case ["settings", "threads", ("always" | "mentions" | "off") as answers]:
                return await self._set(channel, user, Answers(answers))
            case ["settings", *_]:
                return Said(messages.bad_setting(text.partition(" ")[2]))
            case ["archive", *words]:
                answer = await self._archive.answer(user, channel, words)
                return Said(answer.text, answer.blocks)
            case ["usage", *words]:
                return await self._usage(user, words)
            case ["forget", *_]:
                return await self.forget.answer(channel, user, text.split()[1:])
        return Said(messages.unknown(text))

    # --- settings -------------------------------------------------------------------------------

    async def _settings(self, command: Mapping[str, Any], channel: str, user: str) -> Said | None:
        """The form; what is set in words where Slack opens none."""
        if channel.startswith("D"):
            return Said(messages.DIRECT)
        if await self._forms.open(command, user, channel):
            return None
        if stranger := await self._forms.not_in(user, channel):
            return Said(stranger)
        choice = await self._preferences.of(self._bot.team, channel)
        return Said(messages.settings(choice.answers, choice.by))

    async def _set(self, channel: str, user: str, answers: Answers) -> Said:
        if channel.startswith("D"):
            return Said(messages.DIRECT)
        if refusal := await self._forms.refusal(user, channel) or await self._forms.not_in(user, channel):
            return Said(refusal)
        await self._preferences.choose(self._bot.team, channel, answers, by=user)
        note(log, "set", channel=channel, by=user, answers=answers.value)
        return Said(messages.settings(answers, user, changed=True))

    # --- search ---------------------------------------------------------------------------------

    async def _search(self, command: Mapping[str, Any], channel: str, words: str) -> Said | None:
        query = query_of(words)
        search = Search(channel, query) if query else None
        opened = await self._searching.open(command, channel, search)
        return None if opened else Said(sentences.TRIGGER_LATE)

    # --- usage ----------------------------------------------------------------------------------

    async def _usage(self, user: str, words: list[str]) -> Said:
        match words:
            case []:
                return Said(*await self._reports.of(user, DAYS))
            case [number] if number.isdecimal() and len(number) <= len(str(MOST_DAYS)) and 0 < int(number) <= MOST_DAYS:
                return Said(*await self._reports.of(user, int(number)))
        return Said(messages.HOW_TO_ASK_FOR_USAGE.format(most=MOST_DAYS))

    # --- saying it ------------------------------------------------------------------------------

    async def _reply(self, url: str, saying: Awaitable[Said | None], *, replace: bool = False) -> None:
        try:
            said = await saying
        except Exception:
            log.exception("A command failed.")
            said = Said(messages.WENT_WRONG)
        if said is None:
            return
        hook = AsyncWebhookClient(url, session=self._web.client.session, retry_handlers=_patient())
        hook.proxy = self._web.client.proxy
        try:
            told = await hook.send(
                text=self._gate.clean(said.text),  # it may say back what was typed
                blocks=said.blocks,
                response_type="ephemeral",
                replace_original=replace,
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("A command's answer was lost: %s", type(error).__name__)
            return
        if told.status_code != 200:
            log.warning("A command's answer was refused: %s %s", told.status_code, told.body)


def _patient() -> list[Any]:
    """Saying the same to one person twice does no harm."""
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=2),
        AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        AsyncServerErrorRetryHandler(max_retry_count=2),
    ]
