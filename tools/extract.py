"""Typed fields out of receipts, invoices, business cards and forms."""

from __future__ import annotations

from tools.kit import Evidence, Extractor, Field, Image, Json, Ocr, Region, Value, VisionModel, tool
from tools.kit.extracting.seen import Seconded, seconded
from tools.kit.extracting.wanted import Wanted, by_description, field_of, kind_of, named, nested, of_schema, typed
from tools.kit.extracting.wording import fact_of, said

KIND = "document_kind"
"""What an extractor calls the kind it takes the paper for, when no fields are named."""


@tool(doing="Taking fields from")
async def extract(
    image: Image,
    fields: list[str] | None = None,
    schema: dict[str, Json] | None = None,
    *,
    ocr: Ocr,
    extractor: Extractor,
    vision: VisionModel | None = None,
) -> Evidence:
    """Take typed fields out of a receipt, invoice, business card or form: total, date, company, IBAN, any label on it.

    Name `fields` (such as ["invoice number", "due date"]), or give a JSON `schema` with properties; with neither, the
    usual fields of that kind of paper are taken. A value that is not printed is null, never guessed.
    Facts: `fields` (name to value: text, an amount as "9.00", a date as YYYY-MM-DD, a list of rows, or null), `values`
    (`name`, `value`, `text` as printed, `box` in pixels, `confidence`, `note`), `kind` (receipt, invoice, card, form).
    A value that was not found or is unsure is looked for by the vision model where there is one: `seen` (`fields` with
    `value`, `text`, `printed`: whether the text that was read holds it; `disagreements`). What is not printed stays
    null.
    """
    wanted = of_schema(schema) if schema else [Wanted((name,), field_of(name)) for name in named(fields)]
    reading = await ocr.read(image)
    found = await extractor.extract(
        image, reading, [*(one.field for one in wanted), Field(name=KIND)] if wanted else []
    )
    kind = next((str(value.value) for value in found if value.name == KIND), "other")
    values = [value for value in found if value.name != KIND]
    if schema:
        values = await by_description(image, reading, wanted, values, extractor)
    second = Seconded(values)
    if vision is not None:
        asked = [one.field.model_copy(update={"name": ".".join(one.path)}) for one in wanted]
        second = await seconded(image, reading, asked, values, vision, kind)
    printed = values = second.values
    if schema:
        values = [
            value.model_copy(update={"value": typed(value.value, one.spec)})
            for one, value in zip(wanted, printed, strict=True)
        ]
        printed = [value for value, each in zip(printed, values, strict=True) if each.value is not None] + [
            each for each in values if each.value is None
        ]
    known = [value for value in values if value.value is not None]
    return Evidence(
        said=_said(image, printed, second),
        about=tuple(Region(handle=image.handle, box=value.box, page=image.ref.page) for value in known),
        facts={
            "fields": nested(wanted, values) if schema else {value.name: value.value for value in values},
            "values": [_fact(value, second) for value in values],
            "kind": kind,
            **({"seen": second.claim} if second.seconds else {}),
            **({"notes": second.notes} if second.notes else {}),
        },
        sure=round(sum(value.sure for value in known) / len(known), 3) if known else None,
    )


def _said(image: Image, values: list[Value], second: Seconded) -> str:
    """What was read; in a paragraph of its own what only the model reads."""
    read = [value for value in values if value.name not in second.answered]
    return "\n\n".join(filter(None, [said(image, read) if read or not second.said else "", second.said]))


def _fact(value: Value, second: Seconded) -> dict[str, Json]:
    fact = fact_of(value)
    return {**fact, "source": "model"} if value.name in second.answered and value.value is not None else fact


__all__ = ["extract", "kind_of"]
