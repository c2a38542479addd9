"""Metrics: the calls that construct one, their arguments, and the results of their methods."""

from __future__ import annotations

from msgspec import Struct

from cardlint.findings import Place
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.metric_info import MetricInfo
from cardlint.inference.domain.objects import ClassObject, Function, Instance, LibraryPath, MetricObject, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unknown
from cardlint.inference.limits import MAX_CALL_DEPTH, MAX_TERM_DEPTH
from cardlint.inference.models import library_calls
from cardlint.inference.primitives import binding, class_graph, collections, metric_classes
from cardlint.inference.program import Bounds, HowMade
from cardlint.ir.model import Flag, FunctionIR
from cardlint.ir.terms import AnyTerm, At, Call, Const, Item, Param, Star, Use
from cardlint.knowledge.clients.schema import MetricClass


def constructed(ev: Evaluator, path: str, term: Call, frame: Frame) -> Objects | None:
    """Return the metric of a call of a library class, None when it is no metric class."""
    found = metric_classes.constructed_by(ev, path, term)
    if found is None:
        return None
    info = ev.metrics.add(frame, term, found.client, found.row, found.row.name, found.how, pair(ev, term, frame, found.row))
    return (MetricObject(info, "family" if found.how == "family" else "parent"),)


def call_library(ev: Evaluator, obj: LibraryPath, term: Call, frame: Frame) -> Objects:
    """Call an object of a library, which may be a metric class."""
    made = constructed(ev, obj.path, term, frame)
    return library_calls.external_call(ev, obj, term, frame) if made is None else made


def pair(ev: Evaluator, term: Call, frame: Frame, row: MetricClass) -> dict[str, AnyTerm]:
    """Pair the arguments of a constructor with the parameters of its row; `**mapping` is expanded where it is known."""
    rename = dict(row.keywords)
    out: dict[str, AnyTerm] = {}
    given: list[AnyTerm] = []
    for argument in term.args:
        if not isinstance(argument, Star):
            given.append(argument)
            continue
        items = collections.as_items(ev, ev.eval(argument.base, frame))
        if items is None:
            break
        given.extend(Item(argument.base, Const(index, argument.at), argument.at) for index in range(len(items)))
    out.update(zip(row.parameters, given, strict=False))
    for name, value in term.kwargs:
        if name:
            out[rename.get(name, name)] = value
            continue
        for obj in ev.eval(value, frame):
            if isinstance(obj, Mapping):
                for key, _ in obj.entries:
                    if isinstance(key, str):
                        out.setdefault(rename.get(key, key), Item(value, Const(key, value.at), value.at))
    return out


def subclass(ev: Evaluator, cls: ClassObject, term: Call, frame: Frame) -> Objects | None:
    """Return the metric of a call of a subclass of a metric class, None when it is no such class.

    A subclass with its own `__init__` is described by the `super().__init__` call in it.
    """
    bases = class_graph.external_bases(ev, cls)
    found = next((made for p in bases if (made := metric_classes.constructor_of(ev, p)) is not None), None)
    if found is None or found.how == "family":
        return None
    init = ev.class_attribute(cls, "__init__", (_self(cls, term, frame),), frame, term.at)
    function = next((o for o in init if isinstance(o, Function)), None)
    own = frozenset(name for base in class_graph.mro(ev, cls) if isinstance(base, ClassObject) for name in base.ir.methods)

    def add(frame: Frame, term: Call, arguments: dict[str, AnyTerm]) -> MetricInfo:
        info = ev.metrics.add(frame, term, found.client, found.row, cls.ir.name, "subclass", arguments)
        info.overrides, info.subclass = own, cls
        return info

    if function is None:
        return (MetricObject(add(frame, term, arguments=pair(ev, term, frame, found.row)), "parent"),)
    inner = binding.bound_frame(ev, function, term, frame)
    if inner is None:
        return None
    for _, definition in ((f, d) for f, d in function.file.ir.calls_named("__init__") if f == function.ir.index):
        call = function.ir.defs[definition].term
        if isinstance(call, Call):
            return (MetricObject(add(inner, call, arguments=pair(ev, call, inner, found.row)), "parent"),)
    return (MetricObject(add(frame, term, arguments=pair(ev, term, frame, found.row)), "parent"),)


def collector(ev: Evaluator, cls: ClassObject, term: Call, frame: Frame) -> None:
    """Record a custom collector that is built with a name and buckets: it exports a histogram that it computes itself."""
    clients = ev.library.clients
    client = next((clients.of(p) for p in class_graph.external_bases(ev, cls) if clients.is_collector(p)), None)
    if client is None:
        return
    init = ev.class_attribute(cls, "__init__", (_self(cls, term, frame),), frame, term.at)
    function = next((o for o in init if isinstance(o, Function)), None)
    if function is None:
        return
    order = tuple(p.name for p in function.ir.params if p.kind in ("pos", "both"))[1:]
    row = MetricClass(cls.ir.name, "histogram", order)
    arguments = pair(ev, term, frame, row)
    if "name" in arguments and "buckets" in arguments:
        ev.metrics.add(frame, term, client, row, cls.ir.name, "wrapper", arguments)


def _self(cls: ClassObject, term: Call, frame: Frame) -> Object:
    return Instance(cls, (term, frame))


def method(ev: Evaluator, obj: MetricObject, name: str, term: Call, frame: Frame) -> Objects:
    """Return the result of a metric's method: a child, a timer, or nothing of interest."""
    known = ev.library.clients.method(obj.info.client, name)
    gives = known.gives if known is not None else "nothing"
    if gives == "nothing":
        return (exactly((None,)),)
    if gives == "samples":
        return (unknown("samples of a metric"),)
    return (MetricObject(obj.info, gives),)


# description ----------------------------------------------------------------------------------------------------------


def tracked(ev: Evaluator, term: AnyTerm, frame: Frame) -> tuple[Objects, set[Frame]]:
    """Evaluate a term and return the open frames that its value depends on."""
    outer, ev.dependencies = ev.dependencies, set()
    try:
        alts = ev.eval(term, frame)
        found = ev.dependencies
    finally:
        ev.dependencies = outer
    ev.rests(frozenset(found))
    return alts, found


def rests_on(ev: Evaluator, info: MetricInfo, argument: str) -> set[Frame]:
    """Return the open frames that an argument of a constructor depends on."""
    term = info.arguments.get(argument)
    if term is None:
        return set()
    found = tracked(ev, term, info.frame)[1]
    return {info.frame} if len(found) == 1 and not all(isinstance(f, Frame) for f in found) else found


def open_frames(ev: Evaluator, info: MetricInfo) -> set[Frame]:
    """Return the open frames that decide which metric a constructor makes: those of its name.

    Where the computation of the name is not followed, the callers that give the label names or the buckets make different metrics too.
    """
    found = rests_on(ev, info, "name")
    name = info.arguments.get("name")
    if name is None or found or ev.value(name, info.frame).bound is not Bound.UNKNOWN:
        return found
    return rests_on(ev, info, "labelnames") | rests_on(ev, info, "buckets")


def where(info: MetricInfo) -> tuple[Place, HowMade, Frame]:
    """Return the place that declares a metric: the constructor, or the call of the factory that names it."""
    frame = info.frame
    place = frame.place(info.term.at)
    name = info.arguments.get("name")
    if name is None or frame.bindings is None or frame.caller is None:
        return place, info.constructor, frame
    constructor = info.constructor
    current = frame
    chain = [frame]
    for _ in range(MAX_CALL_DEPTH):
        if current.bindings is None or current.caller is None or current.call is None:
            break
        if not _depends(name, chain):
            break
        constructor = "wrapper" if constructor in ("direct", "wrapper") else constructor
        place = current.caller.place(current.call)
        current = current.caller
        chain.append(current)
    return place, constructor, current


def _depends(name: AnyTerm, chain: list[Frame]) -> bool:
    """Tell whether the name depends on a parameter of the outermost frame of the chain."""
    terms = [name]
    for step in chain:
        parameters = sorted({found for term in terms for found in _parameters(term, step)})
        if step is chain[-1] or not parameters:
            return bool(parameters)
        given = [step.bindings[p].term for p in parameters if step.bindings is not None and p in step.bindings]
        terms = [term for term in given if term is not None]
    return False


def _parameters(term: AnyTerm, frame: Frame, depth: int = 0) -> set[str]:
    """List the parameters of a frame's function that a term mentions."""
    if isinstance(term, Param):
        return {term.name}
    if depth > MAX_TERM_DEPTH:
        return set()
    if isinstance(term, Use):
        return _parameters(frame.ir.defs[term.index].term, frame, depth + 1)
    out: set[str] = set()
    for name in term.__struct_fields__:
        value = getattr(term, name)
        if isinstance(value, Struct):
            out |= _parameters(value, frame, depth + 1)  # type: ignore[arg-type]
        elif isinstance(value, tuple) and name != "at":
            for part in value:
                for inner in part if isinstance(part, tuple) else (part,):
                    if isinstance(inner, Struct):
                        out |= _parameters(inner, frame, depth + 1)  # type: ignore[arg-type]
    return out


def bounds(ev: Evaluator, info: MetricInfo) -> Bounds | None:
    """Compute the bucket list of a Histogram, None when the default is used."""
    term = info.arguments.get("buckets")
    if term is None or info.type != "histogram":
        return None
    place = info.frame.place(term.at)
    alts = ev.eval(term, info.frame)
    lists: list[tuple[float, ...]] = []
    list_place: Place | None = None
    one_shot = False
    undecided = ""
    for obj in alts:
        if isinstance(obj, Sequence):
            numbers = _numbers(ev, obj.written(), info.frame, term.at)
            one_shot = one_shot or obj.kind == "generator"
            if numbers is None:
                undecided = "its bounds are computed from unknown values"
                continue
            lists.append(numbers)
            thunk = obj.items[0] if obj.items else None
            if thunk is not None and thunk.term is not None and thunk.frame is not None:
                list_place = thunk.frame.place(thunk.term.at)
        elif isinstance(obj, LibraryPath) and (default := ev.library.clients.default_bounds(obj.path)):
            lists.append(default)
        elif isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY and obj.exact == (None,):
            continue
        else:
            undecided = "the bucket list comes from an unknown place"
    if not lists:
        return Bounds(place, None, list_place, one_shot, undecided or "the bucket list is unknown")
    longest = max(lists, key=len)
    if undecided and not any(b != float("inf") for b in longest):
        return Bounds(place, None, list_place, one_shot, undecided)  # an empty start that a loop fills
    lists = [bounds_ for bounds_ in lists if bounds_] or lists
    default = info.client.default_bounds
    if list_place is None and default and _finite(longest) == _finite(default):
        return None  # the library's own default, passed on
    return Bounds(place, longest, list_place if list_place != place else None, one_shot, "", bool(undecided) or len(lists) > 1)


def _finite(bounds_: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(b for b in bounds_ if b != float("inf"))


def _numbers(ev: Evaluator, obj: Sequence, frame: Frame, at: At) -> tuple[float, ...] | None:
    if obj.rest or obj.max_size is not None:
        return None
    out: list[float] = []
    for thunk in obj.items:
        value = ev.scalar(ev.force(thunk), thunk.frame or frame, at)
        if value.bound is not Bound.EXACTLY or len(value.exact) != 1:
            return None
        try:
            out.append(float(value.exact[0]))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return None
    return tuple(out)


def in_loop(ev: Evaluator, info: MetricInfo) -> bool:
    """Tell whether the constructor is inside a loop."""
    return is_repeated(ev, info.frame.ir, info.term)


def is_repeated(ev: Evaluator, ir: FunctionIR, term: Call) -> bool:
    """Tell whether a call of a function is inside a loop."""
    return id(term) in _in_loops(ev, ir)


@query(initial=frozenset())
def _in_loops(ev: Evaluator, ir: FunctionIR) -> frozenset[int]:
    return frozenset(id(d.term) for d in ir.defs if d.flags & Flag.LOOP)
