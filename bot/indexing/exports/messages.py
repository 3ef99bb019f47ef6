"""Pure: a day of messages of an export -> the images and PDFs that were posted with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from bot.indexing.exports.catalogue import Place
from bot.indexing.originals import Original
from bot.indexing.walking import NAMED
from bot.slack.people import called
from bot.slack.words import one_line, plain_words
from tools.kit import Post

TS = re.compile(r"\d{1,10}\.\d{6}")
"""Seconds up to the year 2286: calendars end in 9999."""
LOST = ("tombstone", "hidden_by_limit")
"""Modes of files that Slack itself no longer has to give."""
NOT_DRAWN = ("image/svg+xml", "image/vnd.adobe.photoshop")
"""Images of which nothing can be shown without the program they are made with, or that run code."""
TEAM = re.compile(r"https://([a-z0-9][a-z0-9.-]*\.slack\.com)/")

KEPT = ("id", "name", "mimetype", "mode", "size", "url_private", "url_private_download")
"""What is needed of a file object later."""

Row = Mapping[str, Any]


def originals_of(
    messages: Any, place: Place, people: Mapping[str, str], *, audience: str
) -> Iterator[tuple[Original, Row]]:
    """Each with what `KEPT` names of Slack's file object, in the order of the messages. What has no sensible shape is
    passed over."""
    for message in messages if isinstance(messages, list) else ():
        if not isinstance(message, dict) or not TS.fullmatch(str(message.get("ts") or "")):
            continue
        for file in _files(message):
            post = _post(message, place, people, str(file["id"]))
            original = Original(
                place=_address(post, place, file),
                name=one_line(str(file.get("name") or file.get("title") or "A file")),
                audience=audience,
                channel=place.id,
                post=post,
            )
            yield original, {name: file[name] for name in KEPT if file.get(name)}


def is_picture(file: Row) -> bool:
    """Whether Slack's file object is one of an image or a PDF, by its type, else by its name."""
    mime = str(file.get("mimetype") or "")
    if mime:
        return mime == "application/pdf" or (mime.startswith("image/") and mime not in NOT_DRAWN)
    return PurePosixPath(str(file.get("name") or "")).suffix.lower() in NAMED


def _files(message: Row) -> Iterator[Row]:
    files = message.get("files") or [message.get("file")]
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict) and file.get("id") and file.get("mode") not in LOST:
            yield file


def _post(message: Row, place: Place, people: Mapping[str, str], file: str) -> Post:
    ts, thread = str(message["ts"]), str(message.get("thread_ts") or "")
    user = str(message.get("user") or "")
    return Post(
        ts=ts,
        user=user,
        name=people.get(user) or _stranger(message, user),
        channel=place.name,
        thread_ts=thread if TS.fullmatch(thread) and thread != ts else "",
        file=file,
        text=plain_words(str(message.get("text") or ""), names=people),
    )


def _stranger(message: Row, user: str) -> str:
    """What somebody is called who is not among the people of the export: a bot, or a member of another workspace."""
    profile = message.get("user_profile") or message.get("bot_profile")
    if isinstance(profile, dict):
        return called({"id": user, "profile": profile, "name": profile.get("name")})
    return one_line(str(message.get("username") or user))


def _address(post: Post, place: Place, file: Row) -> str:
    """Of the message, as Slack gives it; of the channel in whatever workspace is open, where the export does not tell
    the name of its own."""
    found = TEAM.match(str(file.get("permalink") or ""))
    if not found:
        return f"https://slack.com/app_redirect?channel={place.id}&message_ts={post.ts}"
    address = f"https://{found[1]}/archives/{place.id}/p{post.ts.replace('.', '')}"
    return f"{address}?thread_ts={post.thread_ts}&cid={place.id}" if post.thread_ts else address
