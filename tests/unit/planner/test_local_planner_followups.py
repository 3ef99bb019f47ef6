"""Follow-ups: changes to labels, fields and searches, images turned round, hits searched with."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolCall, ToolMessage

from tests.unit.planner.planner_thread import FOUND, MiniLmHere, Thread
from tools.kit import Evidence

ONE, TWO, THREE = {"image": "image 1"}, {"image": "image 2"}, {"image": "image 3"}


@pytest.fixture
def thread(encoder: MiniLmHere) -> Thread:
    return Thread(encoder, FOUND)


# --- labels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("add rabbit to that list", ["cat", "dog", "fox", "rabbit"]),
        ("swap dog for wolf", ["cat", "wolf", "fox"]),
        ("use badger instead of fox", ["cat", "dog", "badger"]),
        ("substitute wolf for dog", ["cat", "wolf", "fox"]),
        ("without the cat", ["dog", "fox"]),
        ("minus fox, plus wolf and hare", ["cat", "dog", "wolf", "hare"]),
        ("fox is not an option", ["cat", "dog"]),
        ("just the first two", ["cat", "dog"]),
        ("could also be a jackal", ["cat", "dog", "fox", "jackal"]),
        ("make that cat, lynx, puma", ["cat", "lynx", "puma"]),
    ],
)
async def test_the_labels_of_a_choice_are_changed_in_words(thread: Thread, text: str, labels: list[str]) -> None:
    await thread.say("is it a cat, a dog or a fox?", post=1)
    assert await thread.say(text) == [("classify", {**ONE, "labels": labels})]


async def test_a_label_that_was_never_offered_is_not_dropped(thread: Thread) -> None:
    await thread.say("cat or dog?", post=1)
    assert await thread.say("without the frame") != [("classify", {**ONE, "labels": ["cat", "dog"]})]


async def test_changed_labels_are_asked_of_other_images_as_well(thread: Thread) -> None:
    await thread.say("oak or ash?", post=1)
    await thread.say("add elm")
    assert await thread.say("same set for this one", post=1) == [("classify", {**TWO, "labels": ["oak", "ash", "elm"]})]


async def test_labels_that_were_dropped_are_taken_up_again(thread: Thread) -> None:
    await thread.say("pear, apple or quince", post=1)
    await thread.say("medlar instead of quince")
    assert await thread.say("back to quince") == [("classify", {**ONE, "labels": ["pear", "apple", "quince"]})]


async def test_labels_of_one_image_are_tried_on_another(thread: Thread) -> None:
    await thread.say("bread: rye or wheat?", post=1)
    await thread.say("cheese: brie or gouda?", post=1)
    assert await thread.say("try the bread labels on the second") == [("classify", {**TWO, "labels": ["rye", "wheat"]})]
    assert await thread.say("and vice versa") == [("classify", {**ONE, "labels": ["brie", "gouda"]})]


@pytest.mark.parametrize(
    "text",
    [
        "which of these is a volcano?",
        "is any of them a volcano?",
        "one of these is a volcano, which?",
        "find the volcano among these",
        "which one shows a volcano",
    ],
)
async def test_a_thing_sought_among_images_is_scored_on_each(thread: Thread, text: str) -> None:
    calls = await thread.say(text, post=3)
    assert calls == [("classify", {**image, "labels": ["volcano"]}) for image in (ONE, TWO, THREE)]


@pytest.mark.parametrize("text", ["which of these is the sharpest?", "one of these is not like the others, which?"])
async def test_a_question_of_which_is_better_is_no_thing_sought(thread: Thread, text: str) -> None:
    assert [tool for tool, _ in await thread.say(text, post=3)] != ["classify"] * 3


# --- fields ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("skip the net", ["vat", "gross"]),
        ("drop the vat and the net", ["gross"]),
        ("scrap the net, give me the date", ["vat", "gross", "date"]),
        ("no, the date I meant", ["date"]),
        ("sorry, the invoice number", ["invoice number"]),
        ("not the net, the subtotal", ["subtotal"]),
        ("add the date", ["date"]),
    ],
)
async def test_fields_are_corrected_in_words(thread: Thread, text: str, names: list[str]) -> None:
    await thread.say("vat, net and gross please", post=1)
    assert await thread.say(text) == [("extract", {**ONE, "fields": names})]


async def test_what_was_taken_back_is_not_asked_of_the_next_paper(thread: Thread) -> None:
    await thread.say("due date pls", post=1)
    await thread.say("no, the total")
    assert await thread.say("same for this one", post=1) == [("extract", {**TWO, "fields": ["total"]})]


async def test_both_of_two_fields_of_one_paper_are_fields(thread: Thread) -> None:
    await thread.say("serial number?", post=1)
    await thread.say("no, the invoice number")
    assert await thread.say("actually both") == [("extract", {**ONE, "fields": ["serial number", "invoice number"]})]


async def test_an_image_pointed_back_at_is_asked_the_latest_thing_only(thread: Thread) -> None:
    await thread.say("passport: surname?", post=1)
    await thread.say("licence: same", post=1)
    await thread.say("expiry date of the passport?")
    assert await thread.say("and on the licence") == [("extract", {**TWO, "fields": ["expiry date"]})]


async def test_another_currency_is_refused_and_not_taken_for_a_field(thread: Thread) -> None:
    await thread.say("what is the total?", post=1)
    assert await thread.say("and in euros?") == []
    assert thread.status == "refused"


# --- images ---------------------------------------------------------------------------------------


async def test_all_of_that_is_everything_asked_of_an_image(thread: Thread) -> None:
    await thread.say("sneaker, boot or sandal?", post=1)
    await thread.say("read the label")
    calls = await thread.say("repeat all of that for this one", post=1)
    assert calls == [("classify", {**TWO, "labels": ["sneaker", "boot", "sandal"]}), ("read_text", TWO)]


async def test_questions_are_turned_round(thread: Thread) -> None:
    await thread.say("read the first, describe the second", post=2)
    assert sorted(await thread.say("now the other way round")) == [("describe", ONE), ("read_text", TWO)]


async def test_images_are_called_by_what_came_with_them_in_a_list(thread: Thread) -> None:
    await thread.say("here is the receipt", post=1)
    await thread.say("and the invoice it belongs to", post=1)
    await thread.say("photo of the parcel", post=1)
    assert await thread.say("compare the receipt and the invoice") == [("compare", {"images": ["image 1", "image 2"]})]
    assert await thread.say("what does the parcel say") == [("read_text", THREE)]


async def test_each_thing_of_a_list_is_the_image_in_its_place(thread: Thread) -> None:
    await thread.say("caption the lamp, the rug and the shelf", post=3)
    assert await thread.say("the rug: wool or jute?") == [("classify", {**TWO, "labels": ["wool", "jute"]})]


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("read all but the first", [TWO, THREE]),
        ("read the last two", [TWO, THREE]),
        ("read everything except 2", [ONE, THREE]),
        ("read 1 thru 2", [ONE, TWO]),
        ("read the second last", [TWO]),
        ("read the earliest one", [ONE]),
        ("read the outer two", [ONE, THREE]),
    ],
)
async def test_images_are_counted_in_many_ways(thread: Thread, text: str, images: list[dict[str, str]]) -> None:
    await thread.say("hello", post=3)
    assert await thread.say(text) == [("read_text", image) for image in images]


async def test_those_two_are_the_two_just_talked_about(thread: Thread) -> None:
    await thread.say("what does #2 say", post=3)
    await thread.say("and 3")
    assert await thread.say("compare those two") == [("compare", {"images": ["image 2", "image 3"]})]


async def test_a_posted_photo_that_is_only_named_is_not_searched_for(thread: Thread) -> None:
    assert await thread.say("photo of the parcel", post=1) == [("describe", ONE)]


async def test_what_is_denied_is_not_done(thread: Thread) -> None:
    await thread.say("describe that", post=1)
    assert await thread.say("not describe, just read it") == [("read_text", ONE)]


# --- searches -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["more like the second one", "similar to hit 2", "more like no 2", "the second is great - any more like it?"],
)
async def test_after_a_search_the_second_one_is_its_second_hit(thread: Thread, text: str) -> None:
    await thread.say("find volcanoes")
    assert await thread.say(text) == [("search", {"like": "id-2"})]


async def test_a_hit_is_varied_and_more_of_it_is_shown(thread: Thread) -> None:
    await thread.say("find volcanoes")
    assert await thread.say("like number 3 but at night") == [("search", {"like": "id-3", "query": "night"})]
    assert await thread.say("more") == [("search", {"like": "id-3", "query": "night", "limit": 10})]


async def test_more_goes_on_to_the_next_page_when_one_is_full(thread: Thread) -> None:
    await thread.say("find volcanoes")
    limits = [(await thread.say("more"))[0][1]["limit"] for _ in range(4)]
    assert limits == [10, 20, 40, 50]
    next_page = {"query": "volcanoes", "limit": 50, "without": ["id-1", "id-2", "id-3"]}
    assert await thread.say("more") == [("search", next_page)]


async def test_a_changed_search_finds_again_what_a_later_page_left_out(thread: Thread) -> None:
    page: ToolCall = {"name": "search", "args": {"query": "volcanoes", "without": ["id-1"]}, "id": "page"}
    told = ToolMessage("Found 3 more images.", tool_call_id="page", artifact=Evidence(said="").model_dump(mode="json"))
    thread.messages += [HumanMessage("More results"), AIMessage("", tool_calls=[page]), told, AIMessage("Found 3.")]
    assert await thread.say("only 2 of them") == [("search", {"query": "volcanoes", "limit": 2})]


async def test_an_image_of_the_thread_named_as_one_is_no_hit(thread: Thread) -> None:
    await thread.say("describe these", post=2)
    await thread.say("find volcanoes")
    assert await thread.say("more like image 2") == [("search", TWO)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("not red ones", "market stalls without red"),
        ("without people", "market stalls without people"),
        ("blue", "blue market stalls"),
    ],
)
async def test_what_hits_must_not_show_stays_in_the_query(thread: Thread, text: str, query: str) -> None:
    await thread.say("search: market stalls")
    assert await thread.say(text) == [("search", {"query": query})]


@pytest.mark.parametrize(
    ("change", "instead", "query"),
    [
        ("wooden ones", "stone instead", "stone bridges"),
        ("at night", "scratch that, in snow", "bridges in snow"),
        ("blue", "no, green", "green bridges"),
    ],
)
async def test_the_latest_change_of_a_search_is_taken_back_for_another(
    thread: Thread, change: str, instead: str, query: str
) -> None:
    await thread.say("find bridges")
    await thread.say(change)
    assert await thread.say(instead) == [("search", {"query": query})]


async def test_only_the_filter_that_is_named_is_dropped(thread: Thread) -> None:
    await thread.say("find sunsets, portrait, at least 4000 px wide")
    assert await thread.say("drop the size") == [
        ("search", {"query": "sunsets", "filters": {"orientation": "portrait"}})
    ]


async def test_a_photo_without_words_after_a_question_about_several_is_described(thread: Thread) -> None:
    await thread.say("which of the two receipts is higher?", post=2)
    assert await thread.say("", post=1) == [("describe", {"image": "image 3"})]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("and what is the date on image 1?", "date"),
        ("and the invoice date on the first one", "invoice date"),
        ("also what was the order number of image 1?", "order number"),
    ],
)
async def test_another_field_is_named_in_a_question_on_an_image(thread: Thread, text: str, field: str) -> None:
    await thread.say("What is the total?", post=1)
    assert await thread.say(text) == [("extract", {**ONE, "fields": [field]})]
