"""What a new workspace shows: its first questions are answered, and its suggestions lead through the abilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.local_slack import LocalSlack
from bot.samples.pictures import PHOTOGRAPHS
from bot.samples.workspace import PROMPTS, draw, furnish, is_furnished
from tests.scenario.slack.office import Office, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

LICENCES = Path(__file__).parents[3] / "bot" / "samples" / "LICENCES.md"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def general(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Room:
    """#general of a workspace that has just been furnished."""
    await furnish(office.slack, draw(tmp_path_factory.mktemp("samples")))
    return _room(office, "general")


def _room(office: Office, name: str) -> Room:
    (channel,) = (one.id for one in office.slack.workspace.state.channels.values() if one.name == name)
    return Room(office, channel, office.slack.person("anna"), office.slack.person("ben"))


async def test_what_is_asked_in_it_is_answered(general: Room) -> None:
    answers = []
    for name in ("general", "products", "receipts"):
        room = _room(general.office, name)
        (asked,) = (one["ts"] for one in general.slack.messages(room.channel) if one.get("files"))
        answers.append(" ".join(await room.reply_to(asked)))
    flowers, pair, invoice = answers
    assert "Image 1 looks like a flower" in flowers
    assert "Not as advertised: the colour is red instead of blue" in pair
    assert "the due date is 2026-03-03" in invoice


async def test_its_suggestions_classify_extract_and_search(general: Room) -> None:
    await general.reply_to(next(one["ts"] for one in general.slack.messages(general.channel) if one.get("files")))
    classified, extracted, found = [
        await _pressed(general, prompt) for prompt in general.slack.prompts(general.channel)
    ]
    assert "Image 1 looks like a cat" in classified
    assert "the shop is CORNER BAKERY, the date is 2026-03-14 and the total is 13.20" in extracted
    assert "rocket.jpg" in found


async def _pressed(general: Room, prompt: dict[str, Any]) -> str:
    """What is answered when ben presses a suggestion."""
    room = _room(general.office, "general")
    return " ".join(await room.answer_to(prompt["message"], *prompt["files"], who=room.ben))


async def test_the_licence_of_every_photograph_is_said() -> None:
    said = LICENCES.read_text("utf-8")
    assert [one.name for one in PHOTOGRAPHS if f"| {one.name} |" not in said or one.path not in said] == []


async def test_a_workspace_is_furnished_once(tmp_path: Path) -> None:
    async with LocalSlack(tmp_path / "workspace") as slack:
        assert not is_furnished(slack)
        await furnish(slack, draw(tmp_path))
    async with LocalSlack(tmp_path / "workspace") as slack:
        assert is_furnished(slack)
        (general,) = (one for one in slack.workspace.state.channels.values() if one.name == "general")
        assert [prompt["title"] for prompt in slack.prompts(general.id)] == [prompt.title for prompt in PROMPTS]
        assert len(slack.files) == len(PHOTOGRAPHS) + 3 + 2
