"""Bytes in and out: the middle step of an upload, and downloads with the app's token.

A download with a wrong token, or without files:read, is answered 200 with the HTML of a login page: as Slack does it.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial

from aiohttp import web

from bot.local_slack.acts.filing import seen_by_bot
from bot.local_slack.records.store import Json
from bot.local_slack.spoiling import spoilable
from bot.local_slack.workspace import WORKSPACE, Workspace

_CHUNK = 64 << 10
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:; *[\w.+-]+=[\w.+-]+)*", re.ASCII)
_HARMLESS = "default-src 'none'; sandbox"  # a page that somebody posted is none of this server's own
_LOGIN = """<!DOCTYPE html><html lang="en-US"><head><title>Login | Slack</title></head>
<body class="sign_in"><form id="signin_form" action="/sign-in" method="post"><h1>Sign in to Slack</h1></form></body>
</html>
"""


async def upload(request: web.Request) -> web.StreamResponse:
    """POST of raw bytes, or of a form with one file, to an upload URL."""
    ticket = request.app[WORKSPACE].uploads.get(request.match_info["ticket"])
    if ticket is None:
        return web.Response(status=404, text="not found")
    return await spoilable(request, "upload", {"file": ticket["id"]}, partial(_upload, request, ticket))


async def _upload(request: web.Request, ticket: Json) -> web.Response:
    data = await _body(request)
    if len(data) != ticket["length"]:
        return web.Response(status=400, text=f"file size mismatch: expected {ticket['length']} bytes")
    ticket["data"] = data
    return web.Response(text=f"OK - {len(data)}")


async def _body(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    fields = await request.post()
    parts = [value.file.read() for value in fields.values() if isinstance(value, web.FileField)]
    return parts[0] if parts else b""


async def download(request: web.Request) -> web.StreamResponse:
    """The bytes of a file, for who may read it."""
    return await spoilable(request, "download", {"file": request.match_info["file"]}, partial(_download, request))


async def _download(request: web.Request) -> web.StreamResponse:
    workspace = request.app[WORKSPACE]
    if workspace.faults.login_page or not _may_read(workspace, request):
        return web.Response(text=_LOGIN, content_type="text/html")
    record = workspace.state.files.get(request.match_info["file"])
    if record is None or record.get("_deleted") or not seen_by_bot(workspace, record):
        return web.Response(status=404, text="<html><body>file_not_found</body></html>", content_type="text/html")
    return await send(request, workspace, record)


def _may_read(workspace: Workspace, request: web.Request) -> bool:
    who = workspace.state.identity
    right = request.headers.get("Authorization") == f"Bearer {who.bot_token}"
    return right and not who.revoked and "files:read" in workspace.scopes


def _kind(record: Json) -> str:
    """What people say it is may be anything."""
    said = str(record["mimetype"])
    return said if _TYPE.fullmatch(said) else "application/octet-stream"


async def send(request: web.Request, workspace: Workspace, record: Json) -> web.StreamResponse:
    """The bytes of a file, slowly when that fault is on."""
    data = workspace.state.store.bytes_of(record["id"])
    headers = {"Content-Type": _kind(record), "X-Content-Type-Options": "nosniff", "Content-Security-Policy": _HARMLESS}
    if not workspace.faults.slow_downloads:
        return web.Response(body=data, headers=headers)
    response = web.StreamResponse(headers=headers | {"Content-Length": str(len(data))})
    await response.prepare(request)
    for start in range(0, len(data), _CHUNK):
        await asyncio.sleep(workspace.faults.slow_downloads)
        await response.write(data[start : start + _CHUNK])
    return response
