"""pydantic: what validates gives back what it was given, in the form of a type."""

from __future__ import annotations

from cardlint.knowledge.rows import transfer
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=("pydantic",),
    rows=(*transfer("same", "keeps what it validates", "pydantic.TypeAdapter.validate_python()", "pydantic.parse_obj_as()"),),
)
