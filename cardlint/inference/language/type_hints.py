"""Annotations: the instance that an annotated type describes. They are trusted for objects, not for the texts of labels."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, Instance, LibraryPath, Objects, OpaqueCallable, TypeExpr
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly
from cardlint.inference.limits import MAX_TYPE_DEPTH
from cardlint.inference.primitives import class_graph, metric_classes
from cardlint.ir.model import ParameterIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, FreeVar, Import, Item, Op, Seq, Use
from cardlint.knowledge import conventions
from cardlint.knowledge.conventions import ERROR_ENDINGS

AWAITED = conventions.names(conventions.AWAITED)
WRAPPERS = frozenset({"Optional", "Annotated", "Final", "ClassVar", "Union", "Required", "NotRequired", *AWAITED})
ITERABLES = frozenset(
    {
        "List",
        "list",
        "Sequence",
        "Iterable",
        "Iterator",
        "Set",
        "set",
        "FrozenSet",
        "frozenset",
        "Tuple",
        "tuple",
        "Collection",
        "Generator",
        "AsyncIterator",
        "AsyncGenerator",
        "Deque",
        "deque",
    }
)
MAPPINGS = frozenset({"Dict", "dict", "Mapping", "MutableMapping", "DefaultDict", "defaultdict"})
PLAIN = frozenset({"str", "int", "float", "bytes", "object", "Any", "None"})


def from_annotation(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int = 0, forward: bool = False) -> Objects:
    """Return an instance of the annotated type, or NOTHING when the annotation says nothing useful.

    Names in quotes inside of a type are resolved with `forward`: deserialisation needs them.
    """
    if depth > MAX_TYPE_DEPTH:
        return BOTTOM
    if isinstance(term, Const):
        later = forward and isinstance(term.value, str) and term.value.isidentifier()  # `list["Item"]`
        return from_annotation(ev, FreeVar(str(term.value), term.at), frame, depth + 1, forward) if later else BOTTOM
    if isinstance(term, Op) and term.op == "|":
        return join_objects([from_annotation(ev, a, frame, depth + 1, forward) for a in term.args])
    if isinstance(term, Item):
        return _generic(ev, term, frame, depth, forward)
    if isinstance(term, Call):  # a type variable: its constraints, or its bound
        allowed = (*term.args[1:], *(value for name, value in term.kwargs if name == "bound"))
        return join_objects([from_annotation(ev, a, frame, depth + 1, forward) for a in allowed]) if allowed else BOTTOM
    name = term.name if isinstance(term, (Attr, FreeVar)) else ""
    if name in PLAIN:
        return BOTTOM
    groups: list[Objects] = []
    for obj in ev.eval(term, frame):
        if isinstance(obj, ClassObject):
            groups.append((EnumMember(obj, None),) if class_graph.is_enum(ev, obj) else (Instance(obj, None),))
        elif isinstance(obj, LibraryPath):
            groups.append(_external(ev, obj.path))
        elif isinstance(obj, TypeExpr):
            groups.append(from_annotation(ev, obj.term, obj.frame, depth + 1, forward))
        elif isinstance(obj, (Sequence, Mapping)):
            groups.append(BOTTOM)
    return join_objects(groups) if groups else BOTTOM


def _external(ev: Evaluator, path: str) -> Objects:
    if path == "builtins.bool":
        return (bounded(2, "boolean"),)
    if path in ("typing.LiteralString", "typing_extensions.LiteralString"):
        return (bounded(20, "a text written in the code"),)
    if path.startswith(("typing.", "typing_extensions.")) or path.rpartition(".")[2] in PLAIN:
        return BOTTOM
    if path.startswith("builtins."):
        return (LibraryPath("builtins.BaseException"),) if path.endswith(ERROR_ENDINGS) else BOTTOM
    if _is_type_variable(path.rpartition(".")[2]):
        return BOTTOM
    found = metric_classes.annotated(ev, path)
    return found or (LibraryPath(path),)


def _is_type_variable(name: str) -> bool:
    """Tell whether a name is one of a type variable by convention. One of a library says nothing of the value."""
    letter = name.removesuffix("_co").removesuffix("_contra").lstrip("_")
    return len(letter) == 1 and letter.isupper()


def _generic(ev: Evaluator, term: Item, frame: Frame, depth: int, forward: bool) -> Objects:
    base = term.base
    name = base.name if isinstance(base, (Attr, FreeVar)) else getattr(base, "name", "")
    arguments = term.key.items if isinstance(term.key, Seq) else (term.key,)
    if not arguments:  # `tuple[()]`
        return BOTTOM
    if name == "Literal":
        return literal(ev, term, frame)
    if name in ("Type", "type"):
        return ev.eval(arguments[0], frame)
    if name == "Callable":
        return (OpaqueCallable(arguments[-1], frame),) if from_annotation(ev, arguments[-1], frame, depth + 1, forward) else BOTTOM
    if name in ("Annotated", "Final", "ClassVar", "Mapped"):
        return from_annotation(ev, arguments[0], frame, depth + 1, forward)
    if name in WRAPPERS:
        chosen = arguments[-1:] if name in AWAITED else arguments
        return join_objects([from_annotation(ev, a, frame, depth + 1, forward) for a in chosen])
    if name in ITERABLES:
        inner = from_annotation(ev, arguments[0], frame, depth + 1, forward)
        return (Sequence("list", (), (Lazy(None, None, inner),)),) if inner else BOTTOM
    if name in MAPPINGS and len(arguments) == 2:
        return BOTTOM
    return from_annotation(ev, base, frame, depth + 1, forward)


def literal(ev: Evaluator, term: AnyTerm, frame: Frame) -> Objects:
    """Return the values of `Literal[...]`, also through an alias."""
    if isinstance(term, Item):
        items = term.key.items if isinstance(term.key, Seq) else (term.key,)
        groups = [literal(ev, o.term, o.frame) if isinstance(o, TypeExpr) else (o,) for i in items for o in ev.eval(i, frame)]
        return join_objects(groups) if groups else BOTTOM
    return BOTTOM


def arguments(ev: Evaluator, alts: Objects) -> Objects:
    """Return `get_args(X)` or `X.__args__` of a type: the values of a Literal, NOTHING for other types."""
    groups: list[Objects] = []
    for obj in alts:
        values = from_annotation(ev, obj.term, obj.frame) if isinstance(obj, TypeExpr) else BOTTOM
        if values and all(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for o in values):
            constants = [v for o in values if isinstance(o, ValueSet) for v in o.exact]
            groups.append((Sequence("tuple", tuple(Lazy(None, None, (exactly((c,)),)) for c in constants)),))
    return join_objects(groups) if groups else BOTTOM


def spelled_out(ev: Evaluator, annotation: AnyTerm | None, frame: Frame) -> list[tuple[AnyTerm, Frame]]:
    """Return an annotation, and what it names where it is an alias: `SettingsDep = Annotated[Settings, Depends(get_settings)]`."""
    if annotation is None:
        return []
    aliases = ev.eval(annotation, frame) if isinstance(annotation, (FreeVar, Attr, Import, Use)) else BOTTOM
    return [(annotation, frame), *((obj.term, obj.frame) for obj in aliases if isinstance(obj, TypeExpr))]


def markers(ev: Evaluator, found: ParameterIR, outer: Frame, default: bool = True) -> list[tuple[Call, Frame]]:
    """List the calls in the declaration of a parameter with their frames: its default, and the metadata of `Annotated`."""
    given: list[tuple[AnyTerm, Frame]] = [(found.default, outer)] if default and isinstance(found.default, Use) else []
    for term, frame in spelled_out(ev, found.annotation, outer):
        if isinstance(term, Item) and isinstance(term.key, Seq):
            given.extend((part, frame) for part in term.key.items)
        elif isinstance(term, (Use, Call)):  # `conint(ge=1, le=5)`
            given.append((term, frame))
    out = []
    for part, frame in given:
        while isinstance(part, Use):
            part = frame.ir.defs[part.index].term
        if isinstance(part, Call):
            out.append((part, frame))
    return out
