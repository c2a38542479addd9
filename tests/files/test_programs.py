"""Which modules start programs: git, the parser of newer grammar, worker processes, and nothing else anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

STARTERS = {
    "subprocess": None,
    "multiprocessing": None,
    "pty": None,
    "concurrent.futures": {"ProcessPoolExecutor"},
    "asyncio": {"create_subprocess_exec", "create_subprocess_shell"},
    "os": {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile"}
    | {f"{verb}{ending}" for verb in ("exec", "spawn") for ending in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")},
    "webbrowser": None,
    "ctypes": None,
}
"""What can start a program: whole modules, or some of their names."""
ALLOWED = {
    "cardlint/lowering/native.py": {"subprocess"},
    "cardlint/files/git.py": {"subprocess"},
    "cardlint/parallel/processes.py": {"os.fork"},
}
"""The modules that may, each with what it uses."""


def starters(tree: ast.AST) -> Iterator[str]:
    """Yield what a module uses of all that can start a program, imports that are only for types left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if STARTERS.get(alias.name, ()) is None)
        elif isinstance(node, ast.ImportFrom) and node.module in STARTERS:
            names = STARTERS[node.module]
            yield from (node.module if names is None else f"{node.module}.{a.name}" for a in node.names if names is None or a.name in names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = STARTERS.get(node.value.id, set())
            if names and node.attr in names:
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("__import__", "import_module")):
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and a.value in STARTERS)


def test_no_other_module_starts_a_program() -> None:
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "cardlint").rglob("*.py")):
        relative = path.relative_to(ROOT).as_posix()
        if used := set(starters(ast.parse(path.read_text()))):
            found[relative] = used
    assert found == ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess",
        "def f():\n    from subprocess import run",
        "import os\nos.execvp('a', [])",
        "from os import posix_spawn",
        "import os\nx = os.popen",
        "import asyncio\nasyncio.create_subprocess_shell('x')",
        "__import__('subprocess')",
    ],
)
def test_the_check_sees(code: str) -> None:
    assert list(starters(ast.parse(code)))
