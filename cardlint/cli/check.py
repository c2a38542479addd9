"""`cardlint check`: the main command."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli import narrowing, options
from cardlint.cli.grouping import Grouped
from cardlint.cli.show import color_wanted, columns, links_wanted, say, write
from cardlint.output import FORMATS

if TYPE_CHECKING:
    from cardlint.cache.facts_cache import FactsCache
    from cardlint.config import Config
    from cardlint.engine import Run
    from cardlint.files.writing import Bounds
    from cardlint.findings import Report
    from cardlint.fix.session import Rerun
    from cardlint.output import Lines, RulePage


@click.command("check", cls=Grouped, context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option(
    "--format",
    "--output-format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    shell_complete=lambda _context, _parameter, incomplete: [name for name in FORMATS if name.startswith(incomplete)],
    help=f"Output format: {', '.join(FORMATS)}; repeatable, =FILE writes to a file.",
)
@click.option(
    "--output-file", "-o", type=click.Path(readable=False), metavar="FILE", help="Write the report to a file instead of the terminal."
)
@click.option("--fail-on", type=click.Choice(options.LEVELS), help="Lowest severity that makes the exit code 1 (default: warning).")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@options.selection
@click.option(
    "--baseline",
    "baseline_file",
    type=click.Path(readable=False),
    metavar="FILE",
    help="Report only findings that are not in this baseline (default: the `baseline` of the configuration).",
)
@click.option("--no-baseline", is_flag=True, help="Report all findings, whatever baseline the configuration names.")
@click.option("--since", metavar="REF", help="Report only findings on lines changed since a git revision.")
@click.option("--stdin-filename", metavar="FILE", help="Read this file's text from standard input and report on it alone.")
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: include fixes that change exported series.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--add-ignores", is_flag=True, help="Write an ignore comment at every cause; needs --reason.")
@click.option("--reason", metavar="TEXT", help="The reason that --add-ignores writes.")
@options.configuration
@click.option("--no-group", is_flag=True, help="Show every place as a finding of its own, even if several share one cause.")
@options.coloured
@click.option("--show-fixes", is_flag=True, help="List the fix of each finding that has one; with --fix, those that were made.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes, until interrupted.")
@click.option("--quiet", "-q", is_flag=True, help="Print only findings and errors: no summary, no notes.")
@click.option("--statistics", is_flag=True, help="Show how many places each rule reports, after the report.")
@click.option("--show-files", is_flag=True, help="List the files that would be analysed, and stop.")
@click.option("--show-settings", is_flag=True, help="Show the settings of the run, and stop.")
@click.option("--verbose", "-v", is_flag=True, help="Show traces and whatever could not be resolved.")
@click.option("--timings", is_flag=True, help="Show where the time went.")
def command(paths: tuple[str, ...], formats: tuple[str, ...], **given: Any) -> int:
    """Find labels with an unbounded set of values in the Python files under PATHS.

    A path written @FILE is replaced by the paths that FILE lists, one per line.
    """
    changes = given["fix"] or given["diff"] or given["add_ignores"]
    targets = _targets(formats or (("concise",) if changes else ("text",)), given["output_file"])
    _check_usage(given, bool(changes), targets)
    paths = options.listed(paths)
    if given["watch"]:
        from cardlint.cli.watching import watch

        return watch(lambda: _once(paths, targets, given, bool(changes)), lambda: _watched(paths, given))
    return _once(paths, targets, given, bool(changes))


def _watched(paths: tuple[str, ...], given: dict[str, Any]) -> list[str]:
    """List the files whose change begins another run: those that are analysed, and the configuration."""
    config = options.load(paths, given)
    config, files = options.project(paths or (".",), config, given)
    return [*files, *(one.source for one in (config, *config.nested) if one.source)]


def _once(paths: tuple[str, ...], targets: list[tuple[str, str]], given: dict[str, Any], changes: bool) -> int:
    """Run once, and return the exit code."""
    instead = narrowing.from_stdin(given["stdin_filename"])
    if instead and changes:
        raise click.UsageError("a file from standard input cannot be changed")
    config = options.load(paths or tuple(instead), given)
    where = paths or (("." if not instead else config.root),)
    if given["show_settings"]:
        return narrowing.show_settings(config)
    bounds = _bounds(targets, where, config)
    config, files = options.project(where, config, given, tuple(instead))
    if given["show_files"]:
        return narrowing.show_files(files)
    cache = options.cache(config, where, given)
    shows_fixes = given["show_fixes"] or any(name in SHOW_FIXES for name, _ in targets)
    whole, done = _report(where, config, cache, given, instead, files, shows_fixes)
    narrowing_by = narrowing.Narrowing(config, given, tuple(instead), where)
    failed = False
    if done is not None and changes:
        from cardlint.cli import changing

        before = narrowing_by(whole).report
        outcome = changing.change(
            done, config, given, _rerun(where, config, cache, given, files), lambda report: narrowing_by(report).report, where
        )
        if given["diff"]:
            return 2 if outcome.failed else 1 if outcome.differs and not given["exit_zero"] else 0
        whole, done, failed = outcome.run.report, outcome.run, outcome.failed
        if shows_fixes:
            whole = changing.with_fixes(done, whole)
        if given["show_fixes"]:
            narrowing.show_fixes(before, narrowing_by(whole).report)
    narrowed = narrowing_by(whole)
    report = narrowed.report
    lines = lru_cache(KEPT_TEXTS)(done.project.lines if done is not None else _from_disk)
    for name, file in targets:
        _write(name, file, report, lines, given, bounds)
    if given["show_fixes"] and not changes:
        narrowing.show_fixes(report)
    if not given["quiet"]:
        for line in (*narrowed.notes, *narrowing.unmatched(whole, files, config, where)):
            say(line, aside=True)
    _more(report, done, targets, given)
    if not whole.summary.files:
        say(f"cardlint: no Python file under {', '.join(where)}; nothing was analysed", aside=True)
        return 3
    if failed:
        return 2
    return 0 if given["exit_zero"] else exit_code(report, config)


def _more(report: Report, done: Run | None, targets: list[tuple[str, str]], given: dict[str, Any]) -> None:
    """Print what was asked for in addition to the report: numbers of findings, unresolved metrics, limits and times."""
    if given["statistics"]:
        narrowing.statistics(report, aside=any(name in DOCUMENTS and not file for name, file in targets))
    if done is not None and given["verbose"]:
        from cardlint.cli.costs import show_limits

        _unresolved(done)
        show_limits(done.program)
    if done is not None and given["timings"]:
        from cardlint.cli.costs import show_measures

        _timings(done.timings)
        show_measures(done.program)


def _bounds(targets: list[tuple[str, str]], where: tuple[str, ...], config: Config) -> Bounds | None:
    """Return what may be written, after checking the files that will be; None when no file will."""
    files = [file for _, file in targets if file]
    if not files:
        return None
    from cardlint.cli.writing import check_bounds
    from cardlint.files.writing import Bounds

    bounds = Bounds(where, config.root if config.source else "")
    for file in files:
        check_bounds(file, bounds)
    return bounds


def _rerun(where: tuple[str, ...], config: Config, cache: FactsCache | None, given: dict[str, Any], files: list[str]) -> Rerun:
    """Return a function that repeats the run with other texts in the place of some files."""

    def again(texts: Mapping[str, bytes]) -> Run:
        from cardlint.cli.progress import bar
        from cardlint.engine import run

        with bar():
            return run(where, config, cache=cache, instead=texts, files=files, jobs=given["jobs"])

    return again


def _check_usage(given: dict[str, Any], changes: bool, targets: list[tuple[str, str]]) -> None:
    """Raise click.UsageError for options that contradict each other."""
    if given["watch"]:
        wrong = next((name for name in ("stdin_filename", "output_file", "show_settings", "show_files") if given[name]), "")
        if changes or wrong or any(file for _, file in targets):
            raise click.UsageError("--watch only shows findings in the terminal; it cannot change or write files, or read standard input")
    if given["quiet"] and given["verbose"]:
        raise click.UsageError("--quiet and --verbose contradict each other")
    if given["add_ignores"] and not (given["reason"] or "").strip():
        raise click.UsageError('--add-ignores needs --reason "why these findings may stay"')
    if given["reason"] is not None and not given["add_ignores"]:
        raise click.UsageError("--reason goes with --add-ignores")
    if given["add_ignores"] and given["fix"]:
        raise click.UsageError("--add-ignores and --fix are two runs: what is fixed needs no comment")
    if given["unsafe_fixes"] and (given["add_ignores"] or not (given["fix"] or given["diff"])):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")


def exit_code(report: Report, config: Config) -> int:
    """Return 1 when a finding is as severe as the `fail-on` of its nearest configuration, else 0."""
    from cardlint.config.nested import Nearest
    from cardlint.findings import Severity

    nearest = Nearest(config)
    return 1 if any(f.severity >= Severity[nearest(f.place.path).fail_on.upper()] for f in report.findings) else 0


def _report(
    paths: tuple[str, ...],
    config: Config,
    cache: FactsCache | None,
    given: dict[str, Any],
    instead: dict[str, bytes],
    files: list[str],
    shows_fixes: bool,
) -> tuple[Report, Run | None]:
    """Return the report of a run, and the run itself unless the last record shows that nothing has changed."""
    from cardlint.config import ConfigError

    started = time.perf_counter()
    try:
        runs = None
        if cache is not None and files and not instead and not any(given[name] for name in NEEDS_A_RUN):
            import datetime

            from cardlint.cache.run_cache import Runs

            runs = Runs(cache.folder, paths, config, files, str(datetime.date.today()))
            known = runs.load()
            if known is not None:
                from msgspec.structs import replace

                seconds = round(time.perf_counter() - started, 3)
                return replace(known, summary=replace(known.summary, duration_s=seconds)), None
        from cardlint.cli.progress import bar
        from cardlint.engine import run

        with bar():
            done = run(paths, config, cache=cache, instead=instead, files=files, jobs=given["jobs"], measured=bool(given["timings"]))
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    report = done.report
    if report.findings and (runs is not None or shows_fixes):
        from cardlint.cli.changing import with_fixes

        report = with_fixes(done, report)
    if runs is not None:
        runs.save(report, done.project)
    return report, done


SHOW_FIXES = ("json", "sarif", "text", "concise")
"""Formats that tell what `--fix` would change."""
DOCUMENTS = ("json", "sarif", "gitlab", "junit", "prometheus")
"""Formats that are one document, so that no text may follow."""
KEPT_TEXTS = 16
"""Files whose lines are kept while findings are written: findings are sorted by file, and their origins are in few others."""
NEEDS_A_RUN = ("fix", "diff", "add_ignores", "verbose", "timings")
"""Options that need more than the report."""


def _targets(formats: tuple[str, ...], output_file: str | None) -> list[tuple[str, str]]:
    targets = []
    for given in formats:
        name, equals, file = given.partition("=")
        if name not in FORMATS:
            from difflib import get_close_matches

            close = get_close_matches(name, FORMATS, 1)
            raise click.UsageError(
                f"unknown format `{name}`; " + (f"did you mean `{close[0]}`?" if close else f"known formats: {', '.join(FORMATS)}")
            )
        if equals and not file:
            raise click.UsageError(f"`--format {given}` names no file")
        targets.append((name, file))
    if sum(1 for _, file in targets if not file) > 1:
        raise click.UsageError("only one format can be written to the terminal; give the others a file: --format sarif=out.sarif")
    if output_file is not None:
        if all(file for _, file in targets):
            raise click.UsageError("--output-file has nothing to write: every format has a file of its own")
        targets = [(name, file or output_file) for name, file in targets]
    files = [file for _, file in targets if file]
    if output_file is None and not files:
        return targets
    from cardlint.cli.writing import check_output

    if output_file is not None:
        check_output(output_file)
    for file in files:
        check_output(file)
        if files.count(file) > 1:
            raise click.UsageError(f"two formats cannot be written to the same file {file}")
    return targets


def _write(name: str, file: str, report: Report, lines: Lines, given: Mapping[str, Any], bounds: Bounds | None) -> None:
    from cardlint.output import Options, renderer

    verbose, grouped, quiet = bool(given["verbose"]), not given["no_group"], bool(given["quiet"])
    if file and bounds is not None:
        from cardlint.cli.writing import write_output

        write_output(
            file, renderer(name)(report, Options(lines, width=0, verbose=verbose, rules=_pages, grouped=grouped, quiet=quiet)), bounds
        )
        return
    color, links = color_wanted(sys.stdout, given["color"]), links_wanted(sys.stdout)
    options = Options(lines, color=color, width=columns(), verbose=verbose, rules=_pages, grouped=grouped, links=links, quiet=quiet)
    write(renderer(name)(report, options))


def _from_disk(path: str) -> list[str]:
    """Return the lines of a file as it is now; a report without findings asks for none."""
    from cardlint.project.lines import from_disk

    return from_disk(path)


def _timings(timings: Mapping[str, float]) -> None:
    for phase, seconds in timings.items():
        say(f"{phase:10} {seconds * 1000:9.1f} ms", aside=True)
    if sum(timings.values()) > 2.05 * timings["total"]:
        say("large packages were analysed in parallel, so the phases add up to more than the total", aside=True)


def _pages() -> list[RulePage]:
    from cardlint.output import RulePage
    from cardlint.rules import all_rules
    from cardlint.rules.pages import page

    return [RulePage(r.code, r.name, r.title, r.what, page(r), r.default) for r in all_rules()]


def _unresolved(done: Run) -> None:
    for step in (*done.program.unresolved, *done.program.limits):
        say(f"{step.place.path}:{step.place.line}:{step.place.column}: {step.message}", aside=True)
