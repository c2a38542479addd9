"""Abstract objects: what an expression can be, before it becomes the text of a label.

Evaluation yields alternatives, a tuple of these; an empty tuple means that nothing gets here. Scalars are `Value`s
of the lattice, everything that has attributes, items or can be called is one of the objects below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from cardlint.facts.model import ClassFact, FunctionFact
from cardlint.facts.terms import AnyTerm, Call, Scalar
from cardlint.link import limits
from cardlint.link.values import Trail, Value, join, unknown

if TYPE_CHECKING:
    from cardlint.link.frames import FileState, Frame
    from cardlint.link.metrics import MetricInfo


NOTHING_RESTED_ON: frozenset[Frame] = frozenset()
"""What most results rest on; one for all of them, as every `frozenset()` is a new one."""
NO_KEYS: frozenset[Scalar] = frozenset()


class Thunk:
    """A term waiting in its frame, or alternatives that are known already. Arguments are passed as these, because
    most of them are never asked for."""

    __slots__ = ("deps", "done", "frame", "term")

    def __init__(self, term: AnyTerm | None, frame: Frame | None, done: Alts | None = None) -> None:
        self.term = term
        self.frame = frame
        self.done = done
        self.deps = NOTHING_RESTED_ON

    def ident(self) -> object:
        """Return what makes two thunks the same: the place in the program, or the value when it is known already.

        Frames hand out one thunk for one term, so identity is enough for those that wait.
        """
        if self.term is None and self.done is not None and len(self.done) == 1:
            return self.done[0].ident()
        return id(self)


def distinct(thunks: tuple[Thunk, ...]) -> tuple[Thunk, ...]:
    """Drop repeated thunks: a container that grows in a loop stops growing."""
    if len(thunks) < 2:
        return thunks
    return tuple({t.ident(): t for t in thunks}.values())


class Module:
    """A module of the analysed tree."""

    __slots__ = ("file",)

    def __init__(self, file: FileState) -> None:
        self.file = file

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Module, self.file.path)


class Package:
    """A folder of the tree without `__init__.py`, or a module whose parts are looked up by dotted name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return id(self)


class Ext:
    """Something of a library, as a path: qualified name plus the accesses made since (`uuid.uuid4().hex`).

    `trail` starts at the last access, which is where a value is born if a row says so.
    """

    __slots__ = ("guess", "path", "trail")

    def __init__(self, path: str, trail: Trail | None = None, guess: Value | None = None) -> None:
        self.path = path
        self.trail = trail
        self.guess = guess
        """what the names at the last access say, where no row does"""

    def __eq__(self, other: object) -> bool:
        return type(other) is Ext and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return self.path


class Function:
    """A function of the tree; `bound` is the receiver of a bound method, `closure` the frame it was made in."""

    __slots__ = ("bare", "bound", "closure", "fact", "file")

    def __init__(self, file: FileState, fact: FunctionFact, bound: Alts | None, closure: Frame | None, bare: bool = False) -> None:
        self.file = file
        self.fact = fact
        self.bound = bound
        self.closure = closure
        self.bare = bare
        """without its decorators, as the wrapper a decorator returns sees it"""

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Function, id(self.fact), id(self.closure))


class Cls:
    """A class of the tree."""

    __slots__ = ("fact", "file")

    def __init__(self, file: FileState, fact: ClassFact) -> None:
        self.file = file
        self.fact = fact

    def __eq__(self, other: object) -> bool:
        return type(other) is Cls and other.fact is self.fact

    def __hash__(self) -> int:
        return id(self.fact)

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Cls, id(self.fact))


class Instance:
    """An instance of a class of the tree. `made` is the call that made it and its frame, when one is known.

    `sent` is set for one that a framework makes of what a client sends: its fields hold that.
    """

    __slots__ = ("cls", "made", "sent")

    def __init__(self, cls: Cls, made: tuple[Call, Frame] | None, sent: Value | None = None) -> None:
        self.cls = cls
        self.made = made
        self.sent = sent

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Instance, id(self.cls.fact), (self.made[0].at, self.made[1].file.path) if self.made else None, self.sent is not None)


class Member:
    """A member of an Enum of the tree; `name` is None for any of them."""

    __slots__ = ("cls", "name")

    def __init__(self, cls: Cls, name: str | None) -> None:
        self.cls = cls
        self.name = name

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Member, id(self.cls.fact), self.name)


class TypeOf:
    """`type(x)`: only its name is ever a label."""

    __slots__ = ("of",)

    def __init__(self, of: Alts) -> None:
        self.of = of

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return id(self)


class MetricObj:
    """A metric; `view` is `parent`, `child` (after `.labels`), `timer` or `family`."""

    __slots__ = ("info", "view")

    def __init__(self, info: MetricInfo, view: str) -> None:
        self.info = info
        self.view = view

    def __eq__(self, other: object) -> bool:
        return type(other) is MetricObj and other.info is self.info and other.view == self.view

    def __hash__(self) -> int:
        return id(self.info)

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (MetricObj, id(self.info), self.view)


class Mapping:
    """A dictionary: entries in order, a key of `ANY` for one that is not a constant. `open` means that further,
    unknown keys may be there; `optional` lists keys that may be missing."""

    __slots__ = ("entries", "index", "key", "open", "optional")

    def __init__(self, entries: tuple[tuple[Scalar | AnyKey, Thunk], ...], open_: bool, optional: frozenset[Scalar] = NO_KEYS) -> None:
        if len(entries) > 1:
            latest: dict[object, tuple[Scalar | AnyKey, Thunk]] = {}
            for entry in entries:
                ident = (_entry_key(entry[0]), entry[1].ident())
                latest.pop(ident, None)  # the same assignment again: it stands where it was made last
                latest[ident] = entry
            if len(latest) != len(entries):
                entries = tuple(latest.values())
        if len(entries) > MAX_ENTRIES:
            entries, open_ = entries[-MAX_ENTRIES:], True
        self.entries = entries
        self.open = open_
        self.optional = optional
        self.key: object = None
        self.index: tuple[dict[object, list[tuple[int, Thunk]]], list[tuple[int, AnyKey, Thunk]]] | None = None

    def under(self, key: Scalar) -> tuple[list[Thunk], list[tuple[AnyKey, Thunk]]]:
        """Return what may stand under a constant key: assignments to it that still count, and later ones under any key."""
        if self.index is None:
            by_key: dict[object, list[tuple[int, Thunk]]] = {}
            loose: list[tuple[int, AnyKey, Thunk]] = []
            for position, (k, thunk) in enumerate(self.entries):
                if isinstance(k, AnyKey):
                    loose.append((position, k, thunk))
                else:
                    by_key.setdefault((type(k), k), []).append((position, thunk))
            self.index = (by_key, loose)
        by_key, loose = self.index
        found = by_key.get((type(key), key), [])
        since = -1
        if found and key not in self.optional:
            found = found[-1:]
            since = found[0][0]
        return [t for _, t in reversed(found)], [
            (k, k.at(key, t)) for position, k, t in reversed(loose) if position > since and key not in k.apart
        ]

    def ident(self) -> object:
        """Return what makes two dictionaries the same alternative."""
        if self.key is None:
            entries = tuple((_entry_key(k), t.ident()) for k, t in self.entries[:64])
            self.key = _token((Mapping, self.open, entries, len(self.entries)))
        return self.key


MAX_ENTRIES = 4000
"""Entries kept of one dictionary; beyond it older ones are dropped and the dictionary counts as open."""


TOKENS: dict[object, object] = {}
"""What stands for long keys, for as long as one evaluator works."""


def _token(key: object) -> object:
    """Return something small that stands for a key: long ones would be hashed anew, item by item, wherever they are compared."""
    return TOKENS.setdefault(key, object())


def _entry_key(key: Scalar | AnyKey) -> object:
    if type(key) is str:
        return key
    if isinstance(key, AnyKey):
        return (AnyKey, key.keys.ident() if key.keys is not None else None)
    return (type(key), key)


class AnyKey:
    """The key of an entry whose key is not a constant. A class of its own, because None is a fine dictionary key."""

    __slots__ = ("apart", "keys", "made", "maker")

    def __init__(
        self, keys: Thunk | None = None, maker: Callable[[Scalar], Thunk] | None = None, apart: frozenset[Scalar] = NO_KEYS
    ) -> None:
        self.keys = keys
        self.apart = apart
        """keys it is none of: those written out beside it in one display"""
        self.maker = maker
        """gives what stands under one constant key: in `{k: table[k] for k in names}` each key has a value of its own"""
        self.made: dict[Scalar, Thunk] = {}

    def at(self, key: Scalar, otherwise: Thunk) -> Thunk:
        """Return what stands under one constant key, as far as the key decides it."""
        if self.maker is None:
            return otherwise
        if key not in self.made:
            self.made[key] = self.maker(key)
        return self.made[key]


class Sequence:
    """A list, tuple, set or generator. `items` are the known elements in order, `rest` what further elements are.

    `attributes` are those of a named tuple, and under `name()` what its methods give.
    """

    __slots__ = ("attributes", "items", "key", "kind", "rest", "size")

    def __init__(
        self,
        kind: str,
        items: tuple[Thunk, ...],
        rest: tuple[Thunk, ...] = (),
        size: int | None = None,
        attributes: dict[str, Thunk] | None = None,
    ) -> None:
        self.kind = kind
        if len(items) > limits.MAX_ITEMS:
            items, rest = (), (Thunk(None, None, (unknown(limits.MANY_ITEMS),)),)
        self.items = items
        self.rest = distinct(rest)
        self.size = size
        self.attributes = attributes
        self.key: object = None

    def ident(self) -> object:
        """Return what makes two sequences the same alternative."""
        if self.key is None:
            items = tuple(t.ident() for t in self.items[:64])
            self.key = _token((Sequence, self.kind, items, len(self.items), tuple(t.ident() for t in self.rest[:64])))
        return self.key


class Method:
    """A method of a scalar, container or metric, not yet called."""

    __slots__ = ("name", "of")

    def __init__(self, of: Obj, name: str) -> None:
        self.of = of
        self.name = name

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Method, self.name, self.of.ident())


class Partial:
    """`functools.partial(func, ...)`."""

    __slots__ = ("args", "func", "kwargs")

    def __init__(self, func: Alts, args: tuple[Thunk, ...], kwargs: tuple[tuple[str, Thunk], ...]) -> None:
        self.func = func
        self.args = args
        self.kwargs = kwargs

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return id(self)


class Super:
    """`super()`: attribute look-up that starts behind a class."""

    __slots__ = ("bound", "cls")

    def __init__(self, cls: Cls, bound: Alts) -> None:
        self.cls = cls
        self.bound = bound

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return id(self)


class Record:
    """An object of which only some attributes are known, such as a `dataclasses.Field`."""

    __slots__ = ("attributes",)

    def __init__(self, attributes: dict[str, Alts]) -> None:
        self.attributes = attributes

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return id(self)


class Hint:
    """A type expression kept under a name: `Mode = Literal["a", "b"]`."""

    __slots__ = ("frame", "term")

    def __init__(self, term: AnyTerm, frame: Frame) -> None:
        self.term = term
        self.frame = frame

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return id(self)


class Returning:
    """Something declared as `Callable[..., T]`: of what a call of it does, only the type of the result is known."""

    __slots__ = ("frame", "term")

    def __init__(self, term: AnyTerm, frame: Frame) -> None:
        self.term = term
        self.frame = frame

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Returning, id(self.term))


class Box:
    """A `ContextVar`: it holds whatever `set` puts into it anywhere in the tree."""

    __slots__ = ("frame", "term")

    def __init__(self, term: Call, frame: Frame) -> None:
        self.term = term
        self.frame = frame

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return id(self)


class Regex:
    """A compiled regular expression, or, with the `method` that found it, a match of one in `text`.

    `pattern` is None where it is not known, or where flags change what it means.
    """

    __slots__ = ("method", "pattern", "text")

    def __init__(self, pattern: str | None, method: str = "", text: Thunk | None = None) -> None:
        self.pattern = pattern
        self.method = method
        self.text = text

    def __eq__(self, other: object) -> bool:
        return type(other) is Regex and (other.pattern, other.method, other.text) == (self.pattern, self.method, self.text)

    def __hash__(self) -> int:
        return hash((self.pattern, self.method, self.text))

    def ident(self) -> object:
        """Return what makes two of these the same alternative."""
        return (Regex, self.pattern, self.method, self.text.ident() if self.text is not None else None)


Obj: TypeAlias = (
    Record
    | Regex
    | Hint
    | Returning
    | Box
    | Value
    | Module
    | Package
    | Ext
    | Function
    | Cls
    | Instance
    | Member
    | TypeOf
    | MetricObj
    | Mapping
    | Sequence
    | Method
    | Partial
    | Super
)
Alts: TypeAlias = tuple[Obj, ...]

NOTHING: Alts = ()
MAX_ALTERNATIVES = 16
"""Objects kept of one expression; what is more becomes Unknown. Metrics are kept: a helper may serve hundreds."""
MAX_METRICS = 400


def merge(groups: list[Alts]) -> Alts:
    """Join alternatives: objects side by side without repetition, scalars joined in the lattice."""
    if len(groups) == 1:
        return groups[0]
    objects: dict[object, Obj] = {}
    scalar: Value | None = None
    metrics = 0
    for group in groups:
        for obj in group:
            if type(obj) is Value:
                scalar = obj if scalar is None else join((scalar, obj))
                continue
            key = obj.ident()
            if key not in objects:
                objects[key] = obj
                metrics += type(obj) is MetricObj
    if len(objects) - metrics > CROWD or metrics > MAX_METRICS:
        objects, dropped = _thinned(objects)
        if dropped:
            named = [o.guess for o in dropped if isinstance(o, Ext) and o.guess is not None]
            guess = join(named) if len(named) == len(dropped) else None
            more = unknown(f"more than {MAX_ALTERNATIVES} different objects arrive here", guess=guess)
            scalar = more if scalar is None else join((scalar, more))
    if scalar is not None:
        return (*objects.values(), scalar)
    return tuple(objects.values())


CROWD = 4
"""Instances of one class, or dictionaries, above which they are taken together as one that can be any of them."""


def _thinned(objects: dict[object, Obj]) -> tuple[dict[object, Obj], list[Obj]]:
    """Take many alternatives together: instances by class, dictionaries as one with optional keys; cut off what is left."""
    classes: dict[int, int] = {}
    mappings: list[Mapping] = []
    for obj in objects.values():
        if isinstance(obj, Instance):
            classes[id(obj.cls.fact)] = classes.get(id(obj.cls.fact), 0) + 1
        elif isinstance(obj, Mapping):
            mappings.append(obj)
    out: dict[object, Obj] = {}
    others = metrics = 0
    dropped: list[Obj] = []
    for key, obj in objects.items():
        if isinstance(obj, Instance) and classes[id(obj.cls.fact)] > CROWD:
            key, obj = (Instance, id(obj.cls.fact), None), Instance(obj.cls, None)
        elif isinstance(obj, Mapping) and len(mappings) > CROWD:
            key, obj = Mapping, obj if Mapping in out else _together(mappings)
        if key in out:
            continue
        if type(obj) is MetricObj:
            metrics += 1
            if metrics > MAX_METRICS:
                dropped.append(obj)
                continue
        else:
            others += 1
            if others > MAX_ALTERNATIVES:
                dropped.append(obj)
                continue
        out[key] = obj
    return out, dropped


def _together(mappings: list[Mapping]) -> Mapping:
    keys = frozenset(k for m in mappings for k, _ in m.entries if not isinstance(k, AnyKey))
    return Mapping(tuple(e for m in mappings for e in m.entries), any(m.open for m in mappings), keys)
