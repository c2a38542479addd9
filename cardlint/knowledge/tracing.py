"""OpenTelemetry and correlation ids: traces and spans."""

from __future__ import annotations

from cardlint.knowledge.rows import unbounded
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=(
        "opentelemetry",
        "structlog",
        "asgi_correlation_id",
    ),
    rows=(
        *unbounded(
            "identity",
            "the id of a trace",
            "opentelemetry.trace.get_current_span().get_span_context().trace_id",
            "opentelemetry.trace.get_current_span().get_span_context().span_id",
            "opentelemetry.trace.format_trace_id()",
            "asgi_correlation_id.correlation_id.get()",
            advice="nothing: attach it as an exemplar, which is made for trace ids",
        ),
    ),
)
