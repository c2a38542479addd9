"""Authlib: claims of tokens, and what a provider says of a person at the login."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, leads, unbounded
from cardlint.knowledge.schema import Library
from cardlint.knowledge.tokens import claims_of

CLIENT = "authlib.OAuth2App"
REGISTRIES = tuple(f"authlib.integrations.{framework}_client.OAuth" for framework in ("starlette", "flask", "django"))
TOKEN = f"{CLIENT}.authorize_access_token()"
CLAIMS = ("authlib.jose.jwt.decode()", f"{TOKEN}[userinfo]", f"{CLIENT}.userinfo()", f"{CLIENT}.parse_id_token()")

LIBRARY = Library(
    packages=("authlib",),
    rows=(
        *leads(*((f"{oauth}{part}", CLIENT) for oauth in REGISTRIES for part in (".*", ".create_client()", ".register()"))),
        *claims_of(*CLAIMS),
        *unbounded(
            "credentials",
            "a token",
            "authlib.jose.jwt.encode()",
            *(f"{TOKEN}[{name}_token]" for name in ("access", "refresh", "id")),
            advice=LOG,
        ),
    ),
)
"""Authlib 1.9, `jose/rfc7519/jwt.py`, `integrations/starlette_client/apps.py` and `base_client/async_openid.py`;
OpenID Connect Core, 5.1."""
