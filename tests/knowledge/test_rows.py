"""Every row is reached by the spelling it is written for: the row's own path, as a program, has the row's class."""

from __future__ import annotations

import inspect
import re
from bisect import bisect_left
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from cardlint.config import Config
from cardlint.engine import run
from cardlint.inference.domain.value_sets import ValueSet
from cardlint.inference.language.to_text import CLASSES
from cardlint.knowledge import STANDARD, WHERE, schema
from cardlint.knowledge.schema import Library, Row

ACCESS = re.compile(r"\.?([A-Za-z_]\w*)|\([^()]*\)|\[([^\]]*)\]")
GET = re.compile(r"\.get\((\w+)\)")
"""`scope.get("route")` is the same as `scope["route"]`."""
PSEUDO = ("asgi.", "wsgi.")
"""Paths of protocols: they have no module to import, and are reached by the shapes of callables."""


def libraries() -> list[Library]:
    """Load every library of rows."""
    return [import_module(f"cardlint.knowledge.{module}").LIBRARY for module in (*STANDARD, *WHERE)]


def test_every_file_of_rows_is_loaded() -> None:
    modules = {path.stem for path in Path(schema.__file__).parent.glob("*.py") if "\nLIBRARY = " in path.read_text()}
    assert modules == {*STANDARD, *WHERE}


ROWS = [
    row
    for library in libraries()
    for row in library.rows
    if row.cls and not row.path.startswith(PSEUDO) and not any(part in row.path for part in ("(device)", "(input)"))
]
"""All rows with a class; `tests/inference/models/devices.md` has those of folders whose place says what is in them, `paths-of-clients.md` those of input."""


def program(row: Row) -> str:
    """Write the access path of a row as a program that gives the value to a label."""
    tokens = [m.group(0) for m in ACCESS.finditer(row.path)]
    head: list[str] = []
    while tokens and tokens[0][0] not in "([":
        head.append(tokens.pop(0).lstrip("."))
        if head[-1][:1].isupper():
            break
    lines = ["import prometheus_client", "M = prometheus_client.Counter('m_total', 'A metric.', ['v'])"]
    is_class = head[-1][:1].isupper() and (not tokens or tokens[0] != "()")
    if head[0] == "builtins":
        lines.append("import builtins")
        base = "builtins." + ".".join(head[1:])
    else:
        module = ".".join(head[:-1]) or head[0]
        if len(head) > 1:
            lines.append(f"from {module} import {head[-1]}")
            base = head[-1]
        else:
            lines.append(f"import {module}")
            base = module
    lines.append(f"def handle(given: {base}):" if is_class else "def handle():")
    expression = "given" if is_class else base
    count = 0
    for token in tokens:
        if token == "[*]":
            count += 1
            lines.append(f"    for item{count} in {expression}:")
            lines.append("        pass")
            expression = f"item{count}"
        elif token == "[]":
            expression += "['other-id']"
        elif token.startswith("["):
            key = token[1:-1]
            expression += f"[{key}]" if key.lstrip("-").isdigit() else f"[{key!r}]"
        elif token.startswith("(") and len(token) > 2:
            expression += f"({token[1:-1]!r})"
        elif token == "()":
            expression += "('other-id')" if expression.endswith(".get") else "()"
        else:
            expression += "." + token.lstrip(".")
    lines.append(f"    M.labels(v={expression}).inc()")
    return "\n".join(lines) + "\n"


def inferred(source: str, folder: Path) -> ValueSet:
    """Analyse a program and return the value of its label."""
    (folder / "program.py").write_text(source)
    values = [arg.value for site in run([str(folder)], Config(root=str(folder))).program.sites for arg in site.args]
    assert len(values) == 1
    return values[0]


@pytest.mark.parametrize("row", ROWS, ids=[row.path for row in ROWS])
def test_the_rows_own_path_has_the_rows_class(row: Row, tmp_path: Path) -> None:
    """Class, kind and size are those of the row."""
    source = program(row)
    value = inferred(source, tmp_path)
    assert value.bound is CLASSES[row.cls], f"{value.why}\n{source}"
    assert value.named is (row.likely and row.cls == "bounded"), "a size that rests on a name alone is one by name"
    if row.why and value.bound.name not in ("EXACTLY", "BOUNDED"):
        assert value.kind == row.kind
    if row.size is not None:
        assert value.size in (row.size, row.size + row.path.count(".get("))  # `.get` may give None, too


ITEM = re.compile(r"\[[^*\]]*\]$")
READ = [row for row in ROWS if ITEM.search(row.path) and not ITEM.search(row.path)[0][1:-1].lstrip("-").isdigit()]
"""Rows of an item under a key that is a text."""


@pytest.mark.parametrize("row", READ, ids=[row.path for row in READ])
def test_what_get_returns_is_the_item(row: Row, tmp_path: Path) -> None:
    """`headers.get("a")` is `headers["a"]` or None, and so no row of its own says it; the key has a keyword, too."""
    key = ITEM.search(row.path)[0][1:-1]
    read = program(row)
    written = f"[{(key or 'other-id')!r}]"
    assert read.count(written) == 1, read
    for call in (f".get({(key or 'other-id')!r})", f".get(key={(key or 'other-id')!r})"):
        value = inferred(read.replace(written, call), tmp_path)
        assert value.bound is CLASSES[row.cls], f"{value.why}\n{read}"


def test_the_table_of_modules_agrees_with_the_modules() -> None:
    """A module is loaded for exactly the packages it says it knows, or for those that use its request class."""
    for module, known in WHERE.items():
        library = import_module(f"cardlint.knowledge.{module}").LIBRARY
        assert set(library.packages) <= set(known), module


def test_a_row_that_leads_on_leads_to_other_rows() -> None:
    """A row without a class says where an attribute or a result goes on; a slip in that path would make it silent."""
    rows = [row for library in libraries() for row in library.rows]
    known = sorted({row.path for row in rows} | {GET.sub(r"[\1]", row.path) for row in rows})
    leads = [row for row in rows if row.returns and not row.cls and not row.how]
    assert len(leads) > 300
    for row in leads:
        target = GET.sub(r"[\1]", row.returns)
        found = known[bisect_left(known, target) :][:1]
        assert any(re.match(rf"{re.escape(target)}(?:$|[.(\[])", path) for path in found), row


def test_no_two_rows_of_one_path() -> None:
    """Two rows of one path would hide one of them."""
    paths = [row.path for library in libraries() for row in library.rows]
    assert sorted({p for p in paths if paths.count(p) > 1}) == []


def test_rows_are_of_the_classes_and_kinds_that_there_are() -> None:
    """Types say it; a builder of rows that takes any text would not."""
    classes, kinds = set(get_args(schema.Class)), set(re.findall(r'^ {8}"([a-z-]*)",$', inspect.getsource(schema), re.M))
    assert len(kinds) > 50
    for library in libraries():
        for row in library.rows:
            assert row.cls in classes, row
            assert row.kind in kinds, row
