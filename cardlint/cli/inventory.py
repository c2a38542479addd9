"""`cardlint inventory`: every metric with its labels and what they cost."""

from __future__ import annotations

import io
import shutil
import sys
from typing import Any

import click

from cardlint.cli import options
from cardlint.cli.show import color_wanted, say, write


@click.command("inventory", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Output format.")
@options.configuration
def command(paths: tuple[str, ...], form: str, **given: Any) -> int:
    """List every metric under PATHS: type, labels with the class and size of their values, estimated series, uses."""
    paths = options.listed(paths)
    config = options.load(paths, given)
    from cardlint.engine import run
    from cardlint.inventory import inventory

    paths = paths or (".",)
    done = run(paths, config, cache=options.cache(config, paths, given), files=options.files(paths, config), jobs=given["jobs"])
    if not done.project.paths():
        say(f"cardlint: no Python file under {', '.join(paths)}; nothing was analysed", aside=True)
        return 3
    rows = inventory(done.program)
    if form == "json":
        from cardlint.output.neutralise import json_text

        write(json_text({"schema": "cardlint-inventory-v1", "metrics": rows}))
        return 0
    _table(rows)
    return 0


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from cardlint.output.neutralise import Safe, lines, log

    color = color_wanted(sys.stdout)
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=color,
        no_color=not color,
        width=max(60, shutil.get_terminal_size((120, 24)).columns),
        highlight=False,
        markup=False,
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("metric", "type", "labels", "series", "declared", "uses"):
        table.add_column(title, overflow="fold", justify="right" if title in ("series", "uses") else "left")
    for row in rows:
        if row["test"]:
            continue
        labels = [_spoken(label) for label in row["labels"]] or ["-" if row["labels_known"] else "not known"]
        series = f"{row['series']:,}" if row["series"] is not None else "open"
        table.add_row(
            *(
                Text("\n".join(map(log, cell)))
                for cell in ([row["name"]], [row["type"]], labels, [series], [f"{row['path']}:{row['line']}"], [str(len(row["used"]))])
            )
        )
    console.print(table)
    rows_shown = out.getvalue().removesuffix("\n").split("\n")
    # only the heading has colours; a cell that was folded may begin a line in its middle
    write(lines(Safe(row) if "\x1b" in row else log(row) for row in rows_shown))


def _spoken(label: dict[str, Any]) -> str:
    size = f" {label['size']:,}" if label["size"] is not None else ""
    return f"{label['name']}: {label['class']}{size}"
