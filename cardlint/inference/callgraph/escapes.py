"""Functions and classes as values: calls by another name than their own, and places where they get out of sight.

`HANDLERS = {"a": Handler}` and `self.emit = emit` give a function or a class another name. What is called by it is called, too, and
where the value gets to code that is not known it can be called with anything. Calls by its own name, and a function that is passed
directly to a call, are found elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from cardlint.inference.callgraph.alias_calls import CallWalk
from cardlint.inference.callgraph.alias_nodes import CallersOf, Node, Picked, Under, kept_elsewhere, occurrences
from cardlint.inference.callgraph.call_sites import CallSite
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import Function
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.limits import ALIAS_STEPS, MAX_DISPATCHERS, MAX_KEYED_CALLERS
from cardlint.inference.primitives import binding
from cardlint.ir.model import FunctionIR
from cardlint.ir.occurrences import Inside, Occurrences
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Choice, ClassDef, Const, Dict, FunctionDef, Param, Use
from cardlint.knowledge.changing import ONLY_LOOKED_AT, PASSING_MODULES
from cardlint.lowering.names import CHANGES


class Found(Struct, frozen=True, gc=False):
    """A call of a value by another name, with the keys under which a dictionary holds the value and the key that the call picks."""

    frame: Frame
    call: Call
    under: Under | None
    picked: Picked | None


class Elsewhere(Struct, frozen=True, gc=False):
    """The calls of a value by other names, and one place where it gets out of sight."""

    calls: tuple[Found, ...]
    lost: tuple[Frame, Call] | None
    partials: bool = False
    """whether partials of the value are among what was followed: a call may then have more arguments than it is written with"""


NOWHERE = Elsewhere((), None)
LOOKING = frozenset({"builtins", *PASSING_MODULES})
"""The libraries whose functions call nothing that is in a container which they get, or what is known of it."""


class Kept(Struct, frozen=True, gc=False):
    """A function, or a partial of it, that is given to a call which does not call it directly, or that is made without a name."""

    frame: Frame
    term: AnyTerm
    call: Call | None
    """the call that gets it, None where the term itself is followed"""
    keyword: str | None
    partial: bool


def elsewhere(
    ev: Evaluator,
    file: FileState,
    parent: int,
    index: int,
    ir: FunctionIR | None,
    kept: Sequence[Kept],
    callers_of: CallersOf,
) -> Elsewhere:
    """Follow a function, or a class for None, from the scope that defines it, from its decorators and from the calls that keep it."""
    frame = file.frame(parent)
    term = occurrences(frame).made.get((ClassDef if ir is None else FunctionDef, index))
    if term is None:
        return NOWHERE
    walk = ValueWalk(ev, term, frame, callers_of)
    walk.direct = ir is not None
    walk.name = ir.name if ir is not None else file.ir.classes[index].name
    if frame.ir.kind not in ("module", "class"):  # a closure is followed to where it is made
        walk.work.clear()
    for one in kept:
        walk.start(one)
    if ir is not None:
        for decorator in decorators_that_keep(ev, file, ir):
            walk.decorated(decorator)
    walk.follow()
    return Elsewhere(tuple(walk.calls.values()), walk.lost, any(one.partial for one in kept))


class ValueWalk(CallWalk):
    """Follows one function or class, and notes its calls."""

    def __init__(self, ev: Evaluator, term: AnyTerm, frame: Frame, callers_of: CallersOf) -> None:
        super().__init__(ev, term, frame, callers_of)
        self.own = term
        self.calls: dict[tuple[object, ...], Found] = {}
        self.lost: tuple[Frame, Call] | None = None
        self.direct = True
        """whether passing the value by its own name is looked at elsewhere"""
        self.name = ""

    def start(self, kept: Kept) -> None:
        """Follow the value into a call that keeps it, or from the term that is a partial of it."""
        node = Node(kept.frame, kept.term, 0, "", False)
        if kept.call is None:
            self.work.append(node)
        else:
            super().passed(node, kept.call, kept.keyword)

    def decorated(self, decorator: Function) -> None:
        """Follow the value into a decorator."""
        frame = decorator.file.frame(decorator.ir.index)
        if decorator.closure is not None:
            frame = frame.context(decorator.closure, decorator.closure)
        first = decorator.ir.params[0 if decorator.bound is None else 1].name
        self._parameter(Node(frame, self.own, 0, "", False), frame, first, 0)

    def escape(self, frame: Frame, at: At, why: str) -> None:
        """Note the first place where the value gets out of sight."""
        if self.lost is None:
            self.lost = (frame, Call(Const(None, at), (), (), at))

    def acts(self, name: str) -> bool:
        """Tell whether a method of the value matters: none does."""
        return False

    def matters(self, table: Occurrences, term: AnyTerm, depth: int) -> bool:
        """Tell whether an attribute that is the value is more than called; calls by its own name are found elsewhere."""
        return (
            bool(depth)
            or getattr(term, "name", "") != self.name
            or any(not (type(where) is Inside and where.role == "func") for where in table.of(term))
        )

    def called(self, node: Node, call: Call) -> None:
        """Note a call by another name."""
        if node.depth == 0 and (not node.home or isinstance(node.term, Choice)):
            self.calls[id(call), node.frame, node.under, node.picked] = Found(node.frame, call, node.under, node.picked)

    def stored_under(self, node: Node, depth: int, key: AnyTerm | None) -> Node:
        """Note the key under which a dictionary holds the value; the first dictionary counts."""
        node = kept_elsewhere(node, depth)
        if node.under is not None or key is None:
            return node
        keys = self.ev.value(key, node.frame)
        return replace(node, under=(depth, keys.exact)) if keys.bound is Bound.EXACTLY else node

    def read_under(self, node: Node, key: AnyTerm) -> Node | None:
        """Note the key with which the dictionary is read; None where it holds the value under others."""
        if node.under is None or node.under[0] != node.depth:
            return node
        return replace(node, picked=(node.frame, key)) if _may_be(self.ev, key, node.frame, node.under) else None

    def inside(self, node: Node, where: Inside) -> None:
        """Note the key of a dictionary that is written out."""
        if isinstance(where.parent, Dict) and where.role == "entries":
            key = next((key for key, value in where.parent.entries if value is node.term), None)
            node = self.stored_under(node, node.depth + 1, key)
        super().inside(node, where)

    def attribute(self, node: Node, attr: Attr) -> None:
        """Follow what holds the value; what an attribute of the value itself does is no call of it."""
        if node.depth:
            super().attribute(node, attr)

    def passed(self, node: Node, call: Call, keyword: str | None) -> None:
        """Follow the value into a call, unless that is looked at elsewhere."""
        if not (self.direct and node.depth == 0 and (node.home or node.term is self.own)):
            super().passed(node, call, keyword)

    def into_container(self, node: Node, method: str, base: AnyTerm) -> None:
        """Follow the value into a container."""
        self.into(node, base, node.depth + 1)

    def to_library(self, node: Node, path: str, call: Call) -> None:
        """A library that gets the value can call it, if it does not just look at it."""
        if path.rpartition(".")[2] in ONLY_LOOKED_AT and path != "builtins.getattr":
            return
        if node.depth or path == "builtins.setattr":
            super().to_library(node, path, call)
        elif path != "builtins.getattr":
            self.escape(node.frame, call.at, "it is passed to a library")
        if node.depth and path.partition(".")[0] not in LOOKING:
            self.escape(node.frame, call.at, "a library gets what holds it")


def _may_be(ev: Evaluator, key: AnyTerm, frame: Frame, under: Under) -> bool:
    """Tell whether a key may be one of those under which a value is held."""
    found = ev.value(key, frame)
    return found.bound is not Bound.EXACTLY or any(k in under[1] for k in found.exact)


def in_each_call(ev: Evaluator, found: Found, callers_of: CallersOf) -> Iterator[tuple[Frame, Call, bool]]:
    """List a call once for each call of the function around it, where its parameter picks the value from a dictionary.

    `emit("created", user)` runs the handlers of `created`, and others get what their own events pass. False says that the keys of the
    calls cannot be told apart.
    """
    if found.under is None or found.picked is None:
        yield found.frame, found.call, True
        return
    frame, key = found.picked
    keys = ev.value(key, frame).exact
    if all(k in found.under[1] for k in keys) or frame.ir.kind != "function" or frame.bindings is not None:
        yield found.frame, found.call, True
        return
    if frame is not found.frame:
        yield found.frame, found.call, False
        return
    contexts = _contexts(ev, frame, lambda one: len(ev.value(key, one).exact) == 1, callers_of)
    for context in contexts:
        if _may_be(ev, key, context, found.under):
            yield context, found.call, True
    if not contexts:
        yield frame, found.call, False


def _contexts(ev: Evaluator, frame: Frame, decided: Callable[[Frame], bool], callers_of: CallersOf, depth: int = 0) -> list[Frame]:
    """List the frames of the calls of a function, of calls of its callers where one call is not `decided`; none where some are not known."""
    sites = callers_of(ev, frame.file, frame.ir)
    out: list[Frame] = []
    for site in sites if len(sites) <= MAX_KEYED_CALLERS else ():
        function = Function(frame.file, frame.ir, site.bound, site.closure)
        inside = partial(_inside_of, ev, function, site)
        inner = inside(site.frame) if site.written else None
        if inner is None:
            return []
        outer: list[Frame] = []
        if depth < MAX_DISPATCHERS and site.frame.bindings is None and not decided(inner):
            outer = _contexts(ev, site.frame, partial(_decides, inside, decided), callers_of, depth + 1)
        out.extend([made for one in outer if (made := inside(one)) is not None] or [inner])
    return out


def _decides(inside: Callable[[Frame], Frame | None], decided: Callable[[Frame], bool], caller: Frame) -> bool:
    made = inside(caller)
    return made is None or decided(made)


def _inside_of(ev: Evaluator, function: Function, site: CallSite, caller: Frame) -> Frame | None:
    """Return the frame of a function that one call of its caller makes."""
    return binding.bound_frame(ev, function, site.call, caller, site.partial)


@query(initial="", key=lambda term, frame, callers_of: (id(term), frame))
def changed_by_unknown_code(ev: Evaluator, term: Call, frame: Frame, callers_of: CallersOf) -> str:
    """Say why attributes of an instance may be set by code that is not known, '' where nothing of that kind is seen."""
    walk = InstanceWalk(ev, term, frame, callers_of)
    ev.aside(ALIAS_STEPS, walk.follow, None, frame, term.at)
    return walk.why


class InstanceWalk(CallWalk):
    """Follows one instance from its constructor call, and notes whether code that is not known gets it."""

    def __init__(self, ev: Evaluator, term: AnyTerm, frame: Frame, callers_of: CallersOf) -> None:
        super().__init__(ev, term, frame, callers_of)
        self.why = ""

    def escape(self, frame: Frame, at: At, why: str) -> None:
        """Note the first escape."""
        self.why = self.why or why

    def acts(self, name: str) -> bool:
        """Tell whether a method matters: its own methods are known."""
        return False

    def into_container(self, node: Node, method: str, base: AnyTerm) -> None:
        """Follow the instance into a container."""
        self.into(node, base, node.depth + 1)

    def to_library(self, node: Node, path: str, call: Call) -> None:
        """Follow the instance through a call of a library, which sets no attributes of classes that it does not know."""
        if node.depth or path == "builtins.setattr":
            super().to_library(node, path, call)


def decorators_that_keep(ev: Evaluator, file: FileState, ir: FunctionIR) -> Iterator[Function]:
    """List the decorators of the program that put a function into a container or an attribute: other code may call it from there."""
    frame = file.frame(ir.parent)
    for term in ir.decorators:
        for obj in ev.eval(term, frame):
            if isinstance(obj, Function) and len(obj.ir.params) > (obj.bound is not None) and keeps(obj.ir):
                yield obj


def keeps(ir: FunctionIR) -> bool:
    """Tell whether a function stores one of its parameters, or gives it to a method that changes a container."""
    kept = [store.value for store in ir.stores if store.how in ("item", "attr", "grow")]
    kept += [a for d in ir.defs if isinstance(d.term, Call) and getattr(d.term.func, "name", "") in CHANGES for a in d.term.args]
    return any(isinstance(ir.defs[value.index].term, Param) for value in kept if isinstance(value, Use))
