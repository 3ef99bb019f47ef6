"""The `extract` tool on typed papers, with the local extractor behind it."""

from __future__ import annotations

import pytest

from tests.unit.papers import Typist, image, typed
from tools.backends.local_extractor import LocalExtractor
from tools.extract import extract, kind_of
from tools.kit import AskAgain, Evidence, Json

RECEIPT = """
Pine Street Diner Ltd
12 Pine Street, Leeds
VAT No: GB 123 4567 89
Date: 17/03/2024
Table: 9
2 x Soup                    9.00
1 x Pie                     7.50
Subtotal                   16.50
VAT 20%                     3.30
Total                  GBP 19.80
"""


async def extracted(text: str, fields: list[str] | None = None, schema: dict[str, Json] | None = None) -> Evidence:
    return await extract(image(), fields, schema, ocr=Typist(typed(text)), extractor=LocalExtractor())


async def test_named_fields_come_back_under_the_names_they_were_asked_by() -> None:
    evidence = await extracted(RECEIPT, ["Total", "invoice_date", "VAT id", "Table", "tip"])
    assert evidence.facts["fields"] == {
        "Total": "19.80",
        "invoice_date": "2024-03-17",
        "VAT id": "GB 123 4567 89",
        "Table": "9",
        "tip": None,
    }
    assert evidence.facts["kind"] == "receipt"


async def test_the_sentence_lists_what_was_found_and_names_what_was_not() -> None:
    evidence = await extracted(RECEIPT, ["total", "tip"])
    assert evidence.said == "On image 1: total 19.80. Not found: tip."
    nothing = await extracted("a blank stare", ["total", "tip"])
    assert nothing.said == "None of these is printed on image 1: total, tip."
    assert nothing.sure is None


async def test_the_rows_of_a_list_are_said_one_by_one() -> None:
    evidence = await extracted(RECEIPT, ["items", "total"])
    assert evidence.said == "On image 1: total 19.80.\nitems (2):\n- 2 x Soup, 9.00\n- 1 x Pie, 7.50"


async def test_of_many_rows_the_first_twelve_are_said() -> None:
    rows = "\n".join(f"Cake {chr(65 + n)}a          {n + 1}.50" for n in range(15))
    evidence = await extracted(f"Bakery Ltd\nItem           Amount\n{rows}\nTotal   127.50", ["items"])
    assert "- Cake La, 12.50\nand 3 more" in evidence.said


async def test_a_doubtful_value_is_said_as_one() -> None:
    evidence = await extracted("Subject to Final Review\n1\nIN THE COURT", ["company"])
    assert evidence.said == "On image 1: company perhaps Subject to Final Review."


async def test_a_number_of_a_schema_is_said_as_printed() -> None:
    evidence = await extracted(RECEIPT.replace("19.80", "19.00"), schema={"properties": {"total": {"type": "number"}}})
    assert evidence.said == "On image 1: total 19.00."
    assert evidence.facts["fields"] == {"total": 19.0}


async def test_a_name_that_ends_in_a_full_stop_gets_no_second_one() -> None:
    evidence = await extracted("CORAL BAY SDN. BHD.\nDate: 17/03/2024\nTotal 4.00\nCash 4.00", ["company"])
    assert evidence.said == "On image 1: company CORAL BAY SDN. BHD."


async def test_every_value_has_its_box_its_text_and_a_confidence() -> None:
    evidence = await extracted(RECEIPT, ["total", "tip"])
    total, tip = evidence.facts["values"]
    assert total["text"] == "GBP 19.80"
    assert total["box"] == [230.0, 252.0, 320.0, 272.0]
    assert 0.5 < total["confidence"] <= 1
    assert tip == {"name": "tip", "value": None, "text": None, "box": None, "confidence": 0.0, "note": None}
    assert [region.box for region in evidence.about] == [(230.0, 252.0, 320.0, 272.0)]


async def test_a_schema_gives_values_in_its_types_and_its_shape() -> None:
    schema = {
        "type": "object",
        "required": ["total", "tip"],
        "properties": {
            "total": {"type": "number"},
            "table": {"type": "integer"},
            "tip": {"type": ["number", "null"]},
            "issued": {"type": "string", "format": "date"},
            "paid": {"type": "boolean"},
            "vendor": {"type": "object", "properties": {"name": {"type": "string"}, "vat_id": {"type": "string"}}},
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"product": {}, "qty": {"type": "integer"}, "total": {"type": "number"}},
                },
            },
        },
    }
    evidence = await extracted(RECEIPT, schema=schema)
    assert evidence.facts["fields"] == {
        "total": 19.8,
        "table": 9,
        "tip": None,
        "issued": "2024-03-17",
        "paid": None,
        "vendor": {"name": "Pine Street Diner Ltd", "vat_id": "GB 123 4567 89"},
        "lines": [{"product": "Soup", "qty": 2, "total": 9.0}, {"product": "Pie", "qty": 1, "total": 7.5}],
    }
    assert [value["name"] for value in evidence.facts["values"]][5:7] == ["vendor.name", "vendor.vat_id"]


async def test_a_field_whose_name_is_not_printed_is_found_by_its_description() -> None:
    schema = {"properties": {"seat": {"type": "string", "description": "table number"}}}
    assert (await extracted(RECEIPT, schema=schema)).facts["fields"] == {"seat": "9"}


async def test_without_fields_the_kind_of_paper_decides_what_is_taken() -> None:
    fields = (await extracted(RECEIPT)).facts["fields"]
    assert fields["company"] == "Pine Street Diner Ltd"
    assert fields["tax"] == "3.30"
    assert fields["currency"] == "GBP"


@pytest.mark.parametrize(
    "arguments", [{"fields": ["", " "]}, {"schema": {"type": "object"}}, {"schema": {"properties": {}}}]
)
async def test_a_wish_without_a_field_is_asked_again(arguments: dict[str, Json]) -> None:
    with pytest.raises(AskAgain):
        await extracted(RECEIPT, **arguments)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("total", "amount"),
        ("invoice number", "text"),
        ("dueDate", "date"),
        ("VAT id", "text"),
        ("e-mail", "email"),
        ("line items", "list"),
        ("number of guests", "number"),
        ("company", "text"),
        ("tax", "amount"),
    ],
)
def test_the_name_of_a_field_says_what_kind_of_value_it_takes(name: str, kind: str) -> None:
    assert kind_of(name) == kind
