"""Seeds: small real trees that mutants are made from. All are read at run time, none of them is a copy kept here.

They come from the fixtures, the examples of the rules, the programs that stand as texts in the tests, the random programs of the
soundness tests, and public code that happens to be installed. The last depends on the environment, all else on this tree alone.
"""

from __future__ import annotations

import ast
import re
import sysconfig
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings

from cardlint.rules import all_rules
from tests.conftest import ROOT, split_files
from tests.soundness.programs import Program, programs

SMALLEST, LARGEST = 60, 4_000
"""Bytes of a text that becomes a seed: small ones are analysed in a millisecond, and reach as far."""
GENERATED = 120
INSTALLED = 160
PACKAGES = (
    "prometheus_client",
    "starlette",
    "flask",
    "fastapi",
    "click",
    "httpx",
    "pluggy",
    "attr",
    "opentelemetry",
    "packaging",
    "jinja2",
)
"""Public packages whose small files are seeds, where they are installed."""

HEAD = "from prometheus_client import Counter, Gauge, Histogram, Summary, Info, Enum\nC = Counter('c_total', 'C', ['x', 'user_id'])\n"
USE = "\n\ndef use(request, user_id):\n    C.labels({}, user_id).inc()\n    C.labels(x=request.path, user_id=str({})).inc()\n"

CONFIGS = (
    "",
    "pedantic = true\n",
    'select = ["CL1", "CL2"]\nignore = ["summary"]\nfail-on = "error"\n',
    'bounded-labels = ["x", "method"]\nidentity-labels = ["user_id"]\nmax-series = 10\nmax-label-values = 3\n',
    "buckets = { min = 2, max = 4 }\nrequire-reason = false\n",
    "buckets = { min = 1, max = 1 }\n",
    "buckets = { min = 100000000, max = 1000000000 }\nmax-series = 1\n",
    '[per-file-ignores]\n"tests/*" = ["summary"]\n"*.py" = ["CL101"]\n',
    '[[sources]]\npath = "app.current_user()"\nclass = "unbounded"\n[[bounders]]\npath = "app.bound()"\nsize = 7\nwhy = "few"\n',
    '[[sinks]]\npath = "app.count"\nlabels = ["x"]\n[[sinks]]\npath = "app.record"\nmapping = "labels"\nmetric = "m_total"\ntype = "gauge"\n',
    '[[wrappers]]\npath = "app.make"\ntype = "histogram"\nname = "#0"\nlabelnames = "labels"\n',
    'src = ["src", "."]\nexclude = ["gen*"]\nextend-exclude = ["*_pb2.py"]\nrequired-version = ">=0.0.1"\n',
)
"""Configurations that mutants are made from."""


class Tree(NamedTuple):
    """The files of a seed or of a mutant, by name, and where the seed is from."""

    files: dict[str, bytes]
    origin: str = ""


@lru_cache(1)
def seeds() -> list[Tree]:
    """Return all seeds, always in the same order."""
    return [tree for source in (_fixtures, _examples, _written, _generated, _installed) for tree in source()]


def _fixtures() -> Iterator[Tree]:
    for folder in sorted((ROOT / "fixtures").iterdir()):
        files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.py"))}
        if files:
            yield Tree(files, f"fixtures/{folder.name}")


def _examples() -> Iterator[Tree]:
    for rule in all_rules():
        for example in (*rule.bad, *rule.good):
            code = example.code.replace("«", "").replace("»", "")
            yield Tree({name: text.encode() for name, text in split_files(code).items()}, f"rule {rule.name}")


FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _written() -> Iterator[Tree]:
    """Yield the programs that tests hold: as texts of Python, and in the fences of Markdown."""
    known = set()
    for path in sorted((ROOT / "tests").rglob("*.*")):
        if path.suffix not in (".py", ".md") or path.parent.name == "fuzz":
            continue
        for text in _texts(path):
            if text in known or text.count("\n") < 2 or not SMALLEST <= len(text) <= LARGEST:
                continue
            known.add(text)
            files = split_files(text)
            if not all(map(_parses, files.values())):
                continue
            if "prometheus" not in text and ".labels(" not in text:
                files = split_files(HEAD + text + USE.format(*_names(text)))
            yield Tree({name: part.encode("utf-8", "replace") for name, part in files.items()}, str(path.relative_to(ROOT)))


def _texts(path: Path) -> list[str]:
    text = path.read_text()
    if path.suffix == ".md":
        return FENCE.findall(text)
    return [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _generated() -> Iterator[Tree]:
    found: list[Program] = []

    @settings(max_examples=GENERATED, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(programs())
    def collect(program: Program) -> None:
        found.append(program)

    collect()
    for program in found:
        yield Tree({"main.py": program.main.encode(), "helpers.py": program.helpers.encode()}, "a random program")


def _installed() -> Iterator[Tree]:
    """Yield small files of installed packages, each with a file that gives what it defines to a label."""
    top = Path(sysconfig.get_paths()["purelib"])
    paths = [p for package in PACKAGES for p in sorted((top / package).rglob("*.py"))]
    fitting = [p for p in paths if 300 <= p.stat().st_size <= LARGEST]
    for path in fitting[:: max(1, len(fitting) // INSTALLED)]:
        data = path.read_bytes()
        text = data.decode("utf-8", "replace")
        if not _parses(text):
            continue
        first, second = _names(text)
        app = f"{HEAD}from lib import *\nfrom lib import {first}, {second}\n{USE.format(f'{first}(request)', f'{second}.x')}"
        yield Tree({"app.py": app.encode(), "lib.py": data}, path.relative_to(top).as_posix())


def _parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return False
    return True


def _names(text: str) -> tuple[str, str]:
    """Return two names that a text defines at its top, to be used by who imports it."""
    found = [n.name for n in ast.parse(text).body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    return (found[0], found[-1]) if found else ("request", "user_id")
