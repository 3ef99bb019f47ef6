"""The bot in one workspace: everything that has to do with its token and its people, put together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from slack_bolt.async_app import AsyncApp

from bot.ledger.spending import budgets_of
from bot.settings import Settings
from bot.slack.addressing import Answers
from bot.slack.answering import Answering
from bot.slack.archiving.archivist import WorkspaceArchivist, build_archivist
from bot.slack.archiving.checking import Checking
from bot.slack.archiving.filing import Filing
from bot.slack.archiving.following import Following
from bot.slack.archiving.places import Places
from bot.slack.archiving.register import Register
from bot.slack.archiving.rounds import ArchiveRounds
from bot.slack.archiving.telling.asked import ArchiveAsked
from bot.slack.archiving.telling.choosing import Choosing
from bot.slack.asides import Asides
from bot.slack.audiences import Audiences
from bot.slack.audiences.building import build_audiences
from bot.slack.background import Background
from bot.slack.bulk.rounds import Rounds
from bot.slack.bulk.whole import build_bulk
from bot.slack.bulk.working import Working
from bot.slack.events import Identity
from bot.slack.fetching.downloads import Downloads
from bot.slack.fetching.files import Files
from bot.slack.fetching.gathering import Gathering
from bot.slack.fetching.thumbnails import Thumbnails
from bot.slack.installs.departing import Departing
from bot.slack.listening.access import Access, Rules
from bot.slack.listening.asking import Asking
from bot.slack.listening.buttons import Buttons
from bot.slack.listening.hearing import Hearing
from bot.slack.listening.listeners import build_app
from bot.slack.listening.notes import Notes
from bot.slack.listening.stops import Stops
from bot.slack.membership import Membership
from bot.slack.people import People
from bot.slack.replying.announcing import Announcing
from bot.slack.replying.sourcing import Sourcing
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.feedback import Feedback
from bot.slack.storage.forgetting import Forgetting
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from bot.slack.surface.commands import Commands
from bot.slack.surface.gallery import Gallery
from bot.slack.surface.hit_buttons import HitButtons
from bot.slack.surface.usage import UsageReports
from bot.slack.surface.whole import build_surface
from bot.slack.telling import Telling
from bot.slack.thinking import Thinking
from bot.slack.web import Web
from bot.turns.running import Turns
from bot.wiring import Wiring
from tools.kit import Archive, Gate

SLACK = "slack.com"
REMEMBERED = 2.0
"""Seconds after which what a channel chose in another process holds here too."""


@dataclass(frozen=True)
class Shared:
    """What all workspaces have in common. Whatever is kept through it is kept by workspace."""

    settings: Settings
    wiring: Wiring
    turns: Turns
    db: Database
    ears: Database
    """Connections of their own: an acknowledgement does not queue behind the statements of turns."""
    background: Background
    erasing: Erasing
    departing: Departing
    rounds: Rounds
    archiving: ArchiveRounds


@dataclass(frozen=True)
class Office:
    """The bot in one workspace: its events are heard by `app`, its questions answered by `answering`."""

    bot: Identity
    app: AsyncApp
    answering: Answering
    bulk: Working
    """Goes on with jobs of alt texts."""
    archivist: WorkspaceArchivist
    """Fills the archive with what is posted."""
    audiences: Audiences
    gallery: Gallery
    """The archive as one person may see it, for a page."""


async def build_office(shared: Shared, web: Web, bot: Identity) -> Office:
    """`web`: by the token of the workspace."""
    settings, wiring, turns = shared.settings, shared.wiring, shared.turns
    db, ears, background, erasing = shared.db, shared.ears, shared.background, shared.erasing
    gate = await wiring.lend(Gate)
    inbox, outbox, notes, people = Inbox(db), Outbox(db), Notes(web), People(web, bot.team)
    records = Records(db, inbox, bot)
    access = Access(Rules.of(settings), people)
    preferences = _preferences(settings, ears)
    heard, announcing = Inbox(ears), Announcing(web, background)
    archive = partial(wiring.lend, Archive)
    audiences = build_audiences(web, bot, settings=settings, db=ears, people=people, archive=archive)
    hosts = (SLACK, urlsplit(settings.slack_api_url).hostname or SLACK)
    membership = Membership(web)
    asking = Asking(heard, access, preferences, membership, announcing.heard)
    surface = build_surface(
        web,
        bot,
        wiring=wiring,
        db=db,
        asking=asking,
        preferences=preferences,
        people=people,
        access=access,
        membership=membership,
        audiences=audiences,
        background=background,
        gate=gate,
        hosts=hosts,
    )
    downloads = Downloads(web.session, web.client.token or "", settings.slack_api_url, most_bytes=settings.max_bytes)
    files, places, wake = Files(web, downloads), Places(web), shared.archiving.wake
    choosing = Choosing(bot, db, preferences, surface.settings, places, erasing, wake)
    surface.settings.left = choosing.left_by
    archive_asked = ArchiveAsked(web, choosing, notes, background)
    following = Following(
        *(bot, ears, preferences, places, erasing, wake),
        check=Checking(ears, files, background, erasing, wake, bot).check,
        joined=archive_asked.joined,
    )
    hearing = Hearing(
        *(bot, heard, Records(ears, heard, bot), preferences, access, erasing, notes, background),
        other_bots=settings.slack_other_bots,
        asked=announcing.heard,
        home=surface.home.opened,
        left=shared.departing.leave,
        stop=Stops(heard, people, notes, background).take,
        archive=following,
    )

    async def written() -> None:
        await (await wiring.ledger()).flush()

    hit_buttons = HitButtons(web, bot, heard, asking, surface.questions, archive, audiences.shown, gate)
    commands = Commands(
        *(web, bot, preferences, people, Forgetting(db, erasing), background, gate),
        settings=surface.settings,
        searching=surface.searching,
        reports=UsageReports(bot, db, people, gate, budgets_of(settings), written),
        changed=surface.home.refresh,
        archive=archive_asked,
    )
    gathering = Gathering(*(web, files, downloads, inbox, records, bot, preferences), audiences.may_be_shown)
    telling = Telling(audiences.shown, gathering.links.shown)
    buttons = Buttons(web, inbox, Feedback(db), people, gate, bot, telling)
    archivist = build_archivist(
        *(web, bot, db),
        wiring=wiring,
        files=files,
        people=people,
        places=places,
        preferences=preferences,
        give_way=shared.archiving.give_way,
    )
    filing = Filing(db, Register(db), archivist.filling, preferences)
    bulk = build_bulk(
        *(web, bot),
        wiring=wiring,
        turns=turns,
        db=db,
        rounds=shared.rounds,
        inbox=inbox,
        outbox=outbox,
        records=records,
        gathering=gathering,
        files=files,
        filing=filing,
        people=people,
        preferences=preferences,
        gate=gate,
    )
    thinking = Thinking(*(bot, gathering, files, records, people, preferences, audiences, turns, gate, telling))
    sourcing = Sourcing(archive, audiences.shown, records, people, Thumbnails(wiring, bot.team))
    answering = Answering(
        *(bot, web, inbox, outbox, access, notes, thinking),
        records=records,
        filing=filing,
        sourcing=sourcing,
        audiences=audiences,
        asides=Asides(web, wiring, gate, hosts, sourcing),
        gate=gate,
        beginning=bulk.beginning,
        hosts=hosts,
    )
    secret = settings.slack_signing_secret
    app = build_app(
        web,
        bot,
        hearing,
        [buttons, hit_buttons, commands, bulk.stopping, archive_asked, *surface.listeners],
        signing_secret=secret.get_secret_value() if secret else "",
        changed=audiences.heard,
    )
    gallery = Gallery(bot, wiring, audiences, access, people, gate, hosts)
    return Office(bot, app, answering, bulk.working, archivist, audiences, gallery)


def _preferences(settings: Settings, ears: Database) -> Preferences:
    return Preferences(
        ears,
        Answers(settings.slack_threads),
        remembered=REMEMBERED,
        local_only=settings.local_only_channels,
        archives=Archives(settings.slack_archive),
        keep_days=settings.archive_keep_days,
    )
