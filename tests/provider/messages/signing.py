"""Signatures of thinking blocks: what comes back must be what was sent."""

from __future__ import annotations

import base64
import hashlib


def signature(thinking: str) -> str:
    return base64.b64encode(hashlib.sha256(thinking.encode()).digest()).decode()
