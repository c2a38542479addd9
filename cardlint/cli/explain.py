"""`cardlint explain RULE`: the page of a rule."""

from __future__ import annotations

import shutil
import sys

import click

from cardlint.cli import options
from cardlint.cli.show import color_wanted, write


@click.command("explain", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("rule", shell_complete=options.rule_names)
@click.option("--markdown", is_flag=True, help="Print the page as Markdown, also on a terminal.")
@options.coloured
def command(rule: str, markdown: bool, color: str) -> int:
    """Show what RULE reports, why it matters, how to fix it and when to ignore it.

    RULE is a name, a code or a prefix of codes: `cardlint explain CL1` shows every rule about cardinality. Where the output is no
    terminal, the page is printed as Markdown.
    """
    from cardlint.output.neutralise import lines, plain
    from cardlint.rules import by_name, nearest
    from cardlint.rules.pages import page

    found = by_name(rule)
    if not found:
        close = nearest(rule)
        raise click.ClickException(f"unknown rule `{rule}`; " + (f"did you mean `{close}`?" if close else "`cardlint rules` lists them"))
    text = "\n".join(page(one) for one in found)
    wanted = color_wanted(sys.stdout, color)
    if markdown or not (wanted or sys.stdout.isatty()):  # what reads a pipe wants neither a width nor blanks that fill it
        write(lines(plain(line) for line in text.removesuffix("\n").split("\n")))
        return 0
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=wanted, no_color=not wanted, width=min(110, shutil.get_terminal_size((100, 24)).columns))
    console.print(Markdown(text, code_theme="ansi_dark"))
    return 0
