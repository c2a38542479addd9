"""Claims of signed tokens."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, parameters, unbounded
from cardlint.knowledge.schema import Library

CLAIMS = ("jwt.decode()", "jose.jwt.decode()")
PERSONAL = ("[sub]", "[name]", "[given_name]", "[family_name]", "[nickname]")
"""Claims that tell one person from another (RFC 7519, 4.1.2; OpenID Connect Core, 5.1), besides those whose names mean an id."""

LIBRARY = Library(
    packages=(
        "jwt",
        "jose",
    ),
    rows=(
        *parameters("a claim of a token", *(f"{claims}[]" for claims in CLAIMS)),
        *unbounded("identity", "a claim about a person", *(f"{claims}{name}" for claims in CLAIMS for name in PERSONAL), advice=LOG),
        *unbounded("credentials", "a token", "jwt.encode()", advice=LOG),
    ),
)
