"""SQLAlchemy and database drivers: statements, rows and errors (knowledge B and C)."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, unbounded
from cardlint.knowledge.schema import Library, Shape

LIBRARY = Library(
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
