"""Answers in other languages keep to the evidence as English ones do; a translation is bound to its original."""

from __future__ import annotations

import pytest

from graphs.constraints.grounded import Settings, judge
from tools.kit import Evidence, ImageRef, Region, Verdict

IMAGES = [ImageRef(handle="image 1", sha256="a", mime="image/jpeg", width=1024, height=768, name="r.jpg")]
RECEIPT = Evidence(
    said="On image 1 the total is 13.20 and the date is 2026-03-14.",
    facts={"fields": {"total": "13.20", "date": "2026-03-14", "company": "Ristorante Milano", "vat": "1234.50"}},
    about=(Region(handle="image 1"),),
    tool="extract",
)
OPENING = Evidence(said="The text in image 1 reads:\nOpen from 14:30, tables for 4", tool="read_text")
SIGN = Evidence(
    said="The text in image 1 reads:\nZUTRITT VERBOTEN\nWillkommen in München\nTagessuppe 4,50 €\n"
    "zwei Eingänge, ab 9.30 Uhr",
    tool="read_text",
)
SEEN = Evidence(
    said="Seen by model m: A brown dog runs over a meadow.", facts={"seen": "A brown dog runs over a meadow."},
    source="model", tool="look",
)  # fmt: skip


def verdict(text: str, *evidence: Evidence, question: str = "?", looked: bool = False) -> Verdict:
    context = {"question": question, "images": IMAGES, "surface": "answer", "looked": looked}
    return judge(text, settings=Settings(), evidence=evidence, context=context)


@pytest.mark.parametrize(
    "text",
    [
        "Die Gesamtsumme auf Bild 1 beträgt 13,20 € und das Datum ist der 14.03.2026.",
        "Der Beleg ist vom 14. März 2026 und die Summe ist 13,20 EUR.",
        "Die Mehrwertsteuer ist mit 1.234,50 € angegeben, das Datum ist März 2026.",
        "Le total est de 13,20 € et la date est le 14 mars 2026.",
        "La TVA est de 1 234,50 € sur le reçu de Ristorante Milano.",
        "El total es 13,20 € y la fecha es el 14 de marzo de 2026.",
        "Il totale è 13,20 € e la data è il 14 marzo 2026.",
        "O total é 13,20 € e a data é 14 de março de 2026.",
        "Het totaal is 13,20 euro en de datum is 14 maart 2026.",
        "合計は13.20です。日付は2026-03-14です。",
        "2026年3月14日の合計は13.20です。",
        "Итого 13,20, дата 14.03.2026.",
    ],
)
def test_numbers_and_dates_may_be_written_as_each_language_writes_them(text: str) -> None:
    assert verdict(text, RECEIPT).broken is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Die Gesamtsumme auf Bild 1 beträgt 13,21 €.", "13,21"),
        ("Der Beleg ist vom 15. März 2026.", "15. März 2026"),
        ("Es ist der 14. Mai 2026, und die Summe ist 13,20 €.", "14. Mai 2026"),
        ("Es sind fünf Posten auf dem Beleg.", "fünf"),
        ("Il y a sept articles sur le reçu.", "sept"),
        ("Hay siete artículos en el recibo.", "siete"),
        ("Auf dem Schild steht »Eintritt frei«.", "Eintritt frei"),
        ("Auf dem Schild steht „Eintritt frei“.", "Eintritt frei"),
        ("Le total est de 13,20 € et le magasin est à Paris.", "Paris"),
        ("El recibo es de una tienda en Sevilla.", "Sevilla"),
        ("Итого 14,20.", "14,20"),
        ("合計は14.20です。", "14.20"),
        ("2026年3月15日です。", "2026"),
        ("看板には「立入禁止」とあります。", "立入禁止"),
    ],
)
def test_what_no_evidence_shows_is_caught_in_every_language(text: str, named: str) -> None:
    assert named in str(verdict(text, RECEIPT).broken)


@pytest.mark.parametrize(
    "text", ["Geöffnet ist ab 14.30 Uhr.", "C'est ouvert à partir de 14h30.", "Es hat ab 14:30 auf."]
)
def test_times_are_the_same_in_any_form(text: str) -> None:
    assert verdict(text, OPENING).broken is None


def test_another_time_is_another_time_in_german_too() -> None:
    assert "15.30 Uhr" in str(verdict("Es ist ab 15.30 Uhr geöffnet.", OPENING).broken)


def test_an_english_answer_is_read_as_before_beside_german_quotes() -> None:
    said = 'It reads "ZUTRITT VERBOTEN", and it was taken in London.'
    assert "London" in str(verdict(said, SIGN).broken)


# --- what a model saw -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Laut dem Vision-Modell läuft ein brauner Hund über eine Wiese.",
        "Das Modell sieht einen braunen Hund auf der Wiese.",
        "Selon le modèle, un chien brun court dans un pré.",
        "Según el modelo de visión hay un perro en el prado.",
        "En brun hund springer över en äng (vision model).",
    ],
)
def test_what_a_model_saw_is_said_to_be_so_in_other_languages(text: str) -> None:
    assert verdict(text, SEEN, looked=True).broken is None


@pytest.mark.parametrize(
    "text",
    [
        "Ein brauner Hund läuft über die Wiese.",
        "Un chien brun court dans le pré.",
        "En brun hund springer över en äng.",
    ],
)
def test_what_a_model_saw_is_not_passed_off_as_measured_in_another_language(text: str) -> None:
    assert "seen by the model" in str(verdict(text, SEEN, looked=True).broken)


def test_an_earlier_look_does_not_bind_a_measured_answer() -> None:
    assert verdict("Die Summe auf dem Beleg ist 13,20 €.", SEEN, RECEIPT).broken is None


@pytest.mark.parametrize(
    "text", ['{"total": "13.20", "date": "2026-03-14"}', "total | 13.20\ndate  | 2026-03-14\ncompany | Milano"]
)
def test_english_without_sentences_is_no_other_language(text: str) -> None:
    assert verdict(text, RECEIPT, SEEN, looked=True).broken is None


# --- translations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The sign says “ZUTRITT VERBOTEN” (translated by the model: “no entry”).",
        "It reads “Zutritt verboten”. Translated by the model: “No entry”.",
        "“No entry”, translated by the model from “ZUTRITT VERBOTEN”.",
        "Translated by the model:\n- “Tagessuppe 4,50 €”: “soup of the day 4.50 €”\n- “Zutritt verboten”: “no entry”",
        "“zwei Eingänge, ab 9.30 Uhr” means “two entrances, from 9:30” in the model's translation.",
        "“Willkommen in München” is “welcome to München” as translated by the model.",
        "Auf dem Schild steht „ZUTRITT VERBOTEN“, vom Modell übersetzt: „défense d'entrer“.",
    ],
)
def test_a_translation_beside_its_original_may_be_said(text: str) -> None:
    assert verdict(text, SIGN).broken is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The sign says “no entry”.", "no entry"),
        ("The sign says “no entry” (translated by the model).", "no entry"),
        ("“Zutritt verboten” means “no entry”.", "no entry"),
        ("“Schlüssel verloren”, translated by the model: “key lost”.", "Schlüssel verloren"),
        ("“Tagessuppe 4,50 €”, translated by the model: “soup of the day 5.40 €”.", "5.40"),
        ("“zwei Eingänge, ab 9.30 Uhr”, translated by the model: “three entrances”.", "three"),
        ("“zwei Eingänge, ab 9.30 Uhr”, translated by the model: “two entrances, from 10:30”.", "10:30"),
        ("“Willkommen in München”, translated by the model: “welcome to Berlin”.", "Berlin"),
        ("“Zutritt verboten”, translated by the model: “no entry before 14 May 2026”.", "14 May 2026"),
    ],
)
def test_a_translation_without_its_original_or_with_more_in_it_is_caught(text: str, named: str) -> None:
    assert named in str(verdict(text, SIGN).broken)


def test_who_drafts_a_translation_is_told_how_one_is_given() -> None:
    assert "translated by the model" in str(verdict("The sign says “no entry”.", SIGN).broken)
