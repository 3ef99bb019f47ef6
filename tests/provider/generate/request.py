"""What a request of generateContent may hold, in the types of Google's own SDK."""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from tests.provider.refusal import Refusal

NOT_A_WORD = re.compile(r"(?<=[a-z0-9])([A-Z])")


def check_types(body: Any) -> None:
    """Raises: Refusal in the words of the Gemini API."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _request().model_validate(body)
    except (UserWarning, AttributeError) as odd:  # how the SDK's types meet a name no enumeration has
        raise Refusal(f"Invalid value: {odd}") from odd
    except ValidationError as found:
        error = found.errors(include_url=False)[0]
        place = _written(error["loc"])
        if error["type"] == "extra_forbidden":
            parent = _written(error["loc"][:-1])
            at = f" at '{parent}'" if parent else ""
            name = error["loc"][-1]
            words = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
            raise Refusal(words, where=place) from found
        raise Refusal(f"Invalid value at '{place}': {error['msg']}", where=place) from found


@cache
def _request() -> type[BaseModel]:
    from google.genai import types

    class Request(BaseModel):
        """ai.google.dev/api/generate-content ("Request body")."""

        model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

        contents: list[types.Content]
        system_instruction: types.Content | None = None
        tools: list[types.Tool] | None = None
        tool_config: types.ToolConfig | None = None
        safety_settings: list[types.SafetySetting] | None = None
        generation_config: types.GenerationConfig | None = None
        cached_content: str | None = None
        labels: dict[str, str] | None = None

    return Request


def _written(place: tuple[int | str, ...]) -> str:
    told = ""
    for step in place:
        if isinstance(step, int):
            told += f"[{step}]"
        elif step not in ("str", "int", "bytes"):
            name = NOT_A_WORD.sub(lambda found: f"_{found[1].lower()}", step)
            told += f".{name}" if told else name
    return told
