"""Aliases: everything that can reach one container, what changes it there, and where it gets out of sight.

A container is made at one place, its allocation site. From there it is followed forwards: into names, fields and other containers,
into the parameters of functions it is passed to, out of functions that return it, through closures and default arguments. What is
found on the way is a change, such as `box.append(x)` where `box` may be the container, or an escape: code that is not known gets it.
Without a way to another name nothing is asked of the rest of the program.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from cardlint.inference.callgraph import callers
from cardlint.inference.callgraph.call_sites import UnknownCallSite
from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import FileState, Frame, frame_inside
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    ClassObject,
    ContextVariable,
    Function,
    Instance,
    LibraryPath,
    Method,
    Module,
    OpaqueCallable,
    Partial,
)
from cardlint.inference.domain.value_sets import ValueSet
from cardlint.inference.limits import MAX_ALIAS_DEPTH, MAX_ALIAS_FILES, MAX_ALIAS_NODES
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.model import Flag, FunctionIR, Store
from cardlint.ir.occurrences import Inside, Occurrence, Occurrences, Place, Stored, Whole
from cardlint.ir.terms import (
    AnyTerm,
    Append,
    At,
    Attr,
    Call,
    Choice,
    Comp,
    Const,
    DelItem,
    Dict,
    EnterContext,
    FreeVar,
    Import,
    Item,
    Iterate,
    Op,
    Param,
    Refine,
    Seq,
    SetItem,
    Slice,
    Star,
    Update,
    Use,
)

GROWING = frozenset({"append", "add", "insert", "appendleft", "put", "put_nowait"})
EXTENDING = frozenset({"extend", "extendleft", "__iadd__", "update", "__ior__", "symmetric_difference_update"})
PUTTING = frozenset({"setdefault", "__setitem__"})
MUTATORS = GROWING | EXTENDING | PUTTING
"""Methods that put something into a container, by what they do with their arguments."""
ELEMENT_READERS = frozenset({"get", "pop", "setdefault", "popitem", "popleft", "__getitem__", "get_nowait"})
CHANGING_FUNCTIONS: dict[str, tuple[str, int, int]] = {
    "bisect.insort": ("grow", 0, 1),
    "bisect.insort_left": ("grow", 0, 1),
    "bisect.insort_right": ("grow", 0, 1),
    "heapq.heappush": ("grow", 0, 1),
    "heapq.heappushpop": ("grow", 0, 1),
    "heapq.heapreplace": ("grow", 0, 1),
    "operator.iadd": ("extend", 0, 1),
    "operator.iconcat": ("extend", 0, 1),
    "operator.ior": ("extend", 0, 1),
    "operator.setitem": ("item", 0, 2),
}
"""Functions of the standard library that change a container: how, which argument it is, and which one is put into it.
Source: the documentation of bisect, heapq and operator."""
VIEWS = frozenset({"collections.ChainMap", "types.MappingProxyType", "typing.cast", "typing_extensions.cast"})
"""Functions whose result is the container itself, seen through something else. Source: the documentation of the standard library."""
OWN_STORES = frozenset({SetItem, Update, Append})


class Change(NamedTuple):
    """Something that happens to a container through one of its aliases."""

    how: str
    """`grow` (one element), `extend` (the elements of a value), `item` (a value under a key), `open` (code that is not known has it)"""
    frame: Frame
    key: AnyTerm | None
    value: AnyTerm | None
    at: At
    why: str = ""


class Node(NamedTuple):
    """A term that is the container, or at some depth holds it."""

    frame: Frame
    term: AnyTerm
    depth: int
    """0 where the term is the container, 1 where it is an element of it, and so on"""
    home: str | None
    """the name that the container was given first, '' once it has another one; None before it has one"""
    current: bool
    """whether reading the term evaluates the name anew, with all changes that are known by name"""


@query(initial=None)
def _occurrences(ev: Evaluator, file: FileState, fact: FunctionIR, inner: int) -> Occurrences | None:
    return Occurrences(fact, [f for f in file.facts.functions[:inner] if f.parent == fact.index])


def occurrences(ev: Evaluator, frame: Frame) -> Occurrences:
    """Return where the terms of a function are written."""
    found = _occurrences(ev, frame.file, frame.fact, _functions_inside(frame))
    assert found is not None
    return found


def _functions_inside(frame: Frame) -> int:
    frame.fact.defs  # noqa: B018 - lowering a body makes the functions in it known
    return len(frame.file.facts.functions)


def changes_of(ev: Evaluator, term: AnyTerm, frame: Frame) -> tuple[Change, ...]:
    """List what happens to a container through its aliases. What is done by the name it was given first is known elsewhere."""
    while frame.overrides is not None and frame.base is not None:
        frame = frame.base
    return _changes(ev, term, frame)


@query(initial=(), key=lambda term, frame: (id(term), frame))
def _changes(ev: Evaluator, term: AnyTerm, frame: Frame) -> tuple[Change, ...]:
    return Walk(ev, term, frame).run()


class Candidate(NamedTuple):
    """A change that was found, before it is known whether it is counted elsewhere."""

    change: Change
    covered: bool
    """whether whoever reads the container by its first name knows the change anyway"""
    index: int
    """the definition that knows it in the flow of the function that made the container, -1 where none does"""


class Walk:
    """Follows one container from its allocation site."""

    def __init__(self, ev: Evaluator, term: AnyTerm, frame: Frame) -> None:
        self.ev = ev
        self.site = frame
        self.work: list[Node] = [Node(frame, term, 0, None, False)]
        self.seen: set[tuple[Frame, int, int]] = set()
        self.names: set[tuple[str, str, int]] = set()
        self.found: dict[tuple[str, At], Candidate] = {}
        self.in_loop = any(d.term is term and d.flags & Flag.LOOP for d in frame.fact.defs)
        self.aliased = sys.maxsize
        """the first definition of the function by which the container has a second name"""

    def run(self) -> tuple[Change, ...]:
        """Follow the container until nothing new is found."""
        visits = 0
        while self.work:
            node = self.work.pop()
            key = (node.frame, id(node.term), node.depth)
            if key in self.seen or node.depth > MAX_ALIAS_DEPTH:
                continue
            self.seen.add(key)
            visits += 1
            if visits > MAX_ALIAS_NODES:
                self.ev.limit(self.site, node.term.at, f"a container is used in more than {MAX_ALIAS_NODES} places", "MAX_ALIAS_NODES")
                self.open(node.frame, node.term.at, "it is used in too many places to follow")
                break
            for occurrence in occurrences(self.ev, node.frame).of(node.term):
                self.step(node, occurrence)
        never = self.aliased == sys.maxsize
        return tuple(
            c.change
            for c in sorted(self.found.values(), key=lambda c: (c.change.frame.file.path, c.change.at, c.change.how))
            if not (c.covered and never) and not 0 <= c.index < self.aliased
        )

    def push(
        self, node: Node, term: AnyTerm, depth: int, home: str | None, frame: Frame | None = None, current: bool | None = None
    ) -> None:
        """Follow another term that the container reaches."""
        self.work.append(Node(frame or node.frame, term, depth, home, node.current if current is None else current))

    def open(self, frame: Frame, at: At, why: str) -> None:
        """Note that code that is not known may change the container."""
        self.found.setdefault(("open", (0, 0, 0, 0)), Candidate(Change("open", frame, None, None, at, why), False, -1))

    # one place --------------------------------------------------------------------------------------------------------

    def step(self, node: Node, where: Occurrence) -> None:
        """See what one place does with the container."""
        if type(where) is Whole:
            self._whole(node, where)
        elif type(where) is Stored:
            self._stored(node, where.store, where.role)
        elif type(where) is Inside:
            self._inside(node, where)

    def _whole(self, node: Node, where: Whole) -> None:
        frame, fact = node.frame, node.frame.fact
        if where.place is Place.DEFINITION:
            self._defined(node, where.number)
        elif where.place is Place.RETURN:
            self._returned(node, node.depth)
        elif where.place is Place.YIELD:
            self._alias(node, -1)
            self._returned(node, node.depth)
            self._returned(node, node.depth + 1)
        elif where.place is Place.DEFAULT and where.parameter is not None:
            inner = frame_inside(frame, where.number) if fact.kind == "function" else frame.file.frame(where.number)
            self._alias(node, -1)
            self._parameter(node, inner, where.parameter.name, node.depth)

    def _defined(self, node: Node, index: int) -> None:
        frame, fact = node.frame, node.frame.fact
        definition = fact.defs[index]
        name = definition.name
        home = node.home
        if name and not isinstance(definition.term, Param):
            home = name if home is None or home == name else ""
            if home == "":
                self._alias(node, index)
        for use in occurrences(self.ev, frame).uses.get(index, ()):
            self.push(node, use, node.depth, home)
        if not name or "." in name:
            return
        if fact.kind == "module":
            self._global(node, frame.file, name, home)
        elif fact.kind == "class":
            cls = next((c for c in frame.file.facts.classes if c.body == fact.index), None)
            if cls is not None:
                self._field(node, (ClassObject(frame.file, cls),), frame.file, name, home)
        elif callers.makes_function(self.ev, frame.file, fact):
            self._captured(node, name, home)

    def _alias(self, node: Node, index: int) -> None:
        """Note that the container has a second name from a definition of its own function on, or always."""
        if node.current:
            return
        fact = self.site.fact
        if node.frame.fact is not fact or (index >= 0 and fact.defs[index].flags & Flag.LOOP and not self.in_loop):
            index = -1  # what comes before the place in the text may come after it in the next turn
        self.aliased = min(self.aliased, index)

    def _captured(self, node: Node, name: str, home: str | None) -> None:
        """Follow a local name into the functions that are made inside of this one."""
        frame = node.frame
        frame.file.facts.reveal(name)
        for inner in list(frame.file.facts.functions):
            if inner.index != frame.fact.index and _is_inside(frame.file, inner, frame.fact.index) and inner.reveal is None:
                inside = frame_inside(frame, inner.index)
                for term in occurrences(self.ev, inside).free.get(name, ()):
                    self.push(node, term, node.depth, home, inside, True)

    def _inside(self, node: Node, where: Inside) -> None:
        parent, role, depth = where.parent, where.role, node.depth
        kind = type(parent)
        if kind in (Choice, Refine) or (kind is Op and parent.op == "passed" and where.name == "0"):  # type: ignore[union-attr]
            if role != "by":
                self.push(node, parent, depth, node.home)
        elif kind in (SetItem, Update, Append, DelItem):
            if role == "base":
                self.push(node, parent, depth, node.home)
            elif role in ("value", "item"):
                self.push(node, parent, depth + 1, "")
            elif role == "other" and depth:
                self.push(node, parent, depth, "")
        elif kind is Attr:
            self._attribute(node, parent)  # type: ignore[arg-type]
        elif kind is Call:
            if role != "func":
                self._passed(node, parent, where.name if role == "kwargs" else None)  # type: ignore[arg-type]
        elif kind in (Seq, Comp):
            if role in ("items", "value"):
                self.push(node, parent, depth + 1, "")
        elif kind is Dict:
            if role == "entries" and where.name == "**":
                self.push(node, parent, depth, "") if depth else None
            elif role == "entries":
                self.push(node, parent, depth + 1, "")
        elif role == "base" and depth and kind in (Item, Iterate, Star):
            self.push(node, parent, depth - 1, "")
        elif (role == "base" and kind is Slice and depth) or (kind is Op and depth) or kind is EnterContext:
            self.push(node, parent, depth, "")

    # changes ----------------------------------------------------------------------------------------------------------

    def _stored(self, node: Node, store: Store, role: str) -> None:
        frame = node.frame
        if role == "base":
            if node.depth == 0 and store.how in ("item", "grow", "merge"):
                how = "extend" if store.how == "merge" or _is_slice(store) else store.how
                self._change(node, Change(how, frame, store.key, store.value, store.at))
        elif role == "value":
            if store.how == "attr":
                self._alias(node, _index_at(frame.fact, store.at))
                self._into_attribute(node, store.base, store.name, store, node.depth)
            elif store.how == "global":
                self._global(node, frame.file, store.name, store.name if node.home in (None, store.name) else "")
            elif store.how in ("item", "grow"):
                self._alias(node, _index_at(frame.fact, store.at))
                self._into(node, store.base, node.depth + 1)
            elif node.depth:
                self._into(node, store.base, node.depth)

    def _change(self, node: Node, change: Change) -> None:
        index = -1
        if node.frame.fact is self.site.fact and node.home:
            index = _index_at(node.frame.fact, change.at, tuple(OWN_STORES))
        covered = bool(node.home) and isinstance(node.term, (FreeVar, Attr, Import, Use)) and index < 0
        key = (node.frame.file.path, change.at)
        known = self.found.get(key)
        if known is None or (known.covered and not covered):
            self.found[key] = Candidate(change, covered, index)

    def _called_method(self, node: Node, name: str, call: Call) -> None:
        """Note what a method does that puts something into the container."""
        value = call.args[-1] if call.args else None
        at, frame = call.at, node.frame
        if name in GROWING and value is not None:
            self._change(node, Change("grow", frame, None, value, at))
        elif name in PUTTING and len(call.args) == 2:
            self._change(node, Change("item", frame, call.args[0], value, at))
        elif name in EXTENDING:
            for argument in call.args:
                self._change(node, Change("extend", frame, None, argument, argument.at if len(call.args) > 1 else at))
            for key, argument in call.kwargs:
                made = Change("item", frame, Const(key, at), argument, argument.at) if key else Change("extend", frame, None, argument, at)
                self._change(node, made)
        elif name in MUTATORS:
            self.open(frame, at, f"`{name}` is called on it")

    def _attribute(self, node: Node, attr: Attr) -> None:
        """See what happens to a method of the container, or of something that holds it."""
        name, depth, frame = attr.name, node.depth, node.frame
        for where in occurrences(self.ev, frame).of(attr):
            if type(where) is Inside and where.role == "func" and type(where.parent) is Call:
                call = where.parent
                if depth == 0:
                    if name in MUTATORS:
                        self._called_method(node, name, call)
                elif name in ELEMENT_READERS:
                    self.push(node, call, depth - 1, "")
                elif name in ("values", "copy"):
                    self.push(node, call, depth, "")
                elif name == "items":
                    self.push(node, call, depth + 1, "")
            elif depth == 0 and name in MUTATORS:
                self._bound_method(node, attr, where)

    def _bound_method(self, node: Node, attr: Attr, where: Occurrence) -> None:
        """Follow `add = KNOWN.append`; a method that is handed on can be called with anything."""
        if type(where) is not Whole or where.place is not Place.DEFINITION:
            self.open(node.frame, attr.at, f"its method `{attr.name}` is passed on")
            return
        table = occurrences(self.ev, node.frame)
        apart = node._replace(home="")
        for use in table.uses.get(where.number, ()):
            for at in table.of(use):
                if type(at) is Inside and at.role == "func" and type(at.parent) is Call:
                    self._called_method(apart, attr.name, at.parent)
                else:
                    self.open(node.frame, use.at, f"its method `{attr.name}` is passed on")
        if node.frame.fact.kind != "function" or callers.makes_function(self.ev, node.frame.file, node.frame.fact):
            self.open(node.frame, attr.at, f"its method `{attr.name}` is kept")

    # other names ------------------------------------------------------------------------------------------------------

    def _global(self, node: Node, file: FileState, name: str, home: str | None) -> None:
        """Follow a name of a module: in its functions and in the files that import it."""
        key = (file.path, name, node.depth)
        if key in self.names:
            return
        self.names.add(key)
        file.facts.reveal(name)
        for fact in list(file.facts.functions):
            if fact.reveal is None and fact.index:
                frame = file.frame(fact.index)
                for term in occurrences(self.ev, frame).free.get(name, ()):
                    if not _is_shadowed(file, fact, name):
                        self.push(node, term, node.depth, home, frame, True)
        if "globals()" in file.facts.text:
            for function, index in file.facts.calls_named("globals"):
                frame = file.frame(function)
                self.push(node, frame.fact.defs[index].term, node.depth + 1, "", frame, True)
        self._imported(node, file, name)

    def _imported(self, node: Node, file: FileState, name: str) -> None:
        """Follow a name of a module into the files that read it from there."""
        holding = {path for part in file.module.split(".")[-2:] if part for path in self.ev.modules.mentioning(file, part)}
        paths = [path for path in self.ev.modules.mentioning(file, name) if path != file.path and path in holding]
        if len(paths) > MAX_ALIAS_FILES:
            self.ev.limit(file.frame(0), (1, 1, 1, 1), f"more than {MAX_ALIAS_FILES} files may change `{name}`", "MAX_ALIAS_FILES")
            paths = paths[:MAX_ALIAS_FILES]
        for path in paths:
            state = self.ev.modules.state(path)
            if state is None:
                continue
            state.facts.reveal(name)
            for fact in list(state.facts.functions):
                if fact.reveal is not None:
                    continue
                frame = state.frame(fact.index)
                table = occurrences(self.ev, frame)
                for term in table.imports:
                    if term.name == name and self._leads_to(term, state, file):
                        self.push(node, term, node.depth, "", frame, True)
                        if fact.kind == "module":
                            self._module_alias(node, state, frame, term)
                for attr in table.attributes.get(name, ()):
                    if any(isinstance(o, Module) and o.file is file for o in self.ev.eval(attr.base, frame)):
                        self.push(node, attr, node.depth, "", frame, True)

    def _module_alias(self, node: Node, state: FileState, frame: Frame, term: Import) -> None:
        """Follow a name that a module has imported into the functions of that module."""
        for definition in frame.fact.defs:
            if definition.term is term:
                self._global(node, state, definition.name, "")

    def _leads_to(self, term: Import, state: FileState, file: FileState, depth: int = 0) -> bool:
        """Tell whether an import reads a name of one file, perhaps through modules that hand it on."""
        modules = self.ev.modules
        path = modules.find(modules.absolute(state, term.module), None if term.module.startswith(".") else state)
        if path == file.path:
            return True
        other = modules.state(path) if path is not None and depth < 4 else None
        if other is None:
            return False
        index = other.facts.functions[0].exits.get(term.name)
        inner = other.facts.functions[0].defs[index].term if index is not None else None
        return isinstance(inner, Import) and self._leads_to(inner, other, file, depth + 1)

    def _into(self, node: Node, base: AnyTerm, depth: int) -> None:
        """Follow a container that was given ours: by its name, or by the attribute that holds it."""
        frame = node.frame
        for _ in range(8):
            if isinstance(base, Use):
                inner = frame.fact.defs[base.index].term
                if not isinstance(inner, (Attr, FreeVar, Refine, Import, Item, Param)):
                    return  # a container of this function: its own flow goes on
                base = inner
            elif isinstance(base, Refine):
                base = base.base
            else:
                break
        deeper = node._replace(depth=depth, home="")
        if isinstance(base, FreeVar) and not _is_shadowed(frame.file, frame.fact, base.name):
            self._global(deeper, frame.file, base.name, "")
        elif isinstance(base, Attr):
            self._into_attribute(deeper, base.base, base.name, None, depth)
        elif isinstance(base, Item):
            self._into(node, base.base, depth + 1)
        elif not isinstance(base, Import):
            self.open(frame, base.at, "it is kept in a container that is not known")

    def _into_attribute(self, node: Node, base: AnyTerm, name: str, store: Store | None, depth: int) -> None:
        """Follow an attribute that was given the container."""
        frame = node.frame
        held = self.ev.eval(base, frame)
        modules = [o for o in held if isinstance(o, Module)]
        for module in modules:
            self._global(node._replace(depth=depth), module.file, name, "")
        classes = tuple(o.cls if isinstance(o, Instance) else o for o in held if isinstance(o, (Instance, ClassObject)))
        if classes:
            own = store is not None and node.home is None and stores.dotted(frame.fact.defs, base) is not None
            self._field(node._replace(depth=depth), classes, classes[0].file, name, name if own else "")
        elif not modules:
            self.open(frame, base.at, f"it is kept as `{name}` of something that is not known")

    def _field(self, node: Node, classes: tuple[ClassObject, ...], file: FileState, name: str, home: str | None) -> None:
        """Follow an attribute of the instances of some classes: everywhere an attribute of this name is read from one of them."""
        key = (classes[0].fact.qualname + "@" + file.path, name, node.depth)
        if key in self.names:
            return
        self.names.add(key)
        paths = list(self.ev.modules.mentioning(file, name))
        if len(paths) > MAX_ALIAS_FILES:
            paths = [path for path in paths if path == file.path]
        for path in paths:
            state = self.ev.modules.state(path)
            if state is None:
                continue
            state.facts.reveal(name)
            for fact in list(state.facts.functions):
                if fact.reveal is not None:
                    continue
                frame = state.frame(fact.index)
                table = occurrences(self.ev, frame)
                for attr in table.attributes.get(name, ()):
                    if self._matters(table, attr, node.depth) and self._is_of(attr, frame, classes):
                        own = home if path == file.path and stores.dotted(fact.defs, attr) is not None else ""
                        self.push(node, attr, node.depth, own, frame, True)
                if "__dict__" in table.attributes:
                    for attr in table.attributes["__dict__"]:
                        if self._is_of(attr, frame, classes):
                            self.push(node, attr, node.depth + 1, "", frame, True)

    def _is_of(self, attr: Attr, frame: Frame, classes: tuple[ClassObject, ...]) -> bool:
        for obj in self.ev.eval(attr.base, frame):
            found = obj.cls if isinstance(obj, Instance) else obj
            if isinstance(found, ClassObject):
                line = class_graph.mro(self.ev, found)
                if any(c in line or found in class_graph.mro(self.ev, c) for c in classes):
                    return True
        return False

    def _matters(self, table: Occurrences, term: AnyTerm, depth: int) -> bool:
        """Tell whether a place may do more with a container than to read it."""
        for where in table.of(term):
            if type(where) is not Inside:
                return True
            if isinstance(where.parent, Attr):
                if where.parent.name in MUTATORS or depth:
                    return True
            elif not isinstance(where.parent, (Item, Iterate, Slice, Op)) or depth:
                return True
        return False

    # calls ------------------------------------------------------------------------------------------------------------

    def _passed(self, node: Node, call: Call, keyword: str | None) -> None:
        """Follow the container into what it is passed to."""
        for obj in self.ev.eval(call.func, node.frame):
            if isinstance(obj, Function):
                self._enter(node, obj, call, None)
            elif isinstance(obj, Partial):
                for function in obj.func:
                    if isinstance(function, Function):
                        self._enter(node, function, call, obj)
            elif isinstance(obj, ClassObject):
                self._constructed(node, obj, call, keyword)
            elif isinstance(obj, LibraryPath):
                self._library(node, obj.path, call)
            elif isinstance(obj, Method):
                if isinstance(obj.of, ContextVariable) and obj.name == "set":
                    self.open(node.frame, call.at, "a context variable holds it")
                elif isinstance(obj.of, (Mapping, Sequence)) and obj.name in MUTATORS and isinstance(call.func, Attr):
                    self._into(node, call.func.base, node.depth + (obj.name not in EXTENDING))
            elif isinstance(obj, Instance):
                for method in self.ev.class_attribute(obj.cls, "__call__", (obj,), node.frame, call.at):
                    if isinstance(method, Function):
                        self._enter(node, method, call, None)
            elif isinstance(obj, (ValueSet, OpaqueCallable)):
                self.open(node.frame, call.at, "it is passed to code that is not known")

    def _enter(self, node: Node, function: Function, call: Call, partial: Partial | None) -> None:
        inner = binding.bound_frame(self.ev, function, call, node.frame, partial)
        if inner is None or inner.bindings is None:
            return  # it calls itself: what it does with its parameter is found in the call around it
        for name, lazy in inner.bindings.items():
            for depth in _depths(node, lazy):
                self._parameter(node, inner, name, depth)

    def _parameter(self, node: Node, inner: Frame, name: str, depth: int) -> None:
        for definition in inner.fact.defs:
            if type(definition.term) is Param and definition.term.name == name:
                self.push(node, definition.term, depth, "", inner, False)
                return

    def _constructed(self, node: Node, cls: ClassObject, call: Call, keyword: str | None) -> None:
        """Follow the container into a constructor, or into the field that it becomes."""
        made = Instance(cls, (call, node.frame))
        found = self.ev.class_attribute(cls, "__init__", (made,), node.frame, call.at)
        functions = [f for f in found if isinstance(f, Function)]
        for function in functions:
            self._enter(node, function, call, None)
        if functions:
            return
        names = list(cls.file.facts.functions[cls.fact.body].annotations)
        position = next((i for i, a in enumerate(call.args) if a is node.term), None)
        name = keyword or (names[position] if position is not None and position < len(names) else "")
        if name in names:
            self._alias(node, -1)
            self._field(node._replace(home=""), (cls,), cls.file, name, "")
        elif class_graph.external_bases(self.ev, cls):
            self.open(node.frame, call.at, f"it is passed to `{cls.fact.name}`, whose constructor is not known")

    def _library(self, node: Node, path: str, call: Call) -> None:
        depth, frame = node.depth, node.frame
        change = CHANGING_FUNCTIONS.get(path)
        if change is not None:
            how, target, value = change
            if depth == 0 and len(call.args) > value and call.args[target] is node.term:
                key = call.args[1] if how == "item" else None
                self._change(node._replace(home=""), Change(how, frame, key, call.args[value], call.at))
            elif depth == 0 and any(a is node.term for a in call.args) and how != "extend":
                self._into(node, call.args[target], 1)
            return
        owner, _, name = path.rpartition(".")
        if name in MUTATORS and owner.rpartition(".")[2] in CONTAINER_TYPES and call.args:
            if call.args[0] is not node.term:
                self._into(node, call.args[0], depth + (name not in EXTENDING))
            elif depth == 0:
                self._called_method(node._replace(home=""), name, Call(call.func, call.args[1:], call.kwargs, call.at))
            return
        if path == "builtins.setattr" and len(call.args) == 3 and call.args[2] is node.term:
            attribute = self.ev.value(call.args[1], frame)
            if len(attribute.exact) == 1 and isinstance(attribute.exact[0], str):
                self._into_attribute(node, call.args[0], attribute.exact[0], None, depth)
            else:
                self.open(frame, call.at, "it is kept as an attribute whose name is computed")
        elif path in VIEWS:
            self.push(node, call, depth, "")
        elif path == "builtins.getattr" and len(call.args) > 1:
            self._named_method(node, call)
        elif path.endswith("()") or (depth and self._hands_on(call, frame)):
            self.open(frame, call.at, "it is passed to code that is not known")
        elif depth:
            for other in (depth - 1, depth, depth + 1):
                self.push(node, call, other, "")

    def _named_method(self, node: Node, call: Call) -> None:
        """Follow `getattr(KNOWN, "append")(x)`."""
        name = self.ev.value(call.args[1], node.frame)
        if node.depth or not (name.exact and all(n not in MUTATORS for n in name.exact)):
            self.open(node.frame, call.at, "a method of it is read by a computed name")

    def _hands_on(self, call: Call, frame: Frame) -> bool:
        """Tell whether a library gets a function of the program beside the container: it may call it with the container."""
        given = (*call.args, *(value for _, value in call.kwargs))
        return any(isinstance(o, (Function, Partial, Method)) for term in given for o in self.ev.eval(term, frame))

    def _returned(self, node: Node, depth: int) -> None:
        """Follow the container to the callers of the function that returns it."""
        frame = node.frame
        if frame.bindings is not None:
            if frame.caller is not None and frame.made_by is not None:
                self._result(node, frame.caller, frame.made_by[1], depth)
            return
        if frame.fact.kind == "lambda":
            self.open(frame, frame.fact.at, "a lambda returns it")
            return
        if frame.fact.kind != "function":
            return
        if terms.flag(frame.fact, "property", "cached_property"):
            owner = class_graph.owner_of(frame.file, frame.fact)
            if owner is not None:
                self._field(node._replace(depth=depth, home=""), (owner,), frame.file, frame.fact.name, "")
            return
        for site in callers.callers_of(self.ev, frame.file, frame.fact):
            if isinstance(site, UnknownCallSite):
                self.open(site.frame, site.at, f"`{frame.fact.name}`, which returns it, is passed to code that is not known")
            elif site.written:
                self._result(node, site.frame, site.call, depth)

    def _result(self, node: Node, frame: Frame, call: Call, depth: int) -> None:
        table = occurrences(self.ev, frame)
        if table.of(call):
            self.push(node, call, depth, "", frame, node.current)
            return
        for attrs in table.attributes.values():
            for attr in attrs:
                if attr.at == call.at:  # a property
                    self.push(node, attr, depth, "", frame, node.current)


CONTAINER_TYPES = frozenset({"list", "dict", "set", "deque", "OrderedDict", "defaultdict", "Counter", "UserDict", "UserList"})


def _depths(node: Node, lazy: Lazy) -> list[int]:
    """Return at which depth an argument holds the container: the argument itself, a part of `*args` or `**kwargs`, or an element."""
    if lazy.term is node.term:
        return [node.depth] if lazy.frame is node.frame or (lazy.frame is not None and lazy.frame.fact is node.frame.fact) else []
    if isinstance(lazy.term, (Iterate, Item)) and lazy.term.base is node.term and node.depth:
        return [node.depth - 1]
    out: list[int] = []
    for obj in lazy.done or BOTTOM:
        parts: list[Lazy] = []
        if isinstance(obj, Sequence):
            parts = [*obj.items, *obj.rest]
        elif isinstance(obj, Mapping):
            parts = [thunk for _, thunk in obj.entries]
        out.extend(depth + 1 for part in parts if part is not lazy and part.term is not None for depth in _depths(node, part))
    return out


def _is_inside(file: FileState, inner: FunctionIR, index: int) -> bool:
    above = inner.parent
    while above > index:
        above = file.facts.functions[above].parent
    return above == index


def _is_shadowed(file: FileState, fact: FunctionIR, name: str) -> bool:
    """Tell whether a name of a function means a local one of a function around it, and not that of the module."""
    above = fact.parent
    while above > 0:
        outer = file.facts.functions[above]
        if outer.kind in ("function", "lambda") and (name in outer.names or any(p.name == name for p in outer.params)):
            return True
        above = outer.parent
    return False


def _is_slice(store: Store) -> bool:
    return store.key is not None and getattr(store.key, "why", "") == "a slice"


def _index_at(fact: FunctionIR, at: At, kinds: tuple[type, ...] = ()) -> int:
    """Return the definition that a store makes of a container of its own function, -1 where it makes none."""
    for index, definition in enumerate(fact.defs):
        if definition.at == at and (not kinds or type(definition.term) in kinds):
            return index
    return -1
