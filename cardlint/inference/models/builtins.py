"""Calls of Python's builtins and of a few standard functions: `str`, `sorted`, `dict`, `zip`, `getattr`, `max`, ..."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain import arithmetic, constant_limits
from cardlint.inference.domain.containers import NO_KEYS, Mapping, Sequence, SequenceKind, UnknownKey, most_of, selection
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    AttributeBag,
    ClassObject,
    ContextVariable,
    Function,
    Instance,
    LibraryPath,
    Object,
    Objects,
    TypeExpr,
    TypeOfObject,
)
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import (
    Bound,
    ValueSet,
    bounded,
    computed,
    derived,
    exactly,
    product,
    unknown,
)
from cardlint.inference.language import alias_changes, calls, intervals, type_hints
from cardlint.inference.limits import MAX_UNROLL
from cardlint.inference.models import datetime, executors, itertools, namespaces, records
from cardlint.inference.models.numbers import NUMBER_CALLS, first_argument
from cardlint.inference.models.validation import DECODERS
from cardlint.inference.primitives import collections, selections
from cardlint.ir.terms import Call, Iterate, Star
from cardlint.knowledge.handing import QUEUES


def _str(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    if not term.args:
        return (exactly(("",)),)
    value = ev.scalar(ev.eval(term.args[0], frame), frame, term.args[0].at)
    if value.bound is Bound.EXACTLY:
        return (computed(str(v) for v in value.exact),)
    return (value,)


def _filtered(position: int) -> Callable[[Evaluator, Call, Frame], Objects]:
    """Make the evaluation of what lets some elements of an argument through: `filter`, `itertools.takewhile`, `islice`."""

    def filtered(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        given = terms.argument(term, position)
        if given is None:
            return (unknown("some elements of an unknown collection"),)
        alts = ev.eval(given, frame)
        held = selections.elements(ev, alts)
        if held is None:
            return (Sequence("generator", (), (frame.element(given, term.at),)),)
        return (selection("set" if selections.is_unordered(alts) else "generator", [(thunk, False) for thunk, _ in held]),)

    return filtered


def _sample(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `random.sample(...)` and `random.choices(...)`: any of the elements, in any order."""
    return (Sequence("set", (), (frame.element(term.args[0], term.at),)),) if term.args else BOTTOM


def _uuid(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `uuid.UUID(...)`: of a constant it is one, and of a text it is that text."""
    given = [ev.value(a, frame) for a in (*term.args, *(v for _, v in term.kwargs)) if not isinstance(a, Star)]
    whole = product(given) if 0 < len(given) == len(term.args) + len(term.kwargs) else unknown("arguments that cannot be told apart")
    if whole.bound <= Bound.BOUNDED:
        return (derived(whole.size or 1, "a UUID from the code", "uuid", whole),)
    if whole.bound is Bound.PER_DEPLOYMENT or len(given) == len(term.args) == 1:
        return (whole,)  # the text that is read says where it comes from
    return (LibraryPath("uuid.UUID()", append_step(None, frame.place(term.at), "")),)


def _bool(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return (exactly((False, True)),)


def _object(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Return no value for `object()`: it is a sentinel, and its user replaces it."""
    return (exactly(()),)


def _new(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `object.__new__(cls)` and the `super().__new__(cls)` that leads to it: an instance, as singletons make it."""
    made = tuple(Instance(o, None) for o in first_argument(ev, term, frame) if isinstance(o, ClassObject))
    return made or (unknown("an instance of an unknown class"),)


def _type(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    return (TypeOfObject(first_argument(ev, term, frame)),) if len(term.args) == 1 else (unknown("a class made at run time"),)


def _collect(kind: SequenceKind) -> Callable[[Evaluator, Call, Frame], Objects]:
    def collect(ev: Evaluator, term: Call, frame: Frame) -> Objects:
        if not term.args:
            return (Sequence(kind, ()),)
        alts = first_argument(ev, term, frame)
        each = [(obj, selections.elements(ev, (obj,))) for obj in alts]
        made: list[Object] = [selection("set" if selections.is_unordered((obj,)) else kind, held) for obj, held in each if held is not None]
        if not made or len(made) < len(alts):
            sized = next((o.max_size for o in alts if isinstance(o, Sequence) and o.max_size is not None), None)
            mixed: SequenceKind = "set" if selections.is_unordered(alts) else kind
            made.append(Sequence(mixed, (), (frame.element(term.args[0], term.at),), sized, most=most_of(alts)))
        return tuple(made)

    return collect


def _reversed(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `reversed(...)`: the elements from the last to the first."""
    alts = first_argument(ev, term, frame)
    held = selections.elements(ev, alts)
    if held is None or selections.is_unordered(alts):
        return selections.reordered(_collect("list")(ev, term, frame))
    return (selection("list", held[::-1]),)


def _queue(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Make an empty queue: its elements are those of every `put` in the program."""
    return (Sequence("list", ()),)


def _sorted(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    alts = first_argument(ev, term, frame)
    given = dict(term.kwargs)
    reverse = ev.value(given["reverse"], frame) if "reverse" in given else exactly((False,))
    if reverse.bound is Bound.EXACTLY and len(reverse.exact) == 1 and not given.keys() - {"reverse"}:
        found = selections.ordered(ev, alts, bool(reverse.exact[0]), frame, term.at)
        if found is not None:
            return (found,)
    return selections.reordered(_collect("list")(ev, term, frame))


def _counted(why: str) -> ValueSet:
    """Return a number that is counted up to an unknown one: a position, whatever it is called."""
    return replace(unknown(why), kind="position")


def _range(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    numbers = []
    for argument in term.args:
        value = ev.value(argument, frame)
        if value.bound is not Bound.EXACTLY or len(value.exact) != 1 or not isinstance(value.exact[0], int):
            return (Sequence("list", (), (Lazy(None, None, (_counted("a number from an unknown range"),)),)),)
        numbers.append(int(value.exact[0]))
    if not numbers or (len(numbers) == 3 and numbers[2] == 0) or len(numbers) > 3:
        return (Sequence("list", ()),)
    span, size = range(*numbers), constant_limits.size_of_range(numbers)
    if size > MAX_UNROLL:
        return (Sequence("list", (), (Lazy(None, None, (replace(bounded(size, f"a number of `{span}`"), counted=True),)),), size),)
    return (Sequence("list", tuple(Lazy(None, None, (exactly((n,)),)) for n in span)),)


def _enumerate(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    alts = first_argument(ev, term, frame)
    given = terms.argument(term, 1, "start")
    start = ev.value(given, frame) if given is not None else exactly((0,))
    first = start.exact[0] if start.bound is Bound.EXACTLY and len(start.exact) == 1 else None
    items = collections.as_items(ev, alts)
    if items is not None and isinstance(first, int) and not selections.is_unordered(alts):
        pairs = (Sequence("tuple", (Lazy(None, None, (exactly((i,)),)), t)) for i, t in enumerate(items, first))
        return (Sequence("list", tuple(Lazy(None, None, (pair,)) for pair in pairs)),)
    held = selections.elements(ev, alts)
    position = selections.one_of(len(held)) if held is not None else _counted("a position in an unknown collection")
    index = Lazy(None, None, (arithmetic.combine("+", start, position),))
    element = frame.element(term.args[0], term.at) if term.args else index
    return (Sequence("list", (), (Lazy(None, None, (Sequence("tuple", (index, element)),)),)),)


def _zip(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    columns = [
        collections.as_items(ev, alts) if not selections.is_unordered(alts := ev.eval(a, frame)) else None
        for a in term.args
        if not isinstance(a, Star)
    ]
    if columns and all(c is not None for c in columns):
        rows = zip(*(c for c in columns if c is not None), strict=False)
        return (Sequence("list", tuple(Lazy(None, None, (Sequence("tuple", tuple(row)),)) for row in rows)),)
    row = Sequence("tuple", tuple(frame.element(a, term.at) for a in term.args))
    return (Sequence("list", (), (Lazy(None, None, (row,)),)),)


def _next(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    groups = [ev.eval(Iterate(term.args[0], term.at), frame)] if term.args else []
    if len(term.args) > 1:
        groups.append(ev.eval(term.args[1], frame))
    return join_objects(groups) if groups else BOTTOM


def _min_max(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    default = next((value for name, value in term.kwargs if name == "default"), None)
    if len(term.args) == 1:
        groups = [ev.eval(Iterate(term.args[0], term.at), frame), ev.eval(default, frame) if default is not None else BOTTOM]
        return join_objects([g for g in groups if g]) if any(groups) else BOTTOM
    return intervals.clamp(ev, term, frame)


def _get_args(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `typing.get_args(X)`: the values of a Literal."""
    return type_hints.arguments(ev, first_argument(ev, term, frame)) or (unknown("the arguments of an unknown type"),)


def _type_variable(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Keep `TypeVar(...)` as the type it represents: its bound or its constraints."""
    return (TypeExpr(term, frame),)


def _app_key(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `web.AppKey("name", Type)` to its name: an application holds items under it."""
    name = ev.value(term.args[0], frame) if term.args else None
    if name is None or name.bound is not Bound.EXACTLY or len(name.exact) != 1:
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
            [(key, count) for key in keys.exact] if keys.bound is Bound.EXACTLY else [(UnknownKey(Lazy(None, None, (keys,))), count)]
        )
    return (Mapping(tuple(entries), False, frozenset(key for key, _ in entries if isinstance(key, str))),)  # type: ignore[arg-type]


def _default_dict(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Build a dictionary with a default: reading a key adds it."""
    (made,) = collections.dictionary(ev, Call(term.func, term.args[1:], term.kwargs, term.at), frame)
    if not term.args or not isinstance(made, Mapping):
        return (made,)
    own = any(isinstance(o, Function) for o in ev.eval(term.args[0], frame))
    default = frame.written(("default", id(term)), Call(term.args[0], (), (), term.at))
    return (alias_changes.with_default(ev, made, ev.eval(default, frame), own, term, frame),)


def _from_keys(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `dict.fromkeys(...)`: the elements of a collection as keys, each once; all of them have the same value."""
    if not term.args:
        return BOTTOM
    value = frame.lazy(term.args[1]) if len(term.args) > 1 else Lazy(None, None, (exactly((None,)),))
    entries = collections.keyed(ev, Iterate(term.args[0], term.at), value, frame)
    certain = collections.as_items(ev, ev.eval(term.args[0], frame)) is not None
    optional = frozenset(k for k, _ in entries if not isinstance(k, UnknownKey)) if not certain else NO_KEYS
    return (Mapping(tuple(entries), False, optional),)


def _namespace(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Build an object with its arguments as attributes."""
    return (AttributeBag({name: ev.eval(value, frame) for name, value in term.kwargs if name}, changeable=True),)


def _new_type(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Call `NewType`, or the type that it has made: `UserId(value)` is the value (Python 3.13, `typing.NewType`)."""
    if len(term.args) != 1 or term.kwargs:
        return (LibraryPath("typing.NewType"),)
    return ev.eval(term.args[0], frame)


POOLS = ("multiprocessing.Pool", "multiprocessing.pool.Pool", "multiprocessing.pool.ThreadPool", "multiprocessing.dummy.Pool")
MODELLED_CALLS: dict[str, Callable[[Evaluator, Call, Frame], Objects]] = {
    **NUMBER_CALLS,
    "builtins.str": _str,
    "typing.NewType": _new_type,
    "typing_extensions.NewType": _new_type,
    "builtins.filter": _filtered(1),
    "itertools.filterfalse": _filtered(1),
    "itertools.takewhile": _filtered(1),
    "itertools.dropwhile": _filtered(1),
    "itertools.compress": _filtered(0),
    "itertools.islice": _filtered(0),
    "random.sample": _sample,
    "random.choices": _sample,
    "uuid.UUID": _uuid,
    "datetime.date": datetime.made("datetime.date"),
    "datetime.datetime": datetime.made("datetime.datetime"),
    "datetime.time": datetime.made("datetime.time"),
    "datetime.timedelta": datetime.made("datetime.timedelta"),
    "builtins.bool": _bool,
    "builtins.object": _object,
    "builtins.object.__new__": _new,
    "builtins.type": _type,
    "builtins.list": _collect("list"),
    "builtins.tuple": _collect("tuple"),
    "builtins.set": _collect("set"),
    "builtins.frozenset": _collect("set"),
    "collections.deque": _collect("list"),
    **dict.fromkeys(QUEUES, _queue),
    "builtins.iter": _collect("generator"),
    "builtins.reversed": _reversed,
    "builtins.sorted": _sorted,
    "builtins.dict": collections.dictionary,
    "collections.OrderedDict": collections.dictionary,
    "collections.Counter": _counter,
    "collections.defaultdict": _default_dict,
    "builtins.dict.fromkeys": _from_keys,
    "collections.OrderedDict.fromkeys": _from_keys,
    "types.MappingProxyType": collections.dictionary,
    "types.SimpleNamespace": _namespace,
    "builtins.range": _range,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": executors.mapped,
    "builtins.getattr": namespaces.attribute_by_name,
    "builtins.globals": namespaces.own_names,
    "builtins.locals": namespaces.local_names,
    "builtins.__import__": namespaces.dunder_import,
    "importlib.import_module": namespaces.import_module,
    "importlib.__import__": namespaces.dunder_import,
    "importlib.reload": namespaces.same,
    "sys.modules.get": namespaces.loaded,
    "builtins.next": _next,
    "builtins.min": _min_max,
    "builtins.max": _min_max,
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
    **dict.fromkeys(("heapq.heappop", "heapq.heappushpop", "heapq.heapreplace"), itertools.popped),
    **dict.fromkeys(("heapq.nlargest", "heapq.nsmallest"), itertools.most),
    "heapq.merge": itertools.merged,
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
