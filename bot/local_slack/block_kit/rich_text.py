"""Rich text: sections, lists, quotes, preformatted text, and the pieces inside.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from bot.local_slack.block_kit.grammar import ByType, Choice, Flag, Items, Rule, Shape, Text, Whole
from bot.local_slack.block_kit.objects import IDENTIFIER, SLACK_ID, URL

_LONGEST = 12_000
_FLAGS = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = Shape(allowed=dict.fromkeys(_FLAGS, Flag()))


def _piece(needed: dict[str, Rule], **allowed: Rule) -> Shape:
    return Shape(needed=needed, allowed={"style": _STYLE, **allowed})


PIECE = ByType(
    {
        "text": _piece({"text": Text(_LONGEST)}),
        "link": _piece({"url": URL}, text=Text(_LONGEST), unsafe=Flag()),
        "emoji": _piece({"name": Text(255)}, skin_tone=Whole(1, 6), unicode=Text(255)),
        "user": _piece({"user_id": SLACK_ID}),
        "usergroup": _piece({"usergroup_id": SLACK_ID}),
        "channel": _piece({"channel_id": SLACK_ID}),
        "team": _piece({"team_id": SLACK_ID}),
        "broadcast": _piece({"range": Choice(("here", "channel", "everyone"))}),
        "color": _piece({"value": Text(255)}),
        "date": _piece({"timestamp": Whole(0, 9_999_999_999), "format": Text(255)}, url=URL, fallback=Text(255)),
    }
)

_PIECES = Items(PIECE, most=1000, least=0)
_BORDER = Whole(0, 1)
_SECTION = Shape(needed={"elements": _PIECES})

PART = ByType(
    {
        "rich_text_section": _SECTION,
        "rich_text_preformatted": Shape(
            needed={"elements": _PIECES}, allowed={"border": _BORDER, "language": Text(255)}
        ),
        "rich_text_quote": Shape(needed={"elements": _PIECES}, allowed={"border": _BORDER}),
        "rich_text_list": Shape(
            needed={
                "style": Choice(("bullet", "ordered")),
                "elements": Items(ByType({"rich_text_section": _SECTION}), most=1000),
            },
            allowed={"indent": Whole(0, 8), "offset": Whole(0, 100_000), "border": _BORDER},
        ),
    }
)

RICH_TEXT_BLOCK = Shape(needed={"elements": Items(PART, most=1000)}, allowed={"block_id": IDENTIFIER})
RICH_TEXT = ByType({"rich_text": RICH_TEXT_BLOCK})
