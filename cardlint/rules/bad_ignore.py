"""bad-ignore: a suppression without a reason, expired, or naming no rule."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every suppression comment with something wrong in it."""
    for comment in program.suppressions:
        if comment.problem:
            yield finding(
                "bad-ignore", "CL902", Severity.WARNING, comment.place, f"this comment {comment.problem}",
                why="a suppression says which rule, why, and if need be until when",
                help="write `# cardlint: ignore[rule] until=YYYY-MM-DD -- reason`",
            )  # fmt: skip


RULE = Rule(
    name="bad-ignore",
    code="CL902",
    title="a suppression gives no reason, has expired or names no rule",
    severity=Severity.WARNING,
    default=True,
    what="Reports suppression comments without a reason (they still suppress), with a date that has passed (they no longer do), and with names that are no rules.",
    why="Nobody can tell later whether an ignore without a reason may go.",
    fix="Add the reason after `--`.",
    bad=(
        Example(
            'from prometheus_client import Summary\n\nSIZE = Summary("size_bytes", "Size")  «# cardlint: ignore[summary]»\n',
            title="no reason",
        ),
        Example(
            'from prometheus_client import Summary\n\nSIZE = Summary("size_bytes", "Size")  «# cardlint: ignore[sumary] -- count and sum are enough»\n',
            title="no such rule",
        ),
    ),
    good=(
        Example(
            'from prometheus_client import Summary\n\nSIZE = Summary("size_bytes", "Size")  # cardlint: ignore[summary] -- count and sum are enough\n'
        ),
    ),
    check=check,
    about_comments=True,
)
