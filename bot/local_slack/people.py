"""Somebody in the workspace, doing what people do in Slack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.local_slack.acts import filing, interacting, membership, posting, shortcuts, viewing
from bot.local_slack.acts.filing import Posted
from bot.local_slack.records import shapes
from bot.local_slack.records.state import Channel, User
from bot.local_slack.records.store import Json
from bot.local_slack.records.typed_text import rich_text
from bot.local_slack.sending import events
from bot.local_slack.workspace import Workspace


class Person:
    """One user's hands. Channels are ids, messages are ts; what is not there is a ValueError."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self._workspace = workspace
        self.user = user
        self.id = user.id
        self.name = user.name

    def __repr__(self) -> str:
        return f"Person({self.name!r}, {self.user.role})"

    async def post(
        self,
        channel: str,
        text: str = "",
        *,
        files: Sequence[Posted] = (),
        thread_ts: str | None = None,
        mention: bool = False,
        broadcast: bool = False,
    ) -> str:
        """Posts and returns the ts. `text` is as Slack sends it; `mention` puts the app's name before it."""
        where = self._writable(channel)
        said = f"<@{self._workspace.bot.id}> {text}".strip() if mention else text
        keys = filing.take_in(self._workspace, self.id, files)
        message = posting.by_person(self._workspace, self.id, said, keys, thread_ts)
        if broadcast and thread_ts:
            message["subtype"] = "thread_broadcast"
        return str(posting.post(self._workspace, where, message)["ts"])

    async def upload(self, file: Posted) -> str:
        """A file that is shared nowhere yet. Returns its id."""
        return filing.take_in(self._workspace, self.id, [file])[0]

    async def edit(self, channel: str, ts: str, text: str) -> None:
        where, record = self._own(channel, ts)
        edited = {"user": self.id, "ts": self._workspace.state.next_ts()}
        blocks = rich_text(text) or None
        posting.change(self._workspace, where, record, {"text": text, "blocks": blocks, "edited": edited})

    async def delete(self, channel: str, ts: str) -> None:
        """Deletes a message of their own; an admin deletes anybody's."""
        where, record = self._own(channel, ts)
        posting.delete(self._workspace, where, record)

    async def react(self, channel: str, ts: str, name: str) -> None:
        where, record = self._message(channel, ts)
        posting.react(self._workspace, where, record, self.id, name)

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        where, record = self._message(channel, ts)
        posting.unreact(self._workspace, where, record, self.id, name)

    async def delete_file(self, key: str) -> None:
        filing.delete(self._workspace, self._workspace.state.files[key])

    async def rename_file(self, key: str, title: str) -> None:
        filing.rename(self._workspace, self._workspace.state.files[key], title)

    async def rename(self, name: str) -> None:
        """They are called otherwise from now on."""
        self._workspace.state.rename_user(self.user, name)
        self.name = name
        events.user_changed(self._workspace, self.user)

    async def take_away(self, channel: str, ts: str, key: str) -> None:
        """A file from their message, which stays."""
        where, record = self._own(channel, ts)
        posting.take_away(self._workspace, where, record, key)

    async def join(self, channel: str) -> None:
        membership.join(self._workspace, self._channel(channel), self.id)

    async def leave(self, channel: str) -> None:
        membership.leave(self._workspace, self._channel(channel), self.id)

    async def press(self, channel: str, ts: str, action_id: str, value: Any = None) -> Json | None:
        """Presses a button or chooses from a menu in a message. Raises: Unanswered."""
        return await interacting.press(self._workspace, self.user, self._channel(channel), ts, action_id, value)

    async def press_in_view(
        self, view_id: str, action_id: str, value: Any = None, values: Json | None = None
    ) -> Json | None:
        """`values`: what the inputs of the view hold, by action id."""
        view = self._view(view_id)
        return await interacting.press_in_view(self._workspace, self.user, view, action_id, value, values or {})

    async def suggestions(self, view_id: str, action_id: str, typed: str) -> Json | None:
        """Types into an external menu of a modal: the options the app answers with. Raises: Unanswered."""
        return await shortcuts.suggest(self._workspace, self.user, self._view(view_id), action_id, typed)

    async def shortcut(self, callback_id: str) -> Json | None:
        """Uses a shortcut of the app from anywhere. Raises: Unanswered."""
        return await shortcuts.use(self._workspace, self.user, callback_id)

    async def message_action(self, channel: str, ts: str, callback_id: str) -> Json | None:
        """Uses a shortcut of the app on a message. Raises: Unanswered."""
        where, message = self._message(channel, ts)
        return await shortcuts.use_on(self._workspace, self.user, where, message, callback_id)

    async def slash(self, command: str, text: str, channel: str) -> Json | None:
        """Types a slash command in a channel. Raises: Unanswered."""
        return await interacting.slash(self._workspace, self.user, self._channel(channel), command, text)

    async def submit(self, view_id: str, values: Json) -> Json | None:
        """Submits a modal; `values` by action id, menus by the value of the option. Raises: Unanswered."""
        return await interacting.submit(self._workspace, self.user, self._view(view_id), values)

    async def close(self, view_id: str, *, all_of_them: bool = False) -> None:
        """Closes a modal, or with it those below."""
        await interacting.close(self._workspace, self.user, self._view(view_id), all_of_them=all_of_them)

    async def open_app_home(self, tab: str = "messages") -> str:
        """Opens the app: its direct messages or its home tab. Returns the id of the direct conversation."""
        channel = self._workspace.direct([self.id, self._workspace.bot.id])
        view = self.home()
        events.home_opened(self._workspace, channel, self.id, tab, view)
        return channel.id

    def dm(self) -> str:
        """The id of their direct conversation with the app."""
        return self._workspace.direct([self.id, self._workspace.bot.id]).id

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """What they see, the ephemeral messages for them included, newest last."""
        where = self._channel(channel)
        records = where.thread(thread_ts) if thread_ts else where.top_level()
        own = [one for one in where.ephemerals if one["_for"] == self.id and one.get("thread_ts") == thread_ts]
        return [shapes.message(self._workspace, where, one) for one in sorted([*records, *own], key=lambda m: m["ts"])]

    def view(self) -> Json | None:
        """The modal on top of their screen."""
        stack = viewing.stack(self._workspace, self.id)
        return viewing.shown(stack[-1]) if stack else None

    def home(self) -> Json | None:
        """The home tab the app made for them."""
        home = viewing.home(self._workspace, self.id)
        return viewing.shown(home) if home else None

    def _channel(self, key: str) -> Channel:
        channel = self._workspace.state.channels.get(key)
        if channel is None:
            raise ValueError(f"There is no channel {key}.")
        return channel

    def _writable(self, key: str) -> Channel:
        channel = self._channel(key)
        if channel.archived:
            raise ValueError(f"{channel.name} is archived.")
        if self.id not in channel.members:
            raise ValueError(f"{self.name} is not in {channel.name or key}.")
        return channel

    def _message(self, channel: str, ts: str) -> tuple[Channel, Json]:
        where = self._channel(channel)
        if ts not in where.messages:
            raise ValueError(f"There is no message {ts} in {where.name or channel}.")
        return where, where.messages[ts]

    def _own(self, channel: str, ts: str) -> tuple[Channel, Json]:
        where, record = self._message(channel, ts)
        if record.get("user") != self.id and self.user.role != "admin":
            raise ValueError(f"{self.name} did not write {ts}.")
        return where, record

    def _view(self, key: str) -> Json:
        view = self._workspace.state.views.get(key)
        if view is None or view["_for"] != self.id:
            raise ValueError(f"{self.name} has no view {key} open.")
        return view
