"""Rules. One module each; adding a rule is one file of code."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import import_module

from cardlint.rules.base import Rule


class BadRule(Exception):
    """A rule module is not valid; the message says which and why."""


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Load every rule of the package, in the order of their codes, and check their metadata."""
    rules = []
    for file in sorted(os.listdir(os.path.dirname(__file__))):
        stem, extension = os.path.splitext(file)
        if extension != ".py" or stem.startswith("_") or stem in ("base", "pages"):
            continue
        rule = getattr(import_module(f"cardlint.rules.{stem}"), "RULE", None)
        if not isinstance(rule, Rule):
            raise BadRule(f"{file}: a rule module has a constant RULE of type Rule")
        if rule.name != stem.replace("_", "-"):
            raise BadRule(f"{file}: the rule is named {rule.name}")
        rules.append(rule)
    rules.sort(key=lambda rule: rule.code)
    if len({rule.code for rule in rules}) != len(rules):
        raise BadRule("two rules have one code")
    return tuple(rules)


def by_name(text: str) -> tuple[Rule, ...]:
    """Find rules by name, code or prefix of a code (`CL1`); `ALL` means every rule. Nothing found is an empty tuple."""
    rules = all_rules()
    if text.upper() == "ALL":
        return rules
    exact = tuple(rule for rule in rules if text in (rule.name, rule.code) or text.upper() == rule.code)
    if exact:
        return exact
    prefix = text.upper()
    if prefix.startswith("CL") and 3 <= len(prefix) < 5 and prefix[2:].isdigit():
        return tuple(rule for rule in rules if rule.code.startswith(prefix))
    return ()


def nearest(text: str) -> str | None:
    """Return the rule name that a misspelt one probably means."""
    from difflib import get_close_matches

    names = [name for rule in all_rules() for name in (rule.name, rule.code)]
    close = get_close_matches(text, names, 1, 0.5) or get_close_matches(text.upper(), names, 1, 0.6)
    return close[0] if close else None
