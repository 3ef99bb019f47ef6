"""One valid payload for every block and every element of Block Kit, with each optional key filled in somewhere."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str = "*Words*") -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def option(value: str = "a", **more: object) -> Json:
    return {"text": plain(), "value": value, "description": plain(), **more}


CONFIRM: Json = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "danger"}
IMAGE: Json = {"type": "image", "alt_text": "A cat", "image_url": "https://example.com/cat.png"}
STYLE: Json = {"bold": True, "italic": False, "strike": False, "code": True, "underline": True}

RICH_TEXT: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Words", "style": STYLE},
                {"type": "link", "url": "https://example.com", "text": "here", "unsafe": False},
                {"type": "emoji", "name": "wave", "skin_tone": 2, "unicode": "1f44b"},
                {"type": "user", "user_id": "U1", "style": {"client_highlight": True}},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "team", "team_id": "T1"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#F405B3"},
                {
                    "type": "date",
                    "timestamp": 1720710212,
                    "format": "{date_num}",
                    "url": "https://a.b",
                    "fallback": "?",
                },
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "offset": 2,
            "border": 0,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "One"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Said"}], "border": 1},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}], "border": 0},
    ],
}

_MENU: Json = {"placeholder": plain(), "confirm": CONFIRM, "focus_on_load": False}
_FILTER: Json = {"include": ["im", "public"], "exclude_bot_users": True, "exclude_external_shared_channels": True}
_FEEDBACK: Json = {"text": plain(), "value": "good", "accessibility_label": "Good"}
_DISPATCH: Json = {"trigger_actions_on": ["on_enter_pressed"]}
_WORKFLOW: Json = {
    "trigger": {"url": "https://slack.com/t", "customizable_input_parameters": [{"name": "n", "value": "v"}]}
}

ELEMENTS: dict[str, Json] = {
    "image": IMAGE,
    "button": {
        "text": plain(),
        "url": "https://example.com",
        "value": "v",
        "style": "primary",
        "confirm": CONFIRM,
        "accessibility_label": "Press",
        "agent_prompt": "Do it",
        "agent_prompt_display": "Do",
        "visible_to_user_ids": ["U1"],
    },
    "workflow_button": {"text": plain(), "workflow": _WORKFLOW, "style": "danger", "accessibility_label": "Run"},
    "feedback_buttons": {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
    "icon_button": {
        "icon": "trash",
        "text": plain(),
        "value": "v",
        "confirm": CONFIRM,
        "accessibility_label": "Bin",
        "visible_to_user_ids": ["U1"],
    },
    "overflow": {"options": [option(url="https://example.com")], "confirm": CONFIRM},
    "checkboxes": {
        "options": [{"text": mrkdwn(), "value": "a", "description": mrkdwn()}, option("b")],
        "initial_options": [option("b")],
        "confirm": CONFIRM,
        "focus_on_load": True,
    },
    "radio_buttons": {"options": [option("a")], "initial_option": option("a"), "confirm": CONFIRM},
    "datepicker": {**_MENU, "initial_date": "2026-11-27"},
    "timepicker": {**_MENU, "initial_time": "23:59", "timezone": "Europe/Berlin"},
    "datetimepicker": {"confirm": CONFIRM, "focus_on_load": False, "initial_date_time": 1628633820},
    "static_select": {**_MENU, "options": [option("a")], "initial_option": option("a")},
    "external_select": {**_MENU, "initial_option": option("a"), "min_query_length": 3},
    "users_select": {**_MENU, "initial_user": "U1"},
    "channels_select": {**_MENU, "initial_channel": "C1", "response_url_enabled": True},
    "conversations_select": {
        **_MENU,
        "initial_conversation": "C1",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": _FILTER,
    },
    "multi_static_select": {
        **_MENU,
        "option_groups": [{"label": plain(), "options": [option("a"), option("b")]}],
        "initial_options": [option("b")],
        "max_selected_items": 2,
    },
    "multi_external_select": {
        **_MENU,
        "initial_options": [option("a")],
        "min_query_length": 1,
        "max_selected_items": 1,
    },
    "multi_users_select": {**_MENU, "initial_users": ["U1"], "max_selected_items": 1},
    "multi_channels_select": {**_MENU, "initial_channels": ["C1"], "max_selected_items": 1},
    "multi_conversations_select": {
        **_MENU,
        "initial_conversations": ["C1"],
        "default_to_current_conversation": False,
        "filter": _FILTER,
        "max_selected_items": 1,
    },
    "plain_text_input": {
        "placeholder": plain(),
        "initial_value": "",
        "multiline": True,
        "min_length": 0,
        "max_length": 3000,
        "focus_on_load": True,
        "dispatch_action_config": _DISPATCH,
    },
    "rich_text_input": {"placeholder": plain(), "initial_value": RICH_TEXT, "min_lines": 1, "max_lines": 3},
    "email_text_input": {"placeholder": plain(), "initial_value": "a@example.com", "dispatch_action_config": _DISPATCH},
    "url_text_input": {"placeholder": plain(), "initial_value": "https://example.com"},
    "number_input": {"is_decimal_allowed": True, "initial_value": "7.5", "min_value": "-1", "max_value": "10"},
    "file_input": {"filetypes": ["png"], "max_files": 10},
    "url": {"url": "https://example.com", "text": "Example"},
}
_WITHOUT_ACTION = ("image", "url")

ACTIONS = ("button", "workflow_button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker")
MENUS = tuple(kind for kind in ELEMENTS if kind.endswith("_select"))
INPUTS = tuple(kind for kind in ELEMENTS if kind.endswith("_input"))


def element(kind: str) -> Json:
    """An element of this kind, its action_id after its kind."""
    action = {} if kind in _WITHOUT_ACTION else {"action_id": f"do_{kind}"}
    return {"type": kind, **action, **ELEMENTS[kind]}


TASK: Json = {
    "type": "task_card",
    "task_id": "task_1",
    "title": "Look",
    "status": "in_progress",
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": [element("url")],
}
CARD: Json = {
    "type": "card",
    "hero_image": IMAGE,
    "icon": IMAGE,
    "title": mrkdwn(),
    "subtitle": mrkdwn(),
    "body": mrkdwn(),
    "subtext": plain(),
    "actions": [element("button")],
}

BLOCKS: dict[str, Json] = {
    "section": {"text": mrkdwn(), "fields": [mrkdwn(), plain()], "accessory": element("button"), "expand": True},
    "header": {"text": plain()},
    "divider": {},
    "markdown": {"text": "# Title"},
    "rich_text": RICH_TEXT,
    "image": {"alt_text": "A cat", "slack_file": {"id": "F1"}, "title": plain()},
    "context": {"elements": [mrkdwn(), plain(), IMAGE]},
    "actions": {"elements": [element(kind) for kind in (*ACTIONS, *MENUS)]},
    "context_actions": {"elements": [element("feedback_buttons"), element("icon_button")]},
    "input": {
        "label": plain(),
        "element": element("plain_text_input"),
        "hint": plain(),
        "optional": True,
        "dispatch_action": False,
    },
    "video": {
        "alt_text": "A film",
        "video_url": "https://example.com/v",
        "thumbnail_url": "https://example.com/t",
        "title": plain(),
        "title_url": "https://example.com",
        "description": plain(),
        "provider_icon_url": "https://example.com/i",
        "provider_name": "Example",
        "author_name": "Anna",
    },
    "call": {"call_id": "R1", "api_decoration_available": False},
    "table": {
        "rows": [
            [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Sum"}],
            [RICH_TEXT, {"type": "raw_number", "value": 1.5, "text": "1.50"}],
        ],
        "column_settings": [None, {"align": "right", "is_wrapped": True}],
    },
    "task_card": TASK,
    "plan": {"title": "Plan", "tasks": [TASK]},
    "alert": {"text": mrkdwn(), "level": "warning"},
    "card": CARD,
    "carousel": {"elements": [CARD]},
    "container": {
        "title": plain(),
        "rich_text_title": RICH_TEXT,
        "subtitle": mrkdwn(),
        "child_blocks": [{"type": "divider"}],
        "width": "wide",
        "icon": IMAGE,
        "is_collapsible": True,
        "default_collapsed": False,
        "has_header_divider": False,
    },
    "auth_provider": {
        "value": "github",
        "name": plain(),
        "is_connected": True,
        "description": plain(),
        "icon_url": "https://example.com/i",
        "auth_url": "https://example.com/a",
        "disconnect_url": "https://example.com/d",
        "connected_identity": plain(),
        "connected_context": plain(),
        "accessory": element("overflow"),
        "fallback": [{"type": "divider"}],
    },
}


def block(kind: str) -> Json:
    """A block of this kind with an id."""
    return {"type": kind, "block_id": f"a_{kind}", **BLOCKS[kind]}


def view() -> Json:
    """A modal with one block of each kind of input."""
    inputs = [{"type": "input", "label": plain(), "element": element(kind)} for kind in INPUTS]
    return {
        "type": "modal",
        "title": plain("Settings"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "callback_id": "settings",
        "external_id": "",
        "private_metadata": "{}",
        "clear_on_close": False,
        "notify_on_close": True,
        "blocks": [*inputs, block("alert")],
    }


CHUNKS: list[Json] = [
    {"type": "markdown_text", "text": "**Words**"},
    {
        "type": "task_update",
        "id": "1",
        "title": "Look",
        "status": "complete",
        "details": "At it",
        "output": "Seen",
        "sources": [element("url")],
    },
    {"type": "plan_update", "title": "Plan"},
    {"type": "blocks", "blocks": [block("context_actions")]},
]
