"""The message shortcut "Ask Spyglass about this image": a form whose question becomes a turn in the thread."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from html import escape as escaped
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.edge import plain
from bot.slack.background import Background
from bot.slack.events import Identity, Message
from bot.slack.fetching.files import MODES, NO_FILES, name_of
from bot.slack.listening.access import Recent
from bot.slack.listening.asking import Asking
from bot.slack.listening.presses import Desk, pressed_at
from bot.slack.messages import WENT_WRONG
from bot.slack.replying.mrkdwn import escape
from bot.slack.surface import sentences
from bot.slack.surface.blocks import (
    View,
    entry,
    kept_in,
    menu,
    modal,
    notice,
    outside,
    replacing,
    small,
    typed,
    value_of,
)
from bot.slack.surface.screens import Screens
from bot.slack.web import Refused, Unsure, Web
from bot.slack.words import keepable
from tools.kit import Gate

log = logging.getLogger(__name__)

SHORTCUT, FORM = "spyglass_ask", "spyglass_ask_form"
READY, OWN = "ready", "own"
LONGEST = 2_000
PATIENCE = 2.0
MOST = 20
"""Files that a form points at: it keeps their names, in 3,000 characters. People post ten in a message."""


@dataclass(frozen=True)
class Place:
    """Where a question is answered, and what it points at."""

    channel: str
    """Empty: in the direct messages of whoever asks, in a thread that begins with the question."""
    thread_ts: str
    asked_at: str
    """When the form was opened, by Slack's clock, as a `ts`."""
    about: dict[str, str]
    """Files: ids and names."""
    page: int | None = None
    """The page that is meant, of the one file there is."""
    hits: dict[str, str] = field(default_factory=dict)
    """As `Message.hits`."""


class Questions:
    """Opens the form, and takes what is submitted: one turn, however often that comes."""

    def __init__(self, web: Web, bot: Identity, asking: Asking, background: Background, gate: Gate) -> None:
        self._web, self._bot, self._asking = web, bot, asking
        self._background, self._gate = background, gate
        self._screens, self._desk = Screens(web), Desk(web)
        self._begins: Recent[str, Place] = Recent()
        """Threads that were begun for a form: should it be submitted once more, there is one."""

    def register(self, app: AsyncApp) -> None:
        """Have a Bolt app call us."""

        async def shortcut(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._background.start(self.open_on(body))

        async def submit(ack: Any, body: dict[str, Any]) -> None:
            await ack(**await self.submit(body))

        app.shortcut({"callback_id": SHORTCUT, "type": "message_action"})(shortcut)
        app.view(FORM)(submit)

    async def open_on(self, body: Mapping[str, Any]) -> None:
        """The form for the message of a shortcut, or why there is none."""
        view_id = await self._screens.open(body, notice(sentences.ASK, sentences.ONE_MOMENT))
        if not view_id:
            await self._desk.tell(body, sentences.TRIGGER_LATE)
            return
        message, channel = keepable(body.get("message") or {}), str((body.get("channel") or {}).get("id") or "")
        ts = str(message.get("ts") or "")
        about = files_of(message)
        place = Place(channel, str(message.get("thread_ts") or ts), pressed_at(body), about)
        why_not = await self._why_not(place, body, ts)
        view = notice(sentences.ASK, why_not) if why_not else self.form(place)
        if not await self._screens.show(view_id, view):
            await self._screens.show(view_id, notice(sentences.ASK, WENT_WRONG))

    async def open(self, body: Mapping[str, Any], place: Place) -> None:
        """The form for files that a button points at."""
        if not await self._screens.open(body, self.form(place)):
            log.info("The form for %s is not opened.", place.channel)

    def form(self, place: Place) -> View:
        """What to fill in. Names of files are outside words."""
        names = self._gate.clean(", ".join(place.about.values()))
        ready = [(question, question) for question in sentences.READY_QUESTIONS]
        blocks = [
            outside(names),
            entry(READY, sentences.READY, menu(ready), optional=True),
            entry(
                OWN,
                sentences.OWN_QUESTION,
                typed(LONGEST, multiline=True, example=sentences.OWN_EXAMPLE),
                optional=True,
            ),
            small(sentences.ANSWERED_THERE if place.channel else sentences.ANSWERED_ALONE),
        ]
        return modal(sentences.ASK, blocks, callback=FORM, submit=sentences.ASK_SUBMIT, kept=asdict(place))

    async def submit(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Have it answered. Returns how Slack is answered: the form closes, or says why that is not possible."""
        view = body["view"]
        place = _place(view)
        if place is None:
            return replacing(notice(sentences.ASK, sentences.LOST))
        question = "\n".join(filter(None, [value_of(view, READY), value_of(view, OWN)]))
        if not question:
            return {"response_action": "errors", "errors": {OWN: sentences.NO_QUESTION}}
        if not place.channel:
            direct = await self._begun(place, str(body["user"]["id"]), str(view["id"]))
            if direct is None:
                return replacing(notice(sentences.ASK, sentences.NO_DIRECT))
            place = direct
        asked = await self._asking.ask(self._message(place, question, body))
        return replacing(notice(sentences.ASK, asked.refusal)) if asked.refusal else {}

    def _message(self, place: Place, question: str, body: Mapping[str, Any]) -> Message:
        asked: dict[str, Any] = {
            "text": escaped(_of_page(place.page, question[: 2 * LONGEST]), quote=False),
            "mentioned": True,
            "once": f"form:{body['view']['id']}",
            "about": place.about,
            "hits": place.hits,
        }
        return self._said_by(body["user"], place).model_copy(update=asked)

    def _said_by(self, user: Mapping[str, Any], place: Place) -> Message:
        """Nothing yet, there."""
        return Message(
            team=self._bot.team,
            channel=place.channel,
            ts=place.asked_at,
            thread_ts=place.thread_ts,
            user=str(user["id"]),
            user_team=str(user.get("team_id") or ""),
        )

    async def _begun(self, place: Place, user: str, form: str) -> Place | None:
        """The thread in somebody's direct messages in which they are answered, begun once for a form; None where Slack
        does not let us write to them."""
        if begun := self._begins.get(form):
            return begun
        about = self._gate.clean(plain(", ".join(place.about.values())))
        said = f"{sentences.ASKED_ALONE}{about}"
        try:
            told = await self._web.call(
                self._web.client.chat_postMessage,
                once=True,
                patience=PATIENCE,
                channel=user,
                text=escape(said),
                blocks=[outside(said)],
                parse="none",
                link_names=False,
                unfurl_links=False,
            )
        except (Refused, Unsure) as error:
            log.info("%s cannot be answered alone: %s", user, error)
            return None
        self._begins[form] = replace(place, channel=str(told["channel"]), thread_ts=str(told["ts"]))
        return self._begins[form]

    async def _why_not(self, place: Place, body: Mapping[str, Any], ts: str) -> str:
        """Why that person cannot ask there; empty when they can."""
        if not place.about:
            return sentences.NO_IMAGES
        if not await self._sees(place, ts):
            return sentences.NOT_IN_CHANNEL
        return await self._asking.refusal(self._said_by(body["user"], place))

    async def _sees(self, place: Place, ts: str) -> bool:
        """Whether we can read the message. (Where Slack does not say in time, the turn will find out.)"""
        try:
            await self._web.call(
                self._web.client.conversations_replies,
                patience=PATIENCE,
                channel=place.channel,
                ts=place.thread_ts,
                oldest=ts,
                latest=ts,
                inclusive=True,
                limit=1,
            )
        except Refused as refused:
            return refused.error not in ("not_in_channel", "channel_not_found", "missing_scope", "no_permission")
        except Unsure:
            return True
        return True


def _of_page(page: int | None, question: str) -> str:
    return question if page is None else f"Page {page}: {question}"


def files_of(message: Mapping[str, Any]) -> dict[str, str]:
    """Ids and names of what may be an image or a PDF in a message, MOST at most. (What it is the bytes will say.)"""
    files = [file for file in message.get("files") or () if isinstance(file, Mapping) and file.get("id")]
    return dict([(str(file["id"]), name_of(file)) for file in files if _may_show(file)][:MOST])


def _may_show(file: Mapping[str, Any]) -> bool:
    kind = str(file.get("mimetype") or "")
    readable = file.get("mode") not in {*MODES, *NO_FILES}
    return readable and (not kind or kind.startswith("image/") or kind in ("application/pdf", OCTETS))


OCTETS = "application/octet-stream"
"""What Slack says of types it does not know, such as pictures of some cameras."""


def _place(view: Mapping[str, Any]) -> Place | None:
    try:
        return Place(**kept_in(view))
    except TypeError:
        return None
