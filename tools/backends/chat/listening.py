"""The model is heard as it speaks, and what had come is known whatever ends it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing
from functools import cached_property
from typing import cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, message_chunk_to_message

from tools.backends.chat.calling import with_whole_calls
from tools.backends.chat.counting import usage_of
from tools.backends.chat.sound import sound
from tools.backends.chat.vendor import Request
from tools.kit.models import Ask, Usage
from tools.kit.models.tokens import estimated_tokens

LONGEST = 250_000
"""Characters of an answer, thinking and arguments of calls included: more than any we ask for."""
CHARACTERS = 4
"""For a token, roughly."""


class TooMuch(Exception):
    """The answer is longer than any we ask for, and was not heard to its end."""


class Heard:
    """What has come so far."""

    def __init__(self) -> None:
        self._chunks: list[AIMessageChunk] = []
        self._characters = 0
        self.stopped: str | None = None
        """Why the model was stopped."""

    @property
    def begun(self) -> bool:
        return bool(self._chunks)

    async def listen(
        self,
        chat: BaseChatModel,
        request: Request,
        watch: Callable[[str], str | None] | None,
        spoke: Callable[[], None],
    ) -> None:
        """Until the model ends, or `watch` says why it is to be stopped. `spoke`: called at the first sign of life.

        Raises: TooMuch; whatever LangChain and the SDK do.
        """
        text = ""
        stream = chat.astream(list(request.messages), **request.arguments)
        async with AsyncExitStack() as stack:
            if request.closing:
                stack.push_async_callback(request.closing)
            await stack.enter_async_context(aclosing(cast("AsyncGenerator[AIMessageChunk, None]", stream)))
            async for chunk in stream:
                if not self._chunks:
                    spoke()
                self._characters += _characters(chunk)
                if self._characters > LONGEST:
                    raise TooMuch
                self._chunks.append(chunk)
                if watch and (more := chunk.text):
                    text += more
                    if (reason := watch(text)) is not None:
                        self.stopped = reason
                        return

    @cached_property
    def message(self) -> AIMessage:
        """The whole, once nothing more comes."""
        if not self._chunks:
            return AIMessage("")
        first, *rest = self._chunks
        whole = first + rest if rest else first
        return sound(with_whole_calls(cast(AIMessage, message_chunk_to_message(whole)), whole.tool_call_chunks))

    def usage(self, ask: Ask, seconds: float) -> Usage:
        """As the provider counted; estimated where an answer began and the count never came."""
        try:
            counted, output = usage_of(self.message), estimated_tokens([self.message])
        except Exception:  # parts that do not fit together
            counted, output = None, self._characters // CHARACTERS
        if counted is None and self.begun:
            counted = Usage(input=estimated_tokens(ask.messages, ask.tools), output=output, estimated=1)
        sent = {"images": ask.images, "image_bytes": ask.image_bytes, "calls": 1, "seconds": seconds}
        return (counted or Usage()).model_copy(update=sent)


def _characters(chunk: AIMessageChunk) -> int:
    content = chunk.content
    texts = [content] if isinstance(content, str) else [str(block) for block in content]
    calls = [call["args"] or "" for call in chunk.tool_call_chunks]
    return sum(map(len, (*texts, *calls)))
