"""The gallery of the local Slack: who looks is told to the app, and what the app does not give is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.local_slack.serving.gallery import CLOSED
from tests.unit.local_slack.local_workspace import Room, room

PNG = b"\x89PNG\r\n\x1a\n"


class Shown:
    """Shows one image, to one person; remembers what it was asked."""

    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def page(self, user: str, asked: Mapping[str, str]) -> dict[str, Any]:
        self.asked.append((user, dict(asked)))
        return {"images": [{"id": "one"}] if user == self.whose else []}

    async def picture(self, user: str, key: str) -> bytes | None:
        return PNG if (user, key) == (self.whose, "one") else None


async def looked(here: Room, path: str, **query: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {here.slack.local_token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{here.slack.url}/_local/{path}", params=query) as answer,
    ):
        return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.read())


async def test_the_app_is_told_who_looks_and_what_for() -> None:
    async with room() as here:
        shown = here.slack.gallery = Shown(here.anna.id)
        assert await looked(here, "gallery", person="anna", q="red bike", kind="photo") == (
            200,
            {"images": [{"id": "one"}]},
        )
        assert shown.asked == [(here.anna.id, {"q": "red bike", "kind": "photo"})]
        assert await looked(here, "gallery/one", person="anna") == (200, PNG)


async def test_what_is_somebody_elses_is_answered_as_what_is_not_there() -> None:
    async with room() as here:
        here.slack.gallery = Shown(here.anna.id)
        here.slack.person("ben")
        assert (await looked(here, "gallery", person="ben"))[1] == {"images": []}
        assert await looked(here, "gallery/one", person="ben") == await looked(here, "gallery/two", person="anna")


async def test_without_an_app_or_a_person_it_says_so() -> None:
    async with room() as here:
        assert await looked(here, "gallery", person="anna") == (200, {"problem": CLOSED})
        assert (await looked(here, "gallery/one", person="anna"))[0] == 404
        assert (await looked(here, "gallery", person="zoe"))[0] == 400
        assert (await looked(here, "gallery"))[0] == 400


async def test_nobody_looks_without_the_local_token() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        here.slack.gallery = Shown(here.anna.id)
        for path in ("gallery", "gallery/one"):
            async with session.get(f"{here.slack.url}/_local/{path}", params={"person": "anna"}) as answer:
                assert answer.status == 401
