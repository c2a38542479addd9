"""The verdict about one label of one call: the rule that reports it, or the reason why none does.

For the reason, every rule runs, and the first setting that removes its finding is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from cardlint.config.nested import Nearest
from cardlint.engine import comments
from cardlint.findings import Finding, Severity
from cardlint.rules import all_rules
from cardlint.selection import suppress
from cardlint.selection.chosen import shown
from cardlint.selection.judging import Judge, judges_of

if TYPE_CHECKING:
    from cardlint.config import Config
    from cardlint.engine import Run
    from cardlint.inference.program import LabelArg, LabelSite

SILENT = {
    "exactly": "its values are constants",
    "bounded": "its values are bounded",
    "per-deployment": "its values belong to one deployment",
    "client-chosen": "its values are usually few",
    "unknown": "its value could not be decided, and undecided values are not reported",
    "unbounded": "no rule covers such a value here",
}
"""The reason where no rule at all reports a value, by its class."""


class Verdicts:
    """The verdicts of one run."""

    def __init__(self, done: Run, config: Config) -> None:
        self._done = done
        self._nearest = Nearest(config)
        self._judges = judges_of(config)
        self._found: dict[int, list[Finding]] = {}
        """the findings of every rule, by the judge"""

    def of(self, site: LabelSite, arg: LabelArg) -> list[str]:
        """Return one line for each rule that reports the label, or lines with the reasons why it is not reported."""
        reported = [f for f in self._done.report.findings if _is_about(f, site, arg)]
        if reported:
            return [f"reported: {f.rule} ({f.code}), {Severity(f.severity).name.lower()}, at {_at(f)}" for f in reported]
        own = next(one for one in self._judges if one.config is self._nearest(site.place.path))
        reasons = [
            f"not reported: {f.rule} ({f.code}) would report it, but {self._why(f, own)}" for f in self._all(own) if _is_about(f, site, arg)
        ]
        if reasons:
            return list(dict.fromkeys(reasons))
        if arg.label in own.limits.bounded_labels:
            return [f"not reported: `bounded-labels` of {own.config.source} says that the values of `{arg.label}` are few"]
        reason = SILENT[arg.value.info().cls]
        return [f"not reported: {reason}" + (" (this file is a test)" if self._done.project.is_test(site.place.path) else "")]

    def _all(self, own: Judge) -> list[Finding]:
        """Return the findings of every rule, selected or not."""
        found = self._found.get(id(own))
        if found is None:
            found = self._found[id(own)] = self._every(own)
        return found

    def _every(self, own: Judge) -> list[Finding]:
        program = self._done.program
        known = program.of_known_behaviour()
        return [f for rule in all_rules() if not rule.about_comments for f in rule.check(program if rule.any_client else known, own.limits)]

    def _why(self, finding: Finding, own: Judge) -> str:
        if finding.code not in own.running:
            rule = next(rule for rule in all_rules() if rule.code == finding.code)
            return "it is not selected" + ("" if rule.default else "; --pedantic selects it")
        if own.per_file.ignores(finding):
            return f"`per-file-ignores` of {own.config.source} leaves it out in this file"
        for comment in self._comments(finding):
            return f"the comment at {comment.place.path}:{comment.place.line} ignores it"
        if not shown(own.levels(finding), own.config):
            return "the finding is not certain enough; --pedantic or a lower `min-confidence` shows it"
        return "another finding of the same call already reports it"

    def _comments(self, finding: Finding) -> Iterator[suppress.Ignore]:
        return (one for one in self._ignores if not suppress.apply([finding], [one])[0])

    @cached_property
    def _ignores(self) -> list[suppress.Ignore]:
        return comments(self._done.project, None)[0]


def _is_about(finding: Finding, site: LabelSite, arg: LabelArg) -> bool:
    """Tell whether a finding is about this label of this call, also where it is placed at a caller."""
    if finding.label != arg.label:
        return False
    return finding.place == arg.place or finding.site == site.place or any(step.place in (arg.place, site.place) for step in finding.trace)


def _at(finding: Finding) -> str:
    return f"{finding.place.path}:{finding.place.line}:{finding.place.column}"
