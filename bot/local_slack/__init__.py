"""A local Slack workspace: what the bot sees of Slack, on loopback, for tests, the demo, and without an account.

```python
async with LocalSlack(folder=None, event_url=None, scopes=SCOPES, ack_timeout=3.0, retries=(0, 60, 300),
                      stream_seconds=300, port=0) as slack:
    slack.url                  # "http://127.0.0.1:PORT"; the Web API is at slack.api_url, f"{slack.url}/api/"
    slack.bot_token; slack.app_token; slack.signing_secret; slack.local_token
    slack.team; slack.bot_user; slack.bot_id; slack.app_id
    anna = slack.person("anna", role="member")     # made on demand; or admin, guest, external
    channel = await slack.channel("design", members=[anna], private=False, bot=True)
    dm = await slack.dm(anna)                      # anna and the app; await slack.group_dm([anna, ben]) with more
    ts = await anna.post(channel, "what is this?", files=[path, ("a.png", data)], thread_ts=None, mention=False)
```

`mention=True` puts `<@BOT>` before the text. Text is as Slack sends it (mrkdwn, `&amp;`). A file is a `Path`, a
`(name, bytes)`, an `Upload` (odd modes and types, Slack Connect stubs) or the id of a file that is already there.

People (`Person`; all but the last five are awaited):
- `id`, `name`, `post(channel, text="", *, files=(), thread_ts=None, mention=False, broadcast=False) -> ts`,
  `upload(file) -> file id`, `edit(channel, ts, text)`, `delete(channel, ts)`, `react(channel, ts, name)`, `unreact(…)`,
  `delete_file(id)`, `rename_file(id, title)`, `join(channel)`, `leave(channel)`, `open_app_home(tab="messages") -> dm`;
- `press(channel, ts, action_id, value=None)`, `press_in_view(view_id, action_id, value=None, values=None)`,
  `slash(command, text, channel)`, `shortcut(callback_id)`, `message_action(channel, ts, callback_id)`,
  `submit(view_id, values)`, `close(view_id)`: wait for the app's acknowledgement and return its payload.
  `Unanswered` when it does not come in time, or at once when nobody is connected;
- `dm()`, `messages(channel, thread_ts=None)` (with the ephemeral ones only they see), `view()` (the modal on top),
  `home()` (their home tab), `user`.

The workspace:
- `slack.messages(channel, thread_ts=None) -> list[dict]`: as conversations.history / .replies give them, newest
  last; `slack.ephemerals(channel)`: what only one person sees, `_for` says who.
- `await slack.until(condition, timeout=30)`: until `condition()` is true, asked again after every change. Its
  TimeoutError tells the last calls.
- `slack.calls -> list[Call]`: every Web API call, upload and download that arrived: `Call(method, arguments,
  response, status, at_started, at_ended)` (`time.time()`); `response` is what it did, `status` what was told.
- `slack.deliveries -> list[Delivery]`: all that was sent to the app, `Delivery(kind, payload, attempts,
  acknowledged, over)`.
- `slack.connections`: open websockets. `slack.files -> {id: file object}`, `slack.file_bytes(id)`.
- `slack.status(channel, thread_ts) -> str`, `slack.prompts(channel, thread_ts=None)`, `slack.title(channel,
  thread_ts)`.
- awaited: `suggest(channel, prompts)` (what a channel offers to ask: title, message, files, mention),
  `bot_posts(channel, text, *, bot="otherbot", thread_ts=None) -> ts` (another app), `archive(channel)`,
  `unarchive(channel)`, `invite(channel, person)`, `remove(channel, person)` (None: the app), `uninstall()`,
  `verify_url() -> bool` (url_verification). `slack.deliver_to(url)`: an event_url known only later.
- `slack.emit(event)`: any other event, wrapped and delivered. `slack.redeliver(ts, after=0.0) -> int`: every event
  about that message once more, event_id and all, as Slack's retry minutes later.

Faults (`slack.faults`; all are off at first, `clear()` puts them off again):
- `fail(method, *, times=1, status=429, retry_after=1, error=None, hang=None, reset=False, after=False, matching=None)`:
  the next calls of `method` ("*": of any; also "upload", "download", "response_url") answer HTTP `status`, or Slack's
  `error`, or nothing for `hang` seconds and then a closed connection, or a reset connection. `after=True`: the call
  takes effect first and only its answer is lost. `matching`: only calls with these arguments, as {"channel": channel}.
- `limit(method, calls, seconds)`: 429 beyond that, a channel.
- `duplicate(times=1, after=0.0, count=1)`, `late(seconds, count=1, kind=None)`, `reorder(count)`, `lose(count=1)`:
  of the next `count` events. `mentions_without_files = True`; `mention_first = True`.
- `drop_websocket(after=None)`: now, or right after the next `after` envelopes; `disconnect(reason, grace=10)`.
- `slow_downloads = seconds` a chunk of 64 KiB; `login_page = True`; `expire_streams()`; `revoke_token()`,
  `restore_token()`; over HTTP `clock_skew = seconds`, `bad_signature = True` (and `signed(secret, body, timestamp)`).

OAuth: `GET {slack.url}/oauth/v2/authorize` consents at once (`cancel=1`: does not) and sends the browser back to a
`redirect_uri` on this machine; `oauth.v2.access` takes the code and gives a new `slack.bot_token`. The app's id is
`slack.app_id`, its secret `oauth.client_secret(slack.workspace)`.

Another process: `python -m bot.local_slack --folder DIR --port N [--socket-mode | --event-url URL]` prints one JSON
line {url, api_url, team, app_id, bot_user, bot_id, bot_token, app_token, local_token, signing_secret} and runs until
SIGTERM. `url` is also the page where people use it in a browser (`page_routes`). From another process they act over
`/_local/…` with `Authorization: Bearer <local_token>`: see `local_api`.
"""

from bot.local_slack.acts.filing import Upload
from bot.local_slack.faults import Faults
from bot.local_slack.local import LocalSlack
from bot.local_slack.people import Person
from bot.local_slack.sending.delivery import Attempt, Delivery, Unanswered
from bot.local_slack.sending.webhooks import signed
from bot.local_slack.workspace import SCOPES, Call

__all__ = ["SCOPES", "Attempt", "Call", "Delivery", "Faults", "LocalSlack", "Person", "Unanswered", "Upload", "signed"]
