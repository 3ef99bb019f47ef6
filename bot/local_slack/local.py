"""The workspace that tests, the demo and the page hold: everything in `bot.local_slack`'s description."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.local_slack.acts import membership, posting
from bot.local_slack.addressed import Addressed
from bot.local_slack.faults import Faults
from bot.local_slack.people import Person
from bot.local_slack.records import file_shapes, shapes
from bot.local_slack.records.state import Channel, Role, State
from bot.local_slack.records.store import Json, Store
from bot.local_slack.sending import events
from bot.local_slack.sending.delivery import Courier, Delivery, Transport
from bot.local_slack.sending.sockets import Sockets
from bot.local_slack.sending.webhooks import Webhooks
from bot.local_slack.serving import local_api, page_routes, server
from bot.local_slack.serving.gallery import Gallery
from bot.local_slack.workspace import SCOPES, Call, Workspace
from bot.slack.manifest import read_manifest

_SHOWN_CALLS = 12


class LocalSlack(Addressed):
    """See `bot.local_slack`. Use as `async with LocalSlack() as slack`.

    `folder`: where the workspace is kept; None keeps nothing. `event_url`: deliver over signed HTTP there instead of
    Socket Mode. `ack_timeout`, `retries`, `stream_seconds`: Slack's 3 s, (0, 60, 300) s and 300 s; tests shorten them.
    `manifest`: of the app that is installed here; None is Spyglass's own.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        socket_mode: bool = True,
        event_url: str | None = None,
        port: int = 0,
        scopes: Sequence[str] | frozenset[str] = SCOPES,
        ack_timeout: float = 3.0,
        retries: tuple[float, ...] = (0, 60, 300),
        stream_seconds: float = 300,
        manifest: Json | None = None,
    ) -> None:
        self._folder = folder
        if not socket_mode and event_url is None:
            raise ValueError("Without Socket Mode an event_url is needed.")
        self._event_url = event_url
        self._port = port
        self._scopes = frozenset(scopes)
        self._delivery = (ack_timeout, retries)
        self._stream_seconds = stream_seconds
        self._manifest = read_manifest() if manifest is None else manifest
        self._runner: web.AppRunner | None = None
        self.gallery: Gallery | None = None
        """What the app shows of its archive, once it is there."""

    async def __aenter__(self) -> Self:
        self._store = Store(self._folder)
        self.workspace = Workspace(State(self._store), self._scopes, self._stream_seconds)
        self.workspace.sockets = Sockets(self.workspace)
        app = server.application(self.workspace)
        local_api.add_routes(app, self)
        page_routes.add_routes(app, self)
        self._runner = await server.listen(app, self._port)
        self.workspace.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        ack_timeout, retries = self._delivery
        courier = Courier(self._transport(), self.faults, ack_timeout, retries, self._delivered, self._store)
        self.workspace.courier = courier
        courier.resume()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.workspace.courier.close()
        await self.workspace.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self._store.close()

    def _delivered(self, delivery: Delivery) -> None:
        self.workspace.changes.note("delivery", delivery_kind=delivery.kind)

    def _transport(self) -> Transport:
        return Webhooks(self.workspace, self._event_url) if self._event_url else self.workspace.sockets

    # people and channels

    def person(self, name: str, role: Role = "member") -> Person:
        """The person of that name, made when they are not there yet; `role` counts only then."""
        return Person(self.workspace, self.workspace.person_named(name, role))

    async def channel(
        self, name: str, members: Sequence[Person] = (), *, private: bool = False, bot: bool = True
    ) -> str:
        """A new channel; the app is in it unless `bot` is False. Nobody is told. Returns its id."""
        ids = [person.id for person in members]
        everybody = [*ids, *([self.bot_user] if bot else [])]
        creator = ids[0] if ids else self.bot_user
        channel = self.workspace.state.add_channel(name, "group" if private else "channel", creator, everybody)
        channel.connected = any(person.user.role == "external" for person in members)
        self.workspace.state.keep_channel(channel)
        self.workspace.changes.note("channel", channel=channel.id)
        return channel.id

    async def dm(self, person: Person) -> str:
        """The direct conversation of a person and the app."""
        return person.dm()

    async def group_dm(self, people: Sequence[Person]) -> str:
        return self.workspace.direct([*(person.id for person in people), self.bot_user]).id

    async def invite(self, channel: str, person: Person | None, *, by: Person | None = None) -> None:
        """None: the app."""
        who, inviter = person.id if person else self.bot_user, by.id if by else ""
        membership.join(self.workspace, self._channel(channel), who, inviter=inviter)

    async def remove(self, channel: str, person: Person | None) -> None:
        """None: the app."""
        membership.leave(self.workspace, self._channel(channel), person.id if person else self.bot_user)

    async def archive(self, channel: str) -> None:
        where = self._channel(channel)
        membership.set_archived(self.workspace, where, where.creator, True)

    async def rename(self, channel: str, name: str) -> None:
        membership.rename(self.workspace, self._channel(channel), name)

    async def make_private(self, channel: str) -> None:
        where = self._channel(channel)
        membership.make_private(self.workspace, where, where.creator)

    async def delete_channel(self, channel: str) -> None:
        where = self._channel(channel)
        membership.delete(self.workspace, where, where.creator)

    async def unarchive(self, channel: str) -> None:
        where = self._channel(channel)
        membership.set_archived(self.workspace, where, where.creator, False)

    async def bot_posts(self, channel: str, text: str, *, bot: str = "otherbot", thread_ts: str | None = None) -> str:
        """Another app posts, as subtype bot_message. Returns the ts."""
        message: Json = {"subtype": "bot_message", "bot_id": f"B0{bot.upper()}", "username": bot, "text": text}
        message |= {"thread_ts": thread_ts} if thread_ts else {}
        return str(posting.post(self.workspace, self._channel(channel), message)["ts"])

    async def suggest(self, channel: str, prompts: list[Json]) -> None:
        """Prompts that a channel offers: a `title`, the `message`, ids of `files` to post with it, and whether it is to
        `mention` the app."""
        self.workspace.panel(channel, None).prompts = prompts
        self._store.put("prompts", channel, {"prompts": prompts})
        self.workspace.changes.note("panel", channel=channel, thread_ts=None)

    async def uninstall(self) -> None:
        """The app is taken out of the workspace: it is told, and its token is worth nothing any more."""
        events.uninstalled(self.workspace)
        self.workspace.state.identity.revoked = True
        self.workspace.state.keep_identity()

    # what there is

    @property
    def offered(self) -> Json:
        """What the app's manifest offers people: its name, slash commands, shortcuts and the tabs of its home."""
        shown, features = self._manifest["display_information"], self._manifest["features"]
        home = features.get("app_home", {})
        return {
            "name": shown["name"],
            "description": shown.get("description", ""),
            "commands": features.get("slash_commands", []),
            "shortcuts": features.get("shortcuts", []),
            "home_tab": home.get("home_tab_enabled", False),
        }

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """Of a thread as conversations.replies gives it, or of a channel outside its threads; newest last."""
        where = self._channel(channel)
        records = where.thread(thread_ts) if thread_ts else where.top_level()
        return [shapes.message(self.workspace, where, record) for record in records]

    def ephemerals(self, channel: str) -> list[Json]:
        """The messages that only one person sees; `_for` says who."""
        return list(self._channel(channel).ephemerals)

    @property
    def calls(self) -> list[Call]:
        return self.workspace.calls

    @property
    def deliveries(self) -> list[Delivery]:
        return self.workspace.courier.deliveries

    @property
    def connections(self) -> int:
        """Websockets that are open."""
        return len(self.workspace.sockets)

    @property
    def faults(self) -> Faults:
        return self.workspace.faults

    @property
    def files(self) -> dict[str, Json]:
        """Every file by id, as files.info gives it."""
        return {key: file_shapes.file(self.workspace, record) for key, record in self.workspace.state.files.items()}

    def file_bytes(self, key: str) -> bytes:
        return self._store.bytes_of(key)

    def status(self, channel: str, thread_ts: str) -> str:
        """What the app says it is doing in a thread; empty when it says nothing any more."""
        return self.workspace.status(channel, thread_ts)

    def prompts(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        return self.workspace.panel(channel, thread_ts).prompts

    def title(self, channel: str, thread_ts: str) -> str:
        return self.workspace.panel(channel, thread_ts).title

    async def until(self, condition: Callable[[], object], timeout: float = 30) -> None:  # noqa: ASYNC109 (asyncio.timeout inside)
        """Waits until `condition()` is true. Raises: TimeoutError with the last calls."""
        try:
            await self.workspace.changes.until(condition, timeout)
        except TimeoutError:
            last = [f"{call.method} -> {call.response.get('error', 'ok')}" for call in self.calls[-_SHOWN_CALLS:]]
            raise TimeoutError(f"Not within {timeout} s. Last calls: {', '.join(last) or 'none'}.") from None

    async def delivered(self, timeout: float = 30) -> None:  # noqa: ASYNC109 (asyncio.timeout inside)
        """Waits until nothing is on its way any more: all is acknowledged, or given up. Raises: TimeoutError."""
        await self.until(lambda: all(one.over for one in self.deliveries), timeout)

    # deliveries by hand

    def emit(self, event: Json) -> Json:
        """Any event, wrapped as Slack wraps it and delivered. Returns the whole payload."""
        return events.announce(self.workspace, event)

    def redeliver(self, ts: str, after: float = 0.0) -> int:
        """Every event about the message of that ts once more, `after` seconds from now. Returns how many."""
        known = {delivery.payload["event_id"]: delivery.payload for delivery in self._events()}
        again = [
            payload for payload in known.values() if ts in (payload["event"].get("ts"), payload["event"]["event_ts"])
        ]
        for payload in again:
            self.workspace.courier.send_again(payload, after)
        return len(again)

    def _events(self) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if delivery.kind == "events_api"]

    def deliver_to(self, url: str) -> None:
        """From now on over signed HTTP to that URL."""
        self.workspace.courier.transport = Webhooks(self.workspace, url)

    async def verify_url(self) -> bool:
        """Slack's url_verification of the event URL: whether the app said the challenge back."""
        transport = self.workspace.courier.transport
        return isinstance(transport, Webhooks) and await transport.verify()

    def _channel(self, key: str) -> Channel:
        return self.workspace.state.channels[key]
