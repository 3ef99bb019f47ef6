"""Who somebody is, as users.info says, remembered for a while."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.web import Refused, Unsure, Web
from bot.slack.words import one_line

log = logging.getLogger(__name__)

REMEMBERED = 600.0
"""Seconds: a member who becomes a guest is one to us that much later."""
MOST = 5_000
PATIENCE = 10.0
NAMED = 25
"""People of one message whose names are looked up; the others go by their ids. A message can call thousands."""
LESS = ("is_restricted", "is_ultra_restricted", "deleted", "is_bot")
"""What a full member is not."""
HIDDEN = {"user_not_found", "user_not_visible"}
"""What Slack says of people of other organisations whom it keeps from us."""


@dataclass(frozen=True)
class Person:
    """A user of the workspace, or somebody from outside who shares a channel with it."""

    id: str
    name: str
    """Their own choice: untrusted, on one short line."""
    guest: bool = False
    external: bool = False
    admin: bool = False
    """Admin or owner of the workspace. Those of another one have no say in this one."""
    known: bool = True
    """Slack told us of them."""
    full: bool = False
    """A member of the workspace, who can open every public channel of it."""
    zone: str = ""
    """Their time zone, as in ``Europe/Berlin``; empty where Slack does not say."""


class People:
    """Looks people up."""

    def __init__(self, web: Web, team: str) -> None:
        self._web = web
        self._team = team
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    async def person(self, user: str) -> Person:
        """Who that is. Somebody Slack tells us nothing of goes by the id, with the rights of a guest."""
        now = asyncio.get_running_loop().time()
        asked, person = self._known.get(user, (-REMEMBERED, None))
        if person is None or now - asked >= REMEMBERED:
            try:
                person = await self.ask(user)
            except (Refused, Unsure) as error:
                log.warning("Nothing is known of %s (%s).", user, error)
                hidden = isinstance(error, Refused) and error.error in HIDDEN
                return Person(user, user, guest=True, external=hidden, known=False)
            self._remember(user, now, person)
        return person

    async def names(self, users: Iterable[str]) -> Mapping[str, str]:
        """Display names by user id, of NAMED people at most."""
        named = sorted(user for user in users if user[:1] in "UW")[:NAMED]
        people = await asyncio.gather(*map(self.person, named))
        return {person.id: person.name for person in people}

    async def ask(self, user: str) -> Person:
        """Who that is by now. Raises: Refused; Unsure."""
        told = await self._web.call(self._web.client.users_info, user=user, patience=PATIENCE)
        return _person(told["user"], self._team)

    def _remember(self, user: str, now: float, person: Person) -> None:
        self._known[user] = (now, person)
        self._known.move_to_end(user)
        if len(self._known) > MOST:
            self._known.popitem(last=False)


def is_full(user: Mapping[str, Any], team: str) -> bool:
    """Whether that user object is of somebody who can open every public channel of the workspace: no guest, nobody from
    elsewhere, no bot, and not gone."""
    return not _is_external(user, team) and not any(user.get(name) for name in LESS)


def _is_external(user: Mapping[str, Any], team: str) -> bool:
    org = user.get("enterprise_user") or {}
    elsewhere = team not in {user.get("team_id") or team, org.get("enterprise_id"), *(org.get("teams") or ())}
    return bool(user.get("is_stranger")) or elsewhere


def called(user: Mapping[str, Any]) -> str:
    """What a user object of Slack's says they are called, on one short line."""
    told = user.get("profile")
    profile = told if isinstance(told, Mapping) else {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    return one_line(str(name or "")) or str(user["id"])


def _person(user: Mapping[str, Any], team: str) -> Person:
    external = _is_external(user, team)
    admin = bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner"))
    return Person(
        id=user["id"],
        name=called(user),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        external=external,
        admin=admin and not external,
        full=is_full(user, team),
        zone=str(user.get("tz") or ""),
    )
