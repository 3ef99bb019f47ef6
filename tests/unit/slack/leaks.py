"""A town of people and channels that changes, Slack's word on it, and, told apart from the code, who may see what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Literal, cast

from bot.slack.audiences import Audiences
from bot.slack.audiences.changes import Changes, Marks, subjects_of
from bot.slack.audiences.directs import Directs
from bot.slack.audiences.roster import Roster
from bot.slack.events import Identity
from bot.slack.people import People
from bot.slack.web import Refused, Unsure, Web

TEAM, BOT = "T1", "UBOT"
SECONDS = 60.0
PAGE = 2
"""Of every list: paging is not left out."""
Role = Literal["member", "guest", "outsider", "bot"]
Kind = Literal["public", "private", "group", "direct"]


@dataclass
class Place:
    kind: Kind
    members: set[str]
    shared: bool = False
    archived: bool = False
    local_only: bool = False
    images: bool = True
    """Whether the archive holds anything of it."""


@dataclass
class Town:
    """What is so, and nobody has to ask for."""

    roles: dict[str, Role]
    places: dict[str, Place]
    open_public: bool = False
    """SPYGLASS_ARCHIVE_PUBLIC"""
    models_elsewhere: bool = False

    # --- the oracle: as the rules say, place by place and person by person ----------------------------

    def may_see(self, person: str, channel: str) -> bool:
        place = self.places[channel]
        joined = person in place.members
        may_open = self.open_public and place.kind == "public" and self.roles.get(person) == "member"
        return joined or may_open

    def readers(self, channel: str) -> set[str]:
        place = self.places[channel]
        everybody = {person for person, role in self.roles.items() if role == "member"}
        return (place.members | (everybody if place.kind == "public" else set())) - {BOT}

    def shown(self, channel: str, asker: str) -> set[str]:
        """Channels whose images may be shown there to that person: the most there can ever be."""
        return {
            other
            for other in self.places
            if other == channel
            or (
                self.places[other].images
                and not self.places[channel].shared
                and self.may_see(asker, other)
                and all(self.may_see(reader, other) for reader in self.readers(channel))
                and self._may_leave(other, channel)
            )
        }

    def may_link(self, channel: str, asker: str, other: str) -> bool:
        """Whether a file of one channel may be shown in another to whoever links to it: Slack opens what is public to
        every member."""
        place = self.places[other]

        def opens(person: str) -> bool:
            return person in place.members or (place.kind == "public" and self.roles.get(person) == "member")

        theirs = self.may_see(asker, other) and not self.places[channel].shared
        return other == channel or (theirs and all(map(opens, self.readers(channel))))

    def alone(self, channel: str, asker: str) -> set[str]:
        """What the person may see besides, with nobody else looking."""
        return {
            other
            for other in self.places
            if self.places[other].images and self.may_see(asker, other) and self._may_leave(other, channel)
        }

    def _may_leave(self, channel: str, to: str) -> bool:
        here = bool(to) and self.places[to].local_only
        return not (self.places[channel].local_only and self.models_elsewhere and not here)


@dataclass
class Noted:
    """`Changes` without a database."""

    team: str = TEAM
    seconds: float = SECONDS
    counted: Counter[str] = field(default_factory=Counter)

    async def note(self, subjects: Collection[str]) -> None:
        self.counted.update(subjects)

    async def lately(self) -> Marks:
        return dict(self.counted)


@dataclass
class Kept:
    """`Directs` without a database."""

    known: dict[str, str] = field(default_factory=dict)

    async def keep(self, user: str, channel: str) -> None:
        self.known[user] = channel

    async def of(self, user: str) -> str | None:
        return self.known.get(user)


class Says:
    """What Slack says of the town. `down`: methods that do not answer, or not about somebody or some channel."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.down: dict[str, Exception] = {}
        self.calls: Counter[str] = Counter()
        names = ("conversations_info", "conversations_members", "conversations_list")
        methods = {name: getattr(self, name) for name in (*names, "users_conversations", "users_list", "users_info")}
        self.client = SimpleNamespace(**methods)

    async def call(self, method: Callable[..., Any], *, patience: float, **arguments: Any) -> dict[str, Any]:
        self.calls[method.__name__] += 1
        about = str(arguments.get("user") or arguments.get("channel") or "")
        if error := self.down.get(method.__name__) or self.down.get(about):
            raise error
        return cast(dict[str, Any], await method(**arguments))

    async def conversations_info(self, channel: str) -> dict[str, Any]:
        return {"channel": self._channel(channel)}

    async def conversations_members(self, channel: str, **page: Any) -> dict[str, Any]:
        return _page("members", sorted(self.town.places[channel].members), **page)

    async def conversations_list(self, types: str, **page: Any) -> dict[str, Any]:
        assert types == "public_channel"
        public = [key for key, place in self.town.places.items() if place.kind == "public"]
        return _page("channels", [self._channel(key) for key in public], **page)

    async def users_conversations(self, user: str, types: str, **page: Any) -> dict[str, Any]:
        assert "im" not in types.split(",")
        theirs = [key for key, place in self.town.places.items() if user in place.members and place.kind != "direct"]
        return _page("channels", [{"id": key} for key in theirs], **page)

    async def users_list(self, **page: Any) -> dict[str, Any]:
        return _page("members", [self._user(user) for user in self.town.roles], **page)

    async def users_info(self, user: str) -> dict[str, Any]:
        if user not in self.town.roles:
            raise Refused("users.info", "user_not_found")
        return {"user": self._user(user)}

    def _channel(self, key: str) -> dict[str, Any]:
        if key not in self.town.places:
            raise Refused("conversations.info", "channel_not_found")
        place = self.town.places[key]
        if place.kind == "direct":
            (other,) = place.members - {BOT}
            return {"id": key, "is_im": True, "user": other}
        private = place.kind != "public"
        told = {"id": key, "name": f"name-{key}", "is_channel": place.kind in ("public", "private")}
        return {**told, "is_private": private, "is_mpim": place.kind == "group", "is_ext_shared": place.shared}

    def _user(self, key: str) -> dict[str, Any]:
        role = self.town.roles[key]
        return {
            "id": key,
            "name": key.lower(),
            "team_id": "T2" if role == "outsider" else TEAM,
            "is_restricted": role == "guest",
            "is_bot": role == "bot",
            "tz": "Asia/Tokyo",
        }


def _page(name: str, everything: list[Any], *, limit: int, cursor: str) -> dict[str, Any]:
    start = int(cursor or 0)
    following = str(start + PAGE) if start + PAGE < len(everything) else ""
    return {name: everything[start : start + PAGE], "response_metadata": {"next_cursor": following}}


class Observed:
    """The bot's own eyes in a town."""

    def __init__(self, town: Town) -> None:
        self.town, self.now = town, 0.0
        self.slack, self.noted = Says(town), Noted()
        web, changes = cast(Web, self.slack), cast(Changes, self.noted)
        self.audiences = Audiences(
            Identity(TEAM, BOT, "B1"),
            Roster(web, People(web, TEAM), changes, clock=lambda: self.now),
            cast(Directs, Kept()),
            changes,
            self._archived,
            self._stays,
            public=town.open_public,
            leaves=town.models_elsewhere,
        )

    async def _archived(self) -> list[str]:
        return [key for key, place in self.town.places.items() if place.images]

    async def _stays(self, channels: Collection[str]) -> set[str]:
        return {key for key in channels if self.town.places[key].local_only}

    async def hear(self, event: Mapping[str, Any]) -> None:
        await self.audiences.heard(subjects_of(event, BOT))

    # --- what happens -----------------------------------------------------------------------------

    async def join(self, user: str, channel: str) -> None:
        place = self.town.places[channel]
        if place.kind != "direct" and user not in place.members:
            place.members.add(user)
            await self.hear({"type": "member_joined_channel", "user": user, "channel": channel})

    async def leave(self, user: str, channel: str) -> None:
        place = self.town.places[channel]
        if place.kind != "direct" and user in place.members:
            place.members.remove(user)
            await self.hear({"type": "member_left_channel", "user": user, "channel": channel})

    async def become(self, user: str, role: Role) -> None:
        """Of more rights Slack's event is not minded: for a while less is shown than could be."""
        self.town.roles[user] = role
        await self.hear({"type": "user_change", "user": {**self.slack._user(user)}})

    async def turn(self, channel: str) -> None:
        """A public channel becomes private, and a private one public."""
        place = self.town.places[channel]
        if place.kind in ("public", "private"):
            now: Kind = "private" if place.kind == "public" else "public"
            self.town.places[channel] = replace(place, kind=now)
            await self.hear({"type": "message", "subtype": f"channel_convert_to_{now}", "channel": channel})

    async def share(self, channel: str) -> None:
        place = self.town.places[channel]
        if place.kind in ("public", "private"):
            place.shared = not place.shared
            what = "channel_shared" if place.shared else "channel_unshared"
            await self.hear({"type": what, "channel": channel})

    def change_silently(self, user: str, channel: str) -> None:
        """An event that never comes: what was known is good for as long as is set, and then no more."""
        if self.town.places[channel].kind != "direct":
            self.town.places[channel].members ^= {user}
            self.now += SECONDS

    def mend(self) -> None:
        self.slack.down = {}

    def fail(self, number: int, *about: str) -> None:
        """One method does not answer, or none about one of these."""
        names = [*sorted(vars(self.slack.client)), *about]
        errors: list[Exception] = [Unsure("down"), Refused("any", "ratelimited"), Refused("any", "missing_scope")]
        self.slack.down = {names[number % len(names)]: errors[number % len(errors)]}
