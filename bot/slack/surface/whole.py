"""The surfaces of one workspace, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.audiences import Audiences
from bot.slack.background import Background
from bot.slack.events import Identity
from bot.slack.listening.access import Access
from bot.slack.listening.asking import Asking
from bot.slack.listening.listeners import Listens
from bot.slack.membership import Membership
from bot.slack.people import People
from bot.slack.storage.origins import Origins
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.searches import Searches
from bot.slack.storage.tables import Database
from bot.slack.surface.aside_buttons import AsideButtons
from bot.slack.surface.channels import Channels
from bot.slack.surface.home import Home, HomeButtons
from bot.slack.surface.question import Questions
from bot.slack.surface.screens import Screens
from bot.slack.surface.search import SearchForms
from bot.slack.surface.search_views import SearchViews
from bot.slack.surface.searching import Searching
from bot.slack.surface.settings import ChannelSettings
from bot.slack.web import Web
from bot.wiring import Wiring
from tools.kit import Gate


@dataclass(frozen=True)
class Surface:
    """What people open beside the conversation."""

    home: Home
    questions: Questions
    searching: SearchForms
    settings: ChannelSettings
    listeners: Sequence[Listens]
    """All of it that Bolt has to call."""


def build_surface(
    web: Web,
    bot: Identity,
    *,
    wiring: Wiring,
    db: Database,
    asking: Asking,
    preferences: Preferences,
    people: People,
    access: Access,
    membership: Membership,
    audiences: Audiences,
    background: Background,
    gate: Gate,
    hosts: Sequence[str],
) -> Surface:
    """`web`: by the token of the workspace. hosts: where links of ours may lead."""
    chosen = wiring.settings
    screens, channels = Screens(web), Channels(bot, membership)
    home = Home(bot, screens, channels, db, background, gate, model=chosen.model, vision=chosen.vision)
    questions = Questions(web, bot, asking, background, gate)
    settings = ChannelSettings(
        *(bot, screens, preferences, people, access, membership, background, gate),
        has_model=chosen.model != "local",
        changed=home.refresh,
    )
    in_archive = Searching(wiring, bot.team, Origins(db))
    views = SearchViews(
        *(bot, in_archive, Searches(db), audiences, people, asking, gate, hosts),
        changed=home.refresh,
    )
    searching = SearchForms(screens, channels, views, questions, background, gate)
    buttons = HomeButtons(searching, settings, background)
    asides = AsideButtons(web, bot, audiences, in_archive, searching, questions, asking, background)
    return Surface(home, questions, searching, settings, [questions, searching, settings, buttons, asides])
