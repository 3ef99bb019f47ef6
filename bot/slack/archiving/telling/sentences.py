"""Every fixed sentence and label about the archive of a channel. In mrkdwn, but for what stands on buttons."""

from __future__ import annotations

from bot.counting import counted
from bot.slack.messages import COMMAND

FAILED = "Something went wrong on my side each time I opened it."
PUT_OFF = "It could not be fetched or kept just now; I try again."

# --- the announcement -------------------------------------------------------------------------------

OPTED_IN = "{who} has turned on the image archive for this channel."
SET_UP = "This channel has an image archive: whoever runs me set that up for all channels I am in."
KEPT = (
    "*What is kept*: every image and PDF page posted here from now on, with who posted it, when, and the words of its "
    "message. What is written on it and what it shows is found out as well, so that it can be searched for.{days}"
)
KEPT_DAYS = " It leaves the archive after {days}."
CHANGE_PERIOD = (
    f"Any member but guests may change that: `{COMMAND} archive keep 30 days`, `{COMMAND} archive keep default`, or "
    "the channel's settings. What has left the archive does not come back."
)
SEEN_BY_MEMBERS = "*Who sees it*: members of this channel, and nobody else, when they search."
SEEN_BY_ALL = (
    "*Who sees it*: members of this channel when they search; as long as the channel is public, members of the "
    "workspace too."
)
STOP_IT = f"*To stop it*: the button below, or `{COMMAND} archive off`. Any member but guests may."
DELETE_IT = (
    "*To have something deleted*: delete its message or file in Slack, and it leaves the archive. "
    f"`{COMMAND} forget me` erases what you posted; whoever turns the archive off is asked whether all of it goes."
)
ENDED = "The image archive of this channel is off. `" + COMMAND + " archive status` says what is still in it."

# --- a channel the app was added to -----------------------------------------------------------------

JOINED = (
    "Thanks for adding me to {where}. Mention me with an image or a PDF to ask about it. I can also keep every image "
    "posted there so that its members can search for it; everybody there is told when that is turned on."
)

# --- choices ----------------------------------------------------------------------------------------

ARCHIVE = "Image archive"
TURN_ON, TURN_OFF = "Archive everything posted here", "Turn the archive off"
BACKFILL, STOP = "Add what was posted before", "Stop"
ERASE, KEEP = "Erase what is archived", "Keep it"

CHOSEN = {
    "all": "From now on everything posted in {where} goes into its archive. I say so in the channel. "
    f"`{COMMAND} archive backfill` adds what was posted before.",
    "asked": "From now on only what I am asked about in {where} goes into its archive.",
    "off": "From now on nothing of {where} goes into the archive.",
}
CHOSEN_PERIOD = "From now on what was posted in {where} leaves its archive after {days}. I say so in the channel."
CHOSEN_FOR_EVER = "From now on nothing of {where} leaves its archive for its age. I say so in the channel."
OLDER = (
    "Older than that, and gone from it within the hour: {files}. They do not come back, not by a longer period either."
)
TOO_LONG = "Whoever runs me keeps nothing for longer than {days}: choose less, or `{command} archive keep default`."
ALREADY = "That is how it is in {where} already."
ASK_TO_ERASE = "Still in it, and to be found: {files}. Shall that go as well? This cannot be undone."
ERASED = "What was archived of this channel is erased: {files}."
NOTHING_TO_ERASE = "There is nothing of this channel in the archive."
KEPT_AS_IT_IS = "What is archived stays, and can be searched for."
DIRECT = "What we say to each other here goes into no channel's archive: this is for channels."
HOW = f"`{COMMAND} archive on | asked | off | status | backfill | stop | keep 30 days | keep default`"
HOW_TO_KEEP = (
    f"For how long? `{COMMAND} archive keep 30 days` (or weeks, months, years), or `{COMMAND} archive keep default`."
)
UNKNOWN = f"I do not know that. {HOW}"

# --- status -----------------------------------------------------------------------------------------

STATUS = {
    "all": "Everything posted in {where} goes into its archive{by}.",
    "asked": "What I am asked about in {where} goes into its archive{by}.",
    "off": "Nothing posted in {where} goes into the archive{by}.",
}
BY = " (chosen by <@{user}>)"
KEEPS = "What is posted leaves it after {days}{why}."
KEEPS_FOR_EVER = "Nothing leaves it for its age."
ITS_OWN_PERIOD = ", as this channel chose"
ARCHIVED = "In the archive: {files}."
WAITING = "On the way into it: {files}."
FAILING = "Among these, not fetched or kept yet: {files}. I go on trying, later each time."
LEFT_OUT = "Not in it: {files}."
REASON = "• {number:,} × {reason}"

# --- looking through the history --------------------------------------------------------------------

NOT_ON = f"Turn the archive on first: `{COMMAND} archive on`."
UNDER_WAY = "I am looking through this channel's history already: {messages}, {files} so far. {where}"
BEGUN = "I am looking through this channel's history. {where}"
SAID_IN = "{thread} tells how far I am."
THREAD = "The thread of what I said about the archive"
LINKED = f"<{{link}}|{THREAD}>"
STOPPING = "I am stopping. What is in the archive stays in it."
NOTHING_TO_STOP = "There is nothing to stop: I am not looking through this channel's history."
LOOKING = "Looking through this channel's history, back to {day} so far: {messages}, {files}."
BEGINNING = "Looking through this channel's history."
FILLING = "This channel's history is looked through: {messages}, {files}. The last of them are being added."
FINISHED = "This channel's history is in the archive. Looked through: {messages}; new in it: {files}."
NEARLY_FINISHED = (
    "This channel's history was looked through: {messages}, with {files}. Not fetched or kept yet: "
    "{failing}. I go on trying, later each time."
)
STOPPED = "Stopped. Looked through of this channel's history: {messages}; new in the archive: {files}."
LET_GO = "Found, but not in it yet, and let go: {left}."
REFUSED = "Slack does not show me this channel's history ({error}). Looked through: {messages}."
WAIT_LEFT = "{waiting:,} still to be added."


def chosen_period(who: str, days: int) -> str:
    """What a channel is told. who: a mention; empty where nobody is known who chose it. days: 0 for ever."""
    by = f"{who} has changed" if who else "It was changed"
    if not days:
        return f"{by} for how long images stay in the archive of this channel: none leaves it for its age any more."
    return f"{by} for how long images stay in the archive of this channel: {in_days(days)} from when they were posted."


def messages(number: int) -> str:
    return counted(number, "message")


def in_days(number: int) -> str:
    return counted(number, "day")


def files(number: int) -> str:
    """As people read it."""
    return "1 image or PDF" if number == 1 else f"{number:,} images and PDFs"
