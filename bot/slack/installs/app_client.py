"""Slack's methods for an app that has no token yet."""

from __future__ import annotations

from typing import Any

from aiohttp import encode_basic_auth
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.web import Web


class AppClient(AsyncWebClient):
    """One that names the app in the header itself: the SDK does it in a way that aiohttp is going to drop."""

    @classmethod
    def of(cls, web: Web) -> AppClient:
        """Over the connections of `web`."""
        client = cls(base_url=web.client.base_url, session=web.session, timeout=web.client.timeout, retry_handlers=[])
        client.proxy = web.client.proxy
        return client

    async def oauth_v2_access(self, *, client_id: str, client_secret: str, **told: Any) -> AsyncSlackResponse:
        """Raises: SlackApiError for what Slack refuses; TimeoutError when it only has no time."""
        header = {"Authorization": encode_basic_auth(client_id, client_secret)}
        try:
            return await self.api_call("oauth.v2.access", data=told, headers=header)
        except SlackApiError as error:
            if error.response.status_code == 200:
                raise
            raise TimeoutError from None
