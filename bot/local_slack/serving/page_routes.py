"""The page of the workspace: its files under `/`, and who may use them.

Whoever may open `/` (this host's own callers, see `server`) gets the local token as a cookie that no script reads
and no other site sends. Everything else the page does goes over `/_local/…`, see `local_api`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from bot.local_slack.workspace import WORKSPACE

if TYPE_CHECKING:
    from bot.local_slack.local import LocalSlack

FOLDER = Path(__file__).resolve().parents[1] / "page"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_HEADERS = {
    # Nothing from outside, nothing inline: what a message says can never become a script or a request elsewhere.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def cookie_name(request: web.Request) -> str:
    """Cookies do not tell ports apart; two workspaces on one machine must."""
    return f"local_slack_{request.app[WORKSPACE].url.rpartition(':')[2]}"


def add_routes(app: web.Application, slack: LocalSlack) -> None:
    """Puts them on the server."""

    async def page(request: web.Request) -> web.StreamResponse:
        response = _file(FOLDER / "index.html")
        response.set_cookie(cookie_name(request), slack.local_token, httponly=True, samesite="Strict")
        return response

    app.router.add_get("/", page)
    app.router.add_get("/page/{path:.+}", _asset)
    app.router.add_get("/archives/{channel}/p{ts:\\d{7,}}", _permalink)


async def _asset(request: web.Request) -> web.StreamResponse:
    path = (FOLDER / request.match_info["path"]).resolve()
    if not path.is_relative_to(FOLDER) or path.suffix not in TYPES or not path.is_file():
        raise web.HTTPNotFound(text="There is no such file.")
    return _file(path)


def _file(path: Path) -> web.FileResponse:
    return web.FileResponse(path, headers={**_HEADERS, "Content-Type": TYPES[path.suffix]})


async def _permalink(request: web.Request) -> web.StreamResponse:
    """As chat.getPermalink gives it: the page, at that message."""
    digits = request.match_info["ts"]
    where = {"channel": request.match_info["channel"], "message": f"{digits[:-6]}.{digits[-6:]}"}
    thread = request.query.get("thread_ts")
    raise web.HTTPFound(f"/#{urlencode(where | ({'thread': thread} if thread else {}))}")
