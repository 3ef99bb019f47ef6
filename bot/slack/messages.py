"""Every fixed sentence people read in Slack, but for what stands on buttons and replies (`labels`).

Written in mrkdwn: what is put into them is escaped first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.addressing import Answers
from bot.slack.replying.mrkdwn import escape

if TYPE_CHECKING:
    from bot.slack.listening.access import Refusal

COMMAND = "/spyglass"

UNREADABLE: dict[str, str] = {
    "tombstone": "{name} was deleted.",
    "gone": "{name} is no longer in Slack.",
    "hidden": "{name} is hidden by this workspace's Slack plan, which shows only newer files.",
    "external": "{name} is only a link to another service, and its content is not in Slack: upload the file itself.",
    "not_a_file": "{name} is a Slack {kind}, and I read images and PDFs: post it as one of those.",
    "too_big": "{name} is larger than the {most} MB I open: post a smaller copy.",
    "no_permission": "Slack does not let me read {name}: it is not shared with me, or not outside its own workspace.",
    "login_page": "Slack gave me its sign-in page in place of {name}: whoever runs me has to give the app the scope "
    "files:read, or a token that is still valid.",
    "web_page": "{name} is a web page, and I read images and PDFs: post a picture or a PDF of it.",
    "elsewhere": "{name} lies on a server that is not Slack's, so I did not fetch it: upload the file itself.",
    "unreachable": "Slack did not give me {name} in time: post it again, or ask again in a minute.",
    "local_only": "{name} was posted in a channel that is set to local only, and this one is not: ask about it there.",
    "linked": "{name} is not shared in a channel that you and all who read this may see, so I did not open it here.",
}
"""Why a file cannot be read. Plain text, not mrkdwn: it goes into the answer."""
TOO_MANY_EARLIER = "This thread holds {number} earlier files; I took in the latest {most}. Post others again."
TOO_MANY_LINKS = "This message links to {number} files; I looked at the first {most}. Send the others by themselves."
EARLIER_UNKNOWN = "Slack did not tell me what was posted earlier in this thread: post again what I should look at."
TOO_LONG = "This thread is too long for me to look through all of it: post again what I should look at."
A_FILE = "A file"

REFUSED: dict[str, str] = {
    "user": "I may not answer you in this workspace: whoever runs me decided whom I answer.",
    "channel": "I may not answer in this channel: whoever runs me decided where I answer. Try a direct message.",
    "guest": "I do not answer guests of this workspace: ask one of its members to ask me.",
    "external": "I only answer people of the organisation I belong to: ask one of them to ask me.",
    "user_rate": "That was a lot of questions in a minute, so I left this one out. Ask it again in a minute.",
    "channel_rate": "This channel asked a lot in the last minute, so I left this one out. Ask it again in a minute.",
}
OFF = f"I am switched off in this channel. Any member can switch me on: `{COMMAND} settings threads always`."
NOT_A_MEMBER = "Only members of this channel can ask me about what was posted in it: join it first."

HELP = f"""\
*Show me images or PDFs and ask about them*: what they show, what they say, how they differ, what is in a receipt.
• In a channel, mention me with the files or in the thread they are in. In threads I take part in, just go on asking.
• Images are called "image 1", "image 2" in the order they were posted.
• "Write alt text for all images in this thread" gives a CSV, whatever their number.
• `{COMMAND} search WORDS` finds images that were shown to me; _Ask about this image_ is in the menu of messages.
• `{COMMAND} settings` opens this channel's settings; `{COMMAND} settings threads always|mentions|off` changes one.
• `{COMMAND} archive` shows what of this channel is searched; `… on|asked|off` and `… keep 30 days` change it; \
`… backfill` adds what was posted before.
• `{COMMAND} usage` shows what language and vision models took for you, and admins for everybody here.
• `{COMMAND} forget me` erases what I remember of you; `{COMMAND} forget thread LINK` a thread you began.
• `{COMMAND} forget channel` erases what I remember of this channel, for admins of the workspace."""

ANSWERED: dict[Answers, str] = {
    Answers.ALWAYS: "I answer when I am mentioned, and follow-up questions in threads I take part in",
    Answers.MENTIONS: "I answer only when I am mentioned",
    Answers.OFF: "I am switched off",
}
HOW_TO_SET = f"Change it with `{COMMAND} settings threads always|mentions|off`."
DIRECT = "Here I answer every message: settings are for channels."
NO_SETTINGS_BY_GUESTS = (
    "Guests and people of other organisations cannot change what I do in a channel: ask one of its members."
)

HOW_TO_ASK_FOR_USAGE = f"How many days shall I look at? `{COMMAND} usage`, or `{COMMAND} usage 7`: up to {{most}}."

NOTHING_TO_FORGET = "There is nothing I remember there."
ONLY_ADMINS = (
    f"Only an admin of the workspace can have me forget a channel. `{COMMAND} forget me` erases your own part."
)
ONLY_THE_FIRST = "Only the person who began a thread, or an admin of the workspace, can have me forget it."
WHICH_THREAD = (
    f"Which thread? Copy the link of its first message (⋮, _Copy link_) and send `{COMMAND} forget thread LINK`."
)
HOW_TO_FORGET = f"What shall I forget? `{COMMAND} forget me`, `forget channel` or `forget thread LINK`."
KEPT = "Nothing was erased."
STALE = "This was somebody else's question, or too long ago. Send the command again."
WENT_WRONG = "Something went wrong on my side. Try it again; if it goes on, tell whoever runs me."
STAYS = "What I posted stays in Slack."

ERASE, KEEP = "Erase", "Keep"

PROMPTS_TITLE = "Post an image or a PDF and ask. For example:"
PROMPTS: tuple[tuple[str, str], ...] = (
    ("Sort images", "Is this image a photo, a drawing or a document?"),
    ("Take the data out of a receipt", "What are the shop, the date and the total on this receipt?"),
    ("Find images", "Find images that look like this one."),
)


def refused(refusal: Refusal) -> str:
    return REFUSED[refusal.value]


def unknown(words: str) -> str:
    return f"I do not know `{COMMAND} {_code(words)}`. `{COMMAND} help` says what I know."


def bad_setting(words: str) -> str:
    return f"I do not know the setting `{_code(words)}`. {HOW_TO_SET}"


def settings(answers: Answers, by: str | None, *, changed: bool = False) -> str:
    chosen = f" (chosen by <@{escape(by)}>)" if by else ""
    where = "From now on, in this channel" if changed else "In this channel"
    return f"{where} {ANSWERED[answers]}{chosen}. {HOW_TO_SET}"


def asks_to_erase(what: str, counts: str) -> str:
    return f"Of {what} I remember {counts}. Erase it? This cannot be undone. {STAYS}"


def erased(counts: str) -> str:
    return f"Erased: {counts}. {STAYS}"


COUNTED = {"archived": "archived images"}


def counted(**counts: int) -> str:
    """As in "12 messages, 1 image and 3 threads"; what there is none of is left out."""
    named = ((COUNTED.get(noun, noun), number) for noun, number in counts.items() if number)
    parts = [f"{number} {_one(noun) if number == 1 else noun}" for noun, number in named]
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]])) or "nothing"


def _one(nouns: str) -> str:
    return nouns.removesuffix("es" if nouns.endswith("ches") else "s")


def _code(words: str) -> str:
    return escape(words.replace("`", "'")[:100])
