"""SQLAlchemy and database drivers: statements, rows and errors."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, leads, unbounded
from cardlint.knowledge.schema import Library, Shape
from cardlint.knowledge.tables import FREE_TEXTS

SESSION, RESULT, QUERY, ROW = "sqlalchemy.orm.Session", "sqlalchemy.engine.Result", "sqlalchemy.orm.Query", "sqlalchemy.row"
CONNECTION, SCALARS, ENTITY, SELECT = (
    "sqlalchemy.engine.Connection",
    "sqlalchemy.engine.ScalarResult",
    "sqlalchemy.entity",
    "sqlalchemy.Select",
)
NARROWS = (
    "filter",
    "filter_by",
    "where",
    "order_by",
    "group_by",
    "having",
    "limit",
    "offset",
    "join",
    "outerjoin",
    "options",
    "distinct",
    "yield_per",
    "with_for_update",
    "execution_options",
    "with_entities",
    "select_from",
)
"""Methods of a query that return a query."""
ONE = (".first()", ".one()", ".one_or_none()")
"""A table's values are unbounded only where a column says so by its name: a query may as well group by a few states."""

LIBRARY = Library(
    packages=("sqlalchemy", "psycopg2", "psycopg", "asyncpg", "pymysql", "MySQLdb", "sqlmodel", "flask_sqlalchemy"),
    rows=(
        *unbounded(
            "sql",
            "the text of an SQL statement",
            "sqlalchemy.statement",
            "sqlalchemy.engine.ExecutionContext.statement",
            "sqlalchemy.text()",
            advice="the verb of the statement, or the table",
        ),
        *unbounded("database", "parameters of a statement", "sqlalchemy.parameters", advice=LOG),
        *bounded(
            2,
            "boolean",
            "kind of statement",
            "sqlalchemy.engine.ExecutionContext.isinsert",
            "sqlalchemy.engine.ExecutionContext.isupdate",
            "sqlalchemy.engine.ExecutionContext.isdelete",
            "sqlalchemy.engine.ExecutionContext.isselect",
        ),
        *bounded(
            50,
            "code-name",
            "name of a model or table",
            "sqlalchemy.orm.Mapper.class_.__name__",
            "sqlalchemy.Table.name",
            "sqlalchemy.orm.DeclarativeBase.__tablename__",
            "sqlalchemy.orm.Mapper.local_table.name",
        ),
        *bounded(
            5,
            "dialect",
            "database dialect",
            "sqlalchemy.engine.Connection.engine.dialect.name",
            "sqlalchemy.engine.Engine.dialect.name",
            "sqlalchemy.engine.Engine.name",
        ),
        *unbounded("database", "a database key", RESULT + ".lastrowid", advice=LOG),
        *leads(
            *((f"{owner}.{verb}()", RESULT) for owner in (SESSION, CONNECTION) for verb in ("execute", "stream")),
            *((f"{owner}.{verb}()", SCALARS) for owner in (SESSION, CONNECTION) for verb in ("scalars", "exec", "stream_scalars")),
            *((SCALARS + f".{part}()", SCALARS) for part in ("all", "fetchall", "fetchmany", "unique")),
            *((SCALARS + part, ENTITY) for part in ("[*]", ".fetchone()", *ONE)),
            *((RESULT + part, ENTITY) for part in (".scalar()", ".scalar_one()", ".scalar_one_or_none()")),
            (SESSION + ".get()", ENTITY),
            (SESSION + ".scalar()", ENTITY),
            ("sqlalchemy.select()", SELECT),
            *((f"{SELECT}.{name}()", SELECT) for name in NARROWS),
            ("flask_sqlalchemy.SQLAlchemy.Model.query", QUERY),
            ("flask_sqlalchemy.SQLAlchemy.session", SESSION),
            *((f"{QUERY}.{name}()", ENTITY) for name in ("get", "get_or_404", "first_or_404", "one_or_404")),
            *(
                (RESULT + part, RESULT)
                for part in (".all()", ".fetchall()", ".fetchmany()", ".mappings()", ".unique()", ".tuples()", ".columns()")
            ),
            (RESULT + ".scalars()", SCALARS),
            *((RESULT + part, ROW) for part in ("[*]", ".fetchone()", *ONE)),
            (SESSION + ".query()", QUERY),
            (SESSION + ".get_one()", ENTITY),
            *(
                (QUERY + part, QUERY)
                for part in (
                    ".all()",
                    *(f".{name}()" for name in NARROWS),
                )
            ),
            *((QUERY + part, ENTITY) for part in ("[*]", *ONE)),
            ("sqlalchemy.orm.sessionmaker()()", SESSION),
            ("sqlalchemy.engine.Engine.connect()", CONNECTION),
            ("sqlalchemy.engine.Engine.begin()", CONNECTION),
            ("sqlalchemy.create_engine()", "sqlalchemy.engine.Engine"),
        ),
        *unbounded(
            "database",
            "a database key",
            *(path for row in (ROW, ENTITY) for path in below(row, ".id", ".pk", ".uuid", ".guid", "[id]", "[pk]", "[uuid]")),
            advice=LOG,
        ),
        *unbounded(
            "free-text",
            "text from a database",
            *(
                f"{row}{part}"
                for row in (ROW, ENTITY)
                for part in (part for name in sorted(FREE_TEXTS) for part in (f".{name}", f"[{name}]"))
            ),
            advice=LOG,
        ),
        *bounded(50, "code", "SQLSTATE", "psycopg2.Error.pgcode", "psycopg2.Error.diag.sqlstate"),
        *unbounded(
            "exception-text", "the text of an exception", "sqlalchemy.exc.SQLAlchemyError", "psycopg2.Error", advice="`type(e).__name__`"
        ),
    ),
    shapes=(
        Shape(
            "sqlalchemy",
            (
                ("statement", "sqlalchemy.statement"),
                ("parameters", "sqlalchemy.parameters"),
                ("context", "sqlalchemy.engine.ExecutionContext"),
                ("conn", "sqlalchemy.engine.Connection"),
            ),
            signature=("conn", "cursor", "statement", "parameters", "context", "executemany"),
        ),
    ),
    aliases=(
        ("sqlalchemy.ext.asyncio.AsyncSession", SESSION),
        ("sqlalchemy.orm.session.Session", SESSION),
        ("sqlalchemy.orm.scoped_session", SESSION),
        ("sqlmodel.Session", SESSION),
        ("sqlmodel.select", "sqlalchemy.select"),
        ("flask_sqlalchemy.SQLAlchemy.select", "sqlalchemy.select"),
        ("sqlalchemy.future.select", "sqlalchemy.select"),
        ("sqlalchemy.sql.select", "sqlalchemy.select"),
        ("sqlmodel.ext.asyncio.session.AsyncSession", SESSION),
        ("sqlalchemy.orm.session.sessionmaker", "sqlalchemy.orm.sessionmaker"),
        ("sqlalchemy.ext.asyncio.async_sessionmaker", "sqlalchemy.orm.sessionmaker"),
        ("sqlalchemy.Connection", CONNECTION),
        ("sqlalchemy.ext.asyncio.AsyncConnection", CONNECTION),
        ("sqlalchemy.engine.CursorResult", RESULT),
        ("sqlalchemy.Engine", "sqlalchemy.engine.Engine"),
        ("sqlalchemy.ext.asyncio.create_async_engine()", "sqlalchemy.create_engine()"),
        ("sqlmodel.create_engine()", "sqlalchemy.create_engine()"),
    ),
)
