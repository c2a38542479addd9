"""deployment-churn: one value per process, release or configured thing."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.program import Program
from cardlint.rules._inventory import is_inventory, is_of_release, written_once
from cardlint.rules._labels import value_finding
from cardlint.rules._series import site_metric
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import values as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every label that gets a host name, process id, version or the name of a configured thing."""
    written = written_once(program)
    for site in program.sites:
        for arg in site.args:
            metric = site_metric(site)
            open_ = arg.value.bound is Bound.UNBOUNDED and (
                is_inventory(arg.label, arg.value, metric, written) or is_of_release(arg, metric)
            )
            changes = open_ or (arg.value.bound is Bound.PER_DEPLOYMENT and not arg.value.named)
            described = site.kind == "info" and not (open_ and arg.value.kind == "time")  # a time is a new series with every start
            if site.in_test or not changes or arg.label in thresholds.bounded_labels or described:
                continue
            yield value_finding(
                program, site, arg, "deployment-churn", "CL107", Severity.NOTE,
                why=say.CHURN_WHY(source=arg.value.why),
                help=say.CHURN_HELP(),
            )  # fmt: skip


RULE = Rule(
    name="deployment-churn",
    code="CL107",
    title="a label changes with every process or deployment",
    severity=Severity.NOTE,
    default=False,
    what="Reports labels that get host names, pod names, process ids, versions, or names of configured things such as tenants and queues. The time of a start in an Info metric is reported, too.",
    why="Prometheus already adds `instance` and `job`. A label with the pod name repeats what they say, and every new pod starts new series.",
    fix="Let the scrape configuration add it, or export it once with an Info metric.",
    ignore_when="the set is small and does not change with deployments.",
    bad=(
        Example(
            'import socket\n\nfrom prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["host"])\n\n\ndef done():\n    JOBS.labels(host=«socket.gethostname()»).inc()\n',
            pedantic=True,
        ),
    ),
    good=(
        Example(
            'import socket\n\nfrom prometheus_client import Counter, Info\n\nJOBS = Counter("jobs_total", "Jobs")\nBUILD = Info("build", "Where this runs")\nBUILD.info({"host": socket.gethostname()})\n',
            title="one Info metric",
            pedantic=True,
        ),
    ),
    any_client=True,
    check=check,
)
