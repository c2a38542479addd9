"""The group of commands, and the one place where errors become one line and exit code 2."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from cardlint.version import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

UNWRITABLE = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EBADF)
WRONG, NOTHING = 2, 3
"""Exit codes: wrong usage, configuration or an internal error; nothing was analysed."""
UNWRITTEN = "the output cannot be written: "
COMMANDS = {
    "check": "Find labels with an unbounded set of values (the default command).",
    "explain": "Show the page of a rule.",
    "baseline": "Write the current findings to a file, so that only new ones count.",
    "inventory": "List every metric with its labels and estimated series.",
    "server": "Serve diagnostics, hovers and quick fixes to an editor (needs the extra `lsp`).",
    "cache": "Show the folder of the cache, or empty it.",
    "trace": "Show how the labels on a line were classified, and why they are reported or not.",
    "rules": "List all rules.",
    "debug": "Show how the inference evaluates one expression.",
}
"""Commands and their one-line help: the list is shown without loading any of them."""


class Commands(click.Group):
    """A group that loads its commands when they are called; `cardlint src/` means `cardlint check src/`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cardlint.cli.{cmd_name.replace('-', '_')}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `check` before arguments that name no command."""
        if args and args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version", "-V"):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete commands, and the arguments of `check`, which needs no name."""
        from click.shell_completion import CompletionItem

        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            command = self.get_command(ctx, "check")
            assert command is not None
            known = {item.value for item in found}
            with click.Context(command, parent=ctx, info_name="check") as inner:
                found += [item for item in command.shell_complete(inner, incomplete) if item.value not in known]
        return found or [CompletionItem(incomplete, type="file")]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, "-V", "--version", message="cardlint %(version)s")
def group() -> None:
    """Find Prometheus labels that can take an unbounded set of values.

    `cardlint src/` is short for `cardlint check src/`.
    """


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code; nothing escapes as a traceback unless CARDLINT_DEBUG is set."""
    try:
        result = group.main(list(arguments), prog_name="cardlint", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as problem:
        if type(problem).__name__ == "NoArgsIsHelpError":  # click before 8.2 prints the help itself and has no such class
            click.echo(problem.format_message())  # the help of the program itself
            return 0
        return fail(_line_of(problem), problem.exit_code if problem.exit_code == NOTHING else WRONG)
    except (click.Abort, KeyboardInterrupt):
        return fail("interrupted")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:
        if type(problem).__name__ == "ConfigError":  # loading its module would cost every other run
            return fail(str(problem))
        if os.environ.get("CARDLINT_DEBUG"):
            from cardlint.cli.show import say_traceback

            sys.excepthook = say_traceback
            raise
        if isinstance(problem, OSError) and problem.filename is None and problem.errno in UNWRITABLE:
            return fail(UNWRITTEN + str(problem.strerror))
        return fail(f"internal error: {type(problem).__name__}: {problem} (CARDLINT_DEBUG=1 shows where; please report it)")


def _line_of(problem: click.ClickException) -> str:
    text = " ".join(problem.format_message().split())
    context = getattr(problem, "ctx", None)
    hint = f" (see `{context.command_path} --help`)" if context is not None else ""
    return text.rstrip(".") + hint


def fail(message: str, code: int = WRONG) -> int:
    """Print one line about the error and return the exit code."""
    from cardlint.cli.show import say

    with contextlib.suppress(OSError, ValueError):  # when the line cannot be printed, the exit code is left
        say(f"cardlint: error: {message}", aside=True)
    return code
