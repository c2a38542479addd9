"""The judgement of a program: the rules of each configuration over it, and what suppresses their findings.

Each file is judged by the nearest configuration, so the rules run once for each of them, over the same program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cardlint.config import Config
from cardlint.config.nested import Nearest
from cardlint.findings import Finding, Suppression
from cardlint.inference.program import Program
from cardlint.rules import all_rules
from cardlint.rules.base import Rule, Thresholds
from cardlint.selection import suppress
from cardlint.selection.chosen import Levels, PerFile, chosen, shown


class Judge(Struct, frozen=True):
    """One configuration with its rules, per-file-ignores and severities, resolved once: a wrong name is an error before the run."""

    config: Config
    rules: tuple[Rule, ...]
    per_file: PerFile
    levels: Levels
    limits: Thresholds
    running: frozenset[str]
    """names and codes of its rules"""


def judges_of(config: Config) -> tuple[Judge, ...]:
    """Return the judges of a run: that of its configuration, and one for each nested one. Raises ConfigError for an unknown rule."""
    out = []
    for one in (config, *config.nested):
        rules = chosen(one)
        running = frozenset(name for rule in rules for name in (rule.name, rule.code))
        out.append(Judge(one, rules, PerFile(one), Levels(one), thresholds(one), running))
    return tuple(out)


def thresholds(config: Config) -> Thresholds:
    """Return the part of the configuration that rules may read."""
    return Thresholds(
        buckets_min=config.buckets_min,
        buckets_max=config.buckets_max,
        max_series=config.max_series,
        max_label_values=config.max_label_values,
        bounded_labels=frozenset(config.bounded_labels),
        identity_labels=frozenset(config.identity_labels),
    )


def judge(program: Program, judges: Sequence[Judge], ignores: Sequence[suppress.Ignore]) -> tuple[list[Finding], int, Program]:
    """Run the rules, then those about comments, which need the findings of the others.

    Returns the findings, the number of suppressed ones, and the program with its comments.
    """
    if not judges:
        return [], 0, program
    nearest = Nearest(judges[0].config)
    first = _once([f for own in judges for f in _found(own, False, program, nearest)])
    kept, used = suppress.apply(first, ignores)  # a comment is in use also where the finding is not sure enough to be shown
    kept, first = ([f for f in some if shown(f, nearest(f.place.path))] for some in (kept, first))
    running = {id(own.config): own.running for own in judges}
    comments = tuple(_suppression(i, used.get(i.place, set()), running[id(nearest(i.place.path))]) for i in ignores)
    program = replace(program, suppressions=comments)
    second = [f for own in judges for f in _found(own, True, program, nearest)]
    kept.extend(f for f in second if shown(f, nearest(f.place.path)))
    return kept, len(first) + len(second) - len(kept), program


def _found(own: Judge, about_comments: bool, program: Program, nearest: Nearest) -> Iterator[Finding]:
    """Run the rules of one configuration, and keep their findings in its own files."""
    known = program if about_comments else program.of_known_behaviour()
    for rule in own.rules:
        if rule.about_comments == about_comments:
            for f in rule.check(program if rule.any_client else known, own.limits):
                if nearest(f.place.path) is own.config and not own.per_file.ignores(f):
                    yield own.levels(f)


def _once(findings: list[Finding]) -> list[Finding]:
    """Keep one of several equal findings of one place: a factory that is called more than once gives such findings."""
    kept: dict[tuple[object, ...], Finding] = {}
    for f in findings:
        kept.setdefault((f.rule, f.place, f.label, f.message, f.site), f)
    return list(kept.values())


def _suppression(ignore: suppress.Ignore, used: set[str], running: frozenset[str]) -> Suppression:
    """Describe a comment to the rules; a name counts as unused only when every rule that it means has run."""
    unused = tuple(n for n in ignore.names if n not in used and _ran(n, running))
    return Suppression(ignore.place, ignore.names, unused if not ignore.dead else (), ignore.problem)


def _ran(name: str, running: frozenset[str]) -> bool:
    """Tell whether all rules that a comment names have run: the name or code of one, or a prefix of codes."""
    if name in running or name.upper() in running:
        return True
    meant = [rule.code for rule in all_rules() if suppress.means(name, rule.name, rule.code)]
    return bool(meant) and running.issuperset(meant)
