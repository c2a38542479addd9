"""Attributes that are set by name: `setattr(self, section.name, section())`, `vars(job).update(row)`, `object.__setattr__(self, "kind", kind)`.

A class that sets its own attributes in a loop over classes or keys is followed for each instance. Other writes by name reach the instances
of a class from anywhere: what the class stores is not all there is then, and a name that is computed may be any. A write to an
object of which nothing is known says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cardlint.inference.callgraph import callers
from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, Objects
from cardlint.inference.domain.value_sets import Bound, perhaps
from cardlint.inference.language import loops
from cardlint.inference.limits import MAX_STORE_FILES, NAMED_WRITE_STEPS
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, FreeVar, Param, Use

SETTERS = ("setattr", "__setattr__")


@query(initial=())
def setters(ev: Evaluator, cls: ClassObject) -> tuple[tuple[ClassObject, FunctionIR, Call], ...]:
    """List the calls by which methods of a class and its bases set attributes of `self` by computed names."""
    return tuple((base, *found) for base in class_graph.mro(ev, cls) if isinstance(base, ClassObject) for found in _of_class(base))


def _of_class(base: ClassObject) -> Iterator[tuple[FunctionIR, Call]]:
    facts = base.file.ir
    for name in SETTERS:
        for function, definition in facts.calls_named(name):
            ir = facts.functions[function]
            if ir.owner != base.ir.index or not ir.params:
                continue
            term = ir.defs[definition].term
            if isinstance(term, Call) and len(term.args) == 3 and stores.dotted(ir.defs, term.args[0]) == ir.params[0].name:
                yield ir, term


def names(ev: Evaluator, inst: Instance) -> list[str]:
    """List the attributes that computed names set on an instance, as far as they can be computed."""
    found: dict[str, None] = {}
    for base, ir, term in setters(ev, inst.cls):
        for frame in _frames(ev, inst, base, ir, term):
            found.update(dict.fromkeys(_named(ev, frame, term)[0]))
    return list(found)


@query(
    initial=(BOTTOM, False),
    key=lambda inst, name: (inst.cls, id(inst.site[0]) if inst.site else 0, inst.site[1] if inst.site else None, name),
)
def stored(ev: Evaluator, inst: Instance, name: str) -> tuple[Objects, bool]:
    """Return what computed names store under one name, and whether a name that cannot be computed may be this one."""
    groups: list[Objects] = []
    open_ = False
    for base, ir, term in setters(ev, inst.cls):
        for frame in _frames(ev, inst, base, ir, term):
            by_name, unknown_name = _named(ev, frame, term)
            open_ = open_ or unknown_name
            for turn in by_name.get(name, ()):
                alts = ev.eval(term.args[2], turn)
                groups.append(ev.stepped(alts, turn, term.at, f"stored in `self.{name}`"))
    return join_objects(groups), open_


@query(initial=({}, True), key=lambda frame, term: (frame, id(term)))
def _named(ev: Evaluator, frame: Frame, term: Call) -> tuple[dict[str, list[Frame]], bool]:
    """Group the iterations of a setter's loop by the name they set, and tell whether there are names that cannot be computed."""
    by_name: dict[str, list[Frame]] = {}
    open_ = False
    for turn in loops.turns(ev, frame, term.args[1]):
        names = ev.value(term.args[1], turn)
        if names.bound is not Bound.EXACTLY:
            open_ = True
        for name in names.exact:
            by_name.setdefault(str(name), []).append(turn)
    return by_name, open_


def _frames(ev: Evaluator, inst: Instance, base: ClassObject, ir: FunctionIR, term: Call) -> list[Frame]:
    """Return frames of the method in which `self` is exactly this instance: its class decides what the loop iterates over."""
    open_frame = base.file.frame(ir.index)
    if ir.name not in ("__init__", "__post_init__"):
        return [open_frame]
    if inst.site is not None and ir.name == "__init__":
        return [binding.method_frame(ev, inst, base, ir)]
    init = Function(base.file, ir, (inst,), None)
    if ir.name == "__init__" and len(ir.params) > 1:
        sites = callers.constructions(ev, inst.cls)
        frames = [binding.bound_frame(ev, init, s.call, s.frame) for s in sites]
        if frames:
            return [f for f in frames if f is not None]
    bound = binding.bound_frame(ev, init, open_frame.synthetic_call(term.func, (), term.at), open_frame)
    return [bound if bound is not None else open_frame]


# writes from elsewhere --------------------------------------------------------------------------------------------------

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
    cut: Objects = (perhaps(f"gave up: it takes too many steps to find what sets `{name}` by name"),)
    return ev.aside(NAMED_WRITE_STEPS, lambda: _written(ev, inst.cls, name), cut, inst.cls.file.frame(0), inst.cls.ir.at)


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
    forms = (*((name, "call") for name in (*SETTERS, "vars")), (NAMESPACE, ""))
    paths = sorted({path for name, form in forms for path in ev.modules.mentioning(cls.file, name, form)})
    if len(paths) > MAX_STORE_FILES:  # a helper that writes to anything is passed over there
        naming = frozenset(ev.modules.mentioning(cls.file, cls.ir.name))
        paths = [path for path in paths if path in naming]
    out: list[tuple[Write, tuple[ClassObject, ...]]] = []
    for path in paths[:MAX_STORE_FILES]:
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
    """Tell whether a method writes to its own object by `setattr`: `stored` computes the names for each instance."""
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
