"""Describing, comparing, extracting and analysing with a vision model: who says what, and what is said where they
disagree. And that nobody is asked where measuring answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from graphs.constraints.grounded import Settings, judge
from tests.fakes import ScriptedVision, lender
from tests.unit.drawings import diagram
from tests.unit.papers import Typist, image, typed
from tests.unit.stand_ins import ColourEncoder, FolderEasel, GivenOcr, GivenTools, Here, kept, line
from tools.analyze import analyze
from tools.backends.local_extractor import LocalExtractor
from tools.backends.no_vision import NoVision
from tools.backends.opencv_diagrams import OpenCvDiagrams
from tools.backends.opencv_differ import OpenCvDiffer
from tools.compare import compare
from tools.describe import Part, describe
from tools.extract import extract
from tools.kit import CannotDo, Evidence, Field, Image, Line, Reading, Value, discover
from tools.kit.seeing.claims import claimed, looked, without_claims
from tools.kit.toolbox import TurnToolbox

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

CAPTION = {
    "answer": "A dog runs over a lawn.",
    "caption": "A brown dog runs over a lawn",
    "description": "A brown dog runs over a green lawn. The sky is clear.",
    "keywords": ["dog", "lawn", "running", "summer", "sky"],
    "alt_text": "A brown dog running over a lawn under a clear sky.",
    "text": [],
    "colours": ["green", "light blue"],
}


def holds(text: str, *evidence: Evidence, question: str = "?") -> bool:
    context = {"surface": "answer", "question": question, "looked": any(map(looked, evidence))}
    return bool(judge(text, settings=Settings(), evidence=evidence, context=context))


def grass() -> PillowImage:
    picture = Pillow.new("RGB", (640, 400), (120, 180, 230))
    ImageDraw.Draw(picture).rectangle((0, 150, 640, 400), fill=(40, 140, 60))
    return picture


async def described(
    folder: Path, vision: ScriptedVision, lines: Sequence[Line] = (), parts: list[Part] | None = None, **more: Any
) -> Evidence:
    picture = kept(grass(), folder / "1.png")
    ocr = GivenOcr({"image 1": lines})
    return await describe(picture, parts, encoder=ColourEncoder(), ocr=ocr, vision=vision, **more)


# --- describing -----------------------------------------------------------------------------------


async def test_a_description_is_the_models_beside_what_was_measured(tmp_path: Path) -> None:
    evidence = await described(tmp_path, ScriptedVision({"caption": CAPTION}))
    seen, measured = evidence.said.split("\n\n")
    assert seen == "Seen by model fake:eyes: A brown dog runs over a green lawn. The sky is clear."
    assert measured.startswith("Measured: ")
    assert evidence.source == "measured"
    assert looked(evidence)
    assert evidence.facts["seen"]["caption"] == "A brown dog runs over a lawn"
    assert "dog" not in str(without_claims(evidence.facts))


async def test_what_only_the_model_says_must_be_worded_so_and_what_was_measured_need_not(tmp_path: Path) -> None:
    evidence = await described(tmp_path, ScriptedVision({"caption": CAPTION}))
    assert holds("Its main colours are green and light blue.", evidence)
    assert holds("The vision model sees a brown dog.", evidence)
    assert holds(evidence.said, evidence)
    assert not holds("A brown dog runs over a lawn.", evidence)


@pytest.mark.parametrize(
    ("changes", "lines", "said"),
    [
        ({"colours": ["red"]}, [], "The vision model says the main colour is red; measured are green"),
        ({"text": ["CLOSED"]}, ["OPEN DAILY"], 'The vision model reads "CLOSED", which is not in the text I read'),
        ({"text": ["Price 8.50"]}, ["Price 3.50"], 'The vision model reads "Price 8.50" where I read "Price 3.50"'),
        ({}, ["OPEN DAILY"], 'The vision model reports no text, but I read "OPEN DAILY" in image 1.'),
    ],
)
async def test_where_they_disagree_both_are_said(
    changes: dict[str, Any], lines: list[str], said: str, tmp_path: Path
) -> None:
    vision = ScriptedVision({"caption": {**CAPTION, **changes}})
    evidence = await described(tmp_path, vision, [line(text) for text in lines])
    assert said in evidence.said
    assert any(said in each for each in evidence.facts["seen"]["disagreements"])
    assert holds(evidence.said, evidence)


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"colours": ["emerald green"]}, []),
        ({"text": ["Open daily"]}, ["OPEN DAILY 9-17"]),
        ({"text": ["Café"]}, ["CAFE"]),
        ({"text": ["unreadable scribble"]}, []),
    ],
)
async def test_the_same_in_other_words_is_no_disagreement(
    changes: dict[str, Any], lines: list[str], tmp_path: Path
) -> None:
    vision = ScriptedVision({"caption": {**CAPTION, **changes}})
    evidence = await described(tmp_path, vision, [line(text) for text in lines])
    assert evidence.facts["seen"]["disagreements"] == []


async def test_an_alt_text_alone_is_the_models_and_says_so(tmp_path: Path) -> None:
    evidence = await described(tmp_path, ScriptedVision({"caption": CAPTION}), parts=["alt_text"])
    assert evidence.said == "Seen by model fake:eyes: A brown dog running over a lawn under a clear sky."
    several = await described(tmp_path, ScriptedVision({"caption": CAPTION}), parts=["colours", "keywords"])
    assert "Keywords (seen by model fake:eyes): dog, lawn, running, summer, sky" in several.said


async def test_a_model_without_structure_gives_caption_and_description_in_its_words(tmp_path: Path) -> None:
    evidence = await described(tmp_path, ScriptedVision({"caption": "a dog on a lawn"}))
    assert evidence.facts["seen"]["caption"] == "a dog on a lawn"
    assert evidence.facts["seen"]["disagreements"] == []


async def test_colours_and_what_is_wanted_measured_ask_nobody(tmp_path: Path) -> None:
    vision = ScriptedVision({"caption": CAPTION})
    await described(tmp_path, vision, parts=["colours"])
    await described(tmp_path, vision, measured_only=True)
    assert vision.asked == []


async def test_a_model_that_fails_leaves_what_was_measured_and_is_told_of(tmp_path: Path) -> None:
    evidence = await described(tmp_path, ScriptedVision({"caption": CannotDo("The model is down.")}))
    alone = await describe(kept(grass(), tmp_path / "1.png"), encoder=ColourEncoder(), ocr=GivenOcr())
    assert evidence.said == alone.said
    assert evidence.facts == {**alone.facts, "notes": ["The model is down."]}


async def test_a_tool_is_lent_no_model_where_there_is_none(tmp_path: Path) -> None:
    picture = kept(grass(), tmp_path / "1.png")

    async def fetch(_: Any) -> Image:
        return picture

    ports = {"Encoder": ColourEncoder(), "Ocr": GivenOcr(), "VisionModel": NoVision()}
    toolbox = TurnToolbox(discover(), lender(**ports), [picture.ref], fetch=fetch)
    evidence = await toolbox.use("describe", {"image": "image 1"})
    assert "seen" not in evidence.facts
    assert "notes" not in evidence.facts


# --- comparing ------------------------------------------------------------------------------------


def shelf(colour: tuple[int, int, int] = (200, 40, 40)) -> PillowImage:
    """A picture with structure everywhere, and one box in a colour."""
    picture = Pillow.effect_noise((600, 400), 60).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for n in range(6):
        draw.rectangle((20 + 95 * n, 40, 90 + 95 * n, 160 + 12 * n), fill=(40 * n, 200 - 30 * n, 90), outline="black")
    draw.rectangle((220, 230, 380, 370), fill=colour, outline="black", width=3)
    return picture


async def compared(
    folder: Path, first: PillowImage, second: PillowImage, vision: ScriptedVision, question: str = ""
) -> Evidence:
    images = [kept(picture, folder / f"{n}.png", n) for n, picture in enumerate((first, second), 1)]
    ports: dict[str, Any] = {
        "encoder": ColourEncoder(),
        "differ": OpenCvDiffer(Here()),
        "ocr": GivenOcr(),
        "easel": FolderEasel(folder),
    }
    return await compare(images, question, **ports, vision=vision)


def differing(what: str, aspect: str, *box: float) -> dict[str, Any]:
    left, top, right, bottom = box
    region = {"image": "image 1", "what": what, "left": left, "top": top, "right": right, "bottom": bottom}
    return {"what": what, "first": "red", "second": "blue", "aspect": aspect, "regions": [region]}


def comparison(*differences: dict[str, Any], same: bool | None = True) -> dict[str, Any]:
    answer = "The box is blue instead of red." if differences else "They are the same."
    return {"answer": answer, "same_thing": same, "differences": list(differences), "alike": []}


async def test_a_measured_difference_and_the_models_are_both_said(tmp_path: Path) -> None:
    first = shelf()
    second = first.copy()
    ImageDraw.Draw(second).rectangle((220, 230, 380, 370), fill=(40, 60, 200), outline="black", width=3)
    vision = ScriptedVision({"comparison": comparison(differing("the box", "colour", 0.36, 0.57, 0.64, 0.93))})
    evidence = await compared(tmp_path, first, second, vision)
    assert evidence.facts["same_picture"] is False
    assert "Seen by model fake:eyes: The box is blue instead of red." in evidence.said
    assert evidence.facts["seen"]["disagreements"] == []
    assert evidence.facts["seen"]["differences"][0]["regions"][0]["box"] == [216, 228, 384, 372]
    assert len(vision.asked) == 1


async def test_a_difference_that_only_one_of_them_finds_is_said_to_be_so(tmp_path: Path) -> None:
    first = shelf()
    second = first.copy()
    ImageDraw.Draw(second).rectangle((220, 230, 380, 370), fill=(40, 60, 200), outline="black", width=3)
    blind = await compared(tmp_path, first, second, ScriptedVision({"comparison": comparison()}))
    assert "sees no difference between image 1 and image 2; measured, there is one" in blind.said
    elsewhere = comparison(differing("the first box", "colour", 0.02, 0.05, 0.12, 0.3))
    dreaming = await compared(tmp_path, first, second, ScriptedVision({"comparison": elsewhere}))
    assert "says that the first box differs; measured, nothing does there" in dreaming.said


async def test_where_measuring_tells_nobody_is_asked(tmp_path: Path) -> None:
    first, vision = shelf(), ScriptedVision({"comparison": comparison()})
    same_file = await compared(tmp_path, first, first, vision)
    again = first.copy()
    again.putpixel((3, 3), (1, 2, 3))
    same_picture = await compared(tmp_path, first, again, vision)
    sharper = await compared(tmp_path, first, shelf((20, 20, 20)), vision, "which one is sharper?")
    assert same_file.facts["same_picture"]
    assert same_picture.facts["same_picture"]
    assert sharper.said
    assert vision.asked == []


async def test_a_question_about_the_colour_alone_is_measured(tmp_path: Path) -> None:
    first, vision = shelf(), ScriptedVision({"comparison": comparison()})
    second = first.copy()
    ImageDraw.Draw(second).rectangle((220, 230, 380, 370), fill=(40, 60, 200), outline="black", width=3)
    evidence = await compared(tmp_path, first, second, vision, "did the colour change?")
    assert "There is a difference" in evidence.said
    assert vision.asked == []
    await compared(tmp_path, first, second, vision, "is it damaged?")
    assert len(vision.asked) == 1


async def test_pictures_that_cannot_be_laid_over_each_other_are_for_eyes(tmp_path: Path) -> None:
    vision = ScriptedVision({"comparison": comparison(same=True)})
    evidence = await compared(tmp_path, grass(), shelf(), vision)
    assert len(vision.asked) == 1
    assert "say" in evidence.said
    assert "measured, they are little alike" in evidence.said


# --- extracting -----------------------------------------------------------------------------------

PAPER = """
    Corner Bakery
    12 Main Street
    Receipt 4711
    Bread            4.20
    Coffee           2.80
    TOTAL            7.00
    Thank you
"""


def fields(*entries: tuple[str, str | None, str | None]) -> dict[str, Any]:
    named = [{"name": name, "value": value, "text": text, "region": None} for name, value, text in entries]
    return {"answer": "Taken off.", "fields": named}


async def extracted(
    vision: ScriptedVision, wanted: list[str], text: str = PAPER, extractor: LocalExtractor | None = None
) -> Evidence:
    return await extract(
        image(), wanted, ocr=Typist(typed(text)), extractor=extractor or LocalExtractor(), vision=vision
    )


class Unsure(LocalExtractor):
    """Finds everything, and is sure of nothing."""

    async def extract(self, image: Image, reading: Reading, fields: Sequence[Field]) -> list[Value]:
        return [each.model_copy(update={"sure": 0.4}) for each in await super().extract(image, reading, fields)]


class Nothing(LocalExtractor):
    async def extract(self, image: Image, reading: Reading, fields: Sequence[Field]) -> list[Value]:
        return [Value(name=each.name) for each in fields]


async def test_a_clean_receipt_is_read_without_a_model() -> None:
    vision = ScriptedVision()
    evidence = await extracted(vision, ["total"])
    assert evidence.facts["fields"] == {"total": "7.00"}
    assert vision.asked == []


async def test_what_is_only_asked_beside_is_not_worth_a_look() -> None:
    vision = ScriptedVision()
    evidence = await extracted(vision, ["total", "currency"])
    assert evidence.facts["fields"] == {"total": "7.00", "currency": None}
    assert vision.asked == []
    await extracted(vision, ["currency"])
    assert len(vision.asked) == 1


async def test_what_the_model_finds_in_print_is_taken_and_marked_as_the_models() -> None:
    vision = ScriptedVision({"fields": fields(("slip code", "4711", "4711"))})
    evidence = await extracted(vision, ["total", "slip code"])
    assert evidence.facts["fields"] == {"total": "7.00", "slip code": "4711"}
    value = next(value for value in evidence.facts["values"] if value["name"] == "slip code")
    assert value["source"] == "model"
    assert value["note"] == "seen by model fake:eyes; it is printed there"
    assert "Seen by model fake:eyes: slip code 4711." in evidence.said
    assert '"slip code"' in vision.asked[0][1]
    assert '"total"' not in vision.asked[0][1]
    assert not holds("The slip code is on the paper as 9999.", evidence)


async def test_what_is_not_printed_stays_null_and_is_only_said_to_be_the_models() -> None:
    vision = ScriptedVision({"fields": fields(("tip", "1.50", "1.50"))})
    evidence = await extracted(vision, ["total", "tip"])
    assert evidence.facts["fields"]["tip"] is None
    assert "Seen by model fake:eyes: tip 1.50 (not found in the text I read)." in evidence.said
    assert evidence.facts["seen"]["fields"]["tip"]["printed"] is False
    assert holds("The vision model reads a tip of 1.50.", evidence)
    assert not holds("The tip is 1.50.", evidence)


@pytest.mark.parametrize(
    ("value", "text", "printed"),
    [
        ("4.20", "4.20", True),
        ("4.20", "EUR 4.20", True),
        ("2.00", "2.00", False),
        ("9.99", "4.20", False),
        ("0.70", "7.00", False),
    ],
)
async def test_an_amount_must_be_printed_as_such(value: str, text: str, printed: bool) -> None:
    evidence = await extracted(ScriptedVision({"fields": fields(("tip", value, text))}), ["tip"])
    assert evidence.facts["fields"]["tip"] == (value if printed else None)


@pytest.mark.parametrize(
    ("value", "text", "printed"),
    [("2024-05-03", "03/05/2024", True), ("2025-05-03", "03/05/2024", False), ("2024-06-03", "03 June 2024", False)],
)
async def test_a_date_must_be_made_of_the_printed_digits(value: str, text: str, printed: bool) -> None:
    vision = ScriptedVision({"fields": fields(("expiry date", value, text))})
    evidence = await extracted(vision, ["expiry date"], "Ticket\nuntil 03/05/2024 only\n", Nothing())
    assert evidence.facts["fields"]["expiry date"] == (value if printed else None)


async def test_where_an_unsure_reading_and_the_model_differ_both_are_told() -> None:
    vision = ScriptedVision({"fields": fields(("total", "4.20", "4.20"))})
    evidence = await extracted(vision, ["total"], extractor=Unsure())
    assert evidence.facts["fields"]["total"] == "7.00"
    assert "total perhaps 7.00" in evidence.said
    assert "Seen by model fake:eyes: total 4.20, where I read 7.00." in evidence.said
    assert evidence.facts["seen"]["disagreements"] == ["total 4.20, where I read 7.00"]


async def test_a_model_that_fails_leaves_the_reading() -> None:
    evidence = await extracted(ScriptedVision({"fields": CannotDo("Down.")}), ["total", "tip"])
    assert evidence.facts["fields"] == {"total": "7.00", "tip": None}
    assert evidence.facts["notes"] == ["Down."]


# --- analysing ------------------------------------------------------------------------------------

SEEN = Evidence(
    said="Seen by model m: A crack in the lid.",
    facts={"seen": "A crack in the lid.", "model": "m", "confidence": 0.9},
    source="model",
)


async def analysed(folder: Path, question: str, tools: GivenTools) -> Evidence:
    blank = kept(Pillow.new("RGB", (600, 800), "white"), folder / "1.png")
    return await analyze([blank], question, toolbox=tools, diagrams=OpenCvDiagrams(Here()))


@pytest.mark.parametrize(
    ("question", "task", "crop"),
    [
        ("Is the lid cracked?", "damage", "subject"),
        ("Is this ladder safe?", "damage", "subject"),
        ("What does the bar chart tell?", "charts", None),
        ("What does this contract demand?", "documents", None),
        ("How many people are there?", "counting", None),
    ],
)
async def test_what_takes_eyes_is_asked_as_its_task(question: str, task: str, crop: str | None, tmp_path: Path) -> None:
    tools = GivenTools({("look", "image 1"): SEEN, ("read_text", "image 1"): Evidence(said="No text.")})
    evidence = await analysed(tmp_path, question, tools)
    name, arguments = tools.asked[-1]
    assert (name, arguments["task"], arguments.get("crop")) == ("look", task, crop)
    assert evidence.source == "model"
    assert evidence.facts["steps"][-1]["source"] == "model"
    assert evidence.facts["confidence"]["level"] == "high"
    assert "Confidence: high (the model says 90% of itself" in evidence.said
    assert holds(evidence.said, evidence)


async def test_without_a_model_damage_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    tools = GivenTools({("look", "image 1"): CannotDo("No vision model is configured.")})
    evidence = await analysed(tmp_path, "Is the lid cracked?", tools)
    assert evidence.facts["unanswered"] == ["Judging damage or safety takes a vision model."]
    assert "confidence" not in evidence.facts


FLOW = {"Web": (150, 120), "Queue": (500, 120), "Worker": (850, 120), "Mail": (850, 500)}
ARROWS = [("Web", "Queue"), ("Queue", "Worker"), ("Queue", "Mail")]


async def drawn(folder: Path, question: str, look: Evidence | Exception) -> tuple[Evidence, GivenTools]:
    picture, lines = diagram(nodes=FLOW, arrows=ARROWS)
    facts = [{"text": each.text, "box": list(each.box), "confidence": each.sure} for each in lines]
    read = Evidence(said="Text.", facts={"lines": facts}, sure=0.97)
    tools = GivenTools({("read_text", "image 1"): read, ("look", "image 1"): look})
    shown = kept(picture, folder / "d.png")
    return await analyze([shown], question, toolbox=tools, diagrams=OpenCvDiagrams(Here())), tools


async def test_single_points_of_failure_follow_from_the_connections(tmp_path: Path) -> None:
    evidence, _ = await drawn(tmp_path, "What are the single points of failure in this diagram?", CannotDo("None."))
    structure = evidence.facts["structure"]["image 1"]
    assert structure["single_points"] == {"Queue": ["Worker", "Mail"]}
    assert (structure["starts"], structure["ends"]) == (["Web"], ["Worker", "Mail"])
    assert "Queue is a single point of failure: without it nothing leads to Worker and Mail." in evidence.said
    assert evidence.source == "measured"


async def test_a_plain_question_about_a_diagram_asks_no_model(tmp_path: Path) -> None:
    _, tools = await drawn(tmp_path, "What do the arrows connect?", SEEN)
    assert "look" not in [name for name, _ in tools.asked]


async def test_connections_that_only_one_of_them_has_found_are_said(tmp_path: Path) -> None:
    connections = [
        {"start": "Web", "end": "Queue", "label": "", "directed": True},
        {"start": "Queue", "end": "Worker", "label": "", "directed": True},
        {"start": "Web", "end": "Mail", "label": "", "directed": True},
    ]
    seen = SEEN.model_copy(update={"facts": {**SEEN.facts, "found": {"connections": connections}}})
    evidence, _ = await drawn(tmp_path, "Where are the bottlenecks in this diagram?", seen)
    assert "The vision model sees Web -> Mail, which was not measured." in evidence.said
    assert "The vision model does not see Queue -> Mail, which was measured." in evidence.said
    assert evidence.facts["confidence"]["level"] == "medium"
    assert evidence.source == "measured"
    assert holds("Queue leads to Worker.", evidence)
    assert not holds("There is a crack in the lid.", evidence)
    assert list(claimed(evidence.facts))


async def test_a_line_of_working_that_is_wrong_is_said_to_be(tmp_path: Path) -> None:
    steps = [{"did": "multiply", "equation": "12 x 7 = 85"}, {"did": "add", "equation": "84 + 3 = 87"}]
    seen = SEEN.model_copy(update={"facts": {**SEEN.facts, "found": {"steps": steps}}})
    tools = GivenTools({("look", "image 1"): seen, ("read_text", "image 1"): Evidence(said="No text.")})
    evidence = await analysed(tmp_path, "Solve the exercise", tools)
    assert tools.asked[-1][1]["task"] == "mathematics"
    assert "The vision model says 12 x 7 = 85; worked out, 12 x 7 = 85 is wrong: 84, not 85." in evidence.said
    assert evidence.facts["disagreements"]["with_the_model"]


async def test_an_arrow_the_other_way_round_is_a_disagreement(tmp_path: Path) -> None:
    connections = [{"start": end, "end": start, "label": "", "directed": True} for start, end in ARROWS]
    seen = SEEN.model_copy(update={"facts": {**SEEN.facts, "found": {"connections": connections}}})
    evidence, _ = await drawn(tmp_path, "Where are the bottlenecks in this diagram?", seen)
    (first, second) = evidence.facts["disagreements"]["with_the_model"]
    assert first.startswith("The vision model sees Mail -> Queue, Queue -> Web and Worker -> Queue")
    assert second.startswith("The vision model does not see Queue -> Mail, Queue -> Worker and Web -> Queue")
