"""Every fixed sentence and label of a job of alt texts. Plain text: all of it goes out as `rich_text`."""

from __future__ import annotations

from bot.counting import counted

UNDER_WAY = "I am writing alt text for this thread already: one job at a time. Stop that one, or wait for its CSV."
TOO_MANY = (
    "These are {number:,} files, and I write alt text for at most {most:,} in one go: post them in several threads, "
    "and ask me in each."
)
TOO_OFTEN = (
    "You had me begin {most} jobs of alt texts within an hour, which is as many as I begin for one person. "
    "Ask again a little later; what is under way goes on."
)
NO_CHANNEL = "Slack does not show me what was posted in this channel ({error}): ask me in a thread that has the images."
LONG_CHANNEL = (
    "This channel is too long for me to look through all of it: ask me in the threads that have the images, or post "
    "them again in one."
)

STOP = "Stop"
NO_JOB = "There is nothing to stop: that job is over."
STOPPING = "I am stopping: what is written so far comes as a CSV."

BEGINNING = "Writing alt text for {files}."
UNDER_WAY_SO_FAR = "Writing alt text: {done:,} of {all:,} files."
BY_PROVIDER = "{done:,} of {all:,} images done by the provider; usually within an hour."
FINISHED = "Alt text for {files}."
STOPPED = "Stopped after {done:,} of {all:,} files."
COUNTED = {
    "done": "{n:,} written",
    "withheld": "{n:,} withheld by a rule",
    "unreadable": "{n:,} could not be read",
    "deleted": "{n:,} deleted meanwhile",
}
"""In this order."""
ATTACHED = "The CSV below has a line for each of them."
NOT_ATTACHED = (
    "Slack does not let me attach the CSV ({error}): whoever runs me has to give the app the scope files:write."
)
NOTHING_WRITTEN = "Nothing was written, so there is no CSV."
MORE = "and {n:,} more: the CSV names them"

FILE = "alt-text.csv"
DELETED = "It was deleted before I came to it."
FAILED = "Something went wrong on my side each time I opened it. Post it again to try once more."


def files(number: int) -> str:
    return counted(number, "file")
