"""The law of outlines: what is lowered on demand says what the whole file says, whatever is asked for first."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from cardlint.ir.model import ModuleIR
from cardlint.lowering.reader import read
from tests.lowering.sources import Generator

ROOT = Path(__file__).resolve().parents[2]
OWN = sorted(p for folder in ("cardlint", "tests") for p in (ROOT / folder).rglob("*.py"))
INDEX = re.compile(r"(FunctionDef|ClassDef)\(index=(\d+)")
COMPARED = (
    "kind", "name", "defs", "returns", "stores", "params", "decorators", "annotation", "annotations", "guards", "yields", "names", "exits", "is_async",
)  # fmt: skip
ABOVE = "".join(f"A{n} = {n}\n" for n in range(45))
BODY = "    a = 1\n    b = 2\n    c = 3\n"
BELOW = "def below(y):\n    a = y\n    foo(a)\n    return a\n"


def said(facts: ModuleIR) -> tuple[object, ...]:
    """Return all that facts say, with functions and classes by name and place in place of their index."""
    for ir in list(facts.functions):
        assert ir.defs is not None  # lowers it

    def named(match: re.Match[str]) -> str:
        index = int(match[2])
        ir = facts.functions[index] if match[1] == "FunctionDef" else facts.classes[index]
        return f"{match[1]}({ir.qualname} at {ir.at}"

    def of(ir: object, fields: tuple[str, ...]) -> str:
        return INDEX.sub(named, repr([getattr(ir, field) for field in fields]))

    functions = Counter((f.qualname, f.at, facts.functions[max(f.parent, 0)].qualname, of(f, COMPARED)) for f in facts.functions)
    classes = Counter((c.qualname, c.at, tuple(c.methods), of(c, ("bases", "keywords", "decorators"))) for c in facts.classes)
    return functions, classes, all_calls(facts), facts.comments


def all_calls(facts: ModuleIR) -> dict[str, list[tuple[object, ...]]]:
    return {name: places(facts, facts.lowered_calls(name)) for name in sorted(facts.calls)}


def places(facts: ModuleIR, calls: object) -> list[tuple[object, ...]]:
    return [(facts.functions[f].qualname, facts.functions[f].at, d) for f, d in calls]  # type: ignore[attr-defined]


def obeys(data: bytes) -> bool:
    """Check the law for a source; False where it is none, or nothing of it was left out."""
    whole = read("a.py", data, whole=True)
    lazy = read("a.py", data)
    if whole.error or lazy.source is None:
        return False
    for number, name in enumerate(sorted(whole.calls)):
        if number % 8 == len(data) % 8 or len(whole.calls) < 8:
            fresh = read("a.py", data)
            assert places(fresh, fresh.calls_named(name)) == places(whole, whole.calls_named(name)), name
    assert said(lazy) == said(whole)
    return True


@pytest.mark.parametrize("part", range(4))
def test_cardlint_itself(part: int) -> None:
    assert sum(obeys(path.read_bytes()) for path in OWN[part::4]) > 20


@pytest.mark.parametrize("seed", range(6))
def test_generated_sources(seed: int) -> None:
    generator = Generator(seed)
    assert sum(obeys(generator.source()) for _ in range(40)) > 12


NASTY = {
    "a comment ends in a backslash": f"def f():\n{BODY}    # c:\\\n{BELOW}",
    "a comment behind code ends in a backslash": f"def f():\n{BODY}    d = 4  # c:\\\n{BELOW}",
    "a comment ends in a backslash beside all quotes": f"def f():\n{BODY}# c:\\\n{BELOW}# '''\n{BELOW}",
    "a continued string holds long quotes": (
        f'def f():\n{BODY}    b = \'a \\\n""" \\\n\'\n{BELOW}class K:\n    """doc"""\n    w = \'x \\\n""" \\\n\'\n{BELOW}'
    ),
    "a name is written with a ligature": f"def f():\n{BODY}    ﬁle(3)\n{BELOW}",
    "a name is called in brackets": f"def f():\n{BODY}    (foo)(3)\n    ((bar))  (4)\n{BELOW}",
    "a comment stands before the arguments": f"def f():\n{BODY}    (foo # why\n    (3))\n{BELOW}",
    "a name is called in the next line": f"def f():\n{BODY}    foo\\\n    (3)\n    (bar\n   (3))\n{BELOW}",
    "a line of a body holds a backslash alone": f"def f():\n{BODY}\\\n    d = 4\n    return d\n{BELOW}",
    "dedents are odd": f"class A:\n      def f(self):\n        a = 1\n        b = 2\n      # c\n   # d\n      def g(self):\n       foo()\n       b = 2\n       c = 3\n  # e\n      x = 3\n{BELOW}",
    "code stands in a string": f"x = '''\ndef f():\n{BODY}'''\n{BELOW}y = \"\"\"\n'''\ndef q():\n{BODY}\"\"\"\n{BELOW}",
    "one name is defined several times": f"def f(): pass\ndef f():\n{BODY}{BELOW}{BELOW}",
    "tabs": f"class A:\n\tdef f(self):\n\t\ta = 1\n\t\tb = 2\n\n\t\treturn a\n \n\tx = 1\n{BELOW}",
    "brackets close at the left": f"def f():\n{BODY}    d = [\n1,\n2,\n]\n    return d\n{BELOW}",
    "the file ends in a comment": f"{BELOW}def f():\n{BODY}    # \\",
    "a header that goes on": f"@dec(\n 1,\n)\nasync \\\n def f(\n  x: {{1:2}} = {{3:4}}, # ) :\n  *a: 'x:y',\n) -> Dict[\n 1:2]:\n\n    # c\n{BODY}{BELOW}",
    "a handler ends in a function": f"try:\n    pass\nexcept ValueError as e:\n    def f():\n        a = 1\n        b = 2\n        if a:\n            b = 3\n{BELOW}",
    "a quoted annotation": f"def f():\n{BODY}    d: 'foo(1)' = 4\n{BELOW}",
    "a feature of another time": f"from __future__ import barry_as_FLUFL\ndef f():\n{BODY}    return a <> b\n{BELOW}",
}


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sources_that_hide_where_a_body_ends(name: str, end: str) -> None:
    obeys((ABOVE + NASTY[name]).replace("\n", end).encode())


def test_hidden_bodies_of_large_files_are_found() -> None:
    """Twenty thousand functions, of which one is asked for."""
    many = "".join(f"def f{n}(x):\n    a = g{n}(x)\n    b = 2\n    return a, b\n\n\n" for n in range(20_000))
    facts = read("a.py", many.encode())
    ((function, _),) = facts.calls_named("g19999")
    assert facts.functions[function].name == "f19999"
    assert sum(f.reveal is None for f in facts.functions) == 2
