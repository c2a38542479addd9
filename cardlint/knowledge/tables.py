"""Tables of databases as classes: which classes they are, what their columns hold, and which tables grow with users.

Read in the source of Django 5.2, SQLAlchemy 2.0, SQLModel 0.0.24, Flask-SQLAlchemy 3.1, peewee 3.17 and tortoise-orm 0.25.
"""

from __future__ import annotations

from typing import Literal

Holds = Literal["text", "flag", "enum", "link", "time"]

MODELS = frozenset(
    {
        "django.db.models.Model",
        "flask_sqlalchemy.SQLAlchemy.Model",
        "peewee.Model",
        "sqlalchemy.ext.declarative.declarative_base()",
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "sqlalchemy.orm.declarative_base()",
        "sqlmodel.SQLModel",
        "tortoise.models.Model",
    }
)
"""Classes whose subclasses are tables."""

MAKES_TABLE = frozenset({"as_declarative"})
"""Decorators that make a class the base of tables (SQLAlchemy, ORM Mapping API: as_declarative)."""

KEYS = frozenset({"id", "pk"})
"""Names of the primary keys that a library makes, or that a class declares."""

ROWS = frozenset({"django.row", "peewee.row", "sqlalchemy.entity"})
"""Paths of rows of one table."""

TAKES_TABLE = frozenset(
    {
        "django.shortcuts.get_object_or_404()",
        "django.shortcuts.get_list_or_404()",
        "sqlalchemy.orm.Session.get()",
        "sqlalchemy.orm.Session.get_one()",
        "sqlalchemy.orm.Session.query()",
        "sqlalchemy.select()",
    }
)
"""Calls whose first argument is a table."""

RUNS = frozenset(
    {
        f"sqlalchemy.{owner}.{name}()"
        for owner in ("orm.Session", "engine.Connection")
        for name in ("execute", "exec", "scalar", "scalars", "stream", "stream_scalars")
    }
)
"""Calls whose first argument is a statement."""

CONSTRUCTORS = frozenset({"Column", "mapped_column"})
"""Functions that make a column of a type that is one of their arguments."""

COLUMNS: dict[str, Holds] = {
    **dict.fromkeys(
        (
            # Django, peewee, tortoise
            "BareField",
            "CharField",
            "CICharField",
            "CITextField",
            "EmailField",
            "FileField",
            "FilePathField",
            "FixedCharField",
            "GenericIPAddressField",
            "ImageField",
            "IPAddressField",
            "IPField",
            "SlugField",
            "TextField",
            "URLField",
            "UUIDField",
            # SQLAlchemy
            "CHAR",
            "CITEXT",
            "INET",
            "LargeBinary",
            "NVARCHAR",
            "String",
            "TEXT",
            "Text",
            "UUID",
            "Unicode",
            "UnicodeText",
            "Uuid",
            "VARCHAR",
        ),
        "text",
    ),
    **dict.fromkeys(("BOOLEAN", "Boolean", "BooleanField", "NullBooleanField"), "flag"),
    **dict.fromkeys(("CharEnumField", "ENUM", "Enum", "IntEnumField"), "enum"),
    **dict.fromkeys(("ForeignKey", "ForeignKeyField", "OneToOneField"), "link"),
    **dict.fromkeys(("DATETIME", "DateField", "DateTime", "DateTimeField", "TIMESTAMP", "TimestampField"), "time"),
}
"""What a column of a type holds, by the last part of the type's name. Numbers are left out: they may be anything."""

COLUMN_MODULES = frozenset({"peewee", "sqlalchemy", "tortoise.fields"})
"""Modules with these types that programs import whole: `from peewee import *`."""

PERSONS = frozenset(
    word
    for words in (
        "account author client creator customer employee guest member owner passenger patient person player student subscriber user",
        "email password username",
    )
    for word in words.split()
)
"""Parts of the names of tables and of columns that are about persons.

Such a table has a row for each person, or for what a person makes.
"""

OF_PERSONS = frozenset({"address", "digest", "fk", "hash", "id", "key", "name", "number", "pk", "ref", "salt", "uuid"})
"""Last parts of the names of columns that hold a person, or a part of one, and not a text or a link about persons."""

SETTINGS = frozenset(
    word
    for words in (
        "category channel cluster config configuration country currency feature flag group language level limit node option",
        "permission plan pool preference product provider queue region role rule schedule server setting site state status tag team",
        "template tenant type version worker zone",
    )
    for word in words.split()
)
"""Last parts of the names of tables that hold what the people who run the program set up."""

WRITERS = frozenset({"approved", "changed", "deleted", "edited", "last", "locked", "modified", "reviewed", "updated"})
"""First parts of the names of columns that name the last writer of a row."""

FREE_TEXTS = frozenset({"body", "comment", "comments", "content", "description", "error_message", "message", "notes", "text"})
"""Columns that hold text which a person or a program writes."""

# queries that are texts ------------------------------------------------------------------------------------------------

EXECUTES = frozenset({"exec_driver_sql", "exec", "execute", "execute_sql", "query", "scalars", "sql", "stream", "stream_scalars"})
"""Methods whose first argument is a statement, which a later call fetches the rows of (PEP 249, Cursor methods; psycopg 3, Cursor;
SQLAlchemy, Connection; clickhouse-driver, Client; DuckDB, Connection; peewee, Database; Spark SQL, SparkSession)."""
FETCHES: dict[str, Literal["rows", "row", "value"]] = {
    **dict.fromkeys(("fetchall", "fetchmany", "all", "collect", "named_results"), "rows"),
    **dict.fromkeys(("fetchone", "first", "one", "one_or_none"), "row"),
    **dict.fromkeys(("scalar", "scalar_one", "scalar_one_or_none"), "value"),
}
"""Methods that return the rows of the statement that ran last, by what they return (PEP 249, Cursor methods; SQLAlchemy, Result)."""
ASKS: dict[str, Literal["rows", "row", "value"]] = {
    **dict.fromkeys(("fetch", "fetch_all", "get_records", "iterate"), "rows"),
    **dict.fromkeys(("fetchrow", "fetch_one", "get_first"), "row"),
    **dict.fromkeys(("fetchval", "fetch_val", "scalar"), "value"),
}
"""Methods whose first argument is a statement, and that return its rows (asyncpg, Connection; databases, Database; Airflow, DbApiHook)."""
READS_ROWS = frozenset((*FETCHES, *ASKS))
"""All of these methods."""
STATEMENTS = ("query", "sql", "statement", "operation", "stmt")
"""Names of that argument."""
OF_RESULTS = frozenset({"mappings", "named_results", "result", "result_rows", "tuples", "unique", "yield_per"})
"""Methods and attributes of a result that are its rows (SQLAlchemy, Result; BigQuery, QueryJob; clickhouse-connect, QueryResult)."""
OF_ONE_COLUMN = frozenset({"scalars", "stream_scalars"})
"""Methods whose rows are the first column alone (SQLAlchemy, Result.scalars, Session.scalars)."""
LISTING = frozenset({"query", "select"})
"""Last names of the calls in `TAKES_TABLE` whose arguments are columns."""
NARROWING = frozenset(
    word
    for words in (
        "filter filter_by where order_by group_by having limit offset join outerjoin options distinct yield_per with_for_update",
        "execution_options select_from",
    )
    for word in words.split()
)
"""Methods of a statement or query that keep its columns (SQLAlchemy, Select and Query)."""
WRITTEN_AS = frozenset({"text", "SQL", "TextClause"})
"""Functions that make a statement of a text (SQLAlchemy, text; psycopg, sql.SQL)."""
CATALOGUES = (
    *("pg_", "information_schema.", "performance_schema.", "sqlite_", "mysql.", "sys.", "system.", "syscat.", "sysibm."),
    *("v$", "gv$", "dba_", "all_tab", "user_tab", "master.", "msdb.", "duckdb_"),
)
"""How the names of tables begin that a database keeps about itself and its own objects (PostgreSQL, System Catalogs and The Cumulative
Statistics System; MySQL, Performance Schema; SQL Server, System views; Oracle, Dynamic Performance Views; ClickHouse, System Tables)."""
OF_SESSIONS = frozenset(
    {
        *("backend_pid", "backend_start", "client_addr", "client_hostname", "client_port", "connection_id", "info", "pid"),
        *("processlist_id", "query", "query_start", "query_text", "session_id", "sid", "spid", "sql_fulltext", "sql_text"),
        *("thread_id", "xact_start"),
    }
)
"""Columns of a catalogue that tell one session or statement from the next (PostgreSQL, pg_stat_activity; MySQL, PROCESSLIST; SQL Server,
sys.dm_exec_sessions; Oracle, V$SESSION and V$SQL; ClickHouse, system.processes)."""
KEEP_TEXT = frozenset({"any_value", "cast", "coalesce", "distinct", "ifnull", "lower", "ltrim", "max", "min", "rtrim", "trim", "upper"})
"""Functions of SQL whose results are values of their first argument, or one for each of them."""
