"""The verdict on one value of one label, shared by the cardinality rules: at most one of them reports it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from cardlint.common.expressions import Expression
from cardlint.findings import Confidence, Finding, Place, Severity, Step
from cardlint.inference.domain.value_sets import Bound, ValueSet, is_only_possible
from cardlint.inference.heuristics.label_names import judge, normalise, says_otherwise
from cardlint.inference.program import LabelArg, LabelSite, Metric, Program
from cardlint.knowledge.vocabulary import (
    CUSTOMERS,
    ENUM_SUFFIXES,
    ENVIRONMENTS,
    FINE,
    INFRASTRUCTURE,
    MACHINES,
    PARTS_OF_PROGRAMS,
    PROPERTIES,
)
from cardlint.rules._inventory import is_inventory, is_of_release, written_once
from cardlint.rules._series import also_filled, cost_of, declared, estimate, has_label, ref, site_metric, with_others
from cardlint.rules._wording import advice, at_fault, filled, is_secret, looks_like, rewriter, subject
from cardlint.rules.base import Thresholds
from cardlint.rules.sentences import values as say

OF_DEPLOYMENTS, OF_DEVICES = frozenset(INFRASTRUCTURE.split()), frozenset(PROPERTIES.split())
OF_MACHINES = frozenset(MACHINES.split())
OF_PROGRAMS = frozenset((*(f"{part}_id" for part in PARTS_OF_PROGRAMS.split()), *(name for name in FINE if name.endswith("_id"))))
"""Ids of parts of a program, and of what a deployment has few of: a message of its own queue says which of them did the work."""
OBSERVED = frozenset({"server-text", "payload", "device", "program-output"})
"""Kinds of values that a part of the deployment says of itself. What a client of a web server sends is none of them: it may name
any topic or queue, while a machine that reports to the server names itself."""
CODES = {"raw-path": "CL102", "identity-label": "CL101", "unbounded-value": "CL103"}
IDENTITY = frozenset({"person", "session", "credentials", "object-id", "run"})
PATHS = frozenset({"url", "uri", "full_url", "raw_path", "request_uri", "path", "request_path", "url_path"})


class Verdict:
    """The rule that reports an argument, its confidence, and the reason."""

    __slots__ = ("confidence", "rule", "value", "why")

    def __init__(self, rule: str, confidence: Confidence, value: ValueSet, why: str) -> None:
        self.rule = rule
        self.confidence = confidence
        self.value = value
        self.why = why


def verdict(label: str | None, value: ValueSet, thresholds: Thresholds, source: str = "") -> Verdict | None:
    """Judge one value of one label; None when it is fine, or when nothing is known and the name says nothing.

    `source` is the expression as written: for an undecided value it outweighs the name of the label.
    """
    name = normalise(label) if label is not None else ""
    if label is not None and (label in thresholds.bounded_labels or name in thresholds.bounded_labels):
        return None
    said = judge(label) if label is not None else None
    claimed = label is not None and (label in thresholds.identity_labels or name in thresholds.identity_labels)
    if value.bound is Bound.UNBOUNDED:
        means = said is not None and (said.confidence != "contextual" or said.group == "person")
        rule = _rule_of(value, said.group if said is not None and means else "")
        why = _no_bound(value, is_secret(value, label))
        if rule == "raw-path" and value.fallback:
            why = say.ONE_BRANCH(source=value.why)
        elif rule == "raw-path" and (function := rewriter(value)):
            why = say.REWRITTEN(function=function)
        last = name.rpartition("_")[2]
        doubted = (
            (name in OF_DEPLOYMENTS and value.kind in OBSERVED)
            or (name in OF_MACHINES and value.kind == "body")
            or (name in OF_DEVICES and value.kind in ("server-text", "program-output"))
            or (value.kind in ("server-text", "program-output") and last in ENUM_SUFFIXES)
            or (value.kind in ("body", "payload") and last in ENVIRONMENTS)
            or (value.kind == "payload" and name in OF_PROGRAMS)
            or (value.kind == "uuid" and value.confidence is Confidence.MEDIUM and said is None)  # a type alone: a group may have a UUID
        )
        return Verdict(rule, Confidence.LOW if doubted else value.confidence, value, why)
    if value.bound is Bound.EXACTLY:
        bad = next((str(v) for v in value.exact if isinstance(v, str) and path_with_id(v)), None)
        return None if bad is None else Verdict("raw-path", Confidence.HIGH, value, say.ONE_OBJECT(path=bad))
    if value.bound is not Bound.UNKNOWN and (not value.named or value.kind == "remainder"):
        return None  # a remainder is of few values, unless it is one of fractions
    if value.suspect is not None and value.suspect.bound is Bound.UNBOUNDED and not (said is not None and said.confidence != "contextual"):
        inner = verdict(label, value.suspect, thresholds)
        why = say.UNLESS_LIMITED(why=inner.why, unknown=value.why) if inner is not None else ""
        return None if inner is None else Verdict(inner.rule, Confidence.LOW, value.suspect, why)
    if claimed:
        return Verdict("identity-label", Confidence.MEDIUM, value, say.CONFIGURED_IDENTITY(label=label))
    if said is None or said.confidence == "contextual" or says_otherwise(source, said, value.kind):
        return None
    if value.named and value.bound is Bound.BOUNDED and said.matched in PATHS:
        return None  # the name of the value says more than that of the label: `path=scope["path_template"]`
    if value.named and value.kind == "config" and said.matched in PATHS:
        return None  # a URL that the deployment sets: `uri=settings.database_uri`
    if said.group in IDENTITY:
        means_one = say.NAME_MEANS_SECRET if is_secret(value, label) else say.NAME_MEANS_IDENTITY
        return Verdict("identity-label", Confidence.MEDIUM, value, means_one(label=label))
    if value.kind == "tested":
        return None  # it is one of a collection; only collections of people and sessions grow
    if said.matched in PATHS:
        return Verdict("raw-path", Confidence.MEDIUM, value, say.NAME_MEANS_PATH(label=label))
    why = say.NAME_MEANS_OPEN(label=label, what=looks_like("unbounded-value", label))
    return Verdict("unbounded-value", Confidence.MEDIUM, value, why)


def _no_bound(value: ValueSet, secret: bool) -> str:
    """Say why a value has no bound: by its kind, with a word about values that are judged by the name of their source."""
    if secret:
        return say.SECRET_SHOWN()
    if value.kind not in say.WHY:
        return say.NOT_LIMITED(source=value.why)
    why, seen = say.WHY[value.kind](), value.kind in ("measurement", "combination")  # which are doubtful for what they are
    return say.JUDGED_BY_NAME(why=why) if value.confidence is Confidence.MEDIUM and not seen else why


def _of_customers(arg: LabelArg, metric: Metric | None, thresholds: Thresholds) -> Verdict | None:
    """Judge a label that grows with customers on a histogram: each customer is many series there, and a few elsewhere."""
    if arg.label is None or metric is None or metric.type != "histogram" or metric.is_collect:
        return None
    name = normalise(arg.label)
    if name not in CUSTOMERS or arg.label in thresholds.bounded_labels or name in thresholds.bounded_labels:
        return None
    if arg.value.bound is not Bound.UNKNOWN and not arg.value.named:
        return None
    why = say.GROWS_WITH_CUSTOMERS(label=arg.label, series=metric.series_per_child())
    return Verdict("identity-label", Confidence.MEDIUM, arg.value, why)


def _rule_of(value: ValueSet, group: str) -> str:
    if value.kind == "raw-path":
        return "raw-path"
    if value.kind == "identity" or value.kind in IDENTITY or group in IDENTITY:
        return "identity-label"
    return "unbounded-value"


GROUPING = ("job", "grouping-key")
"""Label sites of a Pushgateway, which keeps a group for each set of values."""
WORD = Expression(r"[A-Za-z]")
HEX = Expression(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,}", re.I)
UUID = Expression(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)


def path_with_id(text: str) -> bool:
    """Tell whether a literal is the path of one object: `/users/123/posts`, not `/api/v2/users` nor `/users/{id}`."""
    if not text.startswith("/") or "{" in text or "<" in text or ":" in text or " " in text:
        return False
    segments = [s for s in text.split("?")[0].split("/") if s]
    if len(segments) < 2 or not any(WORD.regex.search(s) for s in segments):
        return False
    return any(s.isdigit() or UUID.regex.fullmatch(s) or HEX.regex.fullmatch(s) for s in segments[1:])


def findings(program: Program, thresholds: Thresholds, rule: str) -> Iterator[Finding]:
    """Yield the findings of one of the three rules over all label sites and declarations."""
    values = program.values
    seen: set[tuple[object, ...]] = set()
    shared: dict[tuple[object, ...], list[tuple[bool, Finding]]] = {}
    seen_labels = {(m.id, a.label) for s in program.sites if not s.out_of_sight for m in s.metrics for a in s.args}
    written = written_once(program)
    pushed = any(call.role == "push" and not call.in_test for call in program.externals)
    for site in program.sites:
        if site.in_test:
            continue
        for arg in site.args:
            if pushed and arg.value.many is not None:
                arg = replace(arg, value=arg.value.spread())
            if site.out_of_sight and any((m.id, arg.label) in seen_labels for m in site.metrics):
                continue  # the calls that are seen say what the label holds
            if site.kind == "exporter" and arg.value.bound is not Bound.UNBOUNDED:
                continue
            if is_only_possible(arg.value):
                continue  # the name of the label says less than what is seen
            metric = site_metric(site, arg.label)
            found = verdict(arg.label, arg.value, thresholds, arg.text) or _of_customers(arg, metric, thresholds)
            if found is None or found.rule != rule or is_inventory(arg.label, arg.value, metric, written) or is_of_release(arg, metric):
                continue
            if site.kind == "info" and (arg.value.bound is not Bound.UNBOUNDED or (arg.label is None and arg.value.kind == "server-text")):
                continue  # it holds one set of labels at a time: the name of one label does not say how often the set changes
            if site.kind in GROUPING and rule == "unbounded-value" and arg.value.bound is Bound.UNKNOWN:
                continue  # the labels of the metrics that are pushed say as much
            key = (arg.place, arg.label, site.place, metric.name if metric is not None else "")
            if key in seen:
                continue
            seen.add(key)
            finding = _finding(rule, site, arg, found, metric, values, written)
            finding = with_others(finding, also_filled(finding, site, metric, arg.label))
            if site.shared:
                shared.setdefault(key[:3], []).append((metric is not None and has_label(metric, arg.label), finding))
            else:
                yield finding
    yield from (_of_one_call(same) for same in shared.values())
    if rule != "unbounded-value":
        yield from _declared(program, thresholds, rule, values)


def _of_one_call(found: list[tuple[bool, Finding]]) -> Finding:
    """Make one finding of those that one call gets for several metrics: the others are named in it, if they have the label at all."""
    same = [finding for has, finding in found if has] or [finding for _, finding in found]
    first = max(same, key=lambda finding: finding.severity)
    return with_others(first, [f for f in same if f is not first])


def _severity(confidence: Confidence, metric: Metric | None, churns: bool = False, by_likely_name: bool = False) -> Severity:
    """Compute the severity from the confidence and the cost of a value: a child of a histogram is many series.

    A guess stays a warning, and values that are removed again weigh less.
    """
    costly = metric is not None and metric.type == "histogram" and confidence is Confidence.MEDIUM and not by_likely_name
    level = Severity.ERROR if confidence is Confidence.HIGH or costly else Severity.WARNING
    if churns:
        level = Severity(max(Severity.NOTE, level - 1))
    return level


def _churn(site: LabelSite, metric: Metric | None, written: frozenset[Place]) -> str:
    """Say why a process does not keep every value of a label, '' where it does."""
    if metric is not None and metric.is_collect:
        return say.REBUILT()
    if metric is not None and metric.registry_at in written:
        return say.WRITTEN_ONCE()
    if site.kind == "info":
        return say.ONE_SET_AT_A_TIME()
    return say.CHILDREN_REMOVED() if metric is not None and metric.removed else ""


def _by_likely_name(label: str | None, value: ValueSet) -> bool:
    """Tell whether the only evidence against a value is a name, and one that often means something harmless."""
    said = judge(label) if label is not None else None
    return (value.bound is Bound.UNKNOWN or value.named) and (said is None or said.confidence != "certain")


def _finding(
    rule: str,
    site: LabelSite,
    arg: LabelArg,
    found: Verdict,
    metric: Metric | None,
    values: dict[tuple[int, str], ValueSet],
    written: frozenset[Place],
) -> Finding:
    label = arg.label
    predicate = ""
    if site.kind == "exporter":
        message = say.EXPORTER_BY_PATH(exporter=arg.text.split("(")[0])
    elif site.kind in GROUPING:
        message = say.GROUPING_KEY(label=f"`{label}`", predicate=_predicate(rule, arg, found))
    else:
        predicate = _predicate(rule, arg, found)
        message = f"{subject(label, metric)} {predicate}"
    related = []
    steps = found.value.steps()
    if steps and steps[0].place != arg.place:
        related.append(_origin(steps[0].place, found.value))
    related.extend(site.lifted)
    related.extend(declared(metric, label))
    comes_and_goes = _churn(site, metric, written)
    cost = say.STILL_CHURNS(why=comes_and_goes) if comes_and_goes else cost_of(metric, label, values)
    return Finding(
        rule=rule,
        code=CODES[rule],
        severity=_severity(found.confidence, metric, comes_and_goes != "", _by_likely_name(label, found.value)),
        confidence=found.confidence,
        message=message,
        predicate=predicate,
        place=arg.place,
        site=site.place,
        metric=ref(metric),
        label=label,
        value=found.value.info(),
        trace=steps,
        related=tuple(related),
        series=estimate(metric, values, label) if metric is not None and metric.constructor != "duck" else None,
        why=found.why,
        cost=cost,
        help=advice(rule, found.value, metric, label),
    )


GAVE_UP = "gave up: "
"""How the reason of a value begins that was too much work; the sentence that it is put into says as much."""


def _origin(place: Place, value: ValueSet) -> Step:
    """Say at the first place of a value where it comes from, or why it cannot be followed further."""
    said = say.LOST_HERE(why=value.why.removeprefix(GAVE_UP)) if value.bound is Bound.UNKNOWN else say.COMES_FROM(source=value.why)
    return Step(place, said, "origin")


def _predicate(rule: str, arg: LabelArg, found: Verdict) -> str:
    """Say what is wrong with the value of a label, without the label and its metric."""
    value = found.value
    if value.bound is Bound.UNKNOWN or value.named:
        if arg.label is None or arg.label.lower() in arg.text.lower():
            return say.LOOKS_LIKE(text=at_fault(arg.text, arg.label), what=looks_like(rule, arg.label))
        return say.LABEL_LOOKS_LIKE(what=looks_like(rule, arg.label), text=arg.text)
    if value.bound is Bound.EXACTLY:
        return say.PATH_OF_ONE_OBJECT()
    steps = value.steps()
    return filled(value, what(value), arg.text if steps and steps[0].place == arg.place else "")


def value_finding(
    program: Program, site: LabelSite, arg: LabelArg, rule: str, code: str, severity: Severity, *, why: str, help: str
) -> Finding:
    """Build the finding of a pedantic rule about one value: its place, origin and cost."""
    metric = site_metric(site, arg.label)
    steps = arg.value.steps()
    values = program.values
    origin = steps[0] if steps and steps[0].place != arg.place else None
    related = [_origin(origin.place, arg.value)] if origin is not None else []
    related.extend(declared(metric, arg.label))
    predicate = filled(arg.value, what(arg.value), "" if origin is not None else arg.text)
    return Finding(
        rule=rule,
        code=code,
        severity=severity,
        confidence=Confidence.MEDIUM,
        message=f"{subject(arg.label, metric)} {predicate}",
        predicate=predicate,
        place=arg.place,
        site=site.place,
        metric=ref(metric),
        label=arg.label,
        value=arg.value.info(),
        trace=steps,
        related=tuple(related),
        series=estimate(metric, values, arg.label) if metric is not None and metric.constructor != "duck" else None,
        why=why,
        cost=cost_of(metric, arg.label, values),
        help=help,
    )


def what(value: ValueSet) -> str:
    """Name a value in a message."""
    return value.why or say.NO_FIXED_SET()


def _written(metric: Metric) -> Place:
    """Return where the constructor of a metric is written: one place for all metrics that a helper makes."""
    return metric.built or metric.place


def _declared(program: Program, thresholds: Thresholds, rule: str, values: dict[tuple[int, str], ValueSet]) -> Iterator[Finding]:
    """Report identity labels that are declared and have no known use."""
    used = {(_written(m), a.label) for s in program.sites for m in s.metrics for a in s.args}
    elsewhere = {a.label for s in program.sites for a in s.args if any(m.constructor == "duck" for m in s.metrics)}
    seen = {_written(m) for s in program.sites for m in s.metrics}
    whole = {_written(m) for s in program.sites for m in s.metrics if any(a.label is None for a in s.args)}
    for metric in program.metrics:
        written = _written(metric)
        if metric.in_test or not metric.labelnames or metric.constructor == "family" or written in whole:
            continue
        for name in metric.labelnames:
            if (written, name) in used or name in metric.claimed:
                continue
            used.add((written, name))  # a helper that makes several metrics is one declaration
            undecided = ValueSet(Bound.UNKNOWN, say.NOT_USED())
            found = verdict(name, undecided, thresholds)
            said = judge(name)
            if found is None or found.rule != rule or rule != "identity-label":
                continue
            alone = said is not None and said.group in ("person", "run") and written not in seen  # nothing else tells what it holds
            if said is not None and said.confidence != "certain" and not alone and name not in thresholds.identity_labels:
                continue
            place = metric.label_places.get(name) or metric.labelnames_place or metric.place
            yield Finding(
                rule=rule,
                code=CODES[rule],
                severity=_severity(Confidence.MEDIUM, metric, metric.removed or metric.is_collect),
                confidence=Confidence.MEDIUM,
                message=f"{subject(name, metric)} {say.UNUSED_LOOKS_LIKE()}",
                predicate=say.UNUSED_LOOKS_LIKE(),
                place=place,
                site=metric.place,
                metric=ref(metric),
                label=name,
                value=undecided.info(),
                series=estimate(metric, values, name),
                why=(say.NO_CALL_TRACED if name in elsewhere else say.NO_CALL_FOUND)(label=name),
                cost=cost_of(metric, name, values),
                help=advice(rule, undecided, metric, name),
            )
