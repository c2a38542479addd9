"""The page of a rule as Markdown: the same text for `cardlint explain` and the documentation."""

from __future__ import annotations

from collections.abc import Sequence

from cardlint.rules.base import Example, Rule

OPEN, CLOSE = "«", "»"
"""Guillemets mark the expected span in examples."""


def page(rule: Rule) -> str:
    """Return the page: what, why, bad and good code, fix, when to ignore, configuration, evidence."""
    runs = "on by default" if rule.default else "only with `--pedantic` or when selected"
    parts = [
        f"# {rule.name} ({rule.code})",
        f"{rule.title[0].upper()}{rule.title[1:]}. Severity {rule.severity.name.lower()}, {runs}.",
        "## What it does",
        rule.what,
    ]
    parts += ["## Why it matters", rule.why]
    parts += _examples("Bad", rule.bad)
    parts += _examples("Good", rule.good)
    parts += ["## How to fix it", rule.fix]
    if rule.ignore_when:
        parts += ["## When to ignore it", f"When {rule.ignore_when}", f"`# cardlint: ignore[{rule.name}] -- reason` silences one place."]
    if rule.configuration:
        parts += ["## Configuration", rule.configuration]
    if rule.evidence:
        parts += ["## Evidence", rule.evidence]
    return "\n\n".join(parts) + "\n"


def _examples(title: str, examples: Sequence[Example]) -> list[str]:
    parts = [f"## {title}"] if examples else []
    for example in examples:
        if example.title:
            parts.append(f"{example.title[0].upper()}{example.title[1:]}:")
        if example.config:
            parts.append("```toml\n[tool.cardlint]\n" + example.config.rstrip("\n") + "\n```")
        parts.append(f"```python{_marked(example.code)}\n" + example.code.replace(OPEN, "").replace(CLOSE, "").rstrip("\n") + "\n```")
    return parts


def _marked(code: str) -> str:
    """Return what makes the site highlight the lines with a mark; a terminal and GitHub ignore it."""
    lines = [str(number) for number, line in enumerate(code.split("\n"), 1) if OPEN in line]
    return f' hl_lines="{" ".join(lines)}"' if lines else ""
