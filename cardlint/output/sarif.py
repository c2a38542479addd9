"""SARIF 2.1.0 for code scanning: one run, the rules with their help, one code flow for each finding that has a trace.

Limits are those of GitHub, which refuses larger reports: 25,000 results of a run, the worst ones, and 1,000 steps of a
flow, its first ones and the label; a notification says what was left out. The fingerprint has its own key: GitHub's
`primaryLocationLineHash` is computed at the upload, which warns about every value that is not its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from cardlint.findings import Confidence, Finding, Fix, Place, Report, Severity, Step
from cardlint.groups import Group, groups
from cardlint.output import Options, RulePage
from cardlint.output.neutralise import SURROGATE, Safe, json_text, sarif
from cardlint.output.repository import uri
from cardlint.output.summary import plural, worst_first
from cardlint.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://pypi.org/project/cardlint/"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
PRECISION = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "high", Confidence.LOW: "medium"}
MAX_RESULTS = 25_000
MAX_STEPS = 1_000
MAX_OTHERS = 10
"""Sites of the same cause that each of them names: with all, a large group would be a report of its square."""
MAX_EDITS = 100
"""Replacements of one fix that are listed: a label in a thousand calls has a thousand findings with a thousand replacements each."""


def render(report: Report, options: Options) -> Safe:
    """Return the report as one SARIF log with a final line end."""
    return json_text(document(report, options.rules()))


def document(report: Report, pages: Sequence[RulePage]) -> dict[str, Any]:
    """Return the report as plain data in the shape of a SARIF log."""
    found = {id(f): group for group in groups(report.findings) if len(group.sites) > 1 for f in group.sites}
    rules = {rule.code: position for position, rule in enumerate(pages)}
    shown = worst_first(report)[:MAX_RESULTS] if len(report.findings) > MAX_RESULTS else report.findings
    problems = [f for f in report.findings if f.code == "CL000"]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "cardlint",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": HOME,
                "rules": [_rule(rule) for rule in pages],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolConfigurationNotifications": [
                    {
                        "level": "warning",
                        "message": {"text": sarif(f.message)},
                        "descriptor": {"id": f.code},
                        "locations": [_location(f.place)],
                    }
                    for f in problems[:MAX_RESULTS]
                ],
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": sarif(text)}, "descriptor": {"id": "cardlint"}} for text in _left_out(report)
                ],
            }
        ],
        "results": [_result(f, rules, found.get(id(f))) for f in shown],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _left_out(report: Report) -> list[str]:
    count = len(report.findings)
    if count <= MAX_RESULTS:
        return []
    return [f"{count:,} findings; the {MAX_RESULTS:,} worst are written here, as code scanning takes no more. See --format json for all."]


def _rule(rule: RulePage) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what},
        "help": {"text": rule.page, "markdown": rule.page},
        "helpUri": HOME,
        "defaultConfiguration": {"level": "warning", "enabled": rule.default},
        "properties": {"tags": ["prometheus", "cardinality" if rule.code.startswith("CL1") else "metrics"], "precision": "high"},
    }


def _result(finding: Finding, rules: dict[str, int], group: Group | None) -> dict[str, Any]:
    text = " ".join(f"{part}." for part in (finding.message, finding.why, finding.cost, finding.help) if part)
    out: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rules.get(finding.code, -1),
        "level": LEVELS[Severity(finding.severity)],
        "message": {"text": sarif(text)},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"cardlint/v1": finding.fingerprint},
        "properties": {"confidence": Confidence(finding.confidence).name.lower(), "precision": PRECISION[Confidence(finding.confidence)]},
    }
    related = [*finding.related, *_rest(finding, group)] if group is not None else finding.related
    if related:
        out["relatedLocations"] = [
            {"id": number, **_location(step.place), "message": {"text": sarif(step.message)}}
            for number, step in enumerate(related[:MAX_STEPS], 1)
        ]
    if group is not None:
        out["properties"]["group"] = finding.group
    if finding.trace:
        out["codeFlows"] = [{"threadFlows": [{"locations": [_flow(s) for s in _steps(finding)]}]}]
    if finding.fix is not None and 0 < len(finding.fix.edits) <= MAX_EDITS and not _odd(finding.fix):
        out["fixes"] = [_fix(finding)]
    return out


def _rest(finding: Finding, group: Group) -> Iterator[Step]:
    """Yield the places of a group for one of its findings: where the edit goes, and the first other sites."""
    yield Step(group.place, f"the cause of {plural(len(group.sites), 'finding')}")
    for other in [f for f in group.sites[: MAX_OTHERS + 1] if f is not finding][:MAX_OTHERS]:
        yield Step(other.place, f"also: {other.message}")


def _odd(fix: Fix) -> bool:
    """Tell whether a fix would write bytes that JSON cannot hold: its text in JSON would differ from the file's."""
    return any(SURROGATE.regex.search(edit.replacement) for edit in fix.edits)


def _steps(finding: Finding) -> list[Step]:
    return [*finding.trace[: MAX_STEPS - 1], Step(finding.place, finding.message)]


def _flow(step: Step) -> dict[str, Any]:
    return {"location": {**_location(step.place), "message": {"text": sarif(step.message)}}}


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(place.path), "region": _region(place)}}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": uri(path)} | ({} if os.path.isabs(path) else {"uriBaseId": "SRCROOT"})


def _region(place: Place) -> dict[str, int]:
    region = {"startLine": max(1, place.line), "startColumn": max(1, place.column)}
    if (place.end_line, place.end_column) > (place.line, place.column):
        region |= {"endLine": place.end_line, "endColumn": max(1, place.end_column)}
    return region


def _fix(finding: Finding) -> dict[str, Any]:
    assert finding.fix is not None
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in finding.fix.edits:
        replacement = {"deletedRegion": _region(edit.place), "insertedContent": {"text": edit.replacement}}
        changes.setdefault(edit.place.path, []).append(replacement)
    return {
        "description": {"text": sarif(finding.fix.description)},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": parts} for path, parts in changes.items()],
    }
