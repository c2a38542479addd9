"""FileFacts: all that stage 1 says about one file.

Facts are frozen and made of plain data, so that they can be cached, compared and sent to another process; whatever
needs a second file is left to the linker.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.facts.terms import AnyTerm, At


class Flag:
    """How a definition stands in the source. Rules about misuse ask for it."""

    NONE = 0
    BARE = 1
    """the call is a whole expression statement: its result is thrown away"""
    LOOP = 2
    """inside a loop or a comprehension"""
    DECORATOR = 4
    """the call is a decorator"""
    WITH = 8
    """the call is the context expression of `with`"""
    TRY = 16
    """inside a `try` body that has handlers"""
    HANDLER = 32
    """inside an `except` handler"""
    PHI = 64
    """several definitions meet here; no assignment stands at this place"""
    AWAIT = 128
    """the call is awaited"""


class Def(Struct, frozen=True, array_like=True, gc=False):
    """One definition in single assignment form: a name or a call with the term it stands for.

    A trace shows the named ones as steps.
    """

    name: str
    term: AnyTerm
    at: At
    flags: int = 0


class ParamFact(Struct, frozen=True, array_like=True, gc=False):
    """One parameter. `kind` is `pos`, `both`, `star`, `key` or `dstar`, as in `inspect`."""

    name: str
    kind: str
    default: AnyTerm | None
    annotation: AnyTerm | None
    at: At


class Store(Struct, frozen=True, array_like=True, gc=False):
    """A value stored outside local names: `base.name = value`, `base[key] = value`, a `global`, or a method that
    changes a container in place. Attributes of classes and containers of metrics are found through these."""

    how: str
    """`attr`, `item`, `global`, `grow`, `merge`"""
    base: AnyTerm
    name: str
    key: AnyTerm | None
    value: AnyTerm
    at: At


class FunctionFact(Struct, frozen=True, array_like=True, gc=False):
    """A function, lambda, class body or module body, lowered.

    `kind` says which. `defs` is the body in single assignment form; `names` maps every local name to the definitions
    an inner function may see; `exits` maps names to the definition that holds at the end (modules, class bodies).
    """

    index: int
    kind: str
    name: str
    qualname: str
    parent: int
    owner: int
    """index of the class whose method this is, or -1"""
    params: tuple[ParamFact, ...]
    decorators: tuple[AnyTerm, ...]
    """terms in the scope of `parent`"""
    annotation: AnyTerm | None
    is_async: bool
    defs: tuple[Def, ...]
    names: dict[str, tuple[int, ...]]
    exits: dict[str, int]
    returns: tuple[AnyTerm, ...]
    guards: tuple[tuple[int, ...], ...]
    """for each return, the tested definitions that hold there: where one of them has no value, nobody returns"""
    yields: tuple[AnyTerm, ...]
    stores: tuple[Store, ...]
    annotations: dict[str, AnyTerm]
    """`name: T` and `self.name: T` of this body; for class bodies in order: the fields of a dataclass"""
    doc: str
    at: At
    """span of the header's name"""
    end_line: int


class ClassFact(Struct, frozen=True, array_like=True, gc=False):
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
    """A comment that speaks to cardlint. `first` and `last` are the logical line it belongs to."""

    text: str
    line: int
    column: int
    first: int
    last: int


class FileFacts(Struct, frozen=True, array_like=True, gc=False):
    """All facts of one file. `functions[0]` is the module body; `error` is set when the file cannot be read.

    `calls` maps the last name of a callee to the (function, definition) pairs that call it, which is how callers are
    found without walking terms; `refs` does the same for attribute stores and bare references to functions.
    """

    path: str
    functions: tuple[FunctionFact, ...]
    classes: tuple[ClassFact, ...]
    calls: dict[str, tuple[tuple[int, int], ...]]
    comments: tuple[Comment, ...]
    star_imports: tuple[str, ...]
    error: str = ""
    error_at: At = (1, 1, 1, 1)
    rewritten: str = ""
    """the Python version whose grammar was rewritten so that this interpreter could read the file"""
