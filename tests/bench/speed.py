"""Speed against other tools on a pinned corpus, measured in one run: `python tests/bench/speed.py [--runs 3]`.

Machines are noisy, so every figure is the median of several runs, and what counts is the ratio to a tool that was run
on the same tree in the same minutes. The table it prints is the one that docs/speed.md quotes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

CORPUS = ("litellm==1.109.1", "matrix-synapse==1.163.2", "prefect==3.9.1", "ray==2.60.0", "sglang==0.5.23")
GROWING = ("matrix-synapse-1.163.2", "synapse")
"""The package that is doubled to measure growth: its folder and its name, which its copy has with another letter."""
COPY = "synapsf"
ONE_FILE = "litellm-1.109.1/litellm/integrations/prometheus_services.py"


def prepare(folder: Path) -> Path:
    """Unpack the Python files of the pinned wheels below a folder, once."""
    tree = folder / "tree"
    for requirement in CORPUS:
        name, version = requirement.split("==")
        target = tree / f"{name}-{version}"
        if target.exists():
            continue
        download = folder / "download"
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", str(download), requirement]
        subprocess.run(command, check=True)
        part = target.with_suffix(".part")
        for wheel in download.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(part, [n for n in archive.namelist() if n.endswith(".py")])
            wheel.unlink()
        part.rename(target)
    return tree


def doubled(folder: Path, tree: Path) -> tuple[Path, Path]:
    """Make a tree of one package, and one of the same package and a copy under another name: twice the work, nothing shared."""
    one, two = folder / "growth" / "one", folder / "growth" / "two"
    if not two.exists():
        part = folder / "growth" / "part"
        for target in (one, part):
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(tree / GROWING[0], target / GROWING[1])
        for path in (tree / GROWING[0]).rglob("*.py"):
            copied = part / "copied" / str(path.relative_to(tree / GROWING[0])).replace(GROWING[1], COPY)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(path.read_bytes().replace(GROWING[1].encode(), COPY.encode()))
        part.rename(two)
    return one, two


class Bench:
    """Runs commands on the corpus and remembers their medians."""

    def __init__(self, tree: Path, runs: int) -> None:
        self.tree = tree
        self.runs = runs
        self.env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"NO_COLOR": "1"}
        self.cache = tempfile.mkdtemp(prefix="cardlint-bench-")
        self.env["XDG_CACHE_HOME"] = self.cache
        self.rows: list[tuple[str, float, str, float, float | None]] = []

    def time(self, *command: str, runs: int | None = None, before: object = None, limit: float | None = None) -> float:
        """Return the median time of a command in seconds; one that takes longer than `limit` is ended and counts as that."""
        seconds = []
        for _ in range(runs or self.runs):
            if callable(before):
                before()
            started = time.perf_counter()
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(
                    command, cwd=self.tree, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=limit
                )
            seconds.append(time.perf_counter() - started)
        return statistics.median(seconds)

    def row(self, what: str, seconds: float, other: str, against: float, target: float | None) -> None:
        """Note one line of the table."""
        self.rows.append((what, seconds, other, against, target))

    def table(self) -> str:
        """Return the table as Markdown."""
        lines = ["| what | time | against | time | ratio | target |", "|---|---|---|---|---|---|"]
        for what, seconds, other, against, target in self.rows:
            wanted = f"{target:g}" if target is not None else ""
            lines.append(f"| {what} | {seconds:.2f} s | {other} | {against:.2f} s | {seconds / against:.2f} | {wanted} |")
        return "\n".join(lines)


def found(*names: str) -> str | None:
    """Return the path of a tool beside this Python or on the PATH."""
    for name in names:
        beside = Path(sys.executable).parent / name
        if beside.exists():
            return str(beside)
        if path := shutil.which(name):
            return path
    return None


def peak_of(command: list[str], cwd: Path, env: dict[str, str]) -> float:
    """Return the peak memory of one run in MB, workers not counted."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--limit", type=float, default=300, help="seconds after which other tools are ended")
    options.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "cardlint-bench")
    given = options.parse_args()
    tree = prepare(given.folder)
    bench = Bench(tree, given.runs)
    card, ruff = [sys.executable, "-m", "cardlint"], found("ruff")
    if ruff is None:
        sys.exit("ruff is needed for the comparison: pip install ruff==0.17.6")
    cold = [*card, "--no-cache", "--exit-zero", "--format", "concise", "."]
    warm = [*card, "--exit-zero", "--format", "concise", "."]
    memory = peak_of(cold, tree, bench.env)
    ruff_cold = bench.time(ruff, "check", "--isolated", "--no-cache", "--select", "E9", ".")
    cold_time = bench.time(*cold)
    bench.row("cold, no cache", cold_time, "ruff E9, no cache", ruff_cold, 0.8)
    bench.time(ruff, "check", "--isolated", "--select", "E9", ".", runs=1)
    bench.time(*warm, runs=2)
    ruff_warm = bench.time(ruff, "check", "--isolated", "--select", "E9", ".", runs=7)
    warm_time = bench.time(*warm, runs=7)
    bench.row("warm, nothing changed", warm_time, "ruff E9, warm", ruff_warm, 2.5)
    changed = tree / ONE_FILE

    def touch() -> None:
        text = changed.read_text()
        changed.write_text(text + "# changed\n" if not text.endswith("# changed\n") else text.removesuffix("# changed\n"))
        time.sleep(0.1)

    bench.row("warm, one file changed", bench.time(*warm, before=touch), "cardlint, warm", warm_time, 1.3)
    flake8 = found("flake8")
    bench.time(*card, "--exit-zero", ONE_FILE, runs=2)
    one = bench.time(*card, "--exit-zero", "--format", "concise", ONE_FILE, runs=7)
    if flake8:
        bench.row("one file, warm", one, "flake8 on that file", bench.time(flake8, "--isolated", ONE_FILE, runs=7), 0.45)
    click = bench.time(sys.executable, "-c", "import click", runs=9)
    bench.row("--version", bench.time(*card, "--version", runs=9), 'python -c "import click"', click, 1.5)
    one_tree, two_tree = doubled(given.folder, tree)
    here = bench.tree
    bench.tree = one_tree
    single = bench.time(*cold)
    bench.tree = two_tree
    double = bench.time(*cold)
    bench.tree = here
    files = sum(1 for _ in tree.rglob("*.py"))
    bench.row("growth: one package and a copy of it", double, "the package alone", single, 2.1)
    for name, command in {
        "bandit": ["-q", "-r", "."],
        "pylint": ["--disable=all", "--enable=syntax-error", "--recursive=y", "."],
        "fixit": ["lint", "."],
        "semgrep": ["--lang", "python", "--pattern", "$X.labels(...)", "--metrics", "off", "--quiet", "."],
    }.items():
        tool = found(name)
        if tool is None:
            print(f"{name}: not installed here, not measured", file=sys.stderr)
            continue
        taken = bench.time(tool, *command, runs=1, limit=given.limit)
        bench.row("cold, no cache", cold_time, name + (", ended there" if taken >= given.limit else ""), taken, None)
    print(bench.table())
    print(
        f"\n{files:,} files; medians of {given.runs} runs and more; peak memory {memory:,.0f} MB cold (target 400); {os.cpu_count()} cores"
    )
    shutil.rmtree(bench.cache, ignore_errors=True)


if __name__ == "__main__":
    main()
