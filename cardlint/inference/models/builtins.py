"""Calls of Python's builtins and of a few standard functions: `str`, `sorted`, `dict`, `zip`, `getattr`, `max`, ..."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import constant_limits
from cardlint.inference.domain.containers import Mapping, Sequence, SequenceKind, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    AttributeBag,
    ClassObject,
    ContextVariable,
    Instance,
    MetricObject,
    Objects,
    TypeExpr,
    TypeOfObject,
)
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, computed, exactly, unbounded, unknown
from cardlint.inference.language import calls, class_attributes, dynamic_attributes, intervals, type_hints
from cardlint.inference.limits import MAX_UNROLL
from cardlint.inference.models import executors, itertools, records
from cardlint.inference.models.validation import DECODERS
from cardlint.inference.primitives import class_graph, collections
from cardlint.ir.terms import Attr, Call, Iterate, Star


def _first(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return ev.eval(term.args[0], frame) if term.args else BOTTOM


def _str(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    if not term.args:
        return (exactly(("",)),)
    value = ev.scalar(ev.eval(term.args[0], frame), frame, term.args[0].at)
    if value.cls is Bound.EXACTLY:
        return (computed(str(v) for v in value.exact),)
    return (value,)


def _repr(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    return (computed(repr(v) for v in value.exact),) if value.cls is Bound.EXACTLY else (value,)


def _number(convert: Callable[[Any], int | float]) -> Callable[[Evaluator, Call, Frame], Objects]:
    """Make the evaluation of `int(...)` or `float(...)`: constants are converted, other sets stay unchanged."""

    def number(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        value = ev.scalar(_first(ev, term, frame), frame, term.at)
        if value.cls is not Bound.EXACTLY:
            return (value,)
        out = []
        for constant in value.exact:
            try:
                out.append(convert(constant))
            except (TypeError, ValueError, OverflowError):
                continue
        return (computed(out),)

    return number


def _bool(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return (exactly((False, True)),)


def _object(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Return no value for `object()`: it is a sentinel, and its user replaces it."""
    return (exactly(()),)


def _type(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return (TypeOfObject(_first(ev, term, frame)),) if len(term.args) == 1 else (unknown("a class made at run time"),)


def _collect(kind: SequenceKind) -> Callable[[Evaluator, Call, Frame], Objects]:
    def collect(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        if not term.args:
            return (Sequence(kind, ()),)
        alts = _first(ev, term, frame)
        items = collections.as_items(ev, alts)
        if items is not None:
            return (Sequence(kind, items),)
        sized = next((o.size for o in alts if isinstance(o, Sequence) and o.size is not None), None)
        return (Sequence(kind, (), (frame.element(term.args[0], term.at),), sized),)

    return collect


QUEUES = ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "JoinableQueue")


def _queue(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Make an empty queue: its elements are those of every `put` in the program."""
    return (Sequence("list", ()),)


def _sorted(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    alts = _first(ev, term, frame)
    items = collections.as_items(ev, alts)
    if items is None:
        return _collect("list")(ev, term, frame)
    values = [ev.scalar(ev.force(t), frame, term.at) for t in items]
    if all(v.cls is Bound.EXACTLY and len(v.exact) == 1 for v in values) and not any(k == "key" for k, _ in term.kwargs):
        constants = [v.exact[0] for v in values]
        reverse = any(k == "reverse" for k, _ in term.kwargs)
        try:
            constants.sort(reverse=reverse)
        except TypeError:
            return (Sequence("list", (), items),)
        return (Sequence("list", tuple(Lazy(None, None, (exactly((c,)),)) for c in constants)),)
    return (Sequence("list", items),)


def _range(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    numbers = []
    for argument in term.args:
        value = ev.value(argument, frame)
        if value.cls is not Bound.EXACTLY or len(value.exact) != 1 or not isinstance(value.exact[0], int):
            return (Sequence("list", (), (Lazy(None, None, (unknown("a number from a range that is not known"),)),)),)
        numbers.append(int(value.exact[0]))
    if not numbers or (len(numbers) == 3 and numbers[2] == 0) or len(numbers) > 3:
        return (Sequence("list", ()),)
    span, size = range(*numbers), constant_limits.size_of_range(numbers)
    if size > MAX_UNROLL:
        return (Sequence("list", (), (Lazy(None, None, (bounded(size, f"a number of `{span}`"),)),), size),)
    return (Sequence("list", tuple(Lazy(None, None, (exactly((n,)),)) for n in span)),)


def _enumerate(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    items = collections.as_items(ev, _first(ev, term, frame))
    if items is not None:
        return (
            Sequence(
                "list",
                tuple(Lazy(None, None, (Sequence("tuple", (Lazy(None, None, (exactly((i,)),)), t)),)) for i, t in enumerate(items)),
            ),
        )
    index = Lazy(None, None, (unknown("a position in a collection that is not known"),))
    element = frame.element(term.args[0], term.at) if term.args else index
    return (Sequence("list", (), (Lazy(None, None, (Sequence("tuple", (index, element)),)),)),)


def _zip(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    columns = [collections.as_items(ev, ev.eval(a, frame)) for a in term.args if not isinstance(a, Star)]
    if columns and all(c is not None for c in columns):
        rows = zip(*(c for c in columns if c is not None), strict=False)
        return (Sequence("list", tuple(Lazy(None, None, (Sequence("tuple", tuple(row)),)) for row in rows)),)
    row = Sequence("tuple", tuple(frame.element(a, term.at) for a in term.args))
    return (Sequence("list", (), (Lazy(None, None, (row,)),)),)


def _getattr(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    if len(term.args) < 2:
        return (unknown("getattr() without a name"),)
    name = ev.value(term.args[1], frame)
    groups: list[Objects] = []
    if name.cls is Bound.EXACTLY:
        for text in name.exact:
            got = ev.eval(Attr(term.args[0], str(text), term.at), frame)
            undecided = all(isinstance(o, ValueSet) and o.cls is Bound.UNKNOWN and not o.kind for o in got)
            if not undecided or len(term.args) < 3 or got:
                groups.append(got)
    else:
        groups.append(_any_attribute(ev, term, frame))
    if len(term.args) > 2:
        groups.append(ev.eval(term.args[2], frame))
    return join_objects(groups) if groups else BOTTOM


def _any_attribute(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Join all metrics held by an object whose attribute name is computed: `getattr(self, f"{x}_total")`."""
    groups: list[Objects] = []
    for obj in ev.eval(term.args[0], frame):
        if isinstance(obj, Instance):
            stored = [n for base in class_graph.mro(ev, obj.cls) if isinstance(base, ClassObject) for n in class_graph.stored_names(base)]
            for name in dict.fromkeys((*stored, *dynamic_attributes.names(ev, obj))):
                alts = class_attributes.instance_attribute(ev, obj, name, frame, term.at)
                groups.append(tuple(o for o in alts if isinstance(o, MetricObject)))
    found = join_objects([g for g in groups if g]) if any(groups) else BOTTOM
    return found or (unknown("an attribute whose name is computed"),)


def _len(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    items = collections.as_items(ev, _first(ev, term, frame))
    if items is not None:
        return (exactly((len(items),)),)
    row = ev.library.row("builtins.len()")
    value = unbounded("measurement", "a length: a measurement, not a category", advice=row.advice if row is not None else "")
    return (value.step(frame.place(term.at), "a length is taken here"),)


def _next(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    groups = [ev.eval(Iterate(term.args[0], term.at), frame)] if term.args else []
    if len(term.args) > 1:
        groups.append(ev.eval(term.args[1], frame))
    return join_objects(groups) if groups else BOTTOM


def _min_max(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    if len(term.args) == 1:
        return ev.eval(Iterate(term.args[0], term.at), frame)
    return intervals.clamp(ev, term, frame)


def _round(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    value = ev.scalar(_first(ev, term, frame), frame, term.at)
    return (value,) if value.cls >= Bound.UNKNOWN else (unknown("a rounded number"),)


def _get_args(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `typing.get_args(X)`: the values of a Literal."""
    return type_hints.arguments(ev, _first(ev, term, frame)) or (unknown("the arguments of a type that is not known"),)


def _type_variable(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Keep `TypeVar(...)` as the type it represents: its bound or its constraints."""
    return (TypeExpr(term, frame),)


def _app_key(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `web.AppKey("name", Type)` to its name: an application holds items under it."""
    name = ev.value(term.args[0], frame) if term.args else None
    if name is None or name.cls is not Bound.EXACTLY or len(name.exact) != 1:
        return (unknown("a key of an application"),)
    return (name,)


def _context_var(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return (ContextVariable(term, frame),)


def _super(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return calls.super_of(ev, term, frame)


def _partial(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return calls.partial_of(ev, term, frame)


def _counter(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Build a `collections.Counter`: its keys are the counted elements, and a count is no category."""
    count = Lazy(None, None, (unknown("how often something was counted"),))
    entries: list[tuple[object, Lazy]] = [(name, count) for name, _ in term.kwargs if name]
    for argument in term.args[:1]:
        keys = ev.scalar(ev.eval(Iterate(argument, term.at), frame), frame, term.at)
        entries.extend(
            [(key, count) for key in keys.exact] if keys.cls is Bound.EXACTLY else [(UnknownKey(Lazy(None, None, (keys,))), count)]
        )
    return (Mapping(tuple(entries), False, frozenset(key for key, _ in entries if isinstance(key, str))),)  # type: ignore[arg-type]


def _default_dict(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Build a dictionary with a default. The default adds no value: a missing key has none."""
    return collections.dictionary(ev, Call(term.func, term.args[1:], term.kwargs, term.at), frame)


def _namespace(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Build an object with its arguments as attributes."""
    return (AttributeBag({name: ev.eval(value, frame) for name, value in term.kwargs if name}),)


POOLS = ("multiprocessing.Pool", "multiprocessing.pool.Pool", "multiprocessing.pool.ThreadPool", "multiprocessing.dummy.Pool")
BUILTIN_CALLS: dict[str, Callable[[Evaluator, Call, Frame], Objects]] = {
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
    "builtins.dict": collections.dictionary,
    "collections.OrderedDict": collections.dictionary,
    "collections.Counter": _counter,
    "collections.defaultdict": _default_dict,
    "types.MappingProxyType": collections.dictionary,
    "types.SimpleNamespace": _namespace,
    "builtins.range": _range,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": executors.mapped,
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
    "itertools.product": itertools.product,
    "itertools.chain": itertools.chain,
    "itertools.chain.from_iterable": itertools.chained,
    "itertools.starmap": executors.spread,
    **{f"concurrent.futures.{kind}PoolExecutor.map": executors.mapped for kind in ("Thread", "Process")},
    **{f"concurrent.futures.{kind}PoolExecutor.submit": executors.submitted for kind in ("Thread", "Process")},
    "concurrent.futures.Executor.map": executors.mapped,
    "concurrent.futures.Executor.submit": executors.submitted,
    **{f"{pool}.{name}": executors.mapped_once for pool in POOLS for name in ("map", "imap", "imap_unordered")},
    **{f"{pool}.starmap": executors.spread for pool in POOLS},
    **{f"{pool}.apply_async": executors.applied_async for pool in POOLS},
    "concurrent.futures.as_completed": executors.finished,
    "asyncio.as_completed": executors.finished,
    "asyncio.gather": executors.gathered,
    **DECODERS,
    "builtins.any": _bool,
    "builtins.all": _bool,
}
