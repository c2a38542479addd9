"""Stripe: events of a webhook, payments and errors."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, NAME, below, bounded, leads, people, unbounded
from cardlint.knowledge.schema import Library

EVENT, OBJECT = "stripe.Event", "stripe.StripeObject"
ERRORS = (
    *("StripeError", "CardError", "InvalidRequestError", "APIError", "APIConnectionError", "AuthenticationError", "RateLimitError"),
    *("IdempotencyError", "PermissionError", "SignatureVerificationError"),
)
MADE = (
    *("Charge", "PaymentIntent", "SetupIntent", "Customer", "Invoice", "Subscription", "Refund", "PaymentMethod", "checkout.Session"),
    *("Payout", "Transfer", "Dispute"),
)
CALLS = ("create()", "retrieve()", "modify()", "confirm()", "cancel()", "list().data[*]", "list().auto_paging_iter()[*]")


def _both(base: str, *names: str) -> tuple[str, ...]:
    """Write each name as an attribute and as a key: an object of Stripe has both."""
    return (*(f"{base}.{name}" for name in names), *(f"{base}[{name}]" for name in names))


LIBRARY = Library(
    packages=("stripe",),
    rows=(
        *leads(
            ("stripe.Webhook.construct_event()", EVENT),
            ("stripe.Event.construct_from()", EVENT),
            *((path, OBJECT) for of in _both(EVENT, "data") for path in _both(of, "object")),
            *((f"stripe.{made}.{call}", OBJECT) for made in MADE for call in CALLS),
        ),
        *bounded(300, "message-type", "the type of an event", *_both(EVENT, "type")),
        *bounded(2, "boolean", "whether it is the live mode", *_both(EVENT, "livemode"), *_both(OBJECT, "livemode")),
        *unbounded("identity", "the id of one event", *_both(EVENT, "id"), advice=LOG),
        *unbounded("time", "the time of one event", *_both(EVENT, "created"), *_both(OBJECT, "created"), advice=LOG),
        *unbounded(
            "identity",
            "the id of one payment, or of what belongs to it",
            *_both(OBJECT, "id", "payment_intent", "charge", "invoice", "subscription", "payment_method", "latest_charge", "client_secret"),
            advice=LOG,
        ),
        *people("a customer", *_both(OBJECT, "customer", "email", "receipt_email", "customer_email")),
        *unbounded("measurement", "an amount", *_both(OBJECT, "amount", "amount_received", "amount_total", "amount_due", "amount_paid")),
        *bounded(12, "state", "the state of a payment", *_both(OBJECT, "status")),
        *bounded(140, "code", "a currency", *_both(OBJECT, "currency")),
        *bounded(100, "code-name", "the kind of an object", *_both(OBJECT, "object")),
        *unbounded("free-text", "a description", *_both(OBJECT, "description", "statement_descriptor"), advice=FIXED_SET),
        *(
            row
            for error in (f"stripe.{name}" for name in ERRORS)
            for row in (
                *bounded(
                    200, "error-code", "the code of an error", *below(error, ".code", ".decline_code", ".error.code", ".error.decline_code")
                ),
                *bounded(4, "code-name", "the kind of an error", f"{error}.error.type"),
                *bounded(15, "status", "HTTP status", f"{error}.http_status"),
                *unbounded("exception-text", "the text of an exception", error, advice=NAME, deep=False),
                *unbounded("free-text", "the text of an error", *below(error, ".user_message", ".error.message"), advice="its `code`"),
                *unbounded("identity", "the id of one request", f"{error}.request_id", advice=LOG),
            )
        ),
    ),
    aliases=(("stripe.error", "stripe"), ("stripe.Webhook.construct_event_without_verification()", EVENT)),
)
"""stripe 16.1, `_webhook.py`, `_error.py` and `_event.py`; Stripe API reference: Events, PaymentIntents, Errors, Error codes and
Currencies."""
