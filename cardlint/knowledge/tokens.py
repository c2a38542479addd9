"""Claims of signed tokens."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, deployment, parameters, unbounded
from cardlint.knowledge.schema import Library, Row

CLAIMS = ("jwt.decode()", "jose.jwt.decode()")
PERSONAL = ("[sub]", "[name]", "[given_name]", "[family_name]", "[nickname]")
"""Claims that tell one person from another (RFC 7519, 4.1.2; OpenID Connect Core, 5.1), besides those whose names mean an id."""
SET_UP = ("iss", "aud", "azp", "client_id")
TRUE_OR_FALSE = ("email_verified", "phone_number_verified", "active")


def claims_of(*tokens: str) -> tuple[Row, ...]:
    """Make the rows of the claims of a token: about a person, about the issuer and the audience, and any other.

    Issuers, audiences and clients are set up by the deployment (RFC 7519, 4.1.1 and 4.1.3; OpenID Connect Core, 2: azp; RFC 7662, 2.2:
    client_id).
    """
    return (
        *parameters("a claim of a token", *(f"{claims}[]" for claims in tokens)),
        *unbounded("identity", "a claim about a person", *(f"{claims}{name}" for claims in tokens for name in PERSONAL), advice=LOG),
        *deployment(
            "inventory", "the issuer, the audience or the client of a token", *(f"{claims}[{name}]" for claims in tokens for name in SET_UP)
        ),
        *bounded(2, "boolean", "whether something is true", *(f"{claims}[{name}]" for claims in tokens for name in TRUE_OR_FALSE)),
    )


LIBRARY = Library(
    packages=(
        "jwt",
        "jose",
    ),
    rows=(
        *claims_of(*CLAIMS),
        *unbounded("credentials", "a token", "jwt.encode()", advice=LOG),
    ),
)
