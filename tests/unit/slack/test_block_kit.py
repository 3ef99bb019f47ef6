"""The local Slack takes the blocks Slack takes and refuses the others in Slack's words."""

import inspect
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import block_elements
from slack_sdk.models.messages import chunk as sdk_chunks
from slack_sdk.models.views import View

from bot.local_slack.block_kit import TOO_LONG, Surface, total_length, validate, validate_chunks, validate_view
from bot.local_slack.block_kit.blocks import BLOCK
from bot.local_slack.block_kit.chunks import CHUNK
from bot.local_slack.block_kit.elements import ELEMENT
from bot.local_slack.block_kit.grammar import Shape
from bot.local_slack.block_kit.objects import any_text
from bot.local_slack.block_kit.rich_text import PART, PIECE
from tests.unit.slack.block_samples import BLOCKS, CHUNKS, ELEMENTS, IMAGE, block, element, mrkdwn, option, plain, view

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "slack-samples"
IN_MESSAGES = [kind for kind in BLOCKS if kind != "alert"]


@pytest.mark.parametrize("kind", IN_MESSAGES)
def test_a_message_takes_every_kind_of_block(kind: str) -> None:
    assert validate([block(kind)], surface="message") == []


def test_a_modal_takes_every_kind_of_input() -> None:
    assert validate_view(view()) == []


def test_a_stream_takes_every_kind_of_chunk() -> None:
    assert validate_chunks(CHUNKS) == []


def test_there_is_a_sample_of_every_block_and_element_described() -> None:
    assert set(BLOCK.kinds) - {"file"} == set(BLOCKS)
    assert set(ELEMENT.kinds) == set(ELEMENTS)
    assert set(CHUNK.kinds) == {chunk["type"] for chunk in CHUNKS}


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ("words", "must provide an array [json-pointer:/blocks]"),
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "dividers"}], "unsupported type: dividers [json-pointer:/blocks/0/type]"),
        ([{}], "missing required field: type [json-pointer:/blocks/0]"),
        ([{"type": "divider", "text": "x"}], "invalid additional property: text [json-pointer:/blocks/0]"),
        ([{"type": "header", "text": "x"}], "must provide an object [json-pointer:/blocks/0/text]"),
        (
            [{"type": "header", "text": mrkdwn("x")}],
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            [{"type": "header", "text": plain("x" * 151)}],
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "section", "fields": [mrkdwn("")]}],
            "must be more than 0 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        (
            [{"type": "image", **IMAGE, "slack_file": {"id": "F1"}}],
            "invalid additional property: slack_file [json-pointer:/blocks/0]",
        ),
        ([{"type": "image", "alt_text": "x"}], "missing required field: image_url [json-pointer:/blocks/0]"),
        ([{"type": "actions", "elements": []}], "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
        (
            [{"type": "actions", "elements": [element("plain_text_input")]}],
            "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}],
            "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
        ),
        (
            [{"type": "carousel", "elements": [block("divider")]}],
            "unsupported type: divider [json-pointer:/blocks/0/elements/0/type]",
        ),
    ],
)
def test_slack_says_what_is_wrong_and_where(blocks: object, said: str) -> None:
    assert said in validate(blocks, surface="message")


def test_long_text_of_a_section_is_refused_in_the_two_sentences_slack_uses() -> None:
    assert validate([{"type": "section", "text": mrkdwn("x" * 3001)}], surface="message") == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_every_wrong_block_is_named_not_only_the_first() -> None:
    found = validate([{"type": "header"}, {"type": "divider"}, {"type": "nothing"}], surface="message")
    assert [said.rpartition(":")[2] for said in found] == ["/blocks/0]", "/blocks/2/type]"]


def test_an_action_may_be_met_once_a_block_and_a_block_once_a_message() -> None:
    button = element("button")
    assert validate([{"type": "actions", "elements": [button, button]}], surface="message") == [
        '`action_id` "do_button" already exists [json-pointer:/blocks/0/elements/1/action_id]'
    ]
    assert validate([{"type": "actions", "elements": [button]}] * 2, surface="message") == []
    assert validate([block("divider"), block("divider")], surface="message") == [
        '`block_id` "a_divider" already exists [json-pointer:/blocks/1/block_id]'
    ]


def test_markdown_of_a_message_is_counted_together() -> None:
    half = {"type": "markdown", "text": "x" * 6000}
    assert validate([half, half], surface="message") == []
    assert validate([half, half, {"type": "markdown", "text": "x"}], surface="message") == [
        "must be less than 12001 characters [json-pointer:/blocks/2]"
    ]


def test_a_message_holds_one_table_of_ten_thousand_characters() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 1000}] * 10]}
    assert validate([table], surface="message") == []
    row = [{"type": "raw_text", "text": "x"}]
    assert validate([{"type": "table", "rows": [*table["rows"], row]}], surface="message") == [
        "must be less than 10001 characters [json-pointer:/blocks/0]"
    ]
    small = {"type": "table", "rows": [row]}
    assert validate([small, small], surface="message") == ["only_one_table_allowed [json-pointer:/blocks/1]"]


def test_what_is_chosen_at_first_must_be_among_the_options() -> None:
    select = {"type": "static_select", "options": [option("a")], "initial_option": option("b")}
    assert validate([{"type": "actions", "elements": [select]}], surface="message") == [
        "initial option must match one of the options [json-pointer:/blocks/0/elements/0]"
    ]


@pytest.mark.parametrize(
    ("kind", "surface"),
    [("markdown", "modal"), ("table", "home"), ("context_actions", "modal"), ("alert", "message"), ("plan", "home")],
)
def test_a_block_is_refused_where_slack_does_not_show_it(kind: str, surface: Surface) -> None:
    assert validate([block(kind)], surface=surface) == [f"unsupported type: {kind} [json-pointer:/blocks/0/type]"]


def test_files_are_taken_in_modals_only() -> None:
    files = {"type": "input", "label": plain(), "element": element("file_input")}
    assert validate([files], surface="modal") == []
    assert validate([files], surface="message") == [
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
        ({"private_metadata": "x" * 3001}, "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        ({"callback_id": "x" * 256}, "must be less than 256 characters [json-pointer:/view/callback_id]"),
        ({"blocks": []}, "must provide at least 1 items [json-pointer:/view/blocks]"),
        ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
        ({"team_id": "T1"}, "invalid additional property: team_id [json-pointer:/view]"),
        ({"type": "message"}, "unsupported type: message [json-pointer:/view/type]"),
        ({"type": "home"}, "invalid additional property: title [json-pointer:/view]"),
    ],
)
def test_a_view_is_refused_in_slacks_words(change: dict[str, object], said: str) -> None:
    assert said in validate_view({**view(), **change})


def test_a_modal_that_asks_needs_a_button_to_submit() -> None:
    modal = {name: value for name, value in view().items() if name != "submit"}
    assert validate_view(modal)[0] == (
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]"
    )


def test_chunks_are_refused_in_slacks_words() -> None:
    update = {"type": "task_update", "id": "1", "title": "Look", "status": "done"}
    assert validate_chunks([update]) == [
        "failed to match exactly one allowed schema [json-pointer:/chunks/0]",
        "must be a valid enum value [json-pointer:/chunks/0/status]",
    ]
    twice = {"type": "blocks", "blocks": [block("divider"), block("divider")]}
    assert validate_chunks([twice]) == [
        '`block_id` "a_divider" already exists [json-pointer:/chunks/0/blocks/1/block_id]'
    ]


def test_a_message_is_as_long_as_its_text_and_its_blocks_and_its_tables_count_apart() -> None:
    markdown = {"type": "markdown", "text": "x" * 12_000}
    assert total_length([markdown]) == 12_000
    assert total_length([markdown, {"type": "divider"}, block("table")]) == 12_250
    assert total_length([{"type": "section", "text": mrkdwn("x" * 3000)}] * 5) > TOO_LONG


def _sdk_models(base: type[Any]) -> Iterator[type[Any]]:
    for model in base.__subclasses__():
        if isinstance(getattr(model, "type", None), str):
            yield model
        yield from _sdk_models(model)


def _keys(model: type[Any]) -> set[str]:
    names = set(inspect.signature(model).parameters)
    return names - {"self", "others", "kwargs", "subtype", "type", "call"}  # `call` is filled in by Slack


def _ours(kinds: Mapping[str, Shape], kind: str) -> set[str]:
    return {*kinds[kind].needed, *kinds[kind].allowed}


def test_every_block_slack_sdk_knows_is_described_with_all_its_keys() -> None:
    models = list(_sdk_models(sdk.Block))
    assert len(models) > 20
    for model in models:
        assert _keys(model) <= _ours(BLOCK.kinds, model.type), model.type


def test_every_element_slack_sdk_knows_is_described_with_all_its_keys() -> None:
    models = [m for m in _sdk_models(block_elements.BlockElement) if not issubclass(m, sdk.RichTextElement)]
    assert len(models) > 25
    for model in models:
        assert _keys(model) <= _ours(ELEMENT.kinds, model.type), model.type


def test_every_chunk_slack_sdk_knows_is_described_with_all_its_keys() -> None:
    for model in _sdk_models(sdk_chunks.Chunk):
        assert _keys(model) <= _ours(CHUNK.kinds, model.type), model.type


@pytest.mark.parametrize("kind", IN_MESSAGES)
def test_what_slack_sdk_makes_of_a_block_is_valid(kind: str) -> None:
    made = sdk.Block.parse(block(kind))
    assert made is not None
    assert validate([json.loads(json.dumps(made.to_dict()))], surface="message") == []


def test_what_slack_sdk_makes_of_a_view_and_of_chunks_is_valid() -> None:
    assert validate_view(json.loads(json.dumps(View(**view()).to_dict()))) == []
    chunks = [made.to_dict() for chunk in CHUNKS if (made := sdk_chunks.Chunk.parse(chunk))]
    assert validate_chunks(json.loads(json.dumps(chunks))) == []


# Slack adds these to the pictures of a message it gives back.
_ADDED_BY_SLACK = {"type", "fallback", "image_width", "image_height", "image_bytes", "is_animated", "call"}


def _objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def _sample_objects() -> Iterator[dict[str, Any]]:
    """Every object inside the blocks of Slack's samples, but for blocks that are all kinds of blocks at once."""
    for file in sorted(SAMPLES.glob("*/*.json")):
        for holder in _objects(json.loads(file.read_text())):
            for sample in holder.get("blocks") or []:
                if "function_trigger_id" not in sample:
                    yield from _objects(sample)


@pytest.mark.skipif(not SAMPLES.exists(), reason="Slack's sample payloads are not on this machine")
def test_every_type_and_key_in_the_blocks_of_slacks_samples_is_described() -> None:
    described: dict[str, set[str]] = defaultdict(set)
    for kinds in (BLOCK.kinds, ELEMENT.kinds, PART.kinds, PIECE.kinds, any_text().kinds):
        for kind in kinds:
            described[kind] |= _ours(kinds, kind)
    samples = [sample for sample in _sample_objects() if "type" in sample]
    assert len(samples) > 1000
    for sample in samples:
        assert set(sample) - _ADDED_BY_SLACK <= described[sample["type"]], sample["type"]
