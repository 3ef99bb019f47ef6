"""The settings of a channel as a form: what is answered there, how, and whether anything may leave the machine."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.edge import plain
from bot.logs import note
from bot.slack import messages
from bot.slack.addressing import Answers
from bot.slack.archiving.telling.periods import OFFERED, offered
from bot.slack.background import Background
from bot.slack.events import Identity
from bot.slack.listening.access import Access
from bot.slack.membership import Membership
from bot.slack.people import People
from bot.slack.replying.mrkdwn import escape
from bot.slack.storage.preferences import LONGEST_STYLE, Archives, Choice, Preferences
from bot.slack.surface import sentences
from bot.slack.surface.blocks import (
    Block,
    View,
    entry,
    kept_in,
    mention,
    menu,
    modal,
    notice,
    replacing,
    small,
    text,
    typed,
    value_of,
)
from bot.slack.surface.screens import Screens
from graphs.manners import LANGUAGES
from tools.kit import Gate

log = logging.getLogger(__name__)

FORM = "spyglass_settings_form"
ANSWERS, STYLE, LANGUAGE, MODELS, ARCHIVE, PERIOD = "answers", "style", "language", "models", "archive", "period"
AS_SET_UP, LOCAL_ONLY = "as_set_up", "local_only"
ANY_LANGUAGE = "-"
PATIENCE = 2.0
"""Seconds: a form is acknowledged within three."""


Left = Callable[[str, str, Choice, Choice], Awaitable[Sequence[Block]]]
"""Of a channel: who changed it, what held before, and what holds now."""


async def _nothing_left(channel: str, user: str, before: Choice, after: Choice) -> Sequence[Block]:
    return []


class ChannelSettings:
    """Shows the form to members of the channel, and what is set to its guests."""

    def __init__(
        self,
        bot: Identity,
        screens: Screens,
        preferences: Preferences,
        people: People,
        access: Access,
        membership: Membership,
        background: Background,
        gate: Gate,
        *,
        has_model: bool,
        changed: Callable[[str], None],
        left: Left = _nothing_left,
    ) -> None:
        """changed: told of who changed something that their home tab shows. left: what is asked about the archive since
        less goes into it."""
        self.left = left
        self._bot, self._screens, self._preferences = bot, screens, preferences
        self._people, self._access, self._membership = people, access, membership
        self._background, self._gate = background, gate
        self._has_model, self._changed = has_model, changed

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us."""

        async def submit(ack: Any, body: dict[str, Any]) -> None:
            await ack(**replacing(await self.submit(body)))

        app.view(FORM)(submit)

    async def open(self, body: Mapping[str, Any], user: str, channel: str) -> bool:
        """The form, filled with what holds now. False when Slack opens nothing (any more)."""
        view_id = await self._screens.open(body, notice(sentences.SETTINGS, sentences.ONE_MOMENT))
        if not view_id:
            return False
        if stranger := await self.not_in(user, channel):
            await self._screens.show(view_id, notice(sentences.SETTINGS, stranger))
            return True
        refusal = await self.refusal(user, channel)
        choice = await self._preferences.of(self._bot.team, channel)
        view = self._told(sentences.NOW, channel, choice, refusal) if refusal else self._form(channel, choice)
        await self._screens.show(view_id, view)
        return True

    async def submit(self, body: Mapping[str, Any]) -> View:
        """Save it, unless somebody changed the settings meanwhile. Returns what stands in the form's place."""
        view, user = body["view"], str(body["user"]["id"])
        channel, before = _kept(view)
        if before is None:
            return notice(sentences.SETTINGS, sentences.LOST)
        if refusal := await self.refusal(user, channel) or await self.not_in(user, channel):
            return notice(sentences.SETTINGS, refusal)
        wanted = _wanted(view, before, user, self._preferences.archives_of(channel, before))
        if wanted.says_the_same(before):
            return self._told(sentences.NOW, channel, before)
        now = await self._preferences.replace(self._bot.team, channel, before, wanted)
        if not now.says_the_same(wanted):
            meanwhile = sentences.MEANWHILE.format(who=mention(now.by or ""))
            return self._told(sentences.NOW, channel, now, meanwhile)
        said: dict[str, Any] = {"answers": now.answers.value, "language": now.language, "local_only": now.local_only}
        said["archive"] = self._preferences.archives_of(channel, now).value
        note(log, "set", channel=channel, by=user, **said)
        self._changed(user)
        return self._told(sentences.SAVED, channel, now, more=await self.left(channel, user, before, now))

    async def refusal(self, user: str, channel: str) -> str:
        """Why that person may not change what is done in a channel, in mrkdwn; empty when they may."""
        if refused := self._access.listed(user, channel, direct=False):
            return messages.refused(refused)
        person = await self._people.person(user)
        return messages.NO_SETTINGS_BY_GUESTS if person.guest or person.external else ""

    async def not_in(self, user: str, channel: str) -> str:
        """Why that person does not see what is set in a channel; empty when they are in it."""
        is_in = await self._membership.is_in(user, {channel}, patience=PATIENCE)
        return "" if is_in else sentences.NOT_OURS

    # --- what it shows ----------------------------------------------------------------------------

    def _form(self, channel: str, choice: Choice) -> View:
        languages = [(ANY_LANGUAGE, sentences.ITS_OWN), *LANGUAGES.items()]
        style = typed(LONGEST_STYLE, initial=self._clean(choice.style or ""), example=sentences.STYLE_EXAMPLE)
        blocks = [
            text(f"<#{escape(channel)}>"),
            entry(ANSWERS, sentences.ANSWERS, menu(sentences.CHOICES.items(), initial=choice.answers.value)),
            entry(STYLE, sentences.STYLE, style, optional=True, hint=sentences.STYLE_HINT),
            entry(LANGUAGE, sentences.LANGUAGE, menu(languages, initial=choice.language or ANY_LANGUAGE)),
            self._models(channel, choice),
            self._archive(channel, choice),
            *([] if channel.startswith("D") else [self._period(choice)]),
            *self._small_print(choice),
        ]
        kept = {"channel": channel, "before": asdict(choice)}
        return modal(sentences.SETTINGS, blocks, callback=FORM, submit=sentences.SAVE, kept=kept)

    def _models(self, channel: str, choice: Choice) -> Block:
        if self._preferences.is_fixed(channel):
            return text(sentences.FIXED_LOCAL_ONLY)
        chosen = menu(sentences.USES_MODELS.items(), initial=LOCAL_ONLY if choice.local_only else AS_SET_UP)
        return entry(MODELS, sentences.MODELS, chosen, hint=sentences.MODELS_HINT)

    def _archive(self, channel: str, choice: Choice) -> Block:
        chosen = self._preferences.archives_of(channel, choice)
        return entry(
            ARCHIVE, sentences.ARCHIVE, menu(sentences.ARCHIVES.items(), initial=chosen), hint=sentences.ARCHIVE_HINT
        )

    def _period(self, choice: Choice) -> Block:
        most = self._preferences.keep_days
        days = [(str(each), sentences.in_days(each)) for each in offered(most, choice.keep_days)]
        as_set_up = (AS_SET_UP, sentences.AS_SET_UP_PERIOD.format(days=sentences.in_days(most)))
        chosen = menu([as_set_up, *days], initial=str(choice.keep_days or AS_SET_UP))
        return entry(PERIOD, sentences.PERIOD, chosen, hint=sentences.PERIOD_HINT)

    def _told(self, saying: str, channel: str, choice: Choice, first: str = "", *, more: Sequence[Block] = ()) -> View:
        """What holds, in words; before that what was not done."""
        local = choice.local_only or self._preferences.is_fixed(channel)
        lines = [
            saying.format(where=f"<#{escape(channel)}>"),
            f"• *{sentences.SAYS_ANSWERS}*: {sentences.CHOICES[choice.answers.value]}",
            f"• *{sentences.SAYS_STYLE}*: {escape(self._clean(choice.style or sentences.AS_USUAL))}",
            f"• *{sentences.SAYS_LANGUAGE}*: {LANGUAGES.get(choice.language or '', sentences.ITS_OWN)}",
            f"• *{sentences.SAYS_MODELS}*: {sentences.USES_MODELS[LOCAL_ONLY if local else AS_SET_UP]}",
            f"• *{sentences.SAYS_ARCHIVE}*: {sentences.ARCHIVES[self._preferences.archives_of(channel, choice)]}",
            f"• *{sentences.SAYS_PERIOD}*: {sentences.in_days(self._preferences.keeps_by(choice))}",
        ]
        before = [text(first)] if first else []
        return modal(sentences.SETTINGS, [*before, text("\n".join(lines)), *more, *self._small_print(choice)])

    def _small_print(self, choice: Choice) -> list[Block]:
        by = sentences.CHOSEN_BY.format(who=mention(choice.by)) if choice.by else sentences.NOBODY_CHOSE
        return [small(by), *([] if self._has_model else [small(sentences.NEEDS_MODEL)])]

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))


def _wanted(view: Mapping[str, Any], before: Choice, user: str, archives: Archives) -> Choice:
    """archives: what goes into the archive as long as nobody chooses otherwise."""
    answers = value_of(view, ANSWERS)
    style = " ".join(plain(value_of(view, STYLE)).split())[:LONGEST_STYLE]
    language, models, archive, period = (value_of(view, name) for name in (LANGUAGE, MODELS, ARCHIVE, PERIOD))
    return Choice(
        Answers(answers) if answers in sentences.CHOICES else before.answers,
        by=user,
        style=style or None,
        language=language if language in LANGUAGES else None,
        local_only=models == LOCAL_ONLY if models in sentences.USES_MODELS else before.local_only,
        archive=Archives(archive) if archive in sentences.ARCHIVES and archive != archives else before.archive,
        keep_days=_days(period, before.keep_days),
    )


def _days(chosen: str, before: int | None) -> int | None:
    """What the menu of periods says, as long as it is one of those it offers."""
    if chosen == AS_SET_UP:
        return None
    return int(chosen) if chosen in map(str, OFFERED) else before


def _kept(view: Mapping[str, Any]) -> tuple[str, Choice | None]:
    kept = kept_in(view)
    try:
        known = kept["before"]
        archive = Archives(known["archive"]) if known.get("archive") else None
        before = Choice(**{**known, "answers": Answers(known["answers"]), "archive": archive})
    except (KeyError, TypeError, ValueError):
        return "", None
    return str(kept["channel"]), before
