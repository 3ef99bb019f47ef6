"""The HTTP server: on loopback only, for this host's own callers only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.local_slack.serving import oauth, response_urls, transfers
from bot.local_slack.serving.api import Api
from bot.local_slack.workspace import WORKSPACE, Workspace

_BODY_MOST = 256 << 20
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def own_callers_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses names that were rebound to this address, and pages of other sites that reach for it."""
    own = request.app[WORKSPACE].url.removeprefix("http://")
    hosts = {own, own.replace("127.0.0.1", "localhost")}
    origin = request.headers.get("Origin")
    if request.headers.get("Host") not in hosts:
        raise web.HTTPForbidden(text="This server answers only to its own address.")
    if origin is not None and origin.removeprefix("http://") not in hosts:
        raise web.HTTPForbidden(text="This server answers only to its own pages.")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise web.HTTPForbidden(text="This server answers only to its own pages.")
    return await handler(request)


def application(workspace: Workspace) -> web.Application:
    app = web.Application(middlewares=[own_callers_only], client_max_size=_BODY_MOST)
    app[WORKSPACE] = workspace
    api = Api(workspace)
    app.router.add_route("*", "/api/{method}", api.serve)
    app.router.add_get("/oauth/v2/authorize", oauth.authorize)
    app.router.add_get("/link/", workspace.sockets.accept)
    app.router.add_post("/upload/v1/{ticket}", transfers.upload)
    app.router.add_get("/files-pri/{team}-{file}/download/{name}", transfers.download)
    app.router.add_get("/files-pri/{team}-{file}/{name}", transfers.download)
    app.router.add_post("/response/{key}", response_urls.respond)
    return app


async def listen(app: web.Application, port: int) -> web.AppRunner:
    """Serves on 127.0.0.1; port 0 is any free one. Raises: OSError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner
