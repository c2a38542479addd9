"""Closed and broken streams: the exit code says what was found, and nothing is printed where it does not belong."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.hostile.running import COMMAND

BAD = 'from prometheus_client import Counter\nC = Counter("c_total", "C", ["path"])\ndef f(request):\n    C.labels(request.path).inc()\n'
MANY = BAD + "    C.labels(request.path).inc()\n" * 3000
pytestmark = [pytest.mark.once, pytest.mark.skipif(os.name != "posix", reason="descriptors are closed by a shell")]


def _shell(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    call = " ".join(f"'{part}'" for part in COMMAND)
    script = command.replace("cardlint", call, 1)
    env = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.run(["bash", "-c", f"set -o pipefail; {script}"], cwd=folder, capture_output=True, timeout=60, check=False, env=env)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", ">&- <&-", "2>&- <&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("check --no-cache --isolated .", 1),
        ("check --no-cache --isolated --format json .", 1),
        ("check --no-cache --isolated --diff .", None),
        ("check --isolated .", 1),
        ("check --no-cache --isolated good.txt", None),
        ("check --nonsense", 2),
        ("check nothere", 2),
        ("inventory --no-cache .", 0),
        ("rules", 0),
        ("explain CL101", 0),
        ("--help", 0),
        ("--version", 0),
    ],
)
def test_a_closed_stream_is_no_traceback(command: str, code: int | None, closed: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(BAD)
    (tmp_path / "good.txt").write_text("")
    done = _shell(f"cardlint {command} {closed}", tmp_path)
    assert b"Traceback" not in done.stderr + done.stdout, done.stderr
    assert b"internal error" not in done.stderr + done.stdout, done.stderr
    assert done.returncode == code if code is not None else done.returncode in (0, 1, 2, 3)
    if ">&-" in closed.replace("2>&-", ""):
        assert done.stdout == b""
    if "2>&-" in closed:
        assert done.stderr == b""


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", ">&- 2>&- <&-"])
def test_what_is_printed_goes_into_no_file_that_is_opened_later(closed: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(BAD)
    _shell("cardlint check --no-cache --isolated --format concise --output-file report.txt . ", tmp_path)
    whole = (tmp_path / "report.txt").read_bytes()
    (tmp_path / "report.txt").unlink()
    done = _shell(f"cardlint check --isolated --format concise --output-file report.txt . {closed}", tmp_path)
    assert done.returncode == 1
    assert (tmp_path / "report.txt").read_bytes() == whole
    assert (tmp_path / "app.py").read_text() == BAD
    written = [path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert not any(b"raw-path:" in data or b"finding" in data[:20] for data in written)


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "github", "junit"])
def test_a_reader_that_goes_away_changes_no_verdict(form: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MANY)
    done = _shell(f"cardlint check --no-cache --isolated --format {form} app.py | head -1 >/dev/null", tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")
    done = _shell(f"cardlint check --no-cache --isolated --format {form} app.py 2>&1 | true", tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("command", ["check --no-cache --isolated .", "rules", "--help", "inventory --no-cache ."])
def test_a_full_disk_is_one_line_and_an_error(command: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(BAD)
    done = _shell(f"cardlint {command} >/dev/full", tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode() == "cardlint: error: the output cannot be written: No space left on device\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize(("command", "code"), [("check nothere", 2), ("check --no-cache --isolated app.py", 1)])
def test_an_error_that_cannot_be_said_is_still_an_exit_code(command: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(BAD)
    assert _shell(f"cardlint {command} 2>/dev/full", tmp_path).returncode == code
