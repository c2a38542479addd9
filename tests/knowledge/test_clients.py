"""A metrics client is rows: those of prometheus_client say what the library does, and a client that nobody has heard of is one more file."""

from __future__ import annotations

import ast
import importlib
import inspect
import math
from pathlib import Path

import pytest

import cardlint
from cardlint.config import Config
from cardlint.engine import Run, run
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.library.clients import Clients
from cardlint.knowledge import EXPORTER_MARKS, WHERE, clients, known_marks, load
from cardlint.knowledge.clients.prometheus_client import CLIENT as PROMETHEUS
from cardlint.knowledge.clients.schema import Client, GivenLabels, LabelCall, Method, MetricClass

TAGS = (("tags", "labelnames"), ("title", "name"))
TALLY = Client(
    package="tally",
    classes=(
        MetricClass("Meter", "counter", ("documentation", "name", "labelnames", "namespace"), TAGS),
        MetricClass("Level", "gauge", ("labelnames", "name"), TAGS),
        MetricClass("Spread", "summary", ("name", "labelnames"), TAGS),
        MetricClass("Tape", "histogram", ("buckets", "name", "labelnames"), TAGS),
        MetricClass("Page", "gauge", ("name", "labelnames"), TAGS, family=True),
        MetricClass("Bag", "counter", ("name",), TAGS),
    ),
    methods=(
        Method("tagged", "labels", (GivenLabels("each", "labels"),), on=("parent",), gives="child"),
        Method("bump", "count", telling=True),
        Method("drop", "remove"),
        Method("put", "count", (GivenLabels("mapping", "labels", 1, "tags"),)),
        Method("line", "add-metric", (GivenLabels("list", "add_metric", 1, "values"),), on=("family",)),
    ),
    calls=(LabelCall("ship", (GivenLabels("value", "job", 0, "batch"),)),),
    marks=(b"tally",),
    star_modules=("tally",),
    star_names=("Meter",),
    bases=("AnyMeter",),
    registries=("Book",),
    default_registries=("BOOK",),
    default_buckets=("STEPS",),
    default_bounds=(1.0, 2.0, 3.0),
    series=(("counter", 1), ("histogram", 2)),
)
"""A fictional metrics library: the documentation of a metric comes first, labels are `tags`, and a label is given by `.tagged(...)`."""


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "CLIENTS", (PROMETHEUS, TALLY))


def analyse(folder: Path, source: str, *, pedantic: bool = False, **more: str) -> Run:
    for name, text in {"app": source, **more}.items():
        (folder / f"{name}.py").write_text(text)
    return run([str(folder)], Config(pedantic=pedantic, root=str(folder)))


def found(result: Run) -> list[tuple[int, str, str | None]]:
    return [(f.place.line, f.rule, f.label) for f in result.report.findings]


def given(result: Run) -> list[tuple[str, str | None, Bound]]:
    return [(s.metrics[0].name if s.metrics else "", a.label, a.value.bound) for s in result.program.sites for a in s.args]


# prometheus_client ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", PROMETHEUS.classes, ids=lambda row: row.name)
def test_the_parameters_of_a_class_are_those_of_the_library(row: MetricClass) -> None:
    parameters = list(inspect.signature(getattr(importlib.import_module("prometheus_client.core"), row.name)).parameters)
    written = {role: keyword for keyword, role in row.keywords}
    assert [written.get(name, name) for name in row.parameters] == parameters


def test_the_methods_of_a_metric_are_those_of_the_library() -> None:
    core = importlib.import_module("prometheus_client.core")
    every = [getattr(core, row.name) for row in PROMETHEUS.classes]
    for method in PROMETHEUS.methods:
        owners = [cls for cls in every if hasattr(cls, method.name)]
        assert owners, method.name
        for label in method.labels:
            if label.form != "each" and not label.types:
                for owner in owners:
                    names = list(inspect.signature(getattr(owner, method.name)).parameters)[1:]
                    assert names[label.position] == label.keyword, (owner, method.name)


def test_the_calls_that_give_labels_are_those_of_the_library() -> None:
    packages = [importlib.import_module(name) for name in ("prometheus_client", "prometheus_client.core")]
    for call in PROMETHEUS.calls:
        function = next(getattr(package, call.name) for package in packages if hasattr(package, call.name))
        names = list(inspect.signature(function).parameters)
        assert all(names[label.position] == label.keyword for label in call.labels)


def test_the_bounds_that_a_histogram_has_by_itself_are_those_of_the_library() -> None:
    library = importlib.import_module("prometheus_client").Histogram.DEFAULT_BUCKETS
    assert library == PROMETHEUS.default_bounds
    assert math.isinf(PROMETHEUS.default_bounds[-1])


def test_names_of_the_library_exist() -> None:
    modules = [
        importlib.import_module(f"prometheus_client{name}") for name in ("", ".core", ".metrics", ".multiprocess", ".registry", ".utils")
    ]
    named = (*PROMETHEUS.bases, *PROMETHEUS.collectors, *PROMETHEUS.registries, *PROMETHEUS.default_registries, *PROMETHEUS.star_names)
    owners = [*modules, PROMETHEUS_REGISTRY]
    watched = [part for call in PROMETHEUS.watched for part in (call.name, call.existing) if part]
    assert [name for name in (*named, *watched) if not any(hasattr(owner, name) for owner in owners)] == []


def test_the_modes_of_several_processes_are_those_of_the_library() -> None:
    modes = {mode.name: mode for mode in PROMETHEUS.process_modes}
    gauge = importlib.import_module("prometheus_client").Gauge
    assert modes.keys() == gauge._MULTIPROC_MODES
    assert inspect.signature(gauge).parameters["multiprocess_mode"].default == PROMETHEUS.process_modes[0].name
    assert {name for name, mode in modes.items() if mode.live} == {name for name in modes if name.startswith("live")}
    assert {mode.name.removeprefix("live") for mode in modes.values() if mode.each} == {PROMETHEUS.process_modes[0].name}


def test_collectors_that_the_client_registers_are_known_by_the_ends_of_their_names() -> None:
    own = [call.existing for call in PROMETHEUS.watched if call.role == "own-collector"]
    assert own
    assert all(name.endswith(PROMETHEUS.own_collectors) for name in own)


PROMETHEUS_REGISTRY = importlib.import_module("prometheus_client").REGISTRY


def _said_to_people(tree: ast.AST) -> set[int]:
    """Return the texts that no code compares: docstrings, and what a rule says of itself with its examples."""
    shown = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    rules = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule"]
    return {id(inner) for node in (*shown, *rules) for inner in ast.walk(node)}


def test_the_engine_and_the_rules_name_no_part_of_the_library() -> None:
    """Only rows name its classes, methods, parameters and variables; words that any program may use are left out.

    The sentences of rules are for people, and fixes write code for one client: both name what they mean.
    """
    everyday = {"set", "time", "info", "clear", "remove", "state", "collect", "reset", "inc", "dec", "observe", "labels"}
    roles = {"multiprocess_mode"}
    """parameters that the engine knows by this name, whatever a client calls them"""
    names = {method.name for method in PROMETHEUS.methods} | {row.name for row in PROMETHEUS.classes}
    for part in (
        PROMETHEUS.bases,
        PROMETHEUS.star_names,
        (call.name for call in PROMETHEUS.watched),
        (call.existing for call in PROMETHEUS.watched if call.existing),
        (mode.name for mode in PROMETHEUS.process_modes if mode.live),
        (PROMETHEUS.own_collectors,),
        PROMETHEUS.variables,
        PROMETHEUS.private,
        PROMETHEUS.collectors,
        PROMETHEUS.default_buckets,
    ):
        names.update(part)
    wrong = []
    for folder in ("inference", "lowering", "ir", "files", "project", "rules", "selection"):
        for path in sorted((Path(cardlint.__file__).parent / folder).rglob("*.py")):
            if path.parent.name == "sentences":
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            prose = _said_to_people(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)) and id(node) not in prose:
                    text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
                    if text.lstrip(".") in names - everyday - roles or "prometheus_client" in text:
                        wrong.append(f"{path.name}:{node.lineno}: {text}")
    assert wrong == []


def test_labels_are_given_by_keyword_to_what_takes_a_mapping(tmp_path: Path) -> None:
    source = (
        "import uuid\nfrom prometheus_client import Info\nfrom prometheus_client.core import GaugeMetricFamily\n"
        'Info("a", "A").info(val={"run": uuid.uuid4().hex})\n'
        'GaugeMetricFamily("b", "B").add_sample("b", value=1, labels={"run": uuid.uuid4().hex})\n'
    )
    assert given(analyse(tmp_path, source)) == [("a", "run", Bound.UNBOUNDED), ("b", "run", Bound.UNBOUNDED)]


def test_a_class_of_the_tree_with_the_name_of_a_family_keeps_its_labels(tmp_path: Path) -> None:
    source = (
        'from prometheus_client import Counter\nclass Metric(Counter):\n    pass\nMetric("a_total", "A", ["kind"]).labels(kind="x").inc()\n'
    )
    assert [m.labelnames for m in analyse(tmp_path, source).program.metrics] == [("kind",)]


def test_each_exporter_is_in_a_file_with_a_mark() -> None:
    for package in WHERE["exporters"]:
        for exporter in load(frozenset({package})).exporters:
            module, _, name = exporter.path.removesuffix("()").rpartition(".")
            statement = f"from {module} import {name}".encode()
            assert any(mark in statement for mark in known_marks()), exporter.path
    assert EXPORTER_MARKS


# a fictional client -----------------------------------------------------------------------------------------------------

SOURCE = """\
import uuid
from tally import Meter, Level, Tape, ship
from prometheus_client import Counter

MADE = Meter("Requests that were made.", "made", ("user_id", "kind"), "shop")
DEPTH = Level(["queue"], title="depth")
DONE = Counter("done_total", "Done.", ["user_id"])


def handle(request):
    MADE.tagged(uuid.uuid4().hex, "web").bump()
    MADE.tagged(kind=str(uuid.uuid4()), user_id="me").bump()
    DEPTH.tagged(queue="fast").bump()
    DONE.labels(user_id=uuid.uuid4().hex).inc()
    ship(uuid.uuid4().hex)
"""


@pytest.mark.usefixtures("tally")
def test_a_second_client_has_findings_in_the_same_run(tmp_path: Path) -> None:
    """The order of its parameters, the method that takes labels and the keyword of their names are all different."""
    result = analyse(tmp_path, SOURCE)
    metrics = {m.name: (m.type, m.labelnames, m.client) for m in result.program.metrics}
    assert metrics == {
        "shop_made": ("counter", ("user_id", "kind"), "tally"),
        "depth": ("gauge", ("queue",), "tally"),
        "done_total": ("counter", ("user_id",), "prometheus_client"),
    }
    assert found(result) == [
        (11, "identity-label", "user_id"),
        (12, "unbounded-value", "kind"),
        (14, "identity-label", "user_id"),
        (15, "unbounded-value", "batch"),
    ]
    assert ("depth", "queue", Bound.EXACTLY) in given(result)


def test_without_its_rows_the_client_is_not_known(tmp_path: Path) -> None:
    assert found(analyse(tmp_path, SOURCE)) == [(14, "identity-label", "user_id")]


@pytest.mark.usefixtures("tally")
def test_a_file_with_a_mark_of_the_second_client_is_analysed(tmp_path: Path) -> None:
    source = 'import uuid\nimport tally\ntally.Meter("A.", "a", ["who"]).tagged(who=uuid.uuid4().hex).bump()\n'
    assert found(analyse(tmp_path, source)) == [(3, "unbounded-value", "who")]


@pytest.mark.usefixtures("tally")
@pytest.mark.parametrize(
    "source",
    [
        'from tally import *\nM = Meter("A.", "a", ["who"])\nM.tagged(who=uuid.uuid4().hex).bump()\n',
        'from tally import Meter\nclass Mine(Meter):\n    pass\nM = Mine("A.", "a", ["who"])\nM.tagged(who=uuid.uuid4().hex).bump()\n',
        'from tally import Meter\ndef make(name):\n    return Meter("A.", name, ["who"])\nmake("a").tagged(who=uuid.uuid4().hex).bump()\n',
        'from tally import Bag\nM = Bag("a")\nM.put(1, {"who": uuid.uuid4().hex})\n',
        'from tally import Bag\nM = Bag("a")\nM.put(1, tags={"who": uuid.uuid4().hex})\n',
        'from tally import Page\nM = Page("a", tags=["who"])\nM.line(1, [uuid.uuid4().hex])\n',
        "import tally\ndef count(meter):\n    meter.tagged(who=uuid.uuid4().hex).bump()\n",
        "import tally\ndef count(meter: tally.AnyMeter):\n    return meter.tagged(who=uuid.uuid4().hex)\n",
    ],
    ids=["star", "subclass", "factory", "mapping", "mapping-keyword", "family", "by-its-use", "by-its-base"],
)
def test_every_way_to_a_metric_leads_to_one_of_the_second_client(source: str, tmp_path: Path) -> None:
    result = analyse(tmp_path, "import uuid\n" + source)
    assert [(rule, label) for _, rule, label in found(result)] == [("unbounded-value", "who")]


@pytest.mark.usefixtures("tally")
def test_methods_are_those_of_the_client_of_the_metric(tmp_path: Path) -> None:
    """A name that two clients have means what it means for the metric that it is called on."""
    source = 'import uuid\nfrom tally import Meter\nM = Meter("A.", "a", ["who"])\nM.labels(who=uuid.uuid4().hex)\nM.put(1, {"who": "x"}).inc()\n'
    assert given(analyse(tmp_path, source)) == [("a", "who", Bound.EXACTLY)]


@pytest.mark.usefixtures("tally")
def test_what_prometheus_client_does_with_a_call_is_not_said_of_another_client(tmp_path: Path) -> None:
    """Its constructor may register nothing, its `.tagged()` may take any names, and its summaries may have quantiles."""
    body = (
        'M = {0}("A.", "a", ["who"])\nN = {0}("A.", "a", ["who"])\nM.{1}("x", "y")\nM.{2}()\n'
        'def again():\n    return {0}("B.", "b", "name")\n'
    )
    other = analyse(tmp_path, "from tally import Meter, Spread\nSpread('s', ())\n" + body.format("Meter", "tagged", "bump"))
    assert found(other) == []
    same = analyse(tmp_path, "from prometheus_client import Counter\n" + body.format("Counter", "labels", "inc"))
    assert len(found(same)) > 3


@pytest.mark.usefixtures("tally")
def test_series_and_bounds_are_those_of_the_client(tmp_path: Path) -> None:
    source = (
        "from tally import Meter, Tape, BOOK, Book, STEPS\nfrom prometheus_client import Counter, Histogram\n"
        'A = Meter("A.", "a")\nB = Tape(STEPS, "b")\nC = Tape(name="c")\nD = Counter("d", "D")\nE = Histogram("e", "E")\n'
    )
    metrics = {m.name: m.series_per_child() for m in analyse(tmp_path, source).program.metrics}
    assert metrics == {"a": 1, "b": 5, "c": 5, "d": 2, "e": 18}


def test_rows_of_all_clients_are_put_together() -> None:
    table = Clients((PROMETHEUS, TALLY))
    assert {"Counter", "Meter"} <= table.classes
    assert table.labelling == ("labels", "tagged")
    assert table.constructor("tally.Meter") is not None
    assert table.constructor("tallyman.Meter") is None
    assert table.method(TALLY, "labels") is None
