"""Linear time: files of thousands of equal things take a time that grows with their number and not with its square."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.engine import run
from tests.hostile.running import COUNTER, check

pytestmark = pytest.mark.once

FLOOR = 0.6
"""Seconds below which the clock says more of the machine than of the analysis."""
RATIO = 8
"""What four times the file may take; twice that of linear time."""
SHAPES: dict[str, tuple[Callable[[int], str], int]] = {
 'ignores': (lambda n: COUNTER + "# cardlint: ignore[raw-path] -- x\n"*n, 5000),
 'ignores on uses': (lambda n: COUNTER + "def f(r):\n"+"    C.labels(r.path).inc()  # cardlint: ignore[raw-path] -- x\n"*n, 500),
 'claims': (lambda n: COUNTER + "def f(r):\n"+"    C.labels(r.path).inc()  # cardlint: bounded=5 -- x\n"*n, 500),
 'ignore open bracket': (lambda n: COUNTER + "x = (\n"+"# cardlint: ignore[raw-path] -- x\n"*n+")\n", 5000),
 'import comps': (lambda n: COUNTER + "import "+".".join(["a"]*n)+"\nC.labels("+".".join(["a"]*n)+").inc()\n", 500),
 'imports': (lambda n: COUNTER + "".join(f"import a{i}\n" for i in range(n))+"C.labels(a1.x).inc()\n", 5000),
 'from import': (lambda n: COUNTER + "from a import "+", ".join(f"a{i}" for i in range(n))+"\nC.labels(a1.x).inc()\n", 5000),
 'attributes': (lambda n: COUNTER + "x" + ".a" * n + "\n", 2400),
 'items': (lambda n: COUNTER + "x" + "['a']" * n + "\n", 2400),
 'methods of methods': (lambda n: COUNTER + "x.y = 1\nx" + ".lower()" * n + "\n", 1200),
 'oneline': (lambda n: COUNTER + 'C.labels("a").inc(); '*n+"\n", 3000),
 'calls lines': (lambda n: COUNTER + 'C.labels("a").inc()\n'*n+"\n", 3000),
 'quotes': (lambda n: COUNTER + "x = "+"''"*n+"\n", 20000),
 'open quotes': (lambda n: COUNTER + "x = "+"'"*n+"\n", 20000),
 'triple': (lambda n: COUNTER + '"""a"""\n'*n+"\n", 5000),
 'elif': (lambda n: COUNTER + "def f(a):\n    if a == 'x':\n        y = '1'\n"+"".join(f"    elif a == 'x{i}':\n        y = '{i}'\n" for i in range(n))+"    C.labels(y).inc()\n", 200),
 'elif module': (lambda n: COUNTER + "import sys\na = sys.argv[1]\nif a == 'x':\n    y = '1'\n"+"".join(f"elif a == 'x{i}':\n    y = '{i}'\n" for i in range(n))+"C.labels(y).inc()\n", 200),
 'ifs': (lambda n: COUNTER + "def f(a):\n    y = '0'\n"+"".join(f"    if a == 'x{i}':\n        y = '{i}'\n" for i in range(n))+"    C.labels(y).inc()\n", 500),
 'kept tests': (lambda n: COUNTER + "def f(a):\n"+"".join(f"    x{i} = a == {i}\n" for i in range(n))+"    C.labels(a).inc()\n", 2500),
 'one kept test': (lambda n: COUNTER + "def f(a):\n    k = a in ('x', 'y')\n"+"    if k:\n        C.labels(a).inc()\n"*n, 400),
 'kept tests of each other': (lambda n: COUNTER + "def f(a):\n    k = a == 'x'\n"+"    k = k and a != 'y'\n    if k:\n        a = a\n"*n+"    C.labels(a).inc()\n", 300),
 'a text cut again': (lambda n: COUNTER + "def f(a):\n    t = 'x:' + a\n"+"    t = t.split(':')[0] + ':' + a\n"*n+"    C.labels(t).inc()\n", 300),
 'cuts of one text': (lambda n: COUNTER + "def f(a):\n    t = f'x:{a}:" + ":y" * 50 + "'\n"+"    C.labels(t.split(':')[3]).inc()\n"*n, 300),
 'functions': (lambda n: COUNTER + "".join(f"def f{i}(x):\n    C.labels(x).inc()\n" for i in range(n)), 1000),
 'nested functions flat': (lambda n: COUNTER + "def f():\n"+"".join(f"    def f{i}(x):\n        C.labels(x).inc()\n" for i in range(n)), 1000),
 'classes': (lambda n: COUNTER + "".join(f"class A{i}:\n    def f(self, x):\n        C.labels(x).inc()\n" for i in range(n)), 1000),
 'class bases': (lambda n: COUNTER + "class A0: pass\n"+"".join(f"class A{i+1}(A{i}):\n    def f(self, x):\n        C.labels(x).inc()\n" for i in range(n)), 100),
 'metrics and uses': (lambda n: "from prometheus_client import Counter\n"+"".join(f"C{i} = Counter('c{i}_total', 'd', ['a', 'b'])\n" for i in range(n))+"def f(x):\n"+"".join(f"    C{i}.labels('a', x).inc()\n" for i in range(n)), 1200),
 'bases of one class': (lambda n: COUNTER + "class A("+",".join(f"B{i}" for i in range(n))+"):\n    def f(self, x):\n        C.labels(self.y).inc()\n", 2000),
 'loops that change one list': (lambda n: COUNTER + "BOX = ['a']\ndef f(r):\n" + "".join(f"    for x{i} in r.a:\n        BOX.append(x{i})\n        if x{i}:\n            BOX.append('b')\n" for i in range(n)) + "    for v in BOX:\n        C.labels(v).inc()\n", 500),
    'one base many times': (lambda n: COUNTER + "class A("+"B,"*n+"):\n    def f(self, x):\n        C.labels(self.y).inc()\n", 2000),
 'classes of two bases': (lambda n: COUNTER + "class A0: pass\nclass B0: pass\n"+"".join(f"class A{i+1}(A{i}, B{i}): pass\nclass B{i+1}(B{i}): pass\n" for i in range(n))+f"class D(A{n}):\n    def f(self):\n        C.labels(self.y).inc()\n", 50),  # the order of a class lists all classes above it
 'methods': (lambda n: COUNTER + "class A:\n"+"".join(f"    def f{i}(self, x):\n        self.x = x\n        C.labels(self.x).inc()\n" for i in range(n)), 200),
 'dict': (lambda n: COUNTER + "x = {"+",".join(f"'k{i}': 'v{i}'" for i in range(n))+"}\ndef f(k):\n    C.labels(x[k]).inc()\n", 1900//4),
 'huge dict': (lambda n: COUNTER + "x = {"+",".join(f"'k{i}': 'v{i}'" for i in range(n))+"}\ndef f(k):\n    C.labels(x[k]).inc()\n", 20000),
 'dict puts': (lambda n: COUNTER + "x = {}\n"+"".join(f"x['k{i}'] = 'v{i}'\n" for i in range(n))+"def f(k):\n    C.labels(x[k]).inc()\n", 500),
 'appends': (lambda n: COUNTER + "x = []\n"+"".join(f"x.append('v{i}')\n" for i in range(n))+"for i in x:\n    C.labels(i).inc()\n", 500),
 'str 1M': (lambda n: COUNTER + "x = '"+"a"*n+"'\nC.labels(x).inc()\n", 250000),
 'comment 1M': (lambda n: COUNTER + "# "+"a"*n+"\nC.labels('x').inc()\n", 250000),
 'blank lines': (lambda n: COUNTER + "\n"*n+"C.labels('x').inc()\n", 50000),
 'spaces': (lambda n: COUNTER + " "*n+"\nC.labels('x').inc()\n", 50000),
 'metrics': (lambda n: COUNTER + "".join(f"M{i} = Counter('m{i}', 'd', ['x'])\nM{i}.labels('a').inc()\n" for i in range(n)), 500),
 'labels': (lambda n: COUNTER + f"D = Counter('d', 'd', {[f'l{i}' for i in range(n)]})\nD.labels("+",".join(["'a'"]*n)+").inc()\n", 400),
 'kwargs': (lambda n: COUNTER + f"D = Counter('d', 'd', {[f'l{i}' for i in range(n)]})\nD.labels("+",".join([f"l{i}='a'" for i in range(n)])+").inc()\n", 200),
 'buckets': (lambda n: COUNTER + f"D = Histogram('d', 'd', buckets=[{', '.join(map(str,range(n)))}])\n", 480),
 'assign chain': (lambda n: COUNTER + "x0 = 'a'\n"+"".join(f"x{i+1} = x{i}\n" for i in range(n))+f"C.labels(x{n}).inc()\n", 1000),
 'reassign': (lambda n: COUNTER + "x = 'a'\n"+"".join(f"x = x + '{i}'\n" for i in range(n))+"C.labels(x).inc()\n", 1000),
 'call chain': (lambda n: COUNTER + "def f0(x): return x\n"+"".join(f"def f{i+1}(x): return f{i}(x)\n" for i in range(n))+f"C.labels(f{n}('a')).inc()\n", 100),
 'comprehensions in comprehensions': (lambda n: COUNTER + "x = " + "[y for y in " * n + "'9' * 290" + "][-1]" * n + "\nfor y in x:\n    C.labels(y).inc()\nC.labels(x).inc()\n", 6),
 'callers': (lambda n: COUNTER + "def f(x):\n    C.labels(x).inc()\n"+"".join(f"f('{i}')\n" for i in range(n)), 1000),
 'nested loops': (lambda n: COUNTER + "def f(x):\n"+"".join(f"    for a{i} in x:\n        C.labels(a{i}).inc()\n" for i in range(n)), 500),
 'try': (lambda n: COUNTER + "def f(x):\n    y='a'\n"+"".join(f"    try:\n        y = x()\n    except A{i}:\n        y = 'b'\n" for i in range(n))+"    C.labels(y).inc()\n", 250),
 'excepts': (lambda n: COUNTER + "def f(x):\n    y='a'\n    try:\n        y = x()\n"+"".join(f"    except A{i}:\n        y = 'b{i}'\n" for i in range(n))+"    C.labels(y).inc()\n", 250),
 'match': (lambda n: COUNTER + "def f(x):\n    y='a'\n    match x:\n"+"".join(f"        case {i}:\n            y = 'b{i}'\n" for i in range(n))+"    C.labels(y).inc()\n", 250),
 'with': (lambda n: COUNTER + "def f(x):\n    y='a'\n"+"    with x as y, x as z: y = 'b'\n"*n+"    C.labels(y).inc()\n", 250),
 'decorators': (lambda n: COUNTER + "@a\n"*n+"def f(x):\n    C.labels(x).inc()\n", 1000),
 'global': (lambda n: COUNTER + "def f():\n    global "+", ".join(f"a{i}" for i in range(n))+"\n    C.labels(a1).inc()\n", 2000),
 'lambda list': (lambda n: COUNTER + "x = ["+", ".join("lambda y: C.labels(y).inc()" for i in range(n))+"]\n", 500),
 'and chain': (lambda n: COUNTER + "def f(a):\n    if "+" and ".join(f"a != 'x{i}'" for i in range(n))+":\n        C.labels(a).inc()\n", 500),
 'compare in': (lambda n: COUNTER + "def f(a):\n"+"".join(f"    if a in ('x{i}', 'y'):\n        C.labels(a).inc()\n" for i in range(n)), 300),
 'fstring parts': (lambda n: COUNTER + "def f(a):\n    C.labels(f'"+"{a}"*n+"').inc()\n", 2000),
 'percent': (lambda n: COUNTER + "def f(a):\n    C.labels('"+"%s"*n+"' % ("+"a,"*n+")).inc()\n", 300),
 'comprehension': (lambda n: COUNTER + f"for x in [str(i) for i in range({n})]:\n    C.labels(x).inc()\n", 5000),
 'broken': (lambda n: COUNTER + "x = (\n"+"a = 1\n"*n, 20000),
 'broken quote': (lambda n: COUNTER + "x = 'a\n"+"a = 'b'\n"*n, 20000),
 'broken except': (lambda n: COUNTER + "except A, B:\n"*n, 20000),
 'broken deco': (lambda n: COUNTER + "type X = int\n"*n, 2000),
 'defs open bracket': (lambda n: COUNTER + "def f(\n"*n, 20000),
 'defs open quote': (lambda n: COUNTER + "def f('\n"*n, 20000),
 'defs triple': (lambda n: COUNTER + 'def f("""\n'*n, 3000),
 'defs colon': (lambda n: COUNTER + 'def f(x:\n'*n, 20000),
 'backslashes': (lambda n: COUNTER + "x = \\\n"+"\\\n"*n+"1\n", 20000),
 'form feeds': (lambda n: COUNTER + "\f\n"*n+"\n", 20000),
 'unicode': (lambda n: COUNTER + "x = 'é'\n"*n+"C.labels(x).inc()\n", 5000),
 'unicode line': (lambda n: COUNTER + "x = ["+"'é', "*n+"]\nC.labels(x).inc()\n", 5000),
 'unicode call line': (lambda n: COUNTER + "C.labels('é').inc(); "*n+"\n", 1000),
 'semicolons': (lambda n: COUNTER + "a;"*n+"\n", 20000),
 'attr stores': (lambda n: COUNTER + "class A:\n    def f(self):\n"+"".join(f"        self.x = C.labels('a{i}')\n" for i in range(n))+"        self.x.inc()\n", 250),
 'star imports': (lambda n: COUNTER + "".join(f"from m{i} import *\n" for i in range(n))+"C.labels(y).inc()\n", 500),
 'returns': (lambda n: COUNTER + "def g(a):\n"+"".join(f"    if a == {i}: return '{i}'\n" for i in range(n))+"def f(a):\n    C.labels(g(a)).inc()\n", 500),
 'raises': (lambda n: COUNTER + "def g(a):\n"+"".join(f"    if a == '{i}': raise A\n" for i in range(n))+"    C.labels(a).inc()\n", 500),
 'walrus': (lambda n: COUNTER + "def g(a):\n"+"".join(f"    if (b{i} := a): C.labels(b{i}).inc()\n" for i in range(n)), 500),
 'enum': (lambda n: COUNTER + "import enum\nclass E(enum.Enum):\n"+"".join(f"    A{i} = '{i}'\n" for i in range(n))+"def f(e: E):\n    C.labels(e.value).inc()\n", 500),
 'dataclass': (lambda n: COUNTER + "import dataclasses\n@dataclasses.dataclass\nclass E:\n"+"".join(f"    a{i}: str = '{i}'\n" for i in range(n))+"def f(e: E):\n    C.labels(e.a1).inc()\n", 500),
 'literal': (lambda n: COUNTER + "from typing import Literal\ndef f(e: Literal["+",".join(f"'a{i}'" for i in range(n))+"]):\n    C.labels(e).inc()\n", 500),
 'union': (lambda n: COUNTER + "def f(e: "+" | ".join(f"A{i}" for i in range(n))+"):\n    C.labels(e).inc()\n", 500),
 'annotation text': (lambda n: COUNTER + "def f(e: '"+" | ".join(f"A{i}" for i in range(n))+"'):\n    C.labels(e).inc()\n", 500),
 'duplicates': (lambda n: COUNTER + "D = Counter('dup', 'd')\n"*n, 500),
}  # fmt: skip
"""Files of n equal things, and an n of which four times as many are analysed in about a second."""


def _took(path: Path, text: str) -> float:
    path.write_text(text)
    started = time.process_time()
    run([str(path)], Config(pedantic=True))
    return time.process_time() - started


@pytest.mark.parametrize("name", SHAPES)
def test_four_times_the_file_takes_about_four_times_as_long(name: str, tmp_path: Path) -> None:
    shape, size = SHAPES[name]
    large = _took(tmp_path / "app.py", shape(4 * size))
    if large > FLOOR:
        small = min(_took(tmp_path / "app.py", shape(size)) for _ in range(2))
        large = min(large, _took(tmp_path / "app.py", shape(4 * size)))
        assert large < RATIO * small, f"{large:.2f} s after {small:.2f} s"


LARGE = {
    "ignore comments": COUNTER + "# cardlint: ignore[raw-path] -- x\n" * 20_000,
    "claims": COUNTER + "def f(r):\n" + "    C.labels(r.path).inc()  # cardlint: bounded=5 -- x\n" * 5_000,
    "an import of 5,000 parts": COUNTER + "import " + ".".join(["a"] * 5_000) + "\nC.labels(" + ".".join(["a"] * 5_000) + ").inc()\n",
    "an import of 900 parts": COUNTER + "import " + ".".join(["a"] * 900) + "\nC.labels(" + ".".join(["a"] * 900) + ").inc()\n",
    "calls on one line": COUNTER + 'C.labels("a").inc(); ' * 20_000 + "\n",
    "calls on one line of wide characters": COUNTER + 'C.labels("\u00e9").inc(); ' * 10_000 + "\n",
    "quotes": COUNTER + "x = " + "'" * 100_000 + "\n",
    "pairs of quotes": COUNTER + "x = " + "''" * 100_000 + "\n",
    "escaped quotes": COUNTER + 'def f("' + '\\"' * 100_000 + "\n" + "def g():\n    pass\n" * 50,
    "escaped triple quotes": COUNTER + 'x = """\n' + '\\"""' * 3_000 + "\n" * 100_000 + "def g():\n    pass\n" * 50,
    "blank lines behind an error": COUNTER + "x = = 1\n" + "\n" * 200_000,
    "blank lines": COUNTER + "\n" * 200_000,
    "one text of a megabyte": COUNTER + "x = '" + "a" * 1_000_000 + "'\nC.labels(x).inc()\n",
    "one name of a megabyte": COUNTER + "a" * 1_000_000 + " = 1\n",
    "a word that speaks": COUNTER + "counter" * 100_000 + " = 1\n",
    "brackets behind an item": COUNTER + "def f():\n    x[1" + "]" * 100_000 + "\n" * 50,
    "nested functions": COUNTER + "def f():\n" + "".join(f"    def f{i}(x):\n        C.labels(x).inc()\n" for i in range(5_000)),
    "functions": COUNTER + "".join(f"def f{i}(x):\n    C.labels(x).inc()\n" for i in range(10_000)),
    "classes": COUNTER + "".join(f"class A{i}:\n    x = {i}\n" for i in range(10_000)),
    "a ladder": COUNTER + "def f(a):\n    if a:\n        y = '1'\n" + "".join(f"    elif a == {i}:\n        y = '{i}'\n" for i in range(1_500)) + "    C.labels(y).inc()\n",
    "a dictionary": COUNTER + "x = {" + ",".join(f"'k{i}': 'v{i}'" for i in range(50_000)) + "}\ndef f(k):\n    C.labels(x[k]).inc()\n",
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_ends_soon(name: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(LARGE[name], encoding="utf-8")
    check("--format", "concise", "app.py", folder=tmp_path, seconds=40)
