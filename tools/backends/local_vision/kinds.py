"""What a checkpoint is able to: told from its ``config.json`` alone, before anything of it is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from tools.kit.errors import CannotDo

Kind = Literal["captioner", "answerer", "blip2", "florence2"]
"""captioner: BLIP, which says what an image shows. answerer: BLIP for questions, which answers in a word or two.
blip2: does both. florence2: describes, reads and places objects; it takes no question."""
SUPPORTED = "BLIP, BLIP-2 and Florence-2"
NATIVE = "florence-community/Florence-2-base"
"""A checkpoint of Florence-2 that needs no code of its own."""


def kind_of(source: Path, name: str) -> Kind:
    """Raises: CannotDo for a checkpoint of another family, or one that only runs with code it brings along."""
    try:
        config: dict[str, Any] = json.loads((source / "config.json").read_text(encoding="utf-8"))
    except ValueError:
        raise CannotDo(f"The config.json of {name} is damaged: download the checkpoint again.") from None
    family = config.get("model_type")
    if family == "blip":
        architectures = config.get("architectures") or []
        return "answerer" if "BlipForQuestionAnswering" in architectures else "captioner"
    if family == "blip-2":
        return "blip2"
    if family != "florence2":
        raise CannotDo(f"{name} is of the family {family or 'unknown'}; local_vision runs {SUPPORTED}.")
    if "auto_map" in config:
        raise CannotDo(
            f"{name} runs only with code that it brings along, which is not run here: name {NATIVE} instead."
        )
    return "florence2"
