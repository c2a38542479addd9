"""Outgoing clients, databases, cloud and identifiers of other libraries (knowledge B6, C1)."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, transfer, unbounded
from cardlint.knowledge.schema import Library, Shape

REQUESTS = Library(
    packages=("requests", "urllib3"),
    rows=(
        *bounded(15, "status", "HTTP status", "requests.Response.status_code", "requests.Response.ok", "urllib3.HTTPResponse.status"),
        *bounded(9, "http-method", "HTTP method of an outgoing request", "requests.Response.request.method", "requests.PreparedRequest.method"),
        *unbounded("raw-path", "the whole URL of an outgoing request", *below("requests.Response", ".url", ".request.url", ".request.path_url"), "requests.PreparedRequest.url", "requests.PreparedRequest.path_url", advice="the name of the call, or the URL template"),
        *unbounded("free-text", "text the server sent", *below("requests.Response", ".text", ".content", ".reason", ".headers[]", ".headers.get()", ".json()"), advice=LOG),
        *unbounded("exception-text", "the text of an exception", "requests.RequestException", advice="`type(e).__name__`"),
        *bounded(15, "status", "HTTP status", "requests.RequestException.response.status_code"),
        *leads(*((f"requests.{owner}{verb}()", "requests.Response") for owner in ("", "Session.", "sessions.Session.") for verb in ("get", "post", "put", "patch", "delete", "head", "options", "request", "send"))),
    ),
    aliases=(("requests.models.Response", "requests.Response"), ("requests.session()", "requests.Session"), ("requests.exceptions.RequestException", "requests.RequestException"), ("requests.exceptions.HTTPError", "requests.RequestException"), ("requests.HTTPError", "requests.RequestException"), ("requests.ConnectionError", "requests.RequestException"), ("requests.Timeout", "requests.RequestException"), ("requests.exceptions.ConnectionError", "requests.RequestException"), ("requests.exceptions.Timeout", "requests.RequestException")),
)  # fmt: skip

HTTPX = Library(
    packages=("httpx",),
    rows=(
        *bounded(15, "status", "HTTP status", "httpx.Response.status_code", "httpx.HTTPStatusError.response.status_code"),
        *bounded(4, "scheme", "HTTP version", "httpx.Response.http_version", "httpx.URL.scheme"),
        *bounded(9, "http-method", "HTTP method of an outgoing request", "httpx.Request.method", "httpx.Response.request.method"),
        *unbounded("raw-path", "the whole URL of an outgoing request", "httpx.URL", "httpx.URL.path", "httpx.URL.query", "httpx.URL.raw_path", "httpx.Response.url", "httpx.Response.request.url", advice="the name of the call, or the URL template"),
        *deployment("inventory", "a host the program calls", "httpx.URL.host", "httpx.URL.netloc"),
        *unbounded("free-text", "text the server sent", *below("httpx.Response", ".text", ".content", ".reason_phrase", ".headers[]", ".headers.get()", ".json()"), advice=LOG),
        *unbounded("exception-text", "the text of an exception", "httpx.HTTPError", advice="`type(e).__name__`"),
        *leads(("httpx.Request.url", "httpx.URL"), *((f"httpx.{owner}{verb}()", "httpx.Response") for owner in ("", "Client.", "AsyncClient.") for verb in ("get", "post", "put", "patch", "delete", "head", "options", "request", "send"))),
    ),
    shapes=(Shape("httpx", (("request", "httpx.Request"),), base="httpx.BaseTransport", method="handle_request"), Shape("httpx", (("request", "httpx.Request"),), base="httpx.AsyncBaseTransport", method="handle_async_request")),
    aliases=(("httpx.HTTPStatusError", "httpx.HTTPError"), ("httpx.RequestError", "httpx.HTTPError"), ("httpx.TimeoutException", "httpx.HTTPError"), ("httpx.ConnectError", "httpx.HTTPError")),
)  # fmt: skip

BOTO3 = Library(
    packages=("boto3", "botocore", "aiobotocore"),
    rows=(
        *unbounded("exception-text", "the text of an exception", "botocore.exceptions.ClientError", advice='`e.response["Error"]["Code"]`'),
        *bounded(50, "error-code", "AWS error code", "botocore.exceptions.ClientError.response[Error][Code]", "botocore.exceptions.ClientError.response.get()[Code]", "botocore.exceptions.ClientError.response[Error].get(Code)"),
        *unbounded("free-text", "text of an AWS error", "botocore.exceptions.ClientError.response[Error][Message]", "botocore.exceptions.ClientError.response[ResponseMetadata][RequestId]"),
        *bounded(50, "operation", "AWS operation", "botocore.exceptions.ClientError.operation_name", "botocore.model.OperationModel.name"),
        *bounded(15, "status", "HTTP status", "botocore.exceptions.ClientError.response[ResponseMetadata][HTTPStatusCode]"),
    ),
    aliases=(("botocore.exceptions.BotoCoreError", "builtins.BaseException"),),
)  # fmt: skip

SQLALCHEMY = Library(
    packages=("sqlalchemy", "psycopg2", "psycopg", "asyncpg", "pymysql", "MySQLdb", "sqlmodel", "peewee", "tortoise"),
    rows=(
        *unbounded("sql", "the text of an SQL statement", "sqlalchemy.statement", "sqlalchemy.engine.ExecutionContext.statement", "sqlalchemy.text()", advice="the verb of the statement, or the table"),
        *unbounded("database", "parameters of a statement", "sqlalchemy.parameters", advice=LOG),
        *bounded(2, "boolean", "kind of statement", "sqlalchemy.engine.ExecutionContext.isinsert", "sqlalchemy.engine.ExecutionContext.isupdate", "sqlalchemy.engine.ExecutionContext.isdelete", "sqlalchemy.engine.ExecutionContext.isselect"),
        *bounded(50, "code-name", "name of a model or table", "sqlalchemy.orm.Mapper.class_.__name__", "sqlalchemy.Table.name", "sqlalchemy.orm.DeclarativeBase.__tablename__", "sqlalchemy.orm.Mapper.local_table.name"),
        *bounded(5, "dialect", "database dialect", "sqlalchemy.engine.Connection.engine.dialect.name", "sqlalchemy.engine.Engine.dialect.name", "sqlalchemy.engine.Engine.name"),
        *unbounded("database", "a row of a database", "sqlalchemy.orm.Session.scalar()", "sqlalchemy.engine.CursorResult.lastrowid", advice=LOG),
        *bounded(50, "code", "SQLSTATE", "psycopg2.Error.pgcode", "psycopg2.Error.diag.sqlstate"),
        *unbounded("exception-text", "the text of an exception", "sqlalchemy.exc.SQLAlchemyError", "psycopg2.Error", advice="`type(e).__name__`"),
    ),
    shapes=(
        Shape("sqlalchemy", (("statement", "sqlalchemy.statement"), ("parameters", "sqlalchemy.parameters"), ("context", "sqlalchemy.engine.ExecutionContext"), ("conn", "sqlalchemy.engine.Connection")), signature=("conn", "cursor", "statement", "parameters", "context", "executemany")),
    ),
)  # fmt: skip

OTHERS = Library(
    packages=("redis", "bson", "pymongo", "ulid", "shortuuid", "nanoid", "jwt", "jose", "psutil", "pandas", "numpy", "opentelemetry", "structlog", "discord", "telegram", "docker", "cuid", "snowflake", "ksuid", "asgi_correlation_id", "faker"),
    rows=(
        *unbounded("uuid", "a new identifier", "bson.ObjectId()", "ulid.new()", "ulid.ULID()", "shortuuid.uuid()", "shortuuid.ShortUUID().random()", "nanoid.generate()", "cuid.cuid()", advice=LOG),
        *unbounded("identity", "a claim of a token", "jwt.decode()[]", "jwt.decode().get()", "jose.jwt.decode()[]", "jose.jwt.decode().get()", "jwt.encode()", advice=LOG),
        *unbounded("identity", "the id of a trace", "opentelemetry.trace.get_current_span().get_span_context().trace_id", "opentelemetry.trace.get_current_span().get_span_context().span_id", "opentelemetry.trace.format_trace_id()", "asgi_correlation_id.correlation_id.get()", advice="an exemplar: they are made for trace ids"),
        *unbounded("process", "a process of the machine", "psutil.process_iter()[*].pid", "psutil.process_iter()[*].name()", "psutil.process_iter()[*].cmdline()", "psutil.Process.pid", "psutil.Process.name()", "psutil.process_iter()[*].info[]"),
        *deployment("inventory", "a disk or network card", "psutil.disk_partitions()[*].device", "psutil.disk_partitions()[*].mountpoint", "psutil.disk_partitions()[*].fstype", "psutil.net_if_addrs()[*]", "psutil.net_io_counters().items()[*][0]", "psutil.net_io_counters()[*]"),
        *transfer("bins", "index of a bin", "numpy.digitize()", "pandas.cut()"),
        *unbounded("identity", "a user of the chat", *below("discord.Message.", "author", "author.id", "author.name", "content", "id"), *below("discord.Interaction.", "user", "user.id", "id"), *below("telegram.Update.", "effective_user.id", "effective_chat.id", "message.text", "effective_user.username"), advice=LOG),
        *deployment("inventory", "a guild or channel", "discord.Message.guild.id", "discord.Message.guild.name", "discord.Message.channel.id", "discord.Interaction.guild.id"),
    ),
    aliases=(("bson.objectid.ObjectId", "bson.ObjectId"),),
)  # fmt: skip
