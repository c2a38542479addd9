"""Twilio: messages, calls and errors."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, leads, people, unbounded
from cardlint.knowledge.schema import Library

CLIENT, ERROR = "twilio.rest.Client", "twilio.base.exceptions.TwilioRestException"
MESSAGE, CALL = "twilio.rest.api.v2010.account.message.MessageInstance", "twilio.rest.api.v2010.account.call.CallInstance"
GOT = ("create()", "create_async()", "list()[*]", "stream()[*]")

LIBRARY = Library(
    packages=("twilio",),
    rows=(
        *leads(
            *((f"{CLIENT}.{name}.{got}", made) for name, made in (("messages", MESSAGE), ("calls", CALL)) for got in GOT),
            *((f"{CLIENT}.{name}().fetch()", made) for name, made in (("messages", MESSAGE), ("calls", CALL))),
        ),
        *unbounded(
            "identity",
            "the id of one message or call",
            *(f"{made}.{name}" for made in (MESSAGE, CALL) for name in ("sid", "uri")),
            advice=LOG,
        ),
        *people("a phone number", f"{MESSAGE}.to", f"{MESSAGE}.from_", f"{CALL}.to"),
        *unbounded("free-text", "the text of a message", f"{MESSAGE}.body", advice=LOG),
        *unbounded("free-text", "the text of an error", f"{MESSAGE}.error_message", f"{ERROR}.msg", advice="its `code`"),
        *bounded(200, "error-code", "the code of an error", f"{MESSAGE}.error_code", f"{ERROR}.code"),
        *bounded(13, "state", "the state of a message or call", f"{MESSAGE}.status", f"{CALL}.status"),
        *bounded(5, "code-name", "the direction of a message or call", f"{MESSAGE}.direction", f"{CALL}.direction"),
        *unbounded("exception-text", "the text of an exception", ERROR, advice="its `code`", deep=False),
        *bounded(15, "status", "HTTP status", f"{ERROR}.status"),
        *bounded(5, "http-method", "an HTTP method of the program", f"{ERROR}.method"),
        *unbounded("raw-path", "the path of a request, with ids", f"{ERROR}.uri", advice="its `code`"),
    ),
)
"""twilio 9.13, `rest/api/v2010/account/message`, `rest/api/v2010/account/call` and `base/exceptions.py`."""
