"""What people put around a request in chat, which says nothing of it: "tbh", "lol", "tho", emoji."""

from __future__ import annotations

import re

EMOJI = r"(?:[\U0001F000-\U0001FAFF☀-➿⬀-⯿️‍]|:[a-z][\w+-]+:(?!\w))"
NOISE = (
    r"(?:tbh|ngl|lol|lmao|rofl|ha(?:ha)+h?|hehe|omg|omfg|ugh|argh|oof|yeah|yep|yup|yea|kk?|imo|imho|honestly|frfr|fr|"
    r""
    r"literally|basically|bro|bruh|dude|fam|y'?all|man(?=,))"
)
AHEAD = re.compile(rf"^(?:(?:{NOISE}(?=[\s,.!?…-])|{EMOJI})[\s,.!…-]*)+(?=[\w<@#\"])", re.IGNORECASE)
BEHIND = re.compile(
    rf"(?:[\s,]+(?:{NOISE}|tho|though|pl+s+|plz+|mate|thx|ty|tysm|tyvm|ta|cheers|if poss(?:ible)?|asap|xx?)"
    rf"(?=[\s,.!?]|$)"
    rf"|\s*{EMOJI})+(?P<mark>[\s.!?]*)$",
    re.IGNORECASE,
)


def without_chatter(text: str) -> str:
    """The request alone; a message that is nothing else stays as it is."""
    left = BEHIND.sub(lambda match: match["mark"].strip(), AHEAD.sub("", text)).strip()
    return (
        left if len(re.findall(r"\w+", left)) > 1 or left == text else (left if " " in text.strip() and left else text)
    )
