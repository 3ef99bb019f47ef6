"""Hits of a search as images of the thread: "hit 3" where a tool wants an image, whoever plans."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from graphs.agent import build_agent
from graphs.local_planner import LocalPlanner
from graphs.memory import names_hits
from graphs.planning import LocalPlanning, ModelPlanner, Planner
from graphs.state import Surroundings
from tests.archives import MemoryArchive
from tests.contract.archive_kit import item
from tests.fakes import ScriptedModel, ScriptedPlanner, WordGate, calls, lender
from tests.unit.planner.planner_thread import NOW, MiniLmHere
from tools.kit import AskAgain, CannotDo, Evidence, Image, ImageRef, Scope, Tool, tool
from tools.kit.adopting import Hits
from tools.kit.registry import tool_of
from tools.kit.toolbox import TurnToolbox

SCOPE = Scope(workspace="local", audiences=("owner",))
ITEMS = [item(number) for number in range(3)]
IDS = [one.id for one in ITEMS]
FOUND_3 = 'That search found 3 images. Which one do you mean? Say it as in "describe hit 3".'


@tool
async def search(query: str) -> Evidence:
    """Find images."""
    hits = [{"rank": rank, "id": one.id, "name": one.name} for rank, one in enumerate(ITEMS, 1)]
    return Evidence(said=f"Found 3 images for {query}.", facts={"hits": hits})


@tool
async def read_text(image: Image) -> Evidence:
    """Read all text in an image."""
    return Evidence(said=f"The text of {image.handle}, {image.ref.name}, reads: ginger.", facts={"text": "ginger"})


@tool
async def compare(images: list[Image], question: str = "") -> Evidence:
    """Compare images."""
    return Evidence(said=" and ".join(image.handle for image in images) + " differ.")


@tool
async def classify(image: Image, labels: list[str]) -> Evidence:
    """Say which label fits."""
    return Evidence(said=f"{image.handle} is a {labels[0]}.", sure=0.9)


TOOLS: dict[str, Tool] = {run.__name__: tool_of(run) for run in (search, read_text, compare, classify)}


async def archive_of(count: int = 3) -> MemoryArchive:
    archive = MemoryArchive()
    await archive.put(SCOPE, ITEMS[:count], np.eye(8, dtype=np.float32)[:count])
    return archive


async def fetch(ref: ImageRef) -> Image:
    return Image(ref, Path("unused.png"))


def posted(number: int) -> ImageRef:
    return ImageRef(
        handle=f"image {number}", sha256="f" * 64, mime="image/png", width=640, height=480, name=f"{number}.png"
    )


async def toolbox(*images: ImageRef, deleted: tuple[str, ...] = (), count: int = 3) -> TurnToolbox:
    lend = lender(Archive=await archive_of(count), Scope=SCOPE)
    return TurnToolbox(TOOLS, lend, images, fetch=fetch, deleted=deleted, hits=Hits(images, deleted, IDS))


# --- the toolbox ----------------------------------------------------------------------------------


async def test_a_hit_becomes_the_next_image_of_the_thread() -> None:
    box = await toolbox(posted(1), deleted=("image 2",))
    evidence = await box.use("read_text", {"image": "hit 2"})
    assert evidence.arguments == {"image": "image 3"}
    assert [(ref.handle, ref.hit, ref.sha256) for ref in box.adopted] == [("image 3", IDS[1], ITEMS[1].sha256)]


@pytest.mark.parametrize("said", ["hit 2", "Hit #2", "result 2", " match 2 "])
async def test_a_hit_may_be_called_in_several_ways(said: str) -> None:
    box = await toolbox()
    assert (await box.use("read_text", {"image": said})).arguments == {"image": "image 1"}


async def test_a_hit_that_is_an_image_already_stays_that_image() -> None:
    box = await toolbox(posted(1), posted(2).model_copy(update={"hit": IDS[0]}))
    assert (await box.use("read_text", {"image": "hit 1"})).arguments == {"image": "image 2"}
    assert box.adopted == []


async def test_calls_at_once_give_each_hit_a_number_of_its_own() -> None:
    box = await toolbox()
    found = await asyncio.gather(*(box.use("read_text", {"image": f"hit {rank}"}) for rank in (1, 2, 1, 3)))
    assert len({evidence.arguments["image"] for evidence in found}) == 3
    assert found[0].arguments == found[2].arguments
    assert [ref.handle for ref in box.adopted] == ["image 1", "image 2", "image 3"]


async def test_several_hits_may_be_compared_with_an_image_of_the_thread() -> None:
    box = await toolbox(posted(1))
    evidence = await box.use("compare", {"images": ["hit 1", "image 1", "hit 3"]})
    assert evidence.arguments == {"images": ["image 2", "image 1", "image 3"]}


async def test_a_hit_that_is_gone_or_may_not_be_shown_gives_a_sentence() -> None:
    box = await toolbox(count=1)
    with pytest.raises(CannotDo, match=r"^Hit 3 is no longer in the archive, or may not be shown here\.$"):
        await box.use("read_text", {"image": "hit 3"})
    assert box.adopted == []


async def test_a_hit_that_was_not_found_gives_a_sentence() -> None:
    box = await toolbox()
    with pytest.raises(AskAgain, match="There is no hit 7: the latest search found 3"):
        await box.use("read_text", {"image": "hit 7"})
    empty = TurnToolbox(TOOLS, lender(), fetch=fetch)
    with pytest.raises(AskAgain, match="nothing was found in this thread yet"):
        await empty.use("read_text", {"image": "hit 1"})


async def test_an_image_that_there_is_not_may_be_meant_for_a_hit() -> None:
    box = await toolbox(posted(1))
    with pytest.raises(AskAgain, match=r'has image 1\. Hits of the latest search are called "hit 1" to "hit 3"'):
        await box.use("read_text", {"image": "image 4"})


# --- a thread -------------------------------------------------------------------------------------


class Thread:
    """A thread in the graph, as it is checkpointed; `again` is another process with the same checkpoints."""

    def __init__(self, planner: Planner, archive: MemoryArchive, saver: InMemorySaver | None = None) -> None:
        self.saver = saver or InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self.graph = build_agent(self.saver)
        gate = WordGate()
        lend = lender(Archive=archive, Scope=SCOPE)
        self.around = Surroundings(planner=planner, tools=TOOLS, lend=lend, fetch=fetch, gate=gate)

    async def say(self, text: str) -> dict[str, Any]:
        said = HumanMessage(text, additional_kwargs={"images": []})
        turn = {"images": [], "turn": [said], "problems": [], "rounds": 0, "attempts": 0}
        config: Any = {"configurable": {"thread_id": "local:terminal:hits"}}
        final: dict[str, Any] = await self.graph.ainvoke(turn, config, context=self.around)
        return final


def made(final: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (call["name"], call["args"])
        for said in final["turn"]
        if isinstance(said, AIMessage)
        for call in said.tool_calls
    ]


def local(encoder: MiniLmHere) -> Planner:
    return LocalPlanning(LocalPlanner(encoder, now=lambda: NOW))


async def test_a_hit_that_was_asked_about_is_what_the_next_question_is_about(encoder: MiniLmHere) -> None:
    thread = Thread(local(encoder), await archive_of())
    await thread.say("find receipts for ginger")
    third = await thread.say("the third one: what does it say?")
    assert made(third) == [("read_text", {"image": "hit 3"})]
    assert third["answer"] == f"Hit 3 is image 1 now.\nThe text of image 1, {ITEMS[2].name}, reads: ginger."
    assert [(ref["handle"], ref["hit"]) for ref in third["images"]] == [("image 1", IDS[2])]
    again = Thread(local(encoder), await archive_of(), thread.saver)  # after a restart
    assert made(await again.say("a receipt or an invoice?")) == [
        ("classify", {"image": "image 1", "labels": ["receipt", "invoice"]})
    ]


async def test_another_hit_of_the_same_search_may_follow(encoder: MiniLmHere) -> None:
    thread = Thread(local(encoder), await archive_of())
    await thread.say("find receipts for ginger")
    await thread.say("what does number 1 say?")
    final = await thread.say("and number 2?")
    assert made(final) == [("read_text", {"image": "hit 2"})]
    assert [ref["handle"] for ref in final["images"]] == ["image 1", "image 2"]


async def test_the_first_two_are_compared(encoder: MiniLmHere) -> None:
    thread = Thread(local(encoder), await archive_of())
    await thread.say("find receipts for ginger")
    [(name, said)] = made(await thread.say("compare the first two"))
    assert (name, said["images"]) == ("compare", ["hit 1", "hit 2"])


async def test_which_hit_is_asked_for_where_none_is_named(encoder: MiniLmHere) -> None:
    thread = Thread(local(encoder), await archive_of())
    await thread.say("find receipts for ginger")
    final = await thread.say("what does it say?")
    assert (made(final), final["status"]) == ([], "asked")
    assert final["answer"] == 'Which of the hits do you mean? Say its number, as in "describe hit 2".'


async def test_a_hit_that_was_not_found_is_told_to_the_person(encoder: MiniLmHere) -> None:
    thread = Thread(local(encoder), await archive_of())
    await thread.say("find receipts for ginger")
    final = await thread.say("describe hit 9")
    assert (made(final), final["answer"]) == ([], f"There is no hit 9 in the latest search. {FOUND_3}")


@pytest.mark.parametrize(
    "said", ["the fourth one: what does it say?", "and number 4?", "compare the first and the fourth one"]
)
async def test_a_number_beyond_the_hits_is_told_as_one_of_them(encoder: MiniLmHere, said: str) -> None:
    thread = Thread(local(encoder), await archive_of())
    await thread.say("find receipts for ginger")
    await thread.say("the second one: what does it say?")
    final = await thread.say(said)
    assert (made(final), final["answer"], final["status"]) == ([], FOUND_3, "asked")
    assert made(await thread.say("more")) == [("search", {"query": "receipts for ginger", "limit": 10})]


def test_whoever_asks_after_the_posting_of_a_hit_still_speaks_of_the_search() -> None:
    assert names_hits("search", {"hits": []})
    assert names_hits("posted_before", {"hits": [{"id": IDS[0]}]})
    assert not names_hits("posted_before", {"hits": [{"id": IDS[0]}], "itself": {"id": IDS[1]}})
    assert not names_hits("posted_before", {"hits": []})


@pytest.mark.parametrize("said", ["find kites of the third reich", "find bills of the 15th"])
async def test_an_ordinal_that_is_no_hits_may_be_searched_for(encoder: MiniLmHere, said: str) -> None:
    thread = Thread(local(encoder), await archive_of(2))
    await thread.say("find receipts for ginger")
    assert [name for name, _ in made(await thread.say(said))] == ["search"]


async def test_a_hit_that_is_gone_is_told_to_the_person(encoder: MiniLmHere) -> None:
    thread = Thread(local(encoder), await archive_of(count=1))
    await thread.say("find receipts for ginger")
    final = await thread.say("read the second one")
    assert final["answer"] == "Hit 2 is no longer in the archive, or may not be shown here."
    assert final["images"] == []


async def test_a_model_says_hits_and_is_told_which_images_they_are() -> None:
    model = ScriptedModel(
        calls(("search", {"query": "receipts"})),
        calls(("read_text", {"image": "hit 2"})),
        AIMessage("It says ginger."),
        calls(("classify", {"image": "image 1", "labels": ["receipt", "invoice"]})),
        AIMessage("A receipt."),
    )
    planner = ModelPlanner(model, otherwise=LocalPlanning(ScriptedPlanner(lines=[AIMessage("By rules.")], heard=[])))
    thread = Thread(planner, await archive_of())
    final = await thread.say("find receipts and read the second")
    told = [said.text for said in final["turn"] if isinstance(said, ToolMessage)]
    assert told[1].startswith("(hit 2 is now image 1.) ")
    assert made(await thread.say("Which kind is it?")) == [
        ("classify", {"image": "image 1", "labels": ["receipt", "invoice"]})
    ]
    heard = "\n".join(message.text for message in model.asked[-1].messages)
    assert "image 1: image/jpeg, 640 x 480 pixels; a hit of a search" in heard
    assert 'say "hit 3" where a tool wants an image' in heard


async def test_a_model_hears_of_a_hit_that_is_not_there() -> None:
    model = ScriptedModel(
        calls(("search", {"query": "receipts"})),
        calls(("read_text", {"image": "hit 9"})),
        AIMessage("I cannot tell."),
    )
    planner = ModelPlanner(model, otherwise=LocalPlanning(ScriptedPlanner(lines=[AIMessage("By rules.")], heard=[])))
    final = await Thread(planner, await archive_of()).say("find receipts and read the ninth")
    assert [said.text for said in final["turn"] if isinstance(said, ToolMessage)][1] == (
        "There is no hit 9: the latest search found 3."
    )
