"""What was said of an image is said again: to whom, for how long, at what cost, and when it is gone."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from PIL import Image as Pillow

from tests.fakes import MemoryAnswers, MemoryLedger, ScriptedModel
from tests.unit.models.seeing import photo, place, sight, vision
from tests.unit.stand_ins import kept
from tools.kit import CannotDo, Image, Sendable
from tools.kit.models import Ask, Price, ProviderFailure, Reply, Usage, charged_to
from tools.kit.seeing import GENERAL, Sight, Task

OTHER = Task("other", "Say it otherwise.")
PRICE = Price(input=3.0, output=15.0, cached=0.3, on=date(2026, 1, 1), source="here")


def answered(found: Sight, usage: Usage) -> Reply:
    return Reply(AIMessage(found.model_dump_json()), found, usage, "anthropic:scripted")


class Slow:
    """Answers when it is let."""

    def __init__(self, answer: Any) -> None:
        self.go = asyncio.Event()
        self.begun = asyncio.Event()
        self._answer = answer

    async def __call__(self, ask: Ask) -> Any:
        self.begun.set()
        await self.go.wait()
        return self._answer


async def test_the_same_question_about_the_same_image_is_asked_once(tmp_path: Path) -> None:
    took = Usage(input=1000, cached=200, output=50, calls=1, images=1, image_bytes=9000, seconds=1.5)
    model, ledger = ScriptedModel(answered(sight(), took), price=PRICE), MemoryLedger()
    seeing = vision(model, answers=MemoryAnswers(), ledger=ledger)
    with charged_to(workspace="local", user="U1", tool="look"):
        first = await seeing.look([photo(tmp_path)], "What  is it?")
        again = await seeing.look([photo(tmp_path)], "what is it")
    assert len(model.asked) == 1
    assert again == first.model_copy(update={"cached": True})
    [(who, entry)] = ledger.noted
    assert (entry.outcome, entry.model, entry.purpose) == ("cached", "anthropic:scripted", "look")
    assert (entry.usage, entry.cost) == (took, took.cost(PRICE))  # what it saved
    assert (who.user, who.tool) == ("U1", "look")


async def test_every_reading_that_an_answer_took_is_saved_with_it(tmp_path: Path) -> None:
    took = Usage(input=1000, output=50, calls=1)
    cheap = ScriptedModel(answered(sight(confidence=0.2), took), spec="anthropic:cheap", price=PRICE)
    strong, ledger = ScriptedModel(answered(sight(), took)), MemoryLedger()
    seeing = vision(strong, first=cheap, answers=MemoryAnswers(), ledger=ledger)
    for _ in range(2):
        await seeing.look([photo(tmp_path)], "What is it?")
    [(_, entry)] = ledger.noted
    assert (entry.usage, entry.cost) == (took + took, None)  # nobody knows the price of the strong one


@pytest.mark.parametrize("differs", ["question", "image", "page", "part", "task", "model", "second model", "workspace"])
async def test_whatever_may_change_the_answer_is_asked_anew(differs: str, tmp_path: Path) -> None:
    answers, image = MemoryAnswers(), photo(tmp_path)
    await vision(ScriptedModel(sight()), answers=answers).look([image], "What is it?")
    spec = "anthropic:other" if differs == "model" else "anthropic:scripted"
    model = ScriptedModel(sight(), spec=spec)
    asked: dict[str, Image] = {
        "image": photo(tmp_path, 2),
        "page": Image(image.ref.model_copy(update={"page": 2}), image.path),
        "part": Image(image.ref, image.path, part=(0, 0, 9, 9)),
        "workspace": photo(tmp_path, workspace="T2"),
    }
    seeing = vision(model, answers=answers, second=ScriptedModel(sight()) if differs == "second model" else None)
    question = "Where is it?" if differs == "question" else "What is it?"
    task = OTHER if differs == "task" else GENERAL
    await seeing.look([asked.get(differs, image)], question, task=task)
    assert len(model.asked) == 1


async def test_an_answer_fits_another_thread_where_the_image_has_another_handle(tmp_path: Path) -> None:
    said = sight("Image 3 shows a cup; image 30 was not meant.", regions=[place("image 3", 0.0, 0.0, 0.5, 0.5)])
    seeing = vision(ScriptedModel(said), answers=MemoryAnswers())
    image = photo(tmp_path, 3)
    await seeing.look([image], "Is image 3 sharp?")
    there = Image(image.ref.model_copy(update={"handle": "image 8"}), image.path)
    seen = await seeing.look([there], "Is image 8 sharp?")
    assert seen.cached
    assert seen.text.startswith("image 8 shows a cup")
    assert [region.handle for region in seen.regions] == ["image 8"]
    assert seen.found["regions"][0]["image"] == "image 8"


async def test_which_image_comes_first_makes_another_question(tmp_path: Path) -> None:
    model = ScriptedModel(sight("Image 1 is larger than image 2."))
    seeing = vision(model, answers=MemoryAnswers())
    one, two = photo(tmp_path, 1), photo(tmp_path, 2)
    await seeing.look([one, two], "Which is larger, image 1 or image 2?")
    await seeing.look([two, one], "Which is larger, image 1 or image 2?")
    assert len(model.asked) == 2


async def test_what_another_model_said_in_its_place_is_not_kept(tmp_path: Path) -> None:
    down = ProviderFailure("It is down.", "broken")
    model = ScriptedModel(down, sight("Four cups."))
    seeing = vision(model, ScriptedModel(sight()), answers=MemoryAnswers())
    texts = [(await seeing.look([photo(tmp_path)], "What is it?")).text for _ in range(3)]
    assert texts == ["Three cups.", "Four cups.", "Four cups."]
    assert len(model.asked) == 2


async def test_what_is_held_back_is_told_each_time(tmp_path: Path) -> None:
    class Shy:
        async def before_sending(self, image: Image) -> Sendable:
            hidden = image.ref.number == 2
            return Sendable(None if hidden else image, f"{image.handle} is held back." if hidden else "")

    seeing = vision(ScriptedModel(sight()), answers=MemoryAnswers(), discretion=Shy())
    images = [photo(tmp_path, 1), photo(tmp_path, 2)]
    seen = [await seeing.look(images, "What is it?") for _ in range(2)]
    assert [each.notes for each in seen] == [("image 2 is held back.",)] * 2
    assert [each.cached for each in seen] == [False, True]


async def test_an_answer_about_a_blurred_copy_is_no_answer_about_the_image(tmp_path: Path) -> None:
    class Blurring:
        mark = ""

        async def before_sending(self, image: Image) -> Sendable:
            return Sendable(image, mark=self.mark)

    blurring, model = Blurring(), ScriptedModel(sight())
    seeing = vision(model, answers=MemoryAnswers(), discretion=blurring)
    await seeing.look([photo(tmp_path)], "What is it?")
    blurring.mark = "faces blurred"
    await seeing.look([photo(tmp_path)], "What is it?")
    assert len(model.asked) == 2


# --- forgetting ---------------------------------------------------------------------------------


async def test_everything_said_of_an_image_goes_with_it(tmp_path: Path) -> None:
    model, answers = ScriptedModel(sight()), MemoryAnswers()
    seeing = vision(model, answers=answers)
    one, two = photo(tmp_path, 1), photo(tmp_path, 2)
    await seeing.look([one], "What is it?")
    await seeing.look([one, two], "What are they?")
    await seeing.look([two], "What is it?")
    await seeing.forget("local", one.ref.sha256)
    await seeing.look([two], "What is it?")
    assert len(model.asked) == 3
    await seeing.look([one], "What is it?")
    await seeing.look([one, two], "What are they?")
    assert len(model.asked) == 5


async def test_an_answer_that_comes_after_the_image_went_is_not_kept(tmp_path: Path) -> None:
    slow, answers, image = Slow(sight()), MemoryAnswers(), photo(tmp_path)
    seeing = vision(ScriptedModel(slow), answers=answers)
    looking = asyncio.create_task(seeing.look([image], "What is it?"))
    await slow.begun.wait()
    await seeing.forget("local", image.ref.sha256)
    with pytest.raises(CannotDo, match="let go while it was being looked at: post it again"):
        await looking
    slow.go.set()
    assert answers._kept == {}


async def test_copies_that_were_sent_go_with_the_decoded_image(tmp_path: Path) -> None:
    from tools.backends.decoder.room import remove

    image = photo(tmp_path)
    await vision(ScriptedModel(sight())).look([image], "What is it?")
    assert len([*image.path.parent.iterdir()]) == 2
    remove(image.path.parent, image.path.stem)
    assert [*image.path.parent.iterdir()] == []


# --- at the same time ---------------------------------------------------------------------------


async def test_the_same_question_at_the_same_time_is_asked_once(tmp_path: Path) -> None:
    slow, ledger = Slow(sight("Image 1 shows three cups.")), MemoryLedger()
    model = ScriptedModel(slow)
    seeing = vision(model, ledger=ledger)
    image = photo(tmp_path)
    elsewhere = Image(image.ref.model_copy(update={"handle": "image 4"}), image.path)
    asking = [asyncio.create_task(seeing.look([each], "What is it?")) for each in (image, elsewhere, image)]
    await slow.begun.wait()
    await asyncio.sleep(0)
    slow.go.set()
    seen = await asyncio.gather(*asking)
    assert [each.text[:7] for each in seen] == ["Image 1", "image 4", "image 1"]
    assert sorted(each.cached for each in seen) == [False, True, True]
    assert len(model.asked) == 1
    assert [entry.outcome for _, entry in ledger.noted] == ["cached", "cached"]
    assert [entry.usage.calls for _, entry in ledger.noted] == [1, 1]


async def test_who_gives_up_does_not_take_the_answer_from_others(tmp_path: Path) -> None:
    slow = Slow(sight())
    model = ScriptedModel(slow)
    seeing = vision(model)
    first = asyncio.create_task(seeing.look([photo(tmp_path)], "What is it?"))
    await slow.begun.wait()
    second = asyncio.create_task(seeing.look([photo(tmp_path)], "What is it?"))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    assert first.cancelled()
    slow.go.set()
    assert (await second).text == "Three cups."
    assert len(model.asked) == 1


async def test_when_everybody_gives_up_the_model_is_no_longer_asked(tmp_path: Path) -> None:
    stopped = asyncio.Event()
    begun = asyncio.Event()

    async def endless(_: Ask) -> Sight:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return sight()

    seeing = vision(ScriptedModel(endless))
    asking = asyncio.create_task(seeing.look([photo(tmp_path)], "What is it?"))
    await begun.wait()
    asking.cancel()
    await asyncio.wait_for(stopped.wait(), 10)


async def test_a_failure_is_everybodys_and_the_next_who_asks_tries_again(tmp_path: Path) -> None:
    slow = Slow(ProviderFailure("It is down.", "broken"))
    seeing = vision(ScriptedModel(slow, sight()))
    asking = [asyncio.create_task(seeing.look([photo(tmp_path)], "What is it?")) for _ in range(2)]
    await slow.begun.wait()
    await asyncio.sleep(0)
    slow.go.set()
    failures = await asyncio.gather(*asking, return_exceptions=True)
    assert [str(failure) for failure in failures] == ["It is down."] * 2
    assert (await seeing.look([photo(tmp_path)], "What is it?")).text == "Three cups."


# --- near-duplicates ----------------------------------------------------------------------------


def smaller(image: Image, folder: Path) -> Image:
    with Pillow.open(image.path) as file:
        return kept(file.resize((file.width // 2, file.height // 2)), folder / "local" / f"{'b' * 64}.png")


@pytest.mark.parametrize(("near", "allowed", "asked"), [(True, True, 1), (False, True, 2), (True, False, 2)])
async def test_an_answer_about_a_near_duplicate_stands_where_setting_and_task_allow_it(
    near: bool, allowed: bool, asked: int, tmp_path: Path
) -> None:
    task = Task("general", "Look.", near=allowed)
    model = ScriptedModel(sight(regions=[place("image 1", 0.1, 0.1, 0.5, 0.5)]))
    seeing = vision(model, answers=MemoryAnswers(), near=near)
    image = photo(tmp_path)
    await seeing.look([image], "What is it?", task=task)
    seen = await seeing.look([smaller(image, tmp_path)], "What is it?", task=task)
    assert len(model.asked) == asked
    assert seen.cached == (asked == 1)
    if seen.cached:
        assert seen.notes == ("This was said of a nearly identical image that was looked at before.",)
        assert seen.regions == ()


async def test_another_picture_is_no_near_duplicate_nor_one_of_another_workspace(tmp_path: Path) -> None:
    model = ScriptedModel(sight())
    seeing = vision(model, answers=MemoryAnswers(), near=True)
    for image in (photo(tmp_path, 1), photo(tmp_path, 2), photo(tmp_path, 1, workspace="T2")):
        await seeing.look([image], "What is it?")
    assert len(model.asked) == 3


# --- a store that fails -------------------------------------------------------------------------


async def test_a_store_that_fails_costs_nothing_but_another_asking(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(MemoryAnswers):
        async def get(self, *_: Any) -> Any:
            raise OSError("down")

        async def put(self, *_: Any, **__: Any) -> None:
            raise OSError("down")

    seeing = vision(ScriptedModel(sight()), answers=Broken())
    assert (await seeing.look([photo(tmp_path)], "What is it?")).text == "Three cups."
    assert "cannot be read" in caplog.text
    assert "cannot be kept" in caplog.text


async def test_what_an_older_version_kept_is_asked_again(tmp_path: Path) -> None:
    answers, model = MemoryAnswers(), ScriptedModel(sight())
    seeing = vision(model, answers=answers)
    await seeing.look([photo(tmp_path)], "What is it?")
    answers._kept = {name: {"words": "of old"} for name in answers._kept}
    assert not (await seeing.look([photo(tmp_path)], "What is it?")).cached
    assert len(model.asked) == 2
