"""Methods that a library generates for a class of the tree: `model_dump`, `_replace`, `model_validate`."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.objects import ClassObject, Instance
from cardlint.inference.primitives import class_graph
from cardlint.knowledge.structuring import OF_OBJECTS, OF_TEXTS

DUMPS = frozenset({"model_dump", "dict", "_asdict"})
"""Methods that give the fields of a pydantic model or a named tuple as a dictionary."""
COPIES = frozenset({"model_copy", "copy", "_replace"})
"""Methods that give a copy of a pydantic model or a named tuple, with some fields changed."""


def is_record(ev: Evaluator, obj: Instance, name: str) -> bool:
    """Tell whether a method of an instance is one that its generated class brings along."""
    if name not in DUMPS and name not in COPIES:
        return False
    paths = class_graph.external_bases(ev, obj.cls)
    wanted = ("NamedTuple",) if name.startswith("_") else ("BaseModel", "SQLModel", "BaseSettings")
    return any(path.rpartition(".")[2] in wanted for path in paths)


BY_OBJECT = frozenset(OF_OBJECTS.split())
BY_TEXT = frozenset(OF_TEXTS.split())


def is_maker(cls: ClassObject, name: str) -> bool:
    """Tell whether a class method that the tree does not define is one by which a library makes instances of data."""
    return name in BY_OBJECT | BY_TEXT and bool(cls.fact.bases or cls.fact.decorators)
