"""Rows and names of the configuration that nothing in the analysed code can match: a misspelt one silently does nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from cardlint.config import Config, shortened
from cardlint.inference.heuristics.label_names import normalise
from cardlint.inference.program import Program
from cardlint.selection.chosen import below, matches

Mentioning = Callable[[str], Sequence[str]]
"""Lists the analysed files whose text holds a name."""
MAX_FILES = 200
"""Files that are parsed to see how a function is used; a name in more of them is left alone."""


def unmatched(config: Config, program: Program, mentioning: Mentioning, lines: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """Return a sentence about each row, label and budget of a configuration and its nested ones that has no effect."""
    out: dict[str, None] = {}
    for one in (config, *config.nested):
        for text in (*_rows(one, mentioning, lines), *_labels(one, program, mentioning), *_budgets(one, program)):
            out[f"{one.source}: {text}"] = None
    return tuple(out)


def _rows(config: Config, mentioning: Mentioning, lines: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """Yield the rows whose last name is in no file, and the bounders that speak of a function where they mean its result."""
    for key, rows in (("sources", config.sources), ("bounders", config.bounders), ("sinks", config.sinks), ("wrappers", config.wrappers)):
        for row in rows:
            name = row.path.rstrip("()[]").rpartition(".")[2]
            if not mentioning(name):
                yield f"`{key}`: `{shortened(row.path)}` matches nothing, for no analysed file names `{shortened(name)}`"
            elif key == "bounders" and row.path.endswith(name) and _only_called(row.path, mentioning(name), lines):
                path = shortened(row.path)
                yield f"`bounders`: `{path}` is a function and says nothing of what it returns; write `{path}()` for its results"


def _only_called(row: str, files: Sequence[str], lines: Callable[[str], Sequence[str]]) -> bool:
    """Tell whether code calls what has the last name of a row, and never reads it otherwise."""
    name, called = row.rpartition(".")[2], False
    if len(files) > MAX_FILES or name[:1].isupper():  # a class, whose name is that of its instances here
        return False
    from cardlint.lowering.source import parse_simply

    for path in files:
        tree = parse_simply("\n".join(lines(path)))
        nodes = list(ast.walk(tree)) if tree is not None else []
        functions = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        modules = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)} if row.startswith(f"{name}.") else set()
        if any(isinstance(node, ast.ClassDef) and node.name == name for node in nodes):
            return False
        for node in nodes:
            if name != (node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None):
                continue
            if id(node) in functions:
                called = True
            elif id(node) not in modules:  # `slugify.slugify(x)` names a module of the same name
                return False
    return called


def _labels(config: Config, program: Program, mentioning: Mentioning) -> Iterator[str]:
    """Yield the names that no label has; where not all labels are known, only those that no file holds."""
    given = [("bounded-labels", name) for name in config.bounded_labels] + [("identity-labels", name) for name in config.identity_labels]
    if not given:
        return
    known = {name for metric in program.metrics for name in metric.labelnames or ()}
    known |= {arg.label for site in program.sites for arg in site.args if arg.label is not None}
    known |= {normalise(name) for name in known}
    is_open = any(metric.labelnames is None or metric.labels_open for metric in program.metrics)
    for key, name in given:
        if name not in known and not (is_open and mentioning(name)):
            yield f"`{key}`: no label is named `{shortened(name)}`"


def _budgets(config: Config, program: Program) -> Iterator[str]:
    """Yield the teams in whose files there is no metric."""
    if not config.budgets:
        return
    files = [below(path, config.root) for path in dict.fromkeys(metric.place.path for metric in program.metrics)]
    for budget in config.budgets:
        if not any(matches(path, pattern) for path in files for pattern in budget.paths):
            yield f"`budgets`: no file with a metric belongs to `{shortened(budget.team)}`"
