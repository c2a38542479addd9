"""private-value: private attributes of metrics are read where a public function exists."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from cardlint.findings import Finding, Place, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every `._value.get()` and similar reads."""
    first: dict[str, Place] = {}
    for read in sorted(program.private_reads, key=lambda read: read.place):
        found = finding(
            "private-value", "CL501", Severity.NOTE, read.place, say.PRIVATE(),
            why=say.PRIVATE_WHY(),
            help=say.PRIVATE_HELP(),
        )  # fmt: skip
        yield replace(found, cause=first.setdefault(read.place.path, read.place))


RULE = Rule(
    name="private-value",
    code="CL501",
    title="code reads a private attribute of a metric",
    severity=Severity.NOTE,
    default=True,
    what="Reports `._value.get()`, `._sum.get()` and the like, in tests as well: as a note, once for each file.",
    why="A test that reads the internals of a metric passes even when the exposition is wrong, and breaks with the next version of the library.",
    fix="Ask the registry: `REGISTRY.get_sample_value(name, labels)`; in multiprocess mode, a registry with a MultiProcessCollector.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\ndef test_jobs():\n    JOBS.inc()\n    assert «JOBS._value.get()» == 1\n'
        ),
    ),
    good=(
        Example(
            'from prometheus_client import REGISTRY, Counter\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\ndef test_jobs():\n    JOBS.inc()\n    assert REGISTRY.get_sample_value("jobs_total") == 1\n'
        ),
    ),
    check=check,
)
