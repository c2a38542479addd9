"""Claims of signed tokens."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, unbounded
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=(
        "jwt",
        "jose",
    ),
    rows=(
        *unbounded(
            "identity",
            "a claim of a token",
            "jwt.decode()[]",
            "jose.jwt.decode()[]",
            "jwt.encode()",
            advice=LOG,
        ),
    ),
)
