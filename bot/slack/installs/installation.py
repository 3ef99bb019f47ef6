"""One installation of the app: the key to one workspace, or to a whole Enterprise Grid organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from bot.slack.events import Identity


@dataclass(frozen=True)
class Installation:
    """Who we are there, and the token we speak with. Its `repr` shows no token."""

    bot: Identity
    token: SecretStr
    since: float
    """When it was made, or found to be good: seconds since 1970."""

    @property
    def team(self) -> str:
        """What all that is kept for it begins with: the workspace's id, or the organisation's where the app is
        installed for all of it. (There a channel can be in several workspaces, and payloads name any of them.)"""
        return self.bot.team


class Installations(Protocol):
    """Where the app is installed."""

    async def of(self, team: str) -> Installation | None:
        """The installation of that id, as it is now; None where there is none (any more)."""
        ...

    async def teams(self) -> list[str]:
        """All of them."""
        ...

    async def remove(self, team: str) -> None:
        """The app is no longer there, and its token nowhere."""
        ...


class Single:
    """The one workspace whose token is in the settings."""

    def __init__(self) -> None:
        self._installation: Installation | None = None

    async def of(self, team: str) -> Installation | None:
        return self._installation if self._installation and team == self._installation.team else None

    async def teams(self) -> list[str]:
        return [self._installation.team] if self._installation else []

    def come(self, installation: Installation) -> None:
        """It is there."""
        self._installation = installation

    async def remove(self, team: str) -> None:
        if await self.of(team):
            self._installation = None
