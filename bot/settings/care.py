"""What models may cost, what they may see, and what is recorded of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from bot.settings.kinds import Ids, Sensitives, vendors


class CareSettings(BaseSettings):
    """Money, privacy and traces."""

    answers_days: Annotated[
        int, Field(ge=0, description="Days for which what a vision model said is kept and said again; 0 keeps nothing.")
    ] = 30
    answers_near: Annotated[
        bool,
        Field(
            description="Whether an answer about a near-duplicate of the image counts too (never for reading, "
            "extraction or comparison)."
        ),
    ] = False
    provider_files: Annotated[
        bool,
        Field(
            description="Whether an image that is asked about again is left with its provider (Anthropic, OpenAI) for "
            "a day instead of being sent each time; it is deleted there when it is deleted here."
        ),
    ] = False
    budget_workspace: Annotated[
        float | None,
        Field(ge=0, description="US dollars a day (UTC) that models may cost a workspace; no limit if empty."),
    ] = None
    budget_channel: Annotated[float | None, Field(ge=0, description="The same for one channel.")] = None
    budget_user: Annotated[float | None, Field(ge=0, description="The same for one person.")] = None
    usage_days: Annotated[
        int,
        Field(ge=0, description="Days for which the ledger keeps each call of a model (ids and numbers); 0: for ever."),
    ] = 400
    bulk_batches: Annotated[
        bool,
        Field(description="Whether bulk work goes through the provider's batch interface: cheaper, within a day."),
    ] = False
    hold_back: Annotated[
        Sensitives,
        Field(
            description="Kinds of images that no provider gets to see, with commas between them: faces, screens, "
            "documents."
        ),
    ] = frozenset()
    hold_back_how: Annotated[
        Literal["withhold", "blur"],
        Field(description="Such images are not sent at all (withhold), or with faces and text made unreadable (blur)."),
    ] = "withhold"
    local_only_channels: Annotated[
        Ids, Field(description="Ids of channels whose messages and images never leave this machine.")
    ] = frozenset()
    trace: Annotated[
        Literal["off", "otlp"],
        Field(description="OpenTelemetry traces of every turn: off, otlp (to OTEL_EXPORTER_OTLP_ENDPOINT)."),
    ] = "off"
    trace_endpoint: Annotated[
        str,
        Field(
            description="Where traces go (OTLP over HTTP).",
            validation_alias=vendors("OTEL_EXPORTER_OTLP_ENDPOINT"),
        ),
    ] = "http://localhost:4318"
    trace_content: Annotated[
        bool, Field(description="Whether traces hold prompts, answers and images; without, only names and numbers.")
    ] = False
    langsmith: Annotated[bool, Field(description="Whether LangSmith gets its own traces, prompts included.")] = False
    langsmith_api_key: Annotated[
        SecretStr | None, Field(description="Key for LangSmith.", validation_alias=vendors("LANGSMITH_API_KEY"))
    ] = None
