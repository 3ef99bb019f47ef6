"""One tab of a browser at the page of a workspace, by the names that a screen reader says."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request

ARTEFACTS = Path(os.environ.get("SPYGLASS_ARTEFACTS") or Path(__file__).parent / "screenshots")
WITHIN = ("data", "blob", "about")
"""Schemes of what comes from nowhere."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@dataclass
class Tab:
    """What one person sees, and what must never be: requests to anywhere else, and complaints in the console."""

    page: Page
    url: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    # --- where ----------------------------------------------------------------------------------

    async def go(self, user: str, channel: str, thread: str = "") -> None:
        """To a conversation as that person."""
        where = {"user": user, "channel": channel, "thread": thread}
        await self.page.goto(f"{self.url}/#{urlencode({name: value for name, value in where.items() if value})}")

    async def picture(self, name: str) -> None:
        """A screenshot, kept to be looked at."""
        await self.page.screenshot(path=ARTEFACTS / f"{name}.png")

    # --- what there is --------------------------------------------------------------------------

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("region", name="Thread")

    @property
    def replies(self) -> Locator:
        return self.thread.get_by_role("log", name="Replies")

    def box(self, where: Locator | None = None) -> Locator:
        """Where a message is typed: the channel's, or that of the thread."""
        if where is not None:
            return where.get_by_role("textbox", name="Reply")
        return self.page.get_by_role("main").get_by_role("textbox", name=re.compile("^Message "))

    # --- what people do -------------------------------------------------------------------------

    async def say(self, text: str, *files: Path, where: Locator | None = None) -> None:
        """Type, choose files, send."""
        if files:
            await self.choose(files, where)
        await self.box(where).fill(text)
        await self.box(where).press("Enter")

    async def choose(self, files: Sequence[Path], where: Locator | None = None) -> None:
        async with self.page.expect_file_chooser() as opened:
            await (where or self.page.get_by_role("main")).get_by_role("button", name="Add files").click()
        await (await opened.value).set_files(files)

    async def open_thread(self, said: str) -> None:
        await (
            self.messages.get_by_role("article")
            .filter(has_text=said)
            .get_by_role("button", name=re.compile(r"\d+ repl"))
            .click()
        )

    # --- what must not be -----------------------------------------------------------------------

    def watch(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def forgive(self, part: str) -> None:
        """Complaints that say that were to be expected."""
        self.complaints = [said for said in self.complaints if part not in said]

    def _asked(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in WITHIN and where.netloc != urlsplit(self.url).netloc:
            self.outside.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@asynccontextmanager
async def open_tab(browser: Browser, url: str, **how: Any) -> AsyncIterator[Tab]:
    """A tab with cookies and storage of its own. `how`: as Playwright's new_context has it."""
    context = await browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **how})
    try:
        tab = Tab(await context.new_page(), url)
        tab.watch()
        yield tab
        assert not tab.outside, tab.outside
        assert not tab.complaints, tab.complaints
    finally:
        await context.close()
