"""Where in Slack a question is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """The thread of a question, lent to tools beside the scope; nobody lends one at the terminal."""

    channel: str
    """Its id: the audience of what is posted there."""
    thread_ts: str

    def holds(self, channel: str, ts: str, thread_ts: str) -> bool:
        """Whether a message of that channel is one of the thread's."""
        return channel == self.channel and self.thread_ts in (ts, thread_ts)
