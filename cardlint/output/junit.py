"""JUnit XML: every finding a failed test case, for servers that show nothing else.

A file that could not be read is an error and no failure: its labels were not looked at.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from cardlint.findings import Finding, Report, Severity
from cardlint.output import Options
from cardlint.output.cleaning import clean


def render(report: Report, options: Options) -> str:
    """Return one test suite; a run without findings holds one case that passes."""
    cases = [_case(f) for f in report.findings] or ['  <testcase classname="cardlint" name="no findings"/>']
    errors = sum(1 for f in report.findings if _element(f) == "error")
    counts = f'tests="{len(cases)}" failures="{len(report.findings) - errors}" errors="{errors}"'
    attributes = f'name="cardlint" {counts} time="{report.summary.duration_s:.3f}"'
    body = "\n".join(cases)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n <testsuite {attributes}>\n{body}\n </testsuite>\n</testsuites>\n'


def _element(finding: Finding) -> str:
    return "error" if finding.code == "CL000" else "failure"


def _case(finding: Finding) -> str:
    where = f"{finding.place.path}:{finding.place.line}:{finding.place.column}"
    lines = [finding.message, finding.why, finding.cost, finding.help]
    text = "\n".join(clean(line) for line in (where, *lines) if line)
    name = quoteattr(clean(f"{finding.code} {finding.rule} {where}"))
    classname = quoteattr(clean(finding.place.path.removesuffix(".py").replace("/", ".")))
    kind = Severity(finding.severity).name.lower()
    return (
        f"  <testcase classname={classname} name={name}>\n"
        f"   <{_element(finding)} type={quoteattr(kind)} message={quoteattr(clean(finding.message))}>"
        f"{_escaped(text)}</{_element(finding)}>\n  </testcase>"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
