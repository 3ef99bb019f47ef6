"""One office for all tests of a process: starting the bot costs more than most of its answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.local_slack import LocalSlack
from bot.settings import Settings
from tests.postgres import create_database
from tests.provider import Provider
from tests.scenario.slack.marked import Cast, small_town
from tests.scenario.slack.model import Model, open_model
from tests.scenario.slack.mortal import Mortal, mortal_bot
from tests.scenario.slack.office import Office, Room, open_office
from tests.scenario.slack.seer import seer, settings

RULES = """\
banned_brands:
  brands:
    - name: Acme
      aliases: [Acme Tools]
"""
ACKNOWLEDGED = 10.0
"""Seconds for an acknowledgement: Slack's own three are for a machine that runs nothing but the bot."""
NewSettings = Callable[..., Settings]
Opening = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture(scope="session")
def new_settings(tmp_path_factory: pytest.TempPathFactory, database_server: str, text_models: Path) -> NewSettings:
    """Settings of a bot of its own: embedded parts, a home, a database, and a banned brand."""
    rules = tmp_path_factory.mktemp("rules") / "rules.yaml"
    rules.write_text(RULES, "utf-8")

    def make(**chosen: Any) -> Settings:
        home = tmp_path_factory.mktemp("office")
        (home / "models").symlink_to(text_models)  # 100 MB that need not be there for each
        ours: dict[str, Any] = {
            "home": home,
            "encoder": "builtin_encoder",
            "database_url": SecretStr(create_database(database_server, f"office_{uuid4().hex}")),
            "rules": rules,
            "slack_user_per_minute": 10_000,
            "slack_channel_per_minute": 10_000,
            "slack_concurrency": 32,
        }
        return Settings(**{**ours, **chosen})

    return make


@pytest.fixture(scope="session")
def opening(new_settings: NewSettings, pictures: dict[str, Path]) -> Opening:
    """Opens an office with settings of its own, in a workspace of its own."""

    @asynccontextmanager
    async def open_with(slack: LocalSlack | None = None, **chosen: Any) -> AsyncIterator[Office]:
        settings = new_settings(**chosen)
        async with open_office(
            settings, pictures, slack or LocalSlack(ack_timeout=ACKNOWLEDGED, retries=(0, 0, 0))
        ) as office:
            yield office

    return open_with


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(opening: Opening) -> AsyncIterator[Office]:
    """The bot as it is without any key."""
    async with opening() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def room(office: Office) -> AsyncIterator[Room]:
    """A channel of the test's own; what it makes go wrong goes right again after it."""
    yield await office.room()
    office.slack.faults.clear()


@pytest_asyncio.fixture(loop_scope="session")
async def cast(office: Office) -> AsyncIterator[Cast]:
    """A few channels with an image each, and who is in them."""
    yield await small_town(office)
    office.slack.faults.clear()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def model() -> AsyncIterator[Model]:
    """What the bot of `slow_office` thinks with."""
    async with open_model() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def slow_office(opening: Opening, model: Model) -> AsyncIterator[Office]:
    """A bot whose model says what a test tells it to, when the test wants it."""
    async with opening(model="openai:scripted", openai_base_url=model.url) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def provider() -> AsyncIterator[Provider]:
    """A model that looks when it is asked about an image, and sees in any form."""
    async with seer() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seeing(opening: Opening, provider: Provider) -> AsyncIterator[Office]:
    """A bot that plans and sees with a model."""
    async with opening(**settings(provider)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def slow_room(slow_office: Office) -> AsyncIterator[Room]:
    """A channel of the test's own, where the model of `slow_office` answers."""
    yield await slow_office.room()
    slow_office.slack.faults.clear()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mortal(
    new_settings: NewSettings, pictures: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mortal]:
    """A bot in processes of its own, to be killed by the tests of one file."""
    settings = new_settings()
    async with mortal_bot(settings, pictures, tmp_path_factory.mktemp("logs")) as opened:
        yield opened
