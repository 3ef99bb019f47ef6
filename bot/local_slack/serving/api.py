"""The Web API: who may call what, the faults that are switched on, and the log of every call."""

from __future__ import annotations

import json
import math
import time

from aiohttp import web

from bot.local_slack.methods import Method, load
from bot.local_slack.records.store import Json
from bot.local_slack.serving import oauth
from bot.local_slack.serving.asking import Ask, SlackError, missing_scope
from bot.local_slack.spoiling import Answer, failed, spoil
from bot.local_slack.workspace import Call, Workspace

_APP_SCOPES = ("connections:write",)
_SECRET = "token"  # noqa: S105 (an argument's name)


class Api:
    """Serves `/api/<method>`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._methods = load()

    async def serve(self, request: web.Request) -> web.Response:
        started, name = time.time(), request.match_info["method"]
        token, arguments = await _read(request)
        failure = self._workspace.faults.take_failure(name, arguments)
        refused = failure is not None and not failure.after
        real = failed(failure) if failure and refused else self._answer(name, token, arguments)
        answer = failed(failure) if failure else real
        self._log(Call(name, arguments, real.body, answer.status, started, time.time()))
        if failure is not None:
            await spoil(request, failure)
        return self._response(name, answer)

    def _answer(self, name: str, token: str, arguments: Json) -> Answer:
        method = self._methods.get(name)
        if method is None:
            return Answer({"ok": False, "error": "unknown_method", "req_method": name})
        try:
            self._admit(method, token)
            wait = self._workspace.faults.take_limit(name, str(arguments.get("channel", "")))
            if wait:
                return Answer({"ok": False, "error": "ratelimited"}, 429, math.ceil(wait))
            return Answer({"ok": True, **method.run(Ask(self._workspace, arguments))})
        except SlackError as error:
            return Answer({"ok": False, "error": error.code, **error.more})

    def _admit(self, method: Method, token: str) -> None:
        """Raises: SlackError when the token is none, the wrong one, or may not do this."""
        if method.token == "none":  # noqa: S105 (a kind, no secret)
            return
        who = self._workspace.state.identity
        if method.token == "client":  # noqa: S105
            oauth.admit(self._workspace, token)
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (who.bot_token, who.app_token):
            raise SlackError("invalid_auth")
        if who.revoked:
            raise SlackError("token_revoked")
        if token != (who.app_token if method.token == "app" else who.bot_token):  # noqa: S105
            raise SlackError("not_allowed_token_type")
        granted = _APP_SCOPES if method.token == "app" else self._workspace.scopes  # noqa: S105
        if method.scopes and not any(scope in granted for scope in method.scopes):
            raise missing_scope(method.scopes[0], granted)

    def _log(self, call: Call) -> None:
        self._workspace.calls.append(call)
        self._workspace.changes.note("call", method=call.method)

    def _response(self, name: str, answer: Answer) -> web.Response:
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._workspace.scopes))}
        if name in self._methods:
            headers["X-Accepted-OAuth-Scopes"] = ",".join(self._methods[name].scopes)
        return answer.response(headers)


async def _read(request: web.Request) -> tuple[str, Json]:
    """The token and the arguments: from the query, a form or JSON, whichever of them there are."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= _object(await request.read())
    elif request.method == "POST":
        arguments |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    header = request.headers.get("Authorization", "")
    kind, _, credentials = header.partition(" ")
    token = credentials.strip() if kind in ("Bearer", "Basic") else ""
    inside = arguments.pop(_SECRET, "")
    return token or str(inside), arguments


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
