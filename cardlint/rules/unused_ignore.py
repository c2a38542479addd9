"""unused-ignore: a suppression that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.link.program import Program
from cardlint.rules._misuse import finding, names
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every comment whose rules ran and reported nothing on its lines."""
    for comment in program.suppressions:
        if comment.problem or not comment.unused:
            continue
        yield finding(
            "unused-ignore", "CL901", Severity.WARNING, comment.place, f"this comment suppresses nothing: {names(comment.unused)}",
            why="the finding it was written for is gone, or stands elsewhere",
            help="remove it",
        )  # fmt: skip


RULE = Rule(
    name="unused-ignore",
    code="CL901",
    title="a suppression suppresses nothing",
    severity=Severity.WARNING,
    default=True,
    what="Reports `# cardlint: ignore[...]` comments whose rules ran and found nothing there.",
    why="An excuse that has outlived its reason hides the next finding on that line.",
    fix="Remove the comment, or the name in it that is not needed.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nJOBS.labels(kind="import").inc()  «# cardlint: ignore[unused-ignore] -- few kinds»\n'
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nJOBS.labels(kind="import").inc()\n'
        ),
    ),
    check=check,
    about_comments=True,
    in_tests=True,
)
