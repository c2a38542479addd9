"""`cardlint inventory`: every metric with its labels and what they cost."""

from __future__ import annotations

import shutil
import sys
from typing import Any

import click

from cardlint.cli import options
from cardlint.cli.check import color_wanted


@click.command("inventory", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Output format.")
@options.configuration
def command(paths: tuple[str, ...], form: str, **given: Any) -> int:
    """List every metric under PATHS: type, labels with the class and size of their values, estimated series, uses."""
    paths = options.listed(paths)
    config = options.load(paths, given)
    from cardlint.engine import MissingPath, run
    from cardlint.inventory import inventory

    try:
        done = run(paths or (".",), config, cache=options.cache(config, paths, given), jobs=given["jobs"])
    except MissingPath as problem:
        raise options.missing(str(problem)) from None
    if not done.project.paths():
        click.echo(f"cardlint: no Python file under {', '.join(paths) or '.'}; nothing was analysed", err=True)
        return 3
    rows = inventory(done.program)
    if form == "json":
        import json

        click.echo(json.dumps({"schema": "cardlint-inventory-v1", "metrics": rows}, indent=1))
        return 0
    _table(rows)
    return 0


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from cardlint.output.cleaning import clean

    color = color_wanted(sys.stdout)
    console = Console(
        force_terminal=color, no_color=not color, width=max(60, shutil.get_terminal_size((120, 24)).columns), highlight=False, markup=False
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("metric", "type", "labels", "series", "declared", "uses"):
        table.add_column(title, overflow="fold", justify="right" if title in ("series", "uses") else "left")
    for row in rows:
        if row["test"]:
            continue
        labels = "\n".join(_spoken(label) for label in row["labels"]) or ("-" if row["labels_known"] else "not known")
        series = f"{row['series']:,}" if row["series"] is not None else "open"
        table.add_row(
            *(
                Text(clean(t) if "\n" not in t else t)
                for t in (row["name"], row["type"], labels, series, f"{row['path']}:{row['line']}", str(len(row["used"])))
            )
        )
    console.print(table)


def _spoken(label: dict[str, Any]) -> str:
    from cardlint.output.cleaning import clean

    size = f" {label['size']:,}" if label["size"] is not None else ""
    return clean(f"{label['name']}: {label['class']}{size}")
