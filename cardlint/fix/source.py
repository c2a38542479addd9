"""The text of one file with its syntax tree: from places to nodes and back, and from text to the bytes it came from."""

from __future__ import annotations

import ast
import builtins
import io
import tokenize
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from cardlint.findings import Finding, Place
from cardlint.lowering.tokens import tokens

Named = ast.Name | ast.Attribute | ast.FunctionDef | ast.AsyncFunctionDef
"""The nodes with a name that a value can flow to."""


class Source:
    """One file as it is on the disk now. Offsets and columns count characters."""

    def __init__(self, path: str, text: str, encoding: str = "utf-8", is_own: Callable[[str], bool] = lambda _top: False) -> None:
        self.path = path
        self.is_own = is_own
        """tells whether a package of this name belongs to the analysed project"""
        self.encoding = encoding
        self.mark = text[:1] if text.startswith("\ufeff") else ""
        """the byte order mark, which comes before the text and is no part of it"""
        text = text.removeprefix("\ufeff")
        self.text = text
        self.lines = io.StringIO(text, newline="").readlines()
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))

    @cached_property
    def longest(self) -> int:
        """The length of the longest line, without the blanks at its end."""
        return max((len(line.rstrip()) for line in self.lines), default=0)

    def rest_of_line(self, offset: int) -> str:
        """Return the text from an offset to the end of its line."""
        end = self.text.find("\n", offset)
        return self.text[offset:end] if end >= 0 else self.text[offset:]

    @cached_property
    def newline(self) -> str:
        """The line end of the first line, for lines that are added."""
        first = self.lines[0] if self.lines else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"

    def encode(self, text: str) -> bytes:
        """Return a text as bytes of this file; raises UnicodeEncodeError for what its encoding cannot hold."""
        return (self.mark + text).encode(self.encoding, "surrogateescape")

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a position, both 1-based."""
        return min(self.starts[min(line - 1, len(self.starts) - 1)] + column - 1, len(self.text))

    def slice(self, place: Place) -> str:
        """Return the text of a place."""
        return self.text[self.offset(place.line, place.column) : self.offset(place.end_line, place.end_column)]

    @cached_property
    def tree(self) -> ast.Module | None:
        """Parse the file; None when this Python cannot."""
        from cardlint.lowering.source import parse_simply

        return parse_simply(self.text)

    @cached_property
    def all(self) -> tuple[ast.AST, ...]:
        """List the nodes of the tree, outer ones first; none when the file does not parse."""
        return tuple(ast.walk(self.tree)) if self.tree is not None else ()

    @cached_property
    def _named(self) -> dict[str, tuple[list[int], list[Named]]]:
        found: dict[str, list[tuple[int, Named]]] = {}
        for node in self.all:
            if isinstance(node, ast.Name):
                found.setdefault(node.id, []).append((self.span(node)[0], node))
            elif isinstance(node, ast.Attribute):
                found.setdefault(node.attr, []).append((self.span(node)[0], node))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.setdefault(node.name, []).append((self.span(node)[0], node))
        for nodes in found.values():
            nodes.sort(key=itemgetter(0))
        return {name: ([start for start, _ in nodes], [node for _, node in nodes]) for name, nodes in found.items()}

    @cached_property
    def _reads(self) -> tuple[list[int], list[tuple[int, int, ast.Name]]]:
        """List the variables that are read by their start, with their end and their number in the order of `all`."""
        reads = [n for n in self.all if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        found = sorted((*self.span(node), number, node) for number, node in enumerate(reads))
        return [start for start, *_ in found], [(end, number, node) for _, end, number, node in found]

    def read_in(self, spans: Iterable[tuple[int, int]]) -> list[ast.Name]:
        """List the variables that are read inside of spans which do not overlap, in the order of `all`; other text costs nothing."""
        starts, reads = self._reads
        inside: list[tuple[int, ast.Name]] = []
        for start, end in spans:
            between = reads[bisect_left(starts, start) : bisect_left(starts, end)]
            inside += [(number, node) for node_end, number, node in between if node_end <= end]
        return [node for _, node in sorted(inside, key=itemgetter(0))]

    def named(self, name: str, inside: ast.AST | None = None) -> list[Named]:
        """List the variables, attributes and functions of one name in order of the source, inside of a node or everywhere."""
        starts, nodes = self._named.get(name, ([], []))
        if inside is None or isinstance(inside, ast.Module):
            return nodes[:]
        start, end = self.span(inside)
        return nodes[bisect_left(starts, start) : bisect_left(starts, end)]

    @cached_property
    def imports(self) -> tuple[ast.ImportFrom, ...]:
        """List the statements that import names from modules."""
        return tuple(node for node in self.all if isinstance(node, ast.ImportFrom))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Map every node to its parent."""
        return {child: node for node in self.all for child in ast.iter_child_nodes(node)}

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """List the ancestors of a node, the innermost first."""
        current = self.parents.get(node)
        while current is not None:
            yield current
            current = self.parents.get(current)

    @cached_property
    def undefined(self) -> frozenset[str]:
        """List the names that are read and never bound: a rewrite that uses one of them would cause a NameError."""
        read: set[str] = set()
        bound = {*dir(builtins), "__file__", "__name__", "__path__", "__class__"}
        for node in self.all:
            if isinstance(node, ast.Name):
                (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
            elif isinstance(node, ast.alias):
                bound.add(node.asname or node.name.partition(".")[0])
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                bound.add(node.name)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                bound.add(node.name)
            elif isinstance(node, ast.MatchMapping) and node.rest:
                bound.add(node.rest)
        return frozenset() if "*" in bound else frozenset(read - bound)

    @cached_property
    def nodes(self) -> dict[tuple[int, int], list[ast.AST]]:
        """Index the nodes of the tree by their span in offsets, outer ones first."""
        found: dict[tuple[int, int], list[ast.AST]] = {}
        for node in self.all:
            if hasattr(node, "end_lineno"):
                found.setdefault(self.span(node), []).append(node)
        return found

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the offsets of a node; `ast` counts columns in bytes."""
        return self._position(node.lineno, node.col_offset), self._position(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def _position(self, line: int, column: int) -> int:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return self.starts[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode(errors="replace")))

    def at(self, place: Place) -> list[ast.AST]:
        """Return the nodes with exactly the span of a place."""
        return self.nodes.get((self.offset(place.line, place.column), self.offset(place.end_line, place.end_column)), [])

    def expression(self, place: Place) -> ast.expr | None:
        """Return the outermost expression with exactly the span of a place."""
        return next((n for n in self.at(place) if isinstance(n, ast.expr)), None)

    def place(self, start: int, end: int) -> Place:
        """Turn offsets into a place."""
        return Place(self.path, *self._line_column(start), *self._line_column(end))

    def _line_column(self, offset: int) -> tuple[int, int]:
        line = min(bisect_right(self.starts, offset), max(1, len(self.lines)))
        return line, offset - self.starts[line - 1] + 1

    def of(self, node: ast.AST) -> Place:
        """Return the place of a node."""
        return self.place(*self.span(node))

    @cached_property
    def comments(self) -> list[tuple[int, int]]:
        """List the spans of all comments."""
        out = []
        try:
            for token in tokens(self.text):
                if token.type == tokenize.COMMENT:
                    out.append((self.offset(token.start[0], token.start[1] + 1), self.offset(token.end[0], token.end[1] + 1)))
        except (tokenize.TokenError, SyntaxError, IndentationError):
            pass
        return out

    def has_comment(self, place: Place) -> bool:
        """Tell whether a comment is inside a place that is more than the comment itself."""
        start, end = self.offset(place.line, place.column), self.offset(place.end_line, place.end_column)
        first = bisect_right(self.comments, start, key=itemgetter(0))
        return first < len(self.comments) and self.comments[first][1] < end


class FileSources:
    """The files of a run as texts, from the bytes of the run; a file is decoded once and stays the same object."""

    def __init__(
        self,
        data: Callable[[str], bytes | None],
        mentioning: Callable[[str], Sequence[str]] = lambda _name: (),
        elsewhere: Callable[[str, str], Sequence[str]] = lambda _name, _module: (),
        paths: Callable[[], Sequence[str]] = lambda: (),
    ) -> None:
        self._data = data
        self._paths = paths
        self.elsewhere = elsewhere
        """lists files of the project outside of the run that hold both words"""
        self._known: dict[str, Source] = {}
        self._tops: frozenset[str] | None = None
        self.remembered: dict[object, Any] = {}
        """results of recipes about a whole program: they hold for all of its findings"""
        self.remembered_of_plan: dict[object, Any] = {}
        """results that hold for the findings which are fixed together"""
        self.planned: Sequence[Finding] = ()
        """the findings that are fixed together: an import is removed with its last use"""
        self.mentioning = mentioning
        """lists the files of the run whose text holds a name"""

    def __call__(self, path: str) -> Source:
        """Return the text of a file."""
        if path not in self._known:
            self._known[path] = _decoded(path, self.data(path), self._is_own)
        return self._known[path]

    def _is_own(self, top: str) -> bool:
        """Tell whether one of the files is in a package of a name, or is a module of that name."""
        if self._tops is None:
            self._tops = frozenset(part for path in self._paths() for part in path.removesuffix(".py").split("/"))
        return top in self._tops

    def data(self, path: str) -> bytes:
        """Return the bytes of a file as the run saw them."""
        return self._data(path) or b""


def encoded(text: str) -> bytes:
    """Return the bytes that a text would have as a file, by the encoding that it declares itself."""
    plain = text.encode("utf-8", "surrogatepass")
    try:
        return text.encode(_declared(plain))
    except (LookupError, ValueError):
        return plain


def _declared(data: bytes) -> str:
    from cardlint.lowering.source import declared

    return declared(data.removeprefix(b"\xef\xbb\xbf"))


def _decoded(path: str, data: bytes, is_own: Callable[[str], bool]) -> Source:
    """Decode a file as Python does; a file that cannot be decoded keeps its bytes and is no Python."""
    encoding = _declared(data)
    try:
        return Source(path, data.decode(encoding, "surrogateescape"), encoding, is_own)
    except (LookupError, ValueError):
        return Source(path, data.decode("utf-8", "surrogateescape"), is_own=is_own)
