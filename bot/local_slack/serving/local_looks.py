"""What people see over `/_local/`: a function is a look because `@look` stands over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from bot.local_slack.records import shapes, streaming
from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.local import LocalSlack

Look = Callable[["LocalSlack", web.Request], Json]
HIDDEN = "(hidden)"
LOOKS: dict[str, Look] = {}


def look(function: Look) -> Look:
    """Makes a function `GET /_local/<its name>`: the workspace and the request in, a JSON object out."""
    LOOKS[function.__name__] = function
    return function


@look
def state(slack: LocalSlack, request: web.Request) -> Json:
    """`latest`: the ts of a channel's newest message, and who wrote it."""
    known = slack.workspace.state
    people = [asdict(user) for user in known.users.values()]
    channels = [{**channel.document(), "latest": _latest(channel)} for channel in known.channels.values()]
    offered = {"app": slack.offered, "statuses": slack.workspace.statuses()}
    return {"people": people, "channels": channels, **offered, **slack.summary()}


def _latest(channel: Channel) -> Json | None:
    newest = next(reversed(channel.messages.values()), None)
    return newest and {"ts": newest["ts"], "user": newest.get("user", "")}


@look
def messages(slack: LocalSlack, request: web.Request) -> Json:
    """The newest `limit` before the ts `before`; `more`: whether there are older ones."""
    channel, thread = request.query["channel"], request.query.get("thread_ts")
    person = request.query.get("person")
    found = slack.person(person).messages(channel, thread) if person else slack.messages(channel, thread)
    before, limit = request.query.get("before"), int(request.query.get("limit", len(found)))
    older = [message for message in found if before is None or message["ts"] < before]
    shown = [_live(slack, channel, one) for one in (older[-limit:] if limit else [])]
    return {"messages": shown, "more": len(older) > limit}


def _live(slack: LocalSlack, channel: str, message: Json) -> Json:
    """A message with `streaming` while it grows: for people only, the app is not told."""
    record = slack.workspace.state.channels[channel].messages.get(message["ts"])
    growing = record is not None and streaming.is_streaming(slack.workspace, record)
    return {**message, "streaming": True} if growing else message


@look
def message(slack: LocalSlack, request: web.Request) -> Json:
    """One message as the person sees it; null when it is gone or not theirs to see."""
    where = slack.workspace.state.channels[request.query["channel"]]
    ts, person = request.query["ts"], slack.person(request.query["person"])
    own = (one for one in where.ephemerals if one["_for"] == person.id and one["ts"] == ts)
    record = where.messages.get(ts) or next(own, None)
    return {"message": _live(slack, where.id, shapes.message(slack.workspace, where, record)) if record else None}


@look
def screen(slack: LocalSlack, request: web.Request) -> Json:
    person = slack.person(request.query["person"])
    return {"view": person.view(), "home": person.home()}


@look
def panel(slack: LocalSlack, request: web.Request) -> Json:
    channel, thread = request.query["channel"], request.query.get("thread_ts")
    around = slack.workspace.panel(channel, thread)
    shown: Json = {"prompts": around.prompts, "prompts_title": around.prompts_title}
    if thread is None:
        return shown
    return {**shown, "status": slack.status(channel, thread), "title": around.title}


@look
def calls(slack: LocalSlack, request: web.Request) -> Json:
    after = int(request.query.get("after", "0"))
    return {"calls": [_shown(asdict(call)) for call in slack.calls[after:]], "next": len(slack.calls)}


def _shown(call: Json) -> Json:
    """A token that was granted is for the app alone."""
    granted = "access_token" in call["response"]
    return {**call, "response": {**call["response"], "access_token": HIDDEN}} if granted else call


@look
def deliveries(slack: LocalSlack, request: web.Request) -> Json:
    after = int(request.query.get("after", "0"))
    return {"deliveries": [asdict(one) for one in slack.deliveries[after:]], "next": len(slack.deliveries)}
