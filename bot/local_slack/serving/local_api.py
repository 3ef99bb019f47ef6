"""People's side over HTTP, for tests in another process and for the page: `/_local/…`, JSON in and out.

Every request carries the local token: `Authorization: Bearer …`, `?token=…` where a header cannot be set, or the
cookie of the page (see `page_routes`). People are named; channels are ids; messages are ts. What goes wrong is answered
`{"error": sentence}`: 400 for what makes no sense or is not there, 502 when the app did not answer an interaction.

POST /_local/<act> with a JSON object:
- people {name, role?} -> {id, name}; channels {name, members: [name], private?, bot?} -> {id}; dm {person} -> {id};
  group_dm {people: [name]} -> {id}; invite, remove {channel, person?}; archive, unarchive {channel}
- post {person, channel, text?, files?, thread_ts?, mention?, broadcast?} -> {ts}; a file is {name, base64} with the
  fields of `Upload`, or {id}; edit {person, channel, ts, text}; delete {person, channel, ts}; react, unreact {…, name}
- press {person, channel, ts, action_id, value?}; press_in_view {person, view_id, action_id, value?, values?};
  slash {person, channel, command, text?}; submit {person, view_id, values}; close {person, view_id, all?} -> {answer}
- shortcut {person, callback_id}; message_action {person, channel, ts, callback_id}: what the app's manifest offers;
  suggest {person, view_id, action_id, value} -> {answer: {options}}, of an external menu in a modal
- home {person, tab?} -> {id}; delete_file {person, file}; bot_posts {channel, text, bot?, thread_ts?} -> {ts}
- faults {name, …}: a method of `Faults` with its arguments, or {name, value} for one of its switches

POST /_local/upload?person=&name= with a file's bytes -> {id}, to be posted later.

GET /_local/state (people, channels, what the app offers, statuses), messages?channel=&thread_ts=&person=&before=&limit=
(with `more`), message?channel=&ts=&person= (messages say `streaming` while they grow), screen?person= (modal and home
tab), panel?channel=&thread_ts= (status, title, prompts), calls?after=N and deliveries?after=N (with `next`), files/<id>
(bytes), and changes: server-sent events, one a change, each `data: {"kind": …}`; gallery and
gallery/<id>, see `gallery`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from bot.local_slack.acts import filing
from bot.local_slack.records.store import Json
from bot.local_slack.sending.delivery import Unanswered
from bot.local_slack.serving import gallery, transfers
from bot.local_slack.serving.local_acts import ACTS
from bot.local_slack.serving.local_looks import LOOKS
from bot.local_slack.serving.page_routes import cookie_name
from bot.local_slack.workspace import WORKSPACE

if TYPE_CHECKING:
    from bot.local_slack.local import LocalSlack

_Handler = Callable[["LocalSlack", web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application, slack: LocalSlack) -> None:
    """Puts them on the server."""
    app.router.add_post("/_local/upload", _guarded(slack, _upload))
    app.router.add_post("/_local/{act}", _guarded(slack, _act))
    app.router.add_get("/_local/files/{file}", _guarded(slack, _file))
    app.router.add_get("/_local/gallery", _guarded(slack, gallery.page))
    app.router.add_get("/_local/gallery/{key}", _guarded(slack, gallery.picture))
    app.router.add_get("/_local/changes", _guarded(slack, _changes))
    app.router.add_get("/_local/{look}", _guarded(slack, _look))


def _guarded(slack: LocalSlack, handler: _Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def guarded(request: web.Request) -> web.StreamResponse:
        if not secrets.compare_digest(_token(request).encode(), slack.local_token.encode()):
            return _refused(401, "The local token is missing or wrong.")
        return await handler(slack, request)

    return guarded


def _token(request: web.Request) -> str:
    header = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return header or request.query.get("token", "") or request.cookies.get(cookie_name(request), "")


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
    look = LOOKS.get(request.match_info["look"])
    if look is None:
        return _refused(404, f"There is nothing to see at {request.match_info['look']}.")
    try:
        return web.json_response(look(slack, request))
    except KeyError as error:
        return _refused(400, f"There is no {error.args[0]}.")
    except ValueError as error:
        return _refused(400, str(error))


async def _upload(slack: LocalSlack, request: web.Request) -> web.Response:
    person, name = request.query.get("person"), request.query.get("name")
    if not person or not name:
        return _refused(400, "Say whose file it is and what it is called: ?person=&name=.")
    return web.json_response({"id": await slack.person(person).upload(filing.Upload(name, await request.read()))})


async def _file(slack: LocalSlack, request: web.Request) -> web.StreamResponse:
    record = slack.workspace.state.files.get(request.match_info["file"])
    if record is None or record.get("_deleted"):
        return _refused(404, "There is no such file.")
    return await transfers.send(request, request.app[WORKSPACE], record)


async def _changes(slack: LocalSlack, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    with slack.workspace.changes.followed() as changes, suppress(ConnectionResetError):  # the tab was closed
        await response.write(b": follow\n\n")
        while True:
            change = await changes.get()
            await response.write(f"data: {json.dumps(change)}\n\n".encode())
    return response
