"""What can be made to go wrong: calls that fail before or after they took effect, deliveries that double or lag."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.local_slack.workspace import Workspace


@dataclass
class Failure:
    """How the next `times` calls of a method end. `after`: the call takes effect and only its answer is lost."""

    method: str
    times: int = 1
    status: int = 429
    retry_after: float = 1
    error: str | None = None
    hang: float | None = None
    reset: bool = False
    after: bool = False
    matching: Mapping[str, Any] | None = None
    struck: int = 0
    """How many calls it has spoiled so far: each is without its answer by then, and has taken effect if it is to."""

    def hits(self, method: str, arguments: Mapping[str, Any]) -> bool:
        wanted = (self.matching or {}).items()
        return self.method in (method, "*") and all(arguments.get(name) == value for name, value in wanted)


@dataclass
class Lag:
    seconds: float
    count: int
    kind: str | None = None


@dataclass
class Repeats:
    times: int
    after: float
    count: int


@dataclass
class Limit:
    calls: int
    seconds: float
    seen: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, key: str) -> float:
        """Seconds until another call is allowed; 0 when this one is."""
        now = time.monotonic()
        seen = self.seen.setdefault(key, deque())
        while seen and seen[0] <= now - self.seconds:
            seen.popleft()
        if len(seen) >= self.calls:
            return seen[0] + self.seconds - now
        seen.append(now)
        return 0.0


class Faults:
    """Everything is off at first; `clear()` puts everything off again."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.clear()

    def clear(self) -> None:
        self._failures: list[Failure] = []
        self._lags: list[Lag] = []
        self._repeats: list[Repeats] = []
        self._limits: dict[str, Limit] = {}
        self._lost = 0
        self._held = 0
        self._drop_after: int | None = None
        self.unknown_blocks: tuple[str, ...] = ()
        """Kinds of blocks that this Slack has never heard of: other clients and plans have them later, or never."""
        self.mentions_without_files = False
        self.mention_first = False
        self.login_page = False
        self.slow_downloads = 0.0
        self.clock_skew = 0.0
        self.bad_signature = False

    def switch(self, name: str, **how: Any) -> None:
        """Calls a fault by its name, or sets a switch to `value`. Raises: ValueError for a name that is none."""
        known = vars(Faults).get(name)
        if callable(known) and not name.startswith(("_", "take_")) and name != "switch":
            known(self, **how)
        elif name in vars(self) and not name.startswith("_") and set(how) == {"value"}:
            setattr(self, name, how["value"])
        else:
            raise ValueError(f"There is no fault {name}.")

    # of Web API calls

    def fail(
        self,
        method: str,
        *,
        times: int = 1,
        status: int = 429,
        retry_after: float = 1,
        error: str | None = None,
        hang: float | None = None,
        reset: bool = False,
        after: bool = False,
        matching: Mapping[str, Any] | None = None,
    ) -> Failure:
        """The next `times` calls of `method` ("*": of any; also "upload", "download", "response_url") go wrong.

        `matching`: only those with these arguments, as {"channel": "C1"}; of an upload or a download the one is "file".
        One of: HTTP `status` (429 with `Retry-After`), Slack's `error` with status 200, silence for `hang` seconds and
        then a closed connection, a `reset` connection.
        """
        failure = Failure(method, times, status, retry_after, error, hang, reset, after, matching)
        self._failures.append(failure)
        return failure

    def limit(self, method: str, calls: int, seconds: float) -> None:
        """More than `calls` of `method` in `seconds` to one channel are answered 429 with the seconds to wait."""
        self._limits[method] = Limit(calls, seconds)

    def take_failure(self, method: str, arguments: Mapping[str, Any]) -> Failure | None:
        found = next((failure for failure in self._failures if failure.hits(method, arguments)), None)
        if found is None:
            return None
        found.times -= 1
        if found.times <= 0:
            self._failures.remove(found)
        return found

    def take_limit(self, method: str, channel: str) -> float:
        limit = self._limits.get(method)
        return limit.wait(channel) if limit else 0.0

    # of deliveries

    def duplicate(self, times: int = 1, after: float = 0.0, count: int = 1) -> None:
        """The next `count` events arrive `times` more, with the same event_id, `after` seconds later."""
        self._repeats.append(Repeats(times, after, count))

    def late(self, seconds: float, count: int = 1, kind: str | None = None) -> None:
        """The next `count` deliveries (of events of type `kind`) arrive `seconds` late."""
        self._lags.append(Lag(seconds, count, kind))

    def reorder(self, count: int) -> None:
        """The next `count` deliveries wait for each other and arrive in reverse."""
        self._held = count

    def lose(self, count: int = 1) -> None:
        """The next `count` deliveries never arrive."""
        self._lost += count

    def take_lag(self, kind: str) -> float:
        found = next((lag for lag in self._lags if lag.kind in (None, kind)), None)
        if found is None:
            return 0.0
        found.count -= 1
        if found.count <= 0:
            self._lags.remove(found)
        return found.seconds

    def take_repeats(self) -> Repeats | None:
        if not self._repeats:
            return None
        first = self._repeats[0]
        first.count -= 1
        if first.count <= 0:
            self._repeats.pop(0)
        return first

    def take_loss(self) -> bool:
        lost = self._lost > 0
        self._lost -= lost
        return lost

    def take_held(self) -> int:
        """How many deliveries, this one included, are still to be gathered; 0 when none are held."""
        held = self._held
        self._held = max(0, held - 1)
        return held

    # of the websocket

    def drop_websocket(self, after: int | None = None) -> None:
        """Cuts every websocket without a goodbye: now, or right after the next `after` envelopes have been sent."""
        if after is None:
            self._workspace.cut_sockets()
        self._drop_after = after

    def disconnect(self, reason: str = "refresh_requested", grace: float = 10) -> None:
        """Sends Slack's disconnect message; the socket is closed `grace` seconds later."""
        self._workspace.say_disconnect(reason, grace)

    def take_drop(self) -> bool:
        if self._drop_after is None:
            return False
        self._drop_after -= 1
        if self._drop_after > 0:
            return False
        self._drop_after = None
        return True

    # of the workspace

    def expire_streams(self) -> None:
        """Every stream that is open stops being one, as after five minutes."""
        self._workspace.expire_streams()

    def revoke_token(self) -> None:
        """Every call is answered token_revoked."""
        self._workspace.set_revoked(True)

    def restore_token(self) -> None:
        self._workspace.set_revoked(False)
