"""The engine: runs the stages in order, from paths to a report.

It is the only module that imports every stage. It decides which results each stage gets.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from cardlint.cache.facts_cache import FactsCache
from cardlint.config import Config
from cardlint.config.nested import with_nested
from cardlint.files import discovery
from cardlint.files.excluding import excluded_by
from cardlint.findings import Confidence, Finding, Place, Report, Summary
from cardlint.inference import link
from cardlint.inference.codebase.tree import LinkSettings
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import LabelArg, Program
from cardlint.project.project import Account, Project, marks
from cardlint.rules import all_rules
from cardlint.rules.base import Rule
from cardlint.selection import suppress
from cardlint.selection.chosen import least
from cardlint.selection.fingerprint import with_fingerprints
from cardlint.selection.judging import Judge, judge, judges_of

if TYPE_CHECKING:
    from datetime import date

    from cardlint.common.stopping import Wanted

MissingPath = discovery.MissingPath


class Run(Struct, frozen=True):
    """A finished run: the report, and the data of commands that show more than findings."""

    report: Report
    program: Program
    project: Project
    timings: dict[str, float]


def run(
    paths: Sequence[str],
    config: Config,
    *,
    today: date | None = None,
    cache: FactsCache | None = None,
    instead: Mapping[str, bytes] | None = None,
    files: Sequence[str] | None = None,
    jobs: int = 1,
    measured: bool = False,
    wanted: Wanted | None = None,
) -> Run:
    """Analyse the Python files under the paths; `instead` gives text to read in place of that of some of them.

    `files` are the Python files under the paths where the caller has listed them already; `jobs` is the number of processes,
    and 0 lets the size of the tree decide. With `measured`, the program holds the cost of each query and handler. The run asks
    `wanted` now and then, and raises Stopped when it answers False.

    Raises MissingPath for a path that is not there and ConfigError for an unknown rule name; every problem of analysed code
    is a finding.
    """
    started = time.perf_counter()
    timings: dict[str, float] = {}
    files = list(files) if files is not None else find(paths, config)
    if instead:
        files = sorted({*files, *instead})
    config, files = with_nested(config, files)
    judges: Sequence[Judge] = judges_of(config) if _names_rules(config) else ()
    timings["discover"] = time.perf_counter() - started
    mark = time.perf_counter()
    whole = merged(config)
    project = Project(files, config.root, marks(config), cache, instead, whole.src, jobs, wanted)
    timings["read"] = time.perf_counter() - mark
    mark = time.perf_counter()
    if not judges and (project.seeds() or project.commented):  # where there is nothing to judge, no rule is loaded
        judges = judges_of(config)
    with _collector_off():
        ignores, claims = comments(project, today)
    with _collector_off():
        program = _linked(project, _settings(whole, claims, measured), jobs)
    program = _with_evidence(program, paths, project, [rule for one in judges for rule in one.rules])
    if cache is not None:
        cache.trim()
    link_time = time.perf_counter() - mark
    unmatched = _unmatched(project, config, program)
    account = project.account()
    timings.update(account.seconds)
    timings.setdefault("inference", max(0.0, link_time - sum(seconds for _, seconds in account.seconds)))
    mark = time.perf_counter()
    findings, suppressed, program = judge(program, judges, ignores)
    findings.sort(key=lambda f: (f.place, f.code, f.label or "", f.message))
    findings = _named(findings, project)
    timings["rules"] = time.perf_counter() - mark
    timings["total"] = time.perf_counter() - started
    project.wanted = None
    report = Report(tuple(findings), _summary(program, project, account, suppressed, timings["total"]), unmatched)
    return Run(report, program, project, timings)


def _named(findings: list[Finding], project: Project) -> list[Finding]:
    """Give findings their fingerprints and the names of their groups."""
    if not findings:
        return findings
    from cardlint.groups import with_groups
    from cardlint.selection.at_hand import with_variables

    return with_groups(with_variables(with_fingerprints(findings, project.lines), project.lines))


def opened(files: Sequence[str], config: Config, cache: FactsCache | None = None) -> tuple[Project, LinkSettings]:
    """Return the project of some files and the settings of the inference, for commands that ask a single question."""
    config, files = with_nested(config, files)
    whole = merged(config)
    project = Project(files, config.root, marks(config), cache, None, whole.src)
    _, claims = comments(project, None)
    return project, _settings(whole, claims)


def _linked(project: Project, settings: LinkSettings, jobs: int) -> Program:
    """Analyse the program, and again when a file turns out not to parse: such files are no part of it."""
    from cardlint.parallel.syntax import SyntaxCheck

    check = SyntaxCheck([path for path in project.seeds() if path not in project.failures], project.data, jobs)
    if not check.apart:
        project.parse_whole(check.failing())
        return _program(project, settings, jobs)
    program = _program(project, settings, jobs)
    failing = check.failing()
    if failing:
        project.parse_whole(failing)
        program = _program(project, settings, jobs)
    return program


def _program(project: Project, settings: LinkSettings, jobs: int) -> Program:
    if not project.large:
        return link(project, settings)
    from cardlint.parallel.partitions import in_partitions, split

    partitions = split(project)
    if len(partitions) < 2:
        return link(project, settings)
    return in_partitions(project, partitions, settings, jobs)


def merged(config: Config) -> Config:
    """Return a configuration with what its nested ones say about the whole program: rows, import roots, and whether to suspect.

    Import roots are relative to their configuration file; here they become relative to the working directory, as files are.
    """
    every = (config, *config.nested)
    src = tuple(os.path.normpath(os.path.join(one.root, folder)).replace(os.sep, "/") for one in every for folder in one.src)
    return replace(
        config,
        src=tuple(dict.fromkeys(src)),
        sources=tuple(dict.fromkeys(row for one in every for row in one.sources)),
        bounders=tuple(dict.fromkeys(row for one in every for row in one.bounders)),
        sinks=tuple(dict.fromkeys(row for one in every for row in one.sinks)),
        wrappers=tuple(dict.fromkeys(row for one in every for row in one.wrappers)),
        min_confidence="",
        pedantic=any(least(one) is Confidence.LOW for one in every),
    )


def _unmatched(project: Project, config: Config, program: Program) -> tuple[str, ...]:
    """Return a sentence about each setting that the analysed code cannot match; most configurations have none of these."""
    if not any(
        one.sources or one.bounders or one.sinks or one.wrappers or one.bounded_labels or one.identity_labels or one.budgets
        for one in (config, *config.nested)
    ):
        return ()
    from cardlint.selection.unused import unmatched

    return unmatched(config, program, project.mentioning, project.lines)


def _names_rules(config: Config) -> bool:
    """Tell whether the settings name rules: a name that is none is an error, whatever the files are."""
    every = (config, *config.nested)
    return any(
        one.select or one.extend_select or one.ignore or one.per_file_ignores or one.inherited_ignores or one.severity for one in every
    )


@contextmanager
def _collector_off() -> Iterator[None]:
    """Disable the cyclic collector while objects only accumulate: it would traverse them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _with_evidence(program: Program, paths: Sequence[str], project: Project, rules: Sequence[Rule]) -> Program:
    """Search the files next to the code for evidence of multiprocess mode, when a rule needs it and there are metrics."""
    if not (program.metrics or program.externals) or not any(rule.code.startswith("CL4") or rule.code == "CL108" for rule in rules):
        return program
    from cardlint.project.evidence import gather

    live = any(metric.of_live_processes for metric in program.metrics)
    found = gather(paths, project, live)
    program = replace(
        program,
        multiprocess_evidence=(*program.multiprocess_evidence, *found.steps),
        projects=found.projects,
        gunicorn_without_exit=found.without_exit,
        ends_workers=found.ends_workers,
        starts_workers=found.starts_workers,
    )
    return _with_importers(program, project)


def _with_importers(program: Program, project: Project) -> Program:
    """Find which files are in one program with a sign of multiprocess mode, and which of them expose the values of their own process."""
    evidence = {step.place.path for step in program.multiprocess_evidence}
    if not evidence:
        return program
    from cardlint.project.importers import loading, programs
    from cardlint.rules._mode_evidence import exposes_one_process, is_server_configuration

    calls = [call for call in program.externals if not call.in_test]
    collecting = {call.place.path for call in calls if call.role == "all-processes"}
    exposing = {call.place.path for call in calls if exposes_one_process(call)}
    started = frozenset(project.mentioning("__main__", tests=False))
    scripts = {path for path in evidence if not is_server_configuration(path)}
    program = replace(program, started=started, programs=programs(project, scripts, started))
    signs = evidence & set(project.paths())
    if not (signs and collecting and exposing):
        return program
    declaring = {metric.place.path for metric in program.metrics if not metric.in_test}
    return replace(program, loaded_by=loading(project, signs | collecting | exposing | declaring))


def find(paths: Sequence[str], config: Config) -> list[str]:
    """List the files of a run under the configuration's excludes."""
    return discovery.find_files(paths, excluded_by(config.exclude, config.extend_exclude))


def comments(project: Project, today: date | None) -> tuple[list[suppress.Ignore], list[suppress.Claim]]:
    """Read the comments for cardlint in the files of a project: those that suppress, and claims about values."""
    if not project.commented:
        return [], []
    import datetime

    known = frozenset(name for rule in all_rules() for name in (rule.name, rule.code))
    lines = []
    for path in project.commented:
        facts = project.facts(path)
        for c in facts.comments if facts is not None else ():
            lines.append(suppress.CommentLine(path, c.text, c.line, c.column, c.first, c.last))
    return suppress.read(lines, known, today or datetime.date.today())


def _settings(config: Config, claims: Sequence[suppress.Claim], measured: bool = False) -> LinkSettings:
    return LinkSettings(
        sources=config.sources,
        bounders=config.bounders,
        sinks=config.sinks,
        wrappers=config.wrappers,
        src=config.src,
        suspects=least(config) is Confidence.LOW,
        measured=measured,
        bounded_claims=tuple((c.path, c.first, c.last, c.size) for c in claims),
    )


def _pairs(program: Program) -> list[LabelArg]:
    """List the label arguments, one for each call and label: of a shared call the least decided one."""
    out: list[LabelArg] = []
    shared: dict[tuple[Place, Place, str | None], LabelArg] = {}
    for site in program.sites:
        if not site.shared:
            out.extend(site.args)
            continue
        for arg in site.args:
            key = (site.place, arg.place, arg.label)
            known = shared.setdefault(key, arg)
            if arg.value.bound is Bound.UNKNOWN or (arg.value.named and known.value.bound is not Bound.UNKNOWN):
                shared[key] = arg
    return [*out, *shared.values()]


def _summary(program: Program, project: Project, account: Account, suppressed: int, seconds: float) -> Summary:
    sites = _pairs(program)
    return Summary(
        files=len(project.paths()),
        parsed=len(account.parsed),
        metrics=len(program.metrics),
        label_sites=len(sites),
        decided=sum(1 for arg in sites if arg.value.bound is not Bound.UNKNOWN),
        decided_by_name=sum(1 for arg in sites if arg.value.bound is not Bound.UNKNOWN and arg.value.named),
        unreadable=len(program.facts_errors),
        rewritten=len(account.rewritten),
        unresolved_metrics=len(program.unresolved),
        limits_hit=len(program.limits),
        suppressed=suppressed,
        duration_s=round(seconds, 3),
    )
