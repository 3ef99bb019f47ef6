"""kill -9 at every call that a job makes: each file has one line, the sum is said once, and the CSV shared once."""

from __future__ import annotations

from functools import partial

import pytest

from tests.scenario.slack.bulk import ASK, over, rows, small_pictures, stop_shown, told
from tests.scenario.slack.mortal import PATIENCE, Blow, Mortal
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("killed")]

FILES = 10
SUM = [f"Alt text for {FILES} files.", f"{FILES} written.", "The CSV below has a line for each of them."]


def in_room(call: str, where: str = "channel") -> list[Blow]:
    return [Blow(call, after, where) for after in (False, True)]


POINTS = [
    *in_room("chat.postMessage"),
    *(Blow("download", after) for after in (False, True)),
    *in_room("chat.update"),
    Blow("files.getUploadURLExternal", after=True, more={"filename": "alt-text.csv"}),
    Blow("upload", after=True),
    *in_room("files.completeUploadExternal", "channel_id"),
]


@pytest.mark.parametrize("blow", POINTS, ids=str)
async def test_killed_at_any_call_a_job_goes_on_where_it_was(mortal: Mortal, blow: Blow) -> None:
    room = await mortal.office.room()
    failure = mortal.slack.faults.fail(blow.call, hang=PATIENCE, after=blow.after, matching=blow.matching(room))
    await room.ask(ASK, *small_pictures(FILES))
    await mortal.slack.until(lambda: failure.struck, PATIENCE)
    await mortal.die()
    await over(room)
    assert_whole(room)


async def test_killed_again_and_again_it_comes_to_its_end(mortal: Mortal) -> None:
    room = await mortal.office.room()
    await room.ask(ASK, *small_pictures(FILES))
    for times in (1, 2, 3):
        await mortal.slack.until(partial(looked_at, room, times), PATIENCE)
        await mortal.die()
    await over(room)
    assert_whole(room)


def looked_at(room: Room, times: int) -> bool:
    """So many of its files were asked for, or more."""
    ours = {file["id"] for message in room.slack.messages(room.channel) for file in message.get("files", ())}
    return sum(call.method == "download" and call.arguments["file"] in ours for call in room.slack.calls) >= times


def assert_whole(room: Room) -> None:
    """All of it is there, and nothing twice."""
    written = rows(room)
    assert [row["file"] for row in written] == [f"picture-{n}.png" for n in range(1, FILES + 1)]
    assert [row["image"] for row in written] == [f"image {n}" for n in range(1, FILES + 1)]
    assert all(row["alt_text"] for row in written)
    assert [line for line in told(room) if line in SUM] == SUM
    assert not stop_shown(room)
