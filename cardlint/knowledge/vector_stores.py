"""Qdrant: points that are found, and collections."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library

CLIENT, POINT = "qdrant_client.QdrantClient", "qdrant_client.models.ScoredPoint"
FOUND = (
    *("query_points().points[*]", "query_points().points[0]", "search()[*]", "search()[0]", "scroll()[0][*]", "retrieve()[*]"),
    "retrieve()[0]",
)

LIBRARY = Library(
    packages=("qdrant_client",),
    rows=(
        *leads(*((f"{CLIENT}.{call}", POINT) for call in FOUND)),
        *unbounded("database", "the id of a point", f"{POINT}.id", advice=LOG),
        *unbounded("measurement", "how near a point is", f"{POINT}.score"),
        *deployment("inventory", "a collection", f"{CLIENT}.get_collections().collections[*].name"),
        *bounded(4, "state", "the state of a collection", *below(f"{CLIENT}.get_collection().status", "", ".value", ".name")),
    ),
    aliases=(
        ("qdrant_client.AsyncQdrantClient", CLIENT),
        ("qdrant_client.qdrant_client.QdrantClient", CLIENT),
        ("qdrant_client.http.models.ScoredPoint", POINT),
        ("qdrant_client.models.Record", POINT),
    ),
)
"""qdrant-client 1.20, `qdrant_client.py` and `http/models/models.py`. The payload of a point is what the program puts there:
no row has it."""
