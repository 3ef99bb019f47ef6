"""Whose wish counts in a turn."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AnyMessage, HumanMessage

from graphs.manners.asking import asked, lasts
from graphs.manners.manner import Manner


def wished(channel: Manner, history: Sequence[AnyMessage], question: str) -> Manner:
    """What is left to be told beside the question: the thread's last lasting wish, then the channel's; neither where
    the question wishes otherwise. A lasting wish ends when its message is no longer remembered."""
    lasting = Manner()
    for message in history:
        if isinstance(message, HumanMessage) and lasts(message.text) and (found := asked(message.text)):
            lasting = found.manner.over(lasting)
    now = asked(question)
    manner = lasting.over(channel)
    return manner.without(now.manner) if now else manner
