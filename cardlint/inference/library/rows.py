"""Knowledge rows looked up by path; the rows of a library are loaded when the analysed code names it."""

from __future__ import annotations

import builtins
from bisect import bisect_left
from functools import lru_cache

from cardlint.common.expressions import Expression
from cardlint.inference.codebase.tree import LinkSettings
from cardlint.inference.library.clients import Clients
from cardlint.inference.limits import MAX_LIBRARY_NAMES
from cardlint.knowledge import CARRIED_BY, LIKELY, clients, load
from cardlint.knowledge.schema import Exporter, Framework, Named, Route, Row, Shape, Sink, Wrapper
from cardlint.knowledge.tables import COLUMN_MODULES, COLUMNS

KEY = Expression(r"\[[^\]*][^\]]*\]")
BUILTINS = frozenset((*dir(builtins), "__file__"))


class Library:
    """The rows that the run has loaded so far, the user's own rows before the built-in ones."""

    def __init__(self, settings: LinkSettings) -> None:
        self.clients = Clients(clients.CLIENTS)
        self.rows: dict[str, Row] = {}
        self.shapes: list[Shape] = []
        self.routes: list[Route] = []
        self.exporters: list[Exporter] = []
        self.names: list[Named] = []
        self.frameworks: list[Framework] = []
        self.aliases: dict[str, str] = {}
        self.loaded: set[str] = set()
        self.user: dict[str, Row] = {row.path: row for row in (*settings.sources, *settings.bounders)}
        self.sinks: dict[str, Sink] = {sink.path: sink for sink in settings.sinks}
        self.wrappers: dict[str, Wrapper] = {wrapper.path: wrapper for wrapper in settings.wrappers}
        self.has_user_rows = bool(self.user or self.wrappers)
        self.found: dict[str, Row | None] = {}
        self.items: dict[str, bool] = {}
        self.below: dict[str, bool] = {}
        self.any_name: dict[str, Row] = {}
        """rows for all attributes of an object that no other row knows: the databases of a client"""
        self._sorted: list[str] | None = None
        self.likely = LIKELY
        """how paths begin of objects that are told by their names alone"""
        self.need("")

    def need(self, package: str) -> None:
        """Load the rows of a package, once. The empty name means the rows that every run has."""
        if package in self.loaded:
            return
        self.loaded.add(package)
        known = load(frozenset({package} if package else ()))
        if not known.rows and not known.shapes and not known.routes and not known.exporters and not known.aliases:
            return
        self.rows.update(known.rows)
        self.any_name.update((path[:-2], row) for path, row in known.rows.items() if path.endswith(".*"))
        self.shapes.extend(s for s in known.shapes if s not in self.shapes)
        self.routes.extend(r for r in known.routes if r not in self.routes)
        self.exporters.extend(e for e in known.exporters if e not in self.exporters)
        for sink in known.sinks:
            self.sinks.setdefault(sink.path, sink)
        self.names.extend(n for n in known.names if n not in self.names)
        self.frameworks.extend(f for f in known.frameworks if f not in self.frameworks)
        self.aliases.update(known.aliases)
        self.found.clear()
        self.items.clear()
        self.below.clear()
        self._sorted = None

    def _need_path(self, path: str) -> None:
        top = path.partition(".")[0].partition("(")[0].partition("[")[0]
        top = CARRIED_BY.get(top, top)
        if top not in self.loaded:
            self.need(top)

    def knows(self, module: str) -> bool:
        """Tell whether rows exist for the top package of a module."""
        self._need_path(module)
        top = module.partition(".")[0]
        return self._begins(top + ".")

    def canonical(self, path: str) -> str:
        """Replace an alias prefix by the name of the rows: `fastapi.Request` by Starlette's."""
        self._need_path(path)
        for _ in range(MAX_LIBRARY_NAMES):
            for end in _ends(path):
                target = self.aliases.get(path[:end])
                if target is not None and target != path[:end]:
                    path = target + path[end:]
                    self._need_path(path)
                    break
            else:
                return path
        return path

    def row(self, path: str) -> Row | None:
        """Find the row of a path: exact, then with any key for constant ones, then the longest deep prefix.

        A longer prefix that is a value of a small set says otherwise: `e.code().name.lower()` is no text of the exception `e`.
        """
        if path in self.found:
            return self.found[path]
        row = self.own(path)
        if row is None:
            for end in reversed(_ends(path)[:-1]):
                prefix = self.user.get(path[:end]) or self.rows.get(path[:end])
                if prefix is None and "[" in path[:end]:
                    prefix = self.rows.get(KEY.regex.sub("[]", path[:end]))
                if prefix is not None and (prefix.deep or prefix.cls not in ("", "unbounded")):
                    row = prefix if prefix.deep else None
                    break
        self.found[path] = row
        return row

    def own(self, path: str) -> Row | None:
        """Find the row of exactly this path. A row of a prefix of the path does not say how a call computes."""
        self._need_path(path)
        row = self.user.get(path) or self.rows.get(path)
        if row is None and "[" in path:
            for loose in (f"{path[: path.rindex('[')]}[]" if path.endswith("]") else "", KEY.regex.sub("[]", path)):
                row = row or self.user.get(loose) or self.rows.get(loose)
        return row

    def has_items(self, path: str) -> bool:
        """Tell whether rows know items of a path: what `get` returns is then one of them."""
        known = self.items.get(path)
        if known is None:
            self._need_path(path)
            known = self.items[path] = self._begins(path + "[") or any(row.startswith(path + "[") for row in self.user)
        return known

    def is_likely(self, path: str) -> bool:
        """Tell whether an object was told by its name alone: then it has what the rows say, and anything else."""
        return path.startswith(self.likely)

    def has_below(self, path: str) -> bool:
        """Tell whether rows know something that is reached from a path."""
        known = self.below.get(path)
        if known is None:
            known = self.below[path] = any(self._begins(path + sign) for sign in ".[(")
        return known

    def _begins(self, prefix: str) -> bool:
        """Tell whether the path of a loaded row begins with a text. There are thousands of rows, so they are sorted once."""
        if self._sorted is None:
            self._sorted = sorted(self.rows)
        position = bisect_left(self._sorted, prefix)
        return position < len(self._sorted) and self._sorted[position].startswith(prefix)

    def onward(self, path: str) -> str:
        """Return the path from which accesses continue: the class of the result where a row names it."""
        for _ in range(MAX_LIBRARY_NAMES):
            row = self.user.get(path) or self.rows.get(path) or self.rows.get(KEY.regex.sub("[]", path) if "[" in path else path)
            if row is None and self.any_name and not self.has_below(path):
                row = self.any_name.get(path.rpartition(".")[0])
            if row is None or not row.returns or row.returns == path:
                return path
            path = self.canonical(row.returns)
        return path

    def template_for(self, path: str) -> str:
        """Return the route template expression of the framework that a raw path comes from, for advice."""
        top = path.partition(".")[0].partition("(")[0].partition("[")[0]
        top = CARRIED_BY.get(top, top)
        for framework in self.frameworks:
            if top in framework.packages or top == framework.name:
                return framework.template
        return ""

    def star(self, module: str, name: str) -> str | None:
        """Return what `from module import *` gives under a name, when rows or aliases know it."""
        path = f"{module}.{name}"
        if self.clients.star(module, name):
            return path
        canonical = self.canonical(path)
        if canonical != path:
            return canonical
        prefix = path + "."
        call = path + "("
        if path in self.rows or any(r.startswith((prefix, call)) for r in self.rows):
            return path
        return path if module in COLUMN_MODULES and name in COLUMNS else None

    def is_builtin(self, name: str) -> bool:
        """Tell whether a name is a builtin of Python."""
        return name in BUILTINS


@lru_cache(4096)
def _ends(path: str) -> tuple[int, ...]:
    """List the positions where a prefix of the path ends: before each access, and at the very end."""
    ends: list[int] = []
    depth = 0
    for position, char in enumerate(path):
        if char in ".([" and depth == 0 and position:
            ends.append(position)
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
    return (*ends, len(path))
