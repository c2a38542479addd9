"""Every claim a message makes about prometheus_client, checked against the real library."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import prometheus_client
import pytest
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Enum, Gauge, Histogram, Info, Summary, generate_latest

from cardlint.rules import all_rules
from tests.rules.test_examples import _spans


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def test_label_mismatch_raises(registry: CollectorRegistry) -> None:
    two = Counter("two", "Two", ["x", "y"], registry=registry)
    none = Counter("none", "None", registry=registry)
    for call in (
        lambda: two.labels("1"),
        lambda: two.labels(x="1", z="2"),
        lambda: two.labels("1", y="2"),
        lambda: two.labels({"x": "1", "y": "2"}),
        lambda: two.labels("1", "2").labels("3"),
        lambda: none.labels("1"),
        two.inc,
    ):
        with pytest.raises(ValueError):
            call()


def test_a_dictionary_for_one_label_becomes_its_text(registry: CollectorRegistry) -> None:
    Counter("one", "One", ["x"], registry=registry).labels({"x": "1"}).inc()
    assert registry.get_sample_value("one_total", {"x": "{'x': '1'}"}) == 1


def test_one_string_makes_a_label_of_each_letter(registry: CollectorRegistry) -> None:
    Counter("letters", "Letters", "ab", registry=registry).labels(a="1", b="2").inc()
    assert registry.get_sample_value("letters_total", {"a": "1", "b": "2"}) == 1


TAKES_ANY_NAME = tuple(int(part) for part in version("prometheus-client").split(".")[:2]) >= (0, 22)
"""Whether the installed client takes names of UTF-8; before version 0.22 each of them raises."""


@pytest.mark.parametrize(("kind", "label"), [(Histogram, "le"), (Summary, "quantile"), (Counter, "__x")])
def test_reserved_labels_raise(kind: type, label: str, registry: CollectorRegistry) -> None:
    with pytest.raises(ValueError):
        kind("reserved", "Reserved", [label], registry=registry)


@pytest.mark.parametrize(("name", "label"), [("queue-jobs", "kind"), ("jobs", "queue-name"), ("jobs", "5xx")])
def test_names_that_are_not_plain_raise_or_are_escaped(name: str, label: str, tmp_path: Path) -> None:
    program = (
        "from prometheus_client import Gauge, generate_latest\n"
        f"Gauge({name!r}, 'Jobs', [{label!r}]).labels('x')\n"
        "print(generate_latest().decode())"
    )
    for legacy in ("true", "false"):
        environment = {**os.environ, "PROMETHEUS_LEGACY_NAME_VALIDATION": legacy}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False, env=environment)
        if legacy == "true" or not TAKES_ANY_NAME:
            assert "ValueError" in done.stderr
        else:
            plain = "_xx" if label == "5xx" else label.replace("-", "_")
            assert f'{name.replace("-", "_")}{{{plain}="x"}}' in done.stdout


def test_an_enum_refuses_its_own_name_as_label(registry: CollectorRegistry) -> None:
    with pytest.raises(ValueError):
        Enum("state", "State", ["state"], states=["a", "b"], registry=registry)


def test_bucket_lists_that_raise_or_lie(registry: CollectorRegistry) -> None:
    for number, buckets in enumerate(([0.1, 1, 0.5], [], [float("inf")])):
        with pytest.raises(ValueError):
            Histogram(f"bad_{number}", "Bad", buckets=buckets, registry=registry)
    once = Histogram("once", "Once", ["k"], buckets=(x for x in [1, 2, 3]), registry=registry)
    with pytest.raises(ValueError):
        [once.labels(value) for value in ("a", "b")]


def test_a_repeated_bound_exports_one_series_twice(registry: CollectorRegistry) -> None:
    Histogram("twice", "Twice", buckets=[1, 1, 2], registry=registry)
    assert generate_latest(registry).decode().count('twice_bucket{le="1.0"}') == 2


def test_the_second_registration_raises(registry: CollectorRegistry) -> None:
    Counter("jobs_total", "Jobs", registry=registry)
    with pytest.raises(ValueError, match="Duplicated"):
        Counter("jobs", "Jobs", registry=registry)


@pytest.mark.parametrize("name", ["GCCollector", "PlatformCollector", "ProcessCollector"])
def test_default_collectors_are_registered_already(name: str) -> None:
    with pytest.raises(ValueError, match="Duplicated"):
        getattr(prometheus_client, name)(registry=REGISTRY)
    for known in ("GC_COLLECTOR", "PLATFORM_COLLECTOR", "PROCESS_COLLECTOR"):
        assert hasattr(prometheus_client, known)


def test_a_timer_on_a_coroutine_measures_nothing(registry: CollectorRegistry) -> None:
    latency = Histogram("latency", "Latency", buckets=[0.01, 1], registry=registry)

    @latency.time()
    async def slow() -> None:
        await asyncio.sleep(0.05)

    asyncio.run(slow())
    assert registry.get_sample_value("latency_bucket", {"le": "0.01"}) == 1


def test_a_timer_observes_also_when_the_block_raises(registry: CollectorRegistry) -> None:
    latency = Histogram("raising", "Latency", buckets=[1, 2], registry=registry)
    with pytest.raises(KeyError), latency.time():
        raise KeyError
    assert registry.get_sample_value("raising_count") == 1


def test_a_discarded_child_is_a_series_of_zero(registry: CollectorRegistry) -> None:
    Counter("zero", "Zero", ["k"], registry=registry).labels(k="a")
    assert registry.get_sample_value("zero_total", {"k": "a"}) == 0


MULTIPROCESS = """
import os, sys
from prometheus_client import CollectorRegistry, Gauge, Info, Counter, generate_latest, multiprocess
G = Gauge("g", "G"); S = Gauge("s", "S", multiprocess_mode="livesum"); I = Info("i", "I"); F = Gauge("f", "F", multiprocess_mode="max")
C = Counter("c", "C", ["k"])
G.set(1); S.set(1); I.info({"a": "b"}); F.set_function(lambda: 7); C.labels("x").inc(); C.remove("x")
registry = CollectorRegistry(); multiprocess.MultiProcessCollector(registry)
sys.stdout.write(generate_latest(registry).decode())
"""


def _run(code: str, **env: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env={**os.environ, **env})
    return done.stdout


def test_multiprocess_mode(tmp_path: Path) -> None:
    text = _run(MULTIPROCESS, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    assert 'g{pid="' in text, "the default mode of a Gauge adds the process id"
    assert "\ns 1.0" in text, "livesum does not"
    assert "i_info" not in text, "an Info is not exported"
    assert "\nf 7" not in text, "set_function has no effect"
    assert 'c_total{k="x"} 1.0' in text, "a removed child is still there"


def test_the_variable_is_read_at_import(tmp_path: Path) -> None:
    code = (
        "import os\nos.environ.pop('PROMETHEUS_MULTIPROC_DIR', None)\nfrom prometheus_client import Counter\n"
        f"os.environ['PROMETHEUS_MULTIPROC_DIR'] = {str(tmp_path)!r}\nCounter('late', 'Late').inc()\n"
    )
    _run(code)
    assert not list(tmp_path.iterdir())


def test_series_of_one_label_set(registry: CollectorRegistry) -> None:
    for metric, count in (
        (Counter("a", "A", registry=registry), 2),
        (Gauge("b", "B", registry=registry), 1),
        (Summary("c", "C", registry=registry), 3),
        (Histogram("d", "D", registry=registry), 14 + 4),
        (Info("e", "E", registry=registry), 1),
        (Enum("f", "F", states=["x", "y"], registry=registry), 2),
    ):
        assert sum(len(m.samples) for m in metric.collect()) == count


RAISING = [
    (r, e)
    for r in all_rules()
    for e in r.bad
    if r.name in ("label-mismatch", "default-collector", "duplicate-metric", "label-declaration", "bucket-bounds")
]
SILENT = {"a dictionary", "a value is missing in a collector", "one string", "a bound twice", "a generator"}
SILENT |= {"a name that has to be quoted"} if TAKES_ANY_NAME else set()
"""Bad examples that do not raise when they are imported; the tests above show what they do instead."""


@pytest.mark.parametrize(("rule", "example"), RAISING, ids=[f"{r.name}-{i}" for i, (r, _) in enumerate(RAISING)])
def test_bad_examples_that_are_said_to_raise_do_raise(rule: object, example: object, tmp_path: Path) -> None:
    [(_, code)] = _spans(example.code)[0].items()  # type: ignore[attr-defined]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    raises = example.title not in SILENT  # type: ignore[attr-defined]
    assert ("ValueError" in done.stderr or "Duplicate" in done.stderr) == raises, done.stderr
