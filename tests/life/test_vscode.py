"""The extension for VS Code: its session of messages is sent to the server, and its manifest says what its code uses."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"


def holds(found: Any, wanted: Any) -> bool:
    """Tell whether a message holds everything that is expected; lists have to be of one length."""
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(holds, found, wanted))
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(key in found and holds(found[key], value) for key, value in wanted.items())
    return bool(found == wanted)


def received(stream: Any) -> dict[str, Any]:
    length = 0
    while (line := stream.readline().strip()) or not length:
        assert line or length, "the server has ended"
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    message: dict[str, Any] = json.loads(stream.read(length))
    return message


def test_the_server_answers_the_session_of_the_extension(tmp_path: Path) -> None:
    root = tmp_path / "work"
    root.mkdir()
    text = (EXTENSION / "test" / "session.json").read_text()
    steps = json.loads(text.replace("${root}", root.as_uri()).replace("${path}", str(root)))
    env = {**os.environ, "CARDLINT_CACHE_DIR": str(tmp_path / "cache")}
    got: list[dict[str, Any]] = []
    with subprocess.Popen(
        [sys.executable, "-m", "cardlint", "server"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
    ) as server:
        assert server.stdin is not None
        for step in steps:
            if "send" in step:
                body = json.dumps(step["send"]).encode()
                server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
                server.stdin.flush()
                continue
            wanted = step["expect"]
            key = "id" if "id" in wanted else "method"
            while not (found := next((m for m in got if m.get(key) == wanted[key] and (key == "method" or "result" in m)), None)):
                got.append(received(server.stdout))
            got.remove(found)
            assert holds(found, wanted), (wanted, found)
        assert server.wait(30) == 0


def test_the_manifest_says_what_the_code_uses() -> None:
    manifest = json.loads((EXTENSION / "package.json").read_text())
    code = "\n".join(path.read_text() for path in (EXTENSION / "src").iterdir())
    settings = manifest["contributes"]["configuration"]["properties"]
    assert {f"cardlint.{name}" for name in re.findall(r'getConfiguration\("cardlint"\)\.get\("(\w+)"', code)} == set(settings) - {
        "cardlint.trace.server"  # read by the library of the client
    }
    assert settings["cardlint.path"]["scope"] == "machine", "a workspace must not choose the program that runs"
    assert re.findall(r'registerCommand\("([\w.]+)"', code) == [one["command"] for one in manifest["contributes"]["commands"]]


@pytest.mark.network
def test_the_extension_is_built_and_passes_its_own_tests(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("no npm")
    copy = tmp_path / "vscode"
    shutil.copytree(EXTENSION, copy, ignore=shutil.ignore_patterns("node_modules", "out"))
    program = tmp_path / "cardlint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cardlint "$@"\n')
    program.chmod(0o755)
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "test"]):
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, env={**os.environ, "CARDLINT": str(program)}, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
