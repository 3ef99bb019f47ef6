"""Block elements: what people press, pick from and type into.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from bot.local_slack.block_kit.grammar import ByType, Flag, Items, Rule, Shape, Text, Whole
from bot.local_slack.block_kit.objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    IDENTIFIER,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    SLACK_ID,
    STYLE,
    URL,
    WEB_ADDRESS,
    WORKFLOW,
    plain_text,
)
from bot.local_slack.block_kit.rich_text import RICH_TEXT

_LABEL = Text(75)
_VALUE = Text(2000, least=0)
_CHOICES: dict[str, Rule] = {"options": Items(OPTION, most=100), "option_groups": Items(OPTION_GROUP, most=100)}
_NUMBER = Text(100, pattern=r"-?\d+(\.\d+)?")
_FEEDBACK_BUTTON = Shape(needed={"text": plain_text(75), "value": Text(2000)}, allowed={"accessibility_label": _LABEL})


def _pressed(needed: dict[str, Rule], **allowed: Rule) -> Shape:
    return Shape(needed=needed, allowed={"action_id": IDENTIFIER, **allowed})


def _picked(needed: dict[str, Rule] | None = None, one_of: tuple[str, ...] = (), **allowed: Rule) -> Shape:
    everywhere: dict[str, Rule] = {"action_id": IDENTIFIER, "confirm": CONFIRM, "focus_on_load": Flag()}
    return Shape(needed=needed or {}, allowed={**everywhere, **allowed}, one_of=one_of)


def _menu(one_of: tuple[str, ...] = (), **allowed: Rule) -> Shape:
    return _picked(None, one_of, placeholder=plain_text(150), **allowed)


def _many(one_of: tuple[str, ...] = (), **allowed: Rule) -> Shape:
    return _menu(one_of, max_selected_items=Whole(1, 10_000), **allowed)


def _typed(needed: dict[str, Rule] | None = None, **allowed: Rule) -> Shape:
    everywhere: dict[str, Rule] = {
        "action_id": IDENTIFIER,
        "placeholder": plain_text(150),
        "focus_on_load": Flag(),
        "dispatch_action_config": DISPATCH,
    }
    return Shape(needed=needed or {}, allowed={**everywhere, **allowed})


_IDS = Items(SLACK_ID, most=100)

ELEMENT = ByType(
    {
        "image": Shape(
            needed={"alt_text": Text(2000)},
            allowed={"image_url": WEB_ADDRESS, "slack_file": SLACK_FILE},
            one_of=("image_url", "slack_file"),
        ),
        "button": _pressed(
            {"text": plain_text(75)},
            url=URL,
            value=_VALUE,
            style=STYLE,
            confirm=CONFIRM,
            accessibility_label=_LABEL,
            agent_prompt=Text(4000),
            agent_prompt_display=Text(4000),
            visible_to_user_ids=_IDS,
        ),
        "workflow_button": _pressed(
            {"text": plain_text(75), "workflow": WORKFLOW}, style=STYLE, accessibility_label=_LABEL
        ),
        "feedback_buttons": _pressed({"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON}),
        "icon_button": _pressed(
            {"icon": Text(255), "text": plain_text(75)},
            value=_VALUE,
            confirm=CONFIRM,
            accessibility_label=_LABEL,
            visible_to_user_ids=Items(SLACK_ID, most=10),
        ),
        "overflow": _pressed({"options": Items(OVERFLOW_OPTION, most=5)}, confirm=CONFIRM),
        "checkboxes": _picked({"options": Items(RICH_OPTION, most=10)}, initial_options=Items(RICH_OPTION, most=10)),
        "radio_buttons": _picked({"options": Items(RICH_OPTION, most=10)}, initial_option=RICH_OPTION),
        "datepicker": _menu(initial_date=Text(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")),
        "timepicker": _menu(initial_time=Text(5, pattern=r"([01]\d|2[0-3]):[0-5]\d"), timezone=Text(255)),
        "datetimepicker": _picked(initial_date_time=Whole(1_000_000_000, 9_999_999_999)),
        "static_select": _menu(("options", "option_groups"), **_CHOICES, initial_option=OPTION),
        "external_select": _menu(initial_option=OPTION, min_query_length=Whole(0, 1000)),
        "users_select": _menu(initial_user=SLACK_ID),
        "channels_select": _menu(initial_channel=SLACK_ID, response_url_enabled=Flag()),
        "conversations_select": _menu(
            initial_conversation=SLACK_ID,
            default_to_current_conversation=Flag(),
            response_url_enabled=Flag(),
            filter=CONVERSATION_FILTER,
        ),
        "multi_static_select": _many(("options", "option_groups"), **_CHOICES, initial_options=Items(OPTION, most=100)),
        "multi_external_select": _many(initial_options=Items(OPTION, most=100), min_query_length=Whole(0, 1000)),
        "multi_users_select": _many(initial_users=_IDS),
        "multi_channels_select": _many(initial_channels=_IDS),
        "multi_conversations_select": _many(
            initial_conversations=_IDS, default_to_current_conversation=Flag(), filter=CONVERSATION_FILTER
        ),
        "plain_text_input": _typed(
            initial_value=Text(3000, least=0),
            multiline=Flag(),
            min_length=Whole(0, 3000),
            max_length=Whole(1, 3000),
        ),
        "rich_text_input": _typed(initial_value=RICH_TEXT, min_lines=Whole(1, 100), max_lines=Whole(1, 100)),
        "email_text_input": _typed(initial_value=Text(3000)),
        "url_text_input": _typed(initial_value=Text(3000)),
        "number_input": _typed(
            {"is_decimal_allowed": Flag()}, initial_value=_NUMBER, min_value=_NUMBER, max_value=_NUMBER
        ),
        "file_input": Shape(
            allowed={
                "action_id": IDENTIFIER,
                "filetypes": Items(Text(100), most=100),
                "max_files": Whole(1, 10),
            }
        ),
        "url": Shape(needed={"url": WEB_ADDRESS, "text": Text(3000)}),
    }
)

SELECTS = (
    "static_select",
    "external_select",
    "users_select",
    "channels_select",
    "conversations_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_channels_select",
    "multi_conversations_select",
)
PICKERS = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
IMAGE = ELEMENT.only("image")
BUTTON = ELEMENT.only("button")
OVERFLOW = ELEMENT.only("overflow")
SOURCE = ELEMENT.only("url")
