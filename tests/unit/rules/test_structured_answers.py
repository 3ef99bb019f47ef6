"""An answer held to a schema: what models add to it, and what they leave out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from pydantic import ValidationError

from tools.backends.chat.structured import found_in
from tools.kit.seeing import Sight

PLACE = {"image": "image 1", "what": "a dog", "left": 0.1, "top": 0.1, "right": 0.5, "bottom": 0.5}
WHOLE: dict[str, Any] = {"answer": "A dog.", "confidence": 0.9, "cannot_determine": False, "regions": [PLACE]}


def said(answer: dict[str, Any]) -> AIMessage:
    return AIMessage(f"Here you are:\n```json\n{json.dumps(answer)}\n```")


def test_keys_nobody_asked_for_are_dropped_wherever_they_are() -> None:
    more = {**WHOLE, "reasoning": {"steps": [1]}, "regions": [{**PLACE, "colour": "brown", "id": 1}, PLACE]}
    assert found_in(said(more), Sight) == Sight.model_validate({**WHOLE, "regions": [PLACE, PLACE]})


def test_what_is_missing_beside_them_is_still_wrong() -> None:
    lacking = {name: value for name, value in WHOLE.items() if name != "confidence"}
    with pytest.raises(ValidationError, match="confidence"):
        found_in(said({**lacking, "sure": 0.9}), Sight)


def test_what_is_wrong_in_itself_is_not_dropped() -> None:
    with pytest.raises(ValidationError, match="confidence"):
        found_in(said({**WHOLE, "confidence": 90, "note": "in per cent"}), Sight)
