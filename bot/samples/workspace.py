"""A new workspace's people, channels, sample pictures and suggestions.

What is asked there is answered by the bot as soon as it listens, which is how the pictures come into the archives of
their channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.local_slack import LocalSlack, Person
from bot.local_slack.records.state import Role
from bot.samples.drawings import draw_all
from bot.samples.pictures import PHOTOGRAPHS

PEOPLE: tuple[tuple[str, Role], ...] = (("anna", "admin"), ("ben", "member"), ("cleo", "member"))
CHANNELS = ("general", "receipts", "products")


@dataclass(frozen=True)
class Post:
    """A message that is there from the beginning. One with pictures mentions the bot."""

    person: str
    channel: str
    text: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prompt:
    """A suggestion: pressed, it posts the message and its pictures, and mentions the bot."""

    title: str
    message: str
    pictures: tuple[str, ...] = ()


POSTS = (
    Post("cleo", "receipts", "Who is this invoice from, and when is it due?", ("invoice.pdf",)),
    Post(
        "ben",
        "products",
        "The first of these is our product photo, the second is what arrived. Is it as advertised?",
        ("before.png", "after.png"),
    ),
    Post(
        "ben",
        "general",
        "Which of these shows a flower?",
        tuple(photograph.name for photograph in PHOTOGRAPHS),
    ),
    Post(
        "anna",
        "general",
        "Welcome! This is a Slack workspace on your own machine, and Spyglass answers questions about pictures and "
        "PDFs in it: post one, mention @spyglass and ask. Or begin with a suggestion. (Photos: flower.jpg by vultilion "
        "and china.jpg by danielbuechele, CC BY 2.0; the others are CC0 or in the public domain.)",
    ),
)
PROMPTS = (
    Prompt("Classify a photo", "Is this a cat, a dog or a bird?", ("cat.png",)),
    Prompt(
        "Take the data out of a receipt", "What are the shop, the date and the total on this receipt?", ("receipt.png",)
    ),
    Prompt("Search the archive", "Find pictures of a rocket"),
)


def draw(folder: Path) -> dict[str, Path]:
    """Every sample picture by its file's name, made in `folder`. Raises: CannotDo."""
    drawn = draw_all(folder).values()
    return {path.name: path for path in (*drawn, *(photograph.copied_to(folder) for photograph in PHOTOGRAPHS))}


def is_furnished(slack: LocalSlack) -> bool:
    """Whether `furnish` was here before."""
    return bool(slack.workspace.state.channels)


async def furnish(slack: LocalSlack, pictures: Mapping[str, Path]) -> None:
    """Put everything into an empty workspace. It is kept all at once: a process that dies here leaves an empty one."""
    people = {name: slack.person(name, role) for name, role in PEOPLE}
    channels = {name: await slack.channel(name, list(people.values())) for name in CHANNELS}
    for post in POSTS:
        files = [pictures[name] for name in post.pictures]
        await people[post.person].post(channels[post.channel], post.text, files=files, mention=bool(files))
    await suggest(slack, people["anna"], channels["general"], pictures)


async def suggest(slack: LocalSlack, whose: Person, channel: str, pictures: Mapping[str, Path]) -> None:
    """Have a channel offer the suggestions; their pictures are of that person, and nowhere to be seen before."""
    prompts = [
        {
            "title": prompt.title,
            "message": prompt.message,
            "files": [await whose.upload(pictures[name]) for name in prompt.pictures],
            "mention": True,
        }
        for prompt in PROMPTS
    ]
    await slack.suggest(channel, prompts)
