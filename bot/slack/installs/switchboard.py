"""All that Slack sends the app, by Socket Mode or HTTP, handed to the Bolt app of the workspace it is for."""

from __future__ import annotations

import json
import logging

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltRequest

from bot.slack.installs.offices import Offices

log = logging.getLogger(__name__)


class Switchboard:
    """Dispatches as a Bolt app does. Over HTTP it takes what the door has verified."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """What is for nobody we know is acknowledged: it would be for nobody if it came again."""
        if req.body.get("type") == "url_verification":
            return _says_back(req.body.get("challenge"))
        office = await self._offices.whose(req.body)
        if office is None:
            log.info("Something of type %r is for a workspace without the app.", req.body.get("type") or "command")
            return BoltResponse(status=200)
        return await office.app.async_dispatch(req)


def _says_back(challenge: object) -> BoltResponse:
    body = json.dumps({"challenge": challenge})
    return BoltResponse(status=200, body=body, headers={"content-type": ["application/json"]})
