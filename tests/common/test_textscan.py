"""Textscan: each form finds at least what the syntax tree and the tokens hold of its kind, or exactly what it claims."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import cardlint
from cardlint.common import textscan
from cardlint.common.textscan import Form, NameForm
from cardlint.inference.prometheus.exporters import imported
from cardlint.lowering.outline import _behind_colon, _one_line_strings
from cardlint.lowering.source import declared
from tests.common import oracles
from tests.common.oracles import Named, Parsed, Place, last_name, touched
from tests.frozen.test_frozen import programs
from tests.lowering.sources import Generator

PACKAGE = Path(cardlint.__file__).parent
HARD = (
    "put = VAR.set\nput = (VAR\n.set)\nput = [m.VAR . set, VAR.  # why\n set]\nVAR.set(1)\nmap(VAR.set, xs)\n",
    "x.labels \\\n  ('a').inc()\n",
    "(x.labels)('a')\n",
    "x . labels ( 'a' )\n",
    "(x.  # why\n labels('a'))\n",
    "(x.labels  # why\n ('a'))\n",
    "x\\\n.labels('a')\n",
    "import a, b.c as d, \\\n  e\n",
    "import\\\n a\nfrom\\\n b import c\n",
    "x = 1; import a\nif x: from b.c import d, e\n",
    "from . import a\nfrom .b import c\nfrom ..d.e import (\n f,\n  g,\n)\n",
    "def f():\n    from a . b import c\n    import d . e\n",
    "from a import*\nfrom b import(c)\n",
    "def f():\n    global a, \\\n  b\n    global\\\n  c\n    a = b = c = 1\n",
    "setattr(a, k, 1)\nsetattr(b.c, k, 1)\nvars(d)[k] = 1\ne.__dict__[k] = 1\nvars(f).update(g)\nh.i.__dict__ |= j\n",
    "a.b, c.d = 1, 2\nfor a.e in b: pass\nwith a as b.c: pass\n(a.f) = 1\na.g: int = 1\n",
    "del a\ndel a, b.c\ndel (a,\n b)\ndel \\\n a\nif x: del a; del b\ndel x[0], a  # why\ndel [a, b]\n",
    "def f():\n    a = 1\n    def g():\n        nonlocal a; a = 2\n",
    "x[0] = 1\nx[0] \\\n  = 2\n(x[0]) = 3\n[x[0], y] = z\n(x[0], y[\n1]) = z\n(x[0]  # why\n, y) = z\n",
    "x[0] += 1\nx[0] //= 1\nx[0] **= 2\nx[0] |= y\nx |= y\nx \\\n |= y\nx[0]: int = 3\n",
    "for x[0] in y: pass\nfor (x[0], *y[1]) in z: pass\nwith a as x[0]: pass\nwith a as (x[0]), b as y: pass\n[0 for x[0] in y]\n",
    "x[y[0]] = 1\nx[0][1] = 2\nx[(y[0])] = 3\nx[0:1] = []\nx[y[0]]: int = 1\n",
    "x.append(1)\nx . append (1)\nx.\\\n append(1)\n(x.append)(1)\n(x.append  # why\n (1))\n(x.  # why\n append(1))\n",
    "class A:\n    def f(self):\n        self.x: int = 1\n        self.y : int\n        (self.z): int = 2\n        self . w \\\n : int = 3\n",
    "def f():\n    class A(B): pass\n    class C \\\n (D): pass\n    class E(\n B): pass\n    class F(metaclass=G): pass\n",
    "if x:\n    class A(B): pass\n",
    "def\tf(): pass\ndef \\\n g(): pass\nasync def h(): pass\nasync  def  i  (): pass\n",
    "f(g)\nf(g , 1)\nf(1, g)\nf(k=g)\nf(g \\\n, 1)\nf(g  # why\n)\nf((g))\nf(*g)\nf(**g)\nf(a.g)\nf(\n    g,\n)\n",
    "g.delay(1)\ng . delay (1)\ng\\\n.delay(1)\n(g).delay(1)\n(g  # why\n .delay(1))\n(g.delay)(1)\na.g.delay(1)\n",
    "T[x](1)\nT . get(x)(1)\nT \\\n[x](1)\n(T)[x](1)\n(T  # why\n[x](1))\na.T[x](1)\nT.x(1)\n",
    "MyMetric(1)\n(Counter)(1)\nCounter \\\n (1)\n(Counter  # why\n (1))\nmake_metric(1)\nMETRICS_OF(1)\na.HistogramFamily(1)\n(make_counter)(1)\n",
    "p = partial(f)\np = functools . partial (f, 1)\np = partial(\n f, 1)\np = partial \\\n (a.f)\np = partial( # why\n f)\n",
    "h = f\nh = a.f\n  \nif h:\n    g = a.b.f  # why\n",
    "x = 1  # cardlint: ignore\ny = 2  # cardlint: ignore-file[CL1] -- why\nz = 3  # cardlint:bounded = 3 until=2030-01-01 -- why\n",
    "x = 1  # no, cardlint: ignore [ a , b ] until = 2030-01-01 -- why # more\ny = 2  # cardlint: ignored\nz = 3  # cardlint: boundedness\n",
    "x = f'a'\ny = rf'b'\nz = Rf\"\"\"c\n\"\"\"\nw = fR'''d'''\nv = F\"e\"\n",
    "x = '''a\n# no comment\n'''  # comment \"'\ny = \"it's\"  # 'x\nz = r'\\''  # c\n",
    "def f(a, b) -> int:\n    return 1\ndef g(a=(1,)) -> Dict[int, List[str]]:  # why\n    return 1\ndef h(a): return 1\ndef i(a) -> 'x:y':\n    return 1\n",
    "def f(x='):'):\n    return 1\ndef g(\n  a,\n  b,\n):\n    return 1\n",
)  # fmt: skip


@cache
def corpus() -> tuple[Parsed, ...]:
    """Return the texts that parse: hard spellings, together and one by one, generated sources, and every program of the tests."""
    out: dict[str, Parsed | None] = {}
    texts = [*HARD]
    for text in HARD:
        texts.extend(filter(None, (ast.get_source_segment(text, statement) for statement in ast.parse(text).body)))
    for seed in range(8):
        generator = Generator(seed)
        texts.extend(generator.source().decode("utf-8", "replace") for _ in range(12))
    texts.extend(text for _, files in programs() for name, text in files.items() if name.endswith(".py"))
    for text in texts:
        if text in out or "\f" in text or "\r" in text:
            continue
        try:
            out[text] = Parsed(text)
        except (SyntaxError, ValueError, tokenize.TokenError):
            out[text] = None
    return tuple(parsed for parsed in out.values() if parsed is not None)


def places(pattern: re.Pattern[str], text: str) -> list[Place]:
    """Return where a pattern matches."""
    return [match.span() for match in pattern.finditer(text)]


# forms that find places ----------------------------------------------------------------------------------------------------


def strings(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield strings and comments; formatted strings have tokens of their own from Python 3.12 on."""
    for token, place in oracles.of_tokens(parsed, tokenize.STRING, tokenize.COMMENT):
        yield token.string, place


def formatted(parsed: Parsed, long: bool) -> Iterator[Place]:
    starts = (tokenize.STRING, getattr(tokenize, "FSTRING_START", tokenize.STRING), getattr(tokenize, "TSTRING_START", tokenize.STRING))
    for token, place in oracles.of_tokens(parsed, *starts):
        quote = min(position for position in (token.string.find("'"), token.string.find('"')) if position >= 0)
        prefix = token.string[:quote].lower()
        if ("f" in prefix or "t" in prefix) and (not long or token.string[quote : quote + 3] in ("'''", '"""')):
            yield place[0], place[0] + quote + 1


PLACES: dict[str, Callable[[Parsed], Iterator[Place]]] = {
    "FORMATTED": lambda parsed: formatted(parsed, long=False),
    "FORMATTED_LONG": lambda parsed: formatted(parsed, long=True),
    "DEFINES": lambda parsed: (
        (start, start + 4) for name, (start, end) in oracles.functions(parsed) if parsed.text[start + 3 : start + 4] in " \t"
    ),
    "FUNCTION": lambda parsed: (place for _, place in oracles.functions(parsed) if "\\" not in parsed.text[slice(*place)]),
    "INNER_CLASS": oracles.inner_classes,
    "OUTER": oracles.outer,
    "ITEM_STORED": oracles.stored_items,
    "CHANGED": oracles.changes,
}
TASK = ("delay", "send")


def capital(parsed: Parsed) -> Iterator[tuple[str, Place]]:
    """Yield the calls of what is named like a class."""
    return ((name, place) for name, place in oracles.callees(parsed) if "A" <= name[0] <= "Z")


NAMES: dict[str, list[tuple[Named, Callable[[NameForm, str], re.Pattern[str]]]]] = {
    "DEFINED": [(oracles.functions, lambda form, name: form.of(name=[name]))],
    "METHOD_CALLED": [(oracles.method_calls, lambda form, name: form.of(names=[name, "inc"]))],
    "RECEIVER": [
        (oracles.callees, lambda form, name: form.of(names=[name, "labels"])),
        (capital, lambda form, name: form.of(names=["labels"])),
    ],
    "MENTIONED": [
        (oracles.callees, lambda form, name: form.of(words=[name], attributes=["_value"])),
        (oracles.read_attributes, lambda form, name: form.of(words=["PROMETHEUS_MULTIPROC_DIR"], attributes=[name, "_sum"])),
    ],
    "SPEAKING_CALL": [
        (oracles.callees, lambda form, name: form.of(word=[name])),
        (oracles.callees, lambda form, name: form.of(word=[name[: len(name) // 2 + 1]])),
    ],
    "WORD": [(oracles.callees, lambda form, name: form.of(name=[name]))],
    "HANDED_ON": [(lambda parsed: oracles.handed_on(parsed, TASK), lambda form, name: form.of(name=[name], methods=TASK))],
    "SETTER_PASSED_ON": [(oracles.setters_passed_on, lambda form, name: form.of(name=[name]))],
    "ANNOTATED_ATTRIBUTE": [(oracles.annotated, lambda form, name: form.of(name=[name]))],
}


@pytest.mark.parametrize("name", PLACES)
def test_a_form_finds_at_least_what_the_tree_holds(name: str) -> None:
    regex = getattr(textscan, name).regex
    held = 0
    for parsed in corpus():
        wanted = list(PLACES[name](parsed))
        found = places(regex, parsed.text) if wanted else []
        held += len(wanted)
        assert [parsed.text[slice(*place)] for place in wanted if not touched(found, place)] == [], parsed.text
    assert held > 3


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, rows in NAMES.items() for number in range(len(rows))])
def test_a_form_of_names_finds_at_least_what_the_tree_holds(name: str, number: int) -> None:
    form = getattr(textscan, name)
    oracle, made = NAMES[name][number]
    held = 0
    for parsed in corpus():
        known: dict[str, list[Place]] = {}
        for wanted, place in oracle(parsed):
            if wanted not in parsed.text:  # Python reads it in another way than it is written
                continue
            if wanted not in known:
                known[wanted] = places(made(form, wanted), parsed.text)
            held += 1
            assert touched(known[wanted], place), (wanted, parsed.text[slice(*place)], parsed.text)
    assert held > 3


def test_the_oracles_would_tell() -> None:
    parsed = Parsed("x[0] \\\n = 1\n")
    assert not touched(places(re.compile(r"\]\s*="), parsed.text), next(oracles.stored_items(parsed)))
    parsed = Parsed("x.labels \\\n (1)\n")
    assert not touched(places(re.compile(r"\.labels\s*\("), parsed.text), next(oracles.method_calls(parsed))[1])


# forms that find names -----------------------------------------------------------------------------------------------------


def test_imports_are_found() -> None:
    for parsed in corpus():
        assert oracles.imported_tops(parsed) <= set(imported(parsed.text)), parsed.text
        found = {re.sub(r"[\s\\]", "", path[0]) for path in textscan.IMPORTED_PATH.regex.finditer(parsed.text)}
        for path in oracles.imported_paths(parsed):
            assert any(path in one for one in found), (path, parsed.text)


def test_names_of_outer_scopes_are_found() -> None:
    for word, kind in (("global", ast.Global), ("nonlocal", ast.Nonlocal)):
        for parsed in corpus():
            lists = textscan.OUTER_NAMES[word].regex.findall(parsed.text)
            found = {part.strip() for names in lists for part in names.replace("\\", ",").split(",")}
            assert oracles.outer_names(parsed, kind) <= found, parsed.text


def test_second_names_are_exact_where_they_are_found() -> None:
    for parsed in corpus():
        for name, second in oracles.second_names(parsed):
            assert second in textscan.SECOND_NAME.of(name=[name]).findall(parsed.text), parsed.text
        for node in parsed.nodes:
            if isinstance(node, ast.FunctionDef) and node.name in parsed.text and '"""' not in parsed.text and "'''" not in parsed.text:
                for second in textscan.SECOND_NAME.of(name=[node.name]).findall(parsed.text):
                    assert any(
                        isinstance(other, ast.Assign)
                        and last_name(other.value) == node.name
                        and any(last_name(target) == second for target in other.targets)
                        for other in parsed.nodes
                    ), parsed.text


# tokens and bodies ---------------------------------------------------------------------------------------------------------


def test_comments_and_strings_are_found_exactly() -> None:
    held = 0
    for parsed in corpus():
        if sys.version_info >= (3, 12) and any(True for _ in formatted(parsed, long=False)):
            continue
        found = {}
        for match in textscan.COMMENT_OR_STRING.regex.finditer(parsed.text):
            found[match.start()] = match.end()
            assert match.lastindex is None
        for string, (start, end) in strings(parsed):
            start += 0 if string.startswith("#") else min(at for at in (string.find("'"), string.find('"')) if at >= 0)
            assert found.pop(start, None) == end, (string, parsed.text)
            held += 1
        assert not found, parsed.text
    assert held > 1000


def test_tokens_of_headers_are_found() -> None:
    for parsed in corpus():
        if '"""' in parsed.text or "'''" in parsed.text or "\\\n" in parsed.text:
            continue
        if sys.version_info >= (3, 12) and any(True for _ in formatted(parsed, long=False)):
            continue
        found = {match.start() for match in textscan.HEADER_TOKEN.regex.finditer(parsed.text)}
        for token, (start, _) in oracles.of_tokens(parsed, tokenize.OP, tokenize.NEWLINE, tokenize.NL):
            if token.string in ("(", ")", "[", "]", "{", "}", ":", "\n"):
                assert start in found, (token, parsed.text)


def test_the_plain_header_says_what_its_tokens_say() -> None:
    """It is the fast answer to a question that the tokens of the header answer as well."""
    plainly = 0
    for parsed in corpus():
        plain = _one_line_strings(parsed.text)
        for header in textscan.FUNCTION.regex.finditer(plain):
            quick = textscan.PLAIN_HEADER.regex.match(plain, header.end())
            if quick is None:
                continue
            plainly += 1
            depth, colon = 0, None
            for token in textscan.HEADER_TOKEN.regex.finditer(plain, header.end()):
                depth += (token[0] in "([{") - (token[0] in ")]}")
                if depth == 0 and token[0] == ":":
                    colon = token.end()
                    break
            assert colon == quick.end() == _behind_colon(plain, header.end())[0], parsed.text
            assert textscan.REST_OF_LINE.regex.match(plain, colon)
    assert plainly > 500


def test_a_block_ends_no_later_than_it_does() -> None:
    blocks = 0
    for parsed in corpus():
        if any(
            isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)) and node.lineno != node.end_lineno
            for node in parsed.nodes
        ):
            continue
        lines = parsed.text.split("\n")
        for node in parsed.nodes:
            if not isinstance(node, ast.FunctionDef) or node.body[0].lineno <= node.lineno or node.decorator_list or "\\\n" in parsed.text:
                continue
            head = lines[node.lineno - 1]
            after = next(
                (n for n in range(node.end_lineno or 0, len(lines)) if lines[n].strip() and not lines[n].strip().startswith("#")), None
            )
            found = textscan.dedent(len(head) - len(head.lstrip())).regex.search(parsed.text, parsed.span(node.body[0])[0])
            if after is None:
                continue
            blocks += 1
            assert found is not None, parsed.text
            assert parsed.line(found.end()) <= after + 1, parsed.text
    assert blocks > 200


# how a file begins, and comments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    ["# -*- coding: latin-1 -*-\n", "#coding=utf-8\n", "# vim: set fileencoding=ascii :\n", "\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n",
     "# a\n# coding: latin-1\n", " # coding: latin-1\n", "'coding: latin-1'\n", "# coding latin-1\n", "\n\n# coding: latin-1\n", "\f# coding: ascii\n"],
)  # fmt: skip
def test_the_encoding_is_read_as_python_reads_it(head: str) -> None:
    raw = head.encode()
    python = tokenize.detect_encoding(io.BytesIO(raw).readline)[0]
    assert declared(raw).lower().replace("latin-1", "iso-8859-1") == python


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"#!/usr/bin/python\n", True),
        (b"#!/usr/bin/env python3\n", True),
        (b"#! /usr/bin/env -S uv run python\n", True),
        (b"#!/usr/bin/Python2.7\n", True),
        (b"#!/bin/sh\n# python\n", False),
        (b"# python\n", False),
    ],
)
def test_scripts_are_told_by_their_first_line(line: bytes, found: bool) -> None:
    assert (textscan.SHEBANG.regex.match(line) is not None) == found


def test_comments_for_cardlint_are_found_by_the_wide_form_as_well() -> None:
    comments = {
        token.string for parsed in corpus() for token, _ in oracles.of_tokens(parsed, tokenize.COMMENT) if "cardlint:" in token.string
    }
    read = [comment for comment in comments if textscan.CARDLINT_COMMENT.regex.search(comment)]
    assert len(read) > 8
    assert all(textscan.CARDLINT_WORD.regex.search(comment) for comment in read)
    assert all(
        bool(textscan.CARDLINT_OTHER.regex.search(comment)) != bool(textscan.CARDLINT_IGNORE.regex.search(comment))
        for comment in read
        if comment.count("cardlint:") == 1
    )


# the table -----------------------------------------------------------------------------------------------------------------

ELSEWHERE = {
    "LEXEME": "tests/hostile/test_native_parser.py",
    "STRING_REST": "tests/hostile/test_native_parser.py",
    "FORMATTED_REST": "tests/hostile/test_native_parser.py",
    "LONG_BLANKS": "tests/lowering/test_tokens.py",
    "ASSIGNING": "tests/lowering/test_written.py",
    "ASSIGNS": "tests/lowering/test_written.py",
    "ENTERS": "tests/lowering/test_written.py",
    "LOOPS": "tests/lowering/test_written.py",
    "CONTINUED": "tests/lowering/test_written.py",
    "EXCEPT_SEVERAL": "tests/lowering/test_text.py",
    "LATE_DATE": "tests/selection/test_suppressions.py",
    "CARDLINT_FIRST": "tests/life/test_fix_safety.py",
    "COMMENT_IN_COMMENT": "tests/life/test_fix_safety.py",
    "PATH_CHANGED": "tests/inference/test_importing.py",
    "QUOTED_PATH": "tests/inference/test_importing.py",
    "PARENT": "tests/inference/test_importing.py",
    "QUOTED_MODULE": "tests/rules/test_mode_evidence.py",
    "LOADED_PART": "tests/inference/test_importing.py",
    "RULE_LIST": "tests/life/test_fix_safety.py",
    "ASSIGNED_NAME": "tests/rules",
    "TESTED_IN": "tests/inference/prometheus/multiprocess.md",
    "NAMED_OF": "tests/rules/misuse/multiprocess.md",
    "SEVERAL_OF": "tests/rules/misuse/multiprocess.md",
    "ENTERED_CALL": "tests/rules/test_examples.py",
}
"""Forms that are steps of a function, or read what is no Python: what tests them."""
HERE = {
    "SHEBANG", "CODING", "BLANK_OR_COMMENT", "COMMENT_OR_STRING", "PLAIN_HEADER", "HEADER_TOKEN", "REST_OF_LINE", "IMPORTED", "IMPORTED_PATH",
    "OUTER_NAMES", "SECOND_NAME", "CARDLINT_COMMENT", "CARDLINT_WORD", "CARDLINT_OTHER", "CARDLINT_IGNORE",
}  # fmt: skip


def forms() -> Iterator[tuple[str, Form[str] | NameForm]]:
    """Yield every form of the table."""
    for name, value in vars(textscan).items():
        for form in value.values() if isinstance(value, dict) and name.isupper() else (value,):
            if isinstance(form, (Form, NameForm)):
                yield name, form


def test_every_form_is_tested() -> None:
    assert {name for name, _ in forms()} == PLACES.keys() | NAMES.keys() | HERE | ELSEWHERE.keys()
    assert all((PACKAGE.parent / path).exists() for path in ELSEWHERE.values())
    assert all(form.claim == "at least" for name, form in forms() if name in PLACES or name in NAMES)


def test_every_form_says_what_it_finds_and_what_relies_on_it() -> None:
    for name, form in forms():
        assert form.finds, name
        for user in (part.partition(":")[0].strip() for part in form.used_by.split(";")):
            path = PACKAGE / (user.replace(".", "/") + ".py")
            candidates = [path, PACKAGE / "inference" / path.relative_to(PACKAGE)]
            text = next((p.read_text() for p in candidates if p.exists()), "")
            assert re.search(rf"\b{name}\b", text), f"{name}: {user} does not use it"


OTHER_TEXT = {
    "cache/group.py": "names of files of the cache",
    "common/expressions.py": "makes them",
    "common/select_list.py": "the text of SQL statements",
    "files/changes.py": "the output of git",
    "files/ignoring.py": "patterns of git",
    "files/repository.py": "the configuration of git",
    "files/toml.py": "configuration",
    "files/discovery.py": "names of files",
    "fix/histogram.py": "names of metrics",
    "fix/leftovers.py": "names and texts that a fix leaves behind",
    "fix/values.py": "paths and advice",
    "inference/domain/constant_limits.py": "templates that are literals",
    "rules/label_declaration.py": "names of labels and metrics",
    "inference/domain/finite_regex.py": "regular expressions that are literals",
    "inference/driver.py": "joins forms of the table",
    "inference/frameworks/routes.py": "patterns of routes",
    "inference/heuristics/label_names.py": "names, and expressions as we write them",
    "inference/language/to_text.py": "paths into libraries",
    "inference/library/rows.py": "paths into libraries",
    "inference/primitives/metric_classes.py": "the name of a metric, a literal",
    "lowering/texts.py": "templates that are literals",
    "output/layout.py": "what we write",
    "output/neutralise.py": "what we write",
    "project/evidence.py": "files around the code",
    "rules/_labels.py": "literals",
    "rules/_wording.py": "the source text of one value",
    "selection/at_hand.py": "the source text of one argument, and advice",
    "selection/baseline.py": "baselines",
    "selection/chosen.py": "patterns of the configuration",
    "selection/written.py": "the source text of one argument",
    "server/analysis.py": "names of metrics",
}
"""Modules with expressions of their own, and what they are matched with."""


def test_expressions_over_source_text_are_nowhere_else() -> None:
    making = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            func = node.func
            of_re = isinstance(func, ast.Attribute) and func.attr in making and isinstance(func.value, ast.Name) and func.value.id == "re"
            if of_re or (isinstance(func, ast.Name) and func.id == "Expression"):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found - {"common/textscan.py", "files/name_forms.py"} == OTHER_TEXT.keys()
