"""Every fixed word that stands in a reply, in its buttons and in what they open."""

from __future__ import annotations

STATUS = {
    "asked": "I need an answer from you: reply in this thread.",
    "refused": "Not possible as it was asked.",
    "withheld": "Withheld: what I had to say breaks a rule.",
    "gave_up": "I gave up: no answer I drafted passed my checks.",
}
"""How a turn ended, when it was not with an answer."""
WHY = "Why:"
NOTE = "Note:"
UNUSUAL = "Not as usual:"
PICTURE = "Picture"
NOTHING_TO_SAY = "There is nothing to say to this."
ANSWER_ATTACHED = "This is only the beginning: the whole answer is in the file below."
TABLE_ATTACHED = "The tables are in the file below, whole."
PICTURE_MISSING = "A picture that belongs to this could not be uploaded."
NOT_SHOWN = "Slack did not take the pictures, tables and buttons of this answer, so only its words are here."

# --- while it works -------------------------------------------------------------------------------

WORKING = "is working on it …"
LOADING = ["Opening the images …", "Looking …", "Checking what I would say …"]
STEPS = "Working on it"
STEPS_DONE = "What I did"
MARKS = {"running": "▸", "done": "✓", "failed": "✗"}

# --- buttons --------------------------------------------------------------------------------------

NAME = "Spyglass"
GOOD_ANSWER = "Good answer"
BAD_ANSWER = "Bad answer"
SHOW_REASONING = "Show reasoning"
MORE_RESULTS = "More results"
POSTED = "Posted by {name}, {day}"
POSTED_IN = "Posted by {name} in #{channel}, {day}"
OPEN = "Open"
ASK_ABOUT_HIT = "Ask about this"
SEARCH_LIKE_HIT = "Search like this"
LIKE_HIT = "Images like {name}"
NARROWED = "Narrowed: {chips}"
WITHOUT = "Search without: {chip}"
WITHOUT_CHIP = "The same search without “{chip}”"
HIT_GONE = "That image is no longer here: it was deleted, or forgotten. Search again to see what there is."
ASKED_ALREADY = "Somebody has pressed that already: the answer is in this thread, or on its way."
STOP = "Stop"
THANKS = "Thank you: that is noted."
WHAT_WAS_WRONG = "What was wrong?"
WHAT_WAS_WRONG_HINT = "It is kept with this answer."
SEND = "Send"
CLOSE = "Close"
REASONING = "Reasoning"
GONE = "That answer is no longer kept."
OUT_OF_SIGHT = "Who may see the images of that answer has changed since: ask again."
STOPPING = "I am stopping."
TOO_LATE = "There is nothing to stop: I am done with that."
NOT_YOURS = "Only the person who asked, or an admin, can stop this."
STOPPED = "Stopped."
NO_TOOLS = "No tool was used: the answer comes from this conversation alone."
HELD = "Checks that held"
BROKEN = "Checks that did not hold"
FOR_YOU_ALONE = "Only you see this. I also found, in places that not everybody here can see:"
SEARCH_IN_FORM = "{n} more: search in the form"
MORE_LEFT_OUT = "There is more of it than can be shown here."
