"""Spans by OpenTelemetry, sent over HTTP by a thread of its own: a collector that is away costs a turn nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span as OpenSpan
from opentelemetry.trace import SpanKind, StatusCode

from tools.kit.tracing import Attributes, Span, is_silent, kind_of

if TYPE_CHECKING:
    from bot.settings import Settings

log = logging.getLogger(__name__)

SECONDS = 2.0
"""What one delivery may take, and what the end of the process waits for the last."""
HIDDEN = "▇▇▇"


class Collector:
    """Starts spans and delivers them."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # we say it once, in place of its every try
        exporter = OTLPSpanExporter(f"{settings.trace_endpoint.rstrip('/')}/v1/traces", timeout=SECONDS)
        self._provider = TracerProvider(resource=Resource.create({"service.name": "spyglass"}), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(_Told(exporter, settings.trace_endpoint, say)))
        self._tracer = self._provider.get_tracer("spyglass")
        self._content = settings.trace_content
        self._secrets = settings.secrets()

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[Span]:
        kind = SpanKind.CLIENT if attributes.get("gen_ai.operation.name") == "chat" else SpanKind.INTERNAL
        started = self._tracer.start_as_current_span(
            name, kind=kind, attributes=dict(attributes), record_exception=False, set_status_on_exception=False
        )
        with started as span:
            recorded = _Recorded(span, self._secrets, content=self._content)
            try:
                yield recorded
            except BaseException as error:
                recorded.failed(kind_of(error))
                raise

    def close(self) -> None:
        """Deliver what is left. Blocks for `SECONDS` at most where nobody takes it."""
        self._provider.shutdown()


class _Recorded:
    def __init__(self, span: OpenSpan, secrets: Iterable[str], *, content: bool) -> None:
        self._span = span
        self._secrets = [secret for secret in secrets if secret]
        self._content = content

    def set(self, attributes: Attributes) -> None:
        self._span.set_attributes(dict(attributes))

    def content(self, attributes: Callable[[], Attributes]) -> None:
        if is_silent() or not self._content:
            return
        with suppress(Exception):  # a turn is worth more than its trace
            self._span.set_attributes({name: self._without_secrets(value) for name, value in attributes().items()})

    def _without_secrets(self, said: Any) -> str:
        text = str(said)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def failed(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)


class _Told(SpanExporter):
    """Says once when spans cannot be delivered."""

    def __init__(self, exporter: SpanExporter, endpoint: str, say: Callable[[str], None]) -> None:
        self._exporter = exporter
        self._endpoint = endpoint
        self._say = say
        self._told = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS and not self._told:
            self._told = True
            self._say(
                f"Traces cannot be delivered to {self._endpoint}: start a collector there, set "
                "OTEL_EXPORTER_OTLP_ENDPOINT, or SPYGLASS_TRACE=off."
            )
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)
