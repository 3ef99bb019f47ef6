"""The local planner in the graph, once early messages are forgotten: the images of the thread are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from graphs.agent import build_agent
from graphs.local_planner import LocalPlanner
from graphs.planning import LocalPlanning
from graphs.state import Surroundings
from tests.fakes import WordGate, lender
from tests.unit.planner.planner_thread import NOW, MiniLmHere
from tools.kit import Evidence, Gate, Image, ImageRef, Tool, tool
from tools.kit.registry import tool_of

FOUR = 4
"""Messages remembered: one question with a tool, or two pleasantries."""


@tool
async def read_text(image: Image, *, gate: Gate) -> Evidence:
    """Read the text."""
    return Evidence(said=f"The text of {image.handle}.")


@tool
async def compare(images: list[Image], question: str = "", *, gate: Gate) -> Evidence:
    """Compare."""
    return Evidence(said=f"They differ: {', '.join(image.handle for image in images)}.")


TOOLS: dict[str, Tool] = {run.__name__: tool_of(run) for run in (read_text, compare)}


class Chat:
    """A thread in the graph that remembers `FOUR` messages."""

    def __init__(self, encoder: MiniLmHere) -> None:
        gate = WordGate()
        self.around = Surroundings(
            planner=LocalPlanning(LocalPlanner(encoder, now=lambda: NOW)),
            tools=TOOLS,
            lend=lender(Gate=gate),
            fetch=_fetch,
            gate=gate,
            thread_messages=FOUR,
        )
        self.graph = build_agent(InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=None)))
        self.images = 0

    async def say(self, text: str, *, post: int = 0) -> dict[str, Any]:
        images = [_image(self.images + n) for n in range(1, post + 1)]
        self.images += post
        said = HumanMessage(text, additional_kwargs={"images": images})
        turn = {"images": images, "turn": [said], "problems": [], "rounds": 0, "attempts": 0}
        config: Any = {"configurable": {"thread_id": "local:terminal:forgetful"}}
        final: dict[str, Any] = await self.graph.ainvoke(turn, config, context=self.around)
        return final

    async def forget(self) -> None:
        """Pleasantries until nothing else is remembered."""
        for _ in range(FOUR):
            await self.say("thanks!")


async def _fetch(ref: ImageRef) -> Image:
    return Image(ref, Path("unused.png"))


def _image(number: int) -> dict[str, Any]:
    name = "harbour.jpg" if number == 1 else f"{number}.png"
    ref = ImageRef(handle=f"image {number}", sha256="0" * 64, mime="image/png", width=640, height=480, name=name)
    return ref.model_dump(mode="json")


def calls(final: dict[str, Any]) -> list[tuple[str, Any]]:
    made = [call for message in final["turn"] if isinstance(message, AIMessage) for call in message.tool_calls]
    return [(call["name"], call["args"].get("image") or call["args"].get("images")) for call in made]


@pytest.fixture
def chat(text_models: Path) -> Chat:
    return Chat(MiniLmHere(text_models))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("what does image 1 say?", [("read_text", "image 1")]),
        ("what does the first one say?", [("read_text", "image 1")]),
        ("read harbour.jpg", [("read_text", "image 1")]),
        ("read it", [("read_text", "image 2")]),
        ("compare them", [("compare", ["image 1", "image 2"])]),
    ],
)
async def test_images_of_forgotten_messages_are_still_in_the_thread(chat: Chat, text: str, made: Any) -> None:
    await chat.say("read both", post=2)
    await chat.forget()
    assert calls(await chat.say(text)) == made


async def test_a_new_image_after_the_old_messages_are_forgotten_is_the_next_one(chat: Chat) -> None:
    await chat.say("read it", post=1)
    await chat.forget()
    assert calls(await chat.say("what does this say?", post=1)) == [("read_text", "image 2")]
    assert calls(await chat.say("compare it with the first one")) == [("compare", ["image 1", "image 2"])]


async def test_there_is_no_image_9_even_when_messages_are_forgotten(chat: Chat) -> None:
    await chat.say("read it", post=1)
    await chat.forget()
    final = await chat.say("read image 9")
    assert (final["status"], "it has image 1" in final["answer"]) == ("asked", True)
