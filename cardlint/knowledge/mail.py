"""Mail and directories: the envelope of a message that a server gets, and the entries of an LDAP directory."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.knowledge.rows import LOG, below, bounded, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

ENVELOPE, SESSION = "aiosmtpd.smtp.Envelope", "aiosmtpd.smtp.Session"
PEER = "aiosmtpd.sent"
SIGNATURE = ("server", "session", "envelope")
HOOKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("handle_HELO", ("hostname",)),
    ("handle_EHLO", ("hostname",)),
    ("handle_MAIL", ("address", "mail_options")),
    ("handle_RCPT", ("address", "rcpt_options")),
    ("handle_VRFY", ("address",)),
    ("handle_DATA", ()),
    ("handle_RSET", ()),
    ("handle_QUIT", ()),
)
"""Hooks of a handler, and what each gets after the server, the session and the envelope (aiosmtpd 1.4.6, Handler hooks)."""
CONNECTION = "ldap3.Connection"
NAMES = (
    *(f"{CONNECTION}.entries[{index}].entry_dn" for index in ("*", "0")),
    *(f"ldap3.answers[{index}][{key}]" for index in ("*", "0") for key in ("dn", "raw_dn")),
    *(f"ldap.initialize().{search}()[{index}][0]" for search in ("search_s", "search_st", "search_ext_s") for index in ("*", "0")),
)
"""Names of entries. Most directories have one for each person, and some searches ask for a few groups, or for the counters of a server."""

LIBRARY = Library(
    packages=("aiosmtpd", "ldap3", "ldap"),
    rows=(
        *unbounded("identity", "an address of a mail", *below(ENVELOPE, ".mail_from", ".rcpt_tos"), advice=LOG),
        *unbounded("body", "a mail", *below(ENVELOPE, ".content", ".original_content", ".mail_options", ".rcpt_options"), advice=LOG),
        *bounded(2, "boolean", "whether the mail may have any letters", f"{ENVELOPE}.smtp_utf8"),
        *unbounded("address", "the address of the client", f"{SESSION}.peer", advice=LOG),
        *unbounded("body", "the name that the client gives itself", f"{SESSION}.host_name", advice=LOG),
        *unbounded("identity", "the sender of a mail", *below(SESSION, ".auth_data", ".login_data"), advice=LOG),
        *bounded(2, "boolean", "a flag of the session", *below(SESSION, ".extended_smtp", ".authenticated")),
        *unbounded("body", "what the client of a mail server sent", PEER, advice=LOG),
        *leads(*((f"{CONNECTION}.{name}", "ldap3.answers") for name in ("response", "extend.standard.paged_search()"))),
        *(replace(row, likely=True) for row in unbounded("identity", "the name of an entry in the directory", *NAMES, advice=LOG)),
        *bounded(
            100,
            "code",
            "the code of a result of LDAP",
            *below(CONNECTION, ".result[description]", ".result[result]"),
        ),
    ),
    shapes=tuple(
        Shape(
            "aiosmtpd",
            (("session", SESSION), ("envelope", ENVELOPE), *((name, PEER) for name in sent)),
            method=method,
            signature=SIGNATURE,
        )
        for method, sent in HOOKS
    ),
    aliases=(("ldap3.core.connection.Connection", CONNECTION),),
)
"""aiosmtpd 1.4.6, `smtp.Envelope` and `smtp.Session`; ldap3, Connection: Responses; python-ldap, LDAPObject."""
