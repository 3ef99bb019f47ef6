"""What a search finds for the asker alone: said to them and nobody else, below the answer that everybody sees.

Nothing of it is kept, no picture of it is uploaded, and nothing that others see tells whether there was anything.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from bot.asides import searched_again
from bot.edge import plain
from bot.slack.audiences import Sight
from bot.slack.events import Message
from bot.slack.fetching.thumbnails import is_shown_by_slack
from bot.slack.permalinks import posted_file
from bot.slack.replying import labels
from bot.slack.replying.beside import Told, bounded, forms
from bot.slack.replying.cards import Source, Sources
from bot.slack.replying.hits import Search, posted
from bot.slack.replying.mrkdwn import notice
from bot.slack.replying.parts import BAD_BLOCKS, CardsRefused
from bot.slack.replying.sourcing import Sourcing
from bot.slack.surface.searching import Search as Form
from bot.slack.web import Refused, Unsure, Web
from bot.turns.running import Answer
from bot.wiring import Wiring
from tools.kit import Archive, Directory, Evidence, Gate, ImageRef, Item, Scope

log = logging.getLogger(__name__)

PATIENCE = 20.0


class Asides:
    """Says them in one workspace."""

    def __init__(self, web: Web, wiring: Wiring, gate: Gate, hosts: Sequence[str], sourcing: Sourcing) -> None:
        """hosts: where links of ours may lead. sourcing: knows whether there are cards here."""
        self._web, self._wiring, self._gate, self._hosts = web, wiring, gate, hosts
        self._sourcing = sourcing

    async def tell(self, question: Message, answer: Answer, sight: Sight, directory: Directory) -> None:
        """Say what else the searches of the answer find for who asked, where there is any such thing.

        Does not fail for it: an answer stands without.
        """
        if sight.alone is None or not question.user or question.is_bot:
            return
        try:
            found = await self._found(answer, sight.shown, sight.alone, directory)
            if found:
                told = bounded(told_of(number, evidence) for number, evidence in enumerate(found))
                sources = await sources_of(told, await self._wiring.lend(Archive), sight.alone)
                await self._say(question, told, sources)
        except (Refused, Unsure) as error:
            log.info("Something for one person alone is not said: %s", error)
        except Exception as error:  # its words may be of what nobody else may see
            log.error("A search for one person alone failed: %s.", type(error).__name__)

    async def _found(self, answer: Answer, shown: Scope, alone: Scope, directory: Directory) -> list[Evidence]:
        wider = Scope(workspace=alone.workspace, audiences=tuple(sorted({*shown.audiences, *alone.audiences})))
        images = [ImageRef.model_validate(image) for image in answer.images]
        return await searched_again(self._wiring, answer.tools, images, alone=alone, wider=wider, directory=directory)

    async def _say(self, question: Message, found: Sequence[Told], sources: Sources) -> None:
        """In the form that Slack takes. Raises: Refused; Unsure."""
        with_cards = self._sourcing.has_cards
        refused: Refused | None = None
        for number, blocks in enumerate(forms(found, sources, self._clean, self._hosts)):
            if number == 0 and not with_cards:
                continue
            try:
                await self._say_it(question, blocks)
            except Refused as error:
                if error.error not in BAD_BLOCKS:
                    raise
                refused = error
                if number == 0:
                    self._sourcing.note_refused(CardsRefused(error))
            else:
                return
        if refused:
            raise refused

    async def _say_it(self, question: Message, blocks: Sequence[dict[str, Any]]) -> None:
        """In the thread, and in their direct messages where they are not in the channel. Raises: Refused; Unsure."""
        said: dict[str, Any] = {"text": notice(labels.FOR_YOU_ALONE), "blocks": list(blocks)}
        client = self._web.client
        try:
            await self._web.call(
                client.chat_postEphemeral,
                patience=PATIENCE,
                channel=question.channel,
                user=question.user,
                thread_ts=question.thread_ts,
                **said,
            )
        except Refused as refused:
            if refused.error in BAD_BLOCKS:
                raise
            log.info("Something for one person alone goes to their direct messages: %s", refused)
            await self._web.call(
                client.chat_postMessage, once=True, patience=PATIENCE, channel=question.user, unfurl_links=False, **said
            )

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))


def told_of(number: int, evidence: Evidence) -> tuple[Search, str]:
    """What a tool found, and what the form for more of it is filled with."""
    form = Form.of_call(evidence.arguments)
    like = {"like": form.like} if form.like else {}
    value = json.dumps({"channel": "", **form.asked, **like}, ensure_ascii=False) if form.goes_by_something else ""
    return Search(number, evidence.arguments, evidence.facts), value


async def sources_of(found: Sequence[Told], archive: Archive, alone: Scope) -> Sources:
    """Files that show the hits to whoever may see those files, as the asker may; and by whom, where and when they were
    posted."""
    hits = {str(hit["id"]): hit for told in found for hit in told.search.hits if hit.get("id")}
    items = await archive.get(alone, list(hits))
    return {item.id: Source(_file(item), posted(hits[item.id])) for item in items}


def _file(item: Item) -> str | None:
    """The one that was posted, where Slack can show it."""
    return posted_file(item) if is_shown_by_slack(item) else None
