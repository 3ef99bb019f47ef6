"""Alt text for many images in one workspace, put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.alt_texts.batching import EXPIRED
from bot.alt_texts.writing import writer
from bot.slack.archiving.filing import Filing
from bot.slack.bulk.ahead import Ahead
from bot.slack.bulk.batches import KeptBatches
from bot.slack.bulk.beginning import Beginning
from bot.slack.bulk.collecting import Collecting
from bot.slack.bulk.jobs import Jobs
from bot.slack.bulk.rounds import Rounds
from bot.slack.bulk.stopping import Stopping
from bot.slack.bulk.working import Working
from bot.slack.events import Identity
from bot.slack.fetching.files import Files
from bot.slack.fetching.gathering import Gathering
from bot.slack.people import People
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from bot.slack.web import Web
from bot.turns.running import Turns
from bot.wiring import Wiring
from tools.kit import Gate


@dataclass(frozen=True)
class Bulk:
    """How jobs begin, how they are stopped, and who goes on with them."""

    beginning: Beginning
    stopping: Stopping
    working: Working


def build_bulk(
    web: Web,
    bot: Identity,
    *,
    wiring: Wiring,
    turns: Turns,
    db: Database,
    rounds: Rounds,
    inbox: Inbox,
    outbox: Outbox,
    records: Records,
    gathering: Gathering,
    files: Files,
    filing: Filing,
    people: People,
    preferences: Preferences,
    gate: Gate,
) -> Bulk:
    """`web`: by the token of the workspace. rounds: those of the process, in which all workspaces have their turn."""
    settings, jobs = wiring.settings, Jobs(db)
    most = settings.slack_bulk_files
    beginning = Beginning(
        *(jobs, Collecting(web, gathering, records, bot, most=most), bot, gate),
        most=most,
        per_hour=settings.slack_bulk_per_hour,
        begun=rounds.wake,
    )
    working = Working(
        *(bot, web, jobs, inbox, outbox, records, files, filing, turns, gate, preferences),
        writer=partial(writer, wiring),
        ahead=Ahead(
            wiring.batching,
            KeptBatches(db),
            jobs,
            rounds.give_way,
            longest=EXPIRED if settings.bulk_batches else timedelta(0),
        ),
        give_way=rounds.give_way,
    )
    return Bulk(beginning, Stopping(web, jobs, people, bot, stopped=rounds.wake), working)
