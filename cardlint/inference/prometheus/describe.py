"""Constructor calls to the Metric records that rules read."""

from __future__ import annotations

from collections.abc import Iterable

from cardlint.findings import Place, Step
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Mapping
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.metric_info import MetricInfo
from cardlint.inference.domain.objects import LibraryPath, MetricObject
from cardlint.inference.domain.value_sets import Bound, ValueSet, compose, exactly, unknown
from cardlint.inference.limits import MAX_NAMES
from cardlint.inference.primitives import collections, enums
from cardlint.inference.program import Guarded, HowMade, Metric, RegistryKind
from cardlint.inference.prometheus import constructors, label_lists, repetition
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Call, Param, Use
from cardlint.knowledge.clients.schema import MetricType


def declare(ev: Evaluator, info: MetricInfo) -> Metric:
    """Describe a constructor call; calls in several frames that declare one metric give one record."""
    if info.described is not None:
        return info.described
    found = ev.ask(lambda: _described(ev, info), None, info.frame, info.term.at)
    if found is None:
        place = info.frame.place(info.term.at)
        found = Metric(
            ev.metrics.number(),
            info.type,
            "?",
            unknown("the declaration is too far away"),
            None,
            None,
            {},
            place,
            "direct",
            info.class_name,
        )
        ev.metrics.canonical[place, info.type, "?", ()] = found
    info.described = found
    return found


def _described(ev: Evaluator, info: MetricInfo) -> Metric:
    place, constructor, _ = constructors.where(info)
    name_value, name = full_name(ev, info)
    key = (place, info.type, name, name_value.exact)
    found = ev.metrics.canonical.get(key)
    if found is None:
        built = _build(ev, info, ev.metrics.number(), place, constructor, name, name_value)
        found = ev.metrics.canonical[key] = _made_before(ev, info, built)
    return found


def _made_before(ev: Evaluator, info: MetricInfo, metric: Metric) -> Metric:
    """Return the metric that one constructor has already made under this name: a get-or-create function returns it again."""
    if info.frame.bindings is None or not named(metric):
        return metric
    return ev.metrics.made.setdefault((metric.built, metric.type, metric.name, metric.labelnames), metric)


def named(metric: Metric) -> bool:
    """Tell whether a metric has one known name, as opposed to a parameter of a factory."""
    return metric.name_value.bound is Bound.EXACTLY and len(metric.name_value.exact) == 1


def declared(ev: Evaluator, found: Iterable[MetricObject]) -> list[Metric]:
    """Describe metrics, each once, without the generic record of a factory where there are records of the metrics that it makes."""
    described = [*{metric.id: metric for metric in (declare(ev, obj.info) for obj in found)}.values()]
    made = {m.built for m in described if named(m)}
    return [m for m in described if named(m) or m.built not in made]


def full_name(ev: Evaluator, info: MetricInfo) -> tuple[ValueSet, str]:
    """Compute the set of full names and the name that messages show."""
    parts: list[ValueSet] = []
    texts: list[str] = []
    for part in ("namespace", "subsystem", "name"):
        term = info.arguments.get(part)
        if term is None:
            continue
        value = ev.scalar(enums.as_operands(ev, ev.eval(term, info.frame)), info.frame, term.at)  # the client joins the parts by `+`
        if value.bound is Bound.EXACTLY and set(value.exact) <= {"", None}:
            continue
        if parts:
            parts.append(exactly(("_",)))
            texts.append("_")
        parts.append(value)
        texts.append(_spelled(term, value, info.frame))
    if not parts:
        return unknown("the name is given by code that cannot be read"), "?"
    whole = compose(parts)
    if whole.bound is Bound.EXACTLY and len(whole.exact) == 1:
        return whole, str(whole.exact[0])
    return whole, "".join(texts)


def _spelled(term: AnyTerm, value: ValueSet, frame: Frame) -> str:
    """Spell a part of a name: its constant, or the code with braces around what is not constant, as an f-string has them."""
    if value.bound is Bound.EXACTLY and len(value.exact) == 1:
        return str(value.exact[0])
    term, frame = _as_passed(term, frame)
    text = render_expr(term, frame)
    return text[2:-1] if text.startswith('f"') and text.endswith('"') else "{" + text + "}"


def _as_passed(term: AnyTerm, frame: Frame) -> tuple[AnyTerm, Frame]:
    """Return what a caller wrote for a parameter: its own expression says more than the name of the parameter."""
    for _ in range(MAX_NAMES):
        made = frame.ir.defs[term.index].term if isinstance(term, Use) else term
        passed = frame.bindings.get(made.name) if isinstance(made, Param) and frame.bindings is not None else None
        if passed is None or passed.term is None or passed.frame is None:
            break
        term, frame = passed.term, passed.frame
    return term, frame


def not_declared(
    number: int, type_: MetricType, name: str, value: ValueSet, place: Place, in_test: bool = False, how: HowMade = "duck"
) -> Metric:
    """Return the record of a metric that is known only by its use."""
    return Metric(number, type_, name, value, None, None, {}, place, how, "", in_test=in_test)


def _build(ev: Evaluator, info: MetricInfo, number: int, place: Place, constructor: HowMade, name: str, name_value: ValueSet) -> Metric:
    labels = label_lists.label_names(ev, info)
    ir = info.frame.ir
    guarded, again = _repeated(ev, info)
    labels_term = info.arguments.get("labelnames")
    mode = _mode(ev, info)
    of_processes = ev.library.clients.process_mode(info.client, mode)
    return Metric(
        id=number,
        type=info.type,
        name=name,
        name_value=name_value,
        labelnames=labels.names if not info.row.free_labels else None,
        labelnames_place=info.frame.place(labels_term.at) if labels_term is not None else None,
        label_places=labels.places,
        also_named=labels.also,
        place=place,
        built=info.frame.place(info.term.at),
        constructor=constructor,
        class_name=info.class_name,
        client=info.client.package,
        unit=_constant(ev, info, "unit") or "",
        bounds=constructors.bounds(ev, info),
        states=_states(ev, info),
        multiprocess_mode=mode,
        of_each_process=of_processes is not None and of_processes.each,
        of_live_processes=of_processes is not None and of_processes.live,
        registry=_registry(ev, info),
        registry_at=registry_place(ev, info.arguments.get("registry"), info.frame),
        raw={key: info.frame.place(term.at) for key, term in info.arguments.items()},
        labelnames_string=labels.one_string,
        labels_open=labels.open,
        shifted=label_lists.is_shifted(ev, info),
        labels_vary=label_lists.labels_vary(ev, info) or _has_labels_replaced(ev, info),
        lists_vary=labels.open and label_lists.lists_vary(ev, info),
        labels_value=labels.elements,
        owner=ir.qualname if ir.kind in ("function", "lambda") else "",
        guarded=guarded,
        again=again,
        in_loop=constructors.in_loop(ev, info),
        in_test=info.frame.file.is_test,
        is_collect=ir.name in ev.library.clients.collect or (constructor == "family" and ir.kind != "module"),
        target=_target(ev, info),
    )


def _repeated(ev: Evaluator, info: MetricInfo) -> tuple[Guarded, Step | None]:
    """Say whether the constructor runs more than once; most are in the body of a module, outside of any loop."""
    if info.frame.ir.kind not in ("function", "lambda") and not constructors.in_loop(ev, info):
        return "", None
    return repetition.judged(ev, info)


def _constant(ev: Evaluator, info: MetricInfo, name: str) -> str | None:
    term = info.arguments.get(name)
    if term is None:
        return None
    value = ev.value(term, info.frame)
    return str(value.exact[0]) if value.bound is Bound.EXACTLY and len(value.exact) == 1 else ""


def _has_labels_replaced(ev: Evaluator, info: MetricInfo) -> bool:
    """Tell whether the function that makes a metric stores a method of its own on it: `metric.labels = MethodType(labels, metric)`."""
    giving = ev.library.clients.giving
    return any(store.how == "attr" and store.name in giving for store in info.frame.ir.stores)


def _states(ev: Evaluator, info: MetricInfo) -> int | None:
    term = info.arguments.get("states")
    if term is None:
        return None
    items = collections.as_items(ev, ev.eval(term, info.frame))
    return len(items) if items is not None else None


def _mode(ev: Evaluator, info: MetricInfo) -> str | None:
    term = info.arguments.get("multiprocess_mode")
    if term is None:
        more = [obj for name, value in info.term.kwargs if not name for obj in ev.eval(value, info.frame)]
        return None if all(isinstance(o, Mapping) and not o.open for o in more) else ""
    value = ev.value(term, info.frame)
    return str(value.exact[0]) if value.bound is Bound.EXACTLY and len(value.exact) == 1 else ""


def _registry(ev: Evaluator, info: MetricInfo) -> RegistryKind:
    term = info.arguments.get("registry")
    return registry_kind(ev, term, info.frame) if term is not None else "default"


def registry_kind(ev: Evaluator, term: AnyTerm, frame: Frame) -> RegistryKind:
    """Classify a registry argument: `default`, `none`, `local` (built in the same function) or `given`."""
    clients = ev.library.clients
    alts = ev.eval(term, frame)
    if len(alts) == 1:
        obj = alts[0]
        if isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY and obj.exact == (None,):
            return "none"
        if isinstance(obj, LibraryPath):
            if obj.path.rpartition(".")[2] in clients.default_registries:
                return "default"
            inner = terms.without_tests(term, frame)
            if isinstance(inner, Call) and obj.path.endswith(clients.registries):
                return "local" if frame.ir.kind != "module" else "given"
    return "given"


def registry_place(ev: Evaluator, term: AnyTerm | None, frame: Frame) -> Place | None:
    """Return the place that makes the registry of an argument, None where it is another one or may be one of several."""
    alts = ev.eval(term, frame) if term is not None else ()
    obj = alts[0] if len(alts) == 1 else None
    if not isinstance(obj, LibraryPath) or not obj.path.endswith(ev.library.clients.registries) or obj.trace is None:
        return None
    first = obj.trace
    while first.before is not None:
        first = first.before
    return first.step.place


def _target(ev: Evaluator, info: MetricInfo) -> str:
    """Return the name that a constructor's result is first bound to."""
    return _targets(ev, info.frame.ir).get(id(info.term), "")


@query(initial={})
def _targets(ev: Evaluator, ir: FunctionIR) -> dict[int, str]:
    """Return the first name that each term of a function is bound to, by the identity of the term."""
    found: dict[int, str] = {}
    for definition in ir.defs:
        if definition.name and isinstance(definition.term, Use):
            found.setdefault(id(ir.defs[definition.term.index].term), definition.name)
    return found
