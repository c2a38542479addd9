"""unused-ignore: a suppression that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program, Suppression
from cardlint.rules._misuse import finding, names
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every comment whose rules ran and reported nothing on its lines, and every claim that bounds no label."""
    for comment in program.suppressions:
        if not comment.problem and _claims_nothing(comment, program):
            yield finding(
                "unused-ignore", "CL901", Severity.WARNING, comment.place, f"this comment bounds no label: {names(comment.names)}",
                why="no value that goes to a label passes its line",
                help="remove it, or move it to the call or the declaration",
            )  # fmt: skip
        if comment.problem or not comment.unused:
            continue
        yield finding(
            "unused-ignore", "CL901", Severity.WARNING, comment.place, f"this comment suppresses nothing: {names(comment.unused)}",
            why="the finding it was written for is gone, or stands elsewhere",
            help="remove it",
        )  # fmt: skip


CLAIM = "bounded="
CLAIMED = "claimed by a comment"
"""Why a value is bounded that a claim has bounded."""


def _claims_nothing(comment: Suppression, program: Program) -> bool:
    """Tell whether a claim is for nothing, as far as can be told: no label in the run has a claimed size like its own.

    One on a declaration is left alone, for its uses may stand in files that the run did not look at.
    """
    if not comment.names or not comment.names[0].startswith(CLAIM):
        return False
    path, line = comment.place.path, comment.place.line
    if any(m.place.path == path and m.place.line <= line <= m.place.end_line for m in program.metrics):
        return False
    size = int(comment.names[0].removeprefix(CLAIM))
    return not any(arg.value.size == size and arg.value.why == CLAIMED for site in program.sites for arg in site.args)


RULE = Rule(
    name="unused-ignore",
    code="CL901",
    title="a suppression suppresses nothing",
    severity=Severity.WARNING,
    default=True,
    what="Reports `# cardlint: ignore[...]` comments whose rules ran and found nothing there, and `# cardlint: bounded=N` claims that bound no label.",
    why="An excuse that has outlived its reason hides the next finding on that line.",
    fix="Remove the comment, or the name in it that is not needed.",
    bad=(
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nJOBS.labels(kind="import").inc()  «# cardlint: ignore[unused-ignore] -- few kinds»\n'
        ),
        Example(
            'from prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs", ["kind"])\nkinds = 4  «# cardlint: bounded=4 -- four kinds»\nJOBS.labels(kind="import").inc()\n',
            title="a claim in the wrong place",
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
