"""How calls of libraries, builtins and methods of scalars compute their results.

Rows name a transfer (`same`, `choice`, `bins`, ...); the functions here carry them out. Which library function does what
is knowledge and stands in the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cardlint.facts.terms import Attr, Call, Elem, Item, Star
from cardlint.link import attributes, calls, classes, containers, fields
from cardlint.link.frames import Frame
from cardlint.link.objects import (
    NOTHING,
    Alts,
    AnyKey,
    Box,
    Cls,
    Ext,
    Function,
    Hint,
    Instance,
    Mapping,
    Member,
    Method,
    Obj,
    Record,
    Sequence,
    Thunk,
    TypeOf,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly, extend, join, transformed, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator

TEXT_METHODS = frozenset(
    {
        "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "casefold", "swapcase", "replace", "removeprefix",
        "removesuffix", "encode", "decode", "split", "rsplit", "partition", "rpartition", "splitlines", "zfill", "ljust", "rjust",
        "center", "format", "format_map", "join", "translate", "expandtabs", "startswith", "endswith", "isdigit", "isalpha", "isalnum",
        "isdecimal", "isnumeric", "isupper", "islower", "isspace", "isidentifier", "bit_length", "find", "index", "count", "hex", "isoformat",
    }
)  # fmt: skip
KEEPING = frozenset(
    {
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "casefold",
        "capitalize",
        "title",
        "translate",
        "encode",
        "decode",
        "removeprefix",
        "removesuffix",
    }
)
"""Methods of texts that rewrite each text and make no new set of them."""
BOOLEAN_METHODS = frozenset(
    {"startswith", "endswith", "isdigit", "isalpha", "isalnum", "isdecimal", "isnumeric", "isupper", "islower", "isspace", "isidentifier"}
)
EXACT_METHODS = frozenset(
    {
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "title",
        "capitalize",
        "casefold",
        "swapcase",
        "replace",
        "removeprefix",
        "removesuffix",
        "zfill",
    }
)


def external_call(ev: Evaluator, obj: Ext, term: Call, frame: Frame) -> Alts:
    """Call something of a library: a metric class, a builtin, a function with a row, or the constructor of a class."""
    from cardlint.link import metrics

    library = ev.library
    path = obj.path
    found = metrics.constructed(ev, path, term, frame)
    if found is not None:
        return found
    if path in BUILTIN_CALLS:
        return BUILTIN_CALLS[path](ev, term, frame)
    if path.endswith(".get") and term.args and library.has_items(library.onward(path.removesuffix(".get"))):
        return _external_get(ev, Ext(path.removesuffix(".get"), obj.trail), term, frame)
    called = library.canonical(library.onward(path) + "()")
    row = library.row(called)
    if row is not None and row.how:
        return apply(ev, row.how, row.why, row.size, obj, term, frame) or (unknown(f"`{path}` without its argument"),)
    if row is not None:
        return (Ext(called, extend(None, frame.place(term.at), "")),)
    last = path.rpartition(".")[2]
    if last[:1].isupper() and "(" not in last:
        if last.endswith(("Error", "Exception")) and path.startswith("builtins."):
            return (Ext("builtins.BaseException", extend(None, frame.place(term.at), "")),)
        return (Ext(path, extend(None, frame.place(term.at), "")),)
    if calls.is_lookup(term) and ("(" in path or "[" in path):
        return _external_get(ev, Ext(path.removesuffix(".get").removesuffix(".pop"), obj.trail), term, frame)
    if last in KEEPING and ("(" in path or "[" in path or library.row(path.rpartition(".")[0]) is not None):
        return (Ext(path.rpartition(".")[0], obj.trail),)
    suspect = calls.suspect(ev, term, frame)
    if suspect is not None:
        return (unknown(f"what `{path}()` returns is not known", suspect),)
    return (Ext(called, extend(None, frame.place(term.at), "")),)


def _external_get(ev: Evaluator, base: Ext, term: Call, frame: Frame) -> Alts:
    """Call `get(key, default)` on a mapping of a library: it is the item, or the default."""
    from cardlint.link import attributes

    key = ev.value(term.args[0], frame)
    constant = key.cls is Class.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], (str, int))
    found = attributes.external(ev, base, f"[{key.exact[0]}]" if constant else "[]", term, frame)
    default = calls.argument(term, 1, "default")
    return merge([found, ev.eval(default, frame) if default is not None else (exactly((None,)),)])


def apply(ev: Evaluator, how: str, why: str, size: int | None, receiver: Ext | Value | None, term: Call, frame: Frame) -> Alts:
    """Carry out a transfer named by a row."""
    name, _, position = how.partition(":")
    index = int(position) if position.isdigit() else 0
    first = calls.argument(term, index)
    if name in ("same", "arg"):
        if name == "same" and isinstance(receiver, Value):
            return (receiver,)
        if first is None:
            return NOTHING
        return ev.eval(first, frame)
    if name == "element":
        return containers.element(ev, Elem(first, term.at), frame) if first is not None else NOTHING
    if name == "choice":
        if first is None:
            return NOTHING
        alts = containers.element(ev, Elem(first, term.at), frame)
        return alts
    if name in ("result", "call"):
        if first is None:
            return NOTHING
        rest = Call(first, term.args[index + 1 :], term.kwargs, term.at)
        return calls.call(ev, rest, frame)
    if name == "int-range":
        return (_int_range(ev, term, frame),)
    if name == "strftime":
        return (strftime(ev, term, frame),)
    if name == "bins":
        return (_bins(ev, term, frame),)
    if name == "length":
        return (unknown("a length"),)
    if name == "modulo":
        return (bounded(size or 20, why),)
    if name == "parse":
        value = ev.value(first, frame) if first is not None else None
        return (value,) if value is not None else NOTHING
    return (unknown(f"`{how}` of a library call"),)


def _int_range(ev: Evaluator, term: Call, frame: Frame) -> Value:
    ends = [ev.value(a, frame) for a in term.args[:2] if not isinstance(a, Star)]
    numbers = [e.exact[0] for e in ends if e.cls is Class.EXACTLY and len(e.exact) == 1 and type(e.exact[0]) is int]
    if len(numbers) == 2 and isinstance(numbers[0], int) and isinstance(numbers[1], int):
        return bounded(max(1, numbers[1] - numbers[0] + 1), f"a number from {numbers[0]} to {numbers[1]}")
    if len(numbers) == 1 and len(ends) == 1 and isinstance(numbers[0], int):
        return bounded(max(1, numbers[0]), f"a number below {numbers[0]}")
    return unknown("a random number from a range that is not known")


FIELDS = {
    "H": 24,
    "I": 12,
    "M": 60,
    "S": 62,
    "p": 2,
    "d": 31,
    "m": 12,
    "b": 12,
    "B": 12,
    "a": 7,
    "A": 7,
    "w": 7,
    "u": 7,
    "j": 366,
    "U": 54,
    "W": 54,
    "V": 53,
}


def strftime(ev: Evaluator, term: Call, frame: Frame) -> Value:
    """Return how many texts a date format can give; a year makes it grow for ever."""
    from cardlint.link.values import unbounded

    formats = [ev.value(a, frame) for a in (*term.args, *(v for _, v in term.kwargs)) if not isinstance(a, Star)]
    known = [f for f in formats if f.cls is Class.EXACTLY and any(isinstance(v, str) and "%" in v for v in f.exact)]
    grows = unbounded("time", "a formatted point in time", advice="nothing: Prometheus stores the time of every sample itself")
    grows = grows.step(frame.place(term.at), "a point in time is formatted here")
    if not known:
        return grows
    sizes = []
    for text in known[0].exact:
        size = 1
        letters = str(text).replace("%%", "").split("%")[1:]
        for letter in letters:
            if letter[:1] not in FIELDS:
                return grows
            size *= FIELDS[letter[:1]]
        sizes.append(size)
    return bounded(sum(sizes), "a part of the date that repeats")


def _bins(ev: Evaluator, term: Call, frame: Frame) -> Value:
    first = calls.argument(term, 0)
    items = containers.as_items(ev, ev.eval(first, frame)) if first is not None else None
    return bounded(len(items) + 1 if items is not None else 20, "index of a bin")


# builtins -------------------------------------------------------------------------------------------------------------


def _first(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return ev.eval(term.args[0], frame) if term.args else NOTHING


def _str(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    if not term.args:
        return (exactly(("",)),)
    value = ev.scalar(ev.eval(term.args[0], frame), frame, term.args[0].at)
    if value.cls is Class.EXACTLY:
        return (exactly(str(v) for v in value.exact),)
    return (value,)


def _repr(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    return (exactly(repr(v) for v in value.exact),) if value.cls is Class.EXACTLY else (value,)


def _int(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    if value.cls is not Class.EXACTLY:
        return (value,)
    out = []
    for v in value.exact:
        try:
            out.append(int(v))  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            continue
    return (exactly(out),)


def _float(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    if value.cls is not Class.EXACTLY:
        return (value,)
    out = []
    for v in value.exact:
        try:
            out.append(float(v))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
    return (exactly(out),)


def _bool(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return (exactly((False, True)),)


def _type(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return (TypeOf(_first(ev, term, frame)),) if len(term.args) == 1 else (unknown("a class made at run time"),)


def _collect(kind: str) -> Callable[[Evaluator, Call, Frame], Alts]:
    def collect(ev: Evaluator, term: Call, frame: Frame) -> Alts:
        if not term.args:
            return (Sequence(kind, ()),)
        alts = _first(ev, term, frame)
        items = containers.as_items(ev, alts)
        if items is not None:
            return (Sequence(kind, items),)
        sized = next((o.size for o in alts if isinstance(o, Sequence) and o.size is not None), None)
        return (Sequence(kind, (), (frame.element(term.args[0], term.at),), sized),)

    return collect


def _sorted(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    alts = _first(ev, term, frame)
    items = containers.as_items(ev, alts)
    if items is None:
        return _collect("list")(ev, term, frame)
    values = [ev.scalar(ev.force(t), frame, term.at) for t in items]
    if all(v.cls is Class.EXACTLY and len(v.exact) == 1 for v in values) and not any(k == "key" for k, _ in term.kwargs):
        constants = [v.exact[0] for v in values]
        reverse = any(k == "reverse" for k, _ in term.kwargs)
        try:
            constants.sort(reverse=reverse)
        except TypeError:
            return (Sequence("list", (), items),)
        return (Sequence("list", tuple(Thunk(None, None, (exactly((c,)),)) for c in constants)),)
    return (Sequence("list", items),)


def _dict(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    entries: list[tuple[object, Thunk]] = []
    open_ = False
    optional: frozenset[object] = frozenset()
    for argument in term.args:
        for obj in ev.eval(argument, frame):
            if isinstance(obj, Mapping):
                found, was_open, maybe = containers.entries_of(ev, (obj,))
                entries.extend(found)
                open_ = open_ or was_open
                optional |= maybe
            elif isinstance(obj, Sequence):
                pairs, complete = _pairs(ev, obj, frame, term)
                entries.extend(pairs)
                open_ = open_ or not complete
            else:
                open_ = True
    for name, value in term.kwargs:
        if name:
            entries.append((name, frame.thunk(value)))
        else:
            found, was_open, maybe = containers.entries_of(ev, ev.eval(value, frame))
            entries.extend(found)
            open_ = open_ or was_open
            optional |= maybe
    return (Mapping(tuple(entries), open_, optional),)  # type: ignore[arg-type]


def _pairs(ev: Evaluator, obj: Sequence, frame: Frame, term: Call) -> tuple[list[tuple[object, Thunk]], bool]:
    """Open a sequence of (key, value) pairs, as `dict(zip(...))` gets it."""
    out: list[tuple[object, Thunk]] = []
    for thunk in (*obj.items, *obj.rest):
        for pair in ev.force(thunk):
            if not isinstance(pair, Sequence) or len(pair.items) != 2:
                return out, False
            key = ev.scalar(ev.force(pair.items[0]), frame, term.at)
            if key.cls is Class.EXACTLY:
                out.extend((k, pair.items[1]) for k in key.exact)
            else:
                out.append((AnyKey(Thunk(None, None, (key,))), pair.items[1]))
    return out, True


def _range(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    numbers = []
    for argument in term.args:
        value = ev.value(argument, frame)
        if value.cls is not Class.EXACTLY or len(value.exact) != 1 or not isinstance(value.exact[0], int):
            return (Sequence("list", (), (Thunk(None, None, (unknown("a number from a range that is not known"),)),)),)
        numbers.append(int(value.exact[0]))
    if not numbers or (len(numbers) == 3 and numbers[2] == 0) or len(numbers) > 3:
        return (Sequence("list", ()),)
    span = range(*numbers)
    if len(span) > containers.MAX_UNROLL:
        return (Sequence("list", (), (Thunk(None, None, (bounded(len(span), f"a number of `{span}`"),)),), len(span)),)
    return (Sequence("list", tuple(Thunk(None, None, (exactly((n,)),)) for n in span)),)


def _enumerate(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    items = containers.as_items(ev, _first(ev, term, frame))
    if items is not None:
        return (
            Sequence(
                "list",
                tuple(Thunk(None, None, (Sequence("tuple", (Thunk(None, None, (exactly((i,)),)), t)),)) for i, t in enumerate(items)),
            ),
        )
    index = Thunk(None, None, (unknown("a position in a collection that is not known"),))
    element = frame.element(term.args[0], term.at) if term.args else index
    return (Sequence("list", (), (Thunk(None, None, (Sequence("tuple", (index, element)),)),)),)


def _zip(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    columns = [containers.as_items(ev, ev.eval(a, frame)) for a in term.args if not isinstance(a, Star)]
    if columns and all(c is not None for c in columns):
        rows = zip(*(c for c in columns if c is not None), strict=False)
        return (Sequence("list", tuple(Thunk(None, None, (Sequence("tuple", tuple(row)),)) for row in rows)),)
    row = Sequence("tuple", tuple(frame.element(a, term.at) for a in term.args))
    return (Sequence("list", (), (Thunk(None, None, (row,)),)),)


def _getattr(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    if len(term.args) < 2:
        return (unknown("getattr() without a name"),)
    name = ev.value(term.args[1], frame)
    groups: list[Alts] = []
    if name.cls is Class.EXACTLY:
        for text in name.exact:
            got = attributes.attribute(ev, Attr(term.args[0], str(text), term.at), frame)
            undecided = all(isinstance(o, Value) and o.cls is Class.UNKNOWN and not o.kind for o in got)
            if not undecided or len(term.args) < 3 or got:
                groups.append(got)
    else:
        groups.append(_any_attribute(ev, term, frame))
    if len(term.args) > 2:
        groups.append(ev.eval(term.args[2], frame))
    return merge(groups) if groups else NOTHING


def _any_attribute(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Join all metrics held by an object whose attribute name is computed: `getattr(self, f"{x}_total")`."""
    from cardlint.link.objects import MetricObj

    groups: list[Alts] = []
    for obj in ev.eval(term.args[0], frame):
        if isinstance(obj, Instance):
            for base in classes.mro(ev, obj.cls):
                if isinstance(base, Cls):
                    for name in classes.self_stores(ev, base):
                        alts = classes.instance_attribute(ev, obj, name, frame, term.at)
                        groups.append(tuple(o for o in alts if isinstance(o, MetricObj)))
    found = merge([g for g in groups if g]) if any(groups) else NOTHING
    return found or (unknown("an attribute whose name is computed"),)


def _len(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    items = containers.as_items(ev, _first(ev, term, frame))
    if items is not None:
        return (exactly((len(items),)),)
    from cardlint.link.values import unbounded

    row = ev.library.row("builtins.len()")
    value = unbounded("measurement", "a length: a measurement, not a category", advice=row.advice if row is not None else "")
    return (value.step(frame.place(term.at), "a length is taken here"),)


def _next(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    groups = [containers.element(ev, Elem(term.args[0], term.at), frame)] if term.args else []
    if len(term.args) > 1:
        groups.append(ev.eval(term.args[1], frame))
    return merge(groups) if groups else NOTHING


def _min_max(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    if len(term.args) == 1:
        return containers.element(ev, Elem(term.args[0], term.at), frame)
    values = [ev.value(a, frame) for a in term.args]
    return (join(values) or unknown("the least of nothing"),)


def clamp(ev: Evaluator, term: Call, frame: Frame, low: bool) -> Alts:
    """Evaluate `min(...)` and `max(...)`; both together around a whole number bound it."""
    other = "builtins.min" if not low else "builtins.max"
    numbers: list[int] = []
    inner_numbers: list[int] = []
    for argument in term.args:
        value = ev.value(argument, frame)
        if value.cls is Class.EXACTLY and len(value.exact) == 1 and type(value.exact[0]) is int:
            numbers.append(value.exact[0])
            continue
        inner = _definition(argument, frame)
        if isinstance(inner, Call) and any(isinstance(o, Ext) and o.path == other for o in ev.eval(inner.func, frame)):
            for nested in inner.args:
                inside = ev.value(nested, frame)
                if inside.cls is Class.EXACTLY and len(inside.exact) == 1 and type(inside.exact[0]) is int:
                    inner_numbers.append(inside.exact[0])
                elif not _whole(ev, nested, frame):
                    return _min_max(ev, term, frame)
    if len(term.args) == 2 and len(numbers) == 1 and len(inner_numbers) == 1:
        return (
            bounded(
                abs(numbers[0] - inner_numbers[0]) + 1,
                f"a whole number kept between {min(numbers[0], inner_numbers[0])} and {max(numbers[0], inner_numbers[0])}",
            ),
        )
    return _min_max(ev, term, frame)


def _definition(argument: object, frame: Frame) -> object:
    from cardlint.facts.terms import Ref

    while isinstance(argument, Ref):
        argument = frame.fact.defs[argument.index].term
    return argument


def _whole(ev: Evaluator, argument: object, frame: Frame) -> bool:
    """Tell whether a term is certainly a whole number: the result of int(), len() or round() without digits."""
    term = _definition(argument, frame)
    if isinstance(term, Call):
        return any(
            isinstance(o, Ext) and o.path in ("builtins.int", "builtins.len", "builtins.ord") for o in ev.eval(term.func, frame)
        ) or any(isinstance(o, Ext) and o.path == "builtins.round" and len(term.args) == 1 for o in ev.eval(term.func, frame))
    from cardlint.facts.terms import Op

    return isinstance(term, Op) and term.op == "//"


def _min(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return clamp(ev, term, frame, low=True)


def _max(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return clamp(ev, term, frame, low=False)


def _round(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    return (value,) if value.cls >= Class.UNKNOWN else (unknown("a rounded number"),)


def _vars(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return as_dict(ev, _first(ev, term, frame), frame, term)


def as_dict(ev: Evaluator, alts: Alts, frame: Frame, term: Call) -> Alts:
    """Return the fields of instances as a dictionary: `vars(x)`, `asdict(x)`, `x.model_dump()`."""
    groups: list[Alts] = []
    for obj in alts:
        if isinstance(obj, Instance):
            names = [n for n, _ in fields.fields(ev, obj.cls)]
            for base in classes.mro(ev, obj.cls):
                if isinstance(base, Cls):
                    names.extend(n for n in classes.self_stores(ev, base) if n not in names)
            entries = tuple((n, Thunk(None, None, classes.instance_attribute(ev, obj, n, frame, term.at))) for n in names)
            groups.append((Mapping(entries, not names),))
        elif isinstance(obj, Mapping):
            groups.append((obj,))
    return merge(groups) if groups else (Mapping((), True),)


def _fields(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `dataclasses.fields(x)`: one record for each field, with its name."""
    for obj in _first(ev, term, frame):
        cls = obj.cls if isinstance(obj, Instance) else obj
        if isinstance(cls, Cls):
            records = [Record({"name": (exactly((n,)),), **fields.defaults(ev, owner, n)}) for n, owner in fields.fields(ev, cls)]
            return (Sequence("tuple", tuple(Thunk(None, None, (r,)) for r in records)),)
    return (unknown("the fields of something that is not known"),)


def _get_args(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `typing.get_args(X)`: the values of a Literal."""
    from cardlint.link import hints

    groups: list[Alts] = []
    for obj in _first(ev, term, frame):
        if isinstance(obj, Hint):
            values = hints.instance_of(ev, obj.term, obj.frame)
            if values and all(isinstance(o, Value) and o.cls is Class.EXACTLY for o in values):
                constants = [v for o in values if isinstance(o, Value) for v in o.exact]
                groups.append((Sequence("tuple", tuple(Thunk(None, None, (exactly((c,)),)) for c in constants)),))
    return merge(groups) if groups else (unknown("the arguments of a type that is not known"),)


def _context_var(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return (Box(term, frame),)


def _super(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return calls.super_of(ev, term, frame)


def _partial(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return calls.partial_of(ev, term, frame)


def _map(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    if len(term.args) != 2:
        return (unknown("map() over several iterables"),)
    items = containers.as_items(ev, ev.eval(term.args[1], frame))
    groups: list[Thunk] = []
    for func in ev.eval(term.args[0], frame):
        for element in items if items is not None else (frame.element(term.args[1], term.at),):
            alts = ev.force(element)
            groups.append(Thunk(None, None, _applied(ev, func, alts, term, frame)))
    return (Sequence("generator", tuple(groups)),) if items is not None else (Sequence("generator", (), tuple(groups)),)


def _applied(ev: Evaluator, func: object, alts: Alts, term: Call, frame: Frame) -> Alts:
    """Call a function with one value that is known already."""
    if isinstance(func, Function) and func.fact.params:
        inner = Frame(
            func.file,
            func.fact,
            {func.fact.params[0].name: Thunk(None, None, alts)},
            func.closure or func.file.frame(func.fact.parent),
            frame,
            frame.depth + 1,
            term.at,
        )
        return calls.returned(ev, func.fact, inner)
    if isinstance(func, Ext) and func.path in ("builtins.str", "builtins.float", "builtins.int"):
        value = ev.scalar(alts, frame, term.at)
        if value.cls is Class.EXACTLY:
            convert: Callable[[object], object] = {"builtins.str": str, "builtins.float": float, "builtins.int": int}[func.path]
            try:
                return (exactly(convert(v) for v in value.exact),)  # type: ignore[misc]
            except (TypeError, ValueError):
                return (unknown("a conversion that fails"),)
        return (value,)
    return (unknown("the result of mapping a function that is not known"),)


BUILTIN_CALLS: dict[str, Callable[[Evaluator, Call, Frame], Alts]] = {
    "builtins.str": _str,
    "builtins.repr": _repr,
    "builtins.int": _int,
    "builtins.float": _float,
    "builtins.bool": _bool,
    "builtins.type": _type,
    "builtins.list": _collect("list"),
    "builtins.tuple": _collect("tuple"),
    "builtins.set": _collect("set"),
    "builtins.frozenset": _collect("set"),
    "builtins.iter": _collect("generator"),
    "builtins.reversed": _collect("list"),
    "builtins.sorted": _sorted,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "types.MappingProxyType": _dict,
    "builtins.range": _range,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": _map,
    "builtins.getattr": _getattr,
    "builtins.len": _len,
    "builtins.next": _next,
    "builtins.min": _min,
    "builtins.max": _max,
    "builtins.round": _round,
    "builtins.vars": _vars,
    "dataclasses.asdict": _vars,
    "dataclasses.fields": _fields,
    "attr.fields": _fields,
    "attrs.fields": _fields,
    "typing.get_args": _get_args,
    "typing_extensions.get_args": _get_args,
    "contextvars.ContextVar": _context_var,
    "builtins.super": _super,
    "functools.partial": _partial,
    "builtins.isinstance": _bool,
    "builtins.issubclass": _bool,
    "builtins.hasattr": _bool,
    "builtins.callable": _bool,
    "builtins.any": _bool,
    "builtins.all": _bool,
}


# methods of scalars and containers --------------------------------------------------------------------------------------


def method_call(ev: Evaluator, obj: Method, term: Call, frame: Frame) -> Alts:
    """Call a method of a scalar or a container."""
    of = obj.of
    if isinstance(of, Mapping):
        return _mapping_method(ev, of, obj.name, term, frame)
    if isinstance(of, Sequence):
        return _sequence_method(ev, of, obj.name, term, frame)
    if isinstance(of, Instance) and term.args:
        return item_or_default(ev, of, term, frame)
    if isinstance(of, Box):
        from cardlint.link import boxes

        return boxes.method(ev, of, obj.name, term, frame)
    if isinstance(of, Member):
        of = classes.member_text(ev, of)
    if isinstance(of, Value):
        return _scalar_method(ev, of, obj.name, term, frame)
    if isinstance(of, Function) and obj.name in ("delay", "apply_async", "__call__", "s", "si"):
        return (unknown("a task that runs elsewhere"),)
    return (unknown(f"method `{obj.name}` of something that is not known"),)


def item_or_default(ev: Evaluator, of: Obj, term: Call, frame: Frame) -> Alts:
    """Call `get(key, default)` on anything that holds items: it is the item, or the default."""
    base = term.func.base if isinstance(term.func, Attr) else term.func
    key = ev.value(term.args[0], frame)
    found = containers.item_of(ev, of, key, Item(base, term.args[0], term.at), frame)
    default = calls.argument(term, 1, "default")
    return merge([found, ev.eval(default, frame) if default is not None else (exactly((None,)),)])


def _mapping_method(ev: Evaluator, of: Mapping, name: str, term: Call, frame: Frame) -> Alts:
    if name in ("get", "pop", "setdefault", "__getitem__") and term.args:
        key = ev.value(term.args[0], frame)
        found = containers.lookup(ev, of, key)
        default = calls.argument(term, 1, "default")
        keys = {k for k, _ in of.entries if not isinstance(k, AnyKey)}
        certain = key.cls is Class.EXACTLY and set(key.exact) <= keys and not (set(key.exact) & of.optional)
        if certain or name == "__getitem__":
            return found
        if default is not None:
            return merge([found, ev.eval(default, frame)])
        return merge([found, (exactly((None,)),)]) if name == "get" else found
    if name in ("keys", "__iter__"):
        entries = tuple(Thunk(None, None, (exactly((k,)),)) for k in dict.fromkeys(k for k, _ in of.entries if not isinstance(k, AnyKey)))
        rest = tuple(k.keys for k, _ in of.entries if isinstance(k, AnyKey) and k.keys is not None)
        if of.open:
            rest = (*rest, Thunk(None, None, (unknown("keys of a dictionary that is filled elsewhere"),)))
        return (Sequence("list", entries, rest),)
    if name == "values":
        latest: dict[object, Thunk] = {}
        for k, t in of.entries:
            latest[k] = t
        rest = (Thunk(None, None, (unknown("values of a dictionary that is filled elsewhere"),)),) if of.open else ()
        return (Sequence("list", tuple(latest.values()), rest),)
    if name == "items":
        pairs: dict[object, Thunk] = {}
        loose: list[Thunk] = []
        for k, t in of.entries:
            if isinstance(k, AnyKey):
                loose.append(Thunk(None, None, (Sequence("tuple", (k.keys or t, t)),)))
            else:
                pairs[k] = Thunk(None, None, (Sequence("tuple", (Thunk(None, None, (exactly((k,)),)), t)),))
        if of.open:
            loose.append(Thunk(None, None, (unknown("items of a dictionary that is filled elsewhere"),)))
        return (Sequence("list", tuple(pairs.values()), tuple(loose)),)
    if name == "copy":
        return (of,)
    return (unknown(f"`{name}()` of a dictionary"),)


def _sequence_method(ev: Evaluator, of: Sequence, name: str, term: Call, frame: Frame) -> Alts:
    if name == "copy":
        return (of,)
    if name in ("pop", "popleft", "__next__"):
        return containers.elements(ev, of)
    if name in ("union", "intersection", "difference") and term.args:
        other = ev.eval(term.args[0], frame)
        return containers.union(ev, (of,), other) if name == "union" else (Sequence("set", (), (*of.items, *of.rest)),)
    if name == "index" and term.args and not of.rest:
        wanted = ev.value(term.args[0], frame)
        values = [ev.scalar(ev.force(t), frame, term.at) for t in of.items]
        if wanted.cls is Class.EXACTLY and len(wanted.exact) == 1 and all(v.cls is Class.EXACTLY and len(v.exact) == 1 for v in values):
            places = [i for i, v in enumerate(values) if v.exact == wanted.exact]
            return (exactly((places[0],)),) if places else NOTHING
    if name == "index":
        return (bounded(max(1, len(of.items)), "a position in a fixed list"),) if not of.rest else (unknown("a position"),)
    return (unknown(f"`{name}()` of a list"),)


def _scalar_method(ev: Evaluator, of: Value, name: str, term: Call, frame: Frame) -> Alts:
    if name in BOOLEAN_METHODS:
        return (exactly((False, True)),)
    if name == "join" and term.args:
        return (_joined(ev, of, term, frame),)
    if name in EXACT_METHODS and of.cls is Class.EXACTLY:
        return (_exact_method(ev, of, name, term, frame),)
    if name in ("split", "rsplit", "partition", "rpartition", "splitlines"):
        return _split(ev, of, name, term, frame)
    if name == "bit_length":
        return (bounded(64, "number of bits"),)
    if name == "strftime":
        return (strftime(ev, term, frame),)
    if name in ("format", "format_map"):
        parts = [of, *(ev.value(a, frame) for a in term.args if not isinstance(a, Star)), *(ev.value(v, frame) for _, v in term.kwargs)]
        from cardlint.link.values import product

        return (product(parts),)
    if name in TEXT_METHODS:
        return (unknown("a text that is transformed"),) if of.cls is Class.EXACTLY else (transformed(of, name),)
    if of.cls is Class.UNBOUNDED:
        return (of,)
    return (calls.unknown_call(ev, of, term, frame),)


def _exact_method(ev: Evaluator, of: Value, name: str, term: Call, frame: Frame) -> Value:
    arguments = [ev.value(a, frame) for a in term.args]
    if any(a.cls is not Class.EXACTLY or len(a.exact) != 1 for a in arguments):
        worst = join([of, *arguments])
        assert worst is not None
        return unknown("a text that is transformed") if worst.cls is Class.EXACTLY else worst
    given = [a.exact[0] for a in arguments]
    out = []
    for text in of.exact:
        if isinstance(text, str):
            try:
                out.append(getattr(text, name)(*given))
            except (TypeError, ValueError):
                continue
    return exactly(out)


def _split(ev: Evaluator, of: Value, name: str, term: Call, frame: Frame) -> Alts:
    given = [ev.value(a, frame) for a in term.args]
    if (
        of.cls is Class.EXACTLY
        and len(of.exact) == 1
        and isinstance(of.exact[0], str)
        and all(g.cls is Class.EXACTLY and len(g.exact) == 1 for g in given)
    ):
        try:
            pieces = getattr(of.exact[0], name)(*(g.exact[0] for g in given))
        except (TypeError, ValueError):
            return (unknown("a text that cannot be split"),)
        kind = "tuple" if "partition" in name else "list"
        return (Sequence(kind, tuple(Thunk(None, None, (exactly((p,)),)) for p in pieces)),)
    part = of
    if of.cls is Class.EXACTLY:
        part = unknown("a part of a text")
    return (Sequence("list", (), (Thunk(None, None, (part,)),)),)


def _joined(ev: Evaluator, of: Value, term: Call, frame: Frame) -> Value:
    from cardlint.link.texts import compose

    alts = ev.eval(term.args[0], frame)
    items = containers.as_items(ev, alts)
    if items is None:
        worst = join([ev.scalar(containers.element_of(ev, o, Elem(term.args[0], term.at), frame), frame, term.at) for o in alts])
        if worst is not None and worst.cls >= Class.PER_DEPLOYMENT:
            return worst
        return unknown("a text joined from a number of parts that is not known")
    parts: list[Value] = []
    for index, item in enumerate(items):
        if index:
            parts.append(of)
        parts.append(ev.scalar(ev.force(item), frame, term.at))
    return compose(parts)
