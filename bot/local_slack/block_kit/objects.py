"""Composition objects: texts, options, confirmations, files.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from bot.local_slack.block_kit.grammar import ByType, Choice, Flag, Items, Rule, Shape, Text

IDENTIFIER = Text(255)
URL = Text(3000)
WEB_ADDRESS = Text(3000, pattern=r"https?://\S+")
SLACK_ID = Text(255)

STYLE = Choice(("primary", "danger"))


def _plain_text(most: int) -> Shape:
    return Shape(needed={"text": Text(most)}, allowed={"emoji": Flag()})


def _mrkdwn(most: int) -> Shape:
    return Shape(needed={"text": Text(most)}, allowed={"verbatim": Flag()})


def plain_text(most: int = 3000) -> ByType:
    """A text object that may only be `plain_text`."""
    return ByType({"plain_text": _plain_text(most)})


def any_text(most: int = 3000) -> ByType:
    """A text object: `plain_text` or `mrkdwn`."""
    kinds = {"plain_text": _plain_text(most), "mrkdwn": _mrkdwn(most)}
    return ByType(kinds, preface="failed to match all allowed schemas")


CONFIRM = Shape(
    needed={"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    allowed={"style": STYLE},
)

SLACK_FILE = Shape(allowed={"id": SLACK_ID, "url": URL}, one_of=("id", "url"))

DISPATCH = Shape(
    needed={"trigger_actions_on": Items(Choice(("on_enter_pressed", "on_character_entered")), most=2)},
)

CONVERSATION_FILTER = Shape(
    allowed={
        "include": Items(Choice(("im", "mpim", "private", "public")), most=4),
        "exclude_bot_users": Flag(),
        "exclude_external_shared_channels": Flag(),
    },
)

WORKFLOW = Shape(
    needed={
        "trigger": Shape(
            needed={"url": URL},
            allowed={
                "customizable_input_parameters": Items(
                    Shape(needed={"name": Text(255), "value": Text(3000, least=0)}), most=100
                )
            },
        )
    },
)


def _option(text: Rule, **more: Rule) -> Shape:
    return Shape(needed={"text": text, "value": Text(150)}, allowed={"description": plain_text(75), **more})


OPTION = _option(plain_text(75))
OVERFLOW_OPTION = _option(plain_text(75), url=URL)
# Radio buttons and checkboxes alone may show their options in mrkdwn.
RICH_OPTION = Shape(needed={"text": any_text(75), "value": Text(150)}, allowed={"description": any_text(75)})

OPTION_GROUP = Shape(needed={"label": plain_text(75), "options": Items(OPTION, most=100)})
