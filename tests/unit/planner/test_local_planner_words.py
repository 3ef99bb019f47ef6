"""How the local planner reads words: labels, fields, dates, limits, queries, languages, slips."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from graphs.clock import Clock
from graphs.local_planner.answering import compose
from graphs.local_planner.choices.labels import labels, single
from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.days import span
from graphs.local_planner.language.glossary import in_english
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.papers.fields import fields
from graphs.local_planner.searches.queries import query, twist
from graphs.local_planner.turn import Call, Exchange
from graphs.local_planner.understanding.clauses import one_line, split
from tools.kit import Evidence

CLOCK = Clock(datetime(2026, 11, 24, 15, 30))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cat, dog or rabbit?", ["cat", "dog", "rabbit"]),
        ("quick sanity check, forklift or pallet truck?", ["forklift", "pallet truck"]),
        ("would a customer call that navy or charcoal", ["navy", "charcoal"]),
        ("indicate whether the parcel appears damaged or intact", ["damaged", "intact"]),
        ("is it a hairline crack? or just a shadow", ["hairline crack", "shadow"]),
        ("the LED is green, amber or red?", ["green", "amber", "red"]),
        ("which best fits this 1) kitchen 2) bathroom", ["kitchen", "bathroom"]),
        ("is this a poster, a flyer or a banner?", ["poster", "flyer", "banner"]),
        ("[living room; kitchen; bathroom]", ["living room", "kitchen", "bathroom"]),
        ('"sneaker", "boot", "sandal" - pick one', ["sneaker", "boot", "sandal"]),
        ("options = sunny, cloudy, rainy", ["sunny", "cloudy", "rainy"]),
        ("tag it #red #blue", ["red", "blue"]),
        ("sedan/suv/truck", ["sedan", "suv", "truck"]),
        ("classify as good | bad", ["good", "bad"]),
        ("1) beach 2) forest", ["beach", "forest"]),
        ("read this", []),
        ("is the cup left or right of the laptop?", []),
    ],
)
def test_labels_are_found_in_any_punctuation(text: str, found: list[str]) -> None:
    assert labels(text) == found


def test_a_yes_or_no_question_has_one_label() -> None:
    assert single("is this a golden retriever?") == ["golden retriever"]
    assert single("is this the same?") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("what's the total?", ["total"]),
        ("vendor + amount + date pls", ["vendor", "amount", "date"]),
        ("how much did we pay?", ["total"]),
        ("extract 1) order id 2) delivery address", ["order id", "delivery address"]),
        ("fields: sku; quantity; unit price", ["sku", "quantity", "unit price"]),
        ("merchant_name and total_amount as json", ["merchant name", "total amount"]),
        ("when is it due?", ["due date"]),
        ("extract everything", []),
    ],
)
def test_fields_are_named_as_the_asker_names_them(text: str, found: list[str]) -> None:
    assert fields(text) == found


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("2023", date(2023, 1, 1), date(2024, 1, 1)),
        ("last year", date(2025, 1, 1), date(2026, 1, 1)),
        ("last month", date(2026, 10, 1), date(2026, 11, 1)),
        ("this week", date(2026, 11, 23), date(2026, 11, 30)),
        ("yesterday", date(2026, 11, 23), date(2026, 11, 24)),
        ("last summer", date(2026, 6, 1), date(2026, 9, 1)),
        ("december", date(2025, 12, 1), date(2026, 1, 1)),
        ("may 2024", date(2024, 5, 1), date(2024, 6, 1)),
        ("winter 2023", date(2023, 12, 1), date(2024, 3, 1)),
        ("15 May 2025", date(2025, 5, 15), date(2025, 5, 16)),
        ("May 15th, 2025", date(2025, 5, 15), date(2025, 5, 16)),
        ("15.5.2025", date(2025, 5, 15), date(2025, 5, 16)),
        ("2025-05-15", date(2025, 5, 15), date(2025, 5, 16)),
        ("q2 2024", date(2024, 4, 1), date(2024, 7, 1)),
    ],
)
def test_phrases_for_dates_mean_days(said: str, first: date, end: date) -> None:
    assert span(said, CLOCK) == (datetime.combine(first, time()), datetime.combine(end, time()))


def test_of_a_day_that_does_not_exist_the_error_says_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="that month is not so long"):
        span("31 February 2024", CLOCK)


@pytest.mark.parametrize(
    ("text", "filters", "limit"),
    [
        ("snow before 2020", {"before": "2020-01-01T00:00:00"}, None),
        ("snow since 2020", {"after": "2020-01-01T00:00:00"}, None),
        ("snow after 2020", {"after": "2021-01-01T00:00:00"}, None),
        ("snow from the last 30 days", {"after": "2026-10-25T00:00:00"}, None),
        ("from March to June 2024", {"after": "2024-03-01T00:00:00", "before": "2024-07-01T00:00:00"}, None),
        ("cats in the folder holiday/2024", {"folder": "holiday/2024"}, None),
        ("files named invoice_7", {"name_contains": "invoice_7"}, None),
        ("jpegs of tulips", {"mime": "image/jpeg"}, None),
        ("at least 1920 px wide", {"min_width": 1920}, None),
        ("larger than 2000x1500", {"min_width": 2000, "min_height": 1500}, None),
        ("portrait-oriented photos", {"orientation": "portrait"}, None),
        ("the ten best photos", {}, 10),
        ("no more than two please", {}, 2),
        ("a dozen images of balloons", {}, 12),
    ],
)
def test_what_narrows_a_search_is_cut_out_of_it(text: str, filters: dict[str, object], limit: int | None) -> None:
    left = narrow(text, CLOCK)
    assert (left.filters, left.limit) == (filters, limit)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("find photos of red bicycles", "red bicycles"),
        ("do we have any pictures of a dog in the snow?", "dog in the snow"),
        ("search archive: whiteboard with sticky notes", "whiteboard with sticky notes"),
        ("lighthouse pics", "lighthouse"),
        ('results for "solar panels on a roof"', "solar panels on a roof"),
    ],
)
def test_a_query_is_the_content_of_a_request(text: str, found: str) -> None:
    assert query(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("more like this but blue", "blue"),
        ("similar to this, only with a dog in it", "dog"),
        ("search for this jacket in green", "green"),
        ("anything similar in the archive?", ""),
        ("has anyone posted this before?", ""),
    ],
)
def test_a_twist_is_what_a_search_by_image_adds(text: str, found: str) -> None:
    assert twist(text) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("read it and tell me what it is", ["read it", "tell me what it is"]),
        ("find tulips and photos of daffodils", ["find tulips", "photos of daffodils"]),
        ("the date and the total", ["the date and the total"]),
        ("name, label and date", ["name, label and date"]),
        ("Invoice no. 7. What is due?", ["Invoice no. 7", "What is due"]),
    ],
)
def test_a_message_is_split_where_a_new_wish_begins(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_short_lines_are_a_list_and_a_long_message_is_read_at_both_ends() -> None:
    assert one_line("apple\npear\n\nwhich one") == "apple, pear, which one"
    assert one_line("word " * 1000 + "read it").endswith("read it")
    assert len(one_line("word " * 1000)) <= 1010


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Was steht auf dem Schild?", "what is written on the sign?"),
        ("¿Cuántas personas hay?", "how many people are there any?"),
        ("photos of las vegas", "photos of las vegas"),
        ("find photos of Hans und Grete dancing", "find photos of Hans und Grete dancing"),
    ],
)
def test_key_words_of_other_languages_are_understood(text: str, english: str) -> None:
    assert in_english(text) == english


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hey Spyglass, could you please discribe the recipt?", "describe the receipt?"),
        ("whats the diffrence", "what is the difference"),
        ("described", "described"),
    ],
)
def test_slips_and_politeness_do_not_matter(text: str, said: str) -> None:
    assert plain(text) == said


def test_a_few_extracted_values_are_said_in_a_sentence() -> None:
    values = [
        {"name": "total", "value": "13.20"},
        {"name": "opening hours", "value": "9-17"},
        {"name": "tip", "value": None},
    ]
    found = Evidence(said="On image 1: total 13.20.", tool="extract", facts={"values": values})
    said, status = compose.answer(Exchange("total?", calls=(Call("extract", {"image": "image 1"}, evidence=found),)))
    assert said == "On image 1 the total is 13.20 and the opening hours are 9-17. I found no tip there."
    assert status == "answered"
