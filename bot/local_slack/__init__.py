"""A local Slack workspace: what the bot sees of Slack, on loopback, for tests, the demo and a machine without an account.

```python
async with LocalSlack(folder=None, socket_mode=True, event_url=None, scopes=SCOPES,
                      ack_timeout=3.0, retries=(0, 60, 300), stream_seconds=300, port=0) as slack:
    slack.url                  # "http://127.0.0.1:PORT"; the Web API is at slack.api_url = f"{slack.url}/api/"
    slack.bot_token; slack.app_token; slack.signing_secret; slack.local_token
    slack.team; slack.bot_user; slack.bot_id; slack.app_id
    anna = slack.person("anna", role="member")     # made on demand; roles: member, admin, guest, external
    channel = await slack.channel("design", members=[anna], private=False, bot=True)       # the bot is a member unless bot=False
    dm = await slack.dm(anna)                      # "D…": anna and the bot;  slack.group_dm([anna, ben]) -> "G…"
    ts = await anna.post(channel, "what is this?", files=[path, ("a.png", data)], thread_ts=None, mention=False)
```

`mention=True` puts `<@BOT>` before the text. Text is as Slack sends it (mrkdwn, `&amp;`). A file is a `Path`, a `(name, bytes)`, an `Upload` (odd modes and
types, Slack Connect stubs) or the id of a file that is already there.

People (`Person`): `id`, `name`, `dm()`, `post(channel, text="", *, files=(), thread_ts=None, mention=False, broadcast=False) -> ts`,
`upload(file) -> file id`, `edit(channel, ts, text)`, `delete(channel, ts)`, `react(channel, ts, name)`, `unreact(...)`, `delete_file(id)`, `rename_file(id, title)`,
`press(channel, ts, action_id, value=None) -> payload | None`, `slash(command, text, channel, thread_ts=None) -> payload | None`,
`submit(view_id, values) -> payload | None`, `close(view_id)`, `open_app_home(tab="messages")`, `join(channel)`, `leave(channel)`,
`messages(channel, thread_ts=None)` (with the ephemeral ones only they see), `view()` (the modal on top), `home()` (their home tab).
`press`, `slash` and `submit` wait for the app's acknowledgement; `Unanswered` when it does not come in time or nobody is connected.

The workspace:
- `slack.messages(channel, thread_ts=None) -> list[dict]`: as conversations.history / .replies give them, newest last. `slack.ephemerals(channel)`.
- `await slack.until(condition, timeout=30)`: waits until `condition()` is true, woken by every change. Raises TimeoutError with the last calls.
- `slack.calls -> list[Call]`: every Web API call that arrived: `Call(method, arguments, response, status, at_started, at_ended)` (`time.time()`), newest last.
- `slack.deliveries -> list[Delivery]`: every event, command and interaction sent: `Delivery(kind, payload, attempts: list[Attempt])`.
- `slack.connections`: number of open websockets. `slack.files -> dict[id, file object]`, `slack.file_bytes(id)`.
- `slack.status(channel, thread_ts) -> dict`, `slack.prompts(channel, thread_ts=None) -> list`, `slack.title(channel, thread_ts) -> str`.
- `await slack.bot_posts(channel, text, bot="otherbot", thread_ts=None)`: another app posts (subtype bot_message).
- `await slack.archive(channel)`, `unarchive(channel)`, `invite(channel, person)`, `remove(channel, person)`; `None` as the person is the bot.
- `await slack.uninstall()`: tokens revoked, events tokens_revoked and app_uninstalled.
- `slack.emit(event)`: any other event, wrapped and delivered as it is. `slack.redeliver(ts_or_event_id)`: the same event once more.

Faults (`slack.faults`; all are off at first):
- `fail(method, *, times=1, status=429, retry_after=1, error=None, hang=None, reset=False, after=False)`: the next calls of `method` (or "*") answer `status`,
  or Slack's `error` with status 200, or nothing for `hang` seconds and then a closed connection, or a reset connection. `after=True`: the call takes effect first and
  only its answer is lost. Also `fail("upload", …)`, `fail("download", …)`, `fail("response_url", …)`.
- `duplicate(times=1, after=0.0, count=1)`: the next `count` events arrive `times` more, `after` seconds later.
- `late(seconds, count=1, kind=None)`, `reorder(count)` (the next `count` deliveries arrive in reverse), `lose(count=1)` (never arrive at all).
- `mentions_without_files = True`; `mention_first = True` (app_mention before message).
- `drop_websocket(after=None)`: now, or right after the next `after` envelopes; `disconnect(reason="refresh_requested", grace=10)`.
- `slow_downloads = seconds` a chunk of 64 KiB; `login_page = True`: every download is Slack's HTML login page.
- `expire_streams()`; `revoke_token()`, `restore_token()`; `limit(method, calls, seconds)` per channel: 429 beyond.
- `clear()`: back to none.

Another process: `python -m bot.local_slack --folder DIR --port N [--socket-mode | --event-url URL]` prints one JSON line
{url, api_url, bot_token, app_token, signing_secret, local_token, team, bot_user, bot_id, app_id} and runs until SIGTERM.
People act over `/_local/…` with `Authorization: Bearer <local_token>` (see `local_api.py`).
"""

from __future__ import annotations

from bot.local_slack.delivery import Attempt, Delivery, Unanswered
from bot.local_slack.faults import Faults
from bot.local_slack.filing import Upload
from bot.local_slack.local import LocalSlack
from bot.local_slack.people import Person
from bot.local_slack.webhooks import signed
from bot.local_slack.workspace import SCOPES, Call

__all__ = ["SCOPES", "Attempt", "Call", "Delivery", "Faults", "LocalSlack", "Person", "Unanswered", "Upload", "signed"]
