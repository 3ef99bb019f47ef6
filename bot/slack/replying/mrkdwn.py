"""Pure: outside text in the one place where Slack would parse it, the `text` of a message.

Everything else we say goes out as `rich_text` and `plain_text`, in which Slack parses nothing. `text` is what
notifications and screen readers get, and it is mrkdwn: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re

from bot.edge import plain

JOINER = "\u2060"
"""Word joiner (Unicode 3.2): no width, no break. It keeps what it stands in from being taken for an address."""
ADDRESS = re.compile(
    r"(?<=[@#])(?=[\w.\-])"  # @here, #general
    r"|(?<=\w:)(?=\S)"  # https://…, mailto:…
    r"|(?<=[\w\]])(?<!\d)\.(?=\w)"  # example.com, but not 9.00
    r"|(?<=\d)\.(?=[^\W\d])"  # 3.example
)
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
NOTICE = 3_000
"""Characters of a notification. chat.update takes 4,000 of `text`."""


def escape(text: str) -> str:
    """The text as mrkdwn that shows it and does nothing: no mention, no link, no command, however it is parsed."""
    apart = ADDRESS.sub(lambda found: f"{found[0]}{JOINER}", plain(text))
    return re.sub("[&<>]", lambda found: ENTITIES[found[0]], apart)


def notice(text: str) -> str:
    """What a notification says of a message: its text, up to the last word that fits."""
    bare = plain(text).strip()
    most = NOTICE
    while len(said := escape(bare if len(bare) <= most else _cut(bare, most))) > NOTICE:
        most = most * NOTICE // len(said) - 1
    return said


def _cut(text: str, most: int) -> str:
    return f"{text[: most - 2].rsplit(maxsplit=1)[0]} …"


def title(text: str, most: int) -> str:
    """A short label, such as a step's, on one line. Whether Slack parses those is not documented, so it cannot matter:
    look-alikes stand in for the characters with a meaning."""
    line = " ".join(plain(text).split()).translate(LOOK_ALIKES)
    line = ADDRESS.sub(lambda found: f"{found[0]}{JOINER}", line)
    return line if len(line) <= most else f"{line[: most - 1]}…"


LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›", "&": "＆", "*": "∗", "`": "ˋ", "~": "∼"})
