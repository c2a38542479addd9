"""The command line: the only rooms that know click. One file per command, loaded when it is called."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with the code of the contract.

    0 nothing at or above `--fail-on`, 1 findings, 2 usage, configuration or internal error, 3 nothing was analysed.
    The process lives for one run: the cyclic collector stays off, and nothing is torn down at the end.
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
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)
