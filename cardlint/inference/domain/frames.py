"""Files and frames: where a term is evaluated.

A frame is one activation of a function. The open frame represents every possible call: the values of its parameters come
from the callers. A bound frame represents one call: its parameters are the arguments of that call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.common.textscan import OUTER_NAMES
from cardlint.findings import Place
from cardlint.inference.domain.lazy import Lazy
from cardlint.ir.terms import Call, Const, Item, Iterate

if TYPE_CHECKING:
    from cardlint.inference.domain.objects import Function, Objects, Partial
    from cardlint.ir.model import FunctionIR, ModuleIR, Store
    from cardlint.ir.occurrences import Occurrences
    from cardlint.ir.terms import AnyTerm, At


NOTHING_RECOMPUTED: frozenset[int] = frozenset()
"""The value of most frames; shared, because every `frozenset()` is a new object."""


class Lines:
    """The lines of a file and what was found out about them, because a file may have thousands of calls on one long line."""

    __slots__ = ("plain", "texts")

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.plain: dict[int, bool] = {}
        """lines that were asked for: whether no part of the line runs under a condition"""


class FileState:
    """A file of the program with its open frames."""

    __slots__ = (
        "arguments",
        "arguments_indexed",
        "constants",
        "index",
        "indexed",
        "inner",
        "ir",
        "is_test",
        "lines",
        "module",
        "occurrences",
        "open_frames",
        "outside",
        "package",
        "path",
        "stores",
        "waiting",
    )

    def __init__(self, ir: ModuleIR, module: str, is_package: bool, is_test: bool) -> None:
        self.ir = ir
        self.path = ir.path
        self.module = module
        self.package = module if is_package else module.rpartition(".")[0]
        self.is_test = is_test
        self.open_frames: dict[int, Frame] = {}
        self.constants: dict[str, Const] = {}
        """names that are asked of the file as texts, each one term: results are kept by the identity of terms"""
        self.inner: tuple[int, dict[int, list[FunctionIR]]] = (0, {})
        """the functions inside of each function, and how many functions the file had when that was found"""
        self.occurrences: dict[int, Occurrences] = {}
        """where the terms of each function are written, for functions that were asked for"""
        self.index: dict[tuple[str, str], list[tuple[int, Store]]] = {}
        """stores of the lowered functions, by kind and name, each with the function that stores"""
        self.stores: dict[tuple[str, str], list[tuple[int, Store]]] = {}
        """answers: every store of one kind and name"""
        self.outside: frozenset[str] | None = None
        """names that functions declare as `global` or `nonlocal`"""
        self.indexed = 0
        self.arguments: dict[str, list[tuple[Frame, Call]]] = {}
        """calls of the lowered functions, by the names of their arguments"""
        self.arguments_indexed: set[int] = set()
        self.lines: Lines | None = None
        """the text as lines, for the functions of `primitives.straight_lines`"""
        self.waiting: list[FunctionIR] = []
        """functions before `indexed` that were not lowered when the index was made"""

    def declares_outside(self, name: str) -> bool:
        """Tell whether any function of the file assigns to this name of an enclosing scope."""
        if self.outside is None:
            found = [names for form in OUTER_NAMES.values() for names in form.regex.findall(self.ir.text)]
            self.outside = frozenset(part.strip() for names in found for part in names.replace("\\", ",").split(","))
        return name in self.outside

    def unindexed(self) -> list[FunctionIR]:
        """Return the functions whose stores are not in the index: new ones, and those that were lowered after the index was made."""
        functions = self.ir.functions
        fresh = self.waiting + functions[self.indexed :]
        self.indexed = len(functions)
        return fresh

    def frame(self, index: int) -> Frame:
        """Return the open frame of a function. It is the same object every time, so that its results are kept."""
        found = self.open_frames.get(index)
        if found is None:
            ir = self.ir.functions[index]
            parent = self.frame(ir.parent) if ir.parent >= 0 else None
            found = self.open_frames[index] = Frame(self, ir, None, parent, None, 0)
        return found

    def constant(self, name: str, at: At) -> Const:
        """Return the one term of a name that is handed to a function of the file."""
        return self.constants.setdefault(name, Const(name, at))

    def place(self, at: At) -> Place:
        """Turn a span of this file into a place."""
        return Place(self.path, *at)


class Frame:
    """One activation. `bindings` is None for the open frame; `call` is the place of the call that made it."""

    __slots__ = (
        "_call_frames",
        "_contexts",
        "_iterations",
        "_lazies",
        "_synthetic_calls",
        "_written",
        "bindings",
        "call",
        "caller",
        "depth",
        "file",
        "ir",
        "iteration_bindings",
        "loop_parent",
        "memo",
        "origin",
        "parent",
        "receiver",
        "recomputed",
    )

    def __init__(
        self,
        file: FileState,
        ir: FunctionIR,
        bindings: dict[str, Lazy] | None,
        parent: Frame | None,
        caller: Frame | None,
        depth: int,
        call: At | None = None,
    ) -> None:
        self.file = file
        self.ir = ir
        self.bindings = bindings
        self.parent = parent
        self.caller = caller
        self.depth = depth
        self.call = call
        self.memo: dict[int, tuple[Objects, frozenset[Frame]]] = {}
        self.origin: tuple[Function, Call, Partial | None] | None = None
        """for a bound frame: the function, call and partial it represents"""
        self.receiver: Objects | None = None
        """for a frame of a context: the object that the method runs on; all other parameters ask the callers"""
        self.iteration_bindings: dict[int, Lazy] | None = None
        self.loop_parent: Frame | None = None
        """for one iteration of a loop: the frame it was made from"""
        self.recomputed = NOTHING_RECOMPUTED
        """for one iteration of a loop: the definitions that depend on its element; all others are those of `loop_parent`"""
        self._iterations: dict[object, Frame] | None = None
        self._contexts: dict[object, Frame] | None = None
        self._call_frames: dict[tuple[object, int, int], Frame] | None = None
        self._lazies: dict[object, Lazy] | None = None
        self._synthetic_calls: dict[object, Call] | None = None
        self._written: dict[object, AnyTerm] | None = None
        """tables that most frames never need: made on first use"""

    @property
    def iterations(self) -> dict[object, Frame]:
        """Frames of single iterations of loops."""
        if self._iterations is None:
            self._iterations = {}
        return self._iterations

    @property
    def contexts(self) -> dict[object, Frame]:
        """Frames of this function for single objects or closures that it belongs to."""
        if self._contexts is None:
            self._contexts = {}
        return self._contexts

    @property
    def call_frames(self) -> dict[tuple[object, int, int], Frame]:
        """Frames of the calls in this function."""
        if self._call_frames is None:
            self._call_frames = {}
        return self._call_frames

    @property
    def lazies(self) -> dict[object, Lazy]:
        """Lazy values of the terms in containers and arguments."""
        if self._lazies is None:
            self._lazies = {}
        return self._lazies

    @property
    def synthetic_calls(self) -> dict[object, Call]:
        """Calls that represent properties, operators and protocol methods."""
        if self._synthetic_calls is None:
            self._synthetic_calls = {}
        return self._synthetic_calls

    def written(self, key: object, term: AnyTerm) -> AnyTerm:
        """Return the term for one that the source does not spell, such as a template with its values: the first under a key."""
        if self._written is None:
            self._written = {}
        return self._written.setdefault(key, term)

    def lazy(self, term: AnyTerm) -> Lazy:
        """Return the one lazy value of a term in this frame, so that it is evaluated once, in all containers that hold it."""
        found = self.lazies.get(id(term))
        if found is None:
            found = self.lazies[id(term)] = Lazy(term, self)
        return found

    def synthetic_call(self, base: AnyTerm, args: tuple[AnyTerm, ...], at: At) -> Call:
        """Return the one call that represents a property, an operator or a protocol method at a place.

        Results are kept by the identity of terms, so a new call object would be computed again.
        """
        key = (id(base) if not isinstance(base, Const) else 0, tuple(map(id, args)), at)
        found = self.synthetic_calls.get(key)
        if found is None:
            found = self.synthetic_calls[key] = Call(base, args, (), at)
        return found

    def element(self, base: AnyTerm, at: At) -> Lazy:
        """Return the one lazy value of an element of an iterable."""
        key = ("element", id(base))
        found = self.lazies.get(key)
        if found is None:
            found = self.lazies[key] = Lazy(Iterate(base, at), self)
        return found

    def entry(self, base: AnyTerm, key: str) -> Lazy:
        """Return the one lazy value of a mapping under a constant key."""
        known = ("entry", id(base), key)
        found = self.lazies.get(known)
        if found is None:
            found = self.lazies[known] = Lazy(Item(base, Const(key, base.at), base.at), self)
        return found

    def context(self, key: object, parent: Frame | None) -> Frame:
        """Return the one frame of this function in a context: its receiver or closure is known, its parameters still ask the callers."""
        found = self.contexts.get(key)
        if found is None:
            found = self.contexts[key] = Frame(self.file, self.ir, None, parent, None, 0)
        return found

    def place(self, at: At) -> Place:
        """Turn a span of this frame's file into a place."""
        return Place(self.file.path, *at)


def frame_inside(scope: Frame, owner: int) -> Frame:
    """Return the open frame of a function inside of this activation of an enclosing one: its free variables are the names of
    that function.
    """
    if scope.bindings is None:
        return scope.file.frame(owner)
    key = ("inside", owner, 0)
    found = scope.call_frames.get(key)
    if found is None:
        ir = scope.file.ir.functions[owner]
        parent = scope if ir.parent == scope.ir.index else frame_inside(scope, ir.parent)
        found = scope.call_frames[key] = Frame(scope.file, ir, None, parent, None, scope.depth + 1)
    return found
