"""Annotations: what an instance of an annotated type is. They are trusted for objects, not for the texts of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.facts.terms import AnyTerm, Attr, Call, Const, Item, Op, Outer, Seq
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Cls, Ext, Hint, Instance, Mapping, Member, Returning, Sequence, Thunk, merge
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

WRAPPERS = frozenset(
    {"Optional", "Annotated", "Final", "ClassVar", "Union", "Awaitable", "Coroutine", "Deferred", "Required", "NotRequired"}
)
ITERABLES = frozenset(
    {
        "List",
        "list",
        "Sequence",
        "Iterable",
        "Iterator",
        "Set",
        "set",
        "FrozenSet",
        "frozenset",
        "Tuple",
        "tuple",
        "Collection",
        "Generator",
        "AsyncIterator",
        "AsyncGenerator",
        "Deque",
        "deque",
    }
)
MAPPINGS = frozenset({"Dict", "dict", "Mapping", "MutableMapping", "DefaultDict", "defaultdict"})
PLAIN = frozenset({"str", "int", "float", "bytes", "object", "Any", "None"})


def instance_of(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int = 0, forward: bool = False) -> Alts:
    """Return an instance of the annotated type, or NOTHING when the annotation says nothing useful.

    Names in quotes inside of a type are followed with `forward`: whoever makes objects of data has to know them.
    """
    if depth > 6:
        return NOTHING
    if isinstance(term, Const):
        later = forward and isinstance(term.value, str) and term.value.isidentifier()  # `list["Item"]`
        return instance_of(ev, Outer(str(term.value), term.at), frame, depth + 1, forward) if later else NOTHING
    if isinstance(term, Op) and term.op == "|":
        return merge([instance_of(ev, a, frame, depth + 1, forward) for a in term.args])
    if isinstance(term, Item):
        return _generic(ev, term, frame, depth, forward)
    if isinstance(term, Call):  # a type variable: its constraints, or its bound
        allowed = (*term.args[1:], *(value for name, value in term.kwargs if name == "bound"))
        return merge([instance_of(ev, a, frame, depth + 1, forward) for a in allowed]) if allowed else NOTHING
    name = term.name if isinstance(term, (Attr, Outer)) else ""
    if name in PLAIN:
        return NOTHING
    groups: list[Alts] = []
    for obj in ev.eval(term, frame):
        if isinstance(obj, Cls):
            from cardlint.link import classes

            groups.append((Member(obj, None),) if classes.is_enum(ev, obj) else (Instance(obj, None),))
        elif isinstance(obj, Ext):
            groups.append(_external(ev, obj.path))
        elif isinstance(obj, Hint):
            groups.append(instance_of(ev, obj.term, obj.frame, depth + 1, forward))
        elif isinstance(obj, (Sequence, Mapping)):
            groups.append(NOTHING)
    return merge(groups) if groups else NOTHING


def _external(ev: Evaluator, path: str) -> Alts:
    if path == "builtins.bool":
        return (bounded(2, "boolean"),)
    if path in ("typing.LiteralString", "typing_extensions.LiteralString"):
        return (bounded(20, "a text written in the code"),)
    if path.startswith(("typing.", "typing_extensions.")) or path.rpartition(".")[2] in PLAIN:
        return NOTHING
    if path.startswith("builtins."):
        return (Ext("builtins.BaseException"),) if path.endswith(("Exception", "Error")) else NOTHING
    from cardlint.link import metrics

    found = metrics.annotated(ev, path)
    return found or (Ext(path),)


def _generic(ev: Evaluator, term: Item, frame: Frame, depth: int, forward: bool) -> Alts:
    base = term.base
    name = base.name if isinstance(base, (Attr, Outer)) else getattr(base, "name", "")
    arguments = term.key.items if isinstance(term.key, Seq) else (term.key,)
    if not arguments:  # `tuple[()]`
        return NOTHING
    if name == "Literal":
        return literal(ev, term, frame)
    if name in ("Type", "type"):
        return ev.eval(arguments[0], frame)
    if name == "Callable":
        return (Returning(arguments[-1], frame),) if instance_of(ev, arguments[-1], frame, depth + 1, forward) else NOTHING
    if name in ("Annotated", "Final", "ClassVar"):
        return instance_of(ev, arguments[0], frame, depth + 1, forward)
    if name in WRAPPERS:
        chosen = arguments[-1:] if name in ("Coroutine", "Awaitable", "Deferred") else arguments
        return merge([instance_of(ev, a, frame, depth + 1, forward) for a in chosen])
    if name in ITERABLES:
        inner = instance_of(ev, arguments[0], frame, depth + 1, forward)
        return (Sequence("list", (), (Thunk(None, None, inner),)),) if inner else NOTHING
    if name in MAPPINGS and len(arguments) == 2:
        return NOTHING
    return instance_of(ev, base, frame, depth + 1, forward)


def literal(ev: Evaluator, term: AnyTerm, frame: Frame) -> Alts:
    """Return the values of `Literal[...]`, also through an alias."""
    if isinstance(term, Item):
        items = term.key.items if isinstance(term.key, Seq) else (term.key,)
        groups = [literal(ev, o.term, o.frame) if isinstance(o, Hint) else (o,) for i in items for o in ev.eval(i, frame)]
        return merge(groups) if groups else NOTHING
    return NOTHING


def arguments(ev: Evaluator, alts: Alts) -> Alts:
    """Return `get_args(X)` or `X.__args__` of a type: the values of a Literal, NOTHING for other types."""
    groups: list[Alts] = []
    for obj in alts:
        values = instance_of(ev, obj.term, obj.frame) if isinstance(obj, Hint) else NOTHING
        if values and all(isinstance(o, Value) and o.cls is Class.EXACTLY for o in values):
            constants = [v for o in values if isinstance(o, Value) for v in o.exact]
            groups.append((Sequence("tuple", tuple(Thunk(None, None, (exactly((c,)),)) for c in constants)),))
    return merge(groups) if groups else NOTHING
