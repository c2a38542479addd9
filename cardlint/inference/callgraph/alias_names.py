"""Following an object by its names: of modules, closures, attributes, and the containers that hold it."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.inference.callgraph.alias_nodes import Node, Walk, kept_elsewhere, mentions, occurrences
from cardlint.inference.codebase import stores
from cardlint.inference.domain.frames import FileState, Frame, frame_inside
from cardlint.inference.domain.objects import ClassObject, Instance, Module
from cardlint.inference.limits import MAX_ALIAS_FILES, MAX_IMPORT_DEPTH, MAX_NAMES
from cardlint.inference.primitives import class_graph, scopes
from cardlint.ir.model import Store
from cardlint.ir.occurrences import Inside, Occurrences
from cardlint.ir.terms import AnyTerm, Attr, Call, Choice, FreeVar, Import, Item, Iterate, Op, Param, Refine, Slice, Use

PLACES = (Use, Attr, FreeVar, Refine, Import, Item, Param, Choice)
"""The terms that lead to a container which other functions may have."""


class NameWalk(Walk):
    """Follows an object through what is bound to it."""

    def defined(self, node: Node, index: int) -> None:
        """Follow a definition to the terms that refer to it, and to the scopes that see its name."""
        frame, ir = node.frame, node.frame.ir
        definition = ir.defs[index]
        name, home = definition.name, node.home
        if name and not isinstance(definition.term, Param):
            home = name if home is None or home == name else ""
            if home == "":
                self.second_name(node, index)
        for use in occurrences(frame).uses.get(index, ()):
            self.push(node, use, node.depth, home)
        if not name or "." in name:
            return
        if ir.kind == "module":
            self.global_name(node, frame.file, name, home)
        elif ir.kind == "class":
            cls = mentions(self.ev, frame.file, "").class_of(ir.index)
            if cls is not None:
                self.attribute_of(node, (ClassObject(frame.file, cls),), frame.file, name, home)
        elif scopes.makes_function(self.ev, frame.file, ir):
            self._captured(node, name, home)

    def _captured(self, node: Node, name: str, home: str | None) -> None:
        """Follow a local name into the functions that are made inside of this one."""
        frame = node.frame
        frame.file.ir.reveal(name)
        for inner in list(frame.file.ir.functions):
            if inner.reveal is None and scopes.is_inside(frame.file, inner, frame.ir.index):
                inside = frame_inside(frame, inner.index)
                for term in occurrences(inside).free.get(name, ()):
                    self.push(node, term, node.depth, home, inside, True)

    # modules ----------------------------------------------------------------------------------------------------------

    def global_name(self, node: Node, file: FileState, name: str, home: str | None) -> None:
        """Follow a name of a module: in its functions and in the files that import it."""
        key = (file.path, name, node.depth, node.under)
        if key in self.names:
            return
        self.names.add(key)
        self.leave()
        for frame, term in mentions(self.ev, file, name).free.get(name, ()):
            if frame.ir.index and not scopes.is_shadowed(file, frame.ir, name):
                self.push(node, term, node.depth, home, frame, True)
        if mentions(self.ev, file, "").reads_globals:
            for function, index in file.ir.calls_named("globals"):
                frame = file.frame(function)
                self.push(node, frame.ir.defs[index].term, node.depth + 1, "", frame, True)
        self._imported(node, file, name)

    def _imported(self, node: Node, file: FileState, name: str) -> None:
        """Follow a name of a module into the files that read it from there."""
        modules = self.ev.modules
        holding = {path for part in file.module.split(".")[-2:] if part for path in modules.mentioning(file, part)}
        paths = [path for path in modules.mentioning(file, name) if path != file.path and path in holding]
        if len(paths) > MAX_ALIAS_FILES:
            self.ev.limit(file.frame(0), (1, 1, 1, 1), f"more than {MAX_ALIAS_FILES} files may change `{name}`", "MAX_ALIAS_FILES")
            self.escape(file.frame(0), (1, 1, 1, 1), f"too many files read `{name}` to see what they do with it")
            return
        for path in paths:
            state = modules.state(path)
            if state is None:
                continue
            found = mentions(self.ev, state, name)
            for frame, term in tuple(found.imports.get(name, ())):
                if self._leads_to(term, name, state, file):
                    self.push(node, term, node.depth, "", frame, True)
                    for definition in frame.ir.defs if frame.ir.kind == "module" else ():
                        if definition.term is term:
                            self.global_name(node, state, definition.name, "")
            if any(self._leads_to(term, name, state, file) for _, term in tuple(found.imports.get("*", ()))):
                self.global_name(node, state, name, "")
            for frame, attr in tuple(found.attributes.get(name, ())):
                if any(isinstance(o, Module) and o.file is file for o in self.ev.eval(attr.base, frame)):
                    self.push(node, attr, node.depth, "", frame, True)

    def _leads_to(self, term: Import, name: str, state: FileState, file: FileState, depth: int = 0) -> bool:
        """Tell whether an import reads a name of one file, perhaps through modules that hand it on, also by star imports."""
        path = self.ev.modules.find(term.module, state).path
        if path == file.path:
            return True
        other = self.ev.modules.state(path) if path is not None and depth < MAX_IMPORT_DEPTH else None
        if other is None or other is state:
            return False
        ir = other.ir.functions[0]
        index = ir.exits.get(name)
        for position in ir.names.get("*", ()) if index is None else (index,):
            inner = ir.defs[position].term
            if isinstance(inner, Import) and self._leads_to(inner, name if inner.name == "*" else inner.name, other, file, depth + 1):
                return True
        return False

    # attributes -------------------------------------------------------------------------------------------------------

    def into(self, node: Node, base: AnyTerm, depth: int) -> None:
        """Follow a container that was given the object: by its name, or by the attribute that holds it."""
        frame = node.frame
        self.leave()
        node = kept_elsewhere(node, depth)
        deeper = replace(node, depth=depth, home="")
        for place in places(base, frame):
            if isinstance(place, FreeVar) and not scopes.is_shadowed(frame.file, frame.ir, place.name):
                self.global_name(deeper, frame.file, place.name, "")
            elif isinstance(place, Attr):
                self.into_attribute(deeper, place.base, place.name, None, depth)
            elif isinstance(place, Item):
                self.into(self.stored_under(node, depth + 1, place.key), place.base, depth + 1)
            elif not isinstance(place, Import):
                self.escape(frame, place.at, "it is stored in an unknown container")

    def into_attribute(self, node: Node, base: AnyTerm, name: str, store: Store | None, depth: int) -> None:
        """Follow an attribute that was given the object."""
        frame = node.frame
        self.leave()
        held = self.ev.eval(base, frame)
        modules = [o for o in held if isinstance(o, Module)]
        for module in modules:
            self.global_name(replace(node, depth=depth), module.file, name, "")
        classes = tuple(o.cls if isinstance(o, Instance) else o for o in held if isinstance(o, (Instance, ClassObject)))
        if classes:
            own = store is not None and node.home is None and stores.dotted(frame.ir.defs, base) is not None
            self.attribute_of(replace(node, depth=depth), classes, classes[0].file, name, name if own else "")
        elif not modules:
            self.escape(frame, base.at, f"it is stored as `{name}` of an unknown object")

    def attribute_of(self, node: Node, classes: tuple[ClassObject, ...], file: FileState, name: str, home: str | None) -> None:
        """Follow an attribute of the instances of some classes: everywhere an attribute of this name is read from one of them."""
        key = (f"{classes[0].ir.qualname}@{file.path}", name, node.depth, node.under)
        if key in self.names:
            return
        self.names.add(key)
        self.leave()
        paths = list(self.ev.modules.mentioning(file, name))
        if len(paths) > MAX_ALIAS_FILES:
            if node.depth == 0 and not home:
                self.escape(file.frame(0), (1, 1, 1, 1), f"too many files read an attribute `{name}` to see what they do with it")
            paths = [path for path in paths if path == file.path]
        for path in paths:
            state = self.ev.modules.state(path)
            if state is None:
                continue
            found = mentions(self.ev, state, name)
            for frame, attr in tuple(found.attributes.get(name, ())):
                if self.matters(occurrences(frame), attr, node.depth) and self._is_of(attr, frame, classes):
                    own = home if path == file.path and stores.dotted(frame.ir.defs, attr) is not None else ""
                    self.push(node, attr, node.depth, own, frame, True)
            for frame, attr in tuple(found.attributes.get("__dict__", ())):
                if self._is_of(attr, frame, classes):
                    self.push(node, attr, node.depth + 1, "", frame, True)

    def _is_of(self, attr: Attr, frame: Frame, classes: tuple[ClassObject, ...]) -> bool:
        """Tell whether an attribute may be read from an instance of one of the classes, or from the class itself."""
        for obj in self.ev.eval(attr.base, frame):
            found = obj.cls if isinstance(obj, Instance) else obj
            if isinstance(found, ClassObject):
                line = class_graph.mro(self.ev, found)
                if any(c in line or found in class_graph.mro(self.ev, c) for c in classes):
                    return True
        return False

    def matters(self, table: Occurrences, term: AnyTerm, depth: int) -> bool:
        """Tell whether a place may do more with the object than to read it."""
        for where in table.of(term):
            if type(where) is not Inside:
                return True
            if isinstance(where.parent, Attr):
                if depth or self.acts(where.parent.name):
                    return True
            elif depth or not isinstance(where.parent, (Item, Iterate, Slice, Op)):
                return True
        return False

    def acts(self, name: str) -> bool:
        """Tell whether a method of this name does what is looked for."""
        raise NotImplementedError


def places(base: AnyTerm, frame: Frame) -> list[AnyTerm]:
    """List where a container is: names, attributes, items. One that the function makes is left out, as its own flow goes on."""
    out: list[AnyTerm] = []
    waiting, seen = [base], {id(base)}
    while waiting and len(seen) <= MAX_NAMES:
        term = waiting.pop()
        inner: tuple[AnyTerm, ...] = ()
        if isinstance(term, Use):
            found = frame.ir.defs[term.index].term
            inner = (found,) if isinstance(found, PLACES) or _filled(found) is not None else ()
        elif isinstance(term, Refine):
            inner = (term.base,)
        elif isinstance(term, Choice):
            inner = term.options
        else:
            out.append(_filled(term) or term)
        waiting.extend(one for one in inner if id(one) not in seen)
        seen.update(map(id, inner))
    return [*out, *waiting]


def _filled(term: AnyTerm) -> Item | None:
    """Return the place in a dictionary that a call reads or fills: `TABLE.setdefault(key, [])` is `TABLE[key]`."""
    if not isinstance(term, Call) or not term.args or not isinstance(term.func, Attr) or term.func.name not in ("setdefault", "get"):
        return None
    return Item(term.func.base, term.args[0], term.at)
