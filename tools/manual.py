"""The manual page and the page of all commands: two forms of what `--help` says, read from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path

import click

from cardlint.cli.app import COMMANDS, group
from cardlint.common.site import REPOSITORY, SITE
from cardlint.version import __version__

ROOT = Path(__file__).resolve().parent.parent
EXITS = (
    ("0", "There is no finding at or above `--fail-on` (by default `warning`)."),
    (
        "1",
        "There are findings at or above `--fail-on`, `--diff` has something to change, `cardlint inventory` found a budget that is exceeded, or `cardlint baseline` found new findings and wrote nothing.",
    ),
    ("2", "The usage or the configuration is wrong, or an internal error occurred."),
    ("3", "Nothing was analysed: there is no Python file under the paths."),
)
ENVIRONMENT = (
    ("CARDLINT_CACHE_DIR", "The folder below which the cache is kept, as with `--cache-dir`."),
    ("CARDLINT_DEBUG", "When it is set, an internal error is shown with its traceback."),
    ("NO_COLOR", "When it is set, nothing is coloured."),
    ("FORCE_COLOR", "When it is set, the output is coloured even if it does not go to a terminal."),
    ("COLUMNS", "The width of the text report on a terminal, and of `cardlint explain`."),
)
FILES = (
    ("pyproject.toml", "The table `[tool.cardlint]` of the nearest one holds the configuration."),
    ("cardlint.toml", "The same configuration in a file of its own."),
    ("cardlint-baseline.json", "The findings that `cardlint baseline` writes by default."),
    ("~/.cache/cardlint", "The cache. `cardlint cache dir` shows where it is, and `cardlint cache clean` empties it."),
)
EXAMPLES = (
    ("cardlint src/", "Report the labels below `src` that can take an unbounded set of values."),
    ("cardlint explain raw-path", "Show what a rule reports, why it matters, and how to fix it."),
    ("cardlint --diff --unsafe-fixes src/", "Show every change that the fixes would make."),
    ("cardlint --since origin/main src/", "Report only findings on lines that changed since the main branch."),
)


@dataclass(frozen=True)
class Page:
    """One command as both forms need it."""

    name: str
    usage: str
    paragraphs: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


def pages() -> Iterator[Page]:
    """Yield every command, and the commands of a command after it."""
    with click.Context(group, info_name="cardlint") as context:
        for name in COMMANDS:
            command = group.get_command(context, name)
            assert command is not None
            yield from _pages(command, f"cardlint {name}")


def _pages(command: click.Command, name: str) -> Iterator[Page]:
    if command.hidden:
        return
    with click.Context(command, info_name=name, help_option_names=command.context_settings.get("help_option_names")) as context:
        usage = " ".join(command.collect_usage_pieces(context))
        paragraphs = tuple(" ".join(part.split()) for part in cleandoc(command.help or "").split("\n\n") if part.strip("\b \n"))
        records = (p.get_help_record(context) for p in command.get_params(context) if isinstance(p, click.Option))
        yield Page(name, usage, paragraphs, tuple(record for record in records if record))
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                assert found is not None
                yield from _pages(found, f"{name} {inner}")


def released() -> str:
    """Return the date of this version from the changelog; the manual page carries it, and not the day of the build."""
    found = re.search(rf"^## \[{re.escape(__version__)}\] - (\d{{4}}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    if found is None:
        raise SystemExit(f"CHANGELOG.md has no line `## [{__version__}] - DATE`")
    return found[1]


def roff(text: str) -> str:
    """Return text as roff shows it: escaped, with `code` in bold, and with no line that roff takes for a request."""
    out = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
    out = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", out)
    return re.sub(r"^([.'])", r"\\&\1", out, flags=re.M)


def _list(rows: tuple[tuple[str, str], ...]) -> list[str]:
    return [line for term, text in rows for line in (".TP", f"\\fB{roff(term)}\\fR", roff(text))]


def manual() -> str:
    """Return `man/cardlint.1`: one page for all commands, so that `man cardlint` has everything."""
    lines = [
        f'.TH CARDLINT 1 "{released()}" "cardlint {__version__}" "User Commands"',
        ".SH NAME",
        "cardlint \\- find Prometheus labels that can take an unbounded set of values",
        ".SH SYNOPSIS",
        ".B cardlint",
        "[\\fIOPTIONS\\fR] [\\fIPATHS\\fR]...",
        ".br",
        ".B cardlint",
        "\\fICOMMAND\\fR [\\fIARGUMENTS\\fR]...",
        ".SH DESCRIPTION",
        roff("cardlint reads Python code that uses `prometheus_client`. It infers the set of values that every label can take,"),
        roff("and reports the labels whose set has no bound. It never imports or runs the code that it reads."),
        ".PP",
        roff("`cardlint PATHS` is short for `cardlint check PATHS`. The working directory is analysed when no path is given."),
        ".SH COMMANDS",
        *_list(tuple(COMMANDS.items())),
    ]
    for page in pages():
        lines += [f".SH {roff(page.name.upper())}", f"\\fB{roff(page.name)}\\fR {roff(page.usage)}"]
        for paragraph in page.paragraphs:
            lines += [".PP", roff(paragraph)]
        lines += _list(page.options)
    for title, rows in (("EXIT STATUS", EXITS), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES), ("EXAMPLES", EXAMPLES)):
        lines += [f".SH {title}", *_list(rows)]
    lines += [".SH SEE ALSO", roff(f"The documentation: {SITE}"), ".PP", roff(f"The source, and a place for reports: {REPOSITORY}")]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return text for a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def reference() -> str:
    """Return `docs/commands.md`: the same for the site."""
    lines = [
        "# Commands",
        "",
        "`cardlint PATHS` is short for `cardlint check PATHS`. The working directory is analysed when no path is given.",
        "",
    ]
    lines += ["| command | what it does |", "|---|---|"]
    lines += [f"| [`cardlint {name}`](#cardlint-{name}) | {_cell(text)} |" for name, text in COMMANDS.items()]
    for page in pages():
        lines += ["", f"## cardlint {page.name.removeprefix('cardlint ')}", "", "```text", f"{page.name} {page.usage}", "```"]
        for paragraph in page.paragraphs:
            lines += ["", paragraph]
        lines += ["", "| option | meaning |", "|---|---|"]
        lines += [f"| `{term.replace('|', chr(92) + '|')}` | {_cell(text)} |" for term, text in page.options]
    for title, head, rows in (
        ("Exit codes", "code", EXITS),
        ("Environment variables", "variable", ENVIRONMENT),
        ("Files", "file", FILES),
    ):
        lines += ["", f"## {title}", "", f"| {head} | meaning |", "|---|---|"]
        lines += [f"| `{term}` | {_cell(text)} |" for term, text in rows]
    lines += ["", "A file that cannot be read is a finding (`unreadable-file`), and the other files are analysed."]
    return "\n".join(lines) + "\n"
