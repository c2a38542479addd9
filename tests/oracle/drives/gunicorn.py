"""Starts gunicorn on a real port; its two workers die after some requests and are replaced."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.oracle import ports


def drive(app: Any, count: int) -> str:
    with tempfile.TemporaryDirectory() as shared:
        port = ports.free()
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "--log-level", "critical", "app:app"],
            cwd=Path(app.__file__).parent,
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": shared},
        )  # fmt: skip
        try:
            for n in range(count):
                _get(port, f"/baskets/customer{n}")
                _get(port, f"/wp-admin/{n}.php")
            return _get(port, "/metrics")
        finally:
            server.terminate()
            server.wait(20)


def _get(port: int, path: str) -> str:
    """Ask until a worker answers: one that dies may drop what it has not read."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with contextlib.closing(error):
                return ""
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(path)
