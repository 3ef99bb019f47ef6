"""Pure: whether a message is for us."""

from __future__ import annotations

from enum import StrEnum

from bot.slack.events import Identity, Message
from bot.slack.words import mentions_of


class Answers(StrEnum):
    """What the bot answers in a channel."""

    ALWAYS = "always"
    """Mentions, and follow-ups in threads it takes part in."""
    MENTIONS = "mentions"
    OFF = "off"


class Speaking(StrEnum):
    """To whom the message before this one was said in its thread."""

    TO_BOT = "to the bot"
    """By the bot itself, or by somebody whose message was for the bot."""
    TO_PEOPLE = "to people"
    NOBODY = "nobody"
    """We know of none: the bot takes no part in this thread."""


def is_own(message: Message, bot: Identity) -> bool:
    return message.user == bot.user or (message.bot_id is not None and message.bot_id == bot.bot_id)


def is_for_us(
    message: Message, bot: Identity, *, answers: Answers, before: Speaking = Speaking.NOBODY, other_bots: bool = False
) -> bool:
    """Whether the bot answers this message.

    Direct messages and mentions are for us. A reply without a mention is for us when the message before it in the
    thread was the bot's or was for the bot, and it names nobody else: once people speak to each other the bot stays
    silent until it is mentioned again. Other bots are answered only when they mention us and that is wanted, so that
    two bots never talk to each other for ever.
    """
    if message.deleted or is_own(message, bot):
        return False
    if message.is_bot:
        return other_bots and message.mentioned and answers is not Answers.OFF
    if message.is_direct:
        return True
    if answers is Answers.OFF or message.mentioned:
        return answers is not Answers.OFF
    return answers is Answers.ALWAYS and _follows_up(message, before)


def _follows_up(message: Message, before: Speaking) -> bool:
    return message.is_reply and before is Speaking.TO_BOT and not mentions_of(message.text)
