"""Threads of cases, said again to a planner: tools always find something, so that follow-ups can follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

from graphs.memory import adopted
from tools.kit import Evidence, ImageRef

HITS = [{"rank": rank, "id": f"hit {rank}", "name": f"IMG_{2000 + rank}.jpg"} for rank in range(1, 6)]
"""What every search finds."""
NOW = datetime(2026, 11, 24, 15, 30)
"""When every case is said, in the asker's own time."""


def said(text: str, first: int, posted: int) -> HumanMessage:
    """A message with so many images, of which `first` is the number of the first."""
    images = [_image(number).model_dump(mode="json") for number in range(first, first + posted)]
    return HumanMessage(text, additional_kwargs={"images": images})


def _image(number: int) -> ImageRef:
    name = f"IMG_{1000 + number}.jpg"
    return ImageRef(
        handle=f"image {number}", sha256=f"{number:064x}", mime="image/jpeg", width=1200, height=900, name=name
    )


def found(call: Any) -> ToolMessage:
    """What a tool call (`id`, `name`, `args`) comes to."""
    said = f"The finding of {call['name']}."
    facts = {"hits": HITS} if call["name"] == "search" else {}
    evidence = Evidence(said=said, sure=0.8, facts=facts, tool=call["name"], arguments=call["args"])
    return ToolMessage(said, artifact=evidence.model_dump(mode="json"), tool_call_id=call["id"], status="success")


def adopt(results: Sequence[ToolMessage], known: int) -> None:
    """Make images of the thread of the hits that calls name, after its `known` ones, as the toolbox does."""
    number = known
    for result in results:
        said = result.artifact["arguments"]
        for hit in [said.get("image"), *(said.get("images") or [])]:
            if str(hit).startswith("hit "):
                number += 1
                ref = _image(number).model_copy(update={"hit": str(hit)})
                result.additional_kwargs.setdefault("adopted", {})[str(hit)] = ref.model_dump(mode="json")


def adopted_in(messages: Sequence[BaseMessage]) -> list[ImageRef]:
    """Hits that have become images of the thread."""
    return [image for message in messages for image in adopted(message).values()]
