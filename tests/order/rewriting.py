"""Rewritings of a program that change an order and no meaning: the same program, written down in another order.

Every rewriting moves pieces of the text as they are, so that comments and spelling stay. It is careful rather than complete:
what might depend on the order stays where it is.
"""

from __future__ import annotations

import ast
import builtins
import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Files = dict[str, str]
Rewriting = Callable[[Files, random.Random], Files]
Span = tuple[int, int]


def _offsets(text: str) -> list[int]:
    out = [0]
    for line in text.splitlines(keepends=True):
        out.append(out[-1] + len(line.encode()))
    return out


def _span(node: ast.AST, starts: list[int]) -> Span:
    """Return where a node stands, in bytes."""
    return (starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset)  # type: ignore[attr-defined]


def _moved(text: str, groups: list[tuple[list[Span], list[int]]], others: dict[Span, bytes] | None = None) -> str:
    """Put the pieces of each group into each other's places; a group that overlaps one before it stays as it is.

    `others` are texts that stand in place of some pieces, wherever their group is moved.
    """
    data = text.encode()
    taken: list[Span] = []
    changes: list[tuple[Span, bytes]] = []
    for spans, order in groups:
        whole = (min(s for s, _ in spans), max(e for _, e in spans))
        if any(whole[0] < end and start < whole[1] for start, end in taken):
            continue
        taken.append(whole)
        changes.extend((spans[to], data[slice(*spans[of])]) for to, of in enumerate(order) if to != of)
        changes.extend((span, others[span]) for span in spans if others and span in others)
    for (start, end), piece in sorted(changes, reverse=True):
        data = data[:start] + piece + data[end:]
    return data.decode()


def _shuffled(count: int, chance: random.Random) -> list[int]:
    """Return an order of so many things that is not the one they have."""
    order = list(range(count))
    while count > 1 and order == sorted(order):
        chance.shuffle(order)
    return order


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text) if text.isascii() and "\f" not in text else None
    except SyntaxError:
        return None


def keywords(files: Files, chance: random.Random) -> Files:
    """Change the order of the keyword arguments of calls whose values are evaluated without effects: `.labels` and constructors."""
    return {name: _keywords(text, chance) for name, text in files.items()}


def _keywords(text: str, chance: random.Random) -> str:
    tree = _parsed(text)
    if tree is None:
        return text
    starts = _offsets(text)
    groups = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.keywords) < 2 or any(k.arg is None for k in node.keywords):
            continue
        if any(isinstance(inner, (ast.NamedExpr, ast.Await, ast.Yield)) for inner in ast.walk(node)):
            continue
        is_labels = isinstance(node.func, ast.Attribute) and node.func.attr == "labels"
        if is_labels or chance.random() < 0.3:
            groups.append(([_span(k, starts) for k in node.keywords], _shuffled(len(node.keywords), chance)))
    return _moved(text, groups)


def label_names(files: Files, chance: random.Random) -> Files:
    """Change the order of the labels in declarations, where every use in the program names its labels."""
    trees = [_parsed(text) for text in files.values()]
    for tree in trees:
        for node in ast.walk(tree) if tree is not None else ():
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in ("remove", "clear", "add_metric", "partial") or (name == "labels" and node.args):
                return files
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Attribute) and node.attr in ("labels", "_labelnames", "add_metric") and not _is_called(node, tree):
                return files
    return {name: _label_names(text, chance) for name, text in files.items()}


def _is_called(node: ast.Attribute, tree: ast.Module | None) -> bool:
    return any(isinstance(n, ast.Call) and n.func is node for n in ast.walk(tree)) if tree is not None else False


def _label_names(text: str, chance: random.Random) -> str:
    tree = _parsed(text)
    if tree is None:
        return text
    starts = _offsets(text)
    groups = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CONSTRUCTORS:
            given = node.args[2] if len(node.args) > 2 else next((k.value for k in node.keywords if k.arg == "labelnames"), None)
            if isinstance(given, (ast.List, ast.Tuple)) and all(isinstance(e, ast.Constant) for e in given.elts) and given.elts:
                groups.append(([_span(e, starts) for e in given.elts], _shuffled(len(given.elts), chance)))
    return _moved(text, groups)


CONSTRUCTORS = ("Counter", "Gauge", "Histogram", "Summary", "Enum", "Info")


def branches(files: Files, chance: random.Random) -> Files:
    """Change the order of the two sides of conditional expressions, and of the elements that a loop goes over."""
    return {name: _branches(text, chance) for name, text in files.items()}


def _branches(text: str, chance: random.Random) -> str:
    tree = _parsed(text)
    if tree is None:
        return text
    starts = _offsets(text)
    data = text.encode()
    groups = []
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp) and node.lineno == node.end_lineno:
            spans = [_span(node.body, starts), _span(node.orelse, starts)]
            if all(isinstance(side, (ast.Call, ast.Name, ast.Constant, ast.Attribute)) for side in (node.body, node.orelse)):
                test = _span(node.test, starts)
                groups.append(([spans[0], test, spans[1]], [2, 1, 0], data[slice(*test)]))
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple) and not node.orelse and _only_counts(node.body):
            groups.append(([_span(e, starts) for e in node.iter.elts], _shuffled(len(node.iter.elts), chance), b""))
    moved = [(spans, order) for spans, order, _ in groups if chance.random() < 0.7]
    tests = {spans[1]: test for spans, _, test in groups if test and (spans, [2, 1, 0]) in moved}
    return _moved(text, moved, {span: b"(not (" + test + b"))" for span, test in tests.items()})


def _only_counts(body: list[ast.stmt]) -> bool:
    """Tell whether the turns of a loop leave nothing behind but counts."""
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _counts(node.value) for node in body)


# statements -----------------------------------------------------------------------------------------------------------


def definitions(files: Files, chance: random.Random) -> Files:
    """Change the order of functions and classes that stand one after the other, and of methods in a class."""
    return {name: _statements(text, chance, _is_definition) for name, text in files.items()}


def statements(files: Files, chance: random.Random) -> Files:
    """Change the order of statements that do not depend on each other."""
    return {name: _statements(text, chance, _is_plain) for name, text in files.items()}


def _is_definition(node: ast.stmt) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _is_plain(node: ast.stmt) -> bool:
    """Tell whether a statement does nothing but define, assign a name, or count something."""
    if _is_definition(node) or isinstance(node, (ast.Import, ast.ImportFrom)):
        return not (isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names))
    if any(isinstance(inner, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)) for inner in ast.walk(node)):
        return False
    if isinstance(node, ast.Assign):
        calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
        return all(isinstance(t, ast.Name) for t in node.targets) and all(_is_constructor(call) for call in calls)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _counts(node.value)


def _is_constructor(call: ast.Call) -> bool:
    return getattr(call.func, "id", getattr(call.func, "attr", "")) in CONSTRUCTORS


def _counts(call: ast.Call) -> bool:
    """Tell whether a call is `METRIC.labels(...).inc()` of names, attributes and constants."""
    func = call.func
    if not (isinstance(func, ast.Attribute) and func.attr in ("inc", "set", "observe", "dec") and isinstance(func.value, ast.Call)):
        return False
    inner = func.value
    calls = sum(isinstance(n, ast.Call) for n in ast.walk(call))
    return isinstance(inner.func, ast.Attribute) and inner.func.attr == "labels" and calls == 2


def _statements(text: str, chance: random.Random, movable: Callable[[ast.stmt], bool]) -> str:
    tree = _parsed(text)
    if tree is None or ";" in text:
        return text
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    groups: list[tuple[list[Span], list[int]]] = []
    for body, inside in _bodies(tree, movable):
        for run in _runs(body, movable):
            spans = [_lines_of(node) for node in run]
            if all(a[1] <= b[0] for a, b in pairwise(spans)):
                groups.append((spans, _reordered(run, inside, chance)))
    groups.sort(key=lambda group: -(group[0][-1][1] - group[0][0][0]))
    chance.shuffle(groups)
    taken: list[Span] = []
    changes: list[tuple[Span, list[str]]] = []
    for spans, order in groups:
        whole = (spans[0][0], spans[-1][1])
        if order == sorted(order) or any(whole[0] < end and start < whole[1] for start, end in taken):
            continue
        taken.append(whole)
        changes.extend((spans[to], lines[slice(*spans[of])]) for to, of in enumerate(order))
    for (start, end), piece in sorted(changes, key=lambda change: change[0], reverse=True):
        lines[start:end] = piece
    return "".join(lines)


def _lines_of(node: ast.stmt) -> Span:
    """Return the lines of a statement with its decorators."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    assert node.end_lineno is not None
    return first - 1, node.end_lineno


def _bodies(tree: ast.Module, movable: Callable[[ast.stmt], bool]) -> Iterator[tuple[list[ast.stmt], bool]]:
    """Yield the bodies of a program, and whether each is, or may be, the body of a function."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(node, ast.ClassDef) and movable is not _is_definition and not all(map(_is_definition, body or ())):
                continue  # the order of fields, or of the members of an Enum, means something
            if isinstance(body, list) and len(body) > 1:
                yield body, not isinstance(node, (ast.Module, ast.ClassDef))


def _runs(body: list[ast.stmt], movable: Callable[[ast.stmt], bool]) -> Iterator[list[ast.stmt]]:
    run: list[ast.stmt] = []
    for position, node in enumerate(body):
        docstring = position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if movable(node) and not docstring and not future:
            run.append(node)
            continue
        if len(run) > 1:
            yield run
        run = []
    if len(run) > 1:
        yield run


def _reordered(run: list[ast.stmt], inside: bool, chance: random.Random) -> list[int]:
    """Return another order of statements in which none comes before what it needs."""
    sets = [_names(node, inside) for node in run]
    left = list(range(len(run)))
    order: list[int] = []
    while left:
        free = [i for i in left if not any(_depend(sets[j], sets[i]) for j in left if j < i)]
        chosen = chance.choice(free)
        order.append(chosen)
        left.remove(chosen)
    return order


Names = tuple[frozenset[str], frozenset[str]]


def _depend(a: Names, b: Names) -> bool:
    return bool(a[0] & (b[0] | b[1]) or a[1] & b[0])


def _names(node: ast.stmt, inside: bool) -> Names:
    """Return the names that a statement binds, and those that it needs when it runs, not when a function of it is called.

    `inside` of a function, a closure stays behind what its variables are given before it, and before what they are given later:
    it may be called in between, so that the inference rightly counts the values from there on.
    """
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return frozenset((a.asname or a.name).partition(".")[0] for a in node.names), frozenset()
    bound: set[str] = set()
    needed: set[str] = set()
    parts: list[ast.AST] = [node]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        bound.add(node.name)
        arguments = node.args
        annotations = [a.annotation for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs) if a.annotation]
        defaults = [d for d in (*arguments.defaults, *arguments.kw_defaults) if d is not None]
        parts = [*(node.body if inside else ()), *node.decorator_list, *annotations, *defaults, *([node.returns] if node.returns else [])]
        parts.extend(a.annotation for a in (arguments.vararg, arguments.kwarg) if a is not None and a.annotation is not None)
        parts.extend(ast.Name(d.id, ast.Store()) for d in node.decorator_list if isinstance(d, ast.Name))  # they may register
    elif isinstance(node, ast.ClassDef):
        bound.add(node.name)  # its bases, and whatever its body needs, also in methods: decorators may run them
    for part in parts:
        for inner in ast.walk(part):
            if isinstance(inner, ast.Name):
                (bound if isinstance(inner.ctx, ast.Store) and not isinstance(node, ast.ClassDef) else needed).add(inner.id)
            elif isinstance(inner, (ast.Global, ast.Nonlocal)):
                bound.update(inner.names)
    return frozenset(bound), frozenset(needed) - BUILTINS


BUILTINS = frozenset(dir(builtins))


# files ----------------------------------------------------------------------------------------------------------------


def file_names(files: Files, chance: random.Random) -> Files:
    """Rename modules so that they sort differently, where nothing but imports speaks of them."""
    stems = {name.rpartition("/")[2].removesuffix(".py"): name for name in files if name.endswith(".py")}
    out = dict(files)
    for stem, name in sorted(stems.items()):
        if not _may_be_renamed(stem, name, files):
            continue
        other = f"{chance.choice(('a', 'k', 'z'))}_{stem}"
        renamed: Files = {}
        for path, text in out.items():
            folder, slash, last = path.rpartition("/")
            renamed[f"{folder}{slash}{other}.py" if last == f"{stem}.py" else path] = re.sub(rf"(?<![\w]){stem}(?!\w)", other, text)
        out = renamed
    items = list(out.items())
    chance.shuffle(items)
    return dict(items)


def _may_be_renamed(stem: str, name: str, files: Files) -> bool:
    """Tell whether a stem occurs in imports only, and says nothing to a framework by itself."""
    if not stem.isidentifier() or stem.startswith(("test", "_")) or "test" in name or stem in SPOKEN or not name.endswith(".py"):
        return False
    if "prometheus_client/" in name:
        return False  # a copy of the client is recognised by its modules
    if sum(path.rpartition("/")[2] == f"{stem}.py" for path in files) > 1 or any(f"{stem}/" in path for path in files):
        return False
    word = re.compile(rf"(?<!\w){stem}(?!\w)")
    for text in files.values():
        for line in text.splitlines():
            if word.search(line) and not re.match(rf"\s*from [\w.]*(?<!\w){stem} import (?!.*(?<!\w){stem}(?!\w))", line):
                return False
    return True


SPOKEN = ("conftest", "settings", "urls", "views", "models", "manage", "wsgi", "asgi", "setup", "noxfile", "gunicorn_conf")

REWRITINGS: dict[str, Rewriting] = {
    "keywords": keywords,
    "label names": label_names,
    "branches": branches,
    "definitions": definitions,
    "statements": statements,
    "file names": file_names,
}
