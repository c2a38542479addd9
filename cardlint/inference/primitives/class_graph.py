"""The class graph: bases, method resolution order, subclasses, members and stores of classes."""

from __future__ import annotations

from collections import Counter, deque

from cardlint.common.textscan import INNER_CLASS
from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState
from cardlint.inference.domain.objects import ClassObject, Function, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.limits import MAX_BASES, MAX_SUBCLASSES
from cardlint.ir.model import FunctionIR, Store
from cardlint.ir.terms import ClassDef, FunctionDef, Import
from cardlint.knowledge import conventions
from cardlint.knowledge.structuring import CHOICE_ENUMS

EXCEPTIONS = tuple(row.name for row in (*conventions.ERRORS, *conventions.OTHER_EXCEPTIONS))
ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"}) | CHOICE_ENUMS


@query(initial=())
def bases(ev: Evaluator, cls: ClassObject) -> tuple[Object, ...]:
    """Evaluate the bases of a class, in order. A base of which nothing is known is an undecided value."""
    frame = cls.file.frame(cls.ir.parent)
    out: list[Object] = []
    for term in cls.ir.bases:
        held = ev.eval(term, frame)
        classes = [o for o in held if isinstance(o, (ClassObject, LibraryPath))]
        out.extend(classes or [o for o in held if isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN][:1])
    return tuple(out)


@query(initial=())
def mro(ev: Evaluator, cls: ClassObject) -> tuple[Object, ...]:
    """List a class and all its bases in method resolution order; bases that have no such order come depth first."""
    above = bases(ev, cls)
    lines: list[list[Object]] = [list(mro(ev, base)) if isinstance(base, ClassObject) else [base] for base in above]
    order = _merged([*lines, list(above)]) if len(above) <= MAX_BASES else None
    if order is None:
        order = [base for base in dict.fromkeys(base for line in lines for base in line) if base != cls]
    return (cls, *order)


def _merged(lines: list[list[Object]]) -> list[Object] | None:
    """Merge the orders of several bases as Python does (C3), None where they contradict each other.

    The classes that are not yet first of a line are counted, so that a long line is not searched at each step.
    """
    out: list[Object] = []
    later = Counter(base for line in lines for base in line[1:])
    open_lines = [deque(line) for line in lines if line]
    while open_lines:
        first = next((line[0] for line in open_lines if not later[line[0]]), None)
        if first is None:
            return None
        out.append(first)
        for line in open_lines:
            if line[0] == first:
                line.popleft()
                if line:
                    later[line[0]] -= 1
        open_lines = [line for line in open_lines if line]
    return out


def external_bases(ev: Evaluator, cls: ClassObject) -> list[str]:
    """List the qualified names of the library classes a class inherits from."""
    return [o.path for o in mro(ev, cls) if isinstance(o, LibraryPath)]


def is_class_path(path: str) -> bool:
    """Tell by its spelling whether a library path is a class, as opposed to an instance or a result."""
    return path.rpartition(".")[2][:1].isupper() and path[-1:] not in (")", "]")


def is_enum(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether a class is an Enum with the members that are written; similar classes of other libraries are not."""
    return any(path in ENUMS for path in external_bases(ev, cls)) and not _makes_members(ev, cls)


@query(initial=False)
def _makes_members(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether an Enum makes members while it runs: `_missing_` calls `__new__` for a value that none has."""
    for base in mro(ev, cls):
        index = base.ir.methods.get("_missing_") if isinstance(base, ClassObject) else None
        if index is not None and isinstance(base, ClassObject):
            return any(function == index for function, _ in base.file.ir.calls_named("__new__"))
    return False


def is_exception(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether a class is an exception, so that its text is free text."""
    return any(path.rpartition(".")[2].endswith(EXCEPTIONS) for path in external_bases(ev, cls))


def members(ev: Evaluator, cls: ClassObject) -> list[str]:
    """List the member names of an analysed Enum."""
    out: list[str] = []
    for base in mro(ev, cls):
        if isinstance(base, ClassObject):
            body = base.file.ir.functions[base.ir.body]
            for name, index in body.exits.items():
                term = body.defs[index].term
                if not name.startswith("_") and not isinstance(term, (FunctionDef, ClassDef, Import)):
                    out.append(name)
    return out


def getter_of(fn: Function) -> FunctionIR:
    """Return the getter of a property whose last definition in the class is its setter."""
    for other in fn.file.ir.functions:
        if other.owner == fn.ir.owner and other.name == fn.ir.name and not terms.flag(other, "setter", "deleter"):
            return other
    return fn.ir


@query(initial=())
def self_stores(ev: Evaluator, cls: ClassObject, name: str) -> tuple[tuple[FunctionIR, Store], ...]:
    """List the stores of a class's methods (not of its bases) to one attribute of `self`."""
    out = []
    for owner, store in stores.attribute_stores(cls.file, name):
        ir = cls.file.ir.functions[owner]
        if ir.owner == cls.ir.index and ir.params and stores.dotted(ir.defs, store.base) == ir.params[0].name:
            out.append((ir, store))
    return tuple(out)


def stored_names(cls: ClassObject) -> list[str]:
    """List the attributes that the methods of a class store on `self`, in order of the source."""
    names: dict[str, None] = {}
    for ir in list(cls.file.ir.functions):
        if ir.owner != cls.ir.index or not ir.params:
            continue
        first = ir.params[0].name
        names.update((s.name, None) for s in ir.stores if s.how == "attr" and stores.dotted(ir.defs, s.base) == first)
    return list(names)


def defines(cls: ClassObject, name: str) -> bool:
    """Tell whether the body of a class binds a name."""
    return name in cls.file.ir.functions[cls.ir.body].exits


def only_none(alts: Objects) -> bool:
    """Tell whether None is the only alternative: an attribute that is set elsewhere."""
    return bool(alts) and all(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY and o.exact == (None,) for o in alts)


def is_abstract(alts: Objects) -> bool:
    """Tell whether all alternatives are functions that are abstract or only raise."""
    for obj in alts:
        if isinstance(obj, LibraryPath) and obj.path in ("abc.abstractproperty", "abc.abstractproperty()", "builtins.NotImplemented"):
            continue
        if not isinstance(obj, Function):
            return False
        if not (terms.flag(obj.ir, "abstractmethod") or (not obj.ir.returns and not obj.ir.yields)):
            return False
    return bool(alts)


@query(initial=())
def subclasses(ev: Evaluator, cls: ClassObject) -> tuple[ClassObject, ...]:
    """List the analysed classes that inherit from a class, found in the files that mention its name."""
    found: list[ClassObject] = []
    for path in ev.modules.mentioning(cls.file, cls.ir.name, "base"):
        state = ev.modules.state(path)
        if state is None:
            continue
        state.ir.reveal(INNER_CLASS.regex)
        for ir in state.ir.classes:
            if ir is cls.ir or not ir.bases:
                continue
            candidate = ClassObject(state, ir)
            if cls in mro(ev, candidate)[1:] and len(found) < MAX_SUBCLASSES:
                found.append(candidate)
    for direct in list(found):
        for deeper in subclasses(ev, direct):
            if deeper not in found and len(found) < MAX_SUBCLASSES:
                found.append(deeper)
    return tuple(found)


def subclass_names(ev: Evaluator, cls: ClassObject) -> list[str]:
    """List the names an instance's class can have."""
    return [cls.ir.name, *(c.ir.name for c in subclasses(ev, cls))]


def written_name(file: FileState, ir: FunctionIR) -> str:
    """Return the name that callers write: the class for a constructor, `Class.method` for a method, the name for anything else."""
    if ir.owner < 0:
        return ir.name
    owner = file.ir.classes[ir.owner].name
    return owner if ir.name in ("__init__", "__new__") else f"{owner}.{ir.name}"


def owner_of(file: FileState, ir: FunctionIR) -> ClassObject | None:
    """Return the class a function is a method of."""
    return ClassObject(file, file.ir.classes[ir.owner]) if ir.owner >= 0 else None


@query(initial=frozenset())
def imports_of(ev: Evaluator, state: FileState) -> frozenset[str]:
    """List the top packages that a file imports at its top level."""
    return frozenset(
        definition.term.module.partition(".")[0]
        for definition in state.ir.functions[0].defs
        if isinstance(definition.term, Import) and not definition.term.module.startswith(".")
    )


def of_same_package(ev: Evaluator, obj: LibraryPath, kinds: list[Object]) -> list[Object]:
    """Return what an object of a library is after a test, where nothing is known of its class and something of those it may be of."""
    if not is_class_path(obj.path) or ev.library.has_below(obj.path) or ev.library.row(obj.path) is not None:
        return []
    package = obj.path.partition(".")[0]
    tested = [LibraryPath(k.path) for k in kinds if isinstance(k, LibraryPath) and k.path.partition(".")[0] == package]
    return list(tested) if len(tested) == len(kinds) and all(ev.library.has_below(k.path) for k in tested) else []
