"""The verdict on one value of one label, shared by the cardinality rules: at most one of them reports it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from cardlint.common.expressions import Expression
from cardlint.findings import Confidence, Finding, MetricRef, Severity, Step
from cardlint.inference.domain.value_sets import Bound, ValueSet, is_only_possible
from cardlint.inference.heuristics.label_names import judge, normalise, says_otherwise
from cardlint.inference.program import LabelArg, LabelSite, Metric, Program
from cardlint.knowledge.vocabulary import (
    CUSTOMERS,
    ENUM_SUFFIXES,
    ENVIRONMENTS,
    EXPORTED,
    INFO_NAMES,
    INFRASTRUCTURE,
    OF_RELEASE,
    RELEASE_KINDS,
)
from cardlint.rules._series import cost_of, estimate, site_metric
from cardlint.rules.base import Thresholds

RELEASED = frozenset(OF_RELEASE.split())
CODES = {"raw-path": "CL102", "identity-label": "CL101", "unbounded-value": "CL103"}
IDENTITY = frozenset({"person", "session", "credentials", "object-id", "run"})
PATHS = frozenset({"url", "uri", "full_url", "raw_path", "request_uri", "path", "request_path", "url_path"})
KINDS = {
    "identity": "an identity", "raw-path": "the raw path", "exception-text": "the text of an exception", "uuid": "a UUID", "time": "a point in time",
    "address": "a network address", "header": "a header the client sends", "body": "input from outside", "object-repr": "the text of an object", "server-text": "text that a server sent",
    "measurement": "a measurement", "random": "a random value", "free-text": "free text", "sql": "the text of a statement", "file-path": "a file name",
    "process": "a process id", "thread": "a thread name", "database": "a key of the database", "content-type": "the raw content type",
}  # fmt: skip


WATCHED = frozenset({"server-text", "body", "device"})
"""Kinds of values that a custom collector reads from the system it observes, without requests of clients."""


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
    if value.cls is Bound.UNBOUNDED:
        rule = _rule_of(value, said.group if said is not None and said.confidence != "contextual" else "")
        why = f"the value is {value.why}"
        if rule == "raw-path" and value.fallback:
            why = f"one branch is bounded, the other is {value.why}, which holds ids and which any client can make up"
        last = name.rpartition("_")[2]
        doubted = (
            (name in INFRASTRUCTURE and value.kind in (*WATCHED, "program-output"))
            or (value.kind in ("server-text", "program-output") and last in ENUM_SUFFIXES)
            or (value.kind == "body" and last in ENVIRONMENTS)
        )
        return Verdict(rule, Confidence.LOW if doubted else value.confidence, value, why)
    if value.cls is Bound.EXACTLY:
        bad = next((str(v) for v in value.exact if isinstance(v, str) and path_with_id(v)), None)
        return (
            None if bad is None else Verdict("raw-path", Confidence.HIGH, value, f'"{bad}" is the path of one object: its siblings follow')
        )
    if value.cls is not Bound.UNKNOWN and (not value.named or value.kind == "remainder"):
        return None  # a remainder is of few values, unless it is one of fractions
    if value.suspect is not None and value.suspect.cls is Bound.UNBOUNDED and not (said is not None and said.confidence != "contextual"):
        inner = verdict(label, value.suspect, thresholds)
        return None if inner is None else Verdict(inner.rule, Confidence.LOW, value.suspect, f"{inner.why}, unless {value.why} bounds it")
    if claimed:
        return Verdict(
            "identity-label", Confidence.MEDIUM, value, f"`{label}` is configured as an identity, and the value is not shown to be bounded"
        )
    if said is None or said.confidence == "contextual" or says_otherwise(source, said):
        return None
    if value.named and value.cls is Bound.BOUNDED and said.matched in PATHS:
        return None  # the name of the value says more than that of the label: `path=scope["path_template"]`
    if said.group in IDENTITY:
        return Verdict(
            "identity-label", Confidence.MEDIUM, value, f"`{label}` names an identity, and nothing shows that its values are bounded"
        )
    if value.kind == "tested":
        return None  # it is one of a collection; only collections of people and sessions grow
    if said.matched in PATHS:
        return Verdict("raw-path", Confidence.MEDIUM, value, f"`{label}` names a path or URL, and nothing shows that it is a template")
    return Verdict(
        "unbounded-value",
        Confidence.MEDIUM,
        value,
        f"`{label}` names {ARTICLES.get(said.group, 'an open set')}, and nothing shows that its values are bounded",
    )


def _of_customers(arg: LabelArg, metric: Metric | None, thresholds: Thresholds) -> Verdict | None:
    """Judge a label that grows with customers on a histogram: each customer is many series there, and a few elsewhere."""
    if arg.label is None or metric is None or metric.type != "histogram" or metric.is_collect:
        return None
    name = normalise(arg.label)
    if name not in CUSTOMERS or arg.label in thresholds.bounded_labels or name in thresholds.bounded_labels:
        return None
    if arg.value.cls is not Bound.UNKNOWN and not arg.value.named:
        return None
    why = f"`{arg.label}` grows with customers, and on a histogram each of them is {metric.series_per_child()} series"
    return Verdict("identity-label", Confidence.MEDIUM, arg.value, why)


ARTICLES = {
    "network": "a network address",
    "free-text": "free text",
    "location": "a place such as a file or an agent",
    "time": "a time or a measurement",
    "model": "one of many objects",
}


def _rule_of(value: ValueSet, group: str) -> str:
    if value.kind == "raw-path":
        return "raw-path"
    if value.kind == "identity" or group in IDENTITY:
        return "identity-label"
    return "unbounded-value"


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
    shared: dict[tuple[object, ...], list[Finding]] = {}
    for site in program.sites:
        if site.in_test:
            continue
        for arg in site.args:
            if site.kind == "exporter" and arg.value.cls is not Bound.UNBOUNDED:
                continue
            if is_only_possible(arg.value):
                continue  # the name of the label says less than what is seen
            metric = site_metric(site)
            found = verdict(arg.label, arg.value, thresholds, arg.text) or _of_customers(arg, metric, thresholds)
            if found is None or found.rule != rule or is_inventory(arg.label, arg.value, metric) or is_of_release(arg, metric):
                continue
            if site.kind == "info" and arg.value.cls is not Bound.UNBOUNDED:
                continue  # it holds one set of labels at a time: the name of one label does not say how often the set changes
            key = (arg.place, arg.label, site.place, metric.name if metric is not None else "")
            if key in seen:
                continue
            seen.add(key)
            finding = _finding(rule, site, arg, found, metric, values)
            if site.shared:
                shared.setdefault(key[:3], []).append(finding)
            else:
                yield finding
    yield from (_of_one_call(same) for same in shared.values())
    if rule != "unbounded-value":
        yield from _declared(program, thresholds, rule, values)


def _of_one_call(same: list[Finding]) -> Finding:
    """Make one finding of those that one call gets for several metrics: the others are named in it."""
    first = max(same, key=lambda finding: finding.severity)
    others = [
        Step(f.trace[0].place if f.trace else f.place, f"also `{f.metric.name}` gets {f.value.why}")
        for f in same
        if f is not first and f.metric is not None and f.value is not None
    ]
    return replace(first, related=(*first.related, *others)) if others else first


def is_inventory(label: str | None, value: ValueSet, metric: Metric | None) -> bool:
    """Tell whether an exporter names parts of the system it observes: disks, devices, queues.

    The metric is rebuilt at every scrape and holds the present parts, or is a gauge that is set to a server's answer; only a
    name that means people, sessions, paths or free text is more than an inventory.
    """
    if metric is None:
        return False
    if metric.is_collect or (metric.registry == "local" and metric.owner and metric.type == "gauge"):
        listed = value.kind in WATCHED or value.cls is Bound.UNKNOWN or value.named
    else:
        listed = metric.type == "gauge" and value.kind in ("server-text", "program-output")
    if not listed:
        return False
    said = judge(label) if label is not None else None
    if said is None or said.confidence == "contextual" or said.matched in EXPORTED:
        return True
    if value.kind == "program-output" and not metric.is_collect:
        return False
    return said.group == "network" or (said.group in ("location", "object-id", "credentials", "model") and said.confidence != "certain")


def is_of_release(arg: LabelArg, metric: Metric | None) -> bool:
    """Tell whether an open value describes what runs: the commit or the start on an `app_build_info` is one for each release.

    Such a metric has one child, so a point in time is churn in it. An identity stays an identity.
    """
    if metric is None or arg.label is None or normalise(arg.label) not in RELEASED:
        return False
    name = normalise(metric.name)
    describes = metric.type == "info" or any(name == last or name.endswith(f"_{last}") for last in INFO_NAMES)
    return describes and (arg.value.cls is not Bound.UNBOUNDED or arg.value.kind in RELEASE_KINDS)


def _severity(confidence: Confidence, metric: Metric | None, churns: bool = False, by_likely_name: bool = False) -> Severity:
    """Compute the severity from the confidence and the cost of a value: a child of a histogram is many series.

    A guess stays a warning, and values that are removed again weigh less.
    """
    costly = metric is not None and metric.type == "histogram" and confidence is Confidence.MEDIUM and not by_likely_name
    level = Severity.ERROR if confidence is Confidence.HIGH or costly else Severity.WARNING
    if churns:
        level = Severity(max(Severity.NOTE, level - 1))
    return level


def _churn(site: LabelSite, metric: Metric | None) -> str:
    """Say why a process does not keep every value of a label, '' where it does."""
    if metric is not None and metric.is_collect:
        return "the metric is rebuilt at every scrape: no leak in the process"
    if site.kind == "info":
        return "it holds one set of labels at a time: no leak in the process"
    return "children are removed again: less memory" if metric is not None and metric.removed else ""


def _by_likely_name(label: str | None, value: ValueSet) -> bool:
    """Tell whether the only evidence against a value is a name, and one that often means something harmless."""
    said = judge(label) if label is not None else None
    return (value.cls is Bound.UNKNOWN or value.named) and (said is None or said.confidence != "certain")


def _finding(
    rule: str, site: LabelSite, arg: LabelArg, found: Verdict, metric: Metric | None, values: dict[tuple[int, str], ValueSet]
) -> Finding:
    label = arg.label
    where = f"label `{label}`" if label is not None else "a label"
    name = f"`{metric.name}`" if metric is not None else "this metric"
    if site.kind == "exporter":
        message = f"{arg.text.split('(')[0]} labels requests with the raw path"
    elif site.kind in ("job", "grouping-key"):
        message = (
            f"the pushgateway group {where.removeprefix('label ')} holds {what(found.value)}: every value is a group that stays for ever"
        )
    elif found.value.cls is Bound.UNKNOWN or found.value.named:
        if label is None or label.lower() in arg.text.lower():
            message = f"{where} of {name} gets `{arg.text}`, by its name {KIND_OF_RULE[rule]}"
        else:  # it is the label that has this name
            message = f"{where} of {name} is by its name {KIND_OF_RULE[rule]}, and its value `{arg.text}` is undecided"
    elif found.value.cls is Bound.EXACTLY:
        message = f"{where} of {name} gets the path of one object"
    else:
        message = f"{where} of {name} gets {what(found.value)}"
    related = []
    steps = found.value.steps()
    if steps and steps[0].place != arg.place:
        related.append(Step(steps[0].place, f"born here: {found.value.why}"))
    related.extend(site.lifted)
    if metric is not None and metric.constructor != "duck":
        related.append(Step(metric.place, f"`{metric.name}` is declared here"))
    comes_and_goes = _churn(site, metric)
    cost = (
        f"{comes_and_goes}, but every value still becomes a series in Prometheus (churn)"
        if comes_and_goes
        else cost_of(metric, label, values)
    )
    return Finding(
        rule=rule,
        code=CODES[rule],
        severity=_severity(found.confidence, metric, comes_and_goes != "", _by_likely_name(label, found.value)),
        confidence=found.confidence,
        message=message,
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


def value_finding(
    program: Program, site: LabelSite, arg: LabelArg, rule: str, code: str, severity: Severity, *, why: str, help: str
) -> Finding:
    """Build the finding of a pedantic rule about one value: its place, origin and cost."""
    metric = site_metric(site)
    steps = arg.value.steps()
    values = program.values
    related = [Step(steps[0].place, f"born here: {arg.value.why}")] if steps and steps[0].place != arg.place else []
    if metric is not None and metric.constructor != "duck":
        related.append(Step(metric.place, f"`{metric.name}` is declared here"))
    where = f"label `{arg.label}`" if arg.label is not None else "a label"
    return Finding(
        rule=rule,
        code=code,
        severity=severity,
        confidence=Confidence.MEDIUM,
        message=f"{where} of `{metric.name if metric is not None else 'this metric'}` gets {what(arg.value)}",
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


KIND_OF_RULE = {"identity-label": "an identity", "raw-path": "a raw path or URL", "unbounded-value": "an open set of values"}


def what(value: ValueSet) -> str:
    """Name a value in a message."""
    return value.why or KINDS.get(value.kind, "an unbounded value")


def ref(metric: Metric | None) -> MetricRef | None:
    """Return the metric as findings show it."""
    return MetricRef(metric.name, metric.type, metric.place) if metric is not None else None


def advice(rule: str, value: ValueSet, metric: Metric | None, label: str | None) -> str:
    """Say what to write instead."""
    if value.kind == "raw-path" and value.fallback:
        return (
            f'return a constant such as "unmatched" where no route matched: {value.advice}'
            if value.advice
            else 'write a constant such as "unmatched" where no route matched'
        )
    if value.advice:
        instead = value.advice.removeprefix("nothing: ")
        return f"write {value.advice}" if instead == value.advice else f"remove the label; {instead}"
    if rule == "raw-path":
        return 'write the route template, and a constant such as "unmatched" where no route matched'
    if rule == "identity-label":
        where = f"remove the label{f' `{label}`' if label else ''}"
        exemplar = " or an exemplar" if metric is not None and metric.type in ("counter", "histogram") else ""
        return f"{where}; an identity belongs in a log line{exemplar}"
    if value.kind == "exception-text":
        return "write `type(e).__name__`, and the text in a log line"
    return 'map it to a fixed set: `x if x in ALLOWED else "other"`'


def _declared(program: Program, thresholds: Thresholds, rule: str, values: dict[tuple[int, str], ValueSet]) -> Iterator[Finding]:
    """Report identity labels that are declared and have no known use."""
    used = {(m.id, a.label) for s in program.sites for m in s.metrics for a in s.args}
    elsewhere = {a.label for s in program.sites for a in s.args}
    seen = {m.id for s in program.sites for m in s.metrics}
    whole = {m.id for s in program.sites for m in s.metrics if any(a.label is None for a in s.args)}
    for metric in program.metrics:
        if metric.in_test or not metric.labelnames or metric.constructor == "family" or metric.id in whole:
            continue
        for name in metric.labelnames:
            if (metric.id, name) in used or name in metric.claimed:
                continue
            undecided = ValueSet(Bound.UNKNOWN, "no use of this label is in sight")
            found = verdict(name, undecided, thresholds)
            said = judge(name)
            if found is None or found.rule != rule or rule != "identity-label":
                continue
            alone = said is not None and said.group in ("person", "run") and metric.id not in seen  # nothing else tells what it holds
            if said is not None and said.confidence != "certain" and not alone and name not in thresholds.identity_labels:
                continue
            place = metric.label_places.get(name) or metric.labelnames_place or metric.place
            yield Finding(
                rule=rule,
                code=CODES[rule],
                severity=_severity(Confidence.MEDIUM, metric, metric.removed or metric.is_collect),
                confidence=Confidence.MEDIUM,
                message=f"label `{name}` of `{metric.name}` is by its name an identity",
                place=place,
                site=metric.place,
                metric=ref(metric),
                label=name,
                value=undecided.info(),
                series=estimate(metric, values, name),
                why=f"`{name}` names an identity, and "
                + (
                    f"the calls that set `{name}` could not be traced to this metric"
                    if name in elsewhere
                    else "no call that sets it was found in the analysed files"
                ),
                cost=cost_of(metric, name, values),
                help=advice(rule, undecided, metric, name),
            )
