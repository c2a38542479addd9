"""The rules that run, and their findings that are shown.

Only this module decides it, so that the command line, the configuration and the editor agree.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatch

from cardlint.config import Config, ConfigError, shortened
from cardlint.findings import Confidence, Finding
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

    def ignores(self, finding: Finding) -> bool:
        """Tell whether a pattern of the configuration silences this rule in this file."""
        return any(finding.code in codes and matches(finding.place.path, root, pattern) for root, pattern, codes in self._rows)


def matches(path: str, root: str, pattern: str) -> bool:
    """Tell whether a pattern of a configuration in a folder is about a file: its path below the folder, a folder of it, or its name."""
    relative = os.path.relpath(path, root).replace(os.sep, "/")
    return fnmatch(relative, pattern) or fnmatch(relative, pattern.rstrip("/") + "/*") or fnmatch(relative.rpartition("/")[2], pattern)


def shown(finding: Finding, config: Config) -> bool:
    """Tell whether a finding is sure enough for this run: LOW confidence needs `--pedantic`.

    Ignores without a reason are findings by default; `require-reason = false` turns that off.
    """
    if finding.rule == "bad-ignore" and not config.require_reason and finding.message.endswith(NO_REASON):
        return False
    return config.pedantic or finding.confidence > Confidence.LOW
