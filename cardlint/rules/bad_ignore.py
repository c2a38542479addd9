"""bad-ignore: a suppression without a reason, expired, or naming no rule."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from cardlint.findings import Finding, Severity
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every suppression comment with something wrong in it."""
    for comment in program.suppressions:
        if comment.problem:
            is_claim = any("bounded=" in text for text in (comment.problem, *comment.names))
            found = finding(
                "bad-ignore", "CL902", Severity.WARNING, comment.place, say.BAD_COMMENT(problem=comment.problem),
                why=say.BAD_COMMENT_WHY(),
                help=say.BAD_CLAIM_HELP() if is_claim else say.BAD_COMMENT_HELP(),
            )  # fmt: skip
            yield replace(found, predicate=comment.problem)


RULE = Rule(
    name="bad-ignore",
    code="CL902",
    title="a suppression gives no reason, has expired or names no rule",
    severity=Severity.WARNING,
    default=True,
    what="Reports suppression comments without a reason (they still suppress), with a date that has passed (they no longer do), and with names that are not rules.",
    why="Without a reason, no one can tell later whether the comment is still needed.",
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
