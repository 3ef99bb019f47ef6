"""Starting and stopping the provider: in a thread of its own, or in the running loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.provider.heard import Heard
from tests.provider.routes import routes
from tests.provider.script import Act
from tests.provider.server import Server
from tests.provider.shelf import Shelf

LARGEST = 1 << 29
"""Bytes of a request this server reads at all; the wires have limits of their own."""
MODELS = ("messages", "chat", "responses", "generate")


@dataclass
class Provider:
    """A provider that runs. The address is `url`; OpenAI's SDK wants `openai_url`."""

    url: str
    server: Server

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def requests(self) -> Sequence[Heard]:
        """All that was heard, uploads and lists included."""
        return self.server.heard

    @property
    def heard(self) -> Sequence[Heard]:
        """What models were asked."""
        return [each for each in self.server.heard if each.wire in MODELS]

    @property
    def refused(self) -> Sequence[str]:
        """Why requests were not valid."""
        return [each.refused for each in self.server.heard if each.refused]

    @property
    def shelf(self) -> Shelf:
        """Files, batches and cached prompts."""
        return self.server.shelf

    @property
    def most_busy(self) -> int:
        """Requests that were under way at once, at most."""
        return self.server.most_busy

    async def quiet(self) -> None:
        """Wait until no request is being answered. Only where the provider runs in this loop."""
        await self.server.idle.wait()

    def play(self, *script: Act) -> None:
        """From now on this script."""
        self.server.script = list(script)


@asynccontextmanager
async def opened(
    *script: Act,
    keys: Collection[str] | None = None,
    models: Collection[str] | None = None,
    keep_alive: bool = False,
    strict: bool = True,
    remember: bool = True,
) -> AsyncIterator[Provider]:
    """In the running loop, on a free port.

    `keys` are those accepted and `models` those that exist: any when None. `keep_alive` leaves connections open, as
    real ones do; clients that nobody closes then warn. `strict`: a request that is not valid fails the test at the
    end, whatever was made of its refusal. `remember`: off, sizes and counts of requests are kept, not their bytes.
    """
    server = Server(script, Shelf(keys=keys, models=models), keep_alive=keep_alive, remember=remember)
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(routes(server))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
        provider = Provider(f"http://127.0.0.1:{runner.addresses[0][1]}", server)
        yield provider
        _complain(provider, strict)
    finally:
        await runner.cleanup()


@contextmanager
def serving(*script: Act, strict: bool = True, **more: Any) -> Iterator[Provider]:
    """The same in a thread of its own, for tests that are not async or block their loop."""
    started: list[Provider] = []
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def run() -> None:
        try:
            async with opened(*script, strict=False, **more) as provider:
                started.append(provider)
                ready.set()
                await over.wait()
        finally:
            ready.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield started[0]
        _complain(started[0], strict)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def _complain(provider: Provider, strict: bool) -> None:
    if provider.server.errors:
        raise provider.server.errors[0]
    wrong = [each.refused for each in provider.requests if each.refused and not each.denied and each.status != 404]
    assert not (strict and wrong), f"The provider was sent what it does not take: {wrong}"
