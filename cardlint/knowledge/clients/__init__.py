"""Metrics clients: one file of rows each.

A client is known to every part of the program by its rows alone. To support another one, write its file and name it here.
"""

from __future__ import annotations

from cardlint.knowledge.clients.prometheus_client import CLIENT as PROMETHEUS_CLIENT
from cardlint.knowledge.clients.schema import Client

CLIENTS: tuple[Client, ...] = (PROMETHEUS_CLIENT,)
"""All clients. A metric of the user's own rows without a known client belongs to the first one."""


def of(package: str) -> Client:
    """Return a client by its package, and the first client for any other package: it makes the metrics of the user's own rows."""
    return next((client for client in CLIENTS if client.package == package), CLIENTS[0])


def marks() -> tuple[bytes, ...]:
    """Return the marks: each file that declares or uses a metric of a client holds one of these bytes."""
    return tuple(dict.fromkeys(mark for client in CLIENTS for mark in client.marks))
