"""The database that comes with the bot is ended by somebody else: it is started again, and nothing is lost."""

from __future__ import annotations

import os
import signal

import pytest

from tests.postgres import server_of
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.drawings import small_png

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

WHAT, IS_PNG = "What format is it?", "Image 1 is a PNG file (image/png)."


async def test_a_killed_embedded_database_is_started_again(opening: Opening) -> None:
    async with opening(database_url=None) as office:
        room = await office.room()
        assert IS_PNG in await room.answer_to(WHAT, ("a.png", small_png()))
        server = server_of(office.home)
        os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert IS_PNG in await room.answer_to(WHAT)
