"""What the tests of the page have in common: a tab in a room, and files that come by hand."""

from __future__ import annotations

import base64
from typing import Any

from playwright.async_api import Locator

from tests.browser.conftest import Opened
from tests.browser.tab import Tab
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import Room

KINDS = "Is this a dog, a flower, a car or a building?"
HAND_OVER = """(box, {how, name, data}) => {
    const carried = new DataTransfer();
    carried.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], name, {type: "image/png"}));
    const event = how === "paste"
        ? new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true})
        : new DragEvent(how, {dataTransfer: carried, bubbles: true, cancelable: true});
    box.dispatchEvent(event);
}"""


async def at(opened: Opened, room: Room, who: str = "", *, thread: str = "", **how: Any) -> Tab:
    """A tab at the room, of anna unless it is somebody else's."""
    tab = await opened(room.slack.url, **how)
    await tab.go(who or room.anna.name, room.channel, thread)
    return tab


async def answered(room: Room) -> str:
    """The ts of a question with an answer that has every button."""
    ts = await room.ask(KINDS, "flower")
    await room.reply_to(ts)
    return ts


async def hand_over(box: Locator, how: str, name: str, data: bytes) -> None:
    """What the browser does when a file is dropped on the box, or pasted into it."""
    given = {"name": name, "data": base64.b64encode(data).decode()}
    for event in ("dragenter", "dragover", "drop") if how == "drop" else ("paste",):
        await box.evaluate(HAND_OVER, {**given, "how": event})


def led(model: Model, question: str) -> Pause:
    """The model classifies the image, thinks until the test goes on, and then cannot tell."""
    pause = Pause()
    model.answers(question, Use("classify", {"image": "image 1", "labels": ["red", "blue"]}), pause, "I cannot tell.")
    return pause
