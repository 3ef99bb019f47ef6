"""A channel whose images are archived: as they are posted, changed and deleted, and for as long as it wants."""

from __future__ import annotations

import pytest

from tests.scenario.slack.archives import archived, in_archive, opted_in, settled
from tests.scenario.slack.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_posted_in_a_channel_that_opted_in_is_in_the_archive(office: Office) -> None:
    room = await office.room()
    await opted_in(room)
    ts = await room.say("the kickoff in Lisbon", "flower")
    await in_archive(room, 1)
    (item,) = await archived(room)
    assert item.post is not None
    assert (item.post.ts, item.post.user, item.post.name) == (ts, room.anna.id, room.anna.name)
    assert (item.post.text, item.post.channel) == ("the kickoff in Lisbon", f"room-{room.anna.name[4:]}")
    assert item.path == f"{room.slack.workspace.url}/archives/{room.channel}/p{ts.replace('.', '')}"
    await settled(room)
