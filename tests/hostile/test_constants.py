"""Constants that a few hundred bytes of source make gigabytes of: they are given up with a reason, not computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.inference.domain import constant_limits
from tests.conftest import Lint
from tests.hostile.running import COUNTER, GIGABYTE, check

HUGE = 1_000_000_000
TWICE = 60


def _steps(start: str, step: str, end: str = "C.labels(x).inc()", times: int = TWICE) -> str:
    return "\n".join([f"x = {start}", *[step] * times, end]) + "\n"


TEXTS = {
    "doubled": _steps("'ab'", "x = x + x"),
    "doubled in place": _steps("'ab'", "x += x"),
    "one long sum": _steps("'" + "a" * 250 + "'", "x = " + " + ".join(["x"] * 20)),
    "formatted with itself": _steps("'ab'", "x = f'{x}{x}'"),
    "per cent": _steps("'ab'", "x = '%s%s' % (x, x)"),
    "format method": _steps("'ab'", "x = '{}{}'.format(x, x)"),
    "format method by position": _steps("'ab'", "x = '{0}{0}'.format(x)"),
    "joined": "C.labels('a'" + ".join('aaaaaaaaaa')" * 14 + ").inc()\n",
    "joined from a list": _steps("'ab'", "x = ', '.join([x, x, x, x])"),
    "replaced": "C.labels('aaaaaaaaaa'" + ".replace('a', 'aaaaaaaaaa')" * 14 + ").inc()\n",
    "replaced between letters": _steps("'ab'", "x = x.replace('', x)"),
    "replaced, counted": "C.labels('a'.replace('a', 'b', 10 ** 12)).inc()\n",
    "repeated": f"C.labels('ab' * {HUGE}).inc()\n",
    "repeated in steps": _steps("'ab'", "x = x * 10"),
    "width": f"x = 1\nC.labels(f'{{x:>{HUGE}}}').inc()\n",
    "width of zeros": f"x = 1\nC.labels(f'{{x:0{HUGE}d}}').inc()\n",
    "width of a text": f"x = 'a'\nC.labels(f'{{x:*^{HUGE}}}').inc()\n",
    "width in another script": "x = 1\nC.labels(f'{x:>" + "".join(chr(0x660 + int(d)) for d in str(HUGE)) + "}').inc()\n",
    "precision": f"x = 1.5\nC.labels(f'{{x:.{HUGE}f}}').inc()\n",
    "per cent width": f"C.labels('%{HUGE}d' % 1).inc()\n",
    "format method width": f"C.labels('{{:>{HUGE}}}'.format(1)).inc()\n",
    "format builtin": f"C.labels(format(1, '>{HUGE}')).inc()\n",
    "zfill": f"C.labels('a'.zfill({HUGE})).inc()\n",
    "zfill without an end": "C.labels('a'.zfill(2 ** 62)).inc()\n",
    "ljust": f"C.labels('a'.ljust({HUGE})).inc()\n",
    "center": f"C.labels('a'.center({HUGE})).inc()\n",
    "expandtabs": f"C.labels('\\ta'.expandtabs({HUGE})).inc()\n",
    "translated": _steps("'ab'", "x = x.translate({97: x, 98: x})"),
    "repr of repr": _steps("'\\\\\\''", "x = repr(x)"),
    "upper of a long s": _steps("'ß' * 9000", "x = x.upper()"),
    "split far": "C.labels('a b'.split(' ', 10 ** 12)[0]).inc()\n",
    "split too far": "C.labels('a b'.split(' ', (2 ** 62) * 4)[0]).inc()\n",
    "a letter of a long text": _steps("'ab'", "x = x + x", "for c in x:\n    C.labels(c).inc()"),
    "words of a long text": _steps("'a b '", "x = x + x", "for c in x.split():\n    C.labels(c).inc()"),
    "an attribute": "class A:\n    x = 'ab'\n" + "    x = x + x\n" * TWICE + "C.labels(A.x).inc()\n",
    "a key": "x = {'a': 'ab'}\n" + "x['a'] = x['a'] + x['a']\n" * TWICE + "C.labels(x['a']).inc()\n",
    "functions": "def f0(v):\n    return v + v\n" + "".join(f"def f{i}(v):\n    return f{i - 1}(v) + f{i - 1}(v)\n" for i in range(1, 30)) + "C.labels(f29('ab')).inc()\n",
    "a loop": "x = 'ab'\nfor _ in range(300):\n    x = x + x\nC.labels(x).inc()\n",
    "recursion": "def f(v, n):\n    return f(v + v, n - 1) if n else v\nC.labels(f('ab', 100)).inc()\n",
    "one of two": "def use(a):\n    x = 'ab' if a else 'cd'\n" + "    x = x + x\n" * TWICE + "    C.labels(x).inc()\n",
    "one of many": f"def use(a, n):\n    x = {[str(n) for n in range(60)]}[n]\n" + "    x = f'{x}-{x}'\n" * TWICE + "    C.labels(x).inc()\n",
    "lowered again and again": "def use(a):\n    x = str(bool(a))\n" + "    x = x.lower().strip()\n" * 200 + "    C.labels(x).inc()\n",
    "a path": "from urllib.parse import urlsplit\n" + _steps("'http://a/'", "x = x + urlsplit(x).path"),
}  # fmt: skip
COLLECTIONS = {
    "starred": _steps("['ab']", "x = [*x, *x]", "for i in x:\n    C.labels(i).inc()"),
    "starred a thousand times": _steps("['ab']", "x = [" + ", ".join(["*x"] * 1000) + "]", "for i in x:\n    C.labels(i).inc()", 4),
    "concatenated": _steps("['ab']", "x = x + x", "for i in x:\n    C.labels(i).inc()"),
    "tuples": _steps("('ab',)", "x = x + x", "C.labels(x[0]).inc()"),
    "repeated": f"for i in ['a'] * {HUGE}:\n    C.labels(i).inc()\n",
    "nothing repeated without an end": "for i in [] * (2 ** 62 * 2 ** 62):\n    C.labels(i).inc()\nx = '' * (2 ** 62 * 64)\nC.labels(x).inc()\n",
    "nested": _steps("['ab']", "x = [x, x]", "C.labels(x).inc()"),
    "nested tuples": _steps("'ab'", "x = (x, x)", "C.labels(str(x)).inc()"),
    "sets": _steps("{'ab'}", "x = x | x", "for i in x:\n    C.labels(i).inc()"),
    "extended": _steps("['ab']", "x.extend(x)", "for i in x:\n    C.labels(i).inc()"),
    "chained": "import itertools\n" + _steps("['ab']", "x = list(itertools.chain(x, x))", "for i in x:\n    C.labels(i).inc()"),
    "chained of chains": "from itertools import chain\n" + _steps("['ab']", "x = [x, x]\nx = list(chain.from_iterable(x))", "for i in x:\n    C.labels(i).inc()"),
    "product": "import itertools\nfor i in itertools.product(*[range(399)] * 8, repeat=8):\n    C.labels(i).inc()\n",
    "product of letters": "import itertools\nfor a, b in itertools.product('abcdefghij' * 30, repeat=2):\n    C.labels(a + b).inc()\n",
    "a long range": f"for i in range({HUGE}):\n    C.labels(i).inc()\n",
    "a range without an end": "for i in range(2 ** 62 * 2 ** 40):\n    C.labels(i).inc()\nfor i in range(0, -(2 ** 62 * 2 ** 40), -1):\n    C.labels(i).inc()\n",
    "comprehension": f"for i in [str(n) for n in range({HUGE})]:\n    C.labels(i).inc()\n",
    "comprehension of comprehension": "x = ['a', 'b']\n" + "x = [i + j for i in x for j in x]\n" * 12 + "for i in x:\n    C.labels(i).inc()\n",
    "zip and enumerate": "x = ['a', 'b']\n" + "x = list(enumerate(zip(x + x, x + x)))\n" * 30 + "for i in x:\n    C.labels(i).inc()\n",
    "mapped": "x = ['a', 'b']\n" + "x = list(map(str, x + x))\n" * 30 + "for i in x:\n    C.labels(i).inc()\n",
    "dictionaries": "x = {'a': 'b'}\n" + "x = {**x, **{k + k: v + v for k, v in x.items()}}\n" * 40 + "for k, v in x.items():\n    C.labels(k).inc()\n",
    "arguments": "def f(*a):\n    C.labels(a[0]).inc()\nx = ['ab']\n" + "x = [*x, *x]\n" * TWICE + "f(*x, *x)\n",
    "a set of pairs": "def use(a, b):\n    x = {1: 'a', 2: 'b', 3: 'c', 4: 'd'}[a]\n" + "    x = x + {1: x, 2: x + x, 3: x + 'z'}[b]\n" * 40 + "    C.labels(x).inc()\n",
}  # fmt: skip
NUMBERS = {
    "power": "x = 2 ** 60\n" + "x = x ** 60\n" * 20 + "C.labels(x).inc()\n",
    "power of powers": "C.labels(9 ** 9 ** 9 ** 9).inc()\n",
    "shift": "C.labels(1 << 10 ** 12).inc()\n",
    "squares": _steps("99", "x = x * x"),
    "no number": "x = float('inf')\nC.labels(x - x).inc()\nC.labels(int(x)).inc()\nC.labels(int(x - x)).inc()\nC.labels(1e999).inc()\nC.labels(-1e999).inc()\n",
    "no number in a range": "for i in range(int(float('inf'))):\n    C.labels(i).inc()\n",
    "a number with a float": "x = int('9' * 290)\nC.labels(x + 0.5).inc()\nC.labels(x / 3).inc()\nC.labels(x % 3.5).inc()\n",
    "digits": "C.labels(int('9' * 5000)).inc()\nC.labels(int('9' * 4000)).inc()\nC.labels(float('9' * 4000)).inc()\nC.labels(int('²')).inc()\n",
    "hexadecimal": "C.labels(0x" + "f" * 5000 + ").inc()\nC.labels(-0x" + "f" * 5000 + ").inc()\n",
    "a bound": "def f(n: int):\n    if 0 <= n <= int('9' * 290):\n        C.labels(n).inc()\n    if float('-inf') < n < float('inf'):\n        C.labels(n).inc()\n    C.labels(n % int('9' * 290)).inc()\n",
    "a loop over a bound": "n = 0\nwhile n < int('9' * 290):\n    n += 0.5\n    C.labels(n).inc()\n",
    "a cap": "SEEN = set()\ndef f(n):\n    if n in SEEN or len(SEEN) < int('9' * 290):\n        SEEN.add(n)\n        C.labels(n).inc()\n",
    "an index": "x = ['a']\nC.labels(x[10 ** 12]).inc()\nC.labels('ab'[10 ** 12]).inc()\nC.labels('ab'[10 ** 12:]).inc()\nC.labels(x[-(10 ** 12):]).inc()\n",
    "random": "import random\nC.labels(random.randint(0, int('9' * 290))).inc()\nC.labels(random.randrange(int('9' * 290))).inc()\n",
    "constraints": "from pydantic import BaseModel, Field\nclass M(BaseModel):\n    a: int = Field(ge=0, le=float('inf'))\n    b: int = Field(gt=float('nan'), lt=5)\ndef f(m: M):\n    C.labels(m.a).inc()\n    C.labels(m.b).inc()\n",
    "buckets": "from prometheus_client import Histogram\nH = Histogram('h', 'H', buckets=[1, float('nan'), float('inf'), 1e999, int('9' * 290), 10 ** 12])\n",
    "dates": "import time\nC.labels(time.strftime('" + "%H" * 100 + "')).inc()\n",
    "a placeholder": "C.labels('{" + "9" * 300 + "}'.format('a')).inc()\nC.labels('{²}'.format('a')).inc()\n",
}  # fmt: skip
PATTERNS = {
    "repetitions of repetitions": "(a{16}){16}",
    "deep repetitions": "((((((a{16}){16}){16}){16}){16}){16})",
    "many groups": "(" * 90 + "a" + ")" * 90,
    "optional groups": "(" * 80 + "a" + ")?" * 80,
    "alternatives": "|".join(f"a{i}" for i in range(400)),
    "products": "(a|b)" * 190,
    "a count without an end": "a{" + "9" * 5000 + "}",
    "a long pattern": "a" * 280,
    "classes": "[a-z][a-z][a-z][a-z]",
    "a nested set": "[[a]||b]",
}
SAMPLES = {
    **{f"text {k}": v for k, v in TEXTS.items()},
    **{f"collection {k}": v for k, v in COLLECTIONS.items()},
    **{f"number {k}": v for k, v in NUMBERS.items()},
    **{
        f"pattern {k}": f"import re\ndef f(x):\n    m = re.fullmatch({v!r}, x)\n    if m:\n        C.labels(m.group(1)).inc()\n        C.labels(x).inc()\n"
        for k, v in PATTERNS.items()
    },
}


def test_none_of_them_takes_much_memory_or_time(tmp_path: Path) -> None:
    for number, code in enumerate(SAMPLES.values()):
        (tmp_path / f"s{number}.py").write_text(COUNTER + code)
    done = check(".", folder=tmp_path, seconds=120, memory=GIGABYTE)
    assert "s0.py" not in done.err
    assert "unreadable-file" not in done.out


@pytest.mark.parametrize("name", SAMPLES)
def test_each_alone_is_analysed(name: str, lint: Lint) -> None:
    done = lint(COUNTER + SAMPLES[name])
    assert not done.program.facts_errors, done.program.facts_errors
    assert not any("memory" in step.message or "internal" in step.message for step in done.program.limits), done.program.limits


@pytest.mark.parametrize("name", ["doubled", "joined", "replaced", "repeated", "width", "zfill", "per cent", "format method"])
def test_a_text_that_is_too_long_says_why_it_was_given_up(name: str, lint: Lint) -> None:
    done = lint(COUNTER + TEXTS[name])
    assert [arg.value.why for site in done.program.sites for arg in site.args] == [constant_limits.LONG_TEXT]


@pytest.mark.parametrize("name", ["starred", "concatenated", "chained"])
def test_a_list_that_is_too_long_says_why_it_was_given_up(name: str, lint: Lint) -> None:
    done = lint(COUNTER + COLLECTIONS[name])
    assert [arg.value.why for site in done.program.sites for arg in site.args] == [constant_limits.MANY_ITEMS]


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("x = 'ab' * 3\nC.labels(x).inc()\n", ("ababab",)),
        ("C.labels('a'.zfill(4)).inc()\n", ("000a",)),
        ("x = 7\nC.labels(f'{x:03d}').inc()\n", ("007",)),
        ("C.labels('a,b'.replace(',', '-')).inc()\n", ("a-b",)),
        ("x = 'a' * 9000\nC.labels(x.replace('a', 'b')[:2]).inc()\n", ("bb",)),
        ("x = [*['a'], *['b']] * 2\nC.labels(','.join(x)).inc()\n", ("a,b,a,b",)),
        ("C.labels(10 ** 12).inc()\n", ("1000000000000",)),
        ("for i in range(3, 0, -1):\n    C.labels(i).inc()\n", ("1", "2", "3")),
        ("for w in ('a b c ' * 2000).split()[:3]:\n    C.labels(w).inc()\n", ()),
    ],
)
def test_ordinary_constants_are_still_folded(code: str, values: tuple[str, ...], lint: Lint) -> None:
    done = lint(COUNTER + code)
    assert done.program.sites[0].args[0].value.info().values == values


@pytest.mark.parametrize(
    ("numbers", "size"), [((5,), 5), ((2, 5), 3), ((5, 2), 0), ((0, 10, 3), 4), ((10, 0, -3), 4), ((0, 10, -1), 0), ((10**30,), 10**30)]
)
def test_a_range_is_counted_as_python_counts_it(numbers: tuple[int, ...], size: int) -> None:
    assert constant_limits.size_of_range(numbers) == size
