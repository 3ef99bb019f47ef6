"""The home tab: what can be done, and what one person did. Nobody else sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.edge import plain
from bot.ledger.usage import sums
from bot.ledger.words import in_all, savings, unpriced
from bot.slack.background import Background
from bot.slack.events import HomeOpened, Identity
from bot.slack.listening.access import Recent
from bot.slack.listening.presses import value_of as pressed
from bot.slack.replying.mrkdwn import escape
from bot.slack.storage.searches import Past, Searches
from bot.slack.storage.tables import Database
from bot.slack.storage.usage import Usage, usage_of
from bot.slack.surface import sentences
from bot.slack.surface.blocks import DIVIDER, OPTIONS, Block, button, buttons, heading, kept_in, menu, small, text
from bot.slack.surface.channels import Channel, Channels
from bot.slack.surface.results import narrowed_to
from bot.slack.surface.screens import Screens
from bot.slack.surface.search import SearchForms
from bot.slack.surface.searching import Search
from bot.slack.surface.settings import ChannelSettings
from tools.kit import Gate

SEARCH, AGAIN, CHANNEL = "spyglass_home_search", "spyglass_home_again", "spyglass_home_channel"
LATEST = 5


class Home:
    """Publishes home tabs."""

    def __init__(
        self,
        bot: Identity,
        screens: Screens,
        channels: Channels,
        db: Database,
        background: Background,
        gate: Gate,
        *,
        model: str,
        vision: str,
    ) -> None:
        """model, vision: the settings of those names."""
        self._bot, self._screens, self._channels = bot, screens, channels
        self._db, self._background, self._gate = db, background, gate
        self._searches = Searches(db)
        self._model, self._vision = model, vision
        self._direct: Recent[str, str] = Recent()
        """The direct messages of each person who looked at their home tab."""

    def opened(self, event: HomeOpened) -> None:
        """Somebody looks at theirs."""
        self._direct[event.user] = event.channel
        self.refresh(event.user)

    def refresh(self, user: str) -> None:
        """Something on somebody's has changed."""
        self._background.start(self._publish(user))

    async def _publish(self, user: str) -> None:
        channels = await self._channels.shared(user)
        latest = await self._searches.latest(self._bot.team, user, LATEST)
        usage = await usage_of(self._db, self._bot.team, user)
        blocks = [
            heading(sentences.HOME),
            text(sentences.ABOUT),
            buttons(button(SEARCH, sentences.SEARCH, style="primary")),
            DIVIDER,
            heading(sentences.RECENT),
            *self._recent(latest),
            DIVIDER,
            heading(sentences.SETTINGS),
            *self._settings(channels),
            DIVIDER,
            heading(sentences.USAGE),
            text(used(usage)),
            *await self._models(user),
            small(self._thinks_with()),
            small(sentences.ONLY_YOURS),
        ]
        kept = json.dumps({"here": self._direct.get(user, "")})
        await self._screens.publish(user, {"type": "home", "blocks": blocks, "private_metadata": kept})

    async def _models(self, user: str) -> list[Block]:
        """What models took for that person this month (UTC)."""
        if self._model == "local" and self._vision == "no_vision":
            return []
        days = datetime.now(UTC).day
        total = await sums(self._db, None, days=days, workspace=self._bot.team, user=user)
        told = [words for one in total for words in (in_all(one), savings(one), unpriced(one)) if words]
        return [text(escape(" ".join([sentences.MODELS_TOOK, *told])))] if told else []

    def _recent(self, latest: Sequence[Past]) -> list[Block]:
        if not latest:
            return [text(sentences.NO_RECENT)]
        return [
            {
                **text(
                    f"*{escape(self._clean(search.query or sentences.EVERYTHING))}*\n{narrowed_to(search, self._clean)}"
                ),
                "accessory": button(
                    AGAIN, sentences.AGAIN, json.dumps({"channel": past.channel, **past.asked}, ensure_ascii=False)
                ),
            }
            for past in latest
            if (search := Search.read({"channel": past.channel, **past.asked}))
        ]

    def _settings(self, channels: Sequence[Channel]) -> list[Block]:
        if not channels:
            return [text(sentences.NO_CHANNELS)]
        named = [(each.id, f"#{self._clean(each.name)}") for each in channels]
        chosen = buttons({**menu(named, example=sentences.CHOOSE_CHANNEL), "action_id": CHANNEL})
        left_out = small(sentences.FIRST_CHANNELS.format(shown=OPTIONS, all=len(named)))
        return [chosen, left_out] if len(named) > OPTIONS else [chosen]

    def _thinks_with(self) -> str:
        model = sentences.WITH_MODEL.format(model=escape(self._clean(self._model)))
        looks = sentences.LOOKS_WITH.format(vision=escape(self._clean(self._vision)))
        return " ".join(
            [
                sentences.NO_MODEL if self._model == "local" else model,
                *([looks] if self._vision != "no_vision" else []),
            ]
        )

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))


class HomeButtons:
    """The buttons of home tabs."""

    def __init__(self, searching: SearchForms, settings: ChannelSettings, background: Background) -> None:
        self._searching, self._settings, self._background = searching, settings, background

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us."""

        async def press(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(self.press(body))

        for action in (SEARCH, AGAIN, CHANNEL):
            app.action(action)(press)

    async def press(self, body: Mapping[str, Any]) -> None:
        """What the button or the menu opens."""
        here = str(kept_in(body.get("view") or {}).get("here") or "")
        action = body["actions"][0]
        if action["action_id"] == CHANNEL:
            channel = str((action.get("selected_option") or {}).get("value") or "")
            await self._settings.open(body, str(body["user"]["id"]), channel)
        else:
            await self._searching.open(body, here, _past(pressed(body)))


def _past(value: str) -> Search | None:
    """The search of a button; None for the button that begins a new one."""
    try:
        kept = json.loads(value or "null")
    except ValueError:
        return None
    return Search.read(kept) if isinstance(kept, dict) else None


def used(usage: Usage) -> str:
    """In words, for the person themselves."""
    asked = "1 question" if usage.questions == 1 else f"{usage.questions} questions"
    kept = "1 image" if usage.images == 1 else f"{usage.images} images"
    tools = ", ".join(f"{sentences.TOOLS.get(name, name)} {times}×" for name, times in usage.tools.items())
    with_tools = f"\nWhat I used for that: {escape(tools)}." if tools else ""
    return f"{asked}; of what you posted I remember {kept}.{with_tools}"
