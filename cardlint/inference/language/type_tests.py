"""Tests of types: `isinstance(x, T)` and `inspect.isfunction(x)`, where they hold and where they do not."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import ClassObject, EnumMember, Function, Instance, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded
from cardlint.inference.primitives import class_graph, collections
from cardlint.ir.terms import Refine
from cardlint.knowledge.conventions import ERROR_ENDINGS

SCALAR_TYPES = frozenset({"builtins.str", "builtins.bytes", "builtins.int", "builtins.float", "builtins.bool"})


def is_instance(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `isinstance(x, T)`."""
    return _isinstance(ev, base, ev.eval(term.by, frame)) if term.by is not None else base


def is_no_instance(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left where `isinstance(x, T)` does not hold: what is certainly a T is gone."""
    kinds = _kinds(ev, ev.eval(term.by, frame)) if term.by is not None else []
    return tuple(o for o in base if not any(_is_certainly(ev, o, kind) for kind in kinds))


def _is_certainly(ev: Evaluator, obj: Object, kind: Object) -> bool:
    """Tell whether an object is an instance of a class, whatever else is known of it."""
    if isinstance(obj, LibraryPath):
        return obj.path == ERROR and isinstance(kind, LibraryPath) and kind.path in ANY_ERROR
    if isinstance(obj, (Instance, EnumMember)):
        return isinstance(kind, ClassObject) and kind in class_graph.mro(ev, obj.cls)
    if isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY and isinstance(kind, LibraryPath) and obj.exact:
        return all(type(v) in EXACT_TYPES and f"builtins.{type(v).__name__}" == kind.path for v in obj.exact)
    return False


def is_function(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left by `inspect.isfunction(x)`."""
    return tuple(o for o in base if isinstance(o, Function) or (isinstance(o, (ValueSet, LibraryPath)) and not _is_known(o)))


def is_no_function(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Return the part of a value that is left where `inspect.isfunction(x)` does not hold."""
    return tuple(o for o in base if not (isinstance(o, Function) and o.bound is None))


def _is_known(obj: ValueSet | LibraryPath) -> bool:
    return isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY


ERROR = "builtins.BaseException"
"""What is caught, of whatever class."""
ANY_ERROR = frozenset({"builtins.BaseException", "builtins.Exception"})
EXACT_TYPES = frozenset({str, int, float, bool})


def _kinds(ev: Evaluator, types: Objects) -> list[Object]:
    """List the classes of the second argument of `isinstance`, which may be in a tuple."""
    kinds: list[Object] = []
    for obj in types:
        items = collections.as_items(ev, (obj,)) if isinstance(obj, Sequence) else None
        if items is not None:
            for thunk in items:
                kinds.extend(ev.force(thunk))
        else:
            kinds.append(obj)
    return kinds


def _isinstance(ev: Evaluator, base: Objects, types: Objects) -> Objects:
    kinds = _kinds(ev, types)
    out: list[Object] = []
    scalars = bool(kinds) and all(isinstance(k, LibraryPath) and k.path in SCALAR_TYPES for k in kinds)
    for obj in base:
        if scalars and isinstance(obj, (Mapping, Sequence)):
            continue  # a collection is neither a text nor a number
        if isinstance(obj, ValueSet) and obj.bound >= Bound.UNKNOWN:
            replaced = [r for r in (_instance(ev, k) for k in kinds) if r is not None]
            if replaced and len(replaced) == len(kinds) and obj.bound is Bound.UNKNOWN:
                out.extend(replaced)
                continue
            if kinds and all(isinstance(k, LibraryPath) and k.path == "builtins.bool" for k in kinds):
                out.append(bounded(2, "boolean"))
                continue
        if isinstance(obj, LibraryPath) and obj.path == ERROR and kinds and all(isinstance(k, ClassObject) for k in kinds):
            out.extend(Instance(k, None) for k in kinds if isinstance(k, ClassObject))
            continue
        if isinstance(obj, LibraryPath) and (narrower := class_graph.of_same_package(ev, obj, kinds)):
            out.extend(narrower)
            continue
        out.append(obj)
    return join_objects([tuple(out)])


def _instance(ev: Evaluator, kind: Object) -> Object | None:
    if isinstance(kind, ClassObject):
        return EnumMember(kind, None) if class_graph.is_enum(ev, kind) else Instance(kind, None)
    if isinstance(kind, LibraryPath):
        if kind.path == "builtins.bool":
            return bounded(2, "boolean")
        if kind.path.startswith("builtins.") and kind.path.endswith(ERROR_ENDINGS):
            return LibraryPath("builtins.BaseException")
        if not kind.path.startswith(("builtins.", "typing.", "collections.")):
            return LibraryPath(kind.path)
    return None
