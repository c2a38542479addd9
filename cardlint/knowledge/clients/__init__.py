"""Metrics clients: one file of rows each.

A client is known to every part of the program by its rows alone. To support another one, write its file and name it here.
"""

from __future__ import annotations

from cardlint.knowledge.clients.prometheus_client import CLIENT as PROMETHEUS_CLIENT
from cardlint.knowledge.clients.schema import Client

CLIENTS: tuple[Client, ...] = (PROMETHEUS_CLIENT,)
"""All clients. What no client is known of, a metric of the user's own rows, is taken for one of the first."""


def of(package: str) -> Client:
    """Return a client by its package, the first one for what is none: metrics of the user's own rows are made by it."""
    return next((client for client in CLIENTS if client.package == package), CLIENTS[0])


def marks() -> tuple[bytes, ...]:
    """Return the bytes of which one is in every file that declares or uses a metric of a client."""
    return tuple(dict.fromkeys(mark for client in CLIENTS for mark in client.marks))
