"""`cardlint inventory`: every metric with its labels and what they cost."""

from __future__ import annotations

import sys
from typing import Any

import click

from cardlint.cli import narrowing, options
from cardlint.cli.grouping import Grouped
from cardlint.cli.show import color_wanted, columns, links_wanted, say, write


@click.command("inventory", cls=Grouped, context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@options.coloured
@click.option("--format", "--output-format", "form", type=click.Choice(["table", "json"]), default="table", help="Output format.")
@options.configuration
def command(paths: tuple[str, ...], form: str, **given: Any) -> int:
    """List every metric under PATHS: type, labels with the class and size of their values, estimated series, uses.

    The most expensive metric comes first. Sums come last: one of all metrics, and one for each team with a budget in the
    configuration. The exit code is 1 when a budget is exceeded.
    """
    paths = options.listed(paths)
    config = options.load(paths, given)
    from cardlint.engine import run
    from cardlint.inventory import by_series, inventory, of_teams, totals

    paths = paths or (".",)
    config, files = options.project(paths, config, given)
    done = run(paths, config, cache=options.cache(config, paths, given), files=files, jobs=given["jobs"])
    if not done.project.paths():
        say(f"cardlint: no Python file under {', '.join(paths)}; nothing was analysed", aside=True)
        return 3
    rows = by_series(inventory(done.program))
    sums, teams = totals(rows), [team for one in (config, *config.nested) for team in of_teams(rows, one)]
    if form == "json":
        from cardlint.output.neutralise import json_text

        write(json_text({"schema": "cardlint-inventory-v1", "metrics": rows, "totals": sums, "teams": teams}))
    else:
        from cardlint.output import Options
        from cardlint.output.inventory import render

        write(
            render(
                rows,
                sums,
                teams,
                Options(list, color=color_wanted(sys.stdout, given["color"]), width=columns(), links=links_wanted(sys.stdout)),
            )
        )
    for line in narrowing.unmatched(done.report, files, config, paths):
        say(line, aside=True)
    return 1 if any(team["over"] for team in teams) else 0
