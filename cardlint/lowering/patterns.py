"""Patterns of `match`: the refinement of the subject by a case, and the names it binds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cardlint.ir.terms import AnyTerm, Attr, Const, Item, Opaque, Refine, Seq, Slice, Use

if TYPE_CHECKING:
    from cardlint.lowering.branches import Branches


def match_case(scope: Branches, pattern: ast.pattern, subject: AnyTerm, path: str | None) -> bool:
    """Refine the subject and bind the names of one case; True when the pattern matches any value."""
    at = scope.file.at(pattern)
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is None:
            if pattern.name is not None:
                scope.bind(pattern.name, subject, at)
            return True
        wide = match_case(scope, pattern.pattern, subject, path)
        if pattern.name is not None:
            values = _literals(scope, pattern.pattern)
            scope.bind(pattern.name, subject if values is None else Refine(subject, "in", values, at), at)
        return wide
    values = _literals(scope, pattern)
    if values is not None:
        scope.env = scope.narrow(scope.env, path, "in", values, at)
        return False
    if isinstance(pattern, ast.MatchOr):
        matched = [match_case(scope, p, subject, path) for p in pattern.patterns]  # all of them bind
        return any(matched)
    _sub_patterns(scope, pattern, subject, path)
    return False


def _sub_patterns(scope: Branches, pattern: ast.pattern, subject: AnyTerm, path: str | None) -> None:
    """Match the parts of a class, mapping or sequence pattern with the parts of the subject."""
    at = scope.file.at(pattern)
    if isinstance(pattern, ast.MatchClass):
        cls = scope.expr(pattern.cls)
        scope.env = scope.narrow(scope.env, path, "isinstance", cls, at)
        inner = Use(scope.env[path], at) if path is not None and scope.env is not None and path in scope.env else subject
        for name, sub in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            match_case(scope, sub, Attr(inner, name, at), None)
        for sub in pattern.patterns:
            match_case(scope, sub, inner if len(pattern.patterns) == 1 else Opaque("a positional sub-pattern", at), None)
    elif isinstance(pattern, ast.MatchMapping):
        for key, sub in zip(pattern.keys, pattern.patterns, strict=True):
            match_case(scope, sub, Item(subject, scope.expr(key), at), None)
        if pattern.rest is not None:
            scope.bind(pattern.rest, subject, at)
    elif isinstance(pattern, ast.MatchSequence):
        for position, sub in enumerate(pattern.patterns):
            if isinstance(sub, ast.MatchStar):
                if sub.name is not None:
                    scope.bind(sub.name, Slice(subject, Const(position, at), None, at), at)
                position -= len(pattern.patterns)
                continue
            match_case(scope, sub, Item(subject, Const(position, at), at), None)


def _literals(scope: Branches, pattern: ast.pattern) -> Seq | None:
    """Return the constants of a pattern that matches nothing else."""
    at = scope.file.at(pattern)
    if isinstance(pattern, ast.MatchValue):
        return Seq("tuple", (scope.expr(pattern.value),), at)
    if isinstance(pattern, ast.MatchSingleton):
        return Seq("tuple", (Const(pattern.value, at),), at)
    if isinstance(pattern, ast.MatchOr):
        items: list[AnyTerm] = []
        for part in pattern.patterns:
            values = _literals(scope, part)
            if values is None:
                return None
            items.extend(values.items)
        return Seq("tuple", tuple(items), at)
    return None
