"""tenacity: the state of a retried call."""

from __future__ import annotations

from cardlint.knowledge.rows import below, bounded, unbounded
from cardlint.knowledge.schema import Library, Named, Row, Shape

STATE = "tenacity.RetryCallState"

HOOKS = ("before", "after", "before_sleep", "retry_error_callback")
"""Keywords of functions that get the state of a retried call (tenacity 9, API Reference: Retry Main API)."""

LIBRARY = Library(
    packages=("tenacity",),
    rows=(
        *bounded(
            50,
            "code-name",
            "name of the function that is tried",
            f"{STATE}.fn.__name__",
            f"{STATE}.fn.__qualname__",
            f"{STATE}.fn.__module__",
            f"{STATE}.get_fn_name()",
        ),
        *unbounded(
            "measurement",
            "a duration: a measurement, not a category",
            *below(STATE, ".seconds_since_start", ".idle_for", ".upcoming_sleep", ".next_action.sleep"),
            advice="nothing: observe it in a Histogram",
        ),
        *(
            Row(
                path,
                "unbounded",
                None,
                "exception-text",
                "the text of an exception",
                returns="builtins.BaseException",
                advice="`type(e).__name__`, the class of the exception",
            )
            for path in (f"{STATE}.outcome.exception()", "tenacity.RetryError.last_attempt.exception()")
        ),
    ),
    shapes=tuple(
        Shape("tenacity", (("#0", STATE),), passed=f"tenacity.{made}()", places=HOOKS)
        for made in ("retry", "Retrying", "AsyncRetrying", "BaseRetrying")
    ),
    names=(Named(("tenacity",), "retry_state", STATE),),
)
