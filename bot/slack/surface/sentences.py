"""Every fixed sentence of forms, search and the home tab. In mrkdwn, but for what is a label."""

from __future__ import annotations

from bot.slack.messages import COMMAND

ONE_MOMENT = "One moment …"
TRIGGER_LATE = "Slack gave me too little time to open that. Try it once more, please."

# --- a question about a message's images ------------------------------------------------------------

ASK = "Ask about this image"
ASK_SUBMIT = "Ask"
NO_IMAGES = "There is no image or PDF in that message. Choose one that has some, or post them with your question."
NOT_IN_CHANNEL = "I am not in this channel, so I cannot see its images. Invite me with `/invite`, then try it again."
READY = "A ready question"
READY_QUESTIONS = (
    "What does this show?",
    "What does it say?",
    "Is this a photo, a drawing or a document?",
    "What are the shop, the date and the total?",
    "Write alt text for this.",
    "Find images that look like this one.",
)
OWN_QUESTION = "Your question"
OWN_EXAMPLE = "What would you like to know?"
NO_QUESTION = "Write a question, or choose a ready one."
ANSWERED_THERE = "I answer in the thread of that message, where everybody in the channel can read it."
ANSWERED_ALONE = "I answer in your direct messages with me, where only you can read it."
ASKED_ALONE = "About "
NO_DIRECT = (
    "I cannot write to you directly just now, and this answer is for you alone. Open your direct messages with me, "
    "then try it once more."
)
LOST = f"I no longer know what this form was about. Open it once more, please. `{COMMAND} help` says what I can do."

# --- search -----------------------------------------------------------------------------------------

SEARCH = "Search images"
SEARCH_SUBMIT = "Search"
SEARCHING = "Searching …"
WHAT = "What should they show?"
WHAT_EXAMPLE = "a red bicycle, a receipt, people at a table"
WHERE = "Channel"
KIND = "Kind of file"
KINDS = (
    ("image/", "Images"),
    ("application/pdf", "PDFs"),
    ("image/jpeg", "JPEG"),
    ("image/png", "PNG"),
    ("image/gif", "GIF"),
    ("image/webp", "WebP"),
)
ANY_KIND = "Any kind"
LOOKS = "Kind of picture"
LOOK = (("photo", "Photos"), ("screenshot", "Screenshots"), ("document", "Documents"), ("drawing", "Drawings"))
COLOUR, ANY_COLOUR = "Colour", "Any colour"
WRITTEN, WRITTEN_EXAMPLE = "Words on it", "exactly as they stand there"
POSTED_BY = "Posted by"
ANYBODY = "Anybody"
SINCE, UNTIL = "Since", "Until"
ANY_DAY = "Any day"
NO_QUERY = "Say in a few words what the images should show, or narrow it by something below."
TURNED_ROUND = "That is before the first day."
NO_CHANNELS = "There is no channel that both of us are in. Invite me to one with `/invite`, and post images there."
NOT_OURS = "Both of us have to be in that channel: join it, or invite me with `/invite`."
ODD_CHOICE = "There is no such day or kind of image: change the search, and choose from the form."
NOTHING_BY = "That person has posted no image here that I know of: choose another one, or anybody."
EVERYWHERE = "Everywhere I may look for you"
YOUR_CHANNELS = "You find images of channels that you are in; which ones are kept is for each channel to say."
EVERYTHING = "The newest images"
CHIP = "✕ {chip}"
DIRECT = "Direct messages with me"
MORE = "More results"
CHANGE = "Change the search"
LIKE = "Search like this"
ASK_ABOUT = "Ask about this"
OPEN = "Open in Slack"
GONE = "That image is no longer there. Search once more, please."
GONE_ALONE = "That image is no longer there, or no longer for you to see. Search once more, please."
CUT_OFF = "{below} more scored under the cutoff of {cutoff:.2f} and {are} left out."
NO_HIT = "No hit: nothing of that is among the {total} searched."
BEST = "The best one scores {score:.2f}, under the cutoff of {cutoff:.2f}, so I do not show it."

# --- settings of a channel --------------------------------------------------------------------------

SETTINGS = "Channel settings"
SAVE = "Save"
ANSWERS = "What I answer"
CHOICES = {
    "always": "When I am mentioned, and follow-ups in threads I take part in",
    "mentions": "Only when I am mentioned",
    "off": "Nothing: switched off here",
}
STYLE = "How I write"
STYLE_EXAMPLE = "briefly; for a five-year-old; as an art historian"
STYLE_HINT = "In your own words. What is true, and what I may say, stays as it is."
LANGUAGE = "Language"
ITS_OWN = "The language of the question"
NEEDS_MODEL = (
    "How I write and in which language needs a language model. None is set up here, so answers stay plain English."
)
SAVED = "Saved for {where}:"
NOW = "For {where} these hold now:"
MEANWHILE = "{who} changed the settings while your form was open, so yours were not saved."
CHOSEN_BY = "Last changed by {who}."
NOBODY_CHOSE = "Nobody has changed them yet."
SAYS_ANSWERS, SAYS_STYLE, SAYS_LANGUAGE, SAYS_MODELS = "Answers", "Style", "Language", "Models"
MODELS = "Language and vision models"
MODELS_HINT = "Without them I still read text, take out data, sort, measure, compare and search."
USES_MODELS = {
    "as_set_up": "May be asked, if whoever runs me has set any up",
    "local_only": "Local only: nothing leaves this machine",
}
FIXED_LOCAL_ONLY = (
    "*Local only*: nothing said or shown in this channel leaves the machine I run on. Whoever runs me decided that for "
    "this channel, so it cannot be changed here."
)
ARCHIVE = SAYS_ARCHIVE = "Image archive"
ARCHIVE_HINT = "What members of this channel can search for. The channel is told when everything is archived."
ARCHIVES = {
    "all": "Everything posted here",
    "asked": "What I am asked about",
    "off": "Nothing",
}
PERIOD = SAYS_PERIOD = "Images stay in the archive for"
PERIOD_HINT = "From when they were posted. The channel is told. What has left does not come back."
AS_SET_UP_PERIOD = "As it is set up: {days}"
AS_USUAL = "as usual"


def in_days(number: int) -> str:
    """For how long images are kept; 0: for ever."""
    return "1 day" if number == 1 else f"{number:,} days" if number else "as long as they are in Slack"


# --- the home tab -----------------------------------------------------------------------------------

HOME = "Spyglass"
ABOUT = f"""\
*Show me images or PDFs and ask about them*: what they show, what they say, how they differ, what is in a receipt.
• In a channel, mention me with the files, or use _{ASK}_ in the menu of any message that has some.
• In a thread, go on asking; "summarise this thread" tells what was found in it.
• `{COMMAND} search` finds images that were shown to me, `{COMMAND} help` says what else I can do."""
RECENT = "Your latest searches"
NO_RECENT = "None yet."
AGAIN = "Search again"
CHOOSE_CHANNEL = "Choose a channel"
FIRST_CHANNELS = "These are the first {shown} of {all} channels; in the others `/spyglass settings` opens the form."
USAGE = "What you asked me this month"
ONLY_YOURS = f"Only you see this page. `{COMMAND} forget me` erases what I remember of you, these searches as well."
NO_MODEL = "No language model is set up: I plan and word my answers by rules, on the machine I run on."
WITH_MODEL = (
    "My answers are planned and worded by the language model `{model}`; every one is checked before it is said."
)
LOOKS_WITH = "A vision model, `{vision}`, looks at images where measuring is not enough."
# --- what models took ---------------------------------------------------------------------------------

MODEL_USAGE = "What models took"
TODAY = "Today (UTC)"
LAST_DAYS = "In the last {days} days"
USED_HERE = "{period}, for everybody here: {sum}"
USED_BY_YOU = "{period}, for you: {sum}"
SAID_AGAIN = "{n} said again"
NO_CALLS = "{period} nobody here had a model asked anything."
NO_CALLS_OF_YOURS = "{period} no model was asked anything for you."
BUDGETS_TODAY = "Spent today (UTC):"
OF_WORKSPACE_BUDGET = "{spent} of the {budget} a day for this workspace."
OF_YOUR_BUDGET = "{spent} of the {budget} a day for you."
BY = {"day": "By day", "user": "By person", "channel": "By channel", "tool": "By what it was for", "model": "By model"}
AND_MORE = "… and {n} more."
NO_LONGER_KNOWN = "forgotten, or not known"
IN_DIRECT = "direct messages"
PURPOSES = {"plan": "planning", "summarise": "summing up long threads"}
ONLY_YOU_SEE_USAGE = f"Only you see this. `{COMMAND} usage DAYS` looks at another number of days."
MODELS_TOOK = "Models took:"

TOOLS = {
    "analyze": "measuring",
    "classify": "sorting",
    "compare": "comparing",
    "describe": "describing",
    "extract": "taking out data",
    "look": "looking with the vision model",
    "read_text": "reading text",
    "search": "searching",
}

# --- the gallery ------------------------------------------------------------------------------------

GALLERY_CLOSED = "You are not among those whom Spyglass answers, so there is nothing to see here."
GALLERY_EMPTY = (
    "No image that you may see is in the archive yet: show me one in a channel, or have a channel archived with "
    "/spyglass archive on."
)
GALLERY_COPIES = "The same picture, or nearly the same, is shown once."
GALLERY_ODD = "That is not how the gallery is narrowed: choose from its menus, and days as 2026-11-28."
GALLERY_LIKE = "like one of the images"
