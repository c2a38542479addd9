"""`cardlint server`: the language server, for editors."""

from __future__ import annotations

import click


@click.command("server", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--stdio", is_flag=True, help="Use standard input and output. This is always so; some editors pass the option.")
def command(stdio: bool) -> int:  # noqa: ARG001 - editors pass it, and there is nothing else to talk over
    """Serve diagnostics, hovers and quick fixes to an editor over standard input and output.

    It needs the extra `lsp`: pip install 'cardlint[lsp]'.
    """
    try:
        from cardlint.server.app import create
    except ModuleNotFoundError as problem:
        raise click.ClickException(f"the language server needs `{problem.name}`: pip install 'cardlint[lsp]'") from None
    create().start_io()
    return 0
