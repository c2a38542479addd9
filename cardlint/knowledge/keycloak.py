"""python-keycloak: claims of tokens, users, and what a server has been set up with."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, people, unbounded
from cardlint.knowledge.schema import Library
from cardlint.knowledge.tokens import claims_of

OPENID, ADMIN = "keycloak.KeycloakOpenID", "keycloak.KeycloakAdmin"
CLAIMS = tuple(f"{OPENID}.{call}{word}()" for call in ("", "a_") for word in ("userinfo", "introspect", "decode_token"))
USERS = (f"{ADMIN}.get_users()[*]", f"{ADMIN}.get_user()")
EVENT = f"{ADMIN}.get_events()[*]"

LIBRARY = Library(
    packages=("keycloak",),
    rows=(
        *claims_of(*CLAIMS),
        *unbounded("credentials", "a token", *below(f"{OPENID}.token()", "[access_token]", "[refresh_token]", "[id_token]"), advice=LOG),
        *people(
            "a user of the server", *(f"{user}[{name}]" for user in USERS for name in ("id", "username", "email", "firstName", "lastName"))
        ),
        *unbounded("identity", "a user of the server", f"{ADMIN}.get_user_id()", advice=LOG),
        *deployment("inventory", "a realm", *below(f"{ADMIN}.get_realms()[*]", "[id]", "[realm]"), *below(ADMIN, ".realm_name")),
        *deployment("inventory", "a client of the server", *below(f"{ADMIN}.get_clients()[*]", "[id]", "[clientId]", "[name]")),
        *deployment("inventory", "a group or a role", *(f"{ADMIN}.{call}()[*][name]" for call in ("get_groups", "get_realm_roles"))),
        *bounded(150, "message-type", "the type of an event", f"{EVENT}[type]"),
        *deployment("inventory", "a realm or a client", *below(EVENT, "[realmId]", "[clientId]")),
        *unbounded("identity", "a user or a session", *below(EVENT, "[userId]", "[sessionId]"), advice=LOG),
        *unbounded("address", "the address of the client", f"{EVENT}[ipAddress]", advice=LOG),
        *unbounded("time", "the time of one event", f"{EVENT}[time]", advice=LOG),
        *bounded(15, "status", "HTTP status", "keycloak.KeycloakError.response_code"),
    ),
    aliases=(("keycloak.exceptions.KeycloakError", "keycloak.KeycloakError"),),
)
"""python-keycloak 7.1, `keycloak_openid.py` and `keycloak_admin.py`; Keycloak Admin REST API: UserRepresentation, ClientRepresentation and
EventRepresentation."""
