"""What people can be made to do over `/_local/`: a function is an act because `@act` stands over it."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.local_slack.acts.filing import Posted, Upload
from bot.local_slack.people import Person
from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.local import LocalSlack

Act = Callable[["LocalSlack", Json], Awaitable[Json]]
ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    """Makes a function `POST /_local/<its name>`: the workspace and a JSON object in, a JSON object out."""
    ACTS[function.__name__] = function
    return function


def _who(slack: LocalSlack, said: Json) -> Person:
    return slack.person(said["person"])


@act
async def people(slack: LocalSlack, said: Json) -> Json:
    person = slack.person(said["name"], said.get("role", "member"))
    return {"id": person.id, "name": person.name}


@act
async def channels(slack: LocalSlack, said: Json) -> Json:
    members = [slack.person(name) for name in said.get("members", ())]
    private, bot = said.get("private", False), said.get("bot", True)
    return {"id": await slack.channel(said["name"], members, private=private, bot=bot)}


@act
async def dm(slack: LocalSlack, said: Json) -> Json:
    return {"id": _who(slack, said).dm()}


@act
async def group_dm(slack: LocalSlack, said: Json) -> Json:
    return {"id": await slack.group_dm([slack.person(name) for name in said["people"]])}


@act
async def invite(slack: LocalSlack, said: Json) -> Json:
    await slack.invite(said["channel"], _who(slack, said) if "person" in said else None)
    return {}


@act
async def remove(slack: LocalSlack, said: Json) -> Json:
    await slack.remove(said["channel"], _who(slack, said) if "person" in said else None)
    return {}


@act
async def archive(slack: LocalSlack, said: Json) -> Json:
    await slack.archive(said["channel"])
    return {}


@act
async def unarchive(slack: LocalSlack, said: Json) -> Json:
    await slack.unarchive(said["channel"])
    return {}


@act
async def post(slack: LocalSlack, said: Json) -> Json:
    files = [_file(one) for one in said.get("files", ())]
    how = {name: said[name] for name in ("thread_ts", "mention", "broadcast") if name in said}
    return {"ts": await _who(slack, said).post(said["channel"], said.get("text", ""), files=files, **how)}


def _file(said: Json) -> Posted:
    if "id" in said:
        return str(said["id"])
    odd = {name: value for name, value in said.items() if name not in ("name", "base64")}
    return Upload(said["name"], base64.b64decode(said.get("base64", "")), **odd)


@act
async def edit(slack: LocalSlack, said: Json) -> Json:
    await _who(slack, said).edit(said["channel"], said["ts"], said["text"])
    return {}


@act
async def delete(slack: LocalSlack, said: Json) -> Json:
    await _who(slack, said).delete(said["channel"], said["ts"])
    return {}


@act
async def react(slack: LocalSlack, said: Json) -> Json:
    await _who(slack, said).react(said["channel"], said["ts"], said["name"])
    return {}


@act
async def unreact(slack: LocalSlack, said: Json) -> Json:
    await _who(slack, said).unreact(said["channel"], said["ts"], said["name"])
    return {}


@act
async def press(slack: LocalSlack, said: Json) -> Json:
    person, value = _who(slack, said), said.get("value")
    return {"answer": await person.press(said["channel"], said["ts"], said["action_id"], value)}


@act
async def press_in_view(slack: LocalSlack, said: Json) -> Json:
    person, value, values = _who(slack, said), said.get("value"), said.get("values", {})
    return {"answer": await person.press_in_view(said["view_id"], said["action_id"], value, values)}


@act
async def suggest(slack: LocalSlack, said: Json) -> Json:
    person, typed = _who(slack, said), said.get("value", "")
    return {"answer": await person.suggestions(said["view_id"], said["action_id"], typed)}


@act
async def shortcut(slack: LocalSlack, said: Json) -> Json:
    return {"answer": await _who(slack, said).shortcut(said["callback_id"])}


@act
async def message_action(slack: LocalSlack, said: Json) -> Json:
    return {"answer": await _who(slack, said).message_action(said["channel"], said["ts"], said["callback_id"])}


@act
async def slash(slack: LocalSlack, said: Json) -> Json:
    person = _who(slack, said)
    return {"answer": await person.slash(said["command"], said.get("text", ""), said["channel"])}


@act
async def submit(slack: LocalSlack, said: Json) -> Json:
    return {"answer": await _who(slack, said).submit(said["view_id"], said.get("values", {}))}


@act
async def close(slack: LocalSlack, said: Json) -> Json:
    await _who(slack, said).close(said["view_id"], all_of_them=said.get("all", False))
    return {}


@act
async def home(slack: LocalSlack, said: Json) -> Json:
    return {"id": await _who(slack, said).open_app_home(said.get("tab", "messages"))}


@act
async def delete_file(slack: LocalSlack, said: Json) -> Json:
    await _who(slack, said).delete_file(said["file"])
    return {}


@act
async def bot_posts(slack: LocalSlack, said: Json) -> Json:
    how = {name: said[name] for name in ("bot", "thread_ts") if name in said}
    return {"ts": await slack.bot_posts(said["channel"], said["text"], **how)}


@act
async def faults(slack: LocalSlack, said: Json) -> Json:
    slack.faults.switch(**said)
    return {}
