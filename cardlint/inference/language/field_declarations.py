"""Fields: classes whose constructor is generated from annotations - dataclass, NamedTuple, pydantic, attrs, msgspec."""

from __future__ import annotations

from cardlint.common.textscan import ANNOTATED_ATTRIBUTE
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Instance, Objects
from cardlint.inference.language import type_hints
from cardlint.inference.primitives.class_graph import external_bases, mro
from cardlint.ir.terms import AnyTerm, Attr, Call, Use
from cardlint.knowledge.structuring import BUILT_FROM_DATA, FIELD_FACTORIES, OF_OBJECTS, OF_TEXTS, generated


@query(initial={})
def fields(ev: Evaluator, cls: ClassObject) -> dict[str, ClassObject]:
    """List the annotated fields of a class in the order of its generated constructor, with the class declaring each."""
    found: dict[str, ClassObject] = {}
    for base in reversed(mro(ev, cls)):
        if isinstance(base, ClassObject):
            for name in _own_fields(ev, base):
                found.setdefault(name, base)
    return found


@query(initial=())
def _own_fields(ev: Evaluator, cls: ClassObject) -> tuple[str, ...]:
    """List the fields that a class declares itself, those made by functions of attrs last."""
    body = cls.file.ir.functions[cls.ir.body]
    found = [
        name for name, term in body.annotations.items() if "." not in name and not (isinstance(term, Attr) and term.name == "ClassVar")
    ]
    for name, index in body.exits.items():
        term = assigned_term(body.defs[index].term, cls.file.frame(cls.ir.body))
        if isinstance(term, Call) and name not in body.annotations and isinstance(term.func, Attr) and term.func.name in FIELD_FACTORIES:
            found.append(name)
    return tuple(found)


def has_generated_init(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether the constructor is generated from fields: dataclass, NamedTuple, pydantic, attrs, msgspec."""
    if not fields(ev, cls):
        return False
    own = [b for b in mro(ev, cls) if isinstance(b, ClassObject) and "__init__" in b.ir.methods]
    if own and any(path in BUILT_FROM_DATA for path in external_bases(ev, cls)):
        return all(_hands_on(b) for b in own)
    return not own


def _hands_on(cls: ClassObject) -> bool:
    """Tell whether a class's own constructor takes `**` and so may give any field to the generated one."""
    functions = cls.file.ir.functions
    return any(f.owner == cls.ir.index and f.name == "__init__" and any(p.kind == "dstar" for p in f.params) for f in functions)


def assigned_term(term: AnyTerm, frame: Frame) -> AnyTerm:
    """Return the last term that is assigned to a name."""
    while isinstance(term, Use):
        term = frame.ir.defs[term.index].term
    return term


def annotated(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return the value by the annotation of an attribute, in the class body or on `self`."""
    found = annotation_of(ev, cls, name)
    return type_hints.from_annotation(ev, *found) if found is not None else BOTTOM


def annotation_of(ev: Evaluator, cls: ClassObject, name: str) -> tuple[AnyTerm, Frame] | None:
    """Return the annotation of an attribute with its frame; the range of a number needs the annotation as it is written."""
    for base in mro(ev, cls):
        if not isinstance(base, ClassObject):
            continue
        body = base.file.ir.functions[base.ir.body]
        if name in body.annotations:
            return body.annotations[name], base.file.frame(base.ir.body)
        base.file.ir.reveal(name, "", ANNOTATED_ATTRIBUTE.of(name=[name]))
        for ir in base.file.ir.functions:
            if (
                ir.reveal is None
                and ir.owner == base.ir.index
                and ir.params
                and (term := ir.annotations.get(f"{ir.params[0].name}.{name}")) is not None
            ):
                return term, base.file.frame(ir.index)
    return None


# methods that a library generates for such classes: `model_dump`, `_replace`, `model_validate` ---------------------------

DUMPS = generated("fields")
"""Methods that give the fields of an instance as a dictionary."""
COPIES = generated("copy")
"""Methods that give a copy of an instance, with some fields changed."""


def is_record(ev: Evaluator, obj: Instance, name: str) -> bool:
    """Tell whether a method of an instance is one that its generated class brings along."""
    wanted = DUMPS.get(name) or COPIES.get(name)
    if wanted is None:
        return False
    return any(path.rpartition(".")[2] in wanted for path in external_bases(ev, obj.cls))


BY_OBJECT = frozenset(OF_OBJECTS.split())
BY_TEXT = frozenset(OF_TEXTS.split())


def is_maker(cls: ClassObject, name: str) -> bool:
    """Tell whether a class method without a definition in the analysed code makes instances of data, by a library."""
    return name in BY_OBJECT | BY_TEXT and bool(cls.ir.bases or cls.ir.decorators)
