"""A link to a file or a message of a channel that not all may see, pasted where others read."""

from __future__ import annotations

import pytest

from tests.scenario.slack.marked import Cast, asked, colour_of, picture

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


@pytest.mark.parametrize("what", ["permalink", "url_private", "message"])
async def test_a_link_to_what_somebody_else_posted_shows_others_nothing(cast: Cast, what: str) -> None:
    board, secret, anna, ben = cast.room("board"), cast.room("secret"), cast.who("anna"), cast.who("ben")
    await board.slack.invite(secret.channel, cora := cast.who("cora"))
    ts = await cora.post(secret.channel, "", files=[(f"zqsecret{cast.letter}q.png", picture(colour_of("cora")))])
    [posted] = [one for one in board.slack.messages(secret.channel) if one["ts"] == ts]
    file = board.slack.files[posted["files"][0]["id"]]
    message = f"https://local.slack.com/archives/{secret.channel}/p{posted['ts'].replace('.', '')}"
    link = message if what == "message" else file[what]
    for person in (ben, anna):
        for question in (
            f"What colours are in <{link}>?",
            f"Find images like <{link}>",
            f"Was <{link}> posted before?",
        ):
            ts = await asked(board, question, person)
            assert cast.town.told(board, ts) <= cast.channels("board", "plan"), question
