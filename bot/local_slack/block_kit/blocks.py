"""Blocks, and on which surfaces each may stand.

https://docs.slack.dev/reference/block-kit/blocks
"""

from typing import Literal

from bot.local_slack.block_kit.elements import BUTTON, ELEMENT, IMAGE, OVERFLOW, PICKERS, SELECTS, SOURCE
from bot.local_slack.block_kit.grammar import Amount, ByType, Choice, Flag, Items, Later, OrNull, Rule, Shape, Text
from bot.local_slack.block_kit.objects import (
    IDENTIFIER,
    SLACK_FILE,
    URL,
    WEB_ADDRESS,
    any_text,
    plain_text,
)
from bot.local_slack.block_kit.rich_text import RICH_TEXT, RICH_TEXT_BLOCK

Surface = Literal["message", "modal", "home"]

MARKDOWN_MOST = 12_000
TASK_STATUS = Choice(("pending", "in_progress", "complete", "error"))


def _block(
    needed: dict[str, Rule] | None = None,
    *,
    some_of: tuple[str, ...] = (),
    one_of: tuple[str, ...] = (),
    **allowed: Rule,
) -> Shape:
    return Shape(needed or {}, {"block_id": IDENTIFIER, **allowed}, some_of, one_of)


_CELL = ByType(
    {
        "raw_text": Shape(needed={"text": Text(10_000)}),
        "raw_number": Shape(needed={"value": Amount(), "text": Text(10_000)}),
        "rich_text": RICH_TEXT_BLOCK,
    }
)
_COLUMN = Shape(allowed={"align": Choice(("left", "center", "right")), "is_wrapped": Flag()})

_TASK_CARD = _block(
    {"task_id": IDENTIFIER, "title": Text(3000), "status": TASK_STATUS},
    details=RICH_TEXT,
    output=RICH_TEXT,
    sources=Items(SOURCE, most=100, least=0),
)

_CARD = _block(
    hero_image=IMAGE,
    icon=IMAGE,
    title=any_text(150),
    subtitle=any_text(150),
    body=any_text(200),
    subtext=any_text(200),
    actions=Items(BUTTON, most=3),
    some_of=("hero_image", "title", "actions", "body"),
)

BLOCK: ByType = ByType(
    {
        "section": _block(
            text=any_text(3000),
            fields=Items(any_text(2000), most=10),
            accessory=ELEMENT.only("image", "button", "workflow_button", "overflow", *PICKERS, *SELECTS),
            expand=Flag(),
            some_of=("text", "fields"),
        ),
        "header": _block({"text": plain_text(150)}),
        "divider": _block(),
        "markdown": _block({"text": Text(MARKDOWN_MOST)}),
        "rich_text": RICH_TEXT_BLOCK,
        "image": _block(
            {"alt_text": Text(2000)},
            image_url=WEB_ADDRESS,
            slack_file=SLACK_FILE,
            title=plain_text(2000),
            one_of=("image_url", "slack_file"),
        ),
        "context": _block(
            {"elements": Items(ByType({**any_text(3000).kinds, **IMAGE.kinds}), most=10)},
        ),
        "actions": _block(
            {
                "elements": Items(
                    ELEMENT.only("button", "workflow_button", "overflow", "datetimepicker", *PICKERS, *SELECTS), most=25
                )
            },
        ),
        "context_actions": _block({"elements": Items(ELEMENT.only("feedback_buttons", "icon_button"), most=5)}),
        "input": _block(
            {
                "label": plain_text(2000),
                "element": ELEMENT.only(
                    "plain_text_input",
                    "rich_text_input",
                    "email_text_input",
                    "url_text_input",
                    "number_input",
                    "file_input",
                    "datetimepicker",
                    *PICKERS,
                    *SELECTS,
                ),
            },
            hint=plain_text(2000),
            optional=Flag(),
            dispatch_action=Flag(),
        ),
        "video": _block(
            {
                "alt_text": Text(2000),
                "video_url": WEB_ADDRESS,
                "thumbnail_url": WEB_ADDRESS,
                "title": plain_text(199),
            },
            title_url=WEB_ADDRESS,
            description=plain_text(200),
            provider_icon_url=WEB_ADDRESS,
            provider_name=Text(255),
            author_name=Text(49),
        ),
        "file": _block({"external_id": IDENTIFIER, "source": Choice(("remote",))}),
        "call": _block({"call_id": IDENTIFIER}, api_decoration_available=Flag()),
        "table": _block(
            {"rows": Items(Items(_CELL, most=20), most=100)},
            column_settings=Items(OrNull(_COLUMN), most=20, least=0),
        ),
        "task_card": _TASK_CARD,
        "plan": _block({"title": Text(3000)}, tasks=Items(ByType({"task_card": _TASK_CARD}), most=100, least=0)),
        "alert": _block({"text": any_text(200)}, level=Choice(("default", "info", "warning", "error", "success"))),
        "card": _CARD,
        "carousel": _block({"elements": Items(ByType({"card": _CARD}), most=10)}),
        "container": _block(
            {"child_blocks": Items(Later(lambda: CHILD_BLOCK), most=10)},
            title=plain_text(150),
            rich_text_title=RICH_TEXT,
            subtitle=any_text(150),
            width=Choice(("narrow", "standard", "wide", "full")),
            icon=IMAGE,
            is_collapsible=Flag(),
            default_collapsed=Flag(),
            has_header_divider=Flag(),
            some_of=("title", "rich_text_title"),
        ),
        "auth_provider": _block(
            {"value": Text(150), "name": plain_text(75), "is_connected": Flag()},
            description=plain_text(150),
            icon_url=URL,
            auth_url=URL,
            disconnect_url=URL,
            connected_identity=plain_text(75),
            connected_context=plain_text(75),
            accessory=OVERFLOW,
            fallback=Items(Later(lambda: CHILD_BLOCK), most=10),
        ),
    }
)

CHILD_BLOCK: ByType = BLOCK.only(*(name for name in BLOCK.kinds if name not in ("container", "auth_provider")))

# https://docs.slack.dev/blocks.json, `available-in-surfaces`. A `file` block comes with a remote file, nobody sends it.
_NOT_ON: dict[Surface, tuple[str, ...]] = {
    "message": ("alert", "file"),
    "modal": (
        *("call", "card", "carousel", "container", "context_actions"),
        *("file", "markdown", "plan", "table", "task_card"),
    ),
    "home": ("alert", "call", "context_actions", "file", "markdown", "plan", "table", "task_card"),
}
_MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}


def blocks_of(surface: Surface) -> Items:
    """The list of blocks a message, a modal or a home tab takes."""
    allowed = (name for name in BLOCK.kinds if name not in _NOT_ON[surface])
    return Items(BLOCK.only(*allowed), most=_MOST[surface], least=0 if surface == "message" else 1)
