"""Requests with a defect each, and the words with which the provider refuses them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.defects import chat, claude, gemini, responses
from tests.contract.defects.making import Body, Change, Defect

WIRES = {"claude": claude, "chat": chat, "responses": responses, "gemini": gemini}
DEFECTS: Mapping[str, Mapping[str, Defect]] = {name: each.DEFECTS for name, each in WIRES.items()}

__all__ = ["DEFECTS", "WIRES", "Body", "Change", "Defect"]
