"""Name forms: what writes a name in the tree is found in the bytes, on every program of the tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from cardlint.files.name_forms import AROUND, ONE_PASS
from cardlint.files.search import FileSearch
from tests.common import oracles
from tests.common.oracles import Parsed, is_plain, last_name
from tests.common.test_textscan import TASK, corpus


def calls(parsed: Parsed) -> Iterator[str]:
    return (name for name, _ in oracles.callees(parsed))


def methods(parsed: Parsed) -> Iterator[str]:
    for name, (start, _) in oracles.method_calls(parsed):
        if parsed.text[start : start + 1 + len(name)] == f".{name}":
            yield name


def tasks(parsed: Parsed) -> Iterator[str]:
    for node in parsed.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in TASK
            and (name := last_name(node.func.value))
        ):
            yield name


def arguments(parsed: Parsed) -> Iterator[str]:
    for node in parsed.nodes:
        if isinstance(node, ast.Call):
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                if is_plain(argument):
                    yield last_name(argument)


def bases(parsed: Parsed) -> Iterator[str]:
    for node in parsed.nodes:
        if isinstance(node, ast.ClassDef):
            yield from filter(None, map(last_name, node.bases))


def decorators(parsed: Parsed) -> Iterator[str]:
    for node in parsed.nodes:
        for decorator in getattr(node, "decorator_list", ()):
            inner = decorator.func if isinstance(decorator, ast.Call) else decorator
            if is_plain(inner):
                yield last_name(inner)


def partials(parsed: Parsed) -> Iterator[str]:
    for node in parsed.nodes:
        if isinstance(node, ast.Call) and last_name(node.func) == "partial" and node.args and is_plain(node.args[0]):
            yield last_name(node.args[0])


def stores(parsed: Parsed) -> Iterator[str]:
    """Yield the attributes that are given a value, alone, among several targets of one line, by a loop and by `with`."""
    for node in parsed.nodes:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else []
        )
        for target in targets:
            if isinstance(target, ast.Tuple):
                if target.lineno == target.end_lineno and "=" not in parsed.text[slice(*parsed.span(target))]:
                    yield from (last_name(part) for part in target.elts if is_outside(part))
            elif is_outside(target) and (not isinstance(node, ast.AnnAssign) or node.value is not None) and not bracketed(parsed, target):
                yield last_name(target)
        entered = [item.optional_vars for item in node.items] if isinstance(node, ast.With) else []
        for target in [node.target] if isinstance(node, (ast.For, ast.comprehension)) else entered:
            if target is not None and is_outside(target) and not bracketed(parsed, target) and one_line(parsed, target):
                yield last_name(target)


def is_outside(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and last_name(target.value) not in ("self", "cls") and is_plain(target)


def one_line(parsed: Parsed, node: ast.expr) -> bool:
    start, end = parsed.span(node)
    return parsed.text[:start].endswith((" as ", "for ")) and "\n" not in parsed.text[start:end] and parsed.text[end : end + 1] in " :,"


def imports(parsed: Parsed) -> Iterator[str]:
    """Yield every name that an import statement names behind the word, in a line or in parentheses."""
    for node in parsed.nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "\\" not in parsed.text[slice(*parsed.span(node))]:
            for alias in node.names:
                if alias.name != "*":
                    yield from alias.name.split(".")


def modules(parsed: Parsed) -> Iterator[str]:
    """Yield every name of a module that is written behind `from` on its line, or as a dotted text."""
    for node in parsed.nodes:
        if isinstance(node, ast.ImportFrom) and node.module and "\\" not in parsed.text[slice(*parsed.span(node))]:
            yield from node.module.split(".")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            written = parsed.text[slice(*parsed.span(node))]
            if re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)+", node.value) and written == f'"{node.value}"':
                yield from node.value.split(".")


def patched(parsed: Parsed) -> Iterator[str]:
    """Yield the name of every object that `setattr`, `vars` or `__dict__` changes, but `self` and `cls`."""
    for node in parsed.nodes:
        target: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("setattr", "vars") and node.args:
            target = node.args[0]
        elif isinstance(node, ast.Attribute) and node.attr == "__dict__":
            target = node.value
        if target is not None and is_plain(target) and last_name(target) not in ("self", "cls"):
            yield last_name(target)


def bracketed(parsed: Parsed, node: ast.expr) -> bool:
    end = parsed.span(node)[1]
    return parsed.text[end : end + 200].lstrip().startswith((")", "#"))


def seconds(parsed: Parsed) -> Iterator[str]:
    return (name for name, _ in oracles.second_names(parsed))


FORMS: dict[str, Callable[[Parsed], Iterator[str]]] = {
    "call": calls,
    "method": methods,
    "alias": seconds,
    "task": tasks,
    "argument": arguments,
    "base": bases,
    "decorator": decorators,
    "partial": partials,
    "store": stores,
    "import": imports,
    "module": modules,
    "patch": patched,
    "deleted": lambda parsed: (
        name
        for name, (start, _) in oracles.deleted(parsed)
        if re.search(rf"\b{name}\b", parsed.text[start : start + 200].partition("\n")[0])
    ),
    "def": lambda parsed: (name for name, _ in oracles.functions(parsed)),
}


def test_every_form_is_tested() -> None:
    assert FORMS.keys() == AROUND.keys() | ONE_PASS.keys()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_finds_at_least_what_the_tree_holds(form: str) -> None:
    held = 0
    for parsed in corpus():
        if "# why" in parsed.text:  # a comment between a name and what makes the form
            continue
        search = FileSearch(parsed.text.encode())
        for name in set(FORMS[form](parsed)):
            if name in parsed.text:
                held += 1
                assert search.holds(name, form), (name, parsed.text)
    assert held > 3


@pytest.mark.parametrize("head", ["A[T]", "A[T: (int, str)]", "A[T: Sequence[int], *U] ", "A [T]", "A\\\n"])
def test_classes_with_type_parameters_have_bases(head: str) -> None:
    text = f"class {head}(Base, module.Other[T]):\n    pass\n".encode()
    assert FileSearch(text).holds("Base", "base")
    assert FileSearch(text).holds("Other", "base")
