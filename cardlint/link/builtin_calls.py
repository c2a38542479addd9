"""What calls of Python's builtins and of a few standard functions give: `str`, `sorted`, `dict`, `zip`, `getattr`, `max`, ..."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cardlint.facts.terms import Attr, Call, Elem, Star
from cardlint.link import applying, calls, classes, combining, containers, limits, named_stores, ranges, records, validated
from cardlint.link.frames import Frame
from cardlint.link.objects import (
    NOTHING,
    Alts,
    AnyKey,
    Box,
    Cls,
    Ext,
    Hint,
    Instance,
    Mapping,
    Obj,
    Record,
    Sequence,
    Thunk,
    TypeOf,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, computed, exactly, unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator


def _first(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return ev.eval(term.args[0], frame) if term.args else NOTHING


def _str(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    if not term.args:
        return (exactly(("",)),)
    value = ev.scalar(ev.eval(term.args[0], frame), frame, term.args[0].at)
    if value.cls is Class.EXACTLY:
        return (computed(str(v) for v in value.exact),)
    return (value,)


def _repr(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    return (computed(repr(v) for v in value.exact),) if value.cls is Class.EXACTLY else (value,)


def _number(convert: Callable[[Any], int | float]) -> Callable[[Evaluator, Call, Frame], Alts]:
    """Make the evaluation of `int(...)` or `float(...)`: constants are converted, other sets stay what they are."""

    def number(ev: Evaluator, term: Call, frame: Frame) -> Alts:
        value = ev.scalar(_first(ev, term, frame), frame, term.at)
        if value.cls is not Class.EXACTLY:
            return (value,)
        out = []
        for constant in value.exact:
            try:
                out.append(convert(constant))
            except (TypeError, ValueError, OverflowError):
                continue
        return (computed(out),)

    return number


def _bool(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return (exactly((False, True)),)


def _object(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Return no value at all for `object()`: it marks what is missing, and whoever uses it puts something in its place."""
    return (exactly(()),)


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


QUEUES = ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "JoinableQueue")


def _queue(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Make an empty queue: what is put into it anywhere is what can be taken out."""
    return (Sequence("list", ()),)


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


def dictionary(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `dict(...)`: of other dictionaries, of pairs, of keywords."""
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
                pairs, complete = containers.pairs(ev, obj, frame, term.at)
                entries.extend(pairs)
                open_ = open_ or not complete
            elif (held := _held(ev, obj, frame, term)) is not None:
                entries.append((AnyKey(Thunk(None, None, (held,))), Thunk(None, None, (held,))))
            else:
                open_ = True
    for name, value in term.kwargs:
        if name:
            entries.append((name, frame.thunk(value)))
        else:
            found, was_open, maybe = containers.entries_of(ev, ev.eval(value, frame), value, frame)
            entries.extend(found)
            open_ = open_ or was_open
            optional |= maybe
    return (Mapping(tuple(entries), open_, optional),)  # type: ignore[arg-type]


def _held(ev: Evaluator, obj: Obj, frame: Frame, term: Call) -> Value | None:
    """Return what keys and values of something open are, when all that is reached from it grows as well: headers, metadata."""
    row = ev.library.row(obj.path) if isinstance(obj, Ext) else None
    value = ev.scalar((obj,), frame, term.at) if isinstance(obj, Value) or (row is not None and row.deep) else None
    return value if value is not None and value.cls is Class.UNBOUNDED else None


def _range(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    numbers = []
    for argument in term.args:
        value = ev.value(argument, frame)
        if value.cls is not Class.EXACTLY or len(value.exact) != 1 or not isinstance(value.exact[0], int):
            return (Sequence("list", (), (Thunk(None, None, (unknown("a number from a range that is not known"),)),)),)
        numbers.append(int(value.exact[0]))
    if not numbers or (len(numbers) == 3 and numbers[2] == 0) or len(numbers) > 3:
        return (Sequence("list", ()),)
    span, size = range(*numbers), limits.size_of_range(numbers)
    if size > containers.MAX_UNROLL:
        return (Sequence("list", (), (Thunk(None, None, (bounded(size, f"a number of `{span}`"),)),), size),)
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
            got = ev.eval(Attr(term.args[0], str(text), term.at), frame)
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
            stored = [n for base in classes.mro(ev, obj.cls) if isinstance(base, Cls) for n in classes.stored_names(base)]
            for name in dict.fromkeys((*stored, *named_stores.names(ev, obj))):
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
    groups = [ev.eval(Elem(term.args[0], term.at), frame)] if term.args else []
    if len(term.args) > 1:
        groups.append(ev.eval(term.args[1], frame))
    return merge(groups) if groups else NOTHING


def _min_max(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    if len(term.args) == 1:
        return ev.eval(Elem(term.args[0], term.at), frame)
    return ranges.clamp(ev, term, frame)


def _round(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    return (value,) if value.cls >= Class.UNKNOWN else (unknown("a rounded number"),)


def _get_args(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `typing.get_args(X)`: the values of a Literal."""
    from cardlint.link import hints

    return hints.arguments(ev, _first(ev, term, frame)) or (unknown("the arguments of a type that is not known"),)


def _type_variable(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Keep `TypeVar(...)` as the type it stands for: whatever its bound or its constraints allow."""
    return (Hint(term, frame),)


def _app_key(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Evaluate `web.AppKey("name", Type)` to its name, and remember what an application holds under it."""
    name = ev.value(term.args[0], frame) if term.args else None
    if name is None or name.cls is not Class.EXACTLY or len(name.exact) != 1:
        return (unknown("a key of an application"),)
    if len(term.args) > 1:
        from cardlint.link import hints

        ev.cache("app keys")[name.exact[0]] = hints.instance_of(ev, term.args[1], frame)
    return (name,)


def _context_var(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return (Box(term, frame),)


def _super(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return calls.super_of(ev, term, frame)


def _partial(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    return calls.partial_of(ev, term, frame)


def _counter(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Build a `collections.Counter`: its keys are the elements it counts, and a count is no category."""
    count = Thunk(None, None, (unknown("how often something was counted"),))
    entries: list[tuple[object, Thunk]] = [(name, count) for name, _ in term.kwargs if name]
    for argument in term.args[:1]:
        keys = ev.scalar(ev.eval(Elem(argument, term.at), frame), frame, term.at)
        entries.extend([(key, count) for key in keys.exact] if keys.cls is Class.EXACTLY else [(AnyKey(Thunk(None, None, (keys,))), count)])
    return (Mapping(tuple(entries), False, frozenset(key for key, _ in entries if isinstance(key, str))),)  # type: ignore[arg-type]


def _default_dict(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Build a dictionary with a default. What the default gives is no value of the program's own: a missing key has none."""
    return dictionary(ev, Call(term.func, term.args[1:], term.kwargs, term.at), frame)


def _namespace(ev: Evaluator, term: Call, frame: Frame) -> Alts:
    """Build an object that has what it is given as attributes."""
    return (Record({name: ev.eval(value, frame) for name, value in term.kwargs if name}),)


POOLS = ("multiprocessing.Pool", "multiprocessing.pool.Pool", "multiprocessing.pool.ThreadPool", "multiprocessing.dummy.Pool")
BUILTIN_CALLS: dict[str, Callable[[Evaluator, Call, Frame], Alts]] = {
    "builtins.str": _str,
    "builtins.repr": _repr,
    "builtins.int": _number(int),
    "builtins.float": _number(float),
    "builtins.bool": _bool,
    "builtins.object": _object,
    "builtins.type": _type,
    "builtins.list": _collect("list"),
    "builtins.tuple": _collect("tuple"),
    "builtins.set": _collect("set"),
    "builtins.frozenset": _collect("set"),
    "collections.deque": _collect("list"),
    **{f"{module}.{name}": _queue for module in ("asyncio", "queue", "multiprocessing") for name in QUEUES},
    "builtins.iter": _collect("generator"),
    "builtins.reversed": _collect("list"),
    "builtins.sorted": _sorted,
    "builtins.dict": dictionary,
    "collections.OrderedDict": dictionary,
    "collections.Counter": _counter,
    "collections.defaultdict": _default_dict,
    "types.MappingProxyType": dictionary,
    "types.SimpleNamespace": _namespace,
    "builtins.range": _range,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": applying.mapped,
    "builtins.getattr": _getattr,
    "builtins.len": _len,
    "builtins.next": _next,
    "builtins.min": _min_max,
    "builtins.max": _min_max,
    "builtins.round": _round,
    "builtins.vars": records.vars_of,
    "dataclasses.asdict": records.vars_of,
    "dataclasses.fields": records.fields_of,
    "dataclasses.replace": records.replaced,
    "copy.replace": records.replaced,
    "attr.evolve": records.replaced,
    "attrs.evolve": records.replaced,
    "attr.fields": records.fields_of,
    "attrs.fields": records.fields_of,
    "typing.get_args": _get_args,
    "typing_extensions.get_args": _get_args,
    "typing.TypeVar": _type_variable,
    "typing_extensions.TypeVar": _type_variable,
    "contextvars.ContextVar": _context_var,
    "aiohttp.web.AppKey": _app_key,
    "builtins.super": _super,
    "functools.partial": _partial,
    "builtins.isinstance": _bool,
    "builtins.issubclass": _bool,
    "builtins.hasattr": _bool,
    "builtins.callable": _bool,
    "itertools.product": combining.product,
    "itertools.chain": combining.chain,
    "itertools.chain.from_iterable": combining.chained,
    "itertools.starmap": applying.spread,
    **{f"concurrent.futures.{kind}PoolExecutor.map": applying.mapped for kind in ("Thread", "Process")},
    **{f"concurrent.futures.{kind}PoolExecutor.submit": applying.submitted for kind in ("Thread", "Process")},
    "concurrent.futures.Executor.map": applying.mapped,
    "concurrent.futures.Executor.submit": applying.submitted,
    **{f"{pool}.{name}": applying.mapped_once for pool in POOLS for name in ("map", "imap", "imap_unordered")},
    **{f"{pool}.starmap": applying.spread for pool in POOLS},
    **{f"{pool}.apply_async": applying.applied_async for pool in POOLS},
    "concurrent.futures.as_completed": applying.finished,
    "asyncio.as_completed": applying.finished,
    "asyncio.gather": applying.gathered,
    **validated.MAKERS,
    "builtins.any": _bool,
    "builtins.all": _bool,
}
