"""Pure: two views of one message made into one, whichever came first."""

from __future__ import annotations

from typing import Any

from bot.slack.events import Message


def merge(one: Message, other: Message) -> Message:
    """Both views as one, whichever came first: what one of them lacks the other gives, and the latest edit is its text.

    Commutative, associative (but for the order of files) and idempotent: duplicates and order do not matter.
    """
    began = min(one.thread_ts, other.thread_ts)  # a reply's thread began before it
    if one.deleted or other.deleted:
        return one.model_copy(update={"thread_ts": began}).emptied()
    said = max(one, other, key=lambda view: (view.edited, len(view.text), view.text))
    return said.model_copy(
        update={
            "thread_ts": began,
            "user": max(one.user, other.user),
            "files": _united(one.files, other.files),
            "channel_type": max(one.channel_type, other.channel_type),
            "mentioned": one.mentioned or other.mentioned,
            "bot_id": max(one.bot_id or "", other.bot_id or "") or None,
            "is_bot": one.is_bot or other.is_bot,
            "complete": one.complete or other.complete,
            "user_team": max(one.user_team, other.user_team),
            "in_ours": one.in_ours or other.in_ours,
        }
    )


def _united(some: tuple[dict[str, Any], ...], others: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Files by id, each as the richer view has it, in the order of the view that has more of them."""
    best: dict[str, dict[str, Any]] = {}
    for file in sorted((*some, *others), key=_richness):
        best[file["id"]] = file
    order = [file["id"] for file in max(some, others, key=lambda files: (len(files), [file["id"] for file in files]))]
    return tuple(best[name] for name in [*order, *sorted(best.keys() - set(order))])


def _richness(file: dict[str, Any]) -> tuple[bool, int, str]:
    return (
        file.get("mode") == "tombstone",
        sum(bool(value) for value in file.values()),
        repr(sorted(file.items(), key=str)),
    )
