"""The messages of a thread, read as turns: what was asked, what was posted, what the tools found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from graphs.clock import Clock, clock_of
from graphs.memory import adopted, names_hits, pointed_at
from graphs.prompts import WISH
from tools.kit import Evidence, ImageRef, Json

LONG_AGO = Clock(datetime.min)


@dataclass(frozen=True)
class Call:
    """One tool call and what came of it."""

    tool: str
    arguments: dict[str, Json]
    said: str = ""
    evidence: Evidence | None = None
    failed: bool = False
    asks: bool = False
    """It failed over something the person can mend."""
    adopted: tuple[tuple[str, str], ...] = ()
    """Hits in it that have become images: what they were called ("hit 3"), and their handles."""

    @property
    def hits(self) -> list[Any]:
        """What it found in the archive, best first."""
        found = self.evidence.facts.get("hits") if self.evidence else None
        return found if isinstance(found, list) else []

    @property
    def handles(self) -> tuple[str, ...]:
        """The images it was about, by handle."""
        if isinstance(one := self.arguments.get("image"), str):
            return (one,)
        many = self.arguments.get("images")
        return tuple(str(handle) for handle in many) if isinstance(many, list) else ()


@dataclass(frozen=True)
class Exchange:
    """A question, the images that came with it, and what was done and said."""

    text: str = ""
    posted: tuple[str, ...] = ()
    """Handles of the images that came with this message, or that it points at."""
    calls: tuple[Call, ...] = ()
    answer: str = ""

    @property
    def handles(self) -> tuple[str, ...]:
        """Images its tools worked on, in order, each once."""
        return tuple(dict.fromkeys(handle for call in self.calls for handle in call.handles))


@dataclass(frozen=True)
class Rejected:
    """A draft that broke a rule."""

    broken: str
    draft: str
    mended: str | None = None


@dataclass(frozen=True)
class Turn:
    """The running exchange, and those before it."""

    now: Exchange = Exchange()
    past: tuple[Exchange, ...] = ()
    images: tuple[ImageRef, ...] = ()
    """Every image of the thread, in the order posted."""
    handles: tuple[str, ...] = ()
    """Every image of the thread by handle."""
    hidden: tuple[str, ...] = ()
    """Those that may not be shown in it any more."""
    rejected: Rejected | None = None
    rounds: int = 0
    """How often tools were called in this turn."""
    tools: frozenset[str] = field(default=frozenset())
    clock: Clock = LONG_AGO
    """What the asker's shows."""
    place: str = ""
    """The channel it is asked in, where that is known."""

    @property
    def last(self) -> Exchange | None:
        """The latest exchange in which a tool was used."""
        return next((exchange for exchange in reversed(self.past) if exchange.calls), None)

    @property
    def searched(self) -> Call | None:
        """The latest search, as long as since then only its hits were talked about."""
        return self._latest(lambda call: call.tool == "search")

    @property
    def finding(self) -> Call | None:
        """The call that last found images in the archive, as long as since then only these were talked about."""
        return self._latest(lambda call: names_hits(call.tool, call.evidence.facts if call.evidence else {}))

    def _latest(self, wanted: Callable[[Call], bool]) -> Call | None:
        adopted = {image.handle for image in self.images if image.hit}
        for exchange in reversed(self.past):
            if found := next((call for call in reversed(exchange.calls) if wanted(call)), None):
                return found
            if exchange.posted or any(handle not in adopted for handle in exchange.handles if handle[:4] != "hit "):
                return None
        return None

    def saying(self, text: str) -> Turn:
        """This turn, as if `text` had been said."""
        return replace(self, now=replace(self.now, text=text))


def read_turn(messages: Sequence[BaseMessage], tools: frozenset[str], now: datetime) -> Turn:
    """Read a thread. The system message knows every image, human messages only those whose words are still remembered;
    a message named "check" carries a rejected draft."""
    exchanges: list[Exchange] = []
    images: dict[str, ImageRef] = {}
    hidden: tuple[str, ...] = ()
    rejected: Rejected | None = None
    rounds = 0
    zone = place = ""
    for message in messages:
        if isinstance(message, HumanMessage) and message.name == WISH:
            continue  # only a language model can word an answer in another way
        if isinstance(message, SystemMessage):
            images.update({image.handle: image for image in _carried(message)})
            hidden = tuple(message.additional_kwargs.get("hidden") or ())
        elif isinstance(message, HumanMessage) and message.name == "check":
            rejected = _rejected(message)
        elif isinstance(message, HumanMessage):
            posted = _carried(message)
            zone, place = _told(message, "zone"), _told(message, "place")
            images.update({image.handle: image for image in posted})
            here = pointed_at(message) or tuple(image.handle for image in posted)
            exchanges.append(Exchange(message.text.strip(), here))
            rejected, rounds = None, 0
        elif exchanges and isinstance(message, AIMessage | ToolMessage):
            images.update({image.handle: image for image in adopted(message).values()})
            exchanges[-1] = _grown(exchanges[-1], message)
            rounds += bool(isinstance(message, AIMessage) and message.tool_calls)
    if not exchanges:
        return Turn(tools=tools)
    return Turn(
        exchanges[-1],
        tuple(exchanges[:-1]),
        tuple(images.values()),
        _handles([*images, *hidden]),
        hidden,
        rejected,
        rounds,
        tools,
        clock_of(now, zone),
        place,
    )


def _told(message: HumanMessage, what: str) -> str:
    return str(message.additional_kwargs.get(what) or "")


def _handles(known: Iterable[str]) -> tuple[str, ...]:
    """All handles up to the latest: messages that brought early images may have been trimmed, their handles stay."""
    latest = max((int(handle.rsplit(" ", 1)[1]) for handle in known), default=0)
    return tuple(f"image {number}" for number in range(1, latest + 1))


def _carried(message: HumanMessage | SystemMessage) -> list[ImageRef]:
    images = message.additional_kwargs.get("images") or []
    return [image if isinstance(image, ImageRef) else ImageRef.model_validate(image) for image in images]


def _rejected(message: HumanMessage) -> Rejected:
    kept: Mapping[str, Any] = message.additional_kwargs
    return Rejected(message.text, str(kept.get("draft") or ""), kept.get("mended"))


def _grown(exchange: Exchange, message: AIMessage | ToolMessage) -> Exchange:
    """The exchange with one more message: an answer, calls made, or the result of the first call still open."""
    if isinstance(message, ToolMessage):
        return replace(exchange, calls=_settled(exchange.calls, message))
    if not message.tool_calls:
        return replace(exchange, answer=message.text)
    made = [Call(call["name"], {**call["args"], "\0id": call["id"]}) for call in message.tool_calls]
    return replace(exchange, calls=(*exchange.calls, *made))


def _settled(calls: tuple[Call, ...], message: ToolMessage) -> tuple[Call, ...]:
    return tuple(
        _result(call, message) if call.arguments.get("\0id") == message.tool_call_id else call for call in calls
    )


def _result(call: Call, message: ToolMessage) -> Call:
    handles = {said: image.handle for said, image in adopted(message).items()}
    arguments = {name: _called(value, handles) for name, value in call.arguments.items() if name != "\0id"}
    failed = message.status == "error"
    evidence = None if failed else message.artifact
    if evidence is not None and not isinstance(evidence, Evidence):
        evidence = Evidence.model_validate(evidence)
    asks = failed and message.additional_kwargs.get("kind") == "ask"
    said = evidence.said if evidence else message.text
    settled = replace(call, arguments=arguments, said=said, evidence=evidence, failed=failed, asks=asks)
    return replace(settled, adopted=tuple(handles.items()))


def _called(value: Json, handles: Mapping[str, str]) -> Json:
    """An argument with hits by the handles they have got."""
    if isinstance(value, list):
        return [_called(one, handles) for one in value]
    return handles.get(value, value) if isinstance(value, str) else value
