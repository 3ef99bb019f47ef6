"""Which models plan and see."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from bot.settings.kinds import Names, Url, vendors


class ModelSettings(BaseSettings):
    """Models behind providers. A model is named ``provider:MODEL``, or ``openai_compatible:URL#MODEL``."""

    model: Annotated[
        str,
        Field(
            description="Who plans: local (no model, no key), anthropic:MODEL, openai:MODEL, google:MODEL, "
            "openai_compatible:URL#MODEL (Ollama, vLLM, llama.cpp, LM Studio)."
        ),
    ] = "local"
    model_fallbacks: Annotated[
        Names,
        Field(
            description="Who plans when that model fails, in order, with commas between them; the local planner is "
            "always the last."
        ),
    ] = ()
    vision: Annotated[
        str,
        Field(
            description="Who looks at images when asked about pixels: no_vision, anthropic:MODEL, openai:MODEL, "
            "google:MODEL, openai_compatible:URL#MODEL, local_vision:HUB_NAME_OR_FOLDER (BLIP, BLIP-2, Florence-2)."
        ),
    ] = "no_vision"
    vision_fallbacks: Annotated[
        Names, Field(description="Who looks when that model fails, in order, with commas between them.")
    ] = ()
    vision_first: Annotated[
        str,
        Field(description="A cheap model that looks first; the one above is asked when it is not sure. None if empty."),
    ] = ""
    vision_sure: Annotated[
        float, Field(ge=0, le=1, description="Confidence from which the cheap model's answer stands.")
    ] = 0.75
    vision_second: Annotated[
        str,
        Field(
            description="A second reading where much depends on it (readings, amounts, damage): off, prompts (the same "
            "model is asked twice in other words), or another model as provider:MODEL."
        ),
    ] = "off"
    thinking: Annotated[
        bool, Field(description="Whether step-by-step analysis uses extended thinking where the provider offers it.")
    ] = True
    anthropic_api_key: Annotated[
        SecretStr | None, Field(description="Key for anthropic:MODEL.", validation_alias=vendors("ANTHROPIC_API_KEY"))
    ] = None
    openai_api_key: Annotated[
        SecretStr | None, Field(description="Key for openai:MODEL.", validation_alias=vendors("OPENAI_API_KEY"))
    ] = None
    google_api_key: Annotated[
        SecretStr | None, Field(description="Key for google:MODEL.", validation_alias=vendors("GOOGLE_API_KEY"))
    ] = None
    openai_compatible_api_key: Annotated[
        SecretStr | None, Field(description="Key for openai_compatible:URL#MODEL, where the server wants one.")
    ] = None
    anthropic_base_url: Annotated[
        Url | None,
        Field(description="A proxy in front of Anthropic.", validation_alias=vendors("ANTHROPIC_BASE_URL")),
    ] = None
    openai_base_url: Annotated[
        Url | None,
        Field(
            description="Another server that speaks like OpenAI, for openai:MODEL.",
            validation_alias=vendors("OPENAI_BASE_URL"),
        ),
    ] = None
    google_base_url: Annotated[
        Url | None,
        Field(description="A proxy in front of Google.", validation_alias=vendors("GOOGLE_BASE_URL")),
    ] = None
    openai_wire: Annotated[
        str,
        Field(pattern="^(auto|responses|chat)$", description="How openai:MODEL is spoken to: auto, responses, chat."),
    ] = "auto"
    model_seconds: Annotated[float, Field(gt=0, description="Deadline of one call of a model, in seconds.")] = 60.0
    model_retries: Annotated[
        int, Field(ge=0, description="How often a call that failed for a moment (429, 500, timeout) is tried again.")
    ] = 2
    breaker_failures: Annotated[
        int, Field(gt=0, description="Failures in a row after which a provider is left alone for a while.")
    ] = 3
    breaker_seconds: Annotated[float, Field(gt=0, description="How long it is left alone, in seconds.")] = 30.0
