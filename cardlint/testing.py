"""Lint in a unit test: `assert_no_findings("src")` fails with the findings as its message."""

from __future__ import annotations

from typing import Any

import cardlint


def assert_no_findings(*paths: cardlint.StrPath, fail_on: str = "warning", **settings: Any) -> None:
    """Check the Python files under the paths and raise AssertionError when a finding is at least `fail_on`.

    `settings` are fields of `cardlint.Config`; without any, the configuration file of the first path holds.
    """
    from cardlint.findings import Severity
    from cardlint.output.concise import line

    __tracebackhide__ = True  # pytest shows the test that failed, not this function
    if fail_on.upper() not in Severity.__members__:
        raise ValueError(f"fail_on must be one of error, warning, note, and is {fail_on!r}")
    report = cardlint.check(paths or (".",), cardlint.Config(**settings) if settings else None)
    if not report.summary.files:
        raise AssertionError(f"cardlint found no Python file under {', '.join(map(str, paths)) or '.'}")
    found = [f for f in report.findings if f.severity >= Severity[fail_on.upper()]]
    if found:
        text = "\n".join(f"{line(f)}\n    {f.help}" for f in found)
        raise AssertionError(f"cardlint found {len(found)} problem{'' if len(found) == 1 else 's'}:\n{text}")
