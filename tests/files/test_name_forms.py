"""Name forms: what writes a name in the tree is found in the bytes, on every program of the tests."""

from __future__ import annotations

import ast
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
    for node in parsed.nodes:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else []
        )
        for target in targets:
            alone = isinstance(target, ast.Attribute) and last_name(target.value) not in ("self", "cls")
            if alone and (not isinstance(node, ast.AnnAssign) or node.value is not None) and not bracketed(parsed, target):
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
