"""JUnit XML: every finding is a failed test case, for servers that show only tests.

A file that could not be read is an error and no failure: its labels were not checked.
"""

from __future__ import annotations

from cardlint.findings import Finding, Report, Severity
from cardlint.output import Options
from cardlint.output.neutralise import Safe, lines, xml


def render(report: Report, options: Options) -> Safe:
    """Return one test suite; a run without findings holds one case that passes."""
    cases = [_case(f) for f in report.findings] or [_tag("testcase", {"classname": "cardlint", "name": "no findings"})]
    errors = sum(1 for f in report.findings if _element(f) == "error")
    counts = {"tests": str(len(cases)), "failures": str(len(report.findings) - errors), "errors": str(errors)}
    suite = _tag("testsuite", {"name": "cardlint", **counts, "time": f"{report.summary.duration_s:.3f}"}, *_each(cases))
    return lines([Safe('<?xml version="1.0" encoding="utf-8"?>'), _tag("testsuites", {}, *_each([suite]))])


def _element(finding: Finding) -> str:
    return "error" if finding.code == "CL000" else "failure"


def _case(finding: Finding) -> Safe:
    place = finding.place
    where = f"{place.path}:{place.line}:{place.column}"
    text = [xml(line) for line in (where, finding.message, finding.why, finding.cost, finding.help) if line]
    kind = {"type": Severity(finding.severity).name.lower(), "message": finding.message}
    attributes = {"classname": place.path.removesuffix(".py").replace("/", "."), "name": f"{finding.code} {finding.rule} {where}"}
    return _tag("testcase", attributes, *_each([_tag(_element(finding), kind, *text)]))


def _each(elements: list[Safe]) -> list[Safe]:
    """Return elements so that each one is on its own lines."""
    return [Safe(""), *elements, Safe("")]


def _tag(name: str, attributes: dict[str, str], *inside: Safe) -> Safe:
    """Return an element with its attributes around lines that are already XML."""
    head = " ".join([name, *(f'{key}="{xml(value)}"' for key, value in attributes.items())])
    body = "\n".join(inside)
    return Safe(f"<{head}>{body}</{name}>" if inside else f"<{head}/>")
