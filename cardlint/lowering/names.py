"""Names of the source: dotted paths, and the names that statements bind or change."""

from __future__ import annotations

import ast
from typing import Literal

MAX_PARTS = 4
"""Parts of a path behind its first name; longer ones are not told apart."""


def dotted_path(node: ast.expr) -> str | None:
    """Return `a.b.c` for a name or a chain of attributes of a name, None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        if len(parts) > MAX_PARTS:  # a chain of thousands is asked for each of its links
            return None
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def subject_path(node: ast.expr, parts: int = 0) -> str | None:
    """Return the path of an expression that a test can refine: a dotted path, or an item of one under a constant key."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        if parts > MAX_PARTS:
            return None
        base, part = subject_path(node.value, parts + 1), item_part(node.slice.value)
        return f"{base}.{part}" if base is not None and part is not None else None
    return dotted_path(node)


def call_path(node: ast.expr, parts: int = 0) -> str | None:
    """Return the path of a call that gives the same value when it is written twice: `msg.get("k")`, `path.rstrip("/")`, `str(exc)`.

    A test of such a call says something about the next one, as long as nothing in it is bound anew.
    """
    if type(node) is not ast.Call or node.keywords or len(node.args) > 2 or parts > MAX_PARTS:
        return None
    if type(node.func) is ast.Name and node.func.id in WRITTEN_AS and len(node.args) == 1:
        base, name, args = node.args[0], node.func.id, []
    elif type(node.func) is ast.Attribute and node.func.attr in STABLE:
        base, name, args = node.func.value, node.func.attr, node.args
        if name == "get" and not args:
            return None  # the next element of a queue
    else:
        return None
    if not all(type(arg) is ast.Constant and isinstance(arg.value, str) for arg in args):
        return None
    path = subject_path(base) or call_path(base, parts + 1)
    spelled = ",".join(arg.value.encode("utf-8", "surrogatepass").hex() for arg in args)  # type: ignore[attr-defined]
    return f"{path}.{name}({spelled})" if path is not None and len(spelled) < 400 else None


WRITTEN_AS = frozenset({"str", "repr", "int"})
"""Functions of one value that are tested in place of the value."""
STABLE = frozenset(
    {"get", "lower", "upper", "strip", "lstrip", "rstrip", "casefold", "title", "capitalize", "decode", "removeprefix", "removesuffix"}
)
"""Methods that change nothing."""


def item_part(key: str) -> str | None:
    """Return the part of a path for the item under a key, None for a key that would read like something else."""
    return f"[{key}]" if key.replace("_", "").replace("-", "").isalnum() else None


CHANGES: dict[str, Literal["merge", "put", "grow", "drop", "move"]] = {
    "update": "merge", "setdefault": "put", "append": "grow", "add": "grow", "insert": "grow", "extend": "grow", "put": "grow", "put_nowait": "grow",
    "appendleft": "grow", "extendleft": "grow", "pop": "drop", "discard": "drop", "remove": "drop", "popleft": "drop", "popitem": "drop", "clear": "drop",
    "symmetric_difference_update": "merge", "difference_update": "drop", "intersection_update": "drop", "sort": "move", "reverse": "move",
    "rotate": "move", "__setitem__": "put", "__iadd__": "grow", "__ior__": "merge",
}  # fmt: skip
"""Methods that change a container in place, and how."""


def assigned_names(nodes: list[ast.stmt], changed: bool = True) -> dict[str, None]:
    """List the names and dotted paths that a block binds or, with `changed`, changes in place, in order of appearance.

    A loop needs both before its block is lowered. A function's own names are those it binds: `TABLE[key] = value` changes
    a table of the module without making it local, and the target of a comprehension is a name of the comprehension.
    """
    found: dict[str, None] = {}
    stack: list[ast.AST] = list(reversed(nodes))
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                found[node.id] = None  # type: ignore[attr-defined]
            continue
        if kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
            found[node.name] = None  # type: ignore[attr-defined]
            continue
        if kind is ast.Lambda or kind is ast.Constant:
            continue
        if kind is ast.comprehension:
            stack.extend((node.iter, *node.ifs))  # type: ignore[attr-defined]
            continue
        if kind in STORING:
            if path := _stored_path(node, changed):
                found[path] = None
        elif kind in NAMING:
            found.update(dict.fromkeys(_names_of(node)))
        fields = FIELDS.get(kind)
        if fields is None:
            fields = _fields_of(node)
        for field in fields:  # ast.iter_child_nodes, written out: this loop sees every node of every loop
            child = getattr(node, field, None)
            if type(child) is list:
                stack.extend(child)
            elif child is not None:
                stack.append(child)
    return found


STORING = frozenset({ast.Attribute, ast.Subscript, ast.Call})
"""Nodes that may store to a dotted path."""


def _stored_path(node: ast.AST, changed: bool) -> str | None:
    """Return the dotted path that an attribute is stored to or, with `changed`, that of a container that is changed in place."""
    if isinstance(node, ast.Attribute):
        return dotted_path(node) if type(node.ctx) is not ast.Load else None
    if not changed:
        return None
    if isinstance(node, ast.Subscript):
        return dotted_path(node.value) if type(node.ctx) is not ast.Load else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
        return dotted_path(node.func.value)
    return None


NAMING = frozenset({ast.ExceptHandler, ast.Import, ast.ImportFrom, ast.MatchAs, ast.MatchStar, ast.MatchMapping})
"""Nodes that bind names which are no nodes themselves."""


def _names_of(node: ast.AST) -> list[str]:
    """List the names that a node of NAMING binds itself."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return [node.name] if node.name else []
    if isinstance(node, ast.MatchMapping):
        return [node.rest] if node.rest else []
    return []


def _fields_of(node: object) -> tuple[str, ...]:
    """Return the fields of a node that may hold nodes, and keep them for its kind; a list of nodes may hold None, and other fields texts."""
    names = node._fields if isinstance(node, ast.AST) else ()
    fields = FIELDS[type(node)] = tuple(field for field in names if field not in PLAIN_FIELDS)
    return fields


FIELDS: dict[type, tuple[str, ...]] = {}
"""The fields of each kind of node that may hold nodes."""
PLAIN_FIELDS = frozenset({"ctx", "op", "ops", "attr", "id", "kind", "conversion", "type_comment"})
"""Fields that hold nothing that binds a name."""


def bound_names(nodes: list[ast.stmt]) -> set[str]:
    """List the names that the statements of a body bind, without visiting expressions.

    It is the fast form of `assigned_names` for the many files without `:=`.
    """
    found: set[str] = set()
    targets: list[ast.expr] = []
    stack: list[ast.AST] = list(nodes)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is ast.Assign:
            targets.extend(node.targets)  # type: ignore[attr-defined]
        elif kind is ast.Expr or kind is ast.Return:
            continue
        elif kind in DEFINITIONS:
            found.add(node.name)  # type: ignore[attr-defined]
        elif kind in (ast.Import, ast.ImportFrom):
            found.update(_names_of(node))
        elif kind is ast.Delete:
            targets.extend(node.targets)  # type: ignore[attr-defined]
        elif kind is ast.match_case:
            for pattern in ast.walk(node.pattern):  # type: ignore[attr-defined]
                found.update(_names_of(pattern))
            stack.extend(node.body)  # type: ignore[attr-defined]
        else:
            if kind in TARGETED:
                targets.append(node.target)  # type: ignore[attr-defined]
            elif kind in (ast.With, ast.AsyncWith):
                targets.extend(item.optional_vars for item in node.items if item.optional_vars is not None)  # type: ignore[attr-defined]
            elif kind is ast.ExceptHandler and node.name:  # type: ignore[attr-defined]
                found.add(node.name)  # type: ignore[attr-defined]
            for field in BODIES:
                inner = getattr(node, field, None)
                if inner:
                    stack.extend(inner)
    found.update(_target_names(targets))
    return found


def _target_names(targets: list[ast.expr]) -> list[str]:
    """List the names in targets of assignments; the list of targets is used up."""
    found: list[str] = []
    while targets:
        target = targets.pop()
        if type(target) is ast.Name:
            found.append(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            targets.extend(target.elts)
        elif type(target) is ast.Starred:
            targets.append(target.value)
    return found


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
TARGETED = (ast.AugAssign, ast.AnnAssign, ast.For, ast.AsyncFor)
BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


def is_kept_test(node: ast.expr) -> bool:
    """Tell whether an assigned expression is a test, so that a later test of the variable says the same."""
    if not isinstance(node, (ast.Compare, ast.BoolOp)) and not (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        return False
    kinds = {type(n) for n in ast.walk(node)}
    return ast.Compare in kinds and ast.NamedExpr not in kinds


def unless_empty(node: ast.BoolOp) -> ast.Compare | None:
    """Return the test of a member where the other operand tests whether the same collection is empty, or None, and then lets all in."""
    if len(node.values) != 2:
        return None
    empty, held = node.values
    if not (isinstance(held, ast.Compare) and len(held.ops) == 1):
        return None
    is_or = isinstance(node.op, ast.Or)
    if not isinstance(held.ops[0], ast.In if is_or else ast.NotIn) or any(isinstance(n, ast.NamedExpr) for n in ast.walk(node)):
        return None
    filled = empty
    if is_or and isinstance(empty, ast.UnaryOp) and isinstance(empty.op, ast.Not):
        filled = empty.operand
    elif isinstance(empty, ast.Compare) and len(empty.ops) == 1:
        if not isinstance(empty.ops[0], (ast.Is, ast.Eq) if is_or else (ast.IsNot, ast.NotEq, ast.Gt)):
            return None
        limit = empty.comparators[0]
        if not (isinstance(limit, ast.Constant) and limit.value in (None, 0)):
            return None
        filled = empty.left
    elif is_or:
        return None
    if isinstance(filled, ast.Call) and isinstance(filled.func, ast.Name) and filled.func.id == "len" and len(filled.args) == 1:
        filled = filled.args[0]
    collection = dotted_path(held.comparators[0])
    return held if collection is not None and collection == dotted_path(filled) else None
