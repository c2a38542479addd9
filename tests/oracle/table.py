"""What cardlint says of each label of a service beside the values that the label really had; `python -m tests.oracle.table` prints it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families

from cardlint.config import Config
from cardlint.engine import run
from cardlint.inventory import inventory
from tests.conftest import ROOT
from tests.oracle.fields import frameworks, write

FIXTURES = ROOT / "fixtures"
FEW, MANY = 10, 50
"""Users and paths of the first calls, and of the second."""
WORKERS = 2
LIBRARY = ("python_", "process_")
"""Prefixes of what prometheus_client exports by itself."""


class Service(NamedTuple):
    """A program that can be run, and the module that calls it (`-`: it calls itself)."""

    path: Path
    client: str

    @property
    def name(self) -> str:
        """Return the name of its folder."""
        return self.path.parent.name


class Row(NamedTuple):
    """One label of one metric: how many values it had after few and after many users, and what cardlint says."""

    service: str
    metric: str
    label: str
    few: int
    many: int
    cls: str
    size: int | None

    @property
    def key(self) -> str:
        """Return the name that the lists of exceptions use."""
        return f"{self.service} {self.metric}[{self.label}]" if self.service else self.metric

    @property
    def grew(self) -> bool:
        """Tell whether the values became more with the input: at least one more for every second user who came in addition.

        The label `pid` of multiprocess mode grows with the workers that were replaced, which are fewer.
        """
        return self.many > WORKERS if self.label == "pid" else self.many - self.few >= (MANY - FEW) // 2

    @property
    def too_small(self) -> bool:
        """Tell whether cardlint claims less than there was."""
        if self.cls in ("unknown", "unbounded") or (self.cls == "client-chosen" and self.grew):
            return False
        return self.grew or (self.size is not None and self.many > self.size)

    @property
    def verdict(self) -> str:
        """Return `agree`, `wrong`, `missed` (unknown, and it grew) or `unknown` (and it did not); what never came is wrong, too."""
        if self.cls == "unknown":
            return "missed" if self.grew else "unknown"
        return "wrong" if self.too_small or not self.many or (self.cls == "unbounded" and not self.grew) else "agree"


def services() -> Iterator[Service]:
    """Yield every service of the fixtures with its client."""
    for folder in sorted(p for p in FIXTURES.iterdir() if p.is_dir()):
        client = folder.name.rpartition("_")[0]
        if (Path(__file__).parent / "drives" / f"{client}.py").exists():
            yield Service(folder / "app.py", f"drives.{client}")
        else:
            yield from (Service(p, "-") for p in sorted(folder.glob("*.py")) if "def drive(" in p.read_text())


def exported(service: Service) -> list[dict[tuple[str, str], set[str]]]:
    """Run a service; return the values that each label of each metric had after few and after many users."""
    arguments = [sys.executable, "-m", "tests.oracle.running", str(service.path), service.client, str(FEW), str(MANY)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{service.name} does not run; its frameworks are in the extra `oracle`\n{done.stderr}"
    return [_values(text) for text in json.loads(done.stdout)]


def _values(text: str) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for family in text_string_to_metric_families(text):
        if family.name.startswith(LIBRARY) or family.name.endswith("_created"):
            continue
        for sample in family.samples:
            for label, value in sample.labels.items():
                if label not in ("le", "quantile"):
                    found[_base(family.name), label].add(value)
    return found


def _base(name: str) -> str:
    return name.removesuffix("_total").removesuffix("_info")


def claimed(service: Service) -> dict[tuple[str, str], tuple[str, int | None]]:
    """Analyse the folder of a service; return the class and the size of each label."""
    done = run([str(service.path.parent)], Config())
    said: dict[tuple[str, str], tuple[str, int | None]] = {}
    for metric in inventory(done.program):
        said.update({(_base(metric["name"]), label["name"]): (label["class"], label["size"]) for label in metric["labels"]})
    for finding in done.report.findings:
        if finding.rule == "multiprocess-pid" and finding.metric is not None:
            said[_base(finding.metric.name), "pid"] = ("unbounded", None)
    return said


def rows(service: Service) -> list[Row]:
    """Compare what cardlint says of a service with what it exported, label by label."""
    few, many = exported(service)
    said = claimed(service)
    return [
        Row(service.name, *key, len(few.get(key, ())), len(many.get(key, ())), *said.get(key, ("unknown", None)))
        for key in sorted(said.keys() | many.keys())
    ]


def table() -> list[Row]:
    """Compare all services, as many at a time as there are cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [row for found in pool.map(rows, services()) for row in found]


def fields(folder: Path) -> list[Row]:
    """Compare what cardlint says of the fields of frameworks with what they held; services are written below a folder."""

    def compared(name: str) -> list[Row]:
        (folder / name).mkdir()
        expressions = write(name, folder / name)
        return [
            row._replace(service="", metric=expressions[row.metric], label="")
            for row in rows(Service(folder / name / "app.py", f"fields.{name}"))
        ]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [row for found in pool.map(compared, frameworks()) for row in found]


def totals(found: list[Row]) -> str:
    """Return the agreement in one line."""
    verdicts = Counter(row.verdict for row in found)
    told = ", ".join(f"{verdicts[name]} {name}" for name in ("agree", "unknown", "missed"))
    if any(row.service for row in found):
        return f"{len({row.service for row in found})} services, {len(found)} labels: {told}, {verdicts['wrong']} wrong"
    small = sum(row.too_small for row in found)
    return f"{len(found)} fields: {told}, {verdicts['wrong'] - small} open and not varied, {small} too small"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for every in (table(), fields(Path(folder))):
            for row in every:
                if row.verdict != "agree" or "-v" in sys.argv:
                    print(f"{row.verdict:8}{row.key:70}{row.few:4} ->{row.many:4}  {row.cls}({row.size})")
            print(totals(every))
