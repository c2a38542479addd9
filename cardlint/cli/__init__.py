"""The command line. Only this package and the text output import click and rich. One file per command, loaded when it is called."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with the code of the contract.

    0 nothing at or above `--fail-on`, 1 findings, 2 usage, configuration or internal error, 3 nothing was analysed.
    The process ends after one run, so the cyclic collector stays off, and objects are not freed at the end.
    """
    gc.disable()
    from cardlint.cli.streams import steady

    steady()
    from cardlint.cli.app import UNWRITTEN, fail, run

    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError as problem:
        code = fail(UNWRITTEN + str(problem.strerror))
    except ValueError:  # the language server has closed the stream at the end of its session
        pass
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)
