"""What a turn in Slack leaves in traces."""

from __future__ import annotations

from pydantic import SecretStr

from tests.collector import collecting
from tests.provider import Call, calls, opened, says
from tests.scenario.slack.conftest import Opening

MODEL = "claude-haiku-4-5"


async def test_a_turn_is_one_trace_from_the_download_to_the_reply(opening: Opening) -> None:
    script = (
        calls(Call("read_text", {"image": "image 1"})),
        says("There is no text in image 1."),
    )
    with collecting() as collector:
        async with opened(*script) as provider:
            settings = {
                "model": f"anthropic:{MODEL}",
                "anthropic_api_key": SecretStr("sk-ant-a-key"),
                "anthropic_base_url": provider.url,
                "trace": "otlp",
                "trace_endpoint": collector.url,
            }
            async with opening(**settings) as office:
                room = await office.room()
                await room.reply_to(await room.ask("Is there a word on the xylophone?", "flower"))
    chat = f"chat {MODEL}"
    agent = ["open", ("plan", [chat]), "execute_tool read_text", ("plan", [chat]), "check"]
    assert collector.tree() == [("turn", ["download", ("invoke_agent spyglass", agent), "reply"])]
    assert len({span.trace for span in collector.spans}) == 1
    turn, agent_span = collector.one("turn"), collector.one("invoke_agent spyglass")
    assert turn.attributes["spyglass.state"] == "done"
    assert turn.attributes["spyglass.channel"] == room.channel
    assert turn.attributes["spyglass.turn"] == agent_span.attributes["spyglass.turn"] != ""
    assert b"xylophone" not in b"".join(collector.bodies)
