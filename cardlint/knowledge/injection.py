"""Dependency injection: a framework fills in the parameters of what a program declares as a dependency."""

from __future__ import annotations

from msgspec import Struct

from cardlint.knowledge.schema import Route


class Injection(Struct, frozen=True):
    """How a program declares a dependency, and how the framework fills in its parameters."""

    package: str
    calls: tuple[str, ...]
    """calls that declare one, by their last name: `Depends(current_user)`"""
    methods: tuple[str, ...]
    """methods that are called for it: of a class, and of an instance"""
    parameters: Route
    """its parameters, as those of a handler without a path"""


FASTAPI = Injection(
    "fastapi",
    ("Depends", "Security"),
    ("__init__", "__call__"),
    Route("fastapi", "fastapi.Depends()", validates="annotations", others="query"),
)
"""FastAPI, Dependencies: First Steps, Classes as Dependencies, Advanced Dependencies."""
