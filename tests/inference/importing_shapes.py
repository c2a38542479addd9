"""Trees of files in which one module asks for a name; the import system of Python itself says what it gets.

Each tree is written to a folder and run there: `main` is executed, as a script or as a module, and tells what `X` became. The same
tree is given to the inference.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cardlint.inference.codebase.tree import LinkSettings
from cardlint.inference.core.evaluator import DemandEvaluator
from cardlint.inference.domain.objects import Module, Package
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.language.names import module_name
from cardlint.inference.wiring import SEMANTICS
from cardlint.project.project import Project

TELL = """
import json, sys, types
def shown(x):
    if isinstance(x, types.ModuleType):
        return "module " + (x.__file__ if getattr(x, "__file__", None) else list(x.__path__)[0])
    return x
try:
    found = [shown(x) for x in (SPREAD if "SPREAD" in globals() else [X])]
except NameError:
    found = ["nothing"]
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Shape:
    """One tree. `main` binds `X`, or several values of it as `SPREAD`, at its top level."""

    name: str
    files: dict[str, str]
    main: str = "main.py"
    run: str = ""
    """the module by which it is run with `-m`; as a script without"""
    cwd: str = ""
    path: tuple[str, ...] = ()
    """folders on the path beside what Python puts there"""


def write(shape: Shape, folder: Path) -> None:
    """Write the files of a tree."""
    for name, text in shape.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def really(shape: Shape, folder: Path) -> list[object]:
    """Run the tree and return what `X` became: values, or modules by the file that they are."""
    main = folder / shape.main
    before = main.read_text()
    main.write_text(before + TELL)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(folder / p) for p in shape.path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", shape.run] if shape.run else [sys.executable, str(main)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder / shape.cwd, env=environment, timeout=60, check=False)
    main.write_text(before)
    assert done.returncode == 0, done.stderr
    return [_relative(x, folder) for x in json.loads(done.stdout)]


def _relative(found: object, folder: Path) -> object:
    if isinstance(found, str) and found.startswith("module "):
        return "module " + os.path.relpath(os.path.realpath(found.removeprefix("module ")), os.path.realpath(folder)).replace(os.sep, "/")
    return found


def inferred(shape: Shape, folder: Path) -> tuple[list[object], bool]:
    """Return what the inference says of `X`, and whether that is all it can be."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        project = Project(sorted(n for n in shape.files if n.endswith(".py")), ".")
        ev = DemandEvaluator(project, LinkSettings(), SEMANTICS)
        state = ev.modules.state(shape.main)
        assert state is not None
        out: list[object] = []
        closed = True
        objects = ev.ask(lambda: module_name(ev, state, "X"), (), state.frame(0), (1, 1, 1, 1))
        for obj in objects:
            if isinstance(obj, Module):
                out.append(f"module {obj.file.path}")
            elif isinstance(obj, Package):
                out.append(f"module {obj.folders[0] if obj.folders else '?'}")
            elif isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY:
                out.extend(obj.exact)
            else:
                closed = False
        return (out or ["nothing"]) if closed and objects else out, closed and bool(objects)
    finally:
        os.chdir(before)
