"""People's side over HTTP, for tests in another process and for the page: `/_local/…`, JSON in and out.

Every request carries the local token: `Authorization: Bearer …`, or `?token=…` where a header cannot be
set. People are named; channels are ids; messages are ts. What goes wrong is answered `{"error": sentence}`: 400 for
what makes no sense or is not there, 502 when the app did not answer an interaction.

POST /_local/<act> with a JSON object:
- people {name, role?} -> {id, name}; channels {name, members: [name], private?, bot?} -> {id}; dm {person} -> {id};
  group_dm {people: [name]} -> {id}; invite, remove {channel, person?}; archive, unarchive {channel}
- post {person, channel, text?, files?, thread_ts?, mention?, broadcast?} -> {ts}; a file is {name, base64} with the
  fields of `Upload`, or {id}; edit {person, channel, ts, text}; delete {person, channel, ts}; react, unreact {…, name}
- press {person, channel, ts, action_id, value?}; press_in_view {person, view_id, action_id, value?};
  slash {person, channel, command, text?}; submit {person, view_id, values}; close {person, view_id} -> {answer}
- home {person, tab?} -> {id}; delete_file {person, file}; bot_posts {channel, text, bot?, thread_ts?} -> {ts}
- faults {name, …}: a method of `Faults` with its arguments, or {name, value} for one of its switches

GET /_local/state, messages?channel=&thread_ts=&person=, screen?person= (modal and home tab), panel?channel=&thread_ts=
(status, title, prompts), calls?after=N and deliveries?after=N (with `next`), files/<id> (bytes), and
changes: server-sent events, one a change, each `data: {"kind": …}`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from bot.local_slack import transfers
from bot.local_slack.delivery import Unanswered
from bot.local_slack.local_acts import ACTS
from bot.local_slack.store import Json
from bot.local_slack.workspace import WORKSPACE

if TYPE_CHECKING:
    from bot.local_slack.local import LocalSlack

Look = Callable[["LocalSlack", web.Request], Json]
_Handler = Callable[["LocalSlack", web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application, slack: LocalSlack) -> None:
    """Puts them on the server."""
    app.router.add_post("/_local/{act}", _guarded(slack, _act))
    app.router.add_get("/_local/files/{file}", _guarded(slack, _file))
    app.router.add_get("/_local/changes", _guarded(slack, _changes))
    app.router.add_get("/_local/{look}", _guarded(slack, _look))


def _guarded(slack: LocalSlack, handler: _Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def guarded(request: web.Request) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.query.get("token", "")
        if not secrets.compare_digest(given.encode(), slack.local_token.encode()):
            return _refused(401, "The local token is missing or wrong.")
        return await handler(slack, request)

    return guarded


def _refused(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


async def _act(slack: LocalSlack, request: web.Request) -> web.Response:
    act = ACTS.get(request.match_info["act"])
    if act is None:
        return _refused(404, f"There is no act {request.match_info['act']}; there are {', '.join(sorted(ACTS))}.")
    try:
        return web.json_response(await act(slack, await _said(request)))
    except Unanswered as error:
        return _refused(502, str(error))
    except KeyError as error:
        return _refused(400, f"There is no {error.args[0]}.")
    except (TypeError, ValueError) as error:
        return _refused(400, str(error))


async def _said(request: web.Request) -> Json:
    """Raises: ValueError when that is no JSON object."""
    try:
        said = json.loads(await request.read())
    except RecursionError:
        said = None
    if not isinstance(said, dict):
        raise ValueError("Send a JSON object.")
    return said


async def _look(slack: LocalSlack, request: web.Request) -> web.Response:
    look = _LOOKS.get(request.match_info["look"])
    if look is None:
        return _refused(404, f"There is nothing to see at {request.match_info['look']}.")
    try:
        return web.json_response(look(slack, request))
    except (KeyError, ValueError) as error:
        return _refused(400, f"There is no {error.args[0]}.")


def _state(slack: LocalSlack, request: web.Request) -> Json:
    state = slack.workspace.state
    people = [asdict(user) for user in state.users.values()]
    return {"people": people, "channels": [c.document() for c in state.channels.values()], **slack.summary()}


def _messages(slack: LocalSlack, request: web.Request) -> Json:
    channel, thread = request.query["channel"], request.query.get("thread_ts")
    person = request.query.get("person")
    found = slack.person(person).messages(channel, thread) if person else slack.messages(channel, thread)
    return {"messages": found}


def _screen(slack: LocalSlack, request: web.Request) -> Json:
    person = slack.person(request.query["person"])
    return {"view": person.view(), "home": person.home()}


def _panel(slack: LocalSlack, request: web.Request) -> Json:
    channel, thread = request.query["channel"], request.query.get("thread_ts")
    shown = {"prompts": slack.prompts(channel, thread)}
    if thread is None:
        return shown
    return {**shown, "status": slack.status(channel, thread), "title": slack.title(channel, thread)}


def _calls(slack: LocalSlack, request: web.Request) -> Json:
    after = int(request.query.get("after", "0"))
    return {"calls": [asdict(call) for call in slack.calls[after:]], "next": len(slack.calls)}


def _deliveries(slack: LocalSlack, request: web.Request) -> Json:
    after = int(request.query.get("after", "0"))
    return {"deliveries": [asdict(one) for one in slack.deliveries[after:]], "next": len(slack.deliveries)}


_LOOKS: dict[str, Look] = {
    "state": _state,
    "messages": _messages,
    "screen": _screen,
    "panel": _panel,
    "calls": _calls,
    "deliveries": _deliveries,
}


async def _file(slack: LocalSlack, request: web.Request) -> web.StreamResponse:
    record = slack.workspace.state.files.get(request.match_info["file"])
    if record is None or record.get("_deleted"):
        return _refused(404, "There is no such file.")
    return await transfers.send(request, request.app[WORKSPACE], record)


async def _changes(slack: LocalSlack, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    with slack.workspace.changes.followed() as changes:
        await response.write(b": follow\n\n")
        while True:
            change = await changes.get()
            await response.write(f"data: {json.dumps(change)}\n\n".encode())
