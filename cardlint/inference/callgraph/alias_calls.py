"""Following an object through calls and expressions: into parameters, constructors and library functions, and back to callers."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.inference.callgraph.alias_names import NameWalk, places
from cardlint.inference.callgraph.alias_nodes import Node, occurrences, without_keys
from cardlint.inference.callgraph.call_sites import UnknownCallSite
from cardlint.inference.codebase import terms
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame, frame_inside
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    ClassObject,
    ContextVariable,
    Function,
    Instance,
    LibraryPath,
    Method,
    OpaqueCallable,
    Partial,
)
from cardlint.inference.domain.value_sets import ValueSet
from cardlint.inference.primitives import binding, class_graph, scopes
from cardlint.ir.model import FunctionIR
from cardlint.ir.occurrences import Inside, Place, Stored, Whole
from cardlint.ir.terms import (
    AnyTerm,
    Append,
    At,
    Attr,
    Call,
    Choice,
    Comp,
    DelItem,
    Dict,
    EnterContext,
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
)
from cardlint.knowledge import forms
from cardlint.knowledge.changing import ELEMENT_READERS, PASSING_MODULES, PASSING_ON, VIEWS

UPDATED = frozenset({SetItem, Update, Append, DelItem})


class CallWalk(NameWalk):
    """Follows an object through what is done with it."""

    def whole(self, node: Node, where: Whole) -> None:
        """Follow a definition, a result, a default value."""
        frame = node.frame
        if where.place is Place.DEFINITION:
            self.defined(node, where.number)
        elif where.place is Place.RETURN:
            self.returned(node, node.depth)
        elif where.place is Place.YIELD:
            self.second_name(node, -1)
            self.returned(node, node.depth)
            self.returned(node, node.depth + 1)
        elif where.place is Place.DEFAULT and where.parameter is not None:
            inner = frame_inside(frame, where.number) if frame.ir.kind == "function" else frame.file.frame(where.number)
            self.second_name(node, -1)
            self._parameter(node, inner, where.parameter.name, node.depth)

    def stored(self, node: Node, where: Stored) -> None:
        """Follow what a store puts somewhere."""
        store, frame = where.store, node.frame
        if where.role != "value":
            return
        if store.how == "global":
            self.global_name(node, frame.file, store.name, store.name if node.home in (None, store.name) else "")
        elif store.how == "attr":
            self.second_name(node, index_at(frame.ir, store.at))
            self.into_attribute(node, store.base, store.name, store, node.depth)
        elif store.how in ("item", "grow"):
            self.second_name(node, index_at(frame.ir, store.at))
            depth = node.depth + 1
            self.into(self.stored_under(node, depth, store.key) if store.how == "item" else node, store.base, depth)
        elif node.depth:
            self.into(node, store.base, node.depth)

    def inside(self, node: Node, where: Inside) -> None:
        """Follow an expression that holds the object, reads it or passes it on."""
        parent, role, depth = where.parent, where.role, node.depth
        kind = type(parent)
        if isinstance(parent, Attr):
            self.attribute(node, parent)
        elif isinstance(parent, Call):
            if role == "func":
                self.called(node, parent)
            else:
                self.passed(node, parent, where.name if role == "kwargs" else None)
        elif kind in UPDATED:
            self._updated(node, parent, role)
        elif kind in (Choice, Refine) or (isinstance(parent, Op) and parent.op == "passed" and where.name == "0"):
            if role != "by":
                self.push(node, parent, depth, node.home)
        elif kind in (Seq, Comp):
            if role in ("items", "value"):
                self.push(node, parent, depth + 1, "")
        elif kind is Dict:
            if role == "entries" and (depth or where.name != "**"):
                self.push(node, parent, depth + (where.name != "**"), "")
        elif kind is EnterContext:
            self.push(node, parent, depth, "")
        elif depth:
            self._read(node, parent, role)

    def _updated(self, node: Node, parent: AnyTerm, role: str) -> None:
        """Follow a container after a change: the same one, or one that now holds the object."""
        if role == "base":
            self.push(node, parent, node.depth, node.home)
        elif role in ("value", "item"):
            inside = self.stored_under(node, node.depth + 1, parent.key) if isinstance(parent, SetItem) else node
            self.push(inside, parent, node.depth + 1, "")
            for place in places(parent.base, node.frame) if isinstance(parent, (SetItem, Append)) else ():
                if isinstance(place, Item):  # `found = TABLE.get(key)` is kept in the table
                    self.into(inside, place, node.depth + 1)
        elif role == "other" and node.depth:
            self.push(node, parent, node.depth, "")

    def _read(self, node: Node, parent: AnyTerm, role: str) -> None:
        """Follow what is read from a container that holds the object."""
        if role == "base" and isinstance(parent, Item):
            self._picked(node, parent.key, parent)
        elif role == "base" and type(parent) in (Iterate, Star):
            self.push(node, parent, node.depth - 1, "")
        elif (role == "base" and type(parent) is Slice) or type(parent) is Op:
            self.push(node, parent, node.depth, "")

    def _picked(self, node: Node, key: AnyTerm, term: AnyTerm) -> None:
        """Follow the object out of a container by a key."""
        inside = self.read_under(node, key)
        if inside is not None:
            self.push(inside, term, node.depth - 1, "")

    def attribute(self, node: Node, attr: Attr) -> None:
        """See what happens to a method of the object, or of something that holds it."""
        depth = node.depth
        for where in occurrences(node.frame).of(attr):
            if type(where) is Inside and where.role == "func" and isinstance(where.parent, Call):
                if depth == 0:
                    self.method_called(node, attr.name, where.parent)
                elif attr.name in ELEMENT_READERS and where.parent.args:
                    self._picked(node, where.parent.args[0], where.parent)
                elif attr.name in ELEMENT_READERS:
                    self.push(node, where.parent, depth - 1, "")
                elif attr.name == "copy":
                    self.push(node, where.parent, depth, "")
                elif attr.name in ("values", "items"):
                    more = attr.name == "items"  # pairs of a key and an element
                    self.push(without_keys(node), where.parent, depth + more, "", listed=depth == self.outer)
            elif depth == 0 and self.acts(attr.name):
                self._bound_method(node, attr, where)

    def _bound_method(self, node: Node, attr: Attr, where: object) -> None:
        """Follow `add = KNOWN.append`; a method that is passed on can be called with anything."""
        frame = node.frame
        if type(where) is not Whole or where.place is not Place.DEFINITION:
            self.escape(frame, attr.at, f"its method `{attr.name}` is passed on")
            return
        table = occurrences(frame)
        for use in table.uses.get(where.number, ()):
            for at in table.of(use):
                if type(at) is Inside and at.role == "func" and isinstance(at.parent, Call):
                    self.method_called(replace(node, home=""), attr.name, at.parent)
                else:
                    self.escape(frame, use.at, f"its method `{attr.name}` is passed on")
        if self._is_kept(frame, frame.ir.defs[where.number].name):
            self.escape(frame, attr.at, f"its method `{attr.name}` is kept")

    def _is_kept(self, frame: Frame, name: str) -> bool:
        """Tell whether a name is seen outside of the function that binds it."""
        if frame.ir.kind != "function":
            return True
        inner = [f.index for f in frame.file.ir.functions if scopes.is_inside(frame.file, f, frame.ir.index)]
        return any(name in occurrences(frame.file.frame(index)).free for index in inner)

    # calls ------------------------------------------------------------------------------------------------------------

    def passed(self, node: Node, call: Call, keyword: str | None) -> None:
        """Follow the object into what it is passed to."""
        frame = node.frame
        callees = self.ev.eval(call.func, frame)
        if not all(isinstance(o, LibraryPath) for o in callees):
            self.leave()
        for obj in callees:
            if isinstance(obj, Function):
                self._enter(node, obj, call, None)
            elif isinstance(obj, Partial):
                for function in obj.func:
                    if isinstance(function, Function):
                        self._enter(node, function, call, obj)
            elif isinstance(obj, ClassObject):
                self._constructed(node, obj, call, keyword)
            elif isinstance(obj, LibraryPath):
                self.to_library(node, obj.path, call)
            elif isinstance(obj, Method):
                self._to_method(node, obj, call)
            elif isinstance(obj, Instance):
                for method in self.ev.class_attribute(obj.cls, "__call__", (obj,), frame, call.at):
                    if isinstance(method, Function):
                        self._enter(node, method, call, None)
            elif isinstance(obj, (ValueSet, OpaqueCallable)):
                self.escape(frame, call.at, "it is passed to unknown code")

    def _to_method(self, node: Node, method: Method, call: Call) -> None:
        """Follow the object into a method of a context variable or of a container."""
        if isinstance(method.of, ContextVariable) and method.name == "set":
            self.escape(node.frame, call.at, "a context variable holds it")
        elif isinstance(method.of, (Mapping, Sequence)) and isinstance(call.func, Attr):
            self.into_container(node, method.name, call.func.base)

    def _enter(self, node: Node, function: Function, call: Call, partial: Partial | None) -> None:
        inner = binding.bound_frame(self.ev, function, call, node.frame, partial)
        if inner is None or inner.bindings is None:
            return  # it calls itself: what it does with its parameter is found in the call around it
        for name, lazy in inner.bindings.items():
            for depth in _depths(node, lazy):
                self._parameter(node, inner, name, depth)

    def _parameter(self, node: Node, inner: Frame, name: str, depth: int) -> None:
        for definition in inner.ir.defs:
            if type(definition.term) is Param and definition.term.name == name:
                self.push(node, definition.term, depth, "", inner, False)
                return

    def _constructed(self, node: Node, cls: ClassObject, call: Call, keyword: str | None) -> None:
        """Follow the object into a constructor, or into the field that it becomes."""
        found = self.ev.class_attribute(cls, "__init__", (Instance(cls, (call, node.frame)),), node.frame, call.at)
        functions = [f for f in found if isinstance(f, Function)]
        for function in functions:
            self._enter(node, function, call, None)
        if functions:
            return
        names = list(cls.file.ir.functions[cls.ir.body].annotations)
        position = next((i for i, a in enumerate(call.args) if a is node.term), None)
        name = keyword or (names[position] if position is not None and position < len(names) else "")
        if name in names:
            self.second_name(node, -1)
            self.attribute_of(replace(node, home=""), (cls,), cls.file, name, "")
        elif class_graph.external_bases(self.ev, cls):
            self.escape(node.frame, call.at, f"it is passed to `{cls.ir.name}`, whose constructor is unknown")

    def to_library(self, node: Node, path: str, call: Call) -> None:
        """Follow the object through a call of a library."""
        depth, frame = node.depth, node.frame
        if path == "builtins.setattr" and len(call.args) == 3 and call.args[2] is node.term:
            attribute = self.ev.value(call.args[1], frame)
            if len(attribute.exact) == 1 and isinstance(attribute.exact[0], str):
                self.into_attribute(node, call.args[0], attribute.exact[0], None, depth)
            else:
                self.escape(frame, call.at, "it is stored as an attribute with a computed name")
        elif path in VIEWS:
            self.push(node, call, depth, "")
        elif path.rpartition(".")[2] in ("partial", "partialmethod"):
            self._given_early(node, call)
        elif path == "builtins.getattr" and len(call.args) > 1:
            self._named_method(node, call)
        elif path.endswith("()") or self._keeps(path) or (depth and not _passes_on(path) and self.hands_on(call, frame)):
            self.escape(frame, call.at, "it is passed to unknown code")
        elif depth and _passes_on(path):
            self._to_key(node, call)
            for other in (depth - 1, depth, depth + 1):
                self.push(without_keys(node), call, other, "")

    def _to_key(self, node: Node, call: Call) -> None:
        """Follow an element into the function that the library calls with each of them: `sorted(rows, key=lambda row: row["load"])`."""
        for term in (*call.args, *(value for _, value in call.kwargs)):
            for obj in self.ev.eval(term, node.frame) if term is not node.term else ():
                if isinstance(obj, Function):
                    inner = obj.file.frame(obj.ir.index)
                    for param in obj.ir.params[obj.bound is not None :]:
                        self._parameter(node, inner, param.name, node.depth - 1)
                elif isinstance(obj, (Partial, Method)):
                    self.escape(node.frame, call.at, "it is passed to unknown code")

    def _keeps(self, path: str) -> bool:
        """Tell whether a library makes an object of it that may hold it: a class, other than a metric and those that copy."""
        known = (
            path.startswith(("builtins.", "collections.")) or forms.is_field(path) or self.ev.library.clients.constructor(path) is not None
        )
        return class_graph.is_class_path(path) and not known

    def _given_early(self, node: Node, call: Call) -> None:
        """Follow `partial(f, BOX)` into the parameter that gets the object, where the result is called."""
        found = [o for o in self.ev.eval(call, node.frame) if isinstance(o, Partial)]
        functions = [(partial, f) for partial in found for f in partial.func if isinstance(f, Function)]
        for partial, function in functions:
            empty = node.frame.synthetic_call(call.func, (), call.at)
            given = binding.bindings(self.ev, function.ir, empty, node.frame, function.bound is not None, partial)
            for name, lazy in given.items():
                for depth in _depths(node, lazy):
                    self._parameter(node, function.file.frame(function.ir.index), name, depth)
        if not functions:
            self.escape(node.frame, call.at, "a library function receives it later")

    def _named_method(self, node: Node, call: Call) -> None:
        """Follow `getattr(KNOWN, "append")(x)`."""
        name = self.ev.value(call.args[1], node.frame)
        if node.depth or not name.exact or any(self.acts(str(n)) for n in name.exact):
            self.escape(node.frame, call.at, "a method of it is read by a computed name")

    def hands_on(self, call: Call, frame: Frame) -> bool:
        """Tell whether a library gets a function of the program together with the object: it may call it with the object."""
        given = (*call.args, *(value for _, value in call.kwargs))
        return any(isinstance(o, (Function, Partial, Method)) for term in given for o in self.ev.eval(term, frame))

    def returned(self, node: Node, depth: int) -> None:
        """Follow the object to the callers of the function that returns it."""
        frame = node.frame
        self.leave()
        if frame.bindings is not None:
            if frame.caller is not None and frame.origin is not None:
                self._result(node, frame.caller, frame.origin[1], depth)
        elif frame.ir.kind == "lambda":
            self.escape(frame, frame.ir.at, "a lambda returns it")
        elif terms.flag(frame.ir, "property", "cached_property"):
            owner = class_graph.owner_of(frame.file, frame.ir)
            if owner is not None:
                self.attribute_of(replace(node, depth=depth, home=""), (owner,), frame.file, frame.ir.name, "")
        elif frame.ir.kind == "function":
            for site in self.callers_of(self.ev, frame.file, frame.ir):
                if isinstance(site, UnknownCallSite):
                    self.escape(site.frame, site.at, f"`{frame.ir.name}`, which returns it, is passed to unknown code")
                elif site.written:
                    self._result(node, site.frame, site.call, depth)

    def _result(self, node: Node, frame: Frame, call: Call, depth: int) -> None:
        table = occurrences(frame)
        if table.of(call):
            self.push(node, call, depth, "", frame, node.current)
            return
        for attrs in table.attributes.values():
            for attr in attrs:
                if attr.at == call.at:  # a property
                    self.push(node, attr, depth, "", frame, node.current)

    # what subclasses look for -----------------------------------------------------------------------------------------

    def called(self, node: Node, call: Call) -> None:
        """See a call of the object itself."""

    def method_called(self, node: Node, name: str, call: Call) -> None:
        """See a call of a method of the object."""

    def into_container(self, node: Node, method: str, base: AnyTerm) -> None:
        """See a method of a container get the object."""


def _depths(node: Node, lazy: Lazy) -> list[int]:
    """Return at which depth an argument holds the object: the argument itself, a part of `*args` or `**kwargs`, or an element."""
    if lazy.term is node.term:
        return [node.depth] if lazy.frame is not None and lazy.frame.ir is node.frame.ir else []
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


def _passes_on(path: str) -> bool:
    """Tell whether a library function may return elements of its arguments."""
    library, _, name = path.partition(".")
    return library in PASSING_MODULES or (library == "builtins" and name in PASSING_ON)


def index_at(ir: FunctionIR, at: At, kinds: frozenset[type] = frozenset()) -> int:
    """Return the definition that a store makes of a container of its own function, -1 where it makes none."""
    for index, definition in enumerate(ir.defs):
        if definition.at == at and (not kinds or type(definition.term) in kinds):
            return index
    return -1
