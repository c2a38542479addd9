"""Partitions: several large packages in one tree, linked apart, say what the tree linked whole says."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from cardlint.cache.facts_cache import FactsCache
from cardlint.cache.folder import cache_folder
from cardlint.cache.run_cache import Runs
from cardlint.config import Config
from cardlint.engine import Run, run
from cardlint.findings import Report
from cardlint.parallel import partitions
from cardlint.parallel.partitions import split
from cardlint.project import project
from cardlint.project.project import Project

SHARED = """from prometheus_client import Counter, Gauge
SEEN = Counter("seen_total", "S", ["who", "kind"])
DEPTH = Gauge("depth", "D", ["queue"])

def count(who, kind="plain"):
    SEEN.labels(who, kind).inc()

def make(name, labels):
    return Counter(name, "made", labels)

def forget(who):
    SEEN.remove(who, "plain")
"""
USES = (
    "from {other}.metrics import count\ndef f(request):\n    count(request.headers['x-user'])\n",
    "from {other}.metrics import count\ndef f():\n    count('fixed', kind='b')\n",
    "from {other}.metrics import DEPTH\ndef f(user_id):\n    DEPTH.labels(queue=user_id).set(1)\n",
    "from {other}.metrics import make\nMADE = make('{own}_made_total', ['path'])\ndef f(request):\n    MADE.labels(request.path).inc()\n",
    "from {own}.metrics import SEEN\nimport uuid\ndef f():\n    SEEN.labels(who=str(uuid.uuid4()), kind='a').inc()\n",
    "from {own}.metrics import count\ndef f(k):\n    for name in ('a', 'b'):\n        count(name, kind=k)\ndef g():\n    f('c')\n",
    "import {other}.metrics as m\ndef f(e):\n    try:\n        pass\n    except ValueError as e:\n        m.count(str(e))\n",
    "class Sub:\n    def f(self, request, metric):\n        metric.labels(request.url).inc()\n",
)


def tree(chance: random.Random) -> None:
    """Write three packages of a few files that use each other's metrics, a script, and a folder that is no package."""
    names = ("alpha", "beta", "gamma")
    for own in names:
        Path(own, "inner").mkdir(parents=True)
        Path(own, "__init__.py").write_text("")
        Path(own, "metrics.py").write_text(SHARED.replace("seen_total", f"{own}_seen_total").replace('"depth"', f'"{own}_depth"'))
        for number in range(chance.randrange(2, 5)):
            other = chance.choice([n for n in names if n != own] + [own] * 4)
            where = Path(own, chance.choice((".", "inner")), f"m{number}.py")
            where.write_text(chance.choice(USES).format(own=own, other=other))
    Path("script.py").write_text(chance.choice(USES).format(own="alpha", other=chance.choice(names)))


def analysed(jobs: int = 1) -> Run:
    return run(["."], Config(), jobs=jobs)


def report(done: Run) -> Report:
    return replace(done.report, summary=replace(done.report.summary, duration_s=0.0, parsed=0))


@pytest.mark.parametrize("seed", range(25))
def test_a_tree_in_partitions_says_what_it_says_whole(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tree(random.Random(seed))
    whole = analysed()
    monkeypatch.setattr(project, "LARGE", 3)
    monkeypatch.setattr(partitions, "TOGETHER", 0.1)
    apart = analysed()
    assert len(split(apart.project)) > 1
    assert report(apart) == report(whole)
    assert [(m.place, m.name, m.removed) for m in apart.program.metrics] == [(m.place, m.name, m.removed) for m in whole.program.metrics]
    ids = [m.id for m in apart.program.metrics]
    assert len(set(ids)) == len(ids)
    sites = sorted((s.place, sorted((m.place, m.name) for m in s.metrics)) for s in apart.program.sites)
    assert sites == sorted((s.place, sorted((m.place, m.name) for m in s.metrics)) for s in whole.program.sites)


def test_a_metric_of_a_factory_in_another_package_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many files call the factory that its own package does not see them all: each package knows the metrics of its own calls."""
    monkeypatch.chdir(tmp_path)
    factory = "from prometheus_client import Counter\ndef make(name, labels):\n    return Counter(name, 'M', labels)\n"
    for name in ("app", "shared"):
        Path(name).mkdir()
        Path(name, "__init__.py").write_text("")
        for number in range(20):
            call = f"from shared.factory import make as build\nMADE = build('{name}_{number}_total', ['{name}', 'n{number}'])\n"
            use = f"def f():\n    MADE.labels({name}='a', n{number}='b').inc()\n"
            Path(name, f"m{number}.py").write_text(call + use)
    Path("shared", "factory.py").write_text(factory)
    whole = analysed()
    monkeypatch.setattr(project, "LARGE", 3)
    monkeypatch.setattr(partitions, "TOGETHER", 0.9)
    apart = analysed()
    assert len(split(apart.project)) > 1
    assert report(whole).findings == report(apart).findings == ()
    names = {m.name for m in apart.program.metrics}
    assert names == {f"{name}_{number}_total" for name in ("app", "shared") for number in range(20)}


@pytest.mark.parametrize("seed", range(4))
def test_the_number_of_processes_changes_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "LARGE", 3)
    monkeypatch.setattr(partitions, "TOGETHER", 0.1)
    tree(random.Random(seed))
    alone, beside = analysed(1), analysed(3)
    assert replace(beside.report, summary=alone.report.summary) == alone.report
    assert replace(beside.report.summary, duration_s=0.0) == replace(alone.report.summary, duration_s=0.0)
    assert beside.project.account().answers == alone.project.account().answers
    assert beside.project.account().asked == alone.project.account().asked


def test_a_lane_whose_process_dies_or_has_what_cannot_travel_is_worked_out_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "LARGE", 3)
    tree(random.Random(1))
    Path("beta", "odd.py").write_text(
        "from beta.metrics import count\ncount(chr(0xD800))\ncount('\\ud800')\ncount(10 ** 30)\ncount(2 ** 70)\n"
    )
    expected = report(analysed())
    here = os.getpid()
    gather = partitions.gather

    def dying(part: Project, settings: object) -> object:
        if os.getpid() != here and any(path.startswith("alpha") for path in part.seeds()):
            os._exit(9)
        return gather(part, settings)  # type: ignore[arg-type]

    monkeypatch.setattr(partitions, "gather", dying)
    assert report(analysed(3)) == expected
    monkeypatch.setattr(os, "fork", lambda: (_ for _ in ()).throw(OSError("no more processes")))
    assert report(analysed(3)) == expected


def test_what_uses_another_package_a_lot_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "LARGE", 3)
    for name in ("app", "other", "tests"):
        Path(name).mkdir()
        Path(name, "__init__.py").write_text("")
        Path(name, "metrics.py").write_text(SHARED)
        Path(name, "a.py").write_text("")
    Path("tests", "metrics.py").write_text("from prometheus_client import REGISTRY\nimport app.metrics\n")
    Path("script.py").write_text("from prometheus_client import REGISTRY\nimport other.metrics\n")
    Path("lonely.py").write_text("from prometheus_client import REGISTRY\n")
    found = analysed().project
    assert sorted(map(sorted, split(found))) == [["app/metrics.py", "tests/metrics.py"], ["lonely.py", "other/metrics.py", "script.py"]]


@pytest.mark.parametrize("seed", range(6))
def test_a_record_of_a_run_in_partitions_is_used_only_while_it_holds(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "LARGE", 3)
    monkeypatch.setattr(partitions, "TOGETHER", 0.1)
    monkeypatch.setattr("cardlint.cache.run_cache.FRESH", -100.0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    chance = random.Random(seed)
    Path("code").mkdir()
    monkeypatch.chdir("code")
    tree(chance)
    cache = FactsCache(cache_folder(str(tmp_path / "cache")))
    config = Config()

    def listed() -> list[str]:
        return sorted(str(p) for p in Path().rglob("*.py"))

    first = run(["."], config, cache=cache)
    Runs(cache.folder, ["."], config, listed(), "").save(first.report, first.project)
    used = 0
    for step in range(14):
        path = Path(chance.choice(listed()))
        own = path.parts[0] if len(path.parts) > 1 else "alpha"
        other = chance.choice(("alpha", "beta", "gamma"))
        added = chance.choice(("# a comment\n", f"\n{chance.choice(USES)}".format(own=own, other=other), f"\n# {other}\n", "\nx = 1\n"))
        path.write_text(path.read_text() + added)
        known = Runs(cache.folder, ["."], config, listed(), "").load()
        fresh = run(["."], config)
        if known is not None:
            used += 1
            assert replace(known, summary=replace(known.summary, duration_s=0.0)) == replace(
                fresh.report, summary=replace(fresh.report.summary, duration_s=0.0)
            ), (step, str(path), added)
        else:
            Runs(cache.folder, ["."], config, listed(), "").save(fresh.report, fresh.project)
    assert used


def test_a_folder_inside_of_a_package_needs_no_init(tmp_path: Path) -> None:
    from cardlint.inference.codebase.layout import Layout

    found = Layout(
        [
            "top/app/__init__.py",
            "top/app/plain/a.py",
            "top/app/plain/deep/__init__.py",
            "top/app/plain/deep/b.py",
            "top/scripts/s.py",
            "x.py",
        ]
    )
    assert found.module_of["top/app/plain/a.py"] == ("app.plain.a", False)
    assert found.module_of["top/app/plain/deep/b.py"] == ("app.plain.deep.b", False)
    assert found.top("top/app/plain/deep/b.py") == "app"
    assert found.module_of["top/scripts/s.py"] == ("top.scripts.s", False)
    assert found.top("x.py") == ""
    stray = Layout(["repo/__init__.py", "repo/src/app/__init__.py", "repo/src/app/m.py"])
    assert stray.module_of["repo/src/app/m.py"] == ("app.m", False)


@pytest.mark.parametrize("jobs", [1, 2])
def test_measures_and_limits_of_partitions_are_sums(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever process did the work, its calls and hits are in the sum, in one row for each query and handler."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "LARGE", 3)
    tree(random.Random(3))
    done = run(["."], Config(), jobs=jobs, measured=True)
    found = {(m.kind, m.name): m for m in done.program.measures}
    assert len(found) == len(done.program.measures)
    assert found["query", "definitions.define"].calls > found["query", "definitions.define"].hits > 0
    other = {(m.kind, m.name): (m.calls, m.hits) for m in run(["."], Config(), jobs=3 - jobs, measured=True).program.measures}
    assert {key: (m.calls, m.hits) for key, m in found.items()} == other
