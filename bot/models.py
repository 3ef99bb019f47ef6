"""Settings -> models: who plans and who looks, with those that stand in for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from bot.backends import makes_chat_model
from bot.lending import Lender
from tools.kit import Ocr
from tools.kit.errors import AskAgain
from tools.kit.models import AnswerStore, ChatModel, Ledger
from tools.kit.models.near import on_this_machine

if TYPE_CHECKING:
    from bot.settings import Settings
    from tools.kit import Discretion, VisionModel

AS_IN = "anthropic:MODEL, openai:MODEL, google:MODEL or openai_compatible:URL#MODEL"
HERE = ("local", "no_vision", "local_vision")
"""Schemes of what runs in this process or nowhere."""


def is_chat(spec: str) -> bool:
    """Whether a setting names a chat model behind a provider."""
    return makes_chat_model(spec.partition(":")[0])


def plans_here(settings: Settings) -> bool:
    """Whether nothing leaves the machine when a turn is planned."""
    return all(map(stays_here, (settings.model, *settings.model_fallbacks)))


def looks_here(settings: Settings) -> bool:
    """Whether nothing leaves the machine when an image is looked at."""
    second = settings.vision_second if settings.vision_second not in ("off", "prompts") else ""
    used = (settings.vision, *settings.vision_fallbacks, settings.vision_first, second)
    return all(stays_here(spec) for spec in used if spec)


def stays_here(spec: str) -> bool:
    """Whether nothing leaves the machine: it runs in this process, or on a server of the loopback interface."""
    scheme, _, rest = spec.partition(":")
    if scheme == "openai_compatible":
        return on_this_machine(rest.partition("#")[0])
    return scheme in HERE


async def planning(wiring: Lender) -> ChatModel:
    """The model that plans, and behind it those that stand in.

    Raises: AskAgain when one is set up wrongly.
    """
    settings = wiring.settings
    return chained(wiring, await _all(wiring, [settings.model, *settings.model_fallbacks], "SPYGLASS_MODEL"))


@dataclass(frozen=True)
class Eyes:
    """What `ChatVision` is made of."""

    strong: Sequence[ChatModel]
    first: ChatModel | None
    second: ChatModel | str | None
    answers: AnswerStore | None
    discretion: Discretion | None

    @property
    def asked(self) -> ChatModel:
        """The model that is asked before any other."""
        return self.first or self.strong[0]

    def with_asked(self, model: ChatModel) -> Eyes:
        """With that model in place of the one that is asked before any other."""
        return replace(self, first=model) if self.first else replace(self, strong=[model, *self.strong[1:]])


async def seeing(wiring: Lender) -> VisionModel:
    """The model that looks: `ChatVision` around chat models, or a backend of its own (no_vision, local_vision).

    Raises: AskAgain when one is set up wrongly.
    """
    settings = wiring.settings
    if not await asyncio.to_thread(is_chat, settings.vision):
        return cast("VisionModel", await wiring.backend(settings.vision))
    files = await _files(wiring) if settings.provider_files else None
    return opened(wiring, await eyes_of(wiring), ledger=await wiring.lend(Ledger), files=files)


async def eyes_of(wiring: Lender) -> Eyes:
    """The chat models that look. Raises: AskAgain when one is set up wrongly."""
    settings = wiring.settings
    strong = await _all(wiring, [settings.vision, *settings.vision_fallbacks], "SPYGLASS_VISION")
    first = await _all(wiring, [settings.vision_first] if settings.vision_first else [], "SPYGLASS_VISION_FIRST")
    second: Any = None if settings.vision_second == "off" else settings.vision_second
    if second not in (None, "prompts"):
        second = (await _all(wiring, [second], "SPYGLASS_VISION_SECOND"))[0]
    answers = await wiring.lend(AnswerStore) if settings.answers_days else None
    return Eyes(strong, first[0] if first else None, second, answers, await _discretion(wiring))


def opened(wiring: Lender, eyes: Eyes, *, ledger: Ledger | None, files: Any = None) -> VisionModel:
    """files: keeps images with providers."""
    settings = wiring.settings
    made: Any = wiring.imported("chat_vision")
    models = made.Models(
        eyes.strong,
        first=eyes.first,
        sure=settings.vision_sure,
        second=eyes.second,
        thinking=settings.thinking,
        files=files,
    )
    vision = made.ChatVision(
        models, answers=eyes.answers, near=settings.answers_near, ledger=ledger, discretion=eyes.discretion
    )
    return cast("VisionModel", vision)


async def _files(wiring: Lender) -> Any:
    """What leaves images with providers."""
    eyes: Any = wiring.imported("chat_vision")
    parts = await wiring.parts()
    return eyes.FileShelf(parts.home / "provider_files", eyes.providers(parts))


async def _discretion(wiring: Lender) -> Discretion | None:
    """What decides which images are sent; None where none is held back."""
    if not wiring.settings.hold_back:
        return None
    build: Any = wiring.imported("privacy").build
    return cast("Discretion", build("", await wiring.parts(), ocr=await wiring.lend(Ocr)))


def chained(wiring: Lender, models: Sequence[ChatModel]) -> ChatModel:
    return models[0] if len(models) == 1 else cast(ChatModel, wiring.imported("chat").ChainedModel(models))


async def _all(wiring: Lender, specs: Sequence[str], variable: str) -> list[ChatModel]:
    await asyncio.to_thread(checked, specs, variable)  # it imports SDKs, for seconds
    return [await wiring.chat_model(spec) for spec in specs]


def checked(specs: Sequence[str], variable: str) -> None:
    """Raises: AskAgain when one of them is no chat model."""
    for spec in specs:
        if not is_chat(spec):
            scheme = spec.partition(":")[0]
            raise AskAgain(f"There is no backend {scheme!r} of models: {spec} is none of {AS_IN}. Check {variable}.")
