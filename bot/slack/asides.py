"""What a search finds for the asker alone: said to them and nobody else, below the answer that everybody sees.

Nothing of it is kept, and nothing that others see tells whether there was anything.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from bot.asides import searched_again
from bot.edge import plain
from bot.slack.audiences import Sight
from bot.slack.events import Message
from bot.slack.replying import labels, rich
from bot.slack.replying.hits import Search, hits_list
from bot.slack.replying.mrkdwn import notice
from bot.slack.web import Refused, Unsure, Web
from bot.turns import Answer
from bot.wiring import Wiring
from tools.kit import Directory, Evidence, Gate, ImageRef, Scope

log = logging.getLogger(__name__)

PATIENCE = 20.0
BLOCKS = 20


class Asides:
    """Says them in one workspace."""

    def __init__(self, web: Web, wiring: Wiring, gate: Gate, hosts: Sequence[str]) -> None:
        """hosts: where links of ours may lead."""
        self._web, self._wiring, self._gate, self._hosts = web, wiring, gate, hosts

    async def tell(self, question: Message, answer: Answer, sight: Sight, directory: Directory) -> None:
        """Say what else the searches of the answer find for who asked, where there is any such thing.

        Does not fail for it: an answer stands without.
        """
        if sight.alone is None or not question.user or question.is_bot:
            return
        try:
            found = await self._found(answer, sight.shown, sight.alone, directory)
            if found:
                await self._say(question, self._blocks(found))
        except (Refused, Unsure) as error:
            log.info("Something for one person alone is not said: %s", error)
        except Exception as error:  # its words may be of what nobody else may see
            log.error("A search for one person alone failed: %s.", type(error).__name__)

    async def _found(self, answer: Answer, shown: Scope, alone: Scope, directory: Directory) -> list[Evidence]:
        wider = Scope(workspace=alone.workspace, audiences=tuple(sorted({*shown.audiences, *alone.audiences})))
        images = [ImageRef.model_validate(image) for image in answer.images]
        return await searched_again(self._wiring, answer.tools, images, alone=alone, wider=wider, directory=directory)

    def _blocks(self, found: Sequence[Evidence]) -> list[dict[str, Any]]:
        lists = [
            rich.block(hits_list(Search(number, evidence.arguments, evidence.facts), self._clean, self._hosts))
            for number, evidence in enumerate(found)
        ]
        return [rich.block(rich.from_plain(labels.FOR_YOU_ALONE)), *lists][:BLOCKS]

    async def _say(self, question: Message, blocks: Sequence[dict[str, Any]]) -> None:
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
            log.info("Something for one person alone goes to their direct messages: %s", refused)
            await self._web.call(
                client.chat_postMessage, once=True, patience=PATIENCE, channel=question.user, unfurl_links=False, **said
            )

    def _clean(self, said: str) -> str:
        return self._gate.clean(plain(said))
