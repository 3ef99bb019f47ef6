"""What models took names nobody who was forgotten while one was still at work for them."""

from __future__ import annotations

from bot.ledger.calls import Calls
from bot.ledger.lazily import Tables
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.tables import Database
from bot.slack.storage.tidying import Tidying
from tests.unit.slack.test_slack_records import message
from tools.kit.models import Account, Entry, Usage


async def test_a_call_that_ended_after_its_turn_was_forgotten_is_named_no_more(database: Database) -> None:
    async def url() -> str:
        return database.url

    kept, forgotten = message("1.0", "hi"), message("2.0", "hello")
    inbox, ledger = Inbox(database), Calls(Tables(url))
    for said in (kept, forgotten):
        await inbox.hear(said, for_us=True)
        row = await inbox.row(said.key)
        assert row
        whose = Account(said.team, "D1", said.user, str(row.run))
        await ledger.note(whose, Entry(model="m", purpose="plan", usage=Usage(input=9), cost=0.1))
    await database.rows("update inbox set user_id = '' where ts = '2.0'")
    await ledger.close()
    await Tidying(database, calls=400, answers=30).tidy()
    rows = await database.rows("select user_id, channel, turn <> '' as known from model_calls order by user_id")
    assert rows == [
        {"user_id": "", "channel": "", "known": False},
        {"user_id": kept.user, "channel": "D1", "known": True},
    ]
