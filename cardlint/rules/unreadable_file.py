"""unreadable-file: a file that cannot be analysed is a finding, never an abort."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Confidence, Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every file that could not be read."""
    for _, message, place in program.facts_errors:
        yield Finding(
            rule="unreadable-file",
            code="CL000",
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            message=say.UNREADABLE(problem=message),
            place=place,
            site=place,
            why=say.UNREADABLE_WHY(),
            help=say.UNREADABLE_HELP(),
        )


RULE = Rule(
    name="unreadable-file",
    code="CL000",
    title="a file cannot be analysed",
    severity=Severity.ERROR,
    default=True,
    what="Reports files with a syntax error, a wrong encoding, a NUL byte, or grammar that neither the running Python nor libcst can read.",
    why="A file that is skipped silently looks like a clean one.",
    fix="Repair the file, run cardlint with the Python version the code is written for, or exclude the file.",
    bad=(Example('from prometheus_client import Counter\n\nC = Counter(«»"a" "b" = 3\n', title="a syntax error"),),
    good=(Example('from prometheus_client import Counter\n\nC = Counter("a_total", "A")\n'),),
    check=check,
)
