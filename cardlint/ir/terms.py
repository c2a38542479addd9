"""Terms: symbolic expressions with their places.

The inference runs without the syntax tree, perhaps in another process, and reads terms instead. Inside one function they
form a list of definitions in SSA form. A term refers to another definition by `Use`, so that sharing costs nothing and
nesting stays shallow.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

At: TypeAlias = tuple[int, int, int, int]
"""A span: line, column, end line, end column. Lines and columns are 1-based, columns count characters, the end
is exclusive."""

Scalar: TypeAlias = str | int | float | bool | None


class Term(Struct, frozen=True, array_like=True, tag=True, gc=False):
    """Base of all terms, for signatures that accept any of them."""


class Const(Term, frozen=True, array_like=True, tag="k", gc=False):
    """A literal of the source. It is the origin of exact label values."""

    value: Scalar
    at: At


class Use(Term, frozen=True, array_like=True, tag="r", gc=False):
    """A use of the definition with this index in the same function: the meaning of a local name at this place."""

    index: int
    at: At


class FreeVar(Term, frozen=True, array_like=True, tag="o", gc=False):
    """A name of an enclosing function, of the module, or a builtin. The inference resolves it."""

    name: str
    at: At


class Param(Term, frozen=True, array_like=True, tag="p", gc=False):
    """A parameter of the function itself. Its value comes from callers, annotation, default or framework."""

    name: str
    at: At


class Import(Term, frozen=True, array_like=True, tag="i", gc=False):
    """The value of an import statement: a module, or a name of it. Leading dots mean a relative import."""

    module: str
    name: str
    at: At


class Attr(Term, frozen=True, array_like=True, tag="a", gc=False):
    """`base.name`: a metric, a field of a request, a method."""

    base: AnyTerm
    name: str
    at: At


class Item(Term, frozen=True, array_like=True, tag="x", gc=False):
    """`base[key]`, also one position of an unpacked tuple."""

    base: AnyTerm
    key: AnyTerm
    at: At


class Slice(Term, frozen=True, array_like=True, tag="s", gc=False):
    """`base[start:stop]`. It differs from `Item`: a slice of a text has the class of the text."""

    base: AnyTerm
    start: AnyTerm | None
    stop: AnyTerm | None
    at: At
    step: AnyTerm | None = None


class Iterate(Term, frozen=True, array_like=True, tag="e", gc=False):
    """One element of an iterable: the target of `for` and of comprehensions."""

    base: AnyTerm
    at: At


class EnterContext(Term, frozen=True, array_like=True, tag="w", gc=False):
    """The target of `with base as name`: the context manager decides its value."""

    base: AnyTerm
    at: At


class Star(Term, frozen=True, array_like=True, tag="*", gc=False):
    """`*base` inside a call or a sequence display."""

    base: AnyTerm
    at: At


class Call(Term, frozen=True, array_like=True, tag="c", gc=False):
    """A call. Keyword name `""` means `**mapping`. Every call is its own definition."""

    func: AnyTerm
    args: tuple[AnyTerm, ...]
    kwargs: tuple[tuple[str, AnyTerm], ...]
    at: At


class Text(Term, frozen=True, array_like=True, tag="t", gc=False):
    """Text built from parts: f-string, `%`, `.format`. Its values are the product of the parts' values."""

    parts: tuple[AnyTerm, ...]
    at: At


class Op(Term, frozen=True, array_like=True, tag="b", gc=False):
    """An operator other than `and`, `or` and conditional expressions: arithmetic by its sign, `not`, `cmp` for comparisons,
    `repr`/`str` for conversions inside f-strings.
    """

    op: str
    args: tuple[AnyTerm, ...]
    at: At


class Choice(Term, frozen=True, array_like=True, tag="|", gc=False):
    """A choice between several terms: a phi, conditional expressions, `or`."""

    options: tuple[AnyTerm, ...]
    at: At


class Dict(Term, frozen=True, array_like=True, tag="d", gc=False):
    """A dictionary display; a key of None is `**mapping`."""

    entries: tuple[tuple[AnyTerm | None, AnyTerm], ...]
    at: At


class Seq(Term, frozen=True, array_like=True, tag="l", gc=False):
    """A list, tuple or set display."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[AnyTerm, ...]
    at: At


class Comp(Term, frozen=True, array_like=True, tag="g", gc=False):
    """A comprehension. `loops` pairs the definition that each `for` binds with the iterable; `targets` lists no
    unpacked names because those are `Item`s of the bound definition.

    `tests` has its filters: the test, and what it says of names where it holds and where it does not. A definition that holds
    nothing in one turn, or an empty tuple in place of one, says that this side cannot be.
    """

    kind: Literal["list", "set", "dict", "generator"]
    key: AnyTerm | None
    value: AnyTerm
    loops: tuple[tuple[int, AnyTerm], ...]
    tests: tuple[Test, ...]
    at: At


class SetItem(Term, frozen=True, array_like=True, tag="u", gc=False):
    """A container after `base[key] = value`. A mutation is a new definition, so that the flow stays exact."""

    base: AnyTerm
    key: AnyTerm
    value: AnyTerm
    at: At


class Update(Term, frozen=True, array_like=True, tag="m", gc=False):
    """A mapping after `base.update(other)` or `base |= other`."""

    base: AnyTerm
    other: AnyTerm
    at: At


class Append(Term, frozen=True, array_like=True, tag="+", gc=False):
    """A list or set after `append`, `add` or, with a `Star`, `extend`."""

    base: AnyTerm
    item: AnyTerm
    at: At


class DelItem(Term, frozen=True, array_like=True, tag="-", gc=False):
    """A container after `del base[key]`, `pop` or `discard`."""

    base: AnyTerm
    key: AnyTerm
    at: At


Order = Literal["least", "above", "most", "below"]
Guard = Literal[
    "in",
    "not-in",
    "eq",
    "not-eq",
    "truthy",
    "falsy",
    "or",
    "callable",
    "not-callable",
    "isinstance",
    "not-isinstance",
    "function",
    "not-function",
    "cap",
    "let-in",
    "limited",
    "key",
    "matches",
    "checked",
    "found",
    "given",
    "not-found",
    "paired",
    "unpaired",
    "swallowed",
    "still",
    Order,
]
"""How a term was tested. `function` is one by `inspect.isfunction`; `or` is left of the operator; `cap` is admitted to the set in `by` while that is smaller than the limit there, and `limited` a
collection while it is smaller; `let-in` is a member of `by`, or `by` is empty; `key` is found in the table `by`; `matches` is let through by the search `by` of a regular expression;
`checked` was handed to the call `by`, which came back; `found` was handed to the call `by`, whose result is true, `given` not None, and
`not-found` false; `paired` came with the flag `by` from one call, and the flag is set; `swallowed` is
a value before an exception that the context manager `by` swallows; `still` is what an attribute held before the calls that `by` lists."""


OF_CALLS: tuple[Guard, ...] = ("checked", "found", "given", "not-found")
"""Guards of what was handed to a call: the body of the function says what they leave."""


class Refine(Term, frozen=True, array_like=True, tag="n", gc=False):
    """A term in a branch with a test of it: a refinement.

    `by` is what it was tested against.
    """

    base: AnyTerm
    guard: Guard
    by: AnyTerm | None
    at: At


class FunctionDef(Term, frozen=True, array_like=True, tag="f", gc=False):
    """A function or lambda of this file, by index."""

    index: int
    at: At


class ClassDef(Term, frozen=True, array_like=True, tag="C", gc=False):
    """A class of this file, by index."""

    index: int
    at: At


class Opaque(Term, frozen=True, array_like=True, tag="?", gc=False):
    """An expression that the lowering does not model, with the reason. It makes the value Unknown, never wrong."""

    why: str
    at: At


AnyTerm: TypeAlias = (
    Const
    | Use
    | FreeVar
    | Param
    | Import
    | Attr
    | Item
    | Slice
    | Iterate
    | EnterContext
    | Star
    | Call
    | Text
    | Op
    | Choice
    | Dict
    | Seq
    | Comp
    | SetItem
    | Update
    | Append
    | DelItem
    | Refine
    | FunctionDef
    | ClassDef
    | Opaque
)
Test: TypeAlias = tuple[AnyTerm, tuple[AnyTerm, ...], tuple[AnyTerm, ...]]
"""A filter of a comprehension: its value, and what it says of names on either side."""
