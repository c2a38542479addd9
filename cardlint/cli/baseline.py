"""`cardlint baseline`: write the current findings to a file, or remove from it what is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cardlint.cli import options
from cardlint.cli.grouping import Grouped
from cardlint.cli.show import say
from cardlint.cli.writing import check_bounds, check_output, write_output

if TYPE_CHECKING:
    from cardlint.config import Config
    from cardlint.findings import Finding
    from cardlint.selection.baseline import Baseline, Comparison, Entry

DEFAULT = "cardlint-baseline.json"
MAX_NEW = 20
"""New findings that are listed one by one."""


@click.command("baseline", cls=Grouped, context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option(
    "--output",
    "-o",
    type=click.Path(readable=False),
    metavar="FILE",
    help=f"File to write (default: the `baseline` of the configuration, or {DEFAULT}).",
)
@click.option("--accept-new", is_flag=True, help="Also record findings that are not in the file yet.")
@click.option("--prune", is_flag=True, help="Only remove what is fixed; new findings are not recorded.")
@options.selection
@options.configuration
def command(paths: tuple[str, ...], output: str | None, accept_new: bool, prune: bool, **given: Any) -> int:
    """Write every finding under PATHS to a file; `cardlint check --baseline FILE` then reports only new ones.

    A file that is there stays as it is when there are new findings, unless --accept-new is given.
    """
    if accept_new and prune:
        raise click.UsageError("--prune only removes; --accept-new contradicts it")
    if output is not None:
        check_output(output)
    paths = options.listed(paths)
    config = options.load(paths, given)
    paths = paths or (".",)
    from cardlint.config import ConfigError
    from cardlint.engine import run
    from cardlint.files.writing import Bounds, checkout
    from cardlint.selection import baseline

    file = output if output is not None else baseline.configured(config) or DEFAULT
    if output is None and config.baseline:
        _check_own(file, checkout(paths, config.root), config)
    known = _known(file)
    if prune and known is None:
        raise click.UsageError(f"{file} does not exist, so there is nothing to prune")
    bounds = Bounds(paths, config.root if config.source else "")
    check_bounds(file, bounds)
    try:
        config, files = options.project(paths, config, given)
        done = run(paths, config, cache=options.cache(config, paths, given), files=files, jobs=given["jobs"])
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if not done.project.paths():
        say(f"cardlint: no Python file under {', '.join(paths)}; nothing was written", aside=True)
        return 3
    compared = baseline.compare(done.report, known or baseline.empty(file), baseline.within(paths))
    if prune and known is not None:
        text, line = _pruned(file, known, compared)
    elif known is not None and compared.new and not accept_new:
        _refuse(file, compared.new)
        return 1
    else:
        text, line = _written(file, known, compared)
    if text:
        write_output(file, text, bounds)
    say(line)
    return 0


def _check_own(file: str, folders: tuple[str, ...], config: Config) -> None:
    """Refuse to write where the author of the configuration may not: out of the project, or into the data of its repository."""
    import os

    from cardlint.config import REPOSITORIES
    from cardlint.files.writing import inside

    target = os.path.realpath(file)
    if not inside(target, folders) or any(part.casefold() in REPOSITORIES for part in target.split(os.sep)):
        raise click.ClickException(f"{config.source}: `baseline` leads out of the project; name the file to write with --output")


def _known(file: str) -> Baseline | None:
    """Return the baseline that a file holds, None when there is none; another file is not overwritten: people commit baselines."""
    from cardlint.project.lines import bytes_of
    from cardlint.selection import baseline

    check_output(file)
    data = bytes_of(file)
    if not data.strip():
        return None
    try:
        return baseline.of(data, file)
    except baseline.BaselineError:
        raise click.UsageError(f"{file} exists and is not a baseline, so it was left alone") from None


def _kept(folder: str, known: Baseline | None, compared: Comparison) -> list[Entry]:
    """Return the entries that stay: as they are, so that only what changes is in the diff of a commit."""
    from cardlint.selection import baseline

    old = known is None or known.old
    return [*(baseline.entry(finding, folder) if old else one for one, finding in compared.matched), *compared.elsewhere]


def _pruned(file: str, known: Baseline, compared: Comparison) -> tuple[str, str]:
    """Return the shorter text, '' when nothing is removed, and a line about it."""
    from cardlint.selection import baseline

    left = _kept(known.folder, known, compared)
    removed = len(compared.fixed)
    line = f"{file}: {_count(removed)} removed, {len(left):,} left"
    if compared.new:
        line += f"; {_count(len(compared.new))} not in it"
    return (baseline.write(left) if removed or known.old else ""), line


def _written(file: str, known: Baseline | None, compared: Comparison) -> tuple[str, str]:
    """Return the text with all findings of the run and the entries of files that it did not look at, and a line about it."""
    from cardlint.selection import baseline

    folder = baseline.empty(file).folder
    moved = [(one._replace(path=baseline.entry(finding, folder).path), finding) for one, finding in compared.matched]
    compared = compared._replace(matched=tuple(moved))
    new = (baseline.entry(finding, folder) for finding in compared.new)
    line = f"{file}: {_count(len(compared.matched) + len(compared.new))}"
    if compared.elsewhere:
        line += f", and {len(compared.elsewhere):,} in files that were not analysed"
    return baseline.write([*_kept(folder, known, compared), *new]), line


def _refuse(file: str, new: tuple[Finding, ...]) -> None:
    """List the findings that would be accepted without a word, and what to do about them."""
    from cardlint.output.concise import line

    for finding in new[:MAX_NEW]:
        say(line(finding))
    if len(new) > MAX_NEW:
        say(f"and {len(new) - MAX_NEW:,} more")
    them = "it" if len(new) == 1 else "them"
    say(
        f"cardlint: {_count(len(new))} not in {file}, which was left alone; --accept-new records {them}, --prune only removes what is fixed",
        aside=True,
    )


def _count(count: int) -> str:
    return f"{count:,} finding{'' if count == 1 else 's'}"
