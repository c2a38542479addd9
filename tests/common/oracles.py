"""What the syntax tree and the tokens of a text say, as places that the forms of `textscan` must find."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise

Place = tuple[int, int]
"""From where up to where a match has to touch the text."""


class Parsed:
    """A text that parses, with its tree, its tokens and the offsets of both."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.nodes = list(ast.walk(self.tree))
        self.starts = [0]
        for line in text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.rows = [line.encode() for line in text.split("\n")]
        self.tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place of the tree, which counts bytes."""
        return self.starts[line - 1] + len(self.rows[line - 1][:column].decode())

    def span(self, node: ast.AST) -> Place:
        """Return where a node begins and ends."""
        assert isinstance(node, (ast.expr, ast.stmt, ast.arg))
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def token(self, token: tokenize.TokenInfo) -> Place:
        """Return where a token begins and ends."""
        return self.starts[token.start[0] - 1] + token.start[1], self.starts[token.end[0] - 1] + token.end[1]

    def line(self, offset: int) -> int:
        """Return the line of an offset."""
        return bisect_right(self.starts, offset)


def of_tokens(parsed: Parsed, *kinds: int) -> Iterator[tuple[tokenize.TokenInfo, Place]]:
    """Yield the tokens of some kinds with their places."""
    for token in parsed.tokens:
        if token.type in kinds:
            yield token, parsed.token(token)


def functions(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield the name of every function with the place from `def` to the name's end."""
    names = [(token, place) for token, place in of_tokens(parsed, tokenize.NAME)]
    for (token, (start, _)), (name, (_, end)) in pairwise(names):
        if token.string == "def":
            yield name.string, (start, end)


def inner_classes(parsed: Parsed) -> Iterator[Place]:
    """Yield the classes with bases that are inside of something."""
    top = {id(node) for node in parsed.tree.body}
    for node in parsed.nodes:
        if isinstance(node, ast.ClassDef) and (node.bases or node.keywords) and id(node) not in top:
            start, _ = parsed.span(node)
            yield start, parsed.span(node.body[0])[0]


def imported_tops(parsed: Parsed) -> set[str]:
    """Return the top-level packages of all imports of other packages."""
    out: set[str] = set()
    for node in parsed.nodes:
        if isinstance(node, ast.Import):
            out |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module is not None:
            out.add(node.module.partition(".")[0])
    return out


def imported_paths(parsed: Parsed) -> set[str]:
    """Return the dotted names of all imports."""
    out: set[str] = set()
    for node in parsed.nodes:
        if isinstance(node, ast.Import):
            out |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module is not None:
            out.add(node.module)
    return out


def outer_names(parsed: Parsed, kind: type[ast.Global] | type[ast.Nonlocal]) -> set[str]:
    """Return the names that functions declare as names of an outer scope."""
    return {name for node in parsed.nodes if isinstance(node, kind) for name in node.names}


def outer(parsed: Parsed) -> Iterator[Place]:
    """Yield the statements that do."""
    return (parsed.span(node) for node in parsed.nodes if isinstance(node, (ast.Global, ast.Nonlocal)))


def deleted(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield every name that is deleted, with the word that deletes it."""
    for node in parsed.nodes:
        for target in node.targets if isinstance(node, ast.Delete) else ():
            start = parsed.span(node)[0]
            if isinstance(target, (ast.Name, ast.Attribute)):
                yield last_name(target), (start, start + 3)


def stored_items(parsed: Parsed) -> Iterator[Place]:
    """Yield the closing bracket of every item that something is stored in, up to the end of its line."""
    for node in parsed.nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            end = parsed.span(node)[1]
            yield end - 1, end


CHANGING = ("update", "setdefault", "append", "add", "insert", "extend", "appendleft", "put", "put_nowait")


def changes(parsed: Parsed) -> Iterator[Place]:
    """Yield the places where containers change."""
    yield from stored_items(parsed)
    for node in parsed.nodes:
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.BitOr):
            yield parsed.span(node.target)[1], parsed.span(node.value)[0]
    for name, place in method_calls(parsed):
        if name in CHANGING:
            yield place


def method_calls(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield the name of every method that is called, with the place behind what it is a method of."""
    for node in parsed.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, (parsed.span(node.func.value)[1], parsed.span(node)[1])


def read_attributes(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield every attribute."""
    for node in parsed.nodes:
        if isinstance(node, ast.Attribute):
            yield node.attr, (parsed.span(node.value)[1], parsed.span(node)[1])


def annotated(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield the attributes that are given a type."""
    for node in parsed.nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Attribute):
            yield node.target.attr, (parsed.span(node.target.value)[1], parsed.span(node.annotation)[0])


def setters_passed_on(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield the names whose method `set` is read and not called."""
    called = {id(node.func) for node in parsed.nodes if isinstance(node, ast.Call)}
    for node in parsed.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "set" and id(node) not in called and (name := last_name(node.value)):
            yield name, (parsed.span(node.value)[1], parsed.span(node)[1])


def last_name(node: ast.AST) -> str:
    """Return the last name of an expression, '' for one without."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def callees(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield the last name of every callee, with the place from there to the end of the call."""
    for node in parsed.nodes:
        if isinstance(node, ast.Call) and (name := last_name(node.func)):
            end = parsed.span(node.func)[1]
            yield name, (end - len(name), parsed.span(node)[1])


def handed_on(parsed: Parsed, methods: tuple[str, ...]) -> Iterator[tuple[str, Place]]:
    """Yield the names that are arguments, and those of which one of some methods is called."""
    for node in parsed.nodes:
        if not isinstance(node, ast.Call):
            continue
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            if name := last_name(argument):
                end = parsed.span(argument)[1]
                yield name, (end - len(name), end)
        if isinstance(node.func, ast.Attribute) and node.func.attr in methods and (name := last_name(node.func.value)):
            end = parsed.span(node.func.value)[1]
            yield name, (end - len(name), end)


def is_plain(node: ast.AST) -> bool:
    """Tell whether an expression is a name, or names with dots between them."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and is_plain(node.value))


def second_names(parsed: Parsed) -> set[tuple[str, str]]:
    """Return the pairs of names of plain assignments that take a line of their own."""
    out = set()
    for node in parsed.nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and is_plain(node.value):
            written = ast.unparse(node)
            line = parsed.text.split("\n")[node.lineno - 1]
            if line.partition("#")[0].strip() == written:
                out.add((last_name(node.value), node.targets[0].id))
    return out


def touched(found: list[Place], place: Place) -> bool:
    """Tell whether a match touches a place."""
    return any(start < place[1] and end > place[0] for start, end in found)


Named = Callable[[Parsed], Iterator[tuple[str, Place]]]
