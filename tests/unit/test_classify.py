"""Classifying: the label that fits, how surely, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tools.classify import LABELS, NONE, UNJUDGED, classify
from tools.kit import AskAgain, Calibration, Embeddings, Evidence, Image, ImageRef
from tools.kit.labelling.judging import beyond_sight
from tools.kit.labelling.subjects import with_article

REF = ImageRef(handle="image 1", sha256="0" * 64, mime="image/png", width=640, height=480, name="pet.png")
IMAGE = Image(REF, Path("never-opened.png"))
TEMPLATES = ("a photo of a {}.", "{}")


class NearestWords:
    """An encoder for which the image is what `shows` says: cosine by word, 0 for words it does not know."""

    name, dim = "words", 3
    calibration = Calibration(scale=20, none_logit=8, relevant=0.2, alike=0.5, templates=TEMPLATES)

    def __init__(self, **shows: float) -> None:
        self.shows = shows
        self.asked: list[str] = []

    async def images(self, images: Sequence[Image]) -> Embeddings:
        return np.tile(np.array([1, 0, 0], dtype=np.float32), (len(images), 1))

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        self.asked.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Embeddings:
        cosine = max((value for word, value in self.shows.items() if word in text), default=0.0)
        return np.array([cosine, np.sqrt(1 - cosine**2), 0], dtype=np.float32)


async def classified(
    labels: list[str] | None, priors: dict[str, float] | None = None, **shows: float
) -> tuple[Evidence, NearestWords]:
    encoder = NearestWords(**shows)
    return await classify(IMAGE, labels, priors, encoder=encoder), encoder


async def test_the_label_that_fits_is_said_with_its_probability() -> None:
    evidence, _ = await classified(["cat", "dog"], dog=0.5, cat=0.2)
    assert evidence.facts["label"] == "dog"
    assert evidence.said == f"Image 1 looks like a dog ({evidence.facts['probability']:.0%} sure)."
    assert evidence.sure == evidence.facts["labels"]["dog"] > 0.8
    assert [region.handle for region in evidence.about] == ["image 1"]


async def test_nothing_is_said_to_be_certain() -> None:
    evidence, _ = await classified(["cat", "dog"], dog=0.99)
    assert evidence.said == "Image 1 looks like a dog (over 99% sure)."


async def test_the_probabilities_of_all_labels_and_of_none_add_up() -> None:
    evidence, _ = await classified(["cat", "dog", "bus"], dog=0.5, cat=0.45)
    assert list(evidence.facts["labels"]) == ["cat", "dog", "bus", NONE]
    assert sum(evidence.facts["labels"].values()) == pytest.approx(1, abs=0.001)


async def test_when_nothing_fits_that_is_the_answer_with_its_own_probability() -> None:
    evidence, _ = await classified(["cat", "dog"], cat=0.1)
    assert evidence.facts["label"] is None
    assert evidence.said == "None of these fits image 1; closest is cat (under 1%)."
    assert evidence.sure == evidence.facts["labels"][NONE] > 0.9


async def test_one_label_is_a_question_of_yes_or_no() -> None:
    yes, _ = await classified(["dog"], dog=0.7)
    no, _ = await classified(["cat"], dog=0.7)
    assert (yes.facts["label"], no.facts["label"]) == ("dog", None)
    assert no.said == "Image 1 does not look like a cat (over 99% sure)."


class Naming(NearestWords):
    """One that has names of its own."""

    def __init__(self, *named: tuple[str, float]) -> None:
        super().__init__()
        self.named = list(named)

    async def name_things(self, images: Sequence[Image]) -> list[list[tuple[str, float]]]:
        return [self.named for _ in images]


BANJO = (("banjo", 0.86), ("acoustic guitar", 0.05), ("stringed instrument", 0.93), ("musical instrument", 0.95))


async def test_without_labels_the_encoders_own_name_is_said() -> None:
    evidence = await classify(IMAGE, encoder=Naming(*BANJO))
    assert evidence.said == "Image 1 looks like a banjo (86% sure)."
    assert (evidence.facts["label"], evidence.facts["probability"], evidence.sure) == ("banjo", 0.86, 0.86)


async def test_a_name_too_narrow_to_be_sure_of_gives_way_to_a_broader_one() -> None:
    named = (("lute", 0.4), ("banjo", 0.3), ("stringed instrument", 0.8), ("musical instrument", 0.95))
    evidence = await classify(IMAGE, encoder=Naming(*named))
    assert evidence.said == "Image 1 looks like a stringed instrument (80% sure)."


async def test_print_that_has_no_name_is_a_document() -> None:
    encoder = Naming(("web site", 0.01))
    encoder.shows = {"receipt": 0.8, "page of a book": 0.82}
    evidence = await classify(IMAGE, encoder=encoder)
    assert evidence.said.startswith("Image 1 looks like a document (")


async def test_a_name_that_is_hardly_likely_is_not_told() -> None:
    evidence = await classify(IMAGE, encoder=Naming(("web site", 0.01)))
    assert evidence.said == "I cannot tell what image 1 shows."


async def test_rather_than_a_wrong_name_none_is_given() -> None:
    evidence = await classify(IMAGE, encoder=Naming(("banjo", 0.12), ("stringed instrument", 0.2)))
    assert evidence.said == "I cannot tell what image 1 shows; closest is banjo (12%)."
    assert evidence.facts["label"] is None
    assert evidence.sure is None


@pytest.mark.parametrize(
    "labels", [["dangerous", "harmless"], ["same breed", "different breed"], ["safe"], ["rotated"]]
)
async def test_what_no_look_at_a_picture_settles_is_not_judged(labels: list[str]) -> None:
    evidence, encoder = await classified(labels, dog=0.6)
    assert evidence.facts["label"] is None
    assert evidence.facts["probability"] is None
    assert evidence.facts["cannot_judge"] == labels
    assert evidence.said.startswith(f'I cannot judge "{labels[0]}"')
    assert evidence.sure is None
    assert encoder.asked == []


async def test_labels_that_can_be_judged_are_beside_one_that_cannot() -> None:
    evidence, _ = await classified(["cat", "dog", "both"], {"cat": 0.4, "both": 0.2}, dog=0.7)
    assert evidence.facts["label"] == "dog"
    assert evidence.said.endswith('sure). I cannot judge "both" from how a picture looks.')
    assert set(evidence.facts["labels"]) == {"cat", "dog", NONE}
    assert evidence.sure == 0.5


class Knowing(NearestWords):
    """One that has no idea of a quokka, and hardly any of an animal."""

    async def cutoffs(self, texts: Sequence[str]) -> list[float | None]:
        return [None if text == "quokka" else 0.9 if text == "animal" else self.calibration.relevant for text in texts]


async def test_labels_the_encoder_has_no_idea_of_are_not_judged() -> None:
    evidence = await classify(IMAGE, ["quokka", "dog"], encoder=Knowing(dog=0.7, quokka=0.9))
    assert evidence.said.endswith('The encoder has no idea what "quokka" looks like.')
    assert (evidence.facts["label"], evidence.facts["cannot_judge"]) == ("dog", ["quokka"])
    assert evidence.sure == UNJUDGED
    alone = await classify(IMAGE, ["quokka", "honest"], encoder=Knowing(quokka=0.9))
    assert alone.said == (
        'I cannot judge "honest" from how a picture looks. The encoder has no idea what "quokka" looks like. Ask for '
        "things that can be seen in image 1."
    )


async def test_a_label_is_measured_by_its_own_cutoff() -> None:
    both = ["dog", "animal"]
    assert (await classify(IMAGE, both, encoder=NearestWords(dog=0.7, animal=0.75))).facts["label"] == "animal"
    assert (await classify(IMAGE, both, encoder=Knowing(dog=0.7, animal=0.75))).facts["label"] == "dog"


async def test_a_word_of_two_meanings_is_a_thing_among_things() -> None:
    among, _ = await classified(["safe", "wardrobe"], safe=0.7)
    assert among.facts["label"] == "safe"
    beside, _ = await classified(["safe", "dangerous"], safe=0.7)
    assert beside.facts["cannot_judge"] == ["safe", "dangerous"]


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("leopard instead", "leopard"),
        ("maybe a cat", "cat"),
        ("the dog or not", "dog"),
        ("An owl, perhaps?", "owl"),
        ("instead", "instead"),
    ],
)
async def test_words_of_the_question_are_no_part_of_a_label(label: str, meant: str) -> None:
    evidence, _ = await classified([label, "teapot"], dog=0.6)
    assert list(evidence.facts["labels"]) == [meant, "teapot", NONE]


@pytest.mark.parametrize(
    "name",
    [
        "vegetable",
        "city",
        "spaceship",
        "wild dog",
        "common newt",
        "left shoe",
        "hippopotamus",
        "table",
        "red",
        "harness",
    ],
)
def test_things_and_colours_can_be_judged(name: str) -> None:
    assert beyond_sight([name, "dog"]) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("acorn", "an acorn"), ("unicycle", "a unicycle"), ("umbrella", "an umbrella"), ("sunglasses", "sunglasses")),
        *(("bus", "a bus"), ("hourglass", "an hourglass"), ("ice cream", "ice cream"), ("red", "red")),
        *(("swimming", "swimming"), ("building", "a building"), ("a dog", "a dog"), ("triceratops", "a triceratops")),
    ],
)
def test_a_name_takes_the_article_people_give_it(name: str, said: str) -> None:
    assert with_article(name) == said


async def test_without_labels_everyday_ones_are_used() -> None:
    evidence, _ = await classified(None, receipt=0.8)
    assert evidence.facts["label"] == "receipt"
    assert set(evidence.facts["labels"]) == {*LABELS, NONE}


async def test_a_label_said_twice_counts_once() -> None:
    evidence, _ = await classified(["Dog", " dog ", "DOG", "polar  bear"], dog=0.6)
    assert list(evidence.facts["labels"]) == ["Dog", "polar bear", NONE]


async def test_none_of_these_as_a_label_adds_nothing() -> None:
    evidence, _ = await classified(["dog", "None of these"], dog=0.6)
    assert list(evidence.facts["labels"]) == ["dog", NONE]


@pytest.mark.parametrize("labels", [[], ["", "  "], ["none of these"]])
async def test_no_label_at_all_is_a_question_back(labels: list[str]) -> None:
    with pytest.raises(AskAgain, match="at least one label"):
        await classified(labels)


async def test_every_label_is_asked_for_in_every_template() -> None:
    _, encoder = await classified(["dog"], dog=0.6)
    assert encoder.asked == ["a photo of a dog.", "dog"]


async def test_a_label_with_braces_is_only_text() -> None:
    evidence, _ = await classified(["{0} {name}", "dog"], dog=0.6)
    assert evidence.facts["label"] == "dog"


async def test_two_hundred_labels_are_fine() -> None:
    evidence, _ = await classified([f"thing {number}" for number in range(199)] + ["dog"], dog=0.8)
    assert evidence.facts["label"] == "dog"


async def test_a_prior_turns_a_close_call_as_bayes_says() -> None:
    even, _ = await classified(["cat", "dog"], {"cat": 0.5, "dog": 0.5}, cat=0.6, dog=0.6)
    turned, _ = await classified(["cat", "dog"], {"cat": 0.9, "dog": 0.1}, cat=0.6, dog=0.6)
    chances = turned.facts["labels"]
    assert even.facts["labels"]["cat"] == even.facts["labels"]["dog"]
    assert chances["cat"] / chances["dog"] == pytest.approx(9, rel=0.01)


async def test_equal_priors_change_nothing() -> None:
    plain, _ = await classified(["cat", "dog"], cat=0.5, dog=0.4)
    equal, _ = await classified(["cat", "dog"], {"cat": 3, "dog": 3}, cat=0.5, dog=0.4)
    assert plain.facts == equal.facts


async def test_labels_without_a_prior_share_what_is_missing_to_one() -> None:
    evidence, _ = await classified(["cat", "dog", "bus"], {"cat": 0.8}, cat=0.6, dog=0.6, bus=0.6)
    chances = evidence.facts["labels"]
    assert chances["cat"] / chances["dog"] == pytest.approx(8, rel=0.01)
    assert chances["dog"] == chances["bus"]


@pytest.mark.parametrize("value", [0, -0.5, float("nan"), float("inf")])
async def test_a_prior_that_is_no_probability_is_a_question_back(value: float) -> None:
    with pytest.raises(AskAgain, match="must be above 0"):
        await classified(["cat", "dog"], {"cat": value})


async def test_a_prior_for_something_else_is_a_question_back() -> None:
    with pytest.raises(AskAgain, match="prior for horse, which is not among the labels: cat, dog"):
        await classified(["cat", "dog"], {"horse": 0.5})
