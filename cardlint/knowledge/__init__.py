"""Knowledge: rows about libraries, loaded only for the packages that the analysed code names.

It is data with a look-up table in front, and imports no other package of cardlint.
"""

from __future__ import annotations

from importlib import import_module

from msgspec import Struct

from cardlint.knowledge import clients
from cardlint.knowledge.schema import Exporter, Framework, Library, Named, Route, Row, Shape, Sink

STANDARD = ("python_time", "python_system", "python_calls")
"""Modules about Python's own library, which every run loads."""

WHERE: dict[str, tuple[str, ...]] = {
    "python_network": (
        "socket",
        "socketserver",
        "http",
        "urllib",
    ),
    "starlette": (
        "starlette",
        "fastapi",
        "asgi",
        "asgiref",
        "uvicorn",
        "mcp",
    ),
    "flask": (
        "flask",
        "quart",
        "werkzeug",
        "flask_login",
        "flask_jwt_extended",
        "connexion",
        "flask_restful",
        "flask_restx",
        "bottle",
    ),
    "wsgi": (
        "wsgi",
        "flask",
        "quart",
        "werkzeug",
        "flask_login",
        "flask_jwt_extended",
        "connexion",
        "flask_restful",
        "flask_restx",
        "bottle",
        "falcon",
        "pyramid",
        "webob",
    ),
    "django": (
        "django",
        "rest_framework",
        "ninja",
        "graphene_django",
        "channels",
    ),
    "exporters": (
        "prometheus_flask_exporter",
        "litestar",
        "starlette_exporter",
        "prometheus_fastapi_instrumentator",
        "aioprometheus",
        "django_prometheus",
        "aiohttp_prometheus_exporter",
        "starlette_prometheus",
    ),
    "aiohttp": ("aiohttp",),
    "tornado": ("tornado",),
    "twisted": ("twisted", "klein"),
    "sanic": ("sanic",),
    "falcon": ("falcon",),
    "litestar": ("litestar",),
    "bottle": ("bottle",),
    "cherrypy": ("cherrypy",),
    "responder": ("responder",),
    "starlite": ("starlite",),
    "pyramid": (
        "pyramid",
        "webob",
    ),
    "grpc": ("grpc",),
    "celery": ("celery", "kombu"),
    "celery_events": ("celery", "celery_event"),
    "rq": ("rq",),
    "dramatiq": ("dramatiq", "arq"),
    "airflow": ("airflow",),
    "kafka": (
        "confluent_kafka",
        "aiokafka",
        "kafka",
        "pika",
        "aio_pika",
        "paho",
        "aiomqtt",
    ),
    "nats": ("nats",),
    "websockets": ("websockets", "websocket"),
    "requests": ("requests", "urllib3"),
    "httpx": ("httpx",),
    "boto3": (
        "boto3",
        "botocore",
        "aiobotocore",
        "aioboto3",
        *(
            f"mypy_boto3_{of}"
            for of in ("ec2", "s3", "sqs", "sns", "rds", "ecs", "logs", "cloudwatch", "kinesis", "lambda", "dynamodb", "sts")
        ),
    ),
    "aws": ("boto3", "botocore", "aiobotocore", "aioboto3"),
    "sqlalchemy": ("sqlalchemy", "psycopg2", "psycopg", "asyncpg", "pymysql", "MySQLdb", "sqlmodel", "flask_sqlalchemy"),
    "peewee": ("peewee", "playhouse", "tortoise"),
    "identifiers": ("bson", "pymongo", "ulid", "shortuuid", "nanoid", "cuid", "snowflake", "ksuid", "faker"),
    "tokens": (
        "jwt",
        "jose",
    ),
    "tenacity": ("tenacity",),
    "mail": ("aiosmtpd", "ldap3", "ldap"),
    "scraping": ("bs4", "scrapy", "feedparser"),
    "packets": ("scapy", "dnslib"),
    "socketio": ("socketio", "flask_socketio", "channels"),
    "kubernetes": ("kubernetes", "kubernetes_asyncio", "kopf"),
    "brokers": ("zmq", "google", "faststream"),
    "mcp": ("mcp", "fastmcp"),
    "tracing": ("opentelemetry", "structlog", "asgi_correlation_id"),
    "psutil": ("psutil",),
    "arrays": ("numpy", "pandas"),
    "chat": ("discord", "nextcord", "disnake", "interactions", "telegram", "telebot", "aiogram", "pyrogram", "telethon", "slack_bolt"),
    "slash_commands": ("discord", "nextcord", "disnake", "interactions"),
    "redis": ("redis", "aioredis"),
    "docker": ("docker",),
    "graphql": (
        "graphql",
        "strawberry",
        "graphene",
        "ariadne",
    ),
    "settings": (
        "yaml",
        "ruamel",
        "toml",
        "tomli",
        "decouple",
        "dynaconf",
        "environs",
        "omegaconf",
        "orjson",
        "ujson",
        "simplejson",
        "rapidjson",
        "msgpack",
        "cbor2",
        "bson",
        "xmltodict",
    ),
    "any_request": ("any_request",),
    "llm": ("openai", "anthropic", "litellm", "ollama", "google"),
    "langchain": (
        *("langchain_core", "langchain", "langchain_community", "langchain_openai", "langchain_anthropic", "langchain_groq"),
        *("langchain_ollama", "langchain_google_genai", "langchain_aws", "langchain_mistralai"),
    ),
    "llama_index": ("llama_index",),
    "stripe": ("stripe",),
    "authlib": ("authlib",),
    "keycloak": ("keycloak",),
    "meilisearch": ("meilisearch",),
    "vector_stores": ("qdrant_client",),
    "web3": ("web3",),
    "gidgethub": ("gidgethub",),
    "twilio": ("twilio",),
    "schedulers": ("apscheduler", "watchdog", "ray", "schedule"),
    "forges": ("github", "gitlab", "jira"),
    "mongo": ("pymongo", "motor"),
    "stores": ("elasticsearch", "opensearchpy", "minio", "google"),
    "azure": ("azure",),
    "workers": ("temporalio", "faust", "taskiq", "nameko", "pulsar"),
    "servers": ("blacksheep", "robyn"),
    "orchestrators": ("prefect", "dagster", "luigi", "huey"),
    "infrastructure": ("openstack", "proxmoxer", "libvirt", "pyVmomi", "pyVim", "consul", "etcd3", "hvac"),
    "databases": ("influxdb_client", "neo4j", "cassandra", "clickhouse_connect"),
    "network_devices": ("pysnmp", "easysnmp", "puresnmp", "netmiko", "napalm"),
    "home_devices": ("bleak", "kasa", "pyHS100", "tinytuya", "serial", "pyvisa"),
    "interfaces": ("chainlit", "streamlit", "gradio"),
    "events": ("dbapi", "aws_lambda", "slack", "aws_lambda_powertools"),
    "structuring": (
        "pydantic",
        "msgspec",
        "cattrs",
        "cattr",
        "dacite",
    ),
}
"""The module with the rows of each package, one file for each library. A test checks this table against the modules' own `packages`."""


EXPORTER_MARKS = (b"Instrumentator", b"starlette_exporter", b"PrometheusMiddleware", b"PrometheusConfig")
"""Bytes in files that set up an exporter, besides those of the clients. A test checks them against the rows of the exporters."""


def known_marks() -> tuple[bytes, ...]:
    """Return the bytes of which one is in every file that declares or uses a metric, or sets up an exporter."""
    return (*clients.marks(), *EXPORTER_MARKS)


class BySignature(Struct, frozen=True):
    """A function that a framework calls, told by its parameters alone, and the packages of which the program then names one."""

    framework: str
    signature: tuple[str, ...]
    packages: tuple[str, ...]
    methods: tuple[str, ...] = ()
    """names that such a function has; any name where there are none"""


PASSED_BY_NAME: tuple[Named, ...] = (
    Named((), "environ", "wsgi.environ"),  # PEP 3333
    Named((), "scope", "asgi.scope", ("receive", "send")),  # ASGI Specification, Applications
    Named((), "context", "aws_lambda.context", ("event",)),
    Named((), "event", "aws_lambda.event", ("context",)),  # AWS Lambda, Define Lambda function handler in Python
    Named((), "event", "slack.event", ("say",)),  # Bolt for Python, Listening to events
    Named((), "message", "slack.event", ("say",)),
    Named((), "body", "slack.body", ("ack",)),
    Named((), "command", "slack.command", ("ack",)),
    Named((), "exc", "builtins.BaseException"),  # a usual name, as `exception`
    Named((), "exception", "builtins.BaseException"),
    *(
        Named((package,), name, path)
        for name in ("request", "req")
        for package, path in (
            ("fastapi", "starlette.requests.Request"),
            ("starlette", "starlette.requests.Request"),
            ("flask", "flask.request"),
            ("django", "django.http.HttpRequest"),
            ("rest_framework", "django.http.HttpRequest"),
            ("aiohttp", "aiohttp.web.Request"),
            ("sanic", "sanic.Request"),
            ("falcon", "falcon.Request"),
            ("litestar", "litestar.Request"),
            ("pyramid", "pyramid.request.Request"),
            ("quart", "flask.request"),
            ("blacksheep", "blacksheep.Request"),
            ("responder", "responder.Request"),
            ("starlite", "starlite.Request"),
        )
    ),
)
"""Parameters of functions without a call in the analysed code, by their usual name: those of interfaces, and requests in files
that import a framework. The first one that fits counts."""

LIKELY = ("any_request.", "aws_lambda.", "slack.", "dbapi.", "celery_event.")
"""How paths begin of objects that the name of a variable tells, with nothing else to show what they are."""

PASSED_TO: dict[str, tuple[int, tuple[str, ...], str]] = {
    "__exit__": (2, (), "builtins.BaseException"),
    "__aexit__": (2, (), "builtins.BaseException"),
    **dict.fromkeys(
        ("execute", "executemany", "executescript", "fetch", "fetchrow", "fetchval"),
        (1, ("query", "sql", "statement", "operation", "stmt"), "dbapi.statement"),
    ),
}
"""Methods that Python or a database client calls: the position of a parameter, `self` counted, its possible names, any where there are
none, and what it gets (Python, Data model: With Statement Context Managers; PEP 249, Cursor methods; asyncpg, Connection)."""

SWALLOWING = frozenset({"contextlib.suppress", "contextlib.ExitStack", "contextlib.AsyncExitStack"})
"""Context managers that may swallow an exception: `suppress` where a function returns one, and stacks that may hold one."""

CARRIED_BY = {"asgi": "starlette", "builtins": ""}
"""Paths that belong to an interface, not to a package: the package whose rows they are among."""

BY_SIGNATURE: tuple[BySignature, ...] = (
    BySignature("aiohttp", ("request", "handler"), ("aiohttp",)),
    BySignature("aiohttp", ("request", "response"), ("aiohttp",), ("on_response_prepare",)),
    BySignature("aiohttp", ("session", "trace_config_ctx", "params"), ("aiohttp",)),
    BySignature("aiosmtpd", ("server", "session", "envelope"), ("aiosmtpd",)),
    BySignature("arq", ("ctx",), ("arq",), ("on_job_start", "on_job_end", "after_job_end")),
    BySignature("bottle", ("callback", "route"), ("bottle",), ("apply",)),
    BySignature("celery", ("sender", "task_id", "task"), ("celery",)),
    BySignature("celery", ("sender", "task_id", "exception"), ("celery",)),
    BySignature("celery", ("sender", "task_id", "retval"), ("celery",)),
    BySignature("celery", ("sender", "request", "reason"), ("celery",)),
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
        (
            *("before_process_message", "after_process_message", "after_enqueue", "before_enqueue", "after_skip_message"),
            *("before_ack", "after_ack", "before_nack", "after_nack", "before_delay_message"),
        ),
    ),
    BySignature("falcon", ("req", "resp"), ("falcon",)),
    BySignature("grpc", ("continuation",), ("grpc",)),
    BySignature("graphql", ("next", "root", "info"), ("graphene", "graphene_django", "graphql")),
    BySignature("instrumentator", ("info",), ("prometheus_fastapi_instrumentator",), ("instrumentation",)),
    BySignature("kafka", ("err", "msg"), ("confluent_kafka",)),
    BySignature("kombu", ("body", "message"), ("kombu",)),
    BySignature("litestar", ("scope", "receive", "send", "next_app"), ("litestar",), ("handle",)),
    BySignature("litestar", ("scope", "receive", "send"), ("litestar",)),
    BySignature("prefect", ("flow", "flow_run", "state"), ("prefect",)),
    BySignature("prefect", ("task", "task_run", "state"), ("prefect",)),
    BySignature("rq", ("job", "exc_type", "exc_value"), ("rq",)),
    BySignature("rq", ("job", "connection", "result"), ("rq",)),
    BySignature("rq", ("job", "connection", "type", "value"), ("rq",)),
    BySignature("scrapy", ("response", "request", "spider"), ("scrapy",)),
    BySignature("scrapy", ("request", "spider"), ("scrapy",)),
    BySignature("scrapy", ("request", "response", "spider"), ("scrapy",)),
    BySignature("scrapy", ("request", "exception", "spider"), ("scrapy",)),
    BySignature("scrapy", ("item", "response", "spider"), ("scrapy",)),
    BySignature("scrapy", ("failure", "response", "spider"), ("scrapy",)),
    BySignature("sqlalchemy", ("conn", "cursor", "statement"), ("sqlalchemy",)),
    BySignature("starlette", ("request", "call_next"), ("starlette", "fastapi")),
    BySignature("starlette", ("request", "exc"), ("starlette", "fastapi")),
    BySignature("starlette", ("scope", "receive", "send"), ("starlette", "fastapi", "asgiref", "uvicorn")),
    BySignature("telegram", ("update", "context"), ("telegram",)),
    BySignature("tornado", ("handler",), ("tornado",), ("log_request",)),
    BySignature("wsgi", ("environ", "start_response"), ("flask", "werkzeug", "bottle")),
)
"""All handler signatures without a decorator, base or attribute of a library.

The file of such a function often imports no library, so these signatures are known in every run, in any order of questions.
"""


RECEIVERS = frozenset(
    (
        *(
            "AsyncRetrying",
            "AsyncSniffer",
            "BaseRetrying",
            "BleakScanner",
            "ChatInterface",
            "Retrying",
            "Server",
            "add_done_callback",
            "basic_consume",
            "connect",
            *("CommandHandler", "MessageHandler", "PrefixHandler", "TypeHandler"),
            *("CallbackQueryHandler", "InlineQueryHandler", "ChatMemberHandler", "ChatJoinRequestHandler", "register"),
        ),
        *("consume", "message_callback_add", "receive", "retry", "sniff", "subscribe"),
    )
)
"""Last names of the calls that get a function and call it with arguments of their own. A test checks them against the shapes."""


class Knowledge(Struct, frozen=True):
    """The rows of some libraries, merged."""

    rows: dict[str, Row]
    shapes: tuple[Shape, ...]
    routes: tuple[Route, ...]
    exporters: tuple[Exporter, ...]
    sinks: tuple[Sink, ...]
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
        tuple(sink for library in wanted for sink in library.sinks),
        tuple(named for library in wanted for named in library.names),
        tuple(library.framework for library in wanted if library.framework is not None),
        {alias: path for library in wanted for alias, path in library.aliases},
    )
