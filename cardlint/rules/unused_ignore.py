"""unused-ignore: a suppression that suppresses nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from cardlint.findings import Finding, Severity, Suppression
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding, names
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every comment whose rules ran and reported nothing on its lines, and every claim that bounds no label."""
    claims = _Claims(program)
    for comment in program.suppressions:
        if not comment.problem and claims.nothing(comment):
            yield finding(
                "unused-ignore", "CL901", Severity.WARNING, comment.place, say.BOUNDS_NOTHING(names=names(comment.names)),
                why=say.BOUNDS_NOTHING_WHY(),
                help=say.BOUNDS_NOTHING_HELP(),
            )  # fmt: skip
        if comment.problem or not comment.unused:
            continue
        yield finding(
            "unused-ignore", "CL901", Severity.WARNING, comment.place, say.SUPPRESSES_NOTHING(names=names(comment.unused)),
            why=say.SUPPRESSES_NOTHING_WHY(),
            help=say.SUPPRESSES_NOTHING_HELP(),
        )  # fmt: skip


CLAIM = "bounded="


class _Claims:
    """The possible subjects of claims in a run: sizes that a claim gave, and lines of declarations. Computed at the first claim."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @cached_property
    def _sizes(self) -> frozenset[int | None]:
        return frozenset(arg.value.size for site in self._program.sites for arg in site.args if arg.claimed)

    @cached_property
    def _declarations(self) -> dict[str, Spans]:
        lines: dict[str, list[tuple[int, int]]] = {}
        for metric in self._program.metrics:
            lines.setdefault(metric.place.path, []).append((metric.place.line, metric.place.end_line))
        return {path: Spans(spans) for path, spans in lines.items()}

    def nothing(self, comment: Suppression) -> bool:
        """Tell whether a claim certainly has no effect: no label in the run has its claimed size.

        One on a declaration is left alone: its uses may be in files outside of the run.
        """
        if not comment.names or not comment.names[0].startswith(CLAIM):
            return False
        spans = self._declarations.get(comment.place.path)
        if spans is not None and comment.place.line in spans:
            return False
        return int(comment.names[0].removeprefix(CLAIM)) not in self._sizes


class Spans:
    """Spans of lines that may be nested; a look-up finds whether one of them holds a line without visiting all."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._reach: list[int] = []
        for start, end in sorted(spans):
            self._starts.append(start)
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def __contains__(self, line: int) -> bool:
        at = bisect_right(self._starts, line) - 1
        return at >= 0 and self._reach[at] >= line


RULE = Rule(
    name="unused-ignore",
    code="CL901",
    title="a suppression suppresses nothing",
    severity=Severity.WARNING,
    default=True,
    what="Reports `# cardlint: ignore[...]` comments whose rules ran and found nothing there, and `# cardlint: bounded=N` claims that bound no label.",
    why="A comment that is no longer needed hides the next finding on that line.",
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
)
