"""Summary to Histogram: the class, its import, and buckets for the unit of the metric.

The default buckets are seconds. A metric whose unit nothing tells keeps its Summary: its buckets would be a guess.
"""

from __future__ import annotations

import ast
import re

from cardlint.findings import Edit, Finding, Fix, Place
from cardlint.fix.base import Refused, Sources, worked_out
from cardlint.fix.imports import order
from cardlint.fix.layout import with_argument
from cardlint.fix.leftovers import described, texts_that_say
from cardlint.fix.source import Source
from cardlint.fix.subjects import metric_of
from cardlint.inference.program import Metric, Program

BUCKETS = {
    "seconds": ("[0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]", "from 10 milliseconds to 10 seconds"),
    "milliseconds": ("[10, 50, 100, 250, 500, 1000, 2500, 5000, 10000]", "from 10 milliseconds to 10 seconds"),
    "bytes": ("[256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216]", "from 256 bytes to 16 MiB"),
    "ratio": ("[0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]", "from 0.05 to 1"),
}
"""The buckets by unit, and their range in words."""
BOUNDS = 9
"""Bounds of each list."""
UNITS = {"s": "seconds", "sec": "seconds", "secs": "seconds", "second": "seconds", "ms": "milliseconds", "millis": "milliseconds",
         "millisecond": "milliseconds", "byte": "bytes", "percentage": "", "ratios": "ratio"}  # fmt: skip


MAX_SHORT = 2
"""Letters of a unit that may as well be a name, when it is all there is."""


def summary(finding: Finding, program: Program, sources: Sources) -> Fix | None:
    """Turn a Summary into a Histogram, in its call and in the import."""
    source = sources(finding.place.path)
    call = source.expression(finding.place)
    if not isinstance(call, ast.Call) or source.tree is None:
        raise Refused("the class is not called at this place")
    fixed = _convertible(program, sources)
    metric = metric_of(finding, program)
    if metric is None:
        raise Refused("the declaration of the metric is not known")
    if "le" in (metric.labelnames or ()):
        raise Refused("a Histogram cannot have a label `le`")
    if any(k.arg is None for k in call.keywords) or any(isinstance(a, ast.Starred) for a in call.args):
        raise Refused("its arguments are given as a list or dictionary")
    _check_uses(metric, program, sources)
    buckets, reach = BUCKETS[_unit(metric, program, source)]
    annotation = _annotation(source, call)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "Summary":
        edits = [_renamed(source, n) for n in (call.func, *annotation)]
    elif not isinstance(call.func, ast.Name):
        raise Refused("the class is not used by its plain name")
    else:
        edits = [*(_renamed(source, n) for n in (call.func, *annotation)), *_import(source, call.func.id, fixed, sources)]
    edits.extend(with_argument(source, call, f"buckets={buckets}"))
    text = f"make it a Histogram with {BOUNDS} bounds {reach}: {BOUNDS + 4} series for each label set instead of 3, and quantiles"
    left = texts_that_say(metric, "summary", source)
    return Fix("unsafe", text + described(left), tuple(edits))


def _unit(metric: Metric, program: Program, source: Source) -> str:
    """Return the unit of a metric: by its `unit`, its name, its help text, or because a timer measures it."""
    words = metric.name.lower().split("_")
    for word in (metric.unit, *reversed(words)):
        unit = UNITS.get(word, word)
        if unit in BUCKETS and (len(word) > MAX_SHORT or len(words) > 1):
            return unit
    place = metric.raw.get("documentation")
    text = source.slice(place).lower() if place is not None and place.path == source.path else ""
    said: set[str] = {UNITS.get(w, w) for w in re.findall(r"[a-z]{3,}", text)} & {"seconds", "milliseconds", "bytes"}
    if len(said) == 1:
        return said.pop()
    if any(use.role == "time" for use in program.uses_of.get(metric.id, ())):
        return "seconds"
    raise Refused(
        "nothing tells its unit, such as `_seconds` or `_bytes` in the name, so its buckets would be a guess: choose them yourself"
    )


def _check_uses(metric: Metric, program: Program, sources: Sources) -> None:
    """Refuse when code asks for the class or for an attribute that a Histogram has not: it would fail after the fix."""
    for read in program.private_reads:
        if read.attribute == "_count" and any(m.id == metric.id for m in read.metrics):
            raise Refused(f"`_count` is read in {read.place.path}:{read.place.line}, and a Histogram does not have it")
    where = worked_out(sources, ("asked for Summary",), lambda: _asked_for(sources))
    if where:
        raise Refused(f"the class `Summary` is asked for in {where}")


def _asked_for(sources: Sources) -> str:
    """Return the place of a test for the class, or of a replacement of it in tests; '' for none."""
    library = set(sources.mentioning("prometheus_client"))
    for path in sources.mentioning("Summary"):
        source = sources(path)
        for node in source.all:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".Summary"):
                return f"{path}:{node.lineno}"
        if path not in library:
            continue
        for use in source.named("Summary"):
            asked = next((a for a in source.ancestors(use) if isinstance(a, ast.Call)), None)
            if isinstance(asked, ast.Call) and isinstance(asked.func, ast.Name) and asked.func.id in ("isinstance", "issubclass"):
                return f"{path}:{use.lineno}"
    return ""


def _annotation(source: Source, call: ast.Call) -> tuple[ast.expr, ...]:
    """Return the annotation of the variable a call is assigned to, when it names the class."""
    statement = source.parents.get(call)
    noted = statement.annotation if isinstance(statement, ast.AnnAssign) else None
    return (noted,) if isinstance(noted, (ast.Name, ast.Attribute)) and ast.unparse(noted) == ast.unparse(call.func) else ()


def _renamed(source: Source, node: ast.expr) -> Edit:
    end = source.span(node)[1]
    return Edit(source.place(end - len("Summary"), end), "Histogram")


def _convertible(program: Program, sources: Sources) -> frozenset[Place]:
    """List the summaries that are fixed together: others, such as ignored ones, still need their import."""

    def compute() -> frozenset[Place]:
        wanted = {f.place: metric_of(f, program) for f in sources.planned if f.rule == "summary"}
        return frozenset(place for place, m in wanted.items() if m is not None and _is_convertible(m, program, sources))

    return worked_out(sources, ("convertible",), compute, of_plan=True)


def _is_convertible(metric: Metric, program: Program, sources: Sources) -> bool:
    if "le" in (metric.labelnames or ()):
        return False
    try:
        _check_uses(metric, program, sources)
        _unit(metric, program, sources(metric.place.path))
    except Refused:
        return False
    return True


def _import(source: Source, name: str, fixed: frozenset[Place], sources: Sources) -> list[Edit]:
    """Return the edits of the import: Histogram comes, unless it is there, and Summary goes with its last use."""
    found = _import_of(source, name)
    if found is None:
        raise Refused(f"`{name}` is not imported at the top of the file")
    statement, alias = found
    if alias.asname is not None or alias.name != "Summary":
        raise Refused("the class has another name here")
    only = _is_only_fixed(source, fixed, sources)
    has_histogram = any(
        (a.asname or a.name) == "Histogram" for s in source.imports for a in s.names if (s.module or "").startswith("prometheus_client")
    )
    if not only:
        return [] if has_histogram else [Edit(source.of(alias), "Histogram, Summary")]
    if has_histogram:
        return [_dropped(source, statement, alias)]
    return _replaced(source, statement, alias)


def _replaced(source: Source, statement: ast.ImportFrom, alias: ast.alias) -> list[Edit]:
    """Write Histogram in place of Summary; where the names were in order, they are in order afterwards."""
    names = [a.name for a in statement.names]
    if len(names) == 1:
        return _moved_line(source, statement) or [Edit(source.of(alias), "Histogram")]
    plain = all(a.asname is None for a in statement.names)
    if not plain or names != sorted(names, key=order):
        return [Edit(source.of(alias), "Histogram")]
    after = sorted(("Histogram" if n == "Summary" else n for n in names), key=order)
    return [Edit(source.of(a), new) for a, new in zip(statement.names, after, strict=True) if a.name != new]


def _moved_line(source: Source, statement: ast.ImportFrom) -> list[Edit]:
    """Move the import to its place among others of one name each, when they were in order; else return nothing."""
    lines = [s for s in source.imports if s.module == statement.module and len(s.names) == 1 and source.parents.get(s) is source.tree]
    names = [s.names[0].name for s in lines]
    after = next((s for s in lines if order(s.names[0].name) > order("Histogram") and s is not statement), None)
    whole = source.starts[statement.lineno - 1], source.starts[min(statement.end_lineno or statement.lineno, len(source.lines))]
    text = source.text[whole[0] : whole[1]]
    if names != sorted(names, key=order) or after is None or after.lineno > statement.lineno or "#" in text or not text.endswith("\n"):
        return []
    at = source.starts[after.lineno - 1]
    return [Edit(source.place(at, at), text.replace("Summary", "Histogram")), Edit(source.place(*whole), "")]


def _is_only_fixed(source: Source, fixed: frozenset[Place], sources: Sources) -> bool:
    """Tell whether every use of the name `Summary` in a file is one that is fixed."""

    def compute() -> bool:
        return all(_is_fixed(source, use, fixed) for use in source.named("Summary") if isinstance(use, ast.Name))

    return worked_out(sources, ("only fixed", source.path, fixed), compute)


def _is_fixed(source: Source, use: ast.Name, fixed: frozenset[Place]) -> bool:
    parent = source.parents.get(use)
    call = parent.value if isinstance(parent, ast.AnnAssign) and parent.annotation is use else parent
    return isinstance(call, ast.Call) and source.of(call) in fixed and (call.func is use or use in _annotation(source, call))


def _import_of(source: Source, name: str) -> tuple[ast.ImportFrom, ast.alias] | None:
    for statement in source.imports:
        if (statement.module or "").partition(".")[0] == "prometheus_client":
            for alias in statement.names:
                if (alias.asname or alias.name) == name:
                    return statement, alias
    return None


def _dropped(source: Source, statement: ast.ImportFrom, alias: ast.alias) -> Edit:
    """Remove one name from an import that has others, and a statement that has no other."""
    position = statement.names.index(alias)
    start, end = source.span(alias)
    if len(statement.names) == 1:
        start, end = source.starts[statement.lineno - 1], source.starts[min(statement.end_lineno or statement.lineno, len(source.lines))]
        inside = source.text[start:end]
        if inside.strip() != source.slice(source.of(statement)) or source.parents.get(statement) is not source.tree:
            raise Refused("the import of `Summary` shares its line with something else")
    elif position:
        start = source.span(statement.names[position - 1])[1]
    else:
        end = source.span(statement.names[1])[0]
    return Edit(source.place(start, end), "")
