"""peewee and tortoise-orm: queries of tables that are classes."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, leads, unbounded
from cardlint.knowledge.schema import Library

ROW = "peewee.row"
QUERIES = ("peewee.ModelSelect", "tortoise.queryset.QuerySet")
NARROWS = (
    "where order_by join switch group_by having limit offset distinct namedtuples objects iterator paginate for_update select",
    "all filter exclude order_by limit offset distinct prefetch_related select_related annotate only",
)
"""Methods of a query that return a query, for each of the two (peewee 3.17, `ModelSelect`; tortoise-orm 0.25, `QuerySet`)."""

LIBRARY = Library(
    packages=("peewee", "playhouse", "tortoise"),
    rows=(
        *leads(
            ("peewee.Model.select()", QUERIES[0]),
            *((f"peewee.Model.{name}()", ROW) for name in ("get", "get_by_id", "get_or_none", "create")),
            *((f"tortoise.models.Model.{name}()", QUERIES[1]) for name in ("all", "filter", "exclude")),
            *((f"tortoise.models.Model.{name}()", ROW) for name in ("get", "get_or_none", "create", "first")),
            *((f"{query}.{name}()", query) for query, names in zip(QUERIES, NARROWS, strict=True) for name in names.split()),
            *((f"{query}{part}", ROW) for query in QUERIES for part in ("[*]", ".first()", ".get()", ".get_or_none()")),
        ),
        *unbounded(
            "database",
            "a database key",
            *(f"{owner}.{name}" for owner in (ROW, "peewee.Model", "tortoise.models.Model") for name in ("id", "pk")),
            advice=LOG,
        ),
    ),
    aliases=(("tortoise.Model", "tortoise.models.Model"), ("peewee.ModelBase", "peewee.Model")),
)
