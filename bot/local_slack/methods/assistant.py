"""assistant.threads.*: what the app shows around a thread while it works."""

from __future__ import annotations

from bot.local_slack.methods import method
from bot.local_slack.records.state import Channel
from bot.local_slack.records.store import Json
from bot.local_slack.serving.asking import Ask, SlackError, invalid

_LOADING_MOST = 10
_PROMPTS_MOST = 4


@method("assistant.threads.setStatus", "chat:write", "assistant:write")
def set_status(ask: Ask) -> Json:
    """An empty status takes it away; so do a message in the thread and two minutes."""
    channel, root = _thread(ask)
    loading = ask.structure("loading_messages", "invalid_arguments") or []
    if len(loading) > _LOADING_MOST:
        raise invalid(f"no more than {_LOADING_MOST} items allowed [json-pointer:/loading_messages]")
    if "status" not in ask.arguments:
        raise invalid("missing required field: status")
    ask.workspace.set_status(channel.id, root, ask.text("status"), list(loading))
    return {}


@method("assistant.threads.setTitle", "assistant:write")
def set_title(ask: Ask) -> Json:
    channel, root = _thread(ask)
    ask.workspace.panel(channel.id, root).title = ask.required("title")
    ask.workspace.changes.note("panel", channel=channel.id, thread_ts=root)
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_suggested_prompts(ask: Ask) -> Json:
    """For a thread, or without `thread_ts` for the agent's empty conversation."""
    channel = ask.channel("channel_id")
    prompts = ask.structure("prompts", "invalid_arguments")
    _check_prompts(prompts)
    panel = ask.workspace.panel(channel.id, ask.text("thread_ts") or None)
    panel.prompts, panel.prompts_title = prompts, ask.text("title")
    ask.workspace.changes.note("panel", channel=channel.id, thread_ts=ask.text("thread_ts") or None)
    return {}


def _check_prompts(prompts: object) -> None:
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= _PROMPTS_MOST:
        raise invalid(f"between 1 and {_PROMPTS_MOST} items [json-pointer:/prompts]")
    if any(not isinstance(prompt, dict) or not prompt.get("title") or not prompt.get("message") for prompt in prompts):
        raise invalid("a prompt has a title and a message [json-pointer:/prompts]")


def _thread(ask: Ask) -> tuple[Channel, str]:
    channel = ask.channel("channel_id")
    ts = ask.required("thread_ts")
    if not channel.thread(ts):
        raise SlackError("invalid_thread_ts")
    return channel, ts
