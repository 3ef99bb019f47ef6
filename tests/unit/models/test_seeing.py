"""What a vision model is asked, and what becomes of its answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageDraw
from pydantic import ValidationError

from tests.fakes import ScriptedVision
from tests.unit.stand_ins import kept
from tools.kit import AskAgain, CannotDo, Evidence, Image, ImageRef, Region, Seen
from tools.kit.models import ProviderFailure
from tools.kit.seeing.asking import MOST, NAMES, focused, task_for
from tools.kit.seeing.claims import claimed, looked, without_claims
from tools.kit.seeing.cropping import cropped, subject
from tools.kit.seeing.regions import region_of, whole
from tools.kit.seeing.settling import essence
from tools.kit.seeing.tasks import ORDER, tasks, words
from tools.look import look


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return blank(tmp_path)


def blank(folder: Path, number: int = 1, size: tuple[int, int] = (400, 200)) -> Image:
    return kept(Pillow.new("RGB", size, "white"), folder / f"{number}.png", number)


def place(left: float, top: float, right: float, bottom: float, what: str = "it", image: str = "image 1") -> Any:
    return {"image": image, "what": what, "left": left, "top": top, "right": right, "bottom": bottom}


# --- which task -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "task"),
    [
        ("How many people are there?", "counting"),
        ("Wie viele Hunde sind da?", "counting"),
        ("Where is the dog?", "relations"),
        ("What is left of the lamp?", "relations"),
        ("What colour is the bus?", "colours"),
        ("What does the sign say?", "text"),
        ("Translate the menu into English", "translation"),
        ("Read the handwritten note", "handwriting"),
        ("Write the formula in LaTeX", "formulas"),
        ("Solve this", "mathematics"),
        ("Explain this meme", "memes"),
        ("What is the trend in this chart?", "charts"),
        ("How many bars does the chart have?", "charts"),
        ("Is the phone damaged?", "damage"),
        ("Is this ladder safe?", "damage"),
        ("Where are the bottlenecks in this architecture?", "diagrams"),
        ("Describe this image", "caption"),
        ("What is this?", "objects"),
        ("Is it indoors or outdoors?", "scene"),
        ("What season is it?", "scene"),
        ("Is he smiling?", "general"),
    ],
)
def test_the_words_of_a_question_say_which_task_it_is(question: str, task: str) -> None:
    assert task_for(question).name == task


def test_one_image_is_not_compared() -> None:
    assert task_for("Is it the same?").name == "general"
    assert task_for("Is it the same?", images=2).name == "comparison"


def test_a_compound_question_is_asked_in_focused_ones() -> None:
    focuses = focused("How many people, what does the sign say and where is the dog?")
    assert [focus.task.name for focus in focuses] == ["counting", "text", "relations"]
    assert [focus.part for focus in focuses] == ["How many people", "what does the sign say", "where is the dog"]
    assert all("How many people, what does the sign say and where is the dog?" in focus.question for focus in focuses)


@pytest.mark.parametrize(
    "question",
    [
        "What is it?",
        "How many cars are there and how many of them are red?",
        "What is the dog doing and why?",
        "What's the trend in this chart, what is on the x axis and which bar is highest?",
        "What is damaged and where is it?",
        "Write the alt text: one sentence that says what it shows and what matters in it. Answer with the text alone.",
        "How many? Where? What colour? What does it say? What is it? Is it broken?",
    ],
)
def test_one_ask_is_enough_for_what_hangs_together(question: str) -> None:
    assert len(focused(question)) == 1


@given(st.text(max_size=200))
def test_any_question_is_asked_in_few_parts_that_hold_its_words(question: str) -> None:
    focuses = focused(question, 2)
    assert 1 <= len(focuses) <= MOST
    assert all(focus.task.name in NAMES for focus in focuses)


def test_every_task_can_be_named_and_has_what_it_needs() -> None:
    assert {*NAMES, "fields"} == set(tasks())
    assert set(ORDER) == set(words())
    for name, task in tasks().items():
        assert task.name == name
        assert not task.stakes or task.second, name
        description = task.schema.model_json_schema()
        assert {"answer", "confidence", "cannot_determine", "regions"} <= set(description["properties"])
        # providers that hold an answer to a schema want every field required
        for part in [description, *description.get("$defs", {}).values()]:
            if part.get("type") == "object":
                assert set(part["required"]) == set(part["properties"]), name
                assert part["additionalProperties"] is False


@pytest.mark.parametrize("name", ["text", "translation", "handwriting", "documents", "fields", "comparison", "charts"])
def test_reading_extraction_and_comparison_take_no_answer_about_a_near_duplicate(name: str) -> None:
    assert not tasks()[name].near


# --- what is said ---------------------------------------------------------------------------------


async def test_the_answer_is_said_to_be_seen_by_the_model_with_its_places(image: Image) -> None:
    sight = {
        "answer": "Two dogs.",
        "confidence": 0.7,
        "regions": [place(0, 0, 0.5, 1)],
        "counts": [
            {"what": "dogs", "count": 2, "at_least": False, "items": [place(0, 0, 0.5, 1), place(0.5, 0, 1, 0.5)]}
        ],
    }
    vision = ScriptedVision({"counting": sight})
    evidence = await look([image], "How many dogs are there?", vision=vision)
    assert evidence.said == "Seen by model fake:eyes: Two dogs."
    assert evidence.source == "model"
    assert evidence.sure is None, "the model's own confidence is no probability"
    assert evidence.facts["confidence"] == 0.7
    assert evidence.facts["found"]["counts"][0]["items"][1]["box"] == [200, 0, 400, 100]
    assert [region.box for region in evidence.about] == [None, (0, 0, 200, 200), (200, 0, 400, 100)]
    assert "doubts" not in evidence.facts


async def test_a_number_that_is_not_the_number_of_its_marks_is_doubted(image: Image) -> None:
    sight = {
        "answer": "Five dogs.",
        "counts": [{"what": "dogs", "count": 5, "at_least": False, "items": [place(0, 0, 1, 1)]}],
    }
    evidence = await look([image], "How many dogs?", vision=ScriptedVision({"counting": sight}))
    assert "The model says 5 but marks 1 (dogs): the number is not certain." in evidence.said
    assert evidence.facts["doubts"]


async def test_what_cannot_be_told_is_said_so(image: Image) -> None:
    sight = {"answer": "The face is turned away.", "cannot_determine": True}
    evidence = await look([image], "Is he smiling?", vision=ScriptedVision({"general": sight}))
    assert evidence.said == 'Seen by model fake:eyes: I cannot tell "Is he smiling": The face is turned away.'
    assert evidence.facts["cannot_determine"] is True


async def test_the_parts_of_a_question_are_asked_apart_and_told_together(image: Image) -> None:
    vision = ScriptedVision({"counting": "Two people.", "text": 'It says "OPEN"', "relations": "Left of the door."})
    evidence = await look([image], "How many people, what does the sign say and where is the dog?", vision=vision)
    assert evidence.said == 'Seen by model fake:eyes: Two people. It says "OPEN" Left of the door.'
    assert sorted(task for task, _, _ in vision.asked) == ["counting", "relations", "text"]
    assert [part["task"] for part in evidence.facts["parts"]] == ["counting", "text", "relations"]


async def test_a_part_that_fails_is_told_and_the_others_stand(image: Image) -> None:
    failure = ProviderFailure("The model did not answer in time.", "timeout")
    vision = ScriptedVision({"counting": "Two people.", "text": failure})
    evidence = await look([image], "How many people are there and what does the sign say?", vision=vision)
    assert evidence.said == "Seen by model fake:eyes: Two people."
    assert evidence.facts["notes"] == ["The model did not answer in time."]


async def test_when_no_part_is_answered_nothing_is(image: Image) -> None:
    vision = ScriptedVision({"counting": CannotDo("No."), "text": CannotDo("No.")})
    with pytest.raises(CannotDo, match=r"No\."):
        await look([image], "How many people are there and what does the sign say?", vision=vision)


async def test_notes_of_the_model_are_kept_for_people(image: Image) -> None:
    seen = Seen(text="A cup.", model="b", notes=("Another model stood in.",))
    evidence = await look([image], "Is it full?", vision=ScriptedVision({"general": seen}))
    assert evidence.facts["notes"] == ["Another model stood in."]


async def test_the_planner_may_name_the_task(image: Image) -> None:
    vision = ScriptedVision()
    await look([image], "Is it ok?", "damage", vision=vision)
    assert vision.asked[0][:2] == ("damage", "Is it ok?")


# --- places ---------------------------------------------------------------------------------------

SHARE = st.floats(0, 1)


@given(st.tuples(SHARE, SHARE, SHARE, SHARE), st.integers(1, 5000), st.integers(1, 5000))
def test_a_box_lies_within_its_image_whatever_the_model_says(
    shares: tuple[float, float, float, float], width: int, height: int
) -> None:
    ref = ImageRef(handle="image 1", sha256="0" * 64, mime="image/png", width=width, height=height, name="a")
    region = region_of(place(*shares), [Image(ref, Path("a.png"))])
    if region is not None and region.box is not None:
        left, top, right, bottom = region.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


def test_a_place_in_an_unknown_image_of_several_is_none(tmp_path: Path) -> None:
    images = [blank(tmp_path, 1), blank(tmp_path, 2)]
    assert region_of(place(0, 0, 1, 1, image="image 7"), images) is None
    assert region_of(place(0, 0, 1, 1, image="Image 2"), images) == Region(handle="image 2", box=(0, 0, 400, 200))


@given(st.integers(0, 300), st.integers(0, 100), st.integers(40, 100), st.integers(40, 100))
def test_a_box_of_a_part_is_mapped_back_into_the_whole(x: int, y: int, width: int, height: int) -> None:
    ref = ImageRef(handle="image 1", sha256="0" * 64, mime="image/png", width=width, height=height, name="a")
    part = Image(ref, Path("a.png"), part=(x, y, x + width, y + height))
    assert region_of(place(0, 0, 1, 1), [part]) == Region(handle="image 1", box=(x, y, x + width, y + height))
    assert whole(Region(handle="image 1", box=(1, 2, 3, 4)), [part]).box == (1 + x, 2 + y, 3 + x, 4 + y)


# --- cropping -------------------------------------------------------------------------------------


def thing(folder: Path) -> Image:
    picture = Pillow.new("RGB", (800, 600), (240, 240, 240))
    ImageDraw.Draw(picture).rectangle((300, 200, 450, 400), fill=(180, 30, 30))
    return kept(picture, folder / f"{'a' * 64}.png")


def test_the_one_thing_before_a_plain_background_is_found(tmp_path: Path) -> None:
    box = subject(thing(tmp_path).pixels())
    assert box == pytest.approx((300, 200, 450, 400), abs=10)


def test_where_nothing_stands_out_nothing_is_cut(tmp_path: Path) -> None:
    busy = kept(Pillow.effect_noise((400, 300), 90).convert("RGB"), tmp_path / "noise.png")
    assert subject(busy.pixels()) is None
    assert subject(blank(tmp_path).pixels()) is None


def test_a_part_is_an_image_of_its_own_that_goes_with_the_whole(tmp_path: Path) -> None:
    image = thing(tmp_path)
    part = cropped(image, (300, 200, 450, 400))
    assert part.part == (284, 184, 466, 416)
    assert (part.ref.width, part.ref.height) == (182, 232)
    assert (part.handle, part.ref.sha256) == (image.handle, image.ref.sha256)
    assert part.path.name.startswith(f"{image.path.stem}.")
    assert part.pixels().shape == (232, 182, 3)
    assert replace(part, path=cropped(image, (300, 200, 450, 400)).path) == part


async def test_the_model_is_shown_only_the_subject_and_its_places_are_those_of_the_whole(tmp_path: Path) -> None:
    finding = {"what": "crack", "part": "lid", "severity": "serious", "sure": True, "region": place(0, 0, 1, 1)}
    vision = ScriptedVision({"damage": {"answer": "A crack.", "findings": [finding], "cannot_judge": ["the inside"]}})
    evidence = await look([thing(tmp_path)], "Is it damaged?", crop="subject", vision=vision)
    _, question, (shown,) = vision.asked[0]
    assert shown.ref.width < 300
    assert "Only a part of image 1 is shown" in question
    left, top, right, bottom = evidence.facts["found"]["findings"][0]["region"]["box"]
    assert (left, top, right, bottom) == pytest.approx((284, 184, 466, 416), abs=12)


async def test_a_named_part_is_cut_out_and_one_that_is_none_is_asked_again(tmp_path: Path) -> None:
    image, vision = thing(tmp_path), ScriptedVision()
    await look([image], "Is it ok?", crop=[0, 0, 100, 100], vision=vision)
    assert vision.asked[0][2][0].part == (0, 0, 108, 108)
    with pytest.raises(AskAgain, match="too small"):
        await look([image], "Is it ok?", crop=[0, 0, 2, 2], vision=vision)
    with pytest.raises(AskAgain, match="four numbers"):
        await look([image], "Is it ok?", crop=[0, 0, 2], vision=vision)


def test_a_sight_is_held_to_its_schema() -> None:
    with pytest.raises(ValidationError):
        tasks()["counting"].schema.model_validate({"answer": "x", "confidence": 2, "cannot_determine": False})


# --- second readings ------------------------------------------------------------------------------


def test_what_two_readings_must_agree_on_is_neither_order_nor_place_nor_wording() -> None:
    one = {
        "connections": [
            {"start": "A", "end": "B", "label": "", "directed": True},
            {"start": "B", "end": "C", "label": "", "directed": True},
        ],
        "flow": "From A to C.",
    }
    other = {"connections": one["connections"][::-1], "flow": "A passes to B, which passes to C."}
    settles = tasks()["diagrams"].settles
    assert essence(one, settles) == essence(other, settles) == {"connections": [["A", "B"], ["B", "C"]]}
    turned = {"connections": [{"start": "B", "end": "A"}, {"start": "B", "end": "C"}]}
    assert essence(turned, settles) != essence(one, settles)


def test_what_lies_deep_is_found_and_a_single_value_too() -> None:
    chart = {"series": [{"name": "", "points": [{"label": "Jan", "value": 2.0, "printed": True}]}]}
    assert essence(chart, tasks()["charts"].settles) == {"series": [["Jan", 2.0]]}
    assert essence({"result": "87", "steps": []}, tasks()["mathematics"].settles) == {"result": [["87"]]}
    assert essence({}, tasks()["fields"].settles) == {"fields": [[None]]}


def test_every_path_that_settles_is_in_the_schema() -> None:
    for name, task in tasks().items():
        description = task.schema.model_json_schema()
        for path in task.settles:
            at = description
            for step in path.split("."):
                at = at["properties"][step]
                while "$ref" in at or "items" in at:
                    at = at["items"] if "items" in at else description["$defs"][at["$ref"].rsplit("/", 1)[1]]
            assert at, (name, path)


# --- claims ---------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["measured words", "other words"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
CLAIM = {"source": "model", "model": "m", "seen": "claimed words"}


@given(st.dictionaries(st.sampled_from("abc"), JSON), st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=3))
def test_a_claim_is_found_wherever_it_stands_and_nothing_of_it_is_left(facts: dict[str, Any], path: list[Any]) -> None:
    claim: Any = CLAIM
    for step in path:
        claim = [claim] if isinstance(step, int) else {step: claim}
    together = {**facts, "claim": claim}
    assert list(claimed(together)) == [CLAIM]
    assert "claimed words" not in str(without_claims(together))
    assert without_claims(facts) == facts
    assert looked(Evidence(said="x", facts=together))
    assert not looked(Evidence(said="x", facts=facts))
