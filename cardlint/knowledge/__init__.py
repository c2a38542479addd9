"""Knowledge: rows about libraries, loaded only for the packages that the analysed code names.

It is data with a look-up table in front; no room of the house is imported from here.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from cardlint.knowledge.schema import Exporter, Framework, Library, Route, Row, Shape

MODULES = (
    ("python_time", "LIBRARY"), ("python_system", "LIBRARY"), ("starlette", "LIBRARY"), ("flask", "LIBRARY"), ("django", "LIBRARY"),
    ("servers", "AIOHTTP"), ("servers", "TORNADO"), ("servers", "TWISTED"), ("servers", "SANIC"), ("servers", "FALCON"), ("servers", "LITESTAR"),
    ("servers", "BOTTLE"), ("servers", "PYRAMID"), ("queues", "GRPC"), ("queues", "CELERY"), ("queues", "RQ"), ("queues", "DRAMATIQ"),
    ("queues", "AIRFLOW"), ("queues", "KAFKA"), ("clients", "REQUESTS"), ("clients", "HTTPX"), ("clients", "BOTO3"), ("clients", "SQLALCHEMY"),
    ("clients", "OTHERS"), ("exporters", "LIBRARY"),
)  # fmt: skip
"""Module and constant of every library of rows."""

WHERE: dict[str, tuple[str, ...]] = {
    "servers": ("aiohttp", "tornado", "twisted", "klein", "sanic", "falcon", "litestar", "bottle", "pyramid", "webob"),
    "starlette": ("starlette", "fastapi", "asgi", "asgiref", "uvicorn", "mcp"),
    "flask": ("flask", "quart", "werkzeug", "wsgi", "flask_login", "flask_jwt_extended", "connexion", "flask_restful", "flask_restx", "bottle"),
    "django": ("django", "rest_framework", "ninja", "graphene_django", "channels"),
    "queues": (
        "grpc", "celery", "rq", "dramatiq", "arq", "huey", "taskiq", "airflow", "confluent_kafka", "aiokafka", "kafka", "pika", "aio_pika", "paho", "nats",
    ),
    "clients": (
        "requests", "urllib3", "httpx", "boto3", "botocore", "aiobotocore", "sqlalchemy", "psycopg2", "psycopg", "asyncpg", "pymysql", "MySQLdb", "sqlmodel",
        "peewee", "tortoise", "redis", "bson", "pymongo", "ulid", "shortuuid", "nanoid", "jwt", "jose", "psutil", "pandas", "numpy", "opentelemetry",
        "structlog", "discord", "telegram", "docker", "cuid", "snowflake", "ksuid", "asgi_correlation_id", "faker",
    ),
    "exporters": (
        "prometheus_flask_exporter", "litestar", "starlette_exporter", "prometheus_fastapi_instrumentator", "aioprometheus", "django_prometheus",
        "aiohttp_prometheus_exporter", "starlette_prometheus",
    ),
}  # fmt: skip
"""Which module knows a package. A test checks this table against the modules' own `packages`."""


class Knowledge(NamedTuple):
    """The rows of some libraries, merged."""

    rows: dict[str, Row]
    shapes: tuple[Shape, ...]
    routes: tuple[Route, ...]
    exporters: tuple[Exporter, ...]
    frameworks: tuple[Framework, ...]
    aliases: dict[str, str]


def load(packages: frozenset[str]) -> Knowledge:
    """Load the rows of the libraries that know one of the packages; the empty set loads those of the standard library."""
    wanted: list[Library] = []
    modules = {module for package in packages for module, known in WHERE.items() if package in known}
    if not packages:
        modules = {"python_time", "python_system"}
    for module, constant in MODULES:
        if module in modules:
            library: Library = getattr(import_module(f"cardlint.knowledge.{module}"), constant)
            if not packages or packages & frozenset(library.packages):
                wanted.append(library)
    return Knowledge(
        {row.path: row for library in wanted for row in library.rows},
        tuple(shape for library in wanted for shape in library.shapes),
        tuple(route for library in wanted for route in library.routes),
        tuple(exporter for library in wanted for exporter in library.exporters),
        tuple(library.framework for library in wanted if library.framework is not None),
        {alias: path for library in wanted for alias, path in library.aliases},
    )
