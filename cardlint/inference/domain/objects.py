"""Abstract objects: what an expression can be, before it becomes the text of a label.

Evaluation yields alternatives, a tuple of these; an empty tuple is bottom, the code is not reached. Scalars are value sets
of the lattice. Everything that has attributes or items, or can be called, is one of the objects below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.value_sets import ValueSet

if TYPE_CHECKING:
    from cardlint.findings import Place
    from cardlint.inference.domain.frames import FileState, Frame
    from cardlint.inference.domain.lazy import Lazy
    from cardlint.inference.domain.metric_info import MetricInfo
    from cardlint.inference.domain.trace import Trace
    from cardlint.ir.model import ClassIR, FunctionIR
    from cardlint.ir.terms import AnyTerm, Call
    from cardlint.knowledge.clients.schema import View


class Module:
    """A module of the analysed code."""

    __slots__ = ("file",)

    def __init__(self, file: FileState) -> None:
        self.file = file

    def ident(self) -> object:
        """Return the identity of this alternative: two equal ones are joined to one."""
        return (Module, self.file.path)


class Package:
    """A folder of the analysed code without `__init__.py`, which is a package all the same. It may be spread over several folders."""

    __slots__ = ("folders", "name")

    def __init__(self, name: str, folders: tuple[str, ...]) -> None:
        self.name = name
        self.folders = folders

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (Package, self.name, self.folders)


class Namespace:
    """The names of an analysed module as a dictionary: `globals()`, `vars(module)`, `module.__dict__`."""

    __slots__ = ("file",)

    def __init__(self, file: FileState) -> None:
        self.file = file

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (Namespace, self.file.path)


class LibraryPath:
    """An object of a library, as a path: qualified name plus the accesses made since (`uuid.uuid4().hex`).

    `trace` starts at the last access, which is the origin of the value if a row says so.
    """

    __slots__ = ("guess", "once", "path", "table", "trace")

    def __init__(
        self,
        path: str,
        trace: Trace | None = None,
        guess: ValueSet | None = None,
        table: ClassObject | None = None,
        once: Place | None = None,
    ) -> None:
        self.path = path
        self.trace = trace
        self.guess = guess
        """the guess by the names of the last access, for a path without a row"""
        self.table = table
        """the class of the program whose rows a query is for"""
        self.once = once
        """the place that binds what a process makes once; what is read out of it may be many"""

    def __eq__(self, other: object) -> bool:
        return type(other) is LibraryPath and other.path == self.path and other.table == self.table and other.once == self.once

    def __hash__(self) -> int:
        return hash(self.path)

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return self.path if self.table is None and self.once is None else (self.path, self.table and self.table.ident(), self.once)


class Function:
    """A function of the analysed code; `bound` is the receiver of a bound method, `closure` the frame it was made in."""

    __slots__ = ("bare", "bound", "closure", "file", "ir")

    def __init__(self, file: FileState, ir: FunctionIR, bound: Objects | None, closure: Frame | None, bare: bool = False) -> None:
        self.file = file
        self.ir = ir
        self.bound = bound
        self.closure = closure
        self.bare = bare
        """without its decorators, as the wrapper of a decorator calls it"""

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (Function, id(self.ir), id(self.closure))


class ClassObject:
    """A class of the analysed code."""

    __slots__ = ("file", "ir")

    def __init__(self, file: FileState, ir: ClassIR) -> None:
        self.file = file
        self.ir = ir

    def __eq__(self, other: object) -> bool:
        return type(other) is ClassObject and other.ir is self.ir

    def __hash__(self) -> int:
        return id(self.ir)

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (ClassObject, id(self.ir))


class Instance:
    """An instance of a class of the analysed code. `site` is the call that made it and its frame, when one is known.

    `client_data` is set for one that a framework makes of a client's request: its fields hold data of the request.
    """

    __slots__ = ("client_data", "cls", "site")

    def __init__(self, cls: ClassObject, site: tuple[Call, Frame] | None, client_data: ValueSet | None = None) -> None:
        self.cls = cls
        self.site = site
        self.client_data = client_data

    def ident(self) -> object:
        """Return the identity of this alternative."""
        made = (id(self.site[0]), id(self.site[1])) if self.site else None
        return (Instance, id(self.cls.ir), made, self.client_data is not None)


class EnumMember:
    """A member of an Enum of the analysed code; `name` is None for any of them."""

    __slots__ = ("cls", "name")

    def __init__(self, cls: ClassObject, name: str | None) -> None:
        self.cls = cls
        self.name = name

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (EnumMember, id(self.cls.ir), self.name)


class TypeOfObject:
    """`type(x)`: only its name is ever a label."""

    __slots__ = ("of",)

    def __init__(self, of: Objects) -> None:
        self.of = of

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return id(self)


class MetricObject:
    """A metric, or a part of one: child, timer, family."""

    __slots__ = ("info", "view")

    def __init__(self, info: MetricInfo, view: View) -> None:
        self.info = info
        self.view = view

    def __eq__(self, other: object) -> bool:
        return type(other) is MetricObject and other.info is self.info and other.view == self.view

    def __hash__(self) -> int:
        return id(self.info)

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (MetricObject, id(self.info), self.view)


class Method:
    """A method of a scalar, container or metric, not yet called."""

    __slots__ = ("name", "of")

    def __init__(self, of: Object, name: str) -> None:
        self.of = of
        self.name = name

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (Method, self.name, self.of.ident())


class Partial:
    """`functools.partial(func, ...)`."""

    __slots__ = ("args", "func", "kwargs")

    def __init__(self, func: Objects, args: tuple[Lazy, ...], kwargs: tuple[tuple[str, Lazy], ...]) -> None:
        self.func = func
        self.args = args
        self.kwargs = kwargs

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return id(self)


class Super:
    """`super()`: attribute look-up that starts after a class in the method resolution order."""

    __slots__ = ("bound", "cls")

    def __init__(self, cls: ClassObject, bound: Objects) -> None:
        self.cls = cls
        self.bound = bound

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return id(self)


class AttributeBag:
    """An object with only some attributes known, such as a `dataclasses.Field`; those of a `SimpleNamespace` may be stored anew."""

    __slots__ = ("attributes", "changeable")

    def __init__(self, attributes: dict[str, Objects], changeable: bool = False) -> None:
        self.attributes = attributes
        self.changeable = changeable

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return id(self)


class TypeExpr:
    """A type expression bound to a name: `Mode = Literal["a", "b"]`."""

    __slots__ = ("frame", "term")

    def __init__(self, term: AnyTerm, frame: Frame) -> None:
        self.term = term
        self.frame = frame

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return id(self)


class OpaqueCallable:
    """A value declared as `Callable[..., T]`: only the type of its result is known."""

    __slots__ = ("frame", "term")

    def __init__(self, term: AnyTerm, frame: Frame) -> None:
        self.term = term
        self.frame = frame

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (OpaqueCallable, id(self.term))


class ContextVariable:
    """A `ContextVar`: it holds the values of every `set` in the program."""

    __slots__ = ("frame", "term")

    def __init__(self, term: Call, frame: Frame) -> None:
        self.term = term
        self.frame = frame

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return id(self)


class Regex:
    """A compiled regular expression, or, with the `method` that found it, a match of one in `text`.

    `pattern` is None where it is not known, or where flags change what it means.
    """

    __slots__ = ("method", "pattern", "text")

    def __init__(self, pattern: str | None, method: str = "", text: Lazy | None = None) -> None:
        self.pattern = pattern
        self.method = method
        self.text = text

    def __eq__(self, other: object) -> bool:
        return type(other) is Regex and (other.pattern, other.method, other.text) == (self.pattern, self.method, self.text)

    def __hash__(self) -> int:
        return hash((self.pattern, self.method, self.text))

    def ident(self) -> object:
        """Return the identity of this alternative."""
        return (Regex, self.pattern, self.method, self.text.ident() if self.text is not None else None)


Object: TypeAlias = (
    AttributeBag
    | Regex
    | TypeExpr
    | OpaqueCallable
    | ContextVariable
    | ValueSet
    | Module
    | Package
    | Namespace
    | LibraryPath
    | Function
    | ClassObject
    | Instance
    | EnumMember
    | TypeOfObject
    | MetricObject
    | Mapping
    | Sequence
    | Method
    | Partial
    | Super
)
Objects: TypeAlias = tuple[Object, ...]

BOTTOM: Objects = ()
