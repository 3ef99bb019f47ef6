"""People's side over HTTP, for tests in another process and for the page: `/_local/…`, JSON in and out.

Every request carries the local token: `Authorization: Bearer …`, or `?token=…` where a header cannot be set. What is not
there is answered 404 and what makes no sense 400, both with `{"error": sentence}`.

    POST /_local/people {name, role?} -> {id, name}                POST /_local/channels {name, members: [name], private?, bot?} -> {id}
    GET  /_local/state -> {people, channels, team, bot_user}       GET  /_local/messages?channel=&thread_ts=&person= -> {messages}
    POST /_local/post {person, channel, text?, thread_ts?, mention?, broadcast?, files?: [{name, base64, …Upload}]} -> {ts}
    POST /_local/edit {person, channel, ts, text}                  POST /_local/delete {person, channel, ts}
    POST /_local/react {person, channel, ts, name}                 POST /_local/press {person, channel, ts, action_id, value?}
    POST /_local/slash {person, channel, command, text?}           POST /_local/submit {person, view_id, values}
    POST /_local/close {person, view_id}                           POST /_local/press_in_view {person, view_id, action_id, value?}
    POST /_local/home {person, tab?} -> {channel}                  POST /_local/dm {person} -> {channel}
    POST /_local/delete_file {person, file}                        GET  /_local/files/{id} -> its bytes
    POST /_local/invite|remove {channel, person?}                  POST /_local/archive|unarchive {channel}
    GET  /_local/view?person= -> {view, home}                      GET  /_local/calls?after=N -> {calls, next}
    GET  /_local/deliveries?after=N -> {deliveries, next}          GET  /_local/status?channel=&thread_ts= -> {status, title, prompts}
    POST /_local/faults {name, …arguments}: a method of Faults, or {name, value} for one of its switches
    GET  /_local/changes -> server-sent events, one a change
"""

from __future__ import annotations

from aiohttp import web


def add_routes(app: web.Application) -> None:
    """Puts them on the server."""
