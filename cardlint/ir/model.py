"""ModuleIR: the lowered form of one file.

It is frozen data about one file alone; the inference resolves references to other files. The only change to it is that
bodies are lowered on demand, which does not change their content.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, Literal, Protocol

from msgspec import Struct

from cardlint.ir.terms import AnyTerm, At

FunctionKind = Literal["module", "class", "function", "lambda"]
ParameterKind = Literal["pos", "both", "star", "key", "dstar"]
"""By position alone, by both, the rest of the positions, by keyword alone, the rest of the keywords; as in `inspect`."""
StoreHow = Literal["attr", "item", "global", "grow", "merge", "drop", "move"]
"""`base.name = value`, `base[key] = value`, a name of the module, an element added to a collection, a mapping merged into another, an
element removed, elements put into another order."""


class Flag:
    """The syntactic position of a definition, for rules about misuse."""

    NONE: Final = 0
    BARE: Final = 1
    """the call is a whole expression statement: its result is not used"""
    LOOP: Final = 2
    """inside a loop or a comprehension"""
    DECORATOR: Final = 4
    """the call is a decorator"""
    WITH: Final = 8
    """the call is the context expression of `with`"""
    TRY: Final = 16
    """inside a `try` body that has handlers"""
    HANDLER: Final = 32
    """inside an `except` handler"""
    PHI: Final = 64
    """a phi: several definitions meet here, without an assignment at this place"""
    AWAIT: Final = 128
    """the call is awaited"""


class Definition(Struct, frozen=True, array_like=True, gc=False):
    """One definition in SSA form: a name or a call, with its term.

    A trace shows the named ones as steps.
    """

    name: str
    term: AnyTerm
    at: At
    flags: int = 0


class ParameterIR(Struct, frozen=True, array_like=True, gc=False):
    """One parameter."""

    name: str
    kind: ParameterKind
    default: AnyTerm | None
    annotation: AnyTerm | None
    at: At


class Store(Struct, frozen=True, array_like=True, gc=False):
    """A store outside of local names: `base.name = value`, `base[key] = value`, a `global`, or a method that
    changes a container in place. The inference finds attributes of classes and containers of metrics by these records."""

    how: StoreHow
    base: AnyTerm
    name: str
    key: AnyTerm | None
    value: AnyTerm
    at: At


class BodyIR(Struct, frozen=True, array_like=True, gc=False):
    """The lowered body of a function. It is separate from the header because most bodies are never lowered.

    `defs` is the body in SSA form; `names` maps every local name to the definitions that an inner function may see; `exits`
    maps names to the definition that reaches the end (modules, class bodies).
    """

    defs: tuple[Definition, ...]
    names: dict[str, tuple[int, ...]]
    exits: dict[str, int]
    returns: tuple[AnyTerm, ...]
    guards: tuple[tuple[int, ...], ...]
    """for each return, the tested definitions that hold there: the return is unreachable if one of them is bottom"""
    yields: tuple[AnyTerm, ...]
    stores: tuple[Store, ...]
    annotations: dict[str, AnyTerm]
    """`name: T` and `self.name: T` of this body; for class bodies in order: the fields of a dataclass"""
    conditions: dict[int, tuple[int, ...]]
    """for a definition guarded by tests of parameters against constants, the tested definitions: it is unreachable if one of
    them is bottom
    """
    swallows: bool
    """whether an exception at a `yield` ends in a handler that comes back: what a context manager does that swallows it"""


BODY_FIELDS = BodyIR.__struct_fields__


class FunctionIR:
    """A function, lambda, class body or module body; `kind` says which. The parts of `BodyIR` are lowered on demand.

    Functions are compared by identity: the same function of the same file is one object.
    """

    __slots__ = (
        "annotation",
        "annotations",
        "at",
        "conditions",
        "decorators",
        "defs",
        "exits",
        "guards",
        "index",
        "is_async",
        "kind",
        "name",
        "names",
        "owner",
        "params",
        "parent",
        "qualname",
        "resting",
        "returns",
        "reveal",
        "seen",
        "stores",
        "swallows",
        "users",
        "yields",
    )  # fmt: skip

    defs: tuple[Definition, ...]
    names: dict[str, tuple[int, ...]]
    exits: dict[str, int]
    returns: tuple[AnyTerm, ...]
    guards: tuple[tuple[int, ...], ...]
    yields: tuple[AnyTerm, ...]
    stores: tuple[Store, ...]
    annotations: dict[str, AnyTerm]
    conditions: dict[int, tuple[int, ...]]
    swallows: bool

    def __init__(
        self,
        index: int,
        kind: FunctionKind,
        name: str,
        qualname: str,
        parent: int,
        owner: int,
        params: tuple[ParameterIR, ...] = (),
        decorators: tuple[AnyTerm, ...] = (),
        annotation: AnyTerm | None = None,
        is_async: bool = False,
        at: At = (1, 1, 1, 1),
        seen: dict[str, int] | None = None,
        reveal: Callable[[FunctionIR], BodyIR] | None = None,
    ) -> None:
        self.index = index
        self.kind = kind
        self.name = name
        self.qualname = qualname
        self.parent = parent
        self.owner = owner
        """index of the class that the method belongs to, or -1"""
        self.params = params
        self.decorators = decorators
        """terms in the scope of `parent`"""
        self.annotation = annotation
        self.is_async = is_async
        self.at = at
        """span of the header's name"""
        self.seen = seen
        """for a nested function: the reaching definition of each name of the enclosing function at the `def`; the key ''
        holds the number of definitions so far
        """
        self.reveal = reveal
        """lowers the body; None after that"""
        self.users: dict[int, list[int]] | None = None
        """for each definition the definitions that refer to it, computed at the first question"""
        self.resting: dict[frozenset[int], frozenset[int]] = {}
        """dependents of sets of definitions, kept for repeated questions"""

    def fill(self, body: BodyIR) -> None:
        """Add a lowered body."""
        self.reveal = None
        for name in BODY_FIELDS:
            setattr(self, name, getattr(body, name))

    def __getattr__(self, name: str) -> Any:
        """Lower the body at the first access to one of its parts: until then those slots are empty."""
        if name in BODY_FIELDS and self.reveal is not None:
            self.fill(self.reveal(self))
            return getattr(self, name)
        raise AttributeError(name)

    def with_params(self, params: tuple[ParameterIR, ...]) -> FunctionIR:
        """Return a copy with other parameters and the same body: a frame for arguments without a written call."""
        made = FunctionIR(self.index, self.kind, self.name, self.qualname, self.parent, self.owner, params, at=self.at)
        made.fill(BodyIR(*(getattr(self, name) for name in BODY_FIELDS)))
        return made


class ClassIR(Struct, frozen=True, array_like=True, gc=False):
    """A class: bases, keywords and decorators in the scope of `parent`, methods by name, body by index."""

    index: int
    name: str
    qualname: str
    parent: int
    bases: tuple[AnyTerm, ...]
    keywords: tuple[tuple[str, AnyTerm], ...]
    decorators: tuple[AnyTerm, ...]
    methods: dict[str, int]
    body: int
    at: At


class Comment(Struct, frozen=True, array_like=True, gc=False):
    """A comment for cardlint. `first` and `last` are the logical line it belongs to."""

    text: str
    line: int
    column: int
    first: int
    last: int


class Source(Protocol):
    """The interface of a file's lowering."""

    seconds: float
    fault: tuple[str, str]
    """the message about a fault of cardlint in a body"""
    """seconds spent on lowering since the file was read"""

    def reveal(self, wanted: str | re.Pattern[str], form: str, also: re.Pattern[str] | None) -> None:
        """Lower every body that is not lowered yet and whose text matches."""
        ...


class SourceText:
    """The text of a file, kept as the bytes that the run holds and decoded on demand.

    Python takes up to four bytes for every letter of a text with one wide character. A search for names reads one file many
    times in a row, so the last text stays decoded.
    """

    __slots__ = ("raw",)
    last: ClassVar[tuple[SourceText | None, str]] = (None, "")

    def __init__(self, text: str, data: bytes | memoryview = b"") -> None:
        raw = text.encode("utf-8", "surrogatepass")
        self.raw: bytes | memoryview = data if data == raw else raw

    def __str__(self) -> str:
        known, text = SourceText.last
        if known is not self:
            text = str(self.raw, "utf-8", "surrogatepass")
            SourceText.last = (self, text)
        return text


NO_FAULT = ("", "")


class ModuleIR:
    """The lowered form of one file. `functions[0]` is the module body; `error` is set when the file cannot be read.

    Bodies of functions are lowered on demand, by index or by a pattern of their text. A search for calls or stores by name
    goes through this class, so that no body with that name stays unlowered.
    """

    __slots__ = (
        "_calls",
        "calls",
        "classes",
        "comments",
        "error",
        "error_at",
        "fault",
        "functions",
        "path",
        "rewritten",
        "source",
        "written",
    )

    def __init__(
        self,
        path: str,
        functions: list[FunctionIR],
        classes: list[ClassIR],
        calls: dict[str, list[tuple[int, int]]],
        comments: tuple[Comment, ...] = (),
        written: SourceText | None = None,
        source: Source | None = None,
        error: str = "",
        error_at: At = (1, 1, 1, 1),
        rewritten: str = "",
    ) -> None:
        self.path = path
        self.functions = functions
        self.classes = classes
        self.calls = calls
        """the (function, definition) pairs of the lowered bodies, by the last name of the callee"""
        self.comments = comments
        self.written = written
        self.source = source
        self.error = error
        self.error_at = error_at
        self.rewritten = rewritten
        """the Python version whose grammar was rewritten so that this interpreter could read the file"""
        self.fault = NO_FAULT
        """the message and the place of a fault of cardlint while it read the file"""
        self._calls: dict[str, tuple[tuple[int, int], ...]] = {}

    @property
    def text(self) -> str:
        """The text of the file, '' for one that cannot be read."""
        return str(self.written) if self.written is not None else ""

    def reveal(self, wanted: str | re.Pattern[str], form: str = "", also: re.Pattern[str] | None = None) -> None:
        """Lower the bodies whose text writes a name in a form or matches a pattern, and matches another one where it is given.

        Forms of a name are `call`, `store` (an attribute that may be assigned to there) and '' for any.
        """
        if self.source is not None:
            self.source.reveal(wanted, form, also)

    def faults(self) -> tuple[str, str]:
        """Return the message about a fault of cardlint, in the file as a whole or in a body that was lowered later."""
        return self.fault if self.fault != NO_FAULT or self.source is None else self.source.fault

    def lowered_calls(self, name: str) -> list[tuple[int, int]]:
        """List the calls of a name in the lowered bodies, for a search that has just lowered the bodies it needs."""
        functions = self.functions
        return sorted(self.calls.get(name, ()), key=lambda place: functions[place[0]].defs[place[1]].at)

    def calls_named(self, name: str) -> tuple[tuple[int, int], ...]:
        """List the (function, definition) pairs that call something whose last name is this, in order of the source."""
        found = self._calls.get(name)
        if found is None:
            self.reveal(name, "call")
            found = self._calls[name] = tuple(self.lowered_calls(name))
        return found


def unreadable(path: str, message: str, at: At = (1, 1, 1, 1)) -> ModuleIR:
    """Build the module of a file that cannot be analysed, with the reason."""
    return ModuleIR(path, [], [], {}, error=message, error_at=at)
