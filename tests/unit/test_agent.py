"""The graph: think, act, check, answer, mend, give up."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from graphs.acting import CALLS
from graphs.agent import build_agent
from graphs.nodes import DRAFTS, ROUNDS
from graphs.planning import LocalPlanning
from graphs.state import Step, Surroundings
from tests.fakes import ScriptedPlanner, WordGate, calls, lender
from tools.kit import AskAgain, CannotDo, Evidence, Gate, Image, ImageRef, Tool, tool
from tools.kit.registry import tool_of

CONFIG: Any = {"configurable": {"thread_id": "local:terminal:t1"}}


@tool
async def measure(image: Image, *, gate: Gate) -> Evidence:
    """Say how wide the image is."""
    return Evidence(said=f"{image.handle} is {image.ref.width} pixels wide.", facts={"width": image.ref.width})


@tool
async def sulk(text: str) -> Evidence:
    """Refuse."""
    raise CannotDo(f"{text} is not to be had here.")


@tool
async def sleep(seconds: float) -> Evidence:
    """Take a while."""
    await asyncio.sleep(seconds)
    return Evidence(said="Slept.")


door = asyncio.Barrier(2)


@tool
async def meet(at: str) -> Evidence:
    """Wait until somebody else is there too."""
    await door.wait()
    return Evidence(said=f"Met {at}.")


@tool
async def crash(text: str) -> Evidence:
    """Break."""
    raise ZeroDivisionError(text)


TOOLS: dict[str, Tool] = {run.__name__: tool_of(run) for run in (measure, sulk, sleep, meet, crash)}


def image(number: int = 1) -> dict[str, Any]:
    ref = ImageRef(
        handle=f"image {number}", sha256="0" * 64, mime="image/png", width=640, height=480, name=f"{number}.png"
    )
    return ref.model_dump(mode="json")


def turn(question: str, *images: dict[str, Any]) -> dict[str, Any]:
    message = HumanMessage(question, additional_kwargs={"images": list(images)})
    return {"images": list(images), "turn": [message], "problems": [], "rounds": 0, "attempts": 0}


async def fetch(ref: ImageRef) -> Image:
    return Image(ref, Path("unused.png"))


def around(planner: ScriptedPlanner, *banned: str, **more: Any) -> Surroundings:
    gate = WordGate(*banned)
    settings: dict[str, Any] = {"tools": TOOLS, **more}
    return Surroundings(planner=LocalPlanning(planner), lend=lender(Gate=gate), fetch=fetch, gate=gate, **settings)


async def run(planner: ScriptedPlanner, said: dict[str, Any], *banned: str, **more: Any) -> dict[str, Any]:
    result: dict[str, Any] = await build_agent(None).ainvoke(said, context=around(planner, *banned, **more))
    return result


async def test_evidence_comes_before_the_answer() -> None:
    planner = ScriptedPlanner(lines=[calls(("measure", {"image": "image 1"})), AIMessage("640 pixels.")])
    final = await run(planner, turn("How wide?", image()))
    assert final["answer"] == "640 pixels."
    assert final["status"] == "answered"
    assert [m.artifact["facts"] for m in final["turn"] if isinstance(m, ToolMessage)] == [{"width": 640}]


async def test_a_call_that_a_question_asks_for_itself_is_made_without_the_planner() -> None:
    said = turn("The width, please", image())
    said["turn"][0].additional_kwargs["call"] = {"name": "measure", "args": {"image": "image 1"}}
    planner = ScriptedPlanner(lines=[AIMessage("640 pixels.")])
    final = await run(planner, said)
    assert final["answer"] == "640 pixels."
    assert [m.artifact["facts"] for m in final["turn"] if isinstance(m, ToolMessage)] == [{"width": 640}]
    assert isinstance(planner.heard[0][-1], ToolMessage)


async def test_tools_of_one_step_run_at_the_same_time() -> None:
    both = calls(("meet", {"at": "noon"}), ("meet", {"at": "night"}))
    planner = ScriptedPlanner(lines=[both, AIMessage("Done.")])
    final = await run(planner, turn("Meet."), tool_seconds=20)
    assert [m.status for m in final["turn"] if isinstance(m, ToolMessage)] == ["success", "success"]


async def test_a_tool_past_its_deadline_is_given_up_on() -> None:
    planner = ScriptedPlanner(lines=[calls(("sleep", {"seconds": 30})), AIMessage("I cannot tell.")])
    final = await run(planner, turn("Sleep."), tool_seconds=0.05)
    assert "did not finish within 0.05 seconds" in final["turn"][2].content


async def test_an_unknown_handle_becomes_a_sentence_the_planner_can_act_on() -> None:
    planner = ScriptedPlanner(lines=[calls(("measure", {"image": "image 9"})), AIMessage("Which one?")])
    final = await run(planner, turn("How wide?", image(1), image(2)))
    assert final["turn"][2].content == "No image 9 in this thread; it has image 1 and image 2."
    assert final["status"] == "asked"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("sulk", {"text": "Moonlight"}), "Moonlight is not to be had here."),
        (("measure", {"picture": "image 1"}), "measure cannot take these arguments"),
        (("fly", {}), "There is no tool fly"),
    ],
)
async def test_a_failed_tool_is_told_to_the_planner_in_a_sentence(call: tuple[str, dict[str, Any]], told: str) -> None:
    planner = ScriptedPlanner(lines=[calls(call), AIMessage("I cannot tell.")])
    final = await run(planner, turn("Do it.", image()))
    assert told in final["turn"][2].content
    assert final["turn"][2].status == "error"


async def test_a_bug_in_a_tool_is_logged_and_the_person_gets_an_honest_sentence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    planner = ScriptedPlanner(lines=[calls(("crash", {"text": "x"})), AIMessage("I cannot tell.")])
    final = await run(planner, turn("Crash."))
    assert "an error that is ours" in final["turn"][2].content
    assert "ZeroDivisionError" in caplog.text


async def test_a_broken_draft_goes_back_with_its_reason_and_is_mended() -> None:
    planner = ScriptedPlanner(lines=[AIMessage("It is an Acme hammer."), AIMessage("It is a hammer.")])
    final = await run(planner, turn("What is it?", image()), "Acme")
    assert final["answer"] == "It is a hammer."
    assert "Do not say Acme." in str(planner.heard[1][-1].content)


async def test_a_draft_that_never_mends_is_never_said() -> None:
    planner = ScriptedPlanner(lines=[AIMessage("Acme!")])
    final = await run(planner, turn("What is it?", image()), "Acme")
    assert "Acme" not in final["answer"]
    assert final["status"] == "withheld"
    assert len(planner.heard) == DRAFTS


async def test_rejected_drafts_are_not_remembered() -> None:
    planner = ScriptedPlanner(lines=[AIMessage("It is an Acme hammer."), AIMessage("It is a hammer.")])
    final = await run(planner, turn("What is it?", image()), "Acme")
    assert "Acme" not in str(final["history"])


async def test_tools_are_withdrawn_before_a_planner_can_repeat_itself_for_ever() -> None:
    planner = ScriptedPlanner(lines=[calls(("measure", {"image": "image 1"}))])
    final = await run(planner, turn("How wide?", image()))
    assert "I cannot tell" in final["answer"]
    assert len(planner.heard) == ROUNDS
    assert planner.offered[-1] == []


async def test_a_file_that_did_not_open_is_named_in_the_answer() -> None:
    planner = ScriptedPlanner(lines=[AIMessage("640 pixels.")])
    problem = "logo.svg is an SVG drawing: export it as PNG and post that."
    final = await run(planner, {**turn("How wide?", image()), "problems": [problem]})
    assert final["answer"] == f"{problem}\n640 pixels."


async def test_a_file_that_did_not_open_is_named_even_when_the_first_draft_is_rejected() -> None:
    planner = ScriptedPlanner(lines=[AIMessage("It is an Acme hammer."), AIMessage("It is a hammer.")])
    problem = "logo.svg is an SVG drawing: export it as PNG and post that."
    final = await run(planner, {**turn("What is it?", image()), "problems": [problem]}, "Acme")
    assert final["answer"] == f"{problem}\nIt is a hammer."


async def test_no_more_than_some_tool_calls_are_run_at_once() -> None:
    numbers = range(1, CALLS + 3)
    many = calls(*(("measure", {"image": f"image {number}"}) for number in numbers))
    planner = ScriptedPlanner(lines=[many, AIMessage("640 pixels.")])
    final = await run(planner, turn("How wide?", *map(image, numbers)))
    results = [message for message in final["turn"] if isinstance(message, ToolMessage)]
    assert [message.status for message in results].count("error") == 2


async def test_when_no_file_opens_the_answer_is_why_and_nothing_else() -> None:
    planner = ScriptedPlanner(lines=[AIMessage("Post an image.")])
    problem = "logo.svg is an SVG drawing: export it as PNG and post that."
    final = await run(planner, {**turn("How wide?"), "problems": [problem]})
    assert (final["answer"], final["status"]) == (problem, "refused")


async def test_step_titles_pass_the_gate() -> None:
    steps: list[Step] = []

    async def step(now: Step) -> None:
        steps.append(now)

    planner = ScriptedPlanner(lines=[calls(("sulk", {"text": "Acme"})), AIMessage("I cannot tell.")])
    await run(planner, turn("Find Acme."), "Acme", step=step)
    assert [(now.title, now.state) for now in steps] == [("sulk: ▇▇▇", "running"), ("sulk: ▇▇▇", "failed")]


async def test_a_thread_is_remembered_and_handles_stay() -> None:
    saver = InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    agent = build_agent(saver)
    first = ScriptedPlanner(lines=[calls(("measure", {"image": "image 1"})), AIMessage("640 pixels.")])
    await agent.ainvoke(turn("How wide?", image(1)), CONFIG, context=around(first))
    second = ScriptedPlanner(lines=[calls(("measure", {"image": "image 2"})), AIMessage("640 pixels too.")])
    final = await agent.ainvoke(turn("And this one?", image(2)), CONFIG, context=around(second))
    assert [ref["handle"] for ref in final["images"]] == ["image 1", "image 2"]
    told = [message.content for message in second.heard[0]]
    assert "How wide?" in told
    assert "640 pixels." in told


async def test_one_question_is_never_answered_with_another_turns_evidence_in_its_result() -> None:
    saver = InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    agent = build_agent(saver)
    first = ScriptedPlanner(lines=[calls(("measure", {"image": "image 1"})), AIMessage("640 pixels.")])
    await agent.ainvoke(turn("How wide?", image(1)), CONFIG, context=around(first))
    final = await agent.ainvoke(turn("Thanks"), CONFIG, context=around(ScriptedPlanner(lines=[AIMessage("Gladly.")])))
    assert [m for m in final["turn"] if isinstance(m, ToolMessage)] == []


def test_a_tool_without_a_docstring_is_refused_when_it_is_read() -> None:
    async def silent(text: str) -> Evidence:
        raise AskAgain(text)

    with pytest.raises(TypeError, match="needs a docstring"):
        tool_of(silent)
