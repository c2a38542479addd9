"""`cardlint trace FILE:LINE`: the classification of the label values on a line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli import options
from cardlint.cli.show import say
from cardlint.common.numbers import parse_int
from cardlint.project.lines import from_disk

if TYPE_CHECKING:
    from cardlint.inference.program import LabelArg, LabelSite

MAX_NAMED = 3
"""Metrics of one call that are named."""


@click.command("trace", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("place", metavar="FILE:LINE")
@click.option("--root", type=click.Path(), default=".", help="Folder to analyse for callers and imports (default: the working directory).")
@options.configuration
def command(place: str, root: str, **given: Any) -> int:
    """Show, step by step, how the labels at FILE:LINE were classified, and why each is reported or not."""
    path, _, number = place.rpartition(":")
    line = parse_int(number)
    if not path or line is None:
        raise click.UsageError(f"`{place}` is not of the form FILE:LINE; write, for example, app/metrics.py:24")
    if not os.path.isfile(path):
        raise click.ClickException(f"{path}: no such file")
    if not root.strip():
        raise click.UsageError("--root needs the name of a folder")
    if not os.path.exists(root):
        raise options.missing(root)
    count = len(from_disk(path))
    if not 0 < line <= count:
        raise click.UsageError(f"{path} has no line {line}; its last one is {count}")
    config = options.load((root,), given)
    from cardlint.engine import run

    inside = not os.path.relpath(path, root).startswith("..")
    shown = os.path.relpath(path).replace(os.sep, "/")
    paths = (root,) if inside else (shown,)
    config, files = options.project(paths, config, given)
    if not files:
        say(f"cardlint: no Python file under {', '.join(paths)}; nothing was analysed", aside=True)
        return 3
    wanted = os.path.abspath(path)
    shown = next((name for name in files if os.path.abspath(name) == wanted), shown)  # a root elsewhere names its files in full
    done = run(paths, config, cache=options.cache(config, (root,), given), files=files, jobs=given["jobs"])
    found = [(s, a) for s in done.program.sites for a in s.args if _touches(s, a, shown, line)]
    if not found:
        if shown not in files and not options.files((shown,), config):  # which says why
            return 3
        unresolved = [s for s in done.program.unresolved if s.place.path == shown and s.place.line <= line <= s.place.end_line]
        for step in unresolved:
            say(f"{shown}:{line}: no label is decided here: {step.message}")
        if not unresolved:
            say(f"{shown}:{line}: no label gets a value on this line")
        return 0
    from cardlint.cli.verdicts import Verdicts

    verdicts = Verdicts(done, config)
    for site, arg in found:
        _show(site, arg)
        for text in verdicts.of(site, arg):
            say(f"    {text}")
    return 0


def _touches(site: LabelSite, arg: LabelArg, path: str, line: int) -> bool:
    on_site = site.place.path == path and site.place.line <= line <= site.place.end_line
    return on_site or any(s.place.path == path and s.place.line == line for s in (*arg.value.steps(), *site.lifted))


def _metrics(site: LabelSite) -> str:
    """Name the metrics of a call, the first ones of many: it gives the value to one of them, or to all."""
    names = list(dict.fromkeys(metric.name for metric in site.metrics)) or ["a metric"]
    if len(names) > MAX_NAMED:
        names[MAX_NAMED:] = [f"{len(names) - MAX_NAMED:,} more"]
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _show(site: LabelSite, arg: LabelArg) -> None:
    info = arg.value.info()
    size = f", {info.size:,} value{'' if info.size == 1 else 's'}" if info.size is not None else ""
    say(f"{f'label {arg.label}' if arg.label is not None else 'a label'} of {_metrics(site)}: {info.cls}{size} ({info.why})")
    for value in info.values[:12]:
        say(f"    value {value!r}")
    for step in arg.value.steps():
        say(f"    {step.place.path}:{step.place.line}:{step.place.column}: {step.message}")
    for step in site.lifted:
        say(f"    {step.place.path}:{step.place.line}:{step.place.column}: {step.message}")
    say(f"    {arg.place.path}:{arg.place.line}:{arg.place.column}: passed to the label as `{arg.text}`")
    if info.cls == "unknown":
        say(f"    unknown because: {info.why}")
    if arg.guess is not None:
        say(f"    {arg.guess.why}")
