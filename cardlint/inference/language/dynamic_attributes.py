"""Attributes set under computed names: `setattr(self, section.name, section())`, often in a loop over classes or keys."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.inference.callgraph import callers
from cardlint.inference.codebase import stores
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, Objects
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.language import loops
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import Call

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
