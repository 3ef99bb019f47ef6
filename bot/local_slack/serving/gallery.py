"""The gallery of the page: the app's archive as one person may see it. The app says what that is; this only carries it.

GET /_local/gallery?person=&… -> what `Gallery.page` gives; GET /_local/gallery/<id>?person= -> a PNG.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from bot.local_slack.records.store import Json

if TYPE_CHECKING:
    from bot.local_slack.local import LocalSlack

CLOSED = "Spyglass is not here yet, so there is no gallery: try again in a moment."


class Gallery(Protocol):
    """What the app shows of its archive."""

    async def page(self, user: str, asked: Mapping[str, str]) -> Json:
        """The images that the user may see and asked for, and by what they can be narrowed. Never raises for what is
        asked: a sentence stands under ``problem``."""
        ...

    async def picture(self, user: str, key: str) -> bytes | None:
        """PNG of an image that the user may see; None for anything else."""
        ...


async def page(slack: LocalSlack, request: web.Request) -> web.StreamResponse:
    """Whom it is for is `person`; everything else is for the app."""
    asked = {name: value for name, value in request.query.items() if name not in ("person", "token")}
    user = _user(slack, request)
    if slack.gallery is None:
        return web.json_response({"problem": CLOSED})
    return web.json_response(await slack.gallery.page(user, asked))


async def picture(slack: LocalSlack, request: web.Request) -> web.StreamResponse:
    """The same answer for what is not there and for what is not theirs to see."""
    user = _user(slack, request)
    found = await slack.gallery.picture(user, request.match_info["key"]) if slack.gallery else None
    if found is None:
        return web.json_response({"error": "There is no such image."}, status=404)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=found, content_type="image/png", headers=headers)


def _user(slack: LocalSlack, request: web.Request) -> str:
    """Id of whose eyes these are."""
    known = slack.workspace.state.user_named(request.query.get("person", ""))
    if known is None:
        refused = json.dumps({"error": "There is nobody of that name in the workspace."})
        raise web.HTTPBadRequest(text=refused, content_type="application/json")
    return known.id
