"""The rules that run, and their findings that are shown.

Only this module decides it, so that the command line, the configuration and the editor agree.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from fnmatch import translate
from functools import lru_cache

from msgspec.structs import replace

from cardlint.config import Config, ConfigError, shortened
from cardlint.config.keys import MAX_PATTERNS
from cardlint.findings import Confidence, Finding, Severity
from cardlint.rules import all_rules, by_name, nearest
from cardlint.rules.base import Rule
from cardlint.selection.suppress import NO_REASON


def rules_of(names: Sequence[str], where: str) -> set[str]:
    """Resolve rule names, codes and prefixes of codes; raises ConfigError with the nearest right name."""
    found: set[str] = set()
    for name in names:
        rules = by_name(name)
        if not rules:
            close = nearest(name)
            hint = f"; did you mean `{close}`?" if close else "; `cardlint rules` lists them"
            raise ConfigError(f"{where}: unknown rule `{shortened(name)}`{hint}")
        found.update(rule.code for rule in rules)
    return found


def chosen(config: Config) -> tuple[Rule, ...]:
    """Return the rules that run, in the order of their codes."""
    where = config.source or "--select/--ignore"
    if config.select:
        codes = rules_of(config.select, where)
    else:
        codes = {rule.code for rule in all_rules() if rule.default or config.pedantic}
    codes |= rules_of(config.extend_select, where)
    codes -= rules_of(config.ignore, where)
    return tuple(rule for rule in all_rules() if rule.code in codes)


class PerFile:
    """The per-file-ignores of a configuration, resolved once."""

    def __init__(self, config: Config) -> None:
        rows = [*config.inherited_ignores, *((config.root, pattern, names) for pattern, names in config.per_file_ignores)]
        self._rows = [(root, pattern, rules_of(names, config.source)) for root, pattern, names in rows]
        self._known: dict[str, frozenset[str]] = {}
        """codes of the silenced rules by file"""

    def ignores(self, finding: Finding) -> bool:
        """Tell whether a pattern of the configuration silences this rule in this file."""
        if not self._rows:
            return False
        path = finding.place.path
        if path not in self._known:
            relative = {root: below(path, root) for root in {root for root, _, _ in self._rows}}
            self._known[path] = frozenset(c for root, pattern, codes in self._rows if matches(relative[root], pattern) for c in codes)
        return finding.code in self._known[path]


def below(path: str, root: str) -> str:
    """Return the path of a file relative to the folder of a configuration, as its patterns are."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def matches(path: str, pattern: str) -> bool:
    """Tell whether a pattern of the configuration means a file: by its path from the root, a folder above it, or its name."""
    whole, name = _compiled(pattern)
    path = os.path.normcase(path)
    return bool(whole.match(path) or name.match(os.path.normcase(path.rpartition("/")[2])))


@lru_cache(maxsize=MAX_PATTERNS)
def _compiled(pattern: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a pattern for paths and one for names: a configuration may have thousands of them, and each is compiled once."""
    name, folder = (translate(os.path.normcase(text)) for text in (pattern, pattern.rstrip("/") + "/*"))
    return re.compile(f"{name}|{folder}"), re.compile(name)


class Levels:
    """The severities of a configuration, resolved once: a rule's own name or code goes before a prefix of codes."""

    def __init__(self, config: Config) -> None:
        self._levels: dict[str, Severity] = {}
        given = [(rules_of([name], config.source), level) for name, level in config.severity]
        for codes, level in sorted(given, key=lambda one: -len(one[0])):
            self._levels.update(dict.fromkeys(codes, Severity[level.upper()]))

    def __call__(self, finding: Finding) -> Finding:
        """Return a finding with the severity that the configuration gives to its rule."""
        level = self._levels.get(finding.code) if self._levels else None
        return finding if level is None else replace(finding, severity=level)


def least(config: Config) -> Confidence:
    """Return the lowest confidence that is shown: that of `min-confidence`, else LOW with `--pedantic` and MEDIUM without."""
    if config.min_confidence:
        return Confidence[config.min_confidence.upper()]
    return Confidence.LOW if config.pedantic else Confidence.MEDIUM


def shown(finding: Finding, config: Config) -> bool:
    """Tell whether a finding is sure enough for this run.

    Ignores without a reason are findings by default; `require-reason = false` turns that off.
    """
    if finding.rule == "bad-ignore" and not config.require_reason and finding.predicate == NO_REASON:
        return False
    return finding.confidence >= least(config)
