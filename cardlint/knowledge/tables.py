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
