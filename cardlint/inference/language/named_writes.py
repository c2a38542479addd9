"""Writes to attributes by name: `setattr(settings, key, value)`, `vars(job).update(row)`, `object.__setattr__(self, "kind", kind)`.

What a class stores under an attribute is not all there is where such a write reaches its instances. A name that is computed may be
any. A write to an object of which nothing is known says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Instance, Objects
from cardlint.inference.domain.value_sets import Bound, perhaps
from cardlint.inference.limits import MAX_STORE_FILES, NAMED_WRITE_STEPS
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, FreeVar, Param, Use

SETTERS = ("setattr", "__setattr__")
NAMESPACE = "__dict__"


class Write(Struct, frozen=True):
    """One write: the object, the name or None for any, and the value or None where it is not written out."""

    frame: Frame
    holder: AnyTerm
    name: AnyTerm | None
    value: AnyTerm | None
    at: At


def written(ev: Evaluator, inst: Instance, name: str) -> Objects:
    """Return what writes by name put into an attribute of an instance, NOTHING where none reaches it."""
    if name.startswith("__"):
        return BOTTOM
    start = inst.cls.file.frame(0)
    return ev.aside(NAMED_WRITE_STEPS, lambda: _written(ev, inst.cls, name), BOTTOM, start, inst.cls.ir.at)


@query(initial=BOTTOM)
def _written(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    groups: list[Objects] = []
    for write, classes in _reaching(ev, cls):
        if not any(other == cls or cls in class_graph.mro(ev, other) or other in class_graph.mro(ev, cls) for other in classes):
            continue
        names = ev.value(write.name, write.frame) if write.name is not None else None
        if names is not None and names.bound is Bound.EXACTLY and name not in names.exact:
            continue
        if write.value is not None and names is not None and names.bound is Bound.EXACTLY and len(names.exact) == 1:
            value = ev.eval(write.value, write.frame)
            groups.append(ev.stepped(value, write.frame, write.at, f"stored in `{name}` by name"))
        else:
            groups.append((perhaps(f"`{name}` may be set by a computed name"),))
    return join_objects(groups) if groups else BOTTOM


@query(initial=())
def _reaching(ev: Evaluator, cls: ClassObject) -> tuple[tuple[Write, tuple[ClassObject, ...]], ...]:
    """List the writes by name in the files that can refer to a class, with the classes of the objects they write to."""
    paths = dict.fromkeys(path for name in (*SETTERS, "vars", NAMESPACE) for path in ev.modules.mentioning(cls.file, name))
    out: list[tuple[Write, tuple[ClassObject, ...]]] = []
    for path in sorted(paths)[: MAX_STORE_FILES * 4]:
        state = ev.modules.state(path)
        for write in _of_file(state) if state is not None else ():
            classes = tuple(o.cls for o in ev.eval(write.holder, write.frame) if isinstance(o, Instance))
            if classes:
                out.append((write, classes))
    return tuple(out)


def _of_file(state: FileState) -> Iterator[Write]:
    """List the writes by name of one file."""
    for name in SETTERS:
        for function, definition in state.ir.calls_named(name):
            frame = state.frame(function)
            term = frame.ir.defs[definition].term
            if isinstance(term, Call) and not _is_own(frame.ir, term):
                yield from _set(term, frame)
    for function, definition in state.ir.calls_named("update"):
        frame = state.frame(function)
        term = frame.ir.defs[definition].term
        holder = _of_namespace(term.func.base, frame) if isinstance(term, Call) and isinstance(term.func, Attr) else None
        if holder is not None:
            yield Write(frame, holder, None, None, term.at)
    for ir in state.ir.functions:
        for store in ir.stores:
            frame = state.frame(ir.index)
            if store.how == "attr" and store.name == NAMESPACE:
                yield Write(frame, store.base, None, None, store.at)
            elif store.how in ("item", "merge") and (holder := _of_namespace(store.base, frame)) is not None:
                yield Write(frame, holder, store.key, store.value if store.key is not None else None, store.at)


def _set(term: Call, frame: Frame) -> Iterator[Write]:
    """Return the write of `setattr(o, name, value)`, `object.__setattr__(o, name, value)` or `o.__setattr__(name, value)`."""
    args = term.args
    if len(args) == 3:
        yield Write(frame, args[0], args[1], args[2], term.at)
    elif len(args) == 2 and isinstance(term.func, Attr) and term.func.name == "__setattr__":
        holder = term.func.base
        if frame.ir.owner >= 0 and frame.ir.params and isinstance(holder, Use) and isinstance(frame.ir.defs[holder.index].term, Call):
            holder = Param(frame.ir.params[0].name, term.at)  # `super().__setattr__(name, value)`
        yield Write(frame, holder, args[0], args[1], term.at)


def _is_own(ir: FunctionIR, term: Call) -> bool:
    """Tell whether a method writes to its own object by `setattr`: `dynamic_attributes` knows the names of each instance."""
    if ir.owner < 0 or not ir.params or len(term.args) != 3 or not isinstance(term.func, (FreeVar, Use)):
        return False
    first = term.args[0]
    made = ir.defs[first.index].term if isinstance(first, Use) else first
    return isinstance(made, Param) and made.name == ir.params[0].name


def _of_namespace(term: AnyTerm, frame: Frame) -> AnyTerm | None:
    """Return the object of `o.__dict__` or `vars(o)`, None for another term."""
    made = frame.ir.defs[term.index].term if isinstance(term, Use) else term
    if isinstance(made, Attr) and made.name == NAMESPACE:
        return made.base
    if isinstance(made, Call) and len(made.args) == 1 and terms.last_name(made.func, frame) == "vars":
        return made.args[0]
    return None
