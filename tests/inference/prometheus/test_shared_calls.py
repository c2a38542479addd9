"""One call that sets the labels of several metrics: what its finding says of the others, and that no fix rewrites it for one of them."""

from __future__ import annotations

from cardlint.cli.changing import with_fixes
from tests.conftest import Lint
from tests.inference.markdown import program

TOPIC = "calls/contexts.md"


def test_one_finding_names_the_other_metrics(lint: Lint) -> None:
    done = lint(program(TOPIC, "One call for several metrics is one finding"))
    (finding,) = done.report.findings
    assert finding.metric
    assert finding.metric.name == "a_total"
    assert [s.message for s in finding.related if s.role == "also"] == ["`b_total` is filled with the raw request path"]
    assert done.report.summary.label_sites == 1


def test_the_metrics_of_a_call_come_in_order_of_place(lint: Lint) -> None:
    (site,) = lint(program(TOPIC, "A metric that may be replaced")).program.sites
    assert [m.name for m in site.metrics] == ["a_total", "b_total"]


def test_every_label_of_a_metric_of_its_own_is_decided(lint: Lint) -> None:
    done = lint(program(TOPIC, "A decorator for each metric"))
    assert done.report.summary.decided == done.report.summary.label_sites


def test_a_shared_call_is_not_rewritten_for_one_metric(lint: Lint) -> None:
    done = lint(program(TOPIC, "Open for one of two metrics"))
    (finding,) = with_fixes(done, done.report).findings
    assert finding.metric
    assert finding.metric.name == "b_total"
    assert finding.fix is None
