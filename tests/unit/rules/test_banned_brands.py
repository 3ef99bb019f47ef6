from __future__ import annotations

import random
import time

import pytest

from bot.evals.brands import DISGUISES, brands, disguised, examine
from bot.evals.harmless import harmless_sentences
from graphs.constraints.banned_brands import Brand, Search, Settings, judge
from tools.kit import Verdict


def verdict(text: str, *banned: Brand | str) -> Verdict:
    names = tuple(Brand(name=brand) if isinstance(brand, str) else brand for brand in banned)
    return judge(text, settings=Settings(brands=names), evidence=(), context={})


def caught(text: str, *banned: Brand | str) -> list[str]:
    return [text[start:end] for start, end in verdict(text, *banned).where]


GAP = Brand(name="GAP", match_case=True)


@pytest.mark.parametrize("kind", DISGUISES)
def test_fifty_brands_are_caught_in_every_disguise(kind: str) -> None:
    search = Search(brands())
    missed = [(brand, text) for brand, _, text in disguised(brands(), disguises=[kind]) if not search.find(text)]
    assert not missed


def test_five_thousand_harmless_sentences_pass() -> None:
    report = examine(sentences=harmless_sentences(5_000, seed=20))
    assert report.harmless == 5_000
    assert not report.false_alarms


OTHERS = (
    "Acme", "Globex", "Umbro", "Milka", "Volvo", "Hermès", "Ben & Jerry's", "Red Bull", "T-Mobile", "WD-40",
    "Häagen-Dazs", "Acer", "HP", "Audi", "PayPal", "Lidl", "Bosch", "Cisco", "Rolex", "Dior", "Levi's", "FedEx", "eBay",
    "B&Q", "Marks & Spencer", "McDonald's", "Rolls-Royce", "Citroën", "Yahoo!", "iPhone", "TikTok", "Forever 21",
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_brands_and_seeds_the_rule_was_not_built_on_are_caught_too(seed: int) -> None:
    others = [Brand(name=name) for name in OTHERS]
    search = Search(others)
    missed = [case for case in disguised(others, seed=seed) if not search.find(case[2])]
    assert not missed


@pytest.mark.parametrize(
    "text",
    [
        "Acme", "an ACME anvil", "A c m e", "A  c  m  e", "Ac me", "A.c-m_e", "A*c*m*e",
        "A\nc\nm\ne", "a c me", "Acme's", "Acmes'", "three Acmes", "#acme", "#AcmeRocks",
        "#ACMErocks", "#the_acme_way", "@acme", "@AcmeHelp", "acme.com", "mail@acme.com",
        "acme_logo.png", "**Ac**me", "&#65;cme", "&#x41;cme", "A<b>c</b>me", "А\u0441me", "ΑCΜΕ",
        "4cme", "@cme", "Acm3", "ᴀᴄᴍᴇ", "𝐀𝐜𝐦𝐞", "Ⓐⓒⓜⓔ", "🅰🅲🅼🅴", "🇦🇨🇲🇪", "A\u200bc\u200dm\u2060e",
        "Ac\U000e0078\U000e0079me", "Acme\U000e0078", "\U000e0041\U000e0063\U000e006d\U000e0065",
        "A\u00adcme", "Ａｃｍｅ", "A̶c̶m̶e̶", "Ácmé", "Acrne", "\u202eemca\u202c", "ac%6de",
        "A-\nc-\nm-\ne", "Acme™", "Acme-style", "これはAcmeです", "ᗩᑕᗰᗴ", "a¢me",
    ],
)  # fmt: skip
def test_acme_is_known_as(text: str) -> None:
    assert not verdict(text, "Acme")


@pytest.mark.parametrize(
    ("brand", "text"),
    [
        ("Meta", "We met a friend."), ("Costa", "It may cost a lot."), ("Asus", "the same as us"),
        ("Canon", "You can on request."), ("Shell", "She'll come."), ("Shell", "It's hell."),
        ("Swatch", "Tom's watch"), ("Slack", "it's lack of time"), ("Fiat", "a flat tyre"),
        ("Dove", "a clove of garlic"), ("Apple", "three apples"), ("Apple", "pineapple"),
        ("Apple", "#snapple"), ("BMW", "an 8 MW turbine"), ("BMW", "8MW"), ("LG", "1g of salt"),
        ("Sony", "50 NY residents"), ("Boss", "8055"), ("H&M", "Hm, I cannot tell."),
        ("H&M", "H.M. the Queen"), ("P&G", "rated PG"), ("HP", "H. P. Lovecraft"),
        ("3M", "a 3 m rope"), ("Crest", "(rest of it)"), ("Visa", "vis-a-vis"),
        ("GE", "Tbilisi 🇬🇪"), ("AT&T", "#477"), ("Axa", "4x4 blocks"), ("Bic", '{"b": 1, "c": 2}'),
        ("LinkedIn", "they are linked in pairs"), ("Head & Shoulders", "head and shoulders above"),
        ("New Balance", "This is new. Balance it."), ("Amazon", "am a zon ic"),
        ("Umbro", "umbrology"), ("Acme", "the acmeist poets"), ("Mars", "Mar's"),
        ("Dior", "the cli or"), ("Next", "N 3 X T R"), ("Acme", ""), ("Acme", "▇▇▇"),
    ],
)  # fmt: skip
def test_harmless_words_are_not_brands(brand: str, text: str) -> None:
    assert not caught(text, brand)


@pytest.mark.parametrize(
    "text", ["a big apple", "b i g a p p l e", "bi g ap ple", "mind the gap", "Gap", "a gap of 3 cm", "#gap"]
)
def test_gap_that_matches_case_leaves_the_word_alone(text: str) -> None:
    assert not caught(text, GAP)


@pytest.mark.parametrize(
    "text",
    [
        "GAP",
        "G A P",
        "G.A.P.",
        "g a p",
        "#GAP",
        "#GAPSale",
        "gap.com",
        "G4P",
        "GАР",
        "GAP's",
        "&#71;AP",
        "a G A P shop",
    ],
)
def test_gap_that_matches_case_is_still_caught_as(text: str) -> None:
    assert caught(text, GAP)


@pytest.mark.parametrize(
    ("brand", "text"),
    [
        ("Coca-Cola", "cocacola"), ("Coca-Cola", "coca cola"), ("Coca-Cola", "C o c a  C o l a"),
        ("Coca-Cola", "#CocaColaZero"), ("H&M", "H & M"), ("H&M", "H and M"), ("H&M", "h&amp;m"),
        ("H&M", "#HM"), ("H&M", "hm.com"), ("7-Eleven", "7Eleven"), ("L'Oréal", "loreal"),
        ("L'Oréal", "L’Oreal"), ("M&M's", "M&Ms"), ("AT&T", "A T & T"),
        ("Procter & Gamble", "procter and gamble"), ("Dr. Oetker", "Dr Oetker"),
        ("Löwenbräu", "Loewenbraeu"), ("YouTube", "You Tube"), ("Canon", "with a Can on camera"),
        ("Яндекс", "ЯНДЕКС"), ("ソニー", "これはソニーです"), ("Disney+", "Disney Plus"), ("Yahoo!", "yahoo"),
        ("ON", "put ON shoes"),
    ],
)  # fmt: skip
def test_names_of_several_words_and_signs_are_caught(brand: str, text: str) -> None:
    assert caught(text, brand)


def test_spans_point_into_the_original_text() -> None:
    assert caught("He wore A\u200bc\u0301m&#101;'s hat and an А c m е tie.", "Acme") == [
        "A\u200bc\u0301m&#101;",
        "А c m е",
    ]


def test_an_alias_is_caught_and_reported_under_the_brand() -> None:
    found = verdict("Made by W.E.C.", Brand(name="Acme", aliases=("WEC",)))
    assert found.broken == "Do not name Acme: say it without the brand."


def test_a_brand_may_stand_in_the_phrases_it_is_allowed_in() -> None:
    gap = Brand(name="Gap", allow=("gap year",))
    assert not caught("After two gap years she took a Gap  Year off.", gap)
    assert caught("A gap year in a Gap shop.", gap) == ["Gap"]


def test_the_longest_name_is_caught_whole() -> None:
    assert caught("Acme Corp made it", Brand(name="Acme", aliases=("Acme Corp",))) == ["Acme Corp"]


def test_any_text_gives_spans_inside_it() -> None:
    rng = random.Random(3)
    letters = "aAcCmMeEgGpP31450l|I.-_ *&+#@\n'’\u200béса𝐚ß▇(<>;%\u202e"
    for _ in range(2_000):
        text = f"{''.join(rng.choices(letters, k=30))} Acme {''.join(rng.choices(letters, k=10))}"
        spans = verdict(text, "Acme", GAP, "H&M", "3M", "Coca-Cola").where
        assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    "text", ["a " * 50_000, "|" * 100_000, "A" + " " * 100_000, "<a " * 30_000, "#Aa" * 10_000, "((a" * 30_000]
)
def test_long_texts_take_time_in_proportion(text: str) -> None:
    search = Search(brands())

    def seconds(text: str) -> float:
        start = time.perf_counter()
        search.find(text)
        return time.perf_counter() - start

    assert seconds(text) < 5 * 4 * (seconds(text[: len(text) // 4]) + 0.02)


def patterns_made(search: Search) -> list[str]:
    return [spelling.name for spelling in search.spellings if {"pattern", "run_together"} & vars(spelling).keys()]


def test_a_pattern_is_made_only_of_a_brand_that_the_text_may_hold() -> None:
    rng = random.Random(5)
    invented = {"".join(rng.choices("bdfgklmnprstvz", k=3)) + "ozqu" for _ in range(1_000)}
    search = Search([*(Brand(name=name) for name in sorted(invented)), Brand(name="Acme")])
    assert patterns_made(search) == []
    assert not search.find("Brown foxes jump over 42 lazy dogs, @home and #Outdoors, and mail zoe@example.com.")
    assert patterns_made(search) == []
    assert search.find("try A c m e now")
    assert patterns_made(search) == ["Acme"]


def test_of_numbered_brands_only_those_that_fit_get_a_pattern() -> None:
    search = Search([Brand(name=f"Brand {number}") for number in range(10, 1_000)])
    assert list(search.find("by Brand 742 and others").values()) == ["Brand 742"]
    assert set(patterns_made(search)) <= {"Brand 74", "Brand 742"}


@pytest.mark.parametrize("said", ["&", "and", "und", "n", ""])
def test_of_names_with_an_and_only_those_that_fit_get_a_pattern(said: str) -> None:
    search = Search([Brand(name=f"Brand & Sons {number}") for number in range(100, 1_000)])
    assert list(search.find(f"by Brand {said} Sons 742").values()) == ["Brand & Sons 742"]
    assert patterns_made(search) == ["Brand & Sons 742"]


@pytest.mark.parametrize(
    ("brand", "text"),
    [
        ("Mödwem", "rnoeclvvern"), ("Coca-Cola", "#Coca_Cola"), ("Ærø", "on aero island"), ("AB&C", "a b and c"),
        ("+Ö", "+ o e"), ("H&M", "#h_m"),
    ],
)  # fmt: skip
def test_a_name_is_looked_for_however_its_letters_are_written(brand: str, text: str) -> None:
    search = Search([Brand(name=brand)])
    search.find(text)
    assert patterns_made(search) == [brand]


def test_no_brands_break_nothing() -> None:
    assert verdict("Acme")


@pytest.mark.parametrize("text", ["▇▇▇", "A▇▇▇c m e", "A ▇▇▇ c m e", "▇▇▇'s"])
def test_nothing_is_caught_across_what_redaction_left(text: str) -> None:
    assert not caught(text, "Acme")
