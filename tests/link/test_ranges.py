"""Comparisons with constants: two of them keep a whole number in a range, one of them or a float does not."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "from flask import request\nfrom prometheus_client import Counter\n\nC = Counter('c', 'C', ['x'])\nLAST = 5\n\n"
PAGE = "def f():\n    page = int(request.args['page'])\n"

KEPT = {
    "a chain": PAGE + "    if 0 <= page <= 5:\n        C.labels(page).inc()\n",
    "two tests": PAGE + "    if page < 6 and page >= 0:\n        C.labels(page).inc()\n",
    "a return on the outside": PAGE + "    if page < 0 or page > 5:\n        return\n    C.labels(page).inc()\n",
    "a chain that does not hold": PAGE + "    if not 0 <= page <= 5:\n        raise ValueError\n    C.labels(page).inc()\n",
    "mirrored": PAGE + "    if 5 >= page and -1 < page:\n        C.labels(page).inc()\n",
    "a constant of the module": PAGE + "    if 0 <= page <= LAST:\n        C.labels(page).inc()\n",
    "annotated": "def f(page: int):\n    if 0 <= page <= 5:\n        C.labels(page).inc()\n\nf(request.args['page'])\n",
    "converted by the caller": "def f(page):\n    if 0 <= page <= 5:\n        C.labels(page).inc()\n\nf(int(input()))\n",
    "converted by the framework": "def f():\n    page = request.args.get('page', 0, type=int)\n    if 0 <= page <= 5:\n        C.labels(page).inc()\n",
    "least and greatest": PAGE + "    C.labels(max(0, min(page, 5))).inc()\n",
    "a field": "class R:\n    page: int\n    def __init__(self, page):\n        self.page = page\n\ndef f():\n    r = R(request.args['page'])\n    if 0 <= r.page <= 5:\n        C.labels(r.page).inc()\n",
}
CLOSE = {
    "clamped by assignments": PAGE + "    if page > 5:\n        page = 5\n    if page < 0:\n        page = 0\n    C.labels(page).inc()\n",
    "a counter of attempts": "def f():\n    n = 0\n    while n < 6:\n        C.labels(n).inc()\n        n += 1\n",
}
OPEN = {
    "one end": PAGE + "    if page <= 5:\n        C.labels(page).inc()\n",
    "the least alone": PAGE + "    C.labels(min(page, 10)).inc()\n",
    "either end": PAGE + "    if page < 5 or page >= 0:\n        C.labels(page).inc()\n",
    "outside of the range": PAGE + "    if 0 <= page <= 5:\n        return\n    C.labels(page).inc()\n",
    "as good as open": PAGE + "    if 0 < page < 65536:\n        C.labels(page).inc()\n",
    "assigned again": PAGE + "    if 0 <= page <= 5:\n        page = int(request.args['other'])\n        C.labels(page).inc()\n",
    "another variable": PAGE + "    n = len(page)\n    if 0 <= n <= 5:\n        C.labels(page).inc()\n",
    "a float": "def f():\n    page = float(request.args['page'])\n    if 0 <= page <= 5:\n        C.labels(page).inc()\n",
    "a float between two": "def f():\n    page = float(request.args['page'])\n    C.labels(max(0, min(page, 10))).inc()\n",
    "texts": "def f():\n    page = request.args['page']\n    if LAST <= page <= LAST:\n        C.labels(page).inc()\n",
}


@pytest.mark.parametrize("name", [*KEPT, *CLOSE])
def test_a_number_between_two_ends_is_bounded(name: str, lint: Lint) -> None:
    [site] = lint(HEAD + {**KEPT, **CLOSE}[name]).program.sites
    assert site.args[0].value.size == 6 if name in KEPT else 6 <= (site.args[0].value.size or 0) <= 7


@pytest.mark.parametrize("name", OPEN)
def test_anything_else_stays_open(name: str, lint: Lint) -> None:
    [site] = lint(HEAD + OPEN[name]).program.sites
    assert site.args[0].value.cls.name == "UNBOUNDED"


def test_constants_that_do_not_pass_are_left_out(lint: Lint) -> None:
    [site] = lint(HEAD + "for n in (1, 2, 3, 9):\n    if 2 <= n < 9:\n        C.labels(n).inc()\n").program.sites
    assert site.args[0].value.exact == (2, 3)
