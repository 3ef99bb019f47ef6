"""A channel that is local only: whatever is done in it, nothing comes over the provider's wire."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.local_slack import LocalSlack
from bot.slack.surface import sentences
from bot.slack.surface.question import OWN, SHORTCUT
from bot.slack.surface.settings import LOCAL_ONLY, MODELS
from tests.provider import Provider
from tests.scenario.slack.bulk import ASK, over, rows, small_pictures
from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.forms import answered, changed, opened, said
from tests.scenario.slack.office import Office, Room
from tests.scenario.slack.seer import settings

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

RED, BLUE = ("red.png", small_png("red")), ("blue.png", small_png("blue"))


@pytest_asyncio.fixture(loop_scope="session")
async def local(seeing: Office) -> Room:
    """A channel whose members chose that nothing leaves the machine."""
    room = await seeing.room()
    await choose(room, LOCAL_ONLY)
    return room


async def choose(room: Room, models: str) -> str:
    """Anna does so in the form. What it says then."""
    await room.anna.slash("/spyglass", "settings", room.channel)
    view = await opened(room, room.anna)
    await room.anna.submit(view["id"], {MODELS: models})
    return await changed(room, room.anna, lambda shown: "Saved for" in shown)


class Silence:
    """Nothing came over the wire since."""

    def __init__(self, provider: Provider) -> None:
        self._provider, self._before = provider, len(provider.requests)

    def holds(self) -> bool:
        return len(self._provider.requests) == self._before


@pytest.fixture
def silence(local: Room, provider: Provider) -> Silence:
    """From the moment on in which the channel is local only."""
    return Silence(provider)


async def test_elsewhere_models_are_asked(seeing: Office, provider: Provider) -> None:
    room, silence = await seeing.room(), Silence(provider)
    assert "red square" in " ".join(await room.answer_to("What is this?", RED)).lower()
    assert not silence.holds()


async def test_neither_questions_nor_follow_ups_leave(local: Room, silence: Silence) -> None:
    lines = await local.answer_to("What is this?", RED)
    assert "described red.png (image 1)" in " ".join(lines)
    await local.answer_to("and what does this say?", BLUE)
    await local.answer_to("How many people are in the first one?")
    await local.answer_to("summarise this thread")
    await local.answer_to("thanks!")
    assert silence.holds()


async def test_what_only_a_model_could_tell_is_said_to_be_held_back(local: Room, silence: Silence) -> None:
    told = " ".join(await local.answer_to("Translate the handwriting in this picture", RED))
    assert "local only" in told
    assert silence.holds()


async def test_questions_from_the_form_do_not_leave(local: Room, silence: Silence) -> None:
    local.thread = await local.anna.post(local.channel, "look", files=[RED])
    await local.ben.message_action(local.channel, local.thread, SHORTCUT)
    view = await opened(local, local.ben)
    await local.ben.submit(view["id"], {OWN: "What is to be seen here?"})
    assert len(await answered(local, view)) > 2
    assert silence.holds()


async def test_bulk_work_does_not_leave(local: Room, silence: Silence) -> None:
    for n, picture in enumerate(small_pictures(9)):
        await local.say(f"number {n}", picture)
    await local.say(ASK, mention=True)
    await over(local)
    written = rows(local)
    assert len(written) == 9
    assert all("seen by model" not in row["measured_by"] for row in written)
    assert silence.holds()


async def test_what_was_seen_elsewhere_is_not_said_again_here(seeing: Office, local: Room, provider: Provider) -> None:
    other = await seeing.room()
    assert "red square" in " ".join(await other.answer_to("What is this?", RED)).lower()
    await other.nothing_more_comes()
    begun = Silence(provider)
    assert "the vision model" not in " ".join(await local.answer_to("What is this?", RED)).lower()
    assert begun.holds()


async def test_a_link_to_an_image_from_there_opens_nowhere_else(
    seeing: Office, local: Room, provider: Provider
) -> None:
    before = len(provider.requests)
    other = await seeing.room()
    await seeing.slack.invite(local.channel, other.anna)
    shown = await local.anna.post(local.channel, "secret", files=[("plan.png", small_png("navy"))])
    link = seeing.slack.messages(local.channel, shown)[0]["files"][0]["permalink"]
    told = " ".join(await other.answer_to(f"What is in <{link}>?"))
    assert "plan.png was posted in a channel that is set to local only, and this one is not" in told
    assert not any(one.images for one in provider.requests[before:])


async def test_a_thread_begun_with_models_goes_on_without_them(seeing: Office, provider: Provider) -> None:
    room = await seeing.room()
    await room.answer_to("What is this?", RED)
    await choose(room, LOCAL_ONLY)
    silence = Silence(provider)
    await room.answer_to("and what colour is it?")
    assert silence.holds()
    await choose(room, "as_set_up")
    await room.answer_to("and what is to be seen now?")
    assert not silence.holds()


async def test_the_form_says_what_holds(local: Room) -> None:
    await local.ben.slash("/spyglass", "settings", local.channel)
    view = await opened(local, local.ben)
    chosen = next(block["element"]["initial_option"] for block in view["blocks"] if block.get("block_id") == MODELS)
    assert chosen["value"] == LOCAL_ONLY


async def test_a_channel_that_is_local_only_by_a_setting_cannot_be_changed(
    opening: Opening, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("slack")
    async with LocalSlack(folder) as before:
        channel = await before.channel("secret", members=[before.person("anna")])
    slack = LocalSlack(folder, retries=(0, 0, 0))
    async with opening(slack, **settings(provider, local_only_channels=frozenset({channel}))) as office:
        anna = office.slack.person("anna")
        room, silence = Room(office, channel, anna, anna), Silence(provider)
        assert "described red.png" in " ".join(await room.answer_to("What is this?", RED))
        await anna.slash("/spyglass", "settings", channel)
        view = await opened(room, anna)
        assert sentences.FIXED_LOCAL_ONLY in said(view)
        assert MODELS not in [block.get("block_id") for block in view["blocks"]]
        assert silence.holds()
