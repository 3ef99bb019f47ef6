"""What every planner keeps to, with rules of its own or a model behind a provider's wire."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from graphs import prompts
from graphs.agent import build_agent
from graphs.constraints import RuleGate, discover
from graphs.constraints.banned_brands import Brand
from graphs.constraints.banned_brands import Settings as Brands
from graphs.local_planner import LocalPlanner
from graphs.nodes import ROUNDS
from graphs.planning import LOCAL, LocalPlanning, ModelPlanner, Planner, Request
from graphs.state import Surroundings, refs
from tests.contract.planners import BY_MYSELF, SPEAKERS, Speaker, ask, claude, parts, planning
from tests.fakes import WordGate, lender
from tests.provider import (
    Act,
    Call,
    Provider,
    Says,
    calls,
    cut_off,
    dropped,
    fails,
    filtered,
    hangs,
    opened,
    refuses,
    says,
    slowly,
    too_long,
)
from tests.unit.planner.planner_thread import MiniLmHere
from tests.unit.test_agent import TOOLS, fetch, image, turn
from tools.backends import anthropic
from tools.kit import AskAgain, Evidence, Image, tool
from tools.kit.registry import tool_of

READ = Evidence(said="The text in image 1 reads: GINGER 10.25", tool="read_text", arguments={"image": "image 1"})
PLANNERS = [pytest.param(None, id="local"), *SPEAKERS]


@tool
async def read_text(image: Image) -> Evidence:
    """Read all text in an image."""
    return READ


SCHEMAS = [tool_of(read_text).schema]
WANTS = calls(Call("read_text", {"image": "image 1"}))
SAID = "The text in image 1 reads: GINGER 10.25."


def request(*turn: AnyMessage, **more: Any) -> Request:
    images: Any = {"images": [image()]}
    system = prompts.system(refs(images), {"image 1"}, [])
    question = HumanMessage("What does it say in image 1?", additional_kwargs=images)
    return Request(system, [], [question, *turn], WordGate("Acme"), tools=SCHEMAS, **more)


def read() -> tuple[AnyMessage, AnyMessage]:
    call = AIMessage("", tool_calls=[{"name": "read_text", "args": {"image": "image 1"}, "id": "call_1"}])
    return call, ToolMessage(READ.said, tool_call_id="call_1", name="read_text", artifact=READ.model_dump(mode="json"))


@asynccontextmanager
async def planner(speaker: Speaker | None, encoder: MiniLmHere, *script: Act) -> AsyncIterator[Planner]:
    """The planner; the script is for one that is a model."""
    if speaker is None:
        yield LocalPlanning(LocalPlanner(encoder))
        return
    async with opened(*script) as provider:
        yield planning(speaker(provider))


@pytest.fixture(scope="module")
def encoder(text_models: Path) -> MiniLmHere:
    return MiniLmHere(text_models)


# --- every planner ------------------------------------------------------------------------------


@pytest.mark.parametrize("speaker", PLANNERS)
async def test_a_planner_calls_a_tool_by_handles(speaker: Speaker | None, encoder: MiniLmHere) -> None:
    async with planner(speaker, encoder, WANTS) as one:
        planned = await one.plan(request())
    made = [(call["name"], call["args"]["image"]) for call in planned.reply.tool_calls]
    assert made == [("read_text", "image 1")]
    assert planned.planner == one.name
    assert planned.degraded == ()


@pytest.mark.parametrize("speaker", PLANNERS)
async def test_a_planner_answers_from_what_was_found(speaker: Speaker | None, encoder: MiniLmHere) -> None:
    async with planner(speaker, encoder, says(SAID)) as one:
        planned = await one.plan(request(*read()))
    assert "GINGER 10.25" in planned.reply.text
    assert planned.reply.tool_calls == []


@pytest.mark.parametrize("speaker", PLANNERS)
async def test_a_planner_without_tools_answers(speaker: Speaker | None, encoder: MiniLmHere) -> None:
    async with planner(speaker, encoder, says(SAID)) as one:
        planned = await one.plan(request(*read(), may_call=False))
    assert planned.reply.text
    assert planned.reply.tool_calls == []


@pytest.mark.parametrize("speaker", PLANNERS)
async def test_a_planner_writes_a_rejected_draft_again(speaker: Speaker | None, encoder: MiniLmHere) -> None:
    told = {"draft": "It is by Acme.", "mended": "It is by a certain brand."}
    rejected = HumanMessage("Do not say Acme.", name="check", additional_kwargs=told)
    async with planner(speaker, encoder, says("It is by a certain brand.")) as one:
        planned = await one.plan(request(*read(), rejected))
    assert planned.reply.text == "It is by a certain brand."


# --- a model behind each wire -------------------------------------------------------------------


async def answered(
    speaker: Speaker, *script: Act, banned: str = "Acme", question: str = "How wide?", **more: str
) -> tuple[dict[str, Any], Provider]:
    async with opened(*script, strict=False) as provider:
        final = await ask(speaker(provider, **more), turn(question, image()), tools=TOOLS, gate=WordGate(banned))
    return final, provider


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_model_calls_a_tool_and_answers_from_it(speaker: Speaker) -> None:
    wants = calls(Call("measure", {"image": "image 1"}))
    final, provider = await answered(speaker, wants, says("It is 640 pixels wide."))
    assert final["answer"] == "It is 640 pixels wide."
    assert "image 1 is 640 pixels wide." in str(provider.heard[1].body)
    assert "measure" in provider.heard[0].prompt.tools
    assert (final["planner"], final["degraded"]) == (speaker(provider).card.spec, [])
    assert not provider.refused


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_no_byte_of_an_image_is_sent_to_whoever_plans(speaker: Speaker) -> None:
    _, provider = await answered(speaker, calls(Call("measure", {"image": "image 1"})), says("640 pixels."))
    assert [heard.images for heard in provider.heard] == [(), ()]
    assert "image 1: image/png, 640 x 480 pixels" in str(provider.heard[0].body)


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_every_call_of_one_step_gets_its_result(speaker: Speaker) -> None:
    several = calls(Call("measure", {"image": "image 1"}), Call("sulk", {"text": "Tea"}), Call("wave", {}))
    final, provider = await answered(speaker, several, says("It is 640 pixels wide."))
    assert final["answer"] == "It is 640 pixels wide."
    assert len([piece for piece in provider.heard[1].prompt.pieces if piece.kind == "result"]) == 3
    told = str(provider.heard[1].body)
    assert (
        told.index("image 1 is 640 pixels") < told.index("Tea is not to be had") < told.index("There is no tool wave")
    )
    assert not provider.refused


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_model_is_told_what_to_mend(speaker: Speaker) -> None:
    final, provider = await answered(speaker, says("An Acme ruler."), says("A ruler."))
    assert final["answer"] == "A ruler."
    assert "Do not say Acme." in provider.heard[1].question


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_model_that_calls_for_ever_is_told_not_to_call_and_still_knows_the_tools(speaker: Speaker) -> None:
    final, provider = await answered(speaker, calls(Call("measure", {"image": "image 1"})))
    assert "I cannot tell" in final["answer"]
    may_call = [heard.prompt.may_call for heard in provider.heard]
    assert may_call[:ROUNDS] == [True] * (ROUNDS - 1) + [False]
    assert not any(may_call[ROUNDS:])
    assert provider.heard[-1].prompt.tools == provider.heard[0].prompt.tools
    ran = [message for message in final["turn"] if isinstance(message, ToolMessage) and message.artifact]
    assert len(ran) == 1  # the same call is made once
    assert not provider.refused


@pytest.mark.parametrize("speaker", SPEAKERS)
@pytest.mark.parametrize(
    ("call", "told"),
    [
        (Call("wave", {}), "There is no tool wave; there are measure"),
        (Call("measure", {}), "image: field required"),
        (Call("measure", {"image": "image 1", "colour": "red"}), "colour: extra inputs are not permitted"),
        (Call("measure", {"image": "image 7"}), "No image 7 in this thread; it has image 1."),
        (Call("sleep", {"seconds": "long"}), "seconds: input should be a valid number"),
    ],
    ids=["unknown tool", "missing argument", "additional argument", "unknown handle", "wrong argument"],
)
async def test_a_call_that_cannot_be_run_is_explained_and_made_again(speaker: Speaker, call: Call, told: str) -> None:
    right = calls(Call("measure", {"image": "image 1"}))
    final, provider = await answered(speaker, calls(call), right, says("It is 640 pixels wide."))
    assert final["answer"] == "It is 640 pixels wide."
    assert told in str(provider.heard[1].body)
    assert not provider.refused


@pytest.mark.parametrize("speaker", SPEAKERS[:3])
@pytest.mark.parametrize("arguments", ['{"image": image 1}', '["image 1"]'])
async def test_arguments_that_are_no_json_object_are_explained(speaker: Speaker, arguments: str) -> None:
    right = calls(Call("measure", {"image": "image 1"}))
    final, provider = await answered(speaker, calls(Call("measure", arguments)), right, says("640 pixels."))
    assert final["answer"] == "640 pixels."
    told = str(provider.heard[1].body)
    assert "Not run: the arguments are no JSON" in told or "nobody can read the call" in told
    assert not provider.refused


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_an_empty_reply_is_asked_for_again(speaker: Speaker) -> None:
    final, provider = await answered(speaker, says(""), says("I cannot tell."))
    assert (final["answer"], final["degraded"]) == ("I cannot tell.", [])
    assert len(provider.heard) == 2


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_reply_that_is_cut_off_is_asked_for_in_fewer_words(speaker: Speaker) -> None:
    final, provider = await answered(speaker, cut_off("It is a long"), says("I cannot tell."))
    assert (final["answer"], final["degraded"]) == ("I cannot tell.", [])
    assert "150 words" in provider.heard[1].question


@pytest.mark.parametrize("speaker", SPEAKERS[:3])
@pytest.mark.parametrize("end", ["length", "end"])
async def test_a_call_that_broke_off_is_not_run_and_those_before_it_are(speaker: Speaker, end: Any) -> None:
    """LangChain completes such arguments, so that half a question would be asked."""
    whole, half = Call("measure", {"image": "image 1"}), Call("measure", '{"image": "image 1')
    final, provider = await answered(speaker, Says(calls=(whole, half), end=end), says("I cannot tell."))
    assert (final["answer"], final["degraded"]) == ("I cannot tell.", [])
    told = "\n".join(piece.text for piece in provider.heard[1].prompt.pieces)
    assert told.count("Not run") == 1
    assert ("ended within this call" if end == "length" else "the arguments are no JSON") in told
    results = [message for message in final["turn"] if isinstance(message, ToolMessage)]
    assert [message.artifact is not None for message in results] == [True, False]


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_the_last_call_of_a_reply_that_grew_too_long_is_made_again(speaker: Speaker) -> None:
    call = Call("measure", {"image": "image 1"})
    final, provider = await answered(speaker, Says(calls=(call,), end="length"), calls(call), says("I cannot tell."))
    assert (final["answer"], final["degraded"]) == ("I cannot tell.", [])
    assert len(provider.heard) == 3


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_model_may_decline_and_that_is_told_as_such(speaker: Speaker) -> None:
    final, _ = await answered(speaker, says("[declined] I cannot identify people."))
    assert (final["answer"], final["status"]) == ("I cannot identify people.", "refused")


async def test_a_new_image_leaves_the_instructions_and_the_tools_in_the_providers_cache() -> None:
    async with opened(says("I cannot tell.")) as provider:
        model = anthropic.build("claude-opus-5", parts(anthropic_api_key="k", anthropic_base_url=provider.url))
        for count in (1, 2):
            images = [image(number) for number in range(1, count + 1)]
            await ask(model, turn("How wide?", *images), tools=TOOLS, gate=WordGate("Acme"))
        await model.close()
    first, second = provider.heard
    assert "image 2: image/png" in str(second.body["system"])
    stable = [piece.cost for piece in first.prompt.pieces if piece in second.prompt.pieces and piece.turn == -1]
    assert len(stable) == len(TOOLS) + 1
    assert second.tokens is not None
    assert second.tokens.cached == sum(stable)


FAILURES = [
    pytest.param(fails(429), "is limiting requests now", id="429"),
    pytest.param(fails(500), "has a problem of its own now", id="500"),
    pytest.param(fails(503), "is overloaded now", id="overloaded"),
    pytest.param(refuses(), "declined to answer|held its answer back", id="refusal"),
    pytest.param(too_long(), "cannot take that much at once", id="too long"),
    pytest.param(cut_off("It is"), "did not come to an end", id="cut off"),
    pytest.param(dropped(says("It is a ruler of some length."), 1), "broke off", id="dropped"),
    pytest.param(fails(401), "does not accept the key: check it", id="key"),
    pytest.param(fails(404), "does not know this model: check its name", id="model"),
]


@pytest.mark.parametrize("speaker", SPEAKERS)
@pytest.mark.parametrize(("failure", "why"), FAILURES)
async def test_when_a_model_fails_rules_plan_and_people_are_told_why(speaker: Speaker, failure: Act, why: str) -> None:
    final, provider = await answered(speaker, failure)
    assert (final["answer"], final["planner"]) == (BY_MYSELF, LOCAL)
    (told,) = final["degraded"]
    assert told.startswith(f"The planner {speaker(provider).card.spec} ")
    assert re.search(why, told)
    assert "so I planned by rules of my own" in told


@pytest.mark.parametrize("speaker", SPEAKERS[1:])
async def test_a_filter_of_the_provider_is_told(speaker: Speaker) -> None:
    final, _ = await answered(speaker, filtered("It"))
    assert "held its answer back by a content filter" in final["degraded"][0]


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_model_that_does_not_answer_in_time_is_not_waited_for(speaker: Speaker) -> None:
    final, _ = await answered(speaker, hangs(), model_seconds="0.3")
    assert final["answer"] == BY_MYSELF
    assert "did not answer in time" in final["degraded"][0]


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_model_that_fails_after_its_tools_ran_leaves_their_results(speaker: Speaker) -> None:
    final, provider = await answered(speaker, calls(Call("measure", {"image": "image 1"})), fails(500))
    assert final["answer"] == BY_MYSELF
    assert [message.name for message in final["turn"] if isinstance(message, ToolMessage)] == ["measure"]
    assert len(provider.heard) == 2


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_a_thread_goes_on_over_turns_with_what_was_found_before(speaker: Speaker) -> None:
    first = (calls(Call("measure", {"image": "image 1"})), says("It is 640 pixels wide."))
    async with opened(*first, says("You asked how wide it is: 640 pixels."), strict=True) as provider:
        model = speaker(provider)
        before = await ask(model, turn("How wide?", image()), tools=TOOLS, gate=WordGate())
        again = {**before, **turn("What did I ask?"), "images": before["images"]}
        after = await ask(model, again, tools=TOOLS, gate=WordGate())
    assert after["answer"] == "You asked how wide it is: 640 pixels."
    told = str(provider.heard[2].body)
    assert told.index("How wide?") < told.index("is 640 pixels wide.") < told.index("What did I ask?")


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_text_beside_calls_is_no_answer(speaker: Speaker) -> None:
    wants = calls(Call("measure", {"image": "image 1"}), text="Let me measure the Acme ruler.")
    final, _ = await answered(speaker, wants, says("640 pixels."))
    assert final["answer"] == "640 pixels."
    assert "Acme" not in str(final["history"])


@pytest.mark.parametrize("speaker", SPEAKERS)
async def test_what_can_no_longer_be_mended_is_not_waited_for(speaker: Speaker) -> None:
    banned = discover()["banned_brands"].with_settings(Brands(brands=(Brand(name="Acme"),)))
    long = f"This is an Acme hammer {'and nothing else at all is to be seen here ' * 200}."
    async with opened(slowly(says(long), between=0.02), says("This is a hammer.")) as provider:
        asked = turn("What is it?", image())
        final = await ask(speaker(provider), asked, tools=TOOLS, gate=RuleGate([banned]))
        stopped = provider.heard[0]
        assert final["answer"] == "This is a hammer."
        assert stopped.events < 60  # of several hundred
        assert "Do not name Acme" in provider.heard[1].question


async def test_the_local_planner_goes_on_from_what_a_model_found(encoder: MiniLmHere) -> None:
    gate = WordGate()
    async with opened(WANTS, fails(500)) as provider:
        model = ModelPlanner(claude(provider), otherwise=LocalPlanning(LocalPlanner(encoder)))
        tools = {"read_text": tool_of(read_text)}
        around = Surroundings(planner=model, tools=tools, lend=lender(Gate=gate), fetch=fetch, gate=gate)
        final = await build_agent(None).ainvoke(turn("What does it say in image 1?", image()), context=around)
    assert "GINGER 10.25" in final["answer"]
    assert (final["planner"], len(final["degraded"])) == (LOCAL, 1)
    assert [message.name for message in final["turn"] if isinstance(message, ToolMessage)] == ["read_text"]


@pytest.mark.parametrize("variable", ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY"])
def test_a_missing_key_names_the_variable_to_set(variable: str) -> None:
    backend = import_module(f"tools.backends.{variable.partition('_')[0].lower()}")
    with pytest.raises(AskAgain, match=variable):
        backend.build("m", parts())


@pytest.mark.parametrize("scheme", ["anthropic", "openai", "google"])
def test_a_missing_model_is_asked_for(scheme: str) -> None:
    with pytest.raises(AskAgain, match="Name the model"):
        import_module(f"tools.backends.{scheme}").build("", parts())
