"""Opening and changing what one person sees. What Slack refuses is logged: whoever calls says what happens then.

https://docs.slack.dev/surfaces/modals: a trigger opens one modal, within three seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.slack.surface.blocks import View
from bot.slack.web import Refused, Unsure, Web

log = logging.getLogger(__name__)

PATIENCE = 2.5
"""Seconds for opening: later the trigger is no good any more."""
LONGER = 15.0


class Screens:
    """Modals and home tabs. Nothing here raises."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def open(self, body: Mapping[str, Any], view: View) -> str:
        """Open a modal by the trigger in a payload, on top of the one the payload comes from. Returns its id, or ""."""
        client = self._web.client
        method = client.views_push if (body.get("view") or {}).get("type") == "modal" else client.views_open
        told = await self._told(method, PATIENCE, trigger_id=body.get("trigger_id"), view=view)
        return str(told["view"]["id"]) if told else ""

    async def show(self, view_id: str, view: View) -> bool:
        """Put another view in the place of an open one; False too when it was closed meanwhile."""
        return await self._told(self._web.client.views_update, LONGER, view_id=view_id, view=view) is not None

    async def publish(self, user: str, view: View) -> bool:
        """Somebody's home tab."""
        return await self._told(self._web.client.views_publish, LONGER, user_id=user, view=view) is not None

    async def _told(
        self, method: Callable[..., Awaitable[Any]], patience: float, **arguments: Any
    ) -> dict[str, Any] | None:
        try:
            return await self._web.call(method, patience=patience, **arguments)
        except Refused as refused:
            log.info("No view: %s %s", refused, refused.told.get("response_metadata") or "")
        except Unsure as error:
            log.info("No view: %s", error)
        return None
