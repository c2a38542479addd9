"""Programs of several files in which one of them changes a name that another one uses as a label; each is run with many requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

REQUESTS = 12

DRIVER = """
import json, os, sys
import prometheus_client
from types import SimpleNamespace

def drive(folder):
    sys.path.insert(0, folder)
    os.chdir(folder)
    import m
    for n in range(REQUESTS):
        try:
            m.handle(SimpleNamespace(a=f"text {n}", n=n, items=[f"item {n}"], d={"NAME": f"entry {n}"}))
        except Exception as problem:
            if n == 0:
                raise
    return len({s.labels["v"] for f in m.C.collect() for s in f.samples if s.name.endswith("_total")})

out = {}
for folder in sys.argv[1:]:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            told = str(drive(folder))
        except BaseException as problem:
            told = repr(problem)
        os.write(write, told.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        out[folder] = pipe.read()
    os.waitpid(child, 0)
print(json.dumps(out))
"""


@dataclass(frozen=True)
class Changing:
    """One program. `change` is the body of a function of `other.py` that is given a fresh text as `x`."""

    name: str
    change: str
    top: str = "import conf"
    """what stands at the top of `other.py`"""
    conf: str = "NAME = 'a'"
    label: str = "conf.NAME"
    head: str = "import conf"
    """what stands at the top of `m.py`"""
    call: str = "other.change(request.a)"
    files: dict[str, str] = field(default_factory=dict)
    stays: bool = False
    """nothing of it reaches the label, which keeps its one value"""

    def texts(self) -> dict[str, str]:
        """Return the files of the program."""
        change = textwrap.indent(self.change, "    ")
        return {
            "m.py": (
                f"from prometheus_client import Counter\n{self.head}\nimport other\nC = Counter('m_total', 'A metric.', ['v'])\n"
                f"def handle(request):\n    {self.call}\n    C.labels({self.label}).inc()\n"
            ),
            "other.py": f"{self.top}\ndef change(x):\n{change}\n",
            "conf.py": self.conf + "\n",
            **self.files,
        }


def elsewhere(
    name: str, go: str, top: str = "", files: dict[str, str] | None = None, call: str = "import other\nother.change(request.a)"
) -> Changing:
    """Return a program whose label takes one value in its own file, and fresh ones in another that reaches the metric as `go` does."""
    made = Changing(name, go, top)
    handle = textwrap.indent(call, "    ")
    main = (
        "from prometheus_client import Counter\nC = Counter('m_total', 'A metric.', ['v'])\n"
        f"def handle(request):\n    C.labels('a').inc()\n{handle}\n"
    )
    return Changing(name, go, top, files={"m.py": main, "other.py": made.texts()["other.py"], **(files or {})})


def really(programs: Iterable[Changing], folder: Path) -> dict[str, int]:
    """Run every program in a process of its own and return how many values its label took."""
    folders = {}
    for number, program in enumerate(programs):
        place = folder / str(number)
        place.mkdir()
        folders[str(place)] = program.name
        for name, text in program.texts().items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text)
    driver = DRIVER.replace("REQUESTS", str(REQUESTS))
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", driver, *folders], capture_output=True, text=True, timeout=300, check=False, env=environment, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    told = {folders[place]: text for place, text in json.loads(done.stdout).items()}
    assert all(text.isdigit() for text in told.values()), {name: text for name, text in told.items() if not text.isdigit()}
    return {name: int(text) for name, text in told.items()}
