"""Expectations in comments: what they say, what a run says, and where the two differ.

README.md of this folder writes the grammar down. Every label argument of a program is expected by a comment, so that a case is also
a complete account of what its program does.
"""

from __future__ import annotations

import ast
import atexit
import io
import json
import os
import re
import shutil
import tempfile
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cardlint.config import Config
from cardlint.config import parse as parse_settings
from cardlint.engine import Run, run
from cardlint.findings import Finding
from cardlint.inference.domain.value_sets import BOUND_NAMES, Bound
from cardlint.inference.program import LabelArg, LabelSite, Metric
from tests.inference.markdown import Block

KEYWORD = re.compile(r"#\s*(label\b.*:|finding\b.*:|metric\b.*:|no (?:finding|label)\s*(?:;|$))")
LABEL = re.compile(r"label (?P<label>\?|\w+)(?: of (?P<of>[^:;]+?))?: (?P<bound>[a-z-]+)(?:\((?P<inside>.*)\))?$", re.S)
FINDING = re.compile(r"finding: (?P<rule>[a-z-]+)(?:\[(?P<label>\w+)\])?(?: of (?P<of>\S+))?(?: as (?P<severity>error|warning|note))?$")
METRIC = re.compile(r"metric (?P<name>[^;]+?): (?P<type>[a-z]+)(?P<words>(?:, [^,;]+)*)$")
BOUNDS = frozenset(BOUND_NAMES.values())


class ExpectationError(Exception):
    """A comment begins as an expectation and cannot be read as one."""


@dataclass(frozen=True)
class Expectation:
    """One expectation: what is at this place, and which properties are asked of it."""

    kind: str
    """`label`, `finding`, `metric`, `no finding` or `no label`"""
    path: str
    line: int
    name: str
    """what must be the same for a difference to be told as one: the label, the rule with its label, or the metric"""
    properties: frozenset[tuple[str, object]]
    text: str


@dataclass(frozen=True)
class Observation:
    """One thing that a run says of a line, with all its properties."""

    kind: str
    path: str
    line: int
    name: str
    properties: frozenset[tuple[str, object]]
    text: str
    why: str = ""


def check(block: Block, name: str) -> list[str]:
    """Analyse the program of a block; return one line for each difference from its expectations."""
    try:
        expected = expectations(block)
    except ExpectationError as problem:
        return [f"{name}:{problem}"]
    if not expected:
        return [f"{name}:{block.line}: this program expects nothing"]
    result = analyse(block.texts(), settings(block))
    starts = {file.name: file.start for file in block.files}
    problems = [f"{name}:{starts[path] + line - 1}: {path}:{line}: {text}" for path, line, text in _differences(expected, result)]
    return problems + [f"{name}:{block.line}: {finding.rule} at line {finding.place.line} has no trace" for finding in _traceless(result)]


def settings(block: Block) -> Config:
    """Return the configuration of a block."""
    return Config(**(parse_settings(block.settings, "toml block", table="") or {}))  # type: ignore[arg-type]


def analyse(files: dict[str, str], config: Config) -> Run:
    """Analyse the files as the whole tree of an empty folder; none of them is written, as folders take more time than programs."""
    before = os.getcwd()
    try:
        os.chdir(_empty())
        return run(["."], config, instead={name: text.encode() for name, text in files.items()})
    finally:
        os.chdir(before)


@cache
def _empty() -> str:
    """Return a folder without files, the same for all programs."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def expectations(block: Block) -> list[Expectation]:
    """Read the expectations of a block: comments behind code, or on lines of their own above it."""
    found = []
    for file in block.files:
        for line, place, comment in _comments(file.text):
            if KEYWORD.match(comment):
                for part in _parts(comment.lstrip("# ")):
                    try:
                        found.append(_expectation(part, file.name, line))
                    except ExpectationError as problem:
                        raise ExpectationError(f"{file.start + place - 1}: {file.name}:{place}: {problem}") from None
    return found


def _comments(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield each comment as (line it speaks of, its own line, text)."""
    lines = text.splitlines()
    for number, column, comment in _comment_tokens(text):
        about = number
        if not lines[number - 1][:column].strip():
            while about < len(lines) and (not lines[about - 1].strip() or lines[about - 1].lstrip().startswith("#")):
                about += 1
        yield about, number, comment


def _comment_tokens(text: str) -> list[tuple[int, int, str]]:
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found.append((*token.start, token.string))
    except (tokenize.TokenError, SyntaxError):
        pass  # a program that is broken on purpose: what was read before the fault counts
    return found


def _parts(comment: str) -> list[str]:
    """Split a comment at each semicolon outside of quotes."""
    parts, quoted, start = [], False, 0
    for at, letter in enumerate(comment):
        if letter == '"' and comment[at - 1] != "\\":
            quoted = not quoted
        elif letter == ";" and not quoted:
            parts.append(comment[start:at].strip())
            start = at + 1
    return [*parts, comment[start:].strip()]


def _expectation(text: str, path: str, line: int) -> Expectation:
    if text in ("no finding", "no label"):
        return Expectation(text, path, line, "", frozenset(), text)
    if match := LABEL.match(text):
        asked = {"bound": match["bound"], "of": _names(match["of"]), **_inside(match["bound"], match["inside"])}
        return Expectation("label", path, line, match["label"], _given(asked), text)
    if match := FINDING.match(text):
        asked = {"of": match["of"], "severity": match["severity"]}
        return Expectation("finding", path, line, _finding_name(match["rule"], match["label"]), _given(asked), text)
    if match := METRIC.match(text):
        words = [word.strip() for word in match["words"].split(",")[1:]]
        asked = {"type": match["type"], **dict.fromkeys(words, True)}
        return Expectation("metric", path, line, match["name"], _given(asked), text)
    raise ExpectationError(f"`{text}` is no expectation")


def _inside(bound: str, inside: str | None) -> dict[str, object]:
    """Read what is in parentheses behind a class: constants, a size, or the kind of an open set."""
    if bound not in BOUNDS:
        raise ExpectationError(f"`{bound}` is no class: it is one of {', '.join(sorted(BOUNDS))}")
    if bound == "exactly":
        if inside is None:
            raise ExpectationError('`exactly` lists its values: exactly("a", "b")')
        try:
            values = ast.literal_eval(f"({inside},)" if inside.strip() else "()")
        except (ValueError, SyntaxError):
            raise ExpectationError(f"`{inside}` are no constants") from None
        return {"values": _constants(values)}
    if inside is None:
        return {}
    if bound == "unbounded":
        return {"kind": inside}
    if bound == "unknown" or not inside.isdigit():
        raise ExpectationError(f"`{bound}({inside})`: a size is a number, and what is unknown has none")
    return {"size": int(inside)}


def _names(metrics: str | None) -> frozenset[str] | None:
    """Split names of metrics: which of several a call is for has no order."""
    return frozenset(metrics.split(", ")) if metrics else None


def _constants(values: Iterable[object]) -> frozenset[tuple[str, object]]:
    return frozenset((type(value).__name__, value) for value in values)


def _given(asked: Mapping[str, object]) -> frozenset[tuple[str, object]]:
    return frozenset((key, value) for key, value in asked.items() if value is not None)


def _finding_name(rule: str, label: str | None) -> str:
    return f"{rule}[{label}]" if label else rule


def observations(result: Run) -> list[Observation]:
    """Return all that a run says of labels, findings and metrics."""
    used = {metric.id for site in result.program.sites for metric in site.metrics}
    return [
        *(_label(site, arg) for site in result.program.sites for arg in site.args),
        *(_finding(finding) for finding in result.report.findings),
        *(_metric(metric, metric.id in used) for metric in result.program.metrics),
    ]


def _label(site: LabelSite, arg: LabelArg) -> Observation:
    value, info = arg.value, arg.value.info()
    properties: dict[str, object] = {"bound": info.cls, "of": _names(", ".join(metric.name for metric in site.metrics))}
    shown = info.cls
    if value.bound is Bound.EXACTLY:
        properties["values"] = _constants(value.exact)
        shown += f"({', '.join(_written(constant) for constant in value.exact)})"
    elif value.bound is Bound.UNBOUNDED:
        properties["kind"] = info.kind
        shown += f"({info.kind})"
    elif value.bound is not Bound.UNKNOWN:
        properties["size"] = info.size
        shown += f"({info.size})"
    name = arg.label or "?"
    place = arg.place if arg.place.path == site.place.path and arg.place.line >= site.place.line else site.place
    return Observation("label", place.path, place.line, name, _given(properties), f"label {name}: {shown}", info.why)


def _written(constant: object) -> str:
    return json.dumps(constant, ensure_ascii=False) if isinstance(constant, str) else repr(constant)


def _finding(finding: Finding) -> Observation:
    name = _finding_name(finding.rule, finding.label)
    asked = {"of": finding.metric.name if finding.metric else None, "severity": finding.severity.name.lower()}
    return Observation("finding", finding.place.path, finding.place.line, name, _given(asked), f"finding: {name}", finding.message)


def _metric(metric: Metric, used: bool) -> Observation:
    words = ["used" if used else "unused", f"registry {metric.registry}"]
    if metric.labelnames is not None:
        words.append(f"labels {' '.join(metric.labelnames)}" if metric.labelnames else "no labels")
    if metric.bounds is not None and (finite := metric.bounds.finite()) is not None:
        words.append(f"{finite} buckets")
    properties = _given({"type": metric.type, **dict.fromkeys(words, True)})
    text = f"metric {metric.name}: {', '.join([metric.type, *words])}"
    return Observation("metric", metric.place.path, metric.place.line, metric.name, properties, text)


def _differences(expected: list[Expectation], result: Run) -> Iterator[tuple[str, int, str]]:
    """Compare line by line. Labels are always compared as a whole, findings and metrics as soon as the program expects one."""
    kinds = {"label"}
    if any(e.kind in ("finding", "no finding") for e in expected):
        kinds.add("finding")
    if any(e.kind == "metric" for e in expected):
        kinds.add("metric")
    seen: dict[tuple[str, str, int], list[Observation]] = defaultdict(list)
    for observation in observations(result):
        seen[observation.kind, observation.path, observation.line].append(observation)
    asked: dict[tuple[str, str, int], list[Expectation]] = defaultdict(list)
    for expectation in expected:
        asked[expectation.kind, expectation.path, expectation.line].append(expectation)
    for kind, path, line in sorted({*asked, *seen}, key=lambda key: (key[1], key[2], key[0])):
        if kind == "no label" and seen.get(("label", path, line)):
            yield path, line, "expected no label here"
        elif kind == "no finding" and (found := seen.get(("finding", path, line))):
            yield path, line, f"expected no finding, got `{found[0].text}`"
        elif kind == "no finding" and not any(seen.get((other, path, line)) for other in ("label", "metric")):
            yield path, line, "`no finding` is about a line with neither a label nor a metric: write `no label`"
        elif kind in kinds:
            for text in _compare(asked.get((kind, path, line), []), seen.get((kind, path, line), [])):
                yield path, line, text


def _compare(expected: list[Expectation], seen: list[Observation]) -> Iterator[str]:
    """Match each expectation of a line with one observation; tell what is left over on either side."""
    left, missing = list(seen), []
    for expectation in sorted(expected, key=lambda e: -len(e.properties)):
        fit = next((o for o in left if o.name == expectation.name and expectation.properties <= o.properties), None)
        if fit is None:
            missing.append(expectation)
        else:
            left.remove(fit)
    for expectation in missing:
        nearest = next((o for o in left if o.name == expectation.name), None)
        if nearest is None:
            names = Counter(o.name for o in seen)
            others = f"; this line has {', '.join(sorted(names))}" if names else f"; this line has no {expectation.kind}"
            yield f"expected `{expectation.text}`, got nothing of this name{others}"
        else:
            left.remove(nearest)
            yield f"expected `{expectation.text}`, got `{_full(expectation, nearest)}`{f' ({nearest.why})' if nearest.why else ''}"
    for observation in left:
        yield f"not expected: `{observation.text}`{f' ({observation.why})' if observation.why else ''}"


def _full(expectation: Expectation, observation: Observation) -> str:
    """Write an observation, with what only the expectation speaks of."""
    asked, told = dict(expectation.properties), dict(observation.properties)
    differing = [key for key in ("of", "severity") if key in asked and asked[key] != told.get(key)]
    extra = [f"{key} {_shown(told.get(key))}" for key in differing]
    return f"{observation.text} ({', '.join(extra)})" if extra else observation.text


def _shown(value: object) -> str:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _traceless(result: Run) -> list[Finding]:
    """Return the findings on open values that do not say how the value came there: nobody believes those."""
    return [f for f in result.report.findings if f.value is not None and f.value.cls == "unbounded" and not f.trace]
