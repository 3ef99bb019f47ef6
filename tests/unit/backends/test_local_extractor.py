"""The local extractor on typed papers: what is printed is found, what is not stays null."""

from __future__ import annotations

import pytest

from tests.unit.papers import typed
from tools.backends.local_extractor import extract
from tools.kit import Field, Json, Value

RECEIPT = """
           BLUE HERON CAFE SDN BHD
                (482910-K)
          NO. 12, JALAN KELAWAI,
             10250 PENANG.
           TEL: 04-2261234
             TAX INVOICE
RECEIPT NO: A-10442      DATE: 05/02/2018 10:22
ITEM                 QTY      PRICE    AMOUNT
FLAT WHITE            2       8.50      17.00
ALMOND CROISSANT      1       9.40       9.40
SUB TOTAL                               26.40
GST 6%                                   1.58
ROUNDING                                 0.02
TOTAL                                   28.00
CASH                                    50.00
CHANGE                                  22.00
            THANK YOU
"""

GERMAN = """
Nordlicht Elektrik GmbH                              Rechnung
Hafenstr. 4
20457 Hamburg

Rechnungsnr.        RE-2023-0815
Rechnungsdatum      14.03.2023
Zahlungsziel        28.03.2023

Beschreibung          Menge      Preis       Betrag
Kabeltrommel 50 m     2         199,50       399,00
Montage               1       1.000,00     1.000,00

Zwischensumme                              1.399,00
MwSt. 19%                                    265,81
Gesamtbetrag                             1.664,81 EUR

IBAN DE44 5001 0517 5407 3249 31
USt-IdNr. DE 123 456 789
info@nordlicht-elektrik.de
"""

CARD = """
Maren Thorvald
Head of Logistics

Fjordline Freight AS
Bryggen 7, 5003 Bergen
+47 55 21 40 00
maren.thorvald@fjordline.no
www.fjordline.no
"""


def found(text: str, *names: str, kind: str = "text") -> dict[str, Json]:
    wanted = [Field.model_validate({"name": name, "kind": KINDS.get(name, kind)}) for name in names]
    return {value.name: value.value for value in extract(typed(text), wanted)}


def one(text: str, name: str, kind: str = "text") -> Value:
    return extract(typed(text), [Field.model_validate({"name": name, "kind": kind})])[0]


KINDS = {
    **dict.fromkeys(("total", "subtotal", "tax", "cash", "change", "rounding", "deposit"), "amount"),
    **dict.fromkeys(("date", "due date"), "date"),
}


def test_a_receipt_gives_its_usual_fields_unasked() -> None:
    values = {value.name: value.value for value in extract(typed(RECEIPT), [])}
    assert values == {
        "document_kind": "receipt",
        "company": "BLUE HERON CAFE SDN BHD",
        "date": "2018-02-05",
        "address": "NO. 12, JALAN KELAWAI, 10250 PENANG.",
        "total": "28.00",
        "subtotal": "26.40",
        "tax": "1.58",
        "currency": None,
        "payment_method": "CASH",
        "receipt_number": "A-10442",
        "line_items": [
            {"description": "FLAT WHITE", "quantity": "2", "price": "8.50", "amount": "17.00"},
            {"description": "ALMOND CROISSANT", "quantity": "1", "price": "9.40", "amount": "9.40"},
        ],
    }


def test_a_german_invoice_gives_its_fields_in_plain_numbers_and_dates() -> None:
    values = {value.name: value.value for value in extract(typed(GERMAN), [])}
    values.pop("line_items")
    assert values == {
        "document_kind": "invoice",
        "company": "Nordlicht Elektrik GmbH",
        "invoice_number": "RE-2023-0815",
        "date": "2023-03-14",
        "due_date": "2023-03-28",
        "total": "1664.81",
        "subtotal": "1399.00",
        "tax": "265.81",
        "currency": "EUR",
        "iban": "DE44 5001 0517 5407 3249 31",
        "vat_id": "DE 123 456 789",
        "customer": None,
    }


def test_a_card_gives_the_person_and_how_to_reach_them() -> None:
    values = {value.name: value.value for value in extract(typed(CARD), [])}
    assert values == {
        "document_kind": "card",
        "name": "Maren Thorvald",
        "title": "Head of Logistics",
        "company": "Fjordline Freight AS",
        "email": "maren.thorvald@fjordline.no",
        "phone": "+47 55 21 40 00",
        "url": "www.fjordline.no",
        "address": "Bryggen 7, 5003 Bergen",
    }


def test_a_form_gives_every_label_it_prints() -> None:
    values = extract(typed("Patient: Ada Quill\nBlood group:  0 negative\nAllergies: penicillin\nWard: 7B"), [])
    assert {value.name: value.value for value in values} == {
        "document_kind": "form",
        "Patient": "Ada Quill",
        "Blood group": "0 negative",
        "Allergies": "penicillin",
        "Ward": "7B",
    }


@pytest.mark.parametrize(
    "name", ["total", "date", "due date", "company", "iban", "email", "phone", "table number", "vat id"]
)
def test_what_is_not_printed_is_null(name: str) -> None:
    assert found("closed on mondays\nplease ring twice", name)[name] is None


def test_a_payment_without_a_total_is_the_total_less_its_change_only_when_that_is_printed() -> None:
    assert found("TEA  4.50\nCASH  10.00\nCHANGE  5.50", "total")["total"] == "4.50"
    assert found("TEA  4.00\nCASH  10.00\nCHANGE  5.50", "total")["total"] is None


def test_every_value_says_where_it_stands() -> None:
    total = one(RECEIPT, "total", "amount")
    assert total.text == "28.00"
    assert total.box == (400.0, 364.0, 450.0, 384.0)


def test_the_box_of_a_value_is_on_the_photo_as_posted_when_the_page_was_turned() -> None:
    straight = extract(typed(RECEIPT), [Field(name="total", kind="amount")])[0]
    turned = extract(typed(RECEIPT, angle=90), [Field(name="total", kind="amount")])[0]
    assert turned.value == straight.value == "28.00"
    assert straight.box is not None
    left, top, right, bottom = straight.box
    assert turned.box == pytest.approx((top, -right, bottom, -left))


def test_a_total_that_payments_confirm_is_surer_than_one_that_stands_alone() -> None:
    alone = one("TOTAL   28.00", "total", "amount")
    assert one(RECEIPT, "total", "amount").sure > alone.sure
    assert one(RECEIPT, "total", "amount").note == "confirmed by payment less change and subtotal and tax"


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ("SUBTOTAL  10.00\nTAX  0.60\nTOTAL  10.60", "10.60"),
        ("TOTAL QTY  3\nTOTAL  12.50", "12.50"),
        ("TOTAL  12.52\nROUNDING ADJ  -0.02\nNET TOTAL  12.50", "12.50"),
        ("TOTAL SALES (INCL GST)  RM 177.22\nROUNDING  -.02\nROUNDING RM 177.20\nCREDIT  177.20", "177.20"),
        ("TOTAL 6% SUPPLIES (INC. GST)  28.20\nTOTAL PAYABLE  34.21", "34.21"),
        ("TOTAL\n            8.20", "8.20"),
        ("TOTAL  50.00\nCASH  100.00\nCHANGE  50.00\nTOTAL GST  2.83", "50.00"),
        ("Grand Total  Rs 1939\nBalance  Rs 0", "1939.00"),
        ("Totaal  € 717,97", "717.97"),
        ("TOTAL DISCOUNT  3.00\nTOTAL  27.00", "27.00"),
    ],
)
def test_the_total_is_what_is_to_be_paid(rows: str, total: str) -> None:
    assert found(f"CORNER SHOP\n{rows}", "total")["total"] == total


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("RM14.10", "14.10"),
        ("$ 4.11", "4.11"),
        ("34,73 EUR", "34.73"),
        ("(5.00)", "-5.00"),
        ("-5.00", "-5.00"),
        (".50", "0.50"),
        ("USD 1,200", "1200.00"),
    ],
)
def test_amounts_are_decimal_strings_however_they_are_written(printed: str, value: str) -> None:
    assert found(f"Deposit: {printed}", "deposit")["deposit"] == value


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("25/12/2018 8:13:39 PM", "2018-12-25"),
        ("03/20/2023", "2023-03-20"),
        ("2016-07-31", "2016-07-31"),
        ("19.4.2014", "2014-04-19"),
        ("05 MAR 2018", "2018-03-05"),
        ("7. Mai 2014", "2014-05-07"),
        ("August 3 , 2014", "2014-08-03"),
        ("19 april 2014", "2014-04-19"),
        ("29-12-201720:17", "2017-12-29"),
        ("2504/2017", "2017-04-25"),
        ("31/02/2018", None),
        ("10.85 .65", None),
    ],
)
def test_dates_are_iso_however_they_are_written(printed: str, value: str | None) -> None:
    assert found(f"Date: {printed}", "date")["date"] == value


def test_an_open_order_of_day_and_month_is_settled_by_another_date_on_the_paper() -> None:
    rows = "Invoice date: 03/04/2023\nDue date: {}"
    assert found(rows.format("04/18/2023"), "date")["date"] == "2023-03-04"
    assert found(rows.format("18/04/2023"), "date")["date"] == "2023-04-03"


def test_an_order_of_day_and_month_that_nothing_settles_is_said_and_less_sure() -> None:
    open_, settled = one("Date: 03/04/2023", "date", "date"), one("RM 5.00\nDate: 03/04/2023", "date", "date")
    assert open_.value == settled.value == "2023-04-03"
    assert open_.note == "day and month could be the other way round"
    assert settled.note is None
    assert open_.sure < settled.sure


@pytest.mark.parametrize(
    ("header", "company"),
    [
        ("BENS GROCER\nSDN. BHD.\nLOT 6, JALAN BATAI", "BENS GROCER SDN. BHD."),
        ("OAK HARDWARE\nENTERPRISE (SETIA\nALAM) SDN BHD\n822737-X", "OAK HARDWARE ENTERPRISE (SETIA ALAM) SDN BHD"),
        ("three letters\nBOOK TA .K (TAMAN DAYA) SDN BHD\n789417-W", "BOOK TA .K (TAMAN DAYA) SDN BHD"),
        ("TAX INVOICE\nYAM FRESH\nNO.145G, JALAN RIMBUNAN", "YAM FRESH"),
        ("Mill Lane Books\nOwned by: MILL LANE HOLDINGS LTD", "Mill Lane Books"),
        ("FREE\nSAS au capital de 3 441 812 Euros\n8 rue de la Ville", "FREE"),
        ("Sold by: Juniper Labs Pvt. Ltd., Ozone Tech Park, No. 56", "Juniper Labs Pvt. Ltd"),
        ("RESTORAN WAN SHENG (002043319-W)\nNO.2, JALAN TEMENGGUNG", "RESTORAN WAN SHENG"),
    ],
)
def test_the_company_is_the_name_in_the_header(header: str, company: str) -> None:
    assert found(f"{header}\nTOTAL  5.00", "company")["company"] == company


def test_the_company_is_not_the_customer() -> None:
    text = "Juniper Labs\nINVOICE\nBill to:\nHarbor Freight Ltd\nInvoice no: 77\nTotal  5.00\nhello@juniperlabs.com"
    assert found(text, "company", "customer") == {"company": "Juniper Labs", "customer": "Harbor Freight Ltd"}


def test_a_field_nobody_listed_is_found_by_its_own_words() -> None:
    text = "Meter reading: 48213\nTariff    Green 24\nWindow seat\n14C"
    assert found(text, "meter reading", "tariff", "window seat", "gate") == {
        "meter reading": "48213",
        "tariff": "Green 24",
        "window seat": "14C",
        "gate": None,
    }


def test_a_count_is_found_under_what_is_counted() -> None:
    assert found("Guests: 4\nNights: 2", "number of guests", kind="number")["number of guests"] == "4"


def test_an_order_date_on_the_same_line_is_not_the_invoice_date() -> None:
    text = "Order Date: 10-10-2015     Invoice Date: 11-10-2015"
    assert found(text, "date")["date"] == "2015-10-11"


def test_a_long_code_is_an_iban_only_beside_that_word_or_by_its_check_digits() -> None:
    assert found("Order ID: OD304098305010000", "iban")["iban"] is None
    assert found("Pay to DE89 3704 0044 0532 0130 00 today", "iban")["iban"] == "DE89 3704 0044 0532 0130 00"


def test_a_misread_label_is_still_a_label() -> None:
    assert found("Meler readlng: 48213", "meter reading")["meter reading"] == "48213"


def test_values_in_a_head_of_columns_are_taken_from_under_their_own_label() -> None:
    text = "Invoice Date:      Due Date:        Reference:\n03/20/2023         04/04/2023       CUST 99"
    assert found(text, "due date", "date", "reference") == {
        "due date": "2023-04-04",
        "date": "2023-03-20",
        "reference": "CUST 99",
    }


def test_a_tax_number_is_not_a_tax() -> None:
    assert found("GST NO: 001006288896\nTOTAL  10.60", "tax", "vat id") == {"tax": None, "vat id": "001006288896"}


def test_a_total_that_includes_tax_is_not_the_tax() -> None:
    assert found("TOTAL INCLUSIVE OF GST  10.40\nCASH  10.40", "total", "tax") == {"total": "10.40", "tax": None}


def test_a_paper_without_a_word_has_no_fields() -> None:
    values = extract(typed(""), [Field(name="total", kind="amount"), Field(name="company"), Field(name="address")])
    assert [value.value for value in values] == [None, None, None]


def test_no_value_is_ever_made_of_letters_the_paper_does_not_show() -> None:
    for text in (RECEIPT, GERMAN, CARD):
        letters = "".join(letter for letter in text.casefold() if letter.isalnum())
        for value in extract(typed(text), [])[1:]:
            words = (value.text or "").casefold().split()
            assert all("".join(filter(str.isalnum, word)) in letters for word in words)


TILL = """
              CORAL BAY MARKET
             (Co. No. 113825-W)
     No 8, Jalan 7/118B, 56000 Kuala Lumpur
     GST ID: 000306020352
     Cashier USER
     Date: 06/03/2018 12:06
     Salesperson
     QTY ITEM                    PRICE
     1 GREEN TEA                  4.10
     1 RYE BREAD                  5.20
     TOTAL                        9.30
     CASH                       -50.00
     CHANGE DUE                  40.70
"""

PROSE = """
(5) In the operating chapter of the manual, the crew must read the notes first
and then fill in the form that is kept with the papers of each of the aircraft.
Send your comments by phone and fax 206-231-34 or to the address on page 2014 16
of the notice, which says that the cashier of the company will pay the total in
cash after the date of the last meeting that was held on March 4, 2020 in town.
"""


def test_the_next_line_and_other_labels_are_nobodys_name() -> None:
    assert found(TILL, "cashier")["cashier"] is None


def test_a_registration_is_no_address_and_no_telephone_number() -> None:
    assert found(TILL, "address", "phone") == {"address": "No 8, Jalan 7/118B, 56000 Kuala Lumpur", "phone": None}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("change", "40.70"),
        ("change due", "40.70"),
        ("cash", "50.00"),
        ("amount paid", "50.00"),
        ("payment method", "CASH"),
        ("payment_method", "CASH"),
        ("payment", "CASH"),
        ("paid by", "CASH"),
        ("cash or card", "CASH"),
    ],
)
def test_what_was_paid_how_and_what_came_back_have_many_names(name: str, value: str) -> None:
    assert found(TILL, name, kind="amount" if name in {"change due", "amount paid"} else "text")[name] == value


def test_a_whole_number_beside_cash_is_a_reference_and_not_money() -> None:
    assert found("Cash Sales No 7828\nTotal 12.00", "cash")["cash"] is None


@pytest.mark.parametrize("number", ["05.22.95.66.66", "+47 55 21 40 00", "(603) 6243 5520", "04-2261234"])
def test_a_telephone_number_is_one_however_it_is_set_apart(number: str) -> None:
    assert found(f"Harbour Cafe Ltd\nTel: {number}\nTotal 4.00", "phone")["phone"] == number


@pytest.mark.parametrize("number", ["2014 16", "30/03/2018 12", "100 0.25 25.00", "2018-04-18 10", "566449 14-08-17"])
def test_dates_and_amounts_are_no_telephone_numbers(number: str) -> None:
    assert found(f"Harbour Cafe Ltd\nwell {number}\nTotal 4.00", "phone")["phone"] is None


def test_a_page_of_prose_states_no_fields() -> None:
    names = ("company", "phone", "address", "total", "cashier", "cash", "email")
    assert found(PROSE, *names) == dict.fromkeys(names)
    assert one(PROSE, "date", "date").sure < 0.6
    assert {value.name: value.value for value in extract(typed(PROSE), [])}["document_kind"] == "other"


def test_a_heading_of_any_page_is_unsure_as_a_company() -> None:
    assert one("Subject to Final Review\n1\nIN THE COURT", "company").sure < 0.6


def test_a_list_in_groups_goes_on_after_the_sum_of_each() -> None:
    paper = """
Kestrel Supplies Ltd
Description         Quantity    Unit Price     Amount
--- Office ---
Desk lamp             1.00        42.00        42.00
Subtotal                                       42.00
--- Kitchen ---
Olive oil             1.00        10.00        10.00
Tea towel             1.00         4.50         4.50
Subtotal                                       14.50
Subtotal                                       56.50
Tax 10%                                         5.65
Total                                          62.15
"""
    rows = found(paper, "line items", kind="list")["line items"]
    assert [row["description"] for row in rows] == ["Desk lamp", "Olive oil", "Tea towel"]


def listed(paper: str) -> list[tuple[str, str | None, str]]:
    rows = found(paper, "line items", kind="list")["line items"]
    return [(row["description"], row["quantity"], row["amount"]) for row in rows]


def test_the_name_of_an_item_may_stand_above_its_codes() -> None:
    paper = """
Corner Hardware
PILLAR TAP
FZ02 - 6/54
9072351     2 X 23.90      47.80
SPONGE BAG
AR62 - 12
9064017     4 X 3.00       12.00
Item(s) : 2   Qty(s) : 6
TOTAL                      59.80
"""
    assert listed(paper) == [("PILLAR TAP", "2", "47.80"), ("SPONGE BAG", "4", "12.00")]


def test_the_name_of_an_item_may_stand_below_its_figures() -> None:
    paper = """
Corner Hardware
Item     Qty    Price      Amount
1099      3     90.10      270.30
UNDERGROUND PIPE
1100      1     12.00       12.00
GARDEN HOSE
Total                      282.30
"""
    assert listed(paper) == [("UNDERGROUND PIPE", "3", "270.30"), ("GARDEN HOSE", "1", "12.00")]


def test_a_count_of_items_is_no_head_of_a_list() -> None:
    paper = """
Corner Bakery
Croissant                    5.00
TOTAL                        5.00
Item(s) : 1   Qty(s) : 1
Come again soon              1.00
"""
    assert listed(paper) == [("Croissant", None, "5.00")]


def test_positions_and_counts_before_the_names_are_no_part_of_them() -> None:
    paper = """
Corner Hosting
Pos   Qty   Description          Amount
1     2     Small mailbox         7.78
2     1     Large mailbox         5.39
Total                            13.17
"""
    assert listed(paper) == [("Small mailbox", "2", "7.78"), ("Large mailbox", "1", "5.39")]
