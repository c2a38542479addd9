"""Verdict = execution: what cardlint says of every label of every service is compared with the series that the service really made.

Each service of `fixtures` runs under its framework with 10 and then 50 users and paths, with routes and methods that do not exist.
Unbounded is what grew, and nothing else; a size is never smaller than the number of values. The services come in pairs, one bad
and one good.

A second table asks the same of everything that frameworks pass and hold, an expression at a time; there a client cannot vary all of
it, so that only what is claimed too small and what is missed counts.

It needs the frameworks: `pip install -e '.[dev,oracle]' && pytest -m oracle`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.table import Row, fields, services, table, totals

WRONG: dict[str, str] = {
    "celery_leaky jobs_mails[template]": "an argument of a task that nobody sends here is guessed by its name",
    "grpc_leaky rpc_codes[details]": "a field of a message is guessed by its name, and stands in this text",
    "grpc_leaky rpc_orders_placed[kind]": "a field of a message is guessed by its name",
}
"""Labels of which cardlint says something wrong, each with the reason. One that becomes right must go from here."""

MISSED: dict[str, str] = {
    "celery_leaky jobs_charged[account]": "an argument of a task that nobody sends here; reported by its name",
    "celery_leaky jobs_mails[recipient]": "an argument of a task that nobody sends here",
    "grpc_leaky rpc_orders_placed[customer]": "a field of a message; reported by its name",
    "grpc_leaky rpc_place_seconds[customer]": "a field of a message; reported by its name",
    "grpc_leaky rpc_watchers[order]": "a field of a message",
    "worker_leaky worker_jobs[user_id]": "an id that is the index of a range; reported by its name",
}
"""Labels that grew and of which cardlint says that it does not know, each with what it does not follow."""

UNKNOWN: frozenset[str] = frozenset(
    {
        "exporter_fixed machine_build[version]",
        "exporter_leaky machine_last_job[id]",
        "falcon_fixed api_resources[param]",
        "falcon_leaky api_failures[title]",
    }
)
"""Labels that did not grow and of which cardlint says that it does not know."""


FIELDS_TOO_SMALL: dict[str, str] = {}
"""Expressions of which cardlint claims less than there was."""

FIELDS_MISSED = {
    'aiohttp get: request.app.router["user"].url_for(name=request.match_info["name"])': "the route is known by a key",
    "aiohttp before: dict(request.match_info)": "the text of a dictionary",
    'bottle plugin: kwargs.get("name", "none")': "the arguments of a function that a plugin wraps",
    "celery work: kind": "an argument of a task that nobody sends here",
    "celery work: n": "an argument of a task that nobody sends here",
    "grpc client: client_call_details.metadata": "metadata of the program's own calls",
    'grpc place: request["n"]': "a field of a message",
    'grpc place: request["name"]': "a field of a message",
}
"""Expressions whose values grew and of which cardlint says that it does not know, each with what it does not follow."""


@pytest.mark.once
@pytest.mark.oracle
def test_no_field_of_a_framework_holds_more_than_is_said(tmp_path: Path) -> None:
    found = fields(tmp_path)
    print(totals(found))
    assert [row.key for row in found if not row.many] == [], "an expression that was never counted"
    assert {row.key for row in found if row.too_small} == FIELDS_TOO_SMALL.keys()
    assert _named(found, "missed") == FIELDS_MISSED.keys()


@pytest.mark.once
@pytest.mark.oracle
def test_what_is_said_of_each_label_is_what_happened() -> None:
    found = table()
    print(totals(found))
    assert _named(found, "wrong") == WRONG.keys()
    assert _named(found, "missed") == MISSED.keys()
    assert _named(found, "unknown") == UNKNOWN


def _named(found: list[Row], verdict: str) -> set[str]:
    return {row.key for row in found if row.verdict == verdict}


def test_every_service_has_a_bad_and_a_good_twin() -> None:
    driven = [service for service in services() if service.client != "-"]
    assert {s.name for s in driven} == {f"{s.client.removeprefix('drives.')}_{kind}" for s in driven for kind in ("leaky", "fixed")}
