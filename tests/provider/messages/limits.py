"""Documented limits of Anthropic's API.

Sources: platform.claude.com/docs/en/build-with-claude/vision ("General limits"), .../api/errors ("Request size
limits"). That 5 MB are counted on the base64 text: github.com/gptme/gptme/issues/185.
"""

from __future__ import annotations

from tests.provider.models import profile

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
_SMALL = ("claude-haiku", "claude-sonnet-4", "claude-opus-4-5", "claude-opus-4-6", "claude-mythos-preview", "claude-3")
_PREFILLED = ("claude-haiku-4", "claude-sonnet-4-5", "claude-opus-4-5", "claude-3")


_LEAST_CACHED = (
    (("claude-opus-4-5", "claude-opus-4-6", "claude-haiku-4-5"), 4096),
    (("claude-opus-4-7", "claude-3-haiku", "claude-3-5-haiku"), 2048),
    (("claude-opus-5", "claude-fable-5", "claude-mythos-5"), 512),
)


def least_cached(model: str) -> int:
    """Tokens below which a beginning is not cached, though it is marked; nothing says so.

    Source: platform.claude.com/docs/en/build-with-claude/prompt-caching ("Cache limitations"), as read by
    dev.to/creeta/claudes-prompt-cache-fails-silently-below-1024-tokens-1ch1.
    """
    return next((least for names, least in _LEAST_CACHED if model.startswith(names)), 1024)


def most_images(model: str) -> int:
    """100 for models with a context of 200,000 tokens, 600 for the others."""
    return 600 if profile("anthropic", model).get("max_input_tokens", 0) > 200_000 else 100


def wide(model: str) -> tuple[int, int]:
    """Longer side in pixels and image tokens to which the model reduces: more since Claude 4.7, but for Haiku.

    Source: as for the limits; docs.rs/vision-squeezer 0.6.2 has the same figures.
    """
    return (2576, 4784) if model.startswith("claude-") and not model.startswith(_SMALL) else (1568, 1568)


def prefilled(model: str) -> bool:
    """Whether the answer may be begun for the model: platform.claude.com/docs/en/api/errors."""
    return not model.startswith("claude-") or model.startswith(_PREFILLED)
