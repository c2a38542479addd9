"""Merging: the results of the parts of a program become one Program.

A large program is analysed in parts, each in its own process. Every part records the declarations and uses of its own seeds,
in any file. Two parts may record the same declaration; the part to which the file belongs has the best record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cardlint.findings import Place, Step
from cardlint.inference.codebase.tree import LinkSettings
from cardlint.inference.domain.value_sets import Bound, bounded, named_guess
from cardlint.inference.heuristics.guesses import PLAIN, guess, has_other_codes, is_of_plain_code
from cardlint.inference.limits import MAX_METRICS_OF_SITE
from cardlint.inference.program import EnvironmentWrite, ExternalCall, LabelArg, LabelSite, Measure, Metric, MetricUse, PrivateRead, Program
from cardlint.inference.prometheus.describe import named


class Described(Struct, frozen=True):
    """A metric in the result of one part."""

    metric: Metric
    where: Place
    """the call of its constructor"""
    template: bool
    """it is only the generic record of a factory"""


class Gathered(Struct, frozen=True):
    """The result of one part of a program. The ids of its metrics have a meaning only in it."""

    seeds: tuple[str, ...]
    metrics: tuple[Described, ...]
    sites: tuple[LabelSite, ...]
    uses: tuple[MetricUse, ...]
    errors: tuple[tuple[str, str, Place], ...]
    unresolved: tuple[Step, ...]
    limits: tuple[Step, ...]
    externals: tuple[ExternalCall, ...]
    private_reads: tuple[PrivateRead, ...]
    environment: tuple[EnvironmentWrite, ...]
    evidence: tuple[Step, ...]
    measures: tuple[Measure, ...] = ()
    limits_hit: tuple[tuple[str, int], ...] = ()
    repeated: tuple[tuple[Place, Place], ...] = ()


Meant = dict[tuple[int, int], tuple[Metric, ...]]
"""The meaning of a metric's id, by the part that uses it."""


def merged_program(parts: Sequence[Gathered], settings: LinkSettings) -> Program:
    """Return the program of all parts."""
    declared, meant = _declared(parts)
    unresolved = dict.fromkeys(step for part in parts for step in part.unresolved)
    for metric in declared:
        if metric.labelnames is None and not metric.in_test:
            unresolved[Step(metric.place, f"the label names of `{metric.name}` could not be computed")] = None
    uses = tuple(_use_with(use, number, len(parts), meant) for number, part in enumerate(parts) for use in part.uses)
    removed = {m.id for u in uses if u.role in ("remove", "clear", "remove-by-labels") and not u.in_test for m in u.metrics}
    claims = _by_line(settings)
    final = {m.id: _with_claims(_removed(m) if m.id in removed else m, claims) for m in declared}
    sites = (_site_with(site, number, len(parts), meant) for number, part in enumerate(parts) for site in part.sites)
    return Program(
        metrics=tuple(final.values()),
        sites=tuple(_guessed(_claimed(_finally(site, final), claims)) for site in sites),
        uses=tuple(_finally(use, final) for use in uses),
        facts_errors=tuple(error for part in parts for error in part.errors),
        unresolved=tuple(unresolved),
        limits=_once(step for part in parts for step in part.limits),
        externals=tuple(_calling(call, number, len(parts), meant) for number, part in enumerate(parts) for call in part.externals),
        private_reads=tuple(_reading(read, n, len(parts), meant) for n, part in enumerate(parts) for read in part.private_reads),
        environment=tuple(dict.fromkeys(write for part in parts for write in part.environment)),
        multiprocess_evidence=_once(step for part in parts for step in part.evidence),
        measures=_summed(parts),
        limits_hit=_hits(parts),
        repeated=tuple(dict.fromkeys(pair for part in parts for pair in part.repeated)),
    )


def _summed(parts: Sequence[Gathered]) -> tuple[Measure, ...]:
    """Add the costs of all parts."""
    found: dict[tuple[str, str], Measure] = {}
    for measure in (m for part in parts for m in part.measures):
        known = found.get((measure.kind, measure.name))
        if known is not None:
            calls, hits = known.calls + measure.calls, known.hits + measure.hits
            measure = replace(measure, calls=calls, hits=hits, seconds=known.seconds + measure.seconds)
        found[measure.kind, measure.name] = measure
    return tuple(found.values())


def _hits(parts: Sequence[Gathered]) -> tuple[tuple[str, int], ...]:
    """Add the number of times that the parts hit each limit."""
    found: dict[str, int] = {}
    for name, count in (hit for part in parts for hit in part.limits_hit):
        found[name] = found.get(name, 0) + count
    return tuple(found.items())


def _declared(parts: Sequence[Gathered]) -> tuple[list[Metric], Meant]:
    """Return the metrics of the program in order of place, and which of them each part means by its ids.

    A generic record stays only where no call of its factory is known.
    """
    owners = {path: number for number, part in enumerate(parts) for path in part.seeds}
    seen = [(number, d) for number, part in enumerate(parts) for d in part.metrics]
    found: dict[object, Metric] = {}
    by_constructor: dict[Place, list[Metric]] = {}
    meant: Meant = {}
    for number, described in seen:
        if described.template or owners.get(described.metric.place.path, number) != number:
            continue
        metric = _renumbered(described.metric, number, len(parts))
        first = found.setdefault((metric.place, metric.built, metric.type, metric.name, metric.labelnames, metric.owner), metric)
        if first is metric:
            by_constructor.setdefault(described.where, []).append(metric)
        meant[number, described.metric.id] = (first,)
    for number, described in seen:
        if (number, described.metric.id) in meant or described.template:
            continue
        known = by_constructor.get(described.where, [])
        if not known:
            metric = _renumbered(described.metric, number, len(parts))
            found[metric.id] = metric
            meant[number, described.metric.id] = (metric,)
            continue
        same = [m for m in known if m.place == described.metric.place]
        same = [m for m in same if m.name == described.metric.name] or same
        if not same and named(described.metric):  # a factory of this part is called in another one, which has not seen the call
            metric = _renumbered(described.metric, number, len(parts))
            found[metric.id] = metric
            meant[number, described.metric.id] = (metric,)
        elif len(same or known) <= MAX_METRICS_OF_SITE:
            meant[number, described.metric.id] = tuple(same or known)
    kept = _without_collections(list(found.values()))
    _templates(seen, kept, meant)
    return kept, meant


def _without_collections(metrics: list[Metric]) -> list[Metric]:
    """Leave out a metric whose name is one of several, where each metric of the loop has its own record."""
    names: dict[object, set[object]] = {}
    for metric in metrics:
        if named(metric):
            names.setdefault(metric.built, set()).update(metric.name_value.exact)
    kept = [m for m in metrics if named(m) or not set(m.name_value.exact) or not set(m.name_value.exact) <= names.get(m.built, set())]
    return sorted(kept, key=lambda m: (m.place, m.name))


def _templates(seen: Iterable[tuple[int, Described]], kept: Sequence[Metric], meant: Meant) -> None:
    """Record the metrics that each generic record represents, when they are few."""
    for number, described in seen:
        if described.template and (number, described.metric.id) not in meant:
            made = tuple(m for m in kept if m.built == described.metric.built)
            if 0 < len(made) <= MAX_METRICS_OF_SITE:
                meant[number, described.metric.id] = made


def _renumbered(metric: Metric, part: int, parts: int) -> Metric:
    """Give a metric an id that no other part uses."""
    return replace(metric, id=metric.id * parts + part) if parts > 1 else metric


def _meaning(metric: Metric, part: int, parts: int, meant: Meant) -> tuple[Metric, ...]:
    return meant.get((part, metric.id)) or (_renumbered(metric, part, parts),)


def _once(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(dict.fromkeys(steps))


def _removed(metric: Metric) -> Metric:
    return replace(metric, removed=True)


Claims = dict[tuple[str, int], tuple[int, int]]
"""By file and line, the first claim about the line: its number and its size."""


def _by_line(settings: LinkSettings) -> Claims:
    """Index the claims by line, so that thousands of them take linear time; several on one statement are one."""
    out: Claims = {}
    seen: set[tuple[str, int, int]] = set()
    for number, (path, first, last, size) in enumerate(settings.bounded_claims):
        if (path, first, last) not in seen:
            seen.add((path, first, last))
            for line in range(first, last + 1):
                out.setdefault((path, line), (number, size))
    return out


def _with_claims(metric: Metric, claims: Claims) -> Metric:
    """Record the labels whose place in the declaration is on a claimed line: a label without a known use is claimed itself."""
    claimed = frozenset(label for label, place in metric.label_places.items() if (place.path, place.line) in claims)
    return replace(metric, claimed=claimed) if claimed else metric


def _claimed(site: LabelSite, claims: Claims) -> LabelSite:
    """Apply `# cardlint: bounded=N` claims to the arguments whose value passes a claimed line."""
    if not claims:
        return site
    args = []
    for arg in site.args:
        places = [arg.place, *(step.place for step in arg.value.steps())]
        for metric in site.metrics:
            if arg.label is not None and arg.label in metric.label_places:
                places.extend((metric.label_places[arg.label], *metric.also_named.get(arg.label, ())))
        found = [claim for place in places if (claim := claims.get((place.path, place.line))) is not None]
        size = min(found)[1] if found else 0
        if found and not (arg.value.bound <= Bound.BOUNDED and arg.value.size is not None and arg.value.size <= size):
            arg = replace(arg, value=bounded(size, "claimed by a comment"), claimed=True)  # what is known to be smaller stays as it is
        args.append(arg)
    return replace(site, args=tuple(args))


def _guessed(site: LabelSite) -> LabelSite:
    """Use the guess by the name of an undecided source as a named value, and add the guess by the label's name."""
    if all(arg.value.bound is not Bound.UNKNOWN for arg in site.args):
        return site
    other_codes = any(has_other_codes(metric.name) for metric in site.metrics)
    return replace(site, args=tuple(_guessed_arg(arg, other_codes) if arg.value.bound is Bound.UNKNOWN else arg for arg in site.args))


def _guessed_arg(arg: LabelArg, other_codes: bool) -> LabelArg:
    """Use what names say of an undecided value; a plain `code` is no status where the metric counts other codes."""
    value = arg.value
    said = named_guess(value)
    if other_codes and said is not None and is_of_plain_code(said):
        value, said = replace(value, guess=None), None
        arg = replace(arg, value=value)
    if said is not None:
        why = f"{said.why}; {value.why}" if said.named else said.why
        named = replace(said, why=why, named=True, suspect=value.suspect, trace=value.trace)
        return replace(arg, value=named)
    silent = arg.label is None or (other_codes and arg.label == PLAIN)
    return arg if silent or arg.label is None else replace(arg, guess=guess(arg.label))


def _site_with(site: LabelSite, part: int, parts: int, meant: Meant) -> LabelSite:
    """Give a site the metrics of the program: those that a class makes, in place of the class's generic record."""
    labels = {arg.label for arg in site.args if arg.label is not None}
    whole = {m.id: m for metric in site.metrics for m in _meaning(metric, part, parts, meant)}
    made = tuple(m for m in whole.values() if _fits(m, labels))
    return replace(site, metrics=made or tuple(_renumbered(m, part, parts) for m in site.metrics))


def _fits(metric: Metric, labels: set[str]) -> bool:
    names = set(metric.labelnames or ())
    return metric.labelnames is None or metric.labels_open or labels <= names or names <= labels


def _use_with(use: MetricUse, part: int, parts: int, meant: Meant) -> MetricUse:
    return replace(use, metrics=tuple({m.id: m for metric in use.metrics for m in _meaning(metric, part, parts, meant)}.values()))


def _calling(call: ExternalCall, part: int, parts: int, meant: Meant) -> ExternalCall:
    if not call.metrics:
        return call
    return replace(call, metrics=tuple({m.id: m for metric in call.metrics for m in _meaning(metric, part, parts, meant)}.values()))


def _reading(read: PrivateRead, part: int, parts: int, meant: Meant) -> PrivateRead:
    return replace(read, metrics=tuple({m.id: m for metric in read.metrics for m in _meaning(metric, part, parts, meant)}.values()))


Using = TypeVar("Using", LabelSite, MetricUse)


def _finally(using: Using, final: dict[int, Metric]) -> Using:
    """Give a use the metrics after all other uses and comments are applied, in an order that does not depend on the search.

    A rule names the first metric, so it must not depend on which metric was found first.
    """
    metrics = [final.get(m.id, m) for m in using.metrics]
    return replace(using, metrics=tuple(sorted(metrics, key=lambda m: (m.name, m.place)) if len(metrics) > 1 else metrics))
