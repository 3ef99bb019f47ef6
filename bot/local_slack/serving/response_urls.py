"""Where the app answers an interaction later: five times within half an hour.

https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
"""

from __future__ import annotations

import json
import secrets
import time
from functools import partial

from aiohttp import web

from bot.local_slack.acts import posting
from bot.local_slack.records.content import content
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError
from bot.local_slack.spoiling import spoilable
from bot.local_slack.workspace import WORKSPACE, Call, ResponseUrl, Workspace

_USES = 5
_SECONDS = 1800


def issue(workspace: Workspace, **what: str | None) -> str:
    """A new URL; `what`: the channel, the user, and the message the interaction came from."""
    key = secrets.token_urlsafe(24)
    workspace.response_urls[key] = ResponseUrl(at=time.monotonic(), **what)  # type: ignore[arg-type]
    return f"{workspace.url}/response/{key}"


async def respond(request: web.Request) -> web.StreamResponse:
    """The route of those URLs."""
    arguments = await _arguments(request)
    return await spoilable(request, "response_url", arguments, partial(_respond, request, arguments))


async def _respond(request: web.Request, arguments: Json) -> web.Response:
    workspace, started = request.app[WORKSPACE], time.time()
    body: Json = {"ok": True}
    status = 200
    try:
        answer(workspace, _usable(workspace, request.match_info["key"]), arguments)
    except SlackError as error:
        body, status = {"ok": False, "error": error.code}, 404 if error.code.endswith("_url") else 400
    workspace.calls.append(Call("response_url", arguments, body, status, started, time.time()))
    workspace.changes.note("call", method="response_url")
    return web.Response(text="ok") if status == 200 else web.json_response(body, status=status)


async def _arguments(request: web.Request) -> Json:
    try:
        value = json.loads(await request.text())
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _usable(workspace: Workspace, key: str) -> ResponseUrl:
    url = workspace.response_urls.get(key)
    if url is None or time.monotonic() - url.at > _SECONDS:
        raise SlackError("expired_url")
    if url.used >= _USES:
        raise SlackError("used_url")
    url.used += 1
    return url


def answer(workspace: Workspace, url: ResponseUrl, arguments: Json) -> None:
    """Does what the app says: replaces or deletes the message it came from, or says something new."""
    ask = Ask(workspace, arguments)
    channel = workspace.state.channels[url.channel]
    if ask.flag("delete_original") or ask.flag("replace_original"):
        _original(ask, url)
        return
    said = content(ask)
    message = posting.by_bot(workspace, said.pop("text", ""), **said, thread_ts=_thread(ask, url))
    if ask.text("response_type", "ephemeral") == "in_channel":
        posting.post(workspace, channel, message)
    else:
        posting.ephemeral(workspace, channel, url.user, message)


def _thread(ask: Ask, url: ResponseUrl) -> str | None:
    return ask.text("thread_ts") or url.thread_ts


def _original(ask: Ask, url: ResponseUrl) -> None:
    channel = ask.workspace.state.channels[url.channel]
    if url.ephemeral is not None:
        found = next(one for one in channel.ephemerals if one["ts"] == url.ephemeral)
        _change_ephemeral(ask, channel.ephemerals, found)
        return
    record = channel.messages.get(url.message_ts or "")
    if record is None:
        raise SlackError("message_not_found")
    if ask.flag("delete_original"):
        posting.delete(ask.workspace, channel, record)
    else:
        posting.change(ask.workspace, channel, record, {"blocks": None, "text": "", **content(ask)})


def _change_ephemeral(ask: Ask, ephemerals: list[Json], record: Json) -> None:
    if ask.flag("delete_original"):
        ephemerals.remove(record)
    else:
        record.pop("blocks", None)
        record.update(content(ask))
    ask.workspace.changes.note("ephemeral", channel=record.get("channel"), ts=record["ts"])
