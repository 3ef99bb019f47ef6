"""Which models a setting brings, who stands in for them, and what of it leaves the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from bot.models import looks_here, plans_here, stays_here
from bot.settings import Settings
from bot.wiring import OWNER, Wiring
from tests.provider import fails, opened, says
from tools.backends import openai_compatible
from tools.backends.workers import PebbleWorkers
from tools.kit import AskAgain, CannotDo, VisionModel
from tools.kit.models import Ask, ProviderFailure, charged_to
from tools.kit.parts import Parts

CLAUDE = "anthropic:claude-haiku-4-5"
GPT = "openai:gpt-5.4-mini"
HERE = "openai_compatible:http://127.0.0.1:11434/v1#llava"


def settings(home: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, **{"home": home, "encoder": "builtin_encoder", **more})


def keys(url: str) -> dict[str, Any]:
    return {
        "anthropic_api_key": "k",
        "anthropic_base_url": url,
        "openai_api_key": "k",
        "openai_base_url": f"{url}/v1",
        "model_retries": 0,
    }


ASK = Ask([HumanMessage("What is it?")])


# --- who plans ------------------------------------------------------------------------------------


async def test_a_planner_that_fails_is_stood_in_for_and_that_is_told(tmp_path: Path) -> None:
    from bot.models import planning

    async with opened(fails(401), says("A cup.")) as provider:
        more = {"model": CLAUDE, "model_fallbacks": (GPT,), **keys(provider.url)}
        async with Wiring(settings(tmp_path, **more)) as wiring:
            reply = await (await planning(wiring)).reply(ASK)
    assert (reply.model, reply.message.text) == (GPT, "A cup.")
    assert reply.degraded == (f"{GPT} answered in place of {CLAUDE}, which does not accept the key.",)


async def test_a_model_is_built_once_and_closed_with_the_bot(tmp_path: Path) -> None:
    async with opened(says("A cup."), keep_alive=True) as provider:
        async with Wiring(settings(tmp_path, model=CLAUDE, **keys(provider.url))) as wiring:
            model = await wiring.chat_model(CLAUDE)
            assert await wiring.chat_model(CLAUDE) is model
            await model.reply(ASK)
        with pytest.raises(ProviderFailure):
            await model.reply(ASK)


async def test_what_a_model_takes_is_charged_to_who_asks(tmp_path: Path) -> None:
    more = {"model": CLAUDE, "budget_user": 0.000001}
    async with opened(says("A cup.")) as provider:
        async with Wiring(settings(tmp_path, **more, **keys(provider.url))) as wiring:
            model = await wiring.chat_model(CLAUDE)
            with charged_to(user="U1"):
                await model.reply(ASK)
                with pytest.raises(ProviderFailure) as spent:
                    await model.reply(ASK)
            with charged_to(user="U2"):
                await model.reply(ASK)
        assert (spent.value.kind, len(provider.heard)) == ("budget", 2)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"model": "nobody:x"}, "SPYGLASS_MODEL"),
        ({"model": CLAUDE, "model_fallbacks": ("local",), "anthropic_api_key": "k"}, "local is none of"),
        ({"vision": "rapid_ocr"}, "SPYGLASS_VISION=rapid_ocr is for something else"),
        ({"vision": CLAUDE, "anthropic_api_key": "k", "vision_first": "x:y"}, "SPYGLASS_VISION_FIRST"),
        ({"vision": CLAUDE, "anthropic_api_key": "k", "vision_second": "prompt"}, "SPYGLASS_VISION_SECOND"),
    ],
)
async def test_a_setting_that_names_no_model_is_said_by_its_name(
    tmp_path: Path, more: dict[str, Any], told: str
) -> None:
    async with Wiring(settings(tmp_path, **more)) as wiring:
        with pytest.raises(AskAgain, match=told):
            await (wiring.planner() if "model" in more else wiring.lend(VisionModel))


# --- what leaves the machine ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "stays"),
    [
        ("local", True),
        ("no_vision", True),
        ("local_vision:florence", True),
        (HERE, True),
        ("openai_compatible:http://[::1]:8000/v1#x", True),
        ("openai_compatible:http://localhost/v1#x", True),
        ("openai_compatible:http://192.168.1.2/v1#x", False),
        ("openai_compatible:https://localhost.evil.example/v1#x", False),
        (CLAUDE, False),
        (GPT, False),
        ("google:gemini-2.5-flash", False),
    ],
)
def test_what_stays_on_the_machine_is_known(spec: str, stays: bool) -> None:
    assert stays_here(spec) is stays


def test_one_model_elsewhere_is_enough_to_leave(tmp_path: Path) -> None:
    assert plans_here(settings(tmp_path, model=HERE))
    assert not plans_here(settings(tmp_path, model=HERE, model_fallbacks=(GPT,)))
    assert looks_here(settings(tmp_path, vision=HERE, vision_second="prompts"))
    for more in ({"vision_fallbacks": (GPT,)}, {"vision_first": GPT}, {"vision_second": GPT}):
        assert not looks_here(settings(tmp_path, vision=HERE, **more))


async def test_local_only_turns_reach_no_provider(tmp_path: Path) -> None:
    async with opened(says("A cup.")) as provider:
        more = {"model": CLAUDE, "vision": GPT, **keys(provider.url)}
        async with Wiring(settings(tmp_path, **more)) as wiring:
            around = await wiring.surroundings(OWNER, local_only=True)
            assert around.planner.name == "local"
            eyes = await around.lend(VisionModel)
            with pytest.raises(CannotDo, match="local only"):
                await eyes.look([], "What is it?")
        assert provider.requests == []


# --- servers of one's own -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("", "as in openai_compatible:http://localhost:11434"),
        ("http://localhost:11434/v1", "as in openai_compatible:http://localhost:11434"),
        ("#llava", "as in openai_compatible:http://localhost:11434"),
        ("localhost:11434/v1#llava", "is no URL of a server"),
        ("ftp://localhost/v1#llava", "is no URL of a server"),
        ("http://localhost:port/v1#llava", "is no URL of a server"),
        ("http://me:secret@localhost/v1#llava", "SPYGLASS_OPENAI_COMPATIBLE_API_KEY"),
        ("https://models.example/v1?key=secret#llava", "SPYGLASS_OPENAI_COMPATIBLE_API_KEY"),
        ("http://models.example/v1#llava", "unencrypted: give an https:// address"),
        ("http://8.8.8.8/v1#llava", "unencrypted: give an https:// address"),
    ],
)
def test_an_address_that_is_wrong_is_said(rest: str, told: str) -> None:
    with pytest.raises(AskAgain, match=told) as wrong:
        openai_compatible.build(rest, Parts(home=Path("unused"), workers=PebbleWorkers()))
    assert "secret" not in str(wrong.value)


@pytest.mark.parametrize(
    "where",
    [
        "http://localhost:11434/v1",
        "http://127.0.0.1:8080/v1/",
        "http://[::1]:8000/v1",
        "http://192.168.1.20:1234/v1",
        "http://ollama:11434/v1",
        "http://vllm.models.svc.cluster.local/v1",
        "https://models.example/v1",
    ],
)
async def test_an_address_nearby_or_encrypted_is_taken(where: str) -> None:
    parts = Parts(home=Path("unused"), workers=PebbleWorkers())
    model = openai_compatible.build(f"{where}#qwen2.5vl:7b", parts)
    assert (model.card.name, model.card.known) == ("qwen2.5vl:7b", False)
    await model.close()
