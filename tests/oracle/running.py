"""Runs one service in a process of its own: `python -m tests.oracle.running FILE CLIENT COUNT COUNT` prints JSON.

The client calls the service as the first count of users, then as the second, and what `/metrics` says after each is printed.
A service without a client of its own (`-`) has a function `drive`.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import sys
import warnings
from pathlib import Path


def main() -> None:
    file, client, *counts = sys.argv[1:]
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    sys.path.insert(0, str(Path(file).resolve().parent))
    app = importlib.import_module(Path(file).stem)
    said = []
    for count in map(int, counts):
        if client == "-":
            from prometheus_client import generate_latest

            app.drive(count, count)
            said.append(generate_latest().decode())
        else:
            said.append(importlib.import_module(f"tests.oracle.{client}").drive(app, count))
    print(json.dumps(said))


if __name__ == "__main__":
    main()
