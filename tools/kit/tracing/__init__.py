"""What a turn took, as spans of one trace. Nothing is recorded until somebody wants it: `recorded_by`.

Names of spans and attributes are those of OpenTelemetry's conventions for generative AI.
"""

from tools.kit.tracing.models import Call, chat_span
from tools.kit.tracing.spans import (
    Attributes,
    Span,
    is_silent,
    kind_of,
    recorded_by,
    span,
    tool_span,
    without_content,
)

__all__ = [
    "Attributes",
    "Call",
    "Span",
    "chat_span",
    "is_silent",
    "kind_of",
    "recorded_by",
    "span",
    "tool_span",
    "without_content",
]
