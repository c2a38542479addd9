"""Redis and Docker clients (knowledge B and C)."""

from __future__ import annotations

from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=("redis",),
    rows=(

    ),
)  # fmt: skip
