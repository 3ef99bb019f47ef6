"""`/spyglass`: help, search, a channel's settings, usage, and forgetting. Only who asks sees the answer."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
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
from bot.slack.archiving.asked import ArchiveAsked
from bot.slack.background import Background
from bot.slack.events import Answers, Identity
from bot.slack.people import People
from bot.slack.storage.forgetting import Counts, Forgetting, Whose
from bot.slack.storage.preferences import Preferences
from bot.slack.surface import sentences
from bot.slack.surface.search_entries import query_of
from bot.slack.surface.searching import Search
from bot.slack.surface.settings import ChannelSettings
from bot.slack.surface.usage import DAYS, MOST_DAYS, UsageReports
from bot.slack.web import Web
from tools.kit import Gate

log = logging.getLogger(__name__)

ERASE, KEEP = "spyglass_erase", "spyglass_keep"
"""Action ids of the buttons that confirm."""
LINK = re.compile(r"/archives/([A-Z][A-Z0-9]+)/p(\d{10})(\d{6})(?:\?(?:\S*?&(?:amp;)?)?thread_ts=(\d{10}\.\d{6}))?")
"""A message's permalink: channel, ts, and the thread's ts where it is a reply's."""


@dataclass(frozen=True)
class Said:
    """An answer in mrkdwn, perhaps with buttons."""

    text: str
    blocks: list[dict[str, Any]] | None = None


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
        self._preferences, self._people, self._forgetting = preferences, people, forgetting
        self._background = background
        self._forms, self._searching, self._reports, self._changed = settings, searching, reports, changed

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us. Everything is acknowledged at once and answered when the answer is there."""

        async def command(ack: Any, command: dict[str, Any]) -> None:
            await ack()
            self._background.start(self._reply(command["response_url"], self.answer(command)))

        async def press(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(self._reply(body["response_url"], self.press(body), replace=True))

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
                return await self._forget(channel, user, text.split()[1:])
        return Said(messages.unknown(text))

    async def press(self, body: Mapping[str, Any]) -> Said:
        """What to say to a press of a button that confirms. Who presses may have lost the right since."""
        action, user = body["actions"][0], body["user"]["id"]
        if action["action_id"] != ERASE:
            return Said(messages.KEPT)
        try:
            asked = json.loads(action.get("value") or "")
            what, by, whose = asked["what"], asked["by"], Whose(self._bot.team, **asked["whose"])
        except (ValueError, KeyError, TypeError):
            return Said(messages.STALE)
        if by != user:
            return Said(messages.STALE)
        if refusal := await self._may_not(what, user, whose):
            return Said(refusal)
        counts = await self._forgetting.erase(whose)
        self._changed(user)
        note(log, "forgotten", what=what, by=user, channel=whose.channel, thread_ts=whose.thread_ts, **vars(counts))
        return Said(messages.erased(str(counts)) if counts else messages.NOTHING_TO_FORGET)

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
            case [number] if number.isdecimal() and 0 < int(number) <= MOST_DAYS:
                return Said(*await self._reports.of(user, int(number)))
        return Said(messages.HOW_TO_ASK_FOR_USAGE.format(most=MOST_DAYS))

    # --- forgetting -----------------------------------------------------------------------------

    async def _forget(self, channel: str, user: str, words: list[str]) -> Said:
        match [word.lower() for word in words[:1]], words[1:]:
            case ["me"], []:
                return await self._confirm("me", user, Whose(self._bot.team, user=user))
            case ["channel"], []:
                return await self._confirm("channel", user, Whose(self._bot.team, channel=channel))
            case ["thread"], [link] if found := LINK.search(link):
                place, seconds, micros, root = found.groups()
                thread = Whose(self._bot.team, channel=place, thread_ts=root or f"{seconds}.{micros}")
                return await self._confirm("thread", user, thread)
            case ["thread"], _:
                return Said(messages.WHICH_THREAD)
        return Said(messages.HOW_TO_FORGET)

    async def _confirm(self, what: str, user: str, whose: Whose) -> Said:
        if refusal := await self._may_not(what, user, whose):
            return Said(refusal)
        counts = await self._forgetting.count(whose)
        return _question(what, user, whose, counts) if counts else Said(messages.NOTHING_TO_FORGET)

    async def _may_not(self, what: str, user: str, whose: Whose) -> str | None:
        """Why somebody may not have that forgotten; None when they may. A direct message is their own channel."""
        own = whose.user == user or (what == "channel" and whose.channel.startswith("D"))
        if own or (await self._people.person(user)).admin:
            return None
        if what == "thread" and await self._forgetting.began(whose) == user:
            return None
        return messages.ONLY_THE_FIRST if what == "thread" else messages.ONLY_ADMINS

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


NAMES = {"me": "you", "channel": "this channel", "thread": "that thread"}


def _question(what: str, user: str, whose: Whose, counts: Counts) -> Said:
    text = messages.asks_to_erase(NAMES[what], str(counts))
    fields = {name: value for name, value in vars(whose).items() if name != "team"}
    value = json.dumps({"what": what, "by": user, "whose": fields})
    return Said(
        text,
        [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {
                "type": "actions",
                "elements": [
                    _button(ERASE, messages.ERASE, value) | {"style": "danger"},
                    _button(KEEP, messages.KEEP, value),
                ],
            },
        ],
    )


def _button(action: str, text: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": text}, "value": value}
