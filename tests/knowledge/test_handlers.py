"""Every shape, route and lead is reached by the program it is written for: what a framework passes has the class of its row."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.language.to_text import CLASSES
from cardlint.knowledge import BY_SIGNATURE, RECEIVERS
from cardlint.knowledge.schema import Library, Named, Route, Row, Shape
from tests.knowledge.test_rows import ACCESS, inferred, libraries, program

METRIC = "import prometheus_client\nM = prometheus_client.Counter('m_total', 'A metric.', ['v'])\n"


@cache
def rows() -> dict[str, Row]:
    """Return the rows of all libraries by their paths."""
    return {row.path: row for library in libraries() for row in library.rows}


@cache
def aliases() -> dict[str, str]:
    """Return the other names of rows with the names that rows have."""
    return {name: path for library in libraries() for name, path in library.aliases}


def canonical(path: str) -> str:
    """Return a path with the name that rows have for its beginning."""
    for name, target in aliases().items():
        if path == name or (path.startswith(name) and path[len(name)] in ".(["):
            return canonical(target + path[len(name) :])
    return path


NAMED_BY_PYTHON = {"builtins.type()": (".__name__", Row("builtins.type().__name__", "bounded"))}
"""Objects of Python itself, which have no rows: an access with a class."""


@cache
def onward(path: str) -> tuple[str, Row] | None:
    """Find what can be read from an object that has a class: the access that is to be written, and its row."""
    path = canonical(path)
    if path in NAMED_BY_PYTHON:
        return NAMED_BY_PYTHON[path]
    row = rows().get(path)
    if row is not None and row.cls:
        return "", row
    if row is not None and row.returns and row.returns != path:
        return onward(row.returns)
    below = [other for other in rows() if other.startswith((f"{path}.", f"{path}[", f"{path}(")) and "[*]" not in other[len(path) :]]
    for other in sorted(below, key=lambda other: (other.count("("), len(other), other)):
        row = rows()[other]
        if row.cls and not row.how:
            return other[len(path) :], row
    for other in sorted(below, key=len):
        target = rows()[other].returns
        found = onward(target) if target and not target.startswith(path) else None
        if found is not None:
            return other[len(path) :] + found[0], found[1]
    return None


def read(expression: str, access: str) -> str:
    """Write an access of a row's path as an expression."""
    for match in ACCESS.finditer(access):
        token = match[0]
        if token in ("()", "[]"):
            expression += {"()": "()", "[]": "['other-key']"}[token]
        elif token.startswith("["):
            key = token[1:-1]
            expression += f"[{key}]" if key.lstrip("-").isdigit() else f"[{key!r}]"
        else:
            expression += "." + token.lstrip(".")
    return expression


def imported(path: str) -> tuple[str, str]:
    """Return the statements before a decorator or the like, and how it is written: an instance where a class holds the method."""
    parts = path.removesuffix("()").split(".")
    place = next((number for number, part in enumerate(parts[:-1]) if part[:1].isupper()), None)
    if place is not None:
        made = f"from {'.'.join(parts[:place])} import {parts[place]}\nowner = {parts[place]}()\n"
        return made, ".".join(("owner", *parts[place + 1 :]))
    if len(parts) == 1:
        return f"import {parts[0]}\n", parts[0]
    return f"from {'.'.join(parts[:-1])} import {parts[-1]}\n", parts[-1]


def of_shape(library: Library, shape: Shape, key: str, label: str) -> str:
    """Write a function that a shape describes, with one of its parameters in a label."""
    named = [name for name, _ in shape.params if not name.startswith("#") and name not in shape.signature]
    places = [int(name[1:]) for name, _ in shape.params if name.startswith("#")]
    names = [*shape.signature]
    names += [f"p{number}" for number in range(len(names), max(places, default=-1) + 1)]
    names += named
    parameter = names[int(key[1:])] if key.startswith("#") else key
    name = shape.method.replace("*", "one") or "handle"
    method = bool(shape.base) or (bool(shape.method) and not shape.decorator)
    known = [known for known in BY_SIGNATURE if known.framework == shape.framework]
    known.sort(key=lambda known: known.signature != shape.signature)
    packages = known[0].packages if known else library.packages
    lines, decorated = [f"import {packages[0]}\n"], ""
    if shape.decorator:
        before, written = imported(shape.decorator)
        lines.append(before)
        decorated = f"@{written}{'(1)' if shape.decorator.endswith('()') else ''}\n"
    base = ""
    if shape.base:
        before, base = f"from {shape.base.rpartition('.')[0]} import {shape.base.rpartition('.')[2]}\n", shape.base.rpartition(".")[2]
        lines.append(before)
    head = f"def {name}({', '.join((['self'] if method else []) + names)}):\n    M.labels(v={read(parameter, label)}).inc()\n"
    if method:
        head = f"class Handler{f'({base})' if base else ''}:\n" + "".join(f"    {line}\n" for line in (decorated + head).splitlines())
    else:
        head = decorated + head
    if shape.attribute:
        before, written = imported(shape.attribute)
        head = before + head + f"{written} = {name}\n"
    if shape.passed:
        head += receiving(shape.passed, shape.places[0], name)
    return METRIC + "".join(lines) + head


def test_the_names_of_receivers_are_those_of_the_shapes() -> None:
    passed = {shape.passed for library in libraries() for shape in library.shapes if shape.passed}
    assert {path.removesuffix("()").rpartition(".")[2] for path in passed} == RECEIVERS


def receiving(path: str, place: str, name: str) -> str:
    """Write the call that gets a function: of any object, where the path begins with a dot."""
    before, written = imported(path) if not path.startswith(".") else ("", f"anything{path.removesuffix('()')}")
    others = "0, " * int(place[1:]) if place.startswith("#") else f"{place}="
    return f"{before}{written}({others}{name})\n"


SHAPES = [
    pytest.param(
        library,
        shape,
        key,
        path,
        id=f"{library.packages[0]} {shape.decorator or shape.base or shape.attribute or shape.passed} {shape.method} {key}",
    )
    for library in libraries()
    for shape in library.shapes
    for key, path in shape.params
]


@pytest.mark.parametrize(("library", "shape", "key", "path"), SHAPES)
def test_a_parameter_of_a_shape_has_the_class_of_its_row(library: Library, shape: Shape, key: str, path: str, tmp_path: Path) -> None:
    found = onward(path)
    assert found is not None, f"nothing is known of `{path}`"
    access, row = found
    source = of_shape(library, shape, key, access)
    value = inferred(source, tmp_path)
    assert value.bound is CLASSES[row.cls], f"{value.why}\n{source}"


NAMES = [pytest.param(named, id=f"{named.packages[0]} {named.name}") for library in libraries() for named in library.names]


@pytest.mark.parametrize("named", NAMES)
def test_a_parameter_with_a_usual_name_has_the_class_of_its_row(named: Named, tmp_path: Path) -> None:
    found = onward(named.path)
    assert found is not None, f"nothing is known of `{named.path}`"
    access, row = found
    head = f"def handle({', '.join((*named.others, named.name))}):\n    M.labels(v={read(named.name, access)}).inc()\n"
    value = inferred(f"{METRIC}import {named.packages[0]}\n{head}", tmp_path)
    assert value.bound is CLASSES[row.cls], f"{value.why}\n{head}"
    assert inferred(METRIC + head, tmp_path).why != value.why, "nothing of the library is imported"


SYNTAX = {"{}": "/a/{sent_id}", "<>": "/a/<sent_id>", "<:>": "/a/<sent_id>", "re": r"/a/(?P<sent_id>[^/]+)"}
ROUTES = [pytest.param(library, route, id=f"{route.decorator} {route.handler}") for library in libraries() for route in library.routes]


def of_route(library: Library, route: Route, parameters: str, label: str) -> str:
    """Write a handler with a route, as a decorated function or in a table of URLs."""
    before, written = imported(route.decorator)
    if any(shape.decorator == route.decorator and shape.params[0][0] == "#0" for shape in library.shapes):
        parameters = f"request, {parameters}"
    head = f"def handle({parameters}):\n    M.labels(v={label}).inc()\n"
    pattern = SYNTAX[route.syntax]
    arguments = {route.pattern: repr(pattern)} | ({route.handler: "handle"} if route.handler else {})
    given = [arguments.pop(f"#{number}", "'x'") for number in range(max((int(a[1:]) for a in arguments if a[0] == "#"), default=-1) + 1)]
    given += [f"{name}={value}" for name, value in arguments.items()]
    call = f"{written}({', '.join(given)})"
    lines = METRIC + f"import {library.packages[0]}\n" + before
    return lines + (f"{head}TABLE = [{call}]\n" if route.handler else f"@{call}\n{head}")


@pytest.mark.parametrize(("library", "route"), ROUTES)
def test_a_part_of_the_url_is_what_the_client_sends(library: Library, route: Route, tmp_path: Path) -> None:
    source = of_route(library, route, "sent_id", "sent_id")
    value = inferred(source, tmp_path)
    assert (value.bound, value.kind) == (Bound.UNBOUNDED, "identity"), f"{value.why}\n{source}"
    if route.others:
        assert inferred(of_route(library, route, "sent_id, asked", "asked"), tmp_path).bound is Bound.UNBOUNDED
    if route.body:
        assert inferred(of_route(library, route, f"sent_id, {route.body}", route.body), tmp_path).kind == "body"
    if route.validates:
        source = "from typing import Literal\n" + of_route(library, route, "sent_id: Literal['a', 'b']", "sent_id")
        assert inferred(source, tmp_path).bound is Bound.EXACTLY


EXPORTERS = {exporter.path + "()" for library in libraries() for exporter in library.exporters}
LEADS = [
    row for library in libraries() for row in library.rows if row.returns and not row.cls and not row.how and row.path not in EXPORTERS
]
"""Rows that only lead on. A call of an exporter gives a label itself, so `tests/inference/frameworks` has programs for those."""


@pytest.mark.parametrize("row", LEADS, ids=[row.path for row in LEADS])
def test_a_row_that_leads_on_gives_what_is_known_there(row: Row, tmp_path: Path) -> None:
    """Where no row below the target has a class, the reason for an attribute that no row has names the target."""
    found = onward(row.returns)
    access = found[0] if found is not None else ".other"
    source = program(replace(row, path=re.sub(r"\.\*$", ".any_name", row.path))).replace(".get('other-id')", ".get()")
    entered = re.fullmatch(r"(?s)(.*)def handle\(\):\n    M\.labels\(v=(.*)\.__(a?)enter__\(\)\)\.inc\(\)\n", source)
    if entered is not None:
        head, manager, asynchronous = entered.groups()
        word = "async " if asynchronous else ""
        source = f"{head}{word}def handle():\n    {word}with {manager} as given:\n        M.labels(v=given).inc()\n"
    source = re.sub(r"\(v=(.*)\)\.inc", lambda m: f"(v={read(m[1], access)}).inc", source)
    value = inferred(source, tmp_path)
    if found is not None:
        assert value.bound is CLASSES[found[1].cls], f"{value.why}\n{source}"
    else:
        last = canonical(row.returns).rpartition(".")[2]
        assert value.why == f"nothing is known about `{last}.other`", source
