"""Generators of identifiers and of fake data."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, unbounded
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=(
        "bson",
        "pymongo",
        "ulid",
        "shortuuid",
        "nanoid",
        "cuid",
        "snowflake",
        "ksuid",
        "faker",
    ),
    rows=(
        *unbounded(
            "uuid",
            "a new identifier",
            "bson.ObjectId()",
            "ulid.new()",
            "ulid.ULID()",
            "shortuuid.uuid()",
            "shortuuid.ShortUUID.random()",
            "nanoid.generate()",
            "cuid.cuid()",
            advice=LOG,
        ),
    ),
    aliases=(("bson.objectid.ObjectId", "bson.ObjectId"),),
)
