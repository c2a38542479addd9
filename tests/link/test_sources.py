"""What values are that come from libraries and from Python's own: the class and kind a label gets, site by site.

A good and a bad program for each; `lint` alone would not tell a value that is fine from one that is not known.
"""

from __future__ import annotations

import pytest

from cardlint.link.values import Cls
from tests.conftest import Lint

HEAD = "from prometheus_client import Counter, Gauge\n\nC = Counter('c', 'C', ['x'])\n"
U, D, K, B, N = Cls.UNBOUNDED, Cls.PER_DEPLOYMENT, Cls.CLIENT_CHOSEN, Cls.BOUNDED, Cls.UNKNOWN

CASES: dict[str, tuple[str, list[object]]] = {
    "a key of parsed text": (
        "import json\n\ndef f(raw):\n    doc = json.loads(raw)\n    C.labels(doc['k']).inc()\n    C.labels(doc.get('k')).inc()\n    C.labels(doc.get('k', 'none')).inc()\n    for i in doc.get('items', []):\n        C.labels(i['name']).inc()\n",
        [U, U, U, U],
    ),
    "a key of a setting": (
        "import json\nimport os\n\ndef f():\n    doc = json.loads(os.environ['LIMITS'])\n    C.labels(doc['k']).inc()\n    C.labels(doc.get('k')).inc()\n",
        [D, D],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sources(name: str, lint: Lint) -> None:
    """Every label of the program, in order, has the class, or holds exactly the texts, that the case says."""
    code, expected = CASES[name]
    sites = sorted(lint(HEAD + code).program.sites, key=lambda s: s.place)
    values = [arg.value for site in sites for arg in site.args]
    assert [set(v.exact) if v.cls is Cls.EXACTLY else v.cls for v in values] == expected
