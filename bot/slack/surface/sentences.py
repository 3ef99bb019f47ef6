"""Every fixed sentence of forms, search and the home tab. In mrkdwn, but for what is a label."""

from __future__ import annotations

from bot.slack.messages import COMMAND

ONE_MOMENT = "One moment …"
TRIGGER_LATE = "Slack gave me too little time to open that. Try it once more, please."
TRY_AGAIN = "Something went wrong on my side. Try it again; if it goes on, tell whoever runs me."

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
LOST = f"I no longer know what this form was about. Open it once more, please. `{COMMAND} help` says what I can do."
