"""Knowledge: rows about libraries, loaded only for the packages that the analysed code names.

It is data with a look-up table in front; no room of the house is imported from here.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from cardlint.knowledge.schema import Exporter, Framework, Library, Named, Route, Row, Shape

STANDARD = ("python_time", "python_system")
"""Modules about Python's own library: they are always there."""

WHERE: dict[str, tuple[str, ...]] = {
    "starlette": ("starlette", "fastapi", "asgi", "asgiref", "uvicorn", "mcp",),
    "flask": ("flask", "quart", "werkzeug", "wsgi", "flask_login", "flask_jwt_extended", "connexion", "flask_restful", "flask_restx", "bottle",),
    "django": ("django", "rest_framework", "ninja", "graphene_django", "channels",),
    "exporters": ("prometheus_flask_exporter", "litestar", "starlette_exporter", "prometheus_fastapi_instrumentator", "aioprometheus", "django_prometheus", "aiohttp_prometheus_exporter", "starlette_prometheus",),
    "aiohttp": ("aiohttp",),
    "tornado": ("tornado",),
    "twisted": ("twisted", "klein",),
    "sanic": ("sanic",),
    "falcon": ("falcon",),
    "litestar": ("litestar",),
    "bottle": ("bottle",),
    "pyramid": ("pyramid", "webob",),
    "grpc": ("grpc",),
    "celery": ("celery",),
    "rq": ("rq",),
    "dramatiq": ("dramatiq", "arq", "huey", "taskiq",),
    "airflow": ("airflow",),
    "kafka": ("confluent_kafka", "aiokafka", "kafka", "pika", "aio_pika", "paho",),
    "nats": ("nats",),
    "websockets": ("websockets",),
    "requests": ("requests", "urllib3",),
    "httpx": ("httpx",),
    "boto3": ("boto3", "botocore", "aiobotocore",),
    "sqlalchemy": ("sqlalchemy", "psycopg2", "psycopg", "asyncpg", "pymysql", "MySQLdb", "sqlmodel", "peewee", "tortoise",),
    "identifiers": ("bson", "pymongo", "ulid", "shortuuid", "nanoid", "cuid", "snowflake", "ksuid", "faker",),
    "tokens": ("jwt", "jose",),
    "tenacity": ("tenacity",),
    "tracing": ("opentelemetry", "structlog", "asgi_correlation_id",),
    "psutil": ("psutil",),
    "arrays": ("numpy", "pandas",),
    "chat": ("discord", "telegram", "aiogram",),
    "redis": ("redis",),
    "docker": ("docker",),
    "graphql": ("graphql", "strawberry", "graphene", "ariadne",),
    "settings": ("yaml", "ruamel", "toml", "tomli", "decouple", "dynaconf", "environs", "omegaconf",),
    "structuring": ("pydantic", "msgspec", "cattrs", "cattr", "dacite",),
}  # fmt: skip
"""Which module knows a package, one file for each library. A test checks this table against the modules' own `packages`."""


class BySignature(NamedTuple):
    """A function that a framework calls, told by its parameters alone, and the packages of which the program then names one."""

    framework: str
    signature: tuple[str, ...]
    packages: tuple[str, ...]
    methods: tuple[str, ...] = ()
    """names that such a function has; any where there are none"""


BY_SIGNATURE: tuple[BySignature, ...] = (
    BySignature("aiohttp", ("request", "handler"), ("aiohttp",)),
    BySignature("aiohttp", ("request", "response"), ("aiohttp",), ("on_response_prepare",)),
    BySignature("aiohttp", ("session", "trace_config_ctx", "params"), ("aiohttp",)),
    BySignature("arq", ("ctx",), ("arq",), ("on_job_start", "on_job_end", "after_job_end")),
    BySignature("bottle", ("callback", "route"), ("bottle",), ("apply",)),
    BySignature(
        "django",
        ("request",),
        ("django",),
        ("process_view", "process_response", "process_request", "process_exception", "process_template_response"),
    ),
    BySignature("django", ("exc", "context"), ("rest_framework",)),
    BySignature(
        "dramatiq",
        ("broker", "message"),
        ("dramatiq",),
        ("before_process_message", "after_process_message", "after_enqueue", "before_enqueue", "after_skip_message"),
    ),
    BySignature("falcon", ("req", "resp"), ("falcon",)),
    BySignature("grpc", ("continuation",), ("grpc",)),
    BySignature("instrumentator", ("info",), ("prometheus_fastapi_instrumentator",), ("instrumentation",)),
    BySignature("kafka", ("err", "msg"), ("confluent_kafka",)),
    BySignature("litestar", ("scope", "receive", "send", "next_app"), ("litestar",), ("handle",)),
    BySignature("litestar", ("scope", "receive", "send"), ("litestar",)),
    BySignature("rq", ("job", "exc_type", "exc_value"), ("rq",)),
    BySignature("sqlalchemy", ("conn", "cursor", "statement"), ("sqlalchemy",)),
    BySignature("starlette", ("request", "call_next"), ("starlette", "fastapi")),
    BySignature("starlette", ("request", "exc"), ("starlette", "fastapi")),
    BySignature("starlette", ("scope", "receive", "send"), ("starlette", "fastapi", "asgiref", "uvicorn")),
    BySignature("tornado", ("handler",), ("tornado",), ("log_request",)),
    BySignature("wsgi", ("environ", "start_response"), ("flask", "werkzeug", "bottle")),
)
"""All shapes that no decorator, base or attribute ties to a library. The file of such a function often imports none of them, so that
what else was looked at before must not decide whether its library is known."""


class Knowledge(NamedTuple):
    """The rows of some libraries, merged."""

    rows: dict[str, Row]
    shapes: tuple[Shape, ...]
    routes: tuple[Route, ...]
    exporters: tuple[Exporter, ...]
    names: tuple[Named, ...]
    frameworks: tuple[Framework, ...]
    aliases: dict[str, str]


def load(packages: frozenset[str]) -> Knowledge:
    """Load the rows of the libraries that know one of the packages; the empty set loads those of the standard library."""
    modules = [module for module, known in WHERE.items() if packages.intersection(known)] if packages else list(STANDARD)
    wanted: list[Library] = [import_module(f"cardlint.knowledge.{module}").LIBRARY for module in modules]
    return Knowledge(
        {row.path: row for library in wanted for row in library.rows},
        tuple(shape for library in wanted for shape in library.shapes),
        tuple(route for library in wanted for route in library.routes),
        tuple(exporter for library in wanted for exporter in library.exporters),
        tuple(named for library in wanted for named in library.names),
        tuple(library.framework for library in wanted if library.framework is not None),
        {alias: path for library in wanted for alias, path in library.aliases},
    )
