"""Aliases of containers: what changes a list, set or dictionary by another name than its own, and where it gets out of sight.

A change is `box.append(x)` where `box` may be the container. An escape is code that is not known and gets it: what may be in the
container then is open.
"""

from __future__ import annotations

import sys
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from cardlint.inference.callgraph import callers
from cardlint.inference.callgraph.alias_calls import CallWalk, index_at
from cardlint.inference.callgraph.alias_nodes import CallersOf, Left, Node, without_turns
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.limits import ALIAS_STEPS, MAX_ALIAS_CALLS
from cardlint.ir.model import Flag, Store
from cardlint.ir.occurrences import Inside, Stored
from cardlint.ir.terms import AnyTerm, Append, At, Attr, Call, Const, FreeVar, Import, Item, SetItem, Update, Use
from cardlint.knowledge.changing import CHANGING_FUNCTIONS, CONTAINER_TYPES, EXTENDING, GROWING, MUTATORS, PUTTING

How = Literal["grow", "extend", "item", "asked", "open"]
FLOW_CHANGES = frozenset({SetItem, Update, Append})


class Change(Struct, frozen=True, gc=False):
    """Something that happens to a container through one of its aliases."""

    how: How
    """one element, the elements of a value, a value under a key; `asked`: a key under which it is read, so that a dictionary with a default
    has it; `open`: unknown code has the container"""
    frame: Frame
    key: AnyTerm | None
    value: AnyTerm | None
    at: At
    why: str = ""
    limit: AnyTerm | None = None
    """the limit that a test has set before: the container takes the element only while it is smaller"""


class Candidate(Struct, frozen=True, gc=False):
    """A change that was found, before it is known whether it is counted elsewhere."""

    change: Change
    covered: bool
    """whether evaluating the first name of the container knows the change anyway"""
    known_at: int
    """the definition that knows it in the flow of the function that made the container, -1 where none does"""


def changes_of(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int = 0) -> tuple[Change, ...]:
    """List what happens to a container through its aliases. What is done by the name it was given first is known elsewhere.

    With a `depth` of 1 it is a container that the term holds from the beginning: each default of a `defaultdict(list)`.
    """
    frame = without_turns(frame)
    if _is_untouched(ev, term, frame, depth):
        return ()
    return _changes(ev, term, frame if frame.depth <= MAX_ALIAS_CALLS else frame.file.frame(frame.ir.index), depth)


@query(initial=False, key=lambda term, frame, depth: (id(term), depth))
def _is_untouched(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int) -> bool:
    """Tell whether a container stays in the function that makes it, and nothing but its own flow changes it: in every call of it."""
    return ev.aside(ALIAS_STEPS, ContainerWalk(ev, term, frame, callers.callers_of, depth).stays_unchanged, False, frame, term.at)


@query(initial=(), key=lambda term, frame, depth: (id(term), frame, depth))
def _changes(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int) -> tuple[Change, ...]:
    lost = (Change("open", frame, None, None, term.at, "gave up: it is used in too many places"),)
    return ev.aside(ALIAS_STEPS, ContainerWalk(ev, term, frame, callers.callers_of, depth).changes, lost, frame, term.at)


class ContainerWalk(CallWalk):
    """Follows one container from its allocation site, and notes its changes."""

    def __init__(self, ev: Evaluator, term: AnyTerm, frame: Frame, callers_of: CallersOf, depth: int = 0) -> None:
        super().__init__(ev, term, frame, callers_of)
        self.work = [Node(frame, term, depth, None, False)]
        self.outer = depth
        self.found: dict[tuple[object, ...], Candidate] = {}
        self.term = term
        self.results: list[tuple[Node, int]] = []
        """where the function that makes the container returns it"""
        self.aliased = sys.maxsize
        """the first definition of the function by which the container has a second name"""

    def stays_unchanged(self) -> bool:
        """Tell whether the container stays in its function and no change counts; the walk ends where the container leaves."""
        self.only_local = True
        try:
            return not self.changes()
        except Left:
            return False

    def changes(self) -> tuple[Change, ...]:
        """Return the changes that count: those that the flow of its own function, and reading its first name, do not know."""
        self.follow()
        if self.aliased < sys.maxsize and self.results:  # the caller has it, and another name as well
            for node, depth in self.results:
                super().returned(node, depth)
            self.results.clear()
            self.follow()
        one_name = self.aliased == sys.maxsize
        return tuple(
            c.change
            for c in sorted(self.found.values(), key=lambda c: (c.change.frame.file.path, c.change.at, c.change.how))
            if not (c.covered and one_name) and not 0 <= c.known_at < self.aliased
        )

    def escape(self, frame: Frame, at: At, why: str) -> None:
        """Note that code that is not known may change the container."""
        self.leave()
        self.found.setdefault(("", (0, 0, 0, 0)), Candidate(Change("open", frame, None, None, at, why), False, -1))

    def _is_made_in_loop(self) -> bool:
        """Tell whether each turn of a loop makes a container of its own."""
        return any(d.term is self.term and d.flags & Flag.LOOP for d in self.site.ir.defs)

    def second_name(self, node: Node, index: int) -> None:
        """Note a second name. What comes before it in the text may come after it in the next turn of a loop."""
        if node.current:
            return
        ir = self.site.ir
        if node.frame.ir is not ir or (index >= 0 and ir.defs[index].flags & Flag.LOOP and not self._is_made_in_loop()):
            index = -1
        self.aliased = min(self.aliased, index)

    def returned(self, node: Node, depth: int) -> None:
        """Follow the container to the callers. One that only they have is theirs: the call is where it is made."""
        if node.frame.ir is self.site.ir and self.site.ir.kind == "function" and not node.current and node.depth == 0:
            self.results.append((node, depth))
        else:
            super().returned(node, depth)

    def acts(self, name: str) -> bool:
        """Tell whether a method puts something into a container."""
        return name in MUTATORS

    def inside(self, node: Node, where: Inside) -> None:
        """Note the key under which a container is read that the term holds from the beginning."""
        parent = where.parent
        if self.outer and node.depth == self.outer and not node.listed and isinstance(parent, Item) and where.role == "base":
            key = ("asked", node.frame.file.path, parent.at)
            self.found.setdefault(key, Candidate(Change("asked", node.frame, parent.key, None, parent.at), False, -1))
        super().inside(node, where)

    def stored(self, node: Node, where: Stored) -> None:
        """Note a store into the container, or follow the store of it."""
        store = where.store
        if where.role == "base" and node.depth == 0:
            if store.how == "merge" or (store.how == "item" and _is_slice(store)):
                self._change(node, Change("extend", node.frame, store.key, store.value, store.at))
            elif store.how in ("item", "grow"):
                self._change(node, Change("item" if store.how == "item" else "grow", node.frame, store.key, store.value, store.at))
        super().stored(node, where)

    def _change(self, node: Node, change: Change) -> None:
        index = -1
        change = replace(change, limit=terms.size_limit(node.term, node.frame.ir))
        if node.frame.ir is self.site.ir and node.home:
            index = index_at(node.frame.ir, change.at, FLOW_CHANGES)
        covered = bool(node.home) and isinstance(node.term, (FreeVar, Attr, Import, Use)) and index < 0
        key = (node.frame.file.path, change.at)
        known = self.found.get(key)
        if known is None or (known.covered and not covered):
            self.found[key] = Candidate(change, covered, index)

    def method_called(self, node: Node, name: str, call: Call) -> None:
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
            self.escape(frame, at, f"`{name}` is called on it")

    def into_container(self, node: Node, method: str, base: AnyTerm) -> None:
        """Follow the container into another one."""
        if method in MUTATORS:
            self.into(node, base, node.depth + (method not in EXTENDING))

    def to_library(self, node: Node, path: str, call: Call) -> None:
        """Note what a function of a library does to the container."""
        depth, frame = node.depth, node.frame
        change = CHANGING_FUNCTIONS.get(path)
        if change is not None:
            how, target, value = change
            if depth == 0 and len(call.args) > value and call.args[target] is node.term:
                key = call.args[1] if how == "item" else None
                self._change(replace(node, home=""), Change(how, frame, key, call.args[value], call.at))
            elif depth == 0 and any(a is node.term for a in call.args) and how != "extend":
                self.into(node, call.args[target], 1)
            return
        owner, _, name = path.rpartition(".")
        if name in MUTATORS and owner.rpartition(".")[2] in CONTAINER_TYPES and call.args:
            if call.args[0] is not node.term:
                self.into(node, call.args[0], depth + (name not in EXTENDING))
            elif depth == 0:
                self.method_called(replace(node, home=""), name, Call(call.func, call.args[1:], call.kwargs, call.at))
            return
        super().to_library(node, path, call)


def _is_slice(store: Store) -> bool:
    return store.key is not None and getattr(store.key, "why", "") == "a slice"
