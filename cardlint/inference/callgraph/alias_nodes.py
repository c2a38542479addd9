"""Following an object forwards from the place that makes it: what is followed, what is found, and the work list.

An object is made at one place, its allocation site. From there it is followed into names, fields and containers, into the parameters
of functions it is passed to, out of functions that return it, through closures and default arguments. Without another name
nothing is asked of the rest of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cardlint.inference.callgraph.call_sites import CallSite
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.limits import MAX_ALIAS_DEPTH, MAX_ALIAS_NODES
from cardlint.ir.model import ClassIR, FunctionIR
from cardlint.ir.occurrences import Inside, Occurrences, Stored, Whole
from cardlint.ir.terms import AnyTerm, At, Attr, FreeVar, Import, Scalar

CallersOf = Callable[[Evaluator, FileState, FunctionIR], Sequence[CallSite]]


Under = tuple[int, tuple[Scalar, ...]]
"""The depth of a dictionary that holds an object, and the keys under which it does."""
Picked = tuple[Frame, AnyTerm]
"""The key with which an object is read from a dictionary, and the function that reads it."""


class Node(Struct, frozen=True, gc=False):
    """A term that is the object, or at some depth holds it."""

    frame: Frame
    term: AnyTerm
    depth: int
    """0 where the term is the object, 1 where the object is an element of it, and so on"""
    home: str | None
    """the name that the object was given first, '' once it has another one; None before it has one"""
    current: bool
    """whether evaluating the term reads the name again, with all changes that are known by that name"""
    listed: bool = False
    """whether it was reached through `items()` or `values()` of the dictionary itself: its items are no keys of the dictionary"""
    under: Under | None = None
    """the dictionary that holds the object, and its keys there, where they are known"""
    picked: Picked | None = None
    """the key under which the object was read from that dictionary"""


def without_keys(node: Node) -> Node:
    """Forget the keys of the dictionary that holds an object: what reads it has other positions, or reads all of them."""
    return replace(node, under=None, picked=None)


def kept_elsewhere(node: Node, depth: int) -> Node:
    """Forget the keys of the dictionary that an object was taken from, when it is put into something else."""
    return without_keys(node) if node.picked is not None and depth > node.depth else node


def occurrences(frame: Frame) -> Occurrences:
    """Return where the terms of a function are written, found once."""
    file, ir = frame.file, frame.ir
    found = file.occurrences.get(ir.index)
    if found is None:
        ir.defs  # noqa: B018 - lowering a body makes the functions in it known
        functions = file.ir.functions
        if file.inner[0] != len(functions):
            inside: dict[int, list[FunctionIR]] = {}
            for function in functions:
                inside.setdefault(function.parent, []).append(function)
            file.inner = (len(functions), inside)
        found = file.occurrences[ir.index] = Occurrences(ir, file.inner[1].get(ir.index, []))
    return found


class Mentions:
    """The places of one file where a name is read: as a name of an enclosing scope, as an attribute, by an import."""

    def __init__(self, file: FileState) -> None:
        self.file = file
        self.free: dict[str, list[tuple[Frame, FreeVar]]] = {}
        self.attributes: dict[str, list[tuple[Frame, Attr]]] = {}
        self.imports: dict[str, list[tuple[Frame, Import]]] = {}
        self.reads_globals = "globals()" in file.ir.text
        self._bodies: dict[int, ClassIR] = {}
        self._known = 0
        self._waiting: list[FunctionIR] = []

    def class_of(self, body: int) -> ClassIR | None:
        """Return the class with a body, by the index of the body."""
        classes = self.file.ir.classes
        if len(self._bodies) != len(classes):
            self._bodies = {cls.body: cls for cls in classes}
        return self._bodies.get(body)

    def update(self) -> None:
        """Take in the functions that were lowered since the last time."""
        functions = self.file.ir.functions
        fresh = self._waiting + functions[self._known :]
        self._known = len(functions)
        self._waiting = [ir for ir in fresh if ir.reveal is not None]
        for ir in fresh:
            if ir.reveal is not None:
                continue
            frame = self.file.frame(ir.index)
            table = occurrences(frame)
            for name, free in table.free.items():
                self.free.setdefault(name, []).extend((frame, term) for term in free)
            for name, attributes in table.attributes.items():
                self.attributes.setdefault(name, []).extend((frame, term) for term in attributes)
            for term in table.imports:
                self.imports.setdefault(term.name, []).append((frame, term))


@query(initial=None)
def _mentions(ev: Evaluator, file: FileState) -> Mentions | None:
    return Mentions(file)


def mentions(ev: Evaluator, file: FileState, name: str) -> Mentions:
    """Return the places where a file reads names, after lowering every function whose text has this one; '' lowers none."""
    if name:
        file.ir.reveal(name)
    found = _mentions(ev, file)
    assert found is not None
    found.update()
    return found


def without_turns(frame: Frame) -> Frame:
    """Return the frame of a function behind the frame of one turn of its loop."""
    while frame.iteration_bindings is not None and frame.loop_parent is not None:
        frame = frame.loop_parent
    return frame


class Left(Exception):
    """The object leaves the function that makes it, and nothing else was asked."""


class Walk:
    """Follows one object. The subclasses decide what they look for."""

    def __init__(self, ev: Evaluator, term: AnyTerm, frame: Frame, callers_of: CallersOf) -> None:
        self.ev = ev
        self.site = frame
        self.callers_of = callers_of
        self.work: list[Node] = [Node(frame, term, 0, None, False)]
        self.outer = 0
        """the depth at which the object is in what the walk begins with"""
        self.seen: set[tuple[Frame, int, int, bool, Under | None, Picked | None]] = set()
        self.open_at_limit = True
        """whether an object that is used in very many places counts as one that unknown code has"""
        self.only_local = False
        """whether the walk ends where the object leaves the function that makes it"""
        self.names: set[tuple[str, str, int, Under | None]] = set()
        """the names of modules and the attributes of classes that are followed already"""

    def follow(self) -> None:
        """Follow the object until nothing new is found."""
        visits = 0
        while self.work:
            node = self.work.pop()
            key = (node.frame, id(node.term), node.depth, node.listed, node.under, node.picked)
            if key in self.seen or node.depth > MAX_ALIAS_DEPTH:
                continue
            self.seen.add(key)
            written = occurrences(node.frame).of(node.term)
            for where in written:
                if type(where) is not Inside or where.role != "func":
                    visits += 1
                    break
            if visits > MAX_ALIAS_NODES:
                self.ev.limit(self.site, node.term.at, f"an object is used in more than {MAX_ALIAS_NODES} places", "MAX_ALIAS_NODES")
                if self.open_at_limit:
                    self.escape(node.frame, node.term.at, "gave up: it has too many uses to follow")
                break
            for where in written:
                if type(where) is Inside:
                    self.inside(node, where)
                elif type(where) is Stored:
                    self.stored(node, where)
                elif type(where) is Whole:
                    self.whole(node, where)

    def leave(self) -> None:
        """Note that the object leaves the function that makes it, or may do so, depending on what the function is called with."""
        if self.only_local:
            raise Left

    def push(
        self,
        node: Node,
        term: AnyTerm,
        depth: int,
        home: str | None,
        frame: Frame | None = None,
        current: bool | None = None,
        listed: bool = False,
    ) -> None:
        """Follow another term that the object reaches."""
        current = node.current if current is None else current
        listed = self.outer > 0 and (node.listed or listed)
        taken_out = node.under is not None and node.picked is None and depth < node.under[0]  # each of its elements is read
        node = without_keys(node) if taken_out and depth < node.depth else kept_elsewhere(node, depth)
        self.work.append(Node(frame or node.frame, term, depth, home, current, listed, node.under, node.picked))

    # what subclasses define -------------------------------------------------------------------------------------------

    def inside(self, node: Node, where: Inside) -> None:
        """See what a term does with one of its parts."""
        raise NotImplementedError

    def stored(self, node: Node, where: Stored) -> None:
        """See what a store does with one of its parts."""
        raise NotImplementedError

    def whole(self, node: Node, where: Whole) -> None:
        """See what becomes of a term that is evaluated on its own."""
        raise NotImplementedError

    def stored_under(self, node: Node, depth: int, key: AnyTerm | None) -> Node:
        """Note the key under which a dictionary at a depth gets the object, where keys matter."""
        return node

    def read_under(self, node: Node, key: AnyTerm) -> Node | None:
        """Note the key with which a dictionary is read that holds the object; None where it is not the key of the object."""
        return node

    def escape(self, frame: Frame, at: At, why: str) -> None:
        """Note that code that is not known gets the object."""
        raise NotImplementedError

    def second_name(self, node: Node, index: int) -> None:
        """Note that the object has a second name, from a definition of the function that made it on, or always for -1."""
