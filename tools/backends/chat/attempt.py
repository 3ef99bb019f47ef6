"""One request to a provider: under the breaker, written down, its errors turned into failures."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field

from tools.backends.chat.breaker import Breaker
from tools.backends.chat.calling import without_last_call
from tools.backends.chat.failing import after_of, ending_of, is_unreadable, kind_of
from tools.backends.chat.listening import Heard, TooMuch
from tools.backends.chat.messages import signed
from tools.backends.chat.vendor import Vendor
from tools.backends.chat.wording import failure
from tools.kit.models import Ask, Entry, Ledger, ModelCard, ProviderFailure, Reply, Usage, account
from tools.kit.models.failures import Kind
from tools.kit.tracing import chat_span

log = logging.getLogger(__name__)

DEAD: frozenset[Kind] = frozenset({"timeout", "overloaded", "broken", "unreachable", "dropped"})
"""What speaks against a provider. One that refuses or limits us is alive."""
WHOLE = ("answered", "stopped")


@dataclass
class Attempt:
    vendor: Vendor
    card: ModelCard
    breaker: Breaker
    ledger: Ledger
    ask: Ask
    silence: float
    """Seconds within which a provider that speaks early has to."""
    usage: Usage = field(default_factory=Usage)
    """What it took, also when it failed."""

    async def made(self, seconds: float) -> Reply:
        """Raises: ProviderFailure; of the kind ``resting`` at once while the breaker is open."""
        if self.breaker.enter():
            raise failure("resting", self.card.spec)
        who = account()
        try:
            await self.ledger.allow(who)
        except BaseException:
            self.breaker.left()
            raise
        heard = Heard()
        began = time.monotonic()
        outcome = "broken"
        try:
            with chat_span(self.card, self.ask) as span:
                reply = await self._heard_out(heard, seconds, began)
                span.answered(reply)
            outcome = "answered" if reply.stopped is None else "stopped"
            return reply
        except ProviderFailure as failed:
            outcome = failed.kind
            raise
        except asyncio.CancelledError:
            # a caller whose patience ends before ours is no reason to go on calling a provider that hangs
            hung = not heard.begun and time.monotonic() - began > seconds / 2
            outcome = "timeout" if hung else "cancelled"
            raise
        finally:
            self._judge(outcome)
            if outcome not in WHOLE:
                self.usage = heard.usage(self.ask, time.monotonic() - began)
            cost = self.usage.cost(self.card.price)
            entry = Entry(model=self.card.spec, purpose=self.ask.purpose, usage=self.usage, cost=cost, outcome=outcome)
            await asyncio.shield(self.ledger.note(who, entry))

    async def _heard_out(self, heard: Heard, seconds: float, began: float) -> Reply:
        spec = self.card.spec
        request = self.vendor.request(self.ask, self.card)
        now = asyncio.get_running_loop().time()
        patience = min(seconds, self.silence) if request.early else seconds
        try:
            async with asyncio.timeout_at(now + patience) as limit:
                chat, watch = self.vendor.chat, self.ask.watch
                await heard.listen(chat, request, watch, spoke=lambda: limit.reschedule(now + seconds))
            message = heard.message
        except TooMuch:
            raise failure("cut_off", spec) from None
        except Exception as error:
            kind: Kind | None = "timeout" if limit.expired() else kind_of(error, begun=heard.begun)
            if kind is None and not is_unreadable(error):
                raise
            kind = kind or "broken"
            log.info("%s: %s (%s)", spec, kind, type(error).__name__)
            # the provider's own words may hold the key, so they are not repeated
            raise failure(kind, spec, after=after_of(error)) from None
        if heard.stopped is None:
            ended, wrong = ending_of(message)
            if wrong == "cut_off" and (message.tool_calls or message.invalid_tool_calls):
                message = without_last_call(message)  # whoever asked goes on with the others
            elif wrong or not ended:
                raise failure(wrong or "dropped", spec)
        signed(message, spec)
        self.usage = heard.usage(self.ask, time.monotonic() - began)
        return Reply(message=message, found=None, usage=self.usage, model=spec, stopped=heard.stopped)

    def _judge(self, outcome: str) -> None:
        """What the outcome says about the provider."""
        if outcome in DEAD:
            self.breaker.failed()
        elif outcome in {"cancelled", "limited"}:
            self.breaker.left()
        else:
            self.breaker.succeeded()
