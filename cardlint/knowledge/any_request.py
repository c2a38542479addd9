"""A request of a web framework that the file does not import: told by its usual name and the accesses that frameworks share.

Each access is documented by at least one framework of `knowledge` B0-B3 (Django, Flask, Starlette, aiohttp, Pyramid, Tornado, Sanic).
What they do not share is left out: `endpoint` is a template in Flask and a path elsewhere.
"""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.knowledge.guesses import REQUEST
from cardlint.knowledge.schema import Library
from cardlint.knowledge.web import request

META = ("HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_ACCEPT_LANGUAGE", "HTTP_AUTHORIZATION", "HTTP_X_REQUEST_ID")


def _keyed(holders: tuple[str, ...], keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(access for holder in holders for key in keys for access in (f"{holder}[{key}]", f"{holder}.get({key})"))


def _read(*names: str) -> tuple[str, ...]:
    return tuple(access for name in names for access in (name, f"{name}[]", f"{name}.get()"))


LIBRARY = Library(
    packages=("any_request",),
    rows=tuple(
        replace(row, likely=True)
        for row in request(
            REQUEST,
            methods=(),
            paths=(
                ".path",
                ".path_info",
                ".full_path",
                ".raw_path",
                ".path_qs",
                ".path_url",
                ".rel_url",
                ".raw_url",
                ".uri",
                ".url",
                ".url.path",
                ".url.raw_path",
                ".relative_uri",
                ".query_string",
                ".get_full_path()",
                ".get_full_path_info()",
                ".build_absolute_uri()",
                ".full_url()",
                *_keyed((".META", ".environ"), ("PATH_INFO", "QUERY_STRING", "REQUEST_URI")),
                *_keyed((".scope",), ("path", "raw_path", "query_string")),
            ),
            addresses=(
                ".remote_addr",
                ".remote_ip",
                ".client_addr",
                ".client_ip",
                ".client.host",
                *_keyed((".META", ".environ"), ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")),
            ),
            users=(".user", ".current_user", *_read(".session", ".COOKIES", ".cookies"), ".remote_user", ".authenticated_userid"),
            headers=(*_read(".headers"), ".user_agent", ".referrer", ".referer", *_keyed((".META", ".environ"), META)),
            inputs=(
                *_read(".GET", ".POST", ".query_params", ".json()", ".get_json()", ".form()"),
                *(access for name in (".args", ".form", ".data", ".query", ".match_info") for access in (f"{name}[]", f"{name}.get()")),
                ".json[]",
                ".json.get()",
                ".get_argument()",
                ".get_data()",
                ".body",
            ),
            ids=(".request_id", ".correlation_id", ".trace_id", ".state.request_id"),
            params=(
                *_read(".path_params", ".view_args", ".matchdict", ".resolver_match.kwargs"),
                *_keyed((".scope",), ("path_params",)),
            ),
            routes=(
                ".url_rule",
                ".url_rule.rule",
                ".resolver_match",
                ".resolver_match.route",
                ".resolver_match.view_name",
                ".resolver_match.url_name",
                ".match_info.route.resource.canonical",
                ".matched_route.pattern",
                ".matched_route.name",
                ".uri_template",
                *(f".scope{key}{part}" for key in ("[route]", ".get(route)") for part in ("", ".path", ".path_format", ".name")),
            ),
        )
    ),
)
