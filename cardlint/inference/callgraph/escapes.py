"""Functions and classes as values: calls by another name than their own, and places where they get out of sight.

`HANDLERS = {"a": Handler}` and `self.emit = emit` give a function or a class another name. What is called by it is called, too, and
where the value gets to code that is not known it can be called with anything. Calls by its own name, and a function that is passed
directly to a call, are found elsewhere.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.inference.callgraph.alias_calls import CallWalk
from cardlint.inference.callgraph.alias_nodes import CallersOf, Node, occurrences
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import Function
from cardlint.inference.limits import ALIAS_STEPS
from cardlint.ir.model import FunctionIR
from cardlint.ir.occurrences import Inside, Occurrences
from cardlint.ir.terms import AnyTerm, At, Attr, Call, ClassDef, Const, FunctionDef, Param, Use
from cardlint.knowledge.changing import ONLY_LOOKED_AT
from cardlint.lowering.names import CHANGES


class Elsewhere(Struct, frozen=True, gc=False):
    """The calls of a value by other names, and one place where it gets out of sight."""

    calls: tuple[tuple[Frame, Call], ...]
    lost: tuple[Frame, Call] | None


NOWHERE = Elsewhere((), None)


def elsewhere(ev: Evaluator, file: FileState, parent: int, index: int, is_class: bool, callers_of: CallersOf) -> Elsewhere:
    """Follow a function or a class of a file from the scope that defines it."""
    frame = file.frame(parent)
    term = occurrences(frame).made.get((ClassDef if is_class else FunctionDef, index))
    if term is not None:
        walk = ValueWalk(ev, term, frame, callers_of)
        walk.direct = not is_class
        walk.follow()
        return Elsewhere(tuple(walk.calls.values()), walk.lost)
    return NOWHERE


class ValueWalk(CallWalk):
    """Follows one function or class, and notes its calls."""

    def __init__(self, ev: Evaluator, term: AnyTerm, frame: Frame, callers_of: CallersOf) -> None:
        super().__init__(ev, term, frame, callers_of)
        self.calls: dict[int, tuple[Frame, Call]] = {}
        self.lost: tuple[Frame, Call] | None = None
        self.direct = True
        """whether passing the value by its own name is looked at elsewhere"""

    def escape(self, frame: Frame, at: At, why: str) -> None:
        """Note the first place where the value gets out of sight."""
        if self.lost is None:
            self.lost = (frame, Call(Const(None, at), (), (), at))

    def acts(self, name: str) -> bool:
        """Tell whether a method of the value matters: none does."""
        return False

    def matters(self, table: Occurrences, term: AnyTerm, depth: int) -> bool:
        """Tell whether an attribute that is the value is more than called."""
        return bool(depth) or any(not (type(where) is Inside and where.role == "func") for where in table.of(term))

    def called(self, node: Node, call: Call) -> None:
        """Note a call by another name."""
        if node.depth == 0 and not node.home:
            self.calls[id(call)] = (node.frame, call)

    def attribute(self, node: Node, attr: Attr) -> None:
        """Follow what holds the value; what an attribute of the value itself does is no call of it."""
        if node.depth:
            super().attribute(node, attr)

    def passed(self, node: Node, call: Call, keyword: str | None) -> None:
        """Follow the value into a call, unless that is looked at elsewhere."""
        if not (self.direct and node.depth == 0 and node.home):
            super().passed(node, call, keyword)

    def into_container(self, node: Node, method: str, base: AnyTerm) -> None:
        """Follow the value into a container."""
        self.into(node, base, node.depth + 1)

    def to_library(self, node: Node, path: str, call: Call) -> None:
        """A library that gets the value can call it, if it does not just look at it."""
        if path.rpartition(".")[2] not in ONLY_LOOKED_AT or path == "builtins.getattr":
            if node.depth or path == "builtins.setattr":
                super().to_library(node, path, call)
            elif path != "builtins.getattr":
                self.escape(node.frame, call.at, "it is passed to a library")


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


def kept_by_decorator(ev: Evaluator, file: FileState, ir: FunctionIR) -> bool:
    """Tell whether a decorator of the program puts a function into a container or an attribute: other code may call it from there."""
    frame = file.frame(ir.parent)
    for term in ir.decorators:
        for obj in ev.eval(terms.decorator_of(term, frame)[0], frame):
            if isinstance(obj, Function) and any(
                _keeps(made) for made in obj.file.ir.functions if made is obj.ir or made.parent == obj.ir.index
            ):
                return True
    return False


def _keeps(ir: FunctionIR) -> bool:
    """Tell whether a function stores one of its parameters, or gives it to a method that changes a container."""
    kept = [store.value for store in ir.stores if store.how in ("item", "attr", "grow")]
    kept += [a for d in ir.defs if isinstance(d.term, Call) and getattr(d.term.func, "name", "") in CHANGES for a in d.term.args]
    return any(isinstance(ir.defs[value.index].term, Param) for value in kept if isinstance(value, Use))
