"""Every command on a hostile tree, on a terminal and off it: nothing that the tree, a setting or an argument holds gets through."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cardlint.output import FORMATS
from tests.hostile import parsers
from tests.life.test_terminal import run_on_terminal

TITLE = "\x1b]0;title\x07\x9b31m\u202e\x1b[2J"
CODE = f'''from flask import request
from prometheus_client import Counter, Summary
A = Counter("a{TITLE}<img src=x> @org/everyone [x](http://evil.example)", "d", ["``path"])
B = Counter("##vso[task.setvariable variable=X]y", "d", ["user_id", "::add-mask::x", "b\\x1b[2J\\n::add-mask::y"], unit="{TITLE}")
S = Summary("s", "{TITLE}")
TEXT = """
::add-mask::secret
##vso[task.setvariable variable=X]y
"""
def f():
    A.labels(request.path).inc()  # {TITLE} ##vso[task.setvariable variable=X]y ##[set-output name=a]b ::set-output name=a::b
    B.labels(user_id, "{TITLE}", "::add-mask::z").inc()  # cardlint: ignore[no-{TITLE}] -- {TITLE} ##[error]
    B.labels("{TITLE}", request.args["x"], "y").inc()
'''
NAMES = (f"n{TITLE}.py", "::add-mask::x.py", "##vso[task.setvariable variable=X]y.py", "::error file=a::b.py")
SETTINGS = {
    "cache-dir": f"cache{TITLE}##[x]",
    "bounded-labels": [TITLE, "##vso[x]", "::add-mask::x"],
    "sources": [{"path": "app.raw()", "class": "unbounded", "why": f"why {TITLE} ::add-mask::x", "advice": "##[x]"}],
    "per-file-ignores": {f"{TITLE}*": ["raw-path"]},
}


def toml(settings: dict[str, object]) -> str:
    def value(of: object) -> str:
        if isinstance(of, dict):
            return "{" + ", ".join(f"{json.dumps(key)} = {value(inner)}" for key, inner in of.items()) + "}"
        return "[" + ", ".join(map(value, of)) + "]" if isinstance(of, list) else json.dumps(of)

    return "".join(f"{key} = {value(of)}\n" for key, of in settings.items())


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for number, name in enumerate(NAMES):
        (folder / name).write_text(CODE.replace('"s"', f'"s{number}"'))
    (folder / f"broken{TITLE}.py").write_text(f"import prometheus_client\ndef f(: # {TITLE}\n")
    (folder / f"empty{TITLE}").mkdir()
    (folder / "cardlint.toml").write_text(toml(SETTINGS))
    (folder / f"{TITLE}.toml").write_text(f'selekt = ["{json.dumps(TITLE)[1:-1]}"]\n')
    entry = dict.fromkeys(("fingerprint", "rule", "path", "metric", "label", "line"), f"{TITLE}::add-mask::x ##[x]")
    (folder / "base.json").write_text(json.dumps({"schema": "cardlint-baseline-v1", "findings": [entry]}))
    (folder / "list").write_text("\n".join(["", f"gone{TITLE}"]))
    return folder


COMMANDS: list[tuple[str, ...]] = [
    *(("check", "--no-cache", "--pedantic", "--format", name, ".") for name in FORMATS),
    ("check", "--no-cache", "--verbose", "--timings", "--statistics", "--baseline", "base.json", "."),
    ("check", "--show-files", "."),
    ("check", "--show-settings", "."),
    ("check", "--config", f"{TITLE}.toml", "."),
    ("check", "--config", f"gone{TITLE}", "."),
    ("check", f"empty{TITLE}"),
    ("check", f"gone{TITLE}"),
    ("check", "@list"),
    ("check", f"@gone{TITLE}"),
    ("check", "--format", TITLE, "."),
    ("check", "--format", f"json=gone{TITLE}/x", "."),
    ("check", "--fail-on", TITLE, "."),
    ("check", "--jobs", TITLE, "."),
    ("check", "--select", f"::add-mask::x{TITLE}", "."),
    ("check", "--since", TITLE, "."),
    ("check", "--baseline", f"gone{TITLE}", "."),
    ("check", "--stdin-filename", f"empty{TITLE}"),
    ("check", f"--{TITLE}", "."),
    ("inventory", "--no-cache", "."),
    ("inventory", "--no-cache", "--format", "json", "."),
    ("trace", "--no-cache", f"{NAMES[0]}:11"),
    ("trace", "--no-cache", f"{NAMES[1]}:12"),
    ("trace", "--no-cache", f"{NAMES[0]}:1"),
    ("trace", f"{TITLE}:x"),
    ("trace", f"gone{TITLE}.py:1"),
    ("trace", f"{NAMES[0]}:1", "--root", f"gone{TITLE}"),
    ("baseline", "--no-cache", "-o", f"out{TITLE}.json", f"broken{TITLE}.py"),
    ("baseline", "-o", f"empty{TITLE}", "."),
    ("baseline", "-o", f"out{TITLE}.json", f"empty{TITLE}"),
    ("cache", "dir"),
    ("cache", "clean"),
    ("cache", TITLE),
    ("explain", TITLE),
    ("explain", "raw-path", TITLE),
    ("explain", "raw-path"),
    ("rules",),
    ("rules", "--format", TITLE),
    ("server", f"--{TITLE}"),
    (f"gone{TITLE}",),
    ("--help",),
]


def harmless(text: str, of_github: bool) -> None:
    text = text.replace("\r\x1b[2K", "").replace("\r", "")
    assert parsers.steers(text) == []
    assert "title\x07" not in text
    assert of_github or parsers.commands(text) == []


@pytest.mark.parametrize(
    "command", COMMANDS, ids=[f"{number}-{c[0] if c[0].isascii() and c[0].isprintable() else None}" for number, c in enumerate(COMMANDS)]
)
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_a_command_shows_hostile_input_as_text(command: tuple[str, ...], terminal: bool, tree: Path) -> None:
    whole = [sys.executable, "-m", "cardlint", *command]
    if terminal:
        text = run_on_terminal(whole, 60, tree)
    else:
        env = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": "60"}
        done = subprocess.run(whole, cwd=tree, capture_output=True, check=False, timeout=120, env=env, stdin=subprocess.DEVNULL)
        text = done.stdout.decode() + done.stderr.decode()
        assert done.returncode in (0, 1, 2, 3)
    assert text.strip()
    assert "Traceback" not in text
    assert "internal error" not in text
    harmless(text, "github" in command)


@pytest.mark.parametrize("build", [True, False])
def test_a_diff_is_applied_from_a_pipe_and_obeyed_by_no_log(build: bool, tree: Path) -> None:
    whole = [sys.executable, "-m", "cardlint", "--no-cache", "--diff", "--unsafe-fixes", "."]
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")}
    done = subprocess.run(whole, cwd=tree, capture_output=True, check=False, timeout=120, env={**env, "CI": "true"} if build else env)
    assert (b"\n+" in done.stdout, b"::add-mask::secret" in done.stdout) == (True, not build)
    assert build is (not [line for line in done.stdout.split(b"\n") if parsers.commands(line[1:].decode("utf-8", "replace"))])
    harmless(run_on_terminal(whole, 60, tree), of_github=False)


def test_a_traceback_that_was_asked_for_is_text_as_well(tmp_path: Path) -> None:
    fail = f"def fail(name):\n    raise ValueError({TITLE + '::add-mask::x'!r})\n"
    code = f"import cardlint.cli.app as app\n{fail}app.import_module = fail\napp.run(['check', '.'])\n"
    (tmp_path / "run.py").write_text(code)
    text = run_on_terminal([sys.executable, "run.py"], 80, tmp_path, CARDLINT_DEBUG="1")
    assert "Traceback" in text
    assert "ValueError: \\x1b]0;title" in text
    harmless(text, of_github=False)


def test_a_hover_is_markdown_without_links_and_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pygls")
    from cardlint.server.analysis import analyse

    (tmp_path / "a.py").write_text(CODE.replace("[x](http", "[x](command:run) [y](http"))
    monkeypatch.chdir(tmp_path)  # `analyse` changes the working directory; this sets it back
    result = analyse(str(tmp_path), {})
    shown = [result.hover("a.py", line, 6) for line in (3, 4, 5)]
    assert all(shown)
    assert "command:run" in shown[0]
    for text in shown:
        assert parsers.steers(text) == []
        assert [kind for kind in parsers.markup(text) if kind not in ("strong_open", "strong_close")] == [], text
