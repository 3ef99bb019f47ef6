"""Channels and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.local_slack.acts import posting
from bot.local_slack.records.state import Channel
from bot.local_slack.sending import events

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


def join(workspace: Workspace, channel: Channel, user: str, *, inviter: str = "") -> bool:
    """False when they were in already."""
    if user in channel.members:
        return False
    channel.members.append(user)
    _after(workspace, channel)
    events.membership(workspace, channel, user, joined=True, inviter=inviter)
    return True


def leave(workspace: Workspace, channel: Channel, user: str) -> bool:
    """False when they were not in."""
    if user not in channel.members:
        return False
    channel.members.remove(user)
    _after(workspace, channel)
    events.membership(workspace, channel, user, joined=False)
    return True


def set_archived(workspace: Workspace, channel: Channel, user: str, archived: bool) -> None:
    channel.archived = archived
    _after(workspace, channel)
    events.archived(workspace, channel, user)


def rename(workspace: Workspace, channel: Channel, name: str) -> None:
    channel.name = name
    _after(workspace, channel)
    events.renamed(workspace, channel)


def make_private(workspace: Workspace, channel: Channel, user: str) -> None:
    """From a public channel; Slack says so in it."""
    channel.kind = "group"
    _after(workspace, channel)
    said = {"user": user, "subtype": "channel_convert_to_private", "text": "made this channel private"}
    posting.post(workspace, channel, said)


def delete(workspace: Workspace, channel: Channel, user: str) -> None:
    """With all that was said in it; its files stay."""
    workspace.state.drop_channel(channel)
    workspace.changes.note("channel", channel=channel.id)
    events.removed(workspace, channel, user)


def _after(workspace: Workspace, channel: Channel) -> None:
    workspace.state.keep_channel(channel)
    workspace.changes.note("channel", channel=channel.id)
