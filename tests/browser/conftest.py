"""One browser and two offices for all tests of the page: one with the local planner, one whose model a test leads."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.tab import Tab, open_tab
from tests.scenario.conftest import pictures
from tests.scenario.slack.conftest import model, new_settings, office, opening, room, slow_office, slow_room

__all__ = ["model", "new_settings", "office", "opening", "pictures", "room", "slow_office", "slow_room"]
"""The offices of the Slack scenarios, opened once more: these tests have a process of their own."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000
"""Milliseconds for what must come: on a busy machine the first answer waits for models."""
NOBODY = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""The browser's own services find nobody to talk to either."""
Opened = Callable[..., Awaitable[Tab]]


def program() -> str:
    """The browser of this machine."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("There is no Chromium on this machine, and CI always has one: deploy/setup.sh installs it.")
    if found is None:
        pytest.skip("There is no Chromium on this machine (Debian: apt install chromium).")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = program()
    expect.set_options(timeout=PATIENCE)
    flags = ["--no-sandbox", f"--host-resolver-rules={NOBODY}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def opened(browser: Browser) -> AsyncIterator[Opened]:
    """Opens tabs, which are closed, and judged, after the test."""
    async with AsyncExitStack() as tabs:

        async def open_one(url: str, **how: Any) -> Tab:
            tab = await tabs.enter_async_context(open_tab(browser, url, **how))
            tab.page.set_default_timeout(PATIENCE)
            return tab

        yield open_one
