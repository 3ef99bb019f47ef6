"""Channels and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.local_slack import events
from bot.local_slack.state import Channel

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


def join(workspace: Workspace, channel: Channel, user: str) -> bool:
    """False when they were in already."""
    if user in channel.members:
        return False
    channel.members.append(user)
    _after(workspace, channel)
    events.membership(workspace, channel, user, joined=True)
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


def _after(workspace: Workspace, channel: Channel) -> None:
    workspace.state.keep_channel(channel)
    workspace.changes.note("channel", channel=channel.id)
