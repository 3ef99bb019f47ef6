"""Documented limits of Anthropic's API.

Sources: platform.claude.com/docs/en/build-with-claude/vision ("General limits"), .../api/errors ("Request size
limits"). That 5 MB are counted on the base64 text: github.com/gptme/gptme/issues/185.
"""

from __future__ import annotations

from tests.provider.models import profile, profiles

REQUEST_BYTES = 32 * 1024 * 1024
BASE64_BYTES = 5 * 1024 * 1024
SIDE = 8000
"""Pixels."""
MANY = 20
"""Images above which `MANY_SIDE` holds."""
MANY_SIDE = 2000
BREAKPOINTS = 4
VERSIONS = ("2026-10-21", "2023-06-01", "2023-01-01")
SAMPLING = ("temperature", "top_p", "top_k")
"""Parameters only versions before 2026-10-21 have: platform.claude.com/docs/en/api/migration-2026-10-21."""
_SMALL = ("claude-haiku-4", "claude-sonnet-4", "claude-opus-4-5", "claude-opus-4-6", "claude-3")


def most_images(model: str) -> int:
    """100 for models with a context of 200,000 tokens, 600 for the others."""
    return 600 if profile("anthropic", model).get("max_input_tokens", 0) > 200_000 else 100


def wide(model: str) -> tuple[int, int]:
    """Longer side in pixels and image tokens to which the model reduces: more since Claude Opus 4.7."""
    known = model in profiles("anthropic") and not model.startswith(_SMALL)
    return (2576, 4784) if known else (1568, 1568)
