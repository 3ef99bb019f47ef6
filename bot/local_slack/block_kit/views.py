"""Views: modals and home tabs. https://docs.slack.dev/reference/views"""

from bot.local_slack.block_kit.blocks import blocks_of
from bot.local_slack.block_kit.grammar import ByType, Flag, Rule, Shape, Text
from bot.local_slack.block_kit.objects import plain_text

_EITHER: dict[str, Rule] = {
    "private_metadata": Text(3000, least=0),
    "callback_id": Text(255, least=0),
    "external_id": Text(255, least=0),
}

VIEW = ByType(
    {
        "modal": Shape(
            needed={"title": plain_text(24), "blocks": blocks_of("modal")},
            allowed={
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": Flag(),
                "notify_on_close": Flag(),
                "submit_disabled": Flag(),
                **_EITHER,
            },
        ),
        "home": Shape(needed={"blocks": blocks_of("home")}, allowed=_EITHER),
    }
)
