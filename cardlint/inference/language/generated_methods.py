"""Methods that a library generates for an analysed class: `model_dump`, `_replace`, `model_validate`."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.objects import ClassObject, Instance
from cardlint.inference.primitives import class_graph
from cardlint.knowledge import structuring

DUMPS = structuring.generated("fields")
"""Methods that give the fields of an instance as a dictionary."""
COPIES = structuring.generated("copy")
"""Methods that give a copy of an instance, with some fields changed."""


def is_record(ev: Evaluator, obj: Instance, name: str) -> bool:
    """Tell whether a method of an instance is one that its generated class brings along."""
    wanted = DUMPS.get(name) or COPIES.get(name)
    if wanted is None:
        return False
    return any(path.rpartition(".")[2] in wanted for path in class_graph.external_bases(ev, obj.cls))


BY_OBJECT = frozenset(structuring.OF_OBJECTS.split())
BY_TEXT = frozenset(structuring.OF_TEXTS.split())


def is_maker(cls: ClassObject, name: str) -> bool:
    """Tell whether a class method without a definition in the analysed code makes instances of data, by a library."""
    return name in BY_OBJECT | BY_TEXT and bool(cls.ir.bases or cls.ir.decorators)
