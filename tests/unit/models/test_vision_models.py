"""Who looks: the cheap model, the strong one, those that stand in, twice where much depends on it; and what is said."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import ScriptedModel
from tests.unit.models.seeing import asks, photo, place, sight, vision
from tools.kit import CannotDo, Image, Sendable
from tools.kit.models import ProviderFailure
from tools.kit.models.failures import Kind
from tools.kit.seeing import GENERAL, Sight, Task

AMOUNT = Task("amount", "Read the amount.", stakes=True, second="Find the sum that is to be paid.")


def down(kind: Kind = "broken") -> ProviderFailure:
    return ProviderFailure("openai:gpt has a problem of its own: try again later.", kind, who="openai:gpt")


def model(*lines: Any, spec: str = "anthropic:strong", **card: Any) -> ScriptedModel:
    return ScriptedModel(*lines, spec=spec, **card)


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return photo(tmp_path, 2, (400, 300))


# --- what is said -------------------------------------------------------------------------------


async def test_an_answer_tells_text_model_confidence_places_and_the_whole_object(image: Image) -> None:
    said = sight("Three cups.", 0.8, regions=[place("image 2", 0.25, 0.5, 0.75, 1.0)])
    seen = await vision(model(said)).look([image], "How many?")
    assert (seen.text, seen.model, seen.sure, seen.cannot_determine) == ("Three cups.", "anthropic:strong", 0.8, False)
    assert [(region.handle, region.box) for region in seen.regions] == [("image 2", (100.0, 150.0, 300.0, 300.0))]
    assert seen.found["answer"] == "Three cups."
    assert seen.notes == ()
    assert not seen.cached


async def test_places_are_put_right_and_those_without_an_area_or_an_image_are_dropped(tmp_path: Path) -> None:
    images = [photo(tmp_path, 2, (400, 300)), photo(tmp_path, 5, (200, 100))]
    regions = [
        place("Image 5", 0.9, 0.8, 0.4, 0.2),
        place("image 2", 0.5, 0.5, 0.5, 0.9),
        place("image 9", 0.1, 0.1, 0.2, 0.2),
        place("2", 0.0, 0.0, 1.0, 1.0),
    ]
    seen = await vision(model(sight(regions=regions))).look(images, "Where?")
    assert [(region.handle, region.box) for region in seen.regions] == [
        ("image 5", pytest.approx((80.0, 20.0, 180.0, 80.0))),
        ("image 2", None),
    ]


async def test_a_model_that_misnames_the_only_image_is_put_right(image: Image) -> None:
    said = sight("Image 1 shows a cup; picture 1 is sharp.", regions=[place("image 1", 0.0, 0.0, 0.5, 0.5)])
    seen = await vision(model(said)).look([image], "What is it?")
    assert seen.text == "image 2 shows a cup; image 2 is sharp."
    assert [region.handle for region in seen.regions] == ["image 2"]


async def test_an_image_that_was_not_shown_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    images = [photo(tmp_path, 2, (40, 30)), photo(tmp_path, 3, (40, 30))]
    strange = await vision(model(sight("Image 7 is larger than image 2."))).look(images, "Which is larger?")
    assert strange.notes == ("What the model says names image 7, which it was not shown.",)
    asked_for = await vision(model(sight("Image 2 is no copy of image 7."))).look(images, "Is one a copy of image 7?")
    assert asked_for.notes == ()


async def test_an_empty_answer_is_none(image: Image) -> None:
    with pytest.raises(CannotDo, match="gave no answer: ask again"):
        await vision(model(sight("  "))).look([image], "What is it?")
    with pytest.raises(CannotDo, match="gave no answer: ask again"):
        await vision(model("words in no form")).look([image], "What is it?")


async def test_an_error_of_ours_is_not_blamed_on_the_provider(image: Image) -> None:
    with pytest.raises(IndexError):
        await vision(model(IndexError("nothing to say"))).look([image], "What is it?")


# --- tiers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cheap", "who"),
    [
        (sight(confidence=0.75), "openai:cheap"),
        (sight(confidence=0.74), "anthropic:strong"),
        (sight(confidence=1.0, cannot_determine=True), "anthropic:strong"),
        (down("invalid"), "anthropic:strong"),
        (down("refused"), "anthropic:strong"),
    ],
)
async def test_the_strong_model_is_asked_when_the_cheap_one_is_not_sure(cheap: Any, who: str, image: Image) -> None:
    first, strong = model(cheap, spec="openai:cheap"), model(sight())
    seen = await vision(strong, first=first, sure=0.75).look([image], "What is it?")
    assert seen.model == who
    assert seen.notes == ()
    assert len(strong.asked) == (who == "anthropic:strong")


async def test_an_unsure_answer_is_better_than_none_and_says_that_it_is_unsure(image: Image) -> None:
    first, strong = model(sight("A cup, perhaps.", 0.4), spec="openai:cheap"), model(down())
    seen = await vision(strong, first=first).look([image], "What is it?")
    assert seen.text == "A cup, perhaps."
    assert seen.notes == (
        "This is what openai:cheap saw, though it was not sure. openai:gpt has a problem of its own: try again later.",
    )


# --- stand-ins ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["timeout", "limited", "overloaded", "broken", "unreachable", "dropped", "key", "refused", "filtered"]
)
async def test_another_model_stands_in_and_that_is_said(kind: Kind, image: Image) -> None:
    seen = await vision(model(down(kind)), model(sight(), spec="openai:other")).look([image], "What is it?")
    assert seen.model == "openai:other"
    assert seen.notes == (
        "openai:other answered in place of anthropic:strong. openai:gpt has a problem of its own: try again later.",
    )


@pytest.mark.parametrize("kind", ["budget", "local_only"])
async def test_where_no_model_may_be_asked_none_stands_in(kind: Kind, image: Image) -> None:
    other = model(sight())
    for first in (model(down(kind)), None):
        with pytest.raises(ProviderFailure) as failure:
            await vision(model(down(kind)), other, first=first).look([image], "What is it?")
        assert failure.value.kind == kind
    assert not other.asked


async def test_when_nobody_answers_it_is_said_why_the_wanted_one_did_not(image: Image) -> None:
    other = ProviderFailure("openai:other does not accept the key: check it.", "key")
    with pytest.raises(CannotDo, match="a problem of its own"):
        await vision(model(down()), model(other)).look([image], "What is it?")


# --- twice --------------------------------------------------------------------------------------


async def test_two_prompts_that_agree_give_one_answer_as_sure_as_the_less_sure(image: Image) -> None:
    strong = model(sight("The total is 9.00 euros.", 0.9), sight("The total is 9 euros.", 0.7))
    seen = await vision(strong, second="prompts").look([image], "What is the total?", task=AMOUNT)
    assert {asked.split("\n")[0] for asked in asks(strong)} == {AMOUNT.prompt, AMOUNT.second}
    assert (seen.sure, seen.notes, seen.cannot_determine) == (0.7, (), False)
    assert seen.text.startswith("The total is 9")


async def test_two_readings_that_disagree_are_both_told_and_no_amount_is_certain(image: Image) -> None:
    strong, other = model(sight("The total is 19.00 euros.", 0.9)), model(sight("It says 79.00"), spec="openai:other")
    seen = await vision(strong, second=other).look([image], "What is the total?", task=AMOUNT)
    assert seen.text == (
        "Two readings of it disagree. One says: The total is 19.00 euros. The other says: It says 79.00."
    )
    assert seen.model == "anthropic:strong and openai:other"
    assert seen.sure == pytest.approx(0.45)
    assert seen.cannot_determine
    assert seen.notes == ("Two readings of it disagree, so take neither for certain.",)


async def test_fields_on_which_two_readings_disagree_are_not_found(image: Image) -> None:
    class Paid(Sight):
        total: str | None
        currency: str | None

    task = Task("amount", "Read it.", schema=Paid, stakes=True)
    common: dict[str, Any] = {"answer": "It was paid.", "confidence": 0.9, "cannot_determine": False, "regions": []}
    strong = model(Paid(**common, total="19.00", currency="EUR"), Paid(**common, total="79.00", currency="eur"))
    seen = await vision(strong, second="prompts").look([image], "What was paid?", task=task)
    assert seen.found.get("currency", "").upper() == "EUR"
    assert "total" not in seen.found
    assert seen.cannot_determine


async def test_a_second_reading_that_fails_is_missed_aloud(image: Image) -> None:
    seen = await vision(model(sight()), second=model(down())).look([image], "What is it?", task=AMOUNT)
    assert seen.text == "Three cups."
    assert seen.notes == (
        "This was to be read twice, but only one reading could be had. "
        "openai:gpt has a problem of its own: try again later.",
    )


async def test_when_the_first_reading_fails_the_second_is_not_waited_for(image: Image) -> None:
    begun, given_up = asyncio.Event(), asyncio.Event()

    async def endless(_: object) -> Sight:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()
        return sight()

    async def fails(_: object) -> ProviderFailure:
        await begun.wait()
        return down()

    with pytest.raises(CannotDo, match="a problem of its own"):
        await vision(model(fails), second=model(endless)).look([image], "What is it?", task=AMOUNT)
    await asyncio.wait_for(given_up.wait(), 10)


@pytest.mark.parametrize("task", [GENERAL, AMOUNT])
async def test_an_image_that_was_let_go_meanwhile_is_asked_for_again(task: Task, image: Image) -> None:
    image.path.unlink()
    with pytest.raises(CannotDo, match="let go while it was being looked at: post it again"):
        await vision(model(sight()), second="prompts").look([image], "What is it?", task=task)


async def test_only_tasks_with_stakes_are_read_twice(image: Image) -> None:
    strong, other = model(sight()), model(sight())
    await vision(strong, second=other).look([image], "What is it?", task=GENERAL)
    assert (len(strong.asked), len(other.asked)) == (1, 0)


async def test_the_two_readings_are_asked_at_the_same_time(image: Image) -> None:
    both = asyncio.Barrier(2)

    async def together(_: object) -> Sight:
        async with both:
            return sight()

    seen = await vision(model(together), second="prompts").look([image], "What is it?", task=AMOUNT)
    assert seen.notes == ()


# --- what may be sent ---------------------------------------------------------------------------


class Shy:
    """`Discretion` that withholds images by number."""

    def __init__(self, *withheld: int) -> None:
        self._withheld = withheld

    async def before_sending(self, image: Image) -> Sendable:
        if image.ref.number in self._withheld:
            return Sendable(None, f"{image.handle} shows a face, so it was not sent.")
        return Sendable(image)


async def test_an_image_that_is_held_back_is_not_sent_and_named(tmp_path: Path) -> None:
    images = [photo(tmp_path, n, (40, 30)) for n in (1, 2)]
    strong = model(sight("A cup in image 2."))
    seen = await vision(strong, discretion=Shy(1)).look(images, "What is it?")
    assert seen.notes == ("image 1 shows a face, so it was not sent.",)
    assert strong.asked[0].images == 1
    assert "image 1:" not in str(strong.asked[0].messages)


async def test_when_every_image_is_held_back_nothing_is_asked(tmp_path: Path) -> None:
    strong = model(sight())
    with pytest.raises(CannotDo, match=r"image 1 shows a face, so it was not sent\. image 2 shows"):
        await vision(strong, discretion=Shy(1, 2)).look([photo(tmp_path, 1), photo(tmp_path, 2)], "What is it?")
    assert not strong.asked


async def test_extended_thinking_is_asked_for_where_task_model_and_setting_have_it(image: Image) -> None:
    deep = Task("deep", "Think.", thinking=True)
    for able, wanted in ((True, True), (True, False), (False, True)):
        strong = model(sight(), thinking=able)
        await vision(strong, thinking=wanted).look([image], "Why?", task=deep)
        await vision(strong, thinking=wanted).look([image], "Why?", task=GENERAL)
        assert [ask.thinking for ask in strong.asked] == [able and wanted, False]
