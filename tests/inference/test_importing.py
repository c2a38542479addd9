"""What an import leads to, as the import system of Python has it: every shape is run, and compared with what is inferred."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.engine import run
from tests.inference.importing_shapes import Shape, inferred, really, write

SHAPES = [
    # what stands beside what
    Shape("a module", {"main.py": "from conf import X", "conf.py": "X = 'a'"}),
    Shape("a package", {"main.py": "from conf import X", "conf/__init__.py": "X = 'a'"}),
    Shape("a package before a module", {"main.py": "from conf import X", "conf/__init__.py": "X = 'p'", "conf.py": "X = 'm'"}),
    Shape("a module before a folder", {"main.py": "from conf import X", "conf.py": "X = 'm'", "conf/other.py": "X = 'n'"}),
    Shape("a folder", {"main.py": "from ns.pkg import X", "ns/pkg.py": "X = 'a'"}),
    Shape("folders in folders", {"main.py": "from a.b.c.d import X", "a/b/c/d.py": "X = 'a'"}),
    Shape("a package in a folder", {"main.py": "from ns.pkg import meters as X", "ns/pkg/__init__.py": "", "ns/pkg/meters.py": ""}),
    Shape("a folder in a package", {"main.py": "from pkg.sub.m import X", "pkg/__init__.py": "", "pkg/sub/m.py": "X = 'a'"}),
    Shape("a folder named src", {"main.py": "from src.svc.metrics import X", "src/svc/metrics.py": "X = 'a'"}),
    Shape("a folder named lib", {"main.py": "from lib.svc.metrics import X", "lib/svc/metrics.py": "X = 'a'"}),
    Shape("a folder as a name", {"main.py": "import ns.pkg\nX = ns.pkg.VALUE", "ns/pkg.py": "VALUE = 'a'"}),
    Shape("a folder under another name", {"main.py": "import ns.pkg as p\nX = p.VALUE", "ns/pkg.py": "VALUE = 'a'"}),
    Shape("the module of a folder", {"main.py": "from ns import pkg as X", "ns/pkg.py": ""}),
    Shape("the folder itself", {"main.py": "import ns.m\nX = ns", "ns/m.py": ""}),
    Shape(
        "a package and a module, deeper",
        {"main.py": "from a.conf import X", "a/__init__.py": "", "a/conf/__init__.py": "X = 'p'", "a/conf.py": "X = 'm'"},
    ),
    Shape("a module named like one of Python's own", {"main.py": "import queue as X", "queue.py": ""}),
    # dotted names
    Shape("a dotted name", {"main.py": "import a.b\nX = a.b.V", "a/__init__.py": "", "a/b.py": "V = 1"}),
    Shape("a dotted name under another", {"main.py": "import a.b as c\nX = c.V", "a/__init__.py": "", "a/b.py": "V = 1"}),
    Shape("a dotted name binds the first part", {"main.py": "import a.b\nX = a", "a/__init__.py": "", "a/b.py": ""}),
    Shape(
        "a package that names its own module",
        {"main.py": "import a.b as c\nX = c.V", "a/__init__.py": "import a.b as b", "a/b.py": "V = 1"},
    ),
    Shape("the attribute before the module", {"main.py": "import a.b as c\nX = c", "a/__init__.py": "from .b import b", "a/b.py": "b = 3"}),
    # relative imports
    Shape("a sibling", {"pkg/__init__.py": "", "pkg/main.py": "from .conf import X", "pkg/conf.py": "X = 1"}, "pkg/main.py", "pkg.main"),
    Shape(
        "a sibling as a module",
        {"pkg/__init__.py": "", "pkg/main.py": "from . import conf as X", "pkg/conf.py": ""},
        "pkg/main.py",
        "pkg.main",
    ),
    Shape(
        "two levels up",
        {"pkg/__init__.py": "X = 1", "pkg/a/__init__.py": "X = 2", "pkg/a/main.py": "from .. import X"},
        "pkg/a/main.py",
        "pkg.a.main",
    ),
    Shape(
        "three levels up and down",
        {
            "pkg/__init__.py": "",
            "pkg/a/__init__.py": "",
            "pkg/a/b/__init__.py": "",
            "pkg/a/b/main.py": "from ...c.d import X",
            "pkg/c/__init__.py": "",
            "pkg/c/d.py": "X = 1",
        },
        "pkg/a/b/main.py",
        "pkg.a.b.main",
    ),
    Shape("a sibling in a folder", {"ns/main.py": "from .conf import X", "ns/conf.py": "X = 1"}, "ns/main.py", "ns.main"),
    Shape("up in folders", {"ns/a/main.py": "from ..b.conf import X", "ns/b/conf.py": "X = 1"}, "ns/a/main.py", "ns.a.main"),
    Shape(
        "the package itself",
        {"pkg/__init__.py": "X = 1", "pkg/main.py": "from . import X"},
        "pkg/main.py",
        "pkg.main",
    ),
    Shape(
        "not the module of that name at the root",
        {"pkg/__init__.py": "", "pkg/main.py": "from .conf import X", "pkg/conf.py": "X = 1", "conf.py": "X = 2"},
        "pkg/main.py",
        "pkg.main",
    ),
    Shape(
        "the one at the root",
        {"pkg/__init__.py": "", "pkg/main.py": "from conf import X", "pkg/conf.py": "X = 1", "conf.py": "X = 2"},
        "pkg/main.py",
        "pkg.main",
    ),
    # attributes and submodules of one name
    Shape("an attribute hides a submodule", {"main.py": "from pkg import x as X", "pkg/__init__.py": "x = 1", "pkg/x.py": ""}),
    Shape("no attribute", {"main.py": "from pkg import x as X", "pkg/__init__.py": "", "pkg/x.py": ""}),
    Shape(
        "the submodule was imported later",
        {"main.py": "import pkg.x\nfrom pkg import x as X", "pkg/__init__.py": "x = 1", "pkg/x.py": ""},
    ),
    Shape(
        "the submodule was imported before",
        {"main.py": "import pkg.x\nfrom pkg import x as X", "pkg/__init__.py": "from .x import y\nx = 1", "pkg/x.py": "y = 2"},
    ),
    Shape(
        "the package imports it after the attribute",
        {"main.py": "from pkg import x as X", "pkg/__init__.py": "x = 1\nfrom .x import y", "pkg/x.py": "y = 2"},
    ),
    Shape(
        "the function of the same name",
        {"main.py": "from pkg import x\nX = x()", "pkg/__init__.py": "from .x import x", "pkg/x.py": "def x(): return 5"},
    ),
    Shape(
        "through the package",
        {"main.py": "import pkg\nX = pkg.x", "pkg/__init__.py": "from . import x", "pkg/x.py": ""},
    ),
    # star imports
    Shape("a star", {"main.py": "from conf import *", "conf.py": "X = 1"}),
    Shape("a star leaves what is private", {"main.py": "X = 2\nfrom conf import *\nX = globals().get('_Y', X)", "conf.py": "_Y = 1"}),
    Shape("a star with __all__", {"main.py": "X = 0\nfrom conf import *", "conf.py": "__all__ = ['Y']\nX = 1\nY = 2"}),
    Shape("a star with a private name in __all__", {"main.py": "from conf import *\nX = _Y", "conf.py": "__all__ = ['_Y']\n_Y = 1"}),
    Shape("a star behind a binding", {"main.py": "X = 1\nfrom conf import *", "conf.py": "X = 2"}),
    Shape("a star before a binding", {"main.py": "from conf import *\nX = 1", "conf.py": "X = 2"}),
    Shape("a star of a star", {"main.py": "from a import *", "a.py": "from b import *", "b.py": "X = 1"}),
    Shape("a star of a package", {"main.py": "from pkg import *", "pkg/__init__.py": "from .conf import *", "pkg/conf.py": "X = 1"}),
    Shape("a star with a submodule", {"main.py": "from pkg import *\nX = m.V", "pkg/__init__.py": "__all__ = ['m']", "pkg/m.py": "V = 1"}),
    Shape("two stars", {"main.py": "from a import *\nfrom b import *", "a.py": "Y = 1", "b.py": "X = 2"}),
    Shape("a sum of __all__", {"main.py": "from a import *", "a.py": "__all__ = ['Y']\n__all__ += ['X']\nX = Y = 1"}),
    # re-exports
    Shape(
        "through several packages",
        {
            "main.py": "from a import X",
            "a/__init__.py": "from .b import X",
            "a/b/__init__.py": "from .c import X",
            "a/b/c/__init__.py": "from .d import Y as X",
            "a/b/c/d.py": "Y = 1",
        },
    ),
    Shape("through a module", {"main.py": "import a\nX = a.conf.V", "a.py": "import conf", "conf.py": "V = 1"}),
    # conditions
    Shape(
        "a fallback that is taken",
        {"main.py": "try:\n    from nowhere_at_all import X\nexcept ImportError:\n    from b import X", "b.py": "X = 1"},
    ),
    Shape(
        "a fallback that is not taken",
        {"main.py": "try:\n    from a import X\nexcept ImportError:\n    from b import X", "a.py": "X = 1", "b.py": "X = 2"},
    ),
    Shape("a constant in place of it", {"main.py": "try:\n    from nowhere_at_all import X\nexcept ImportError:\n    X = 'none'"}),
    Shape(
        "a fallback for a module",
        {"main.py": "try:\n    import nowhere_at_all as m\nexcept ImportError:\n    import b as m\nX = m.V", "b.py": "V = 1"},
    ),
    Shape(
        "by a condition",
        {
            "main.py": "import sys\nif sys.platform == 'x':\n    from a import X\nelse:\n    from b import X",
            "a.py": "X = 1",
            "b.py": "X = 2",
        },
    ),
    Shape(
        "for types only",
        {
            "main.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import X\nelse:\n    from b import X",
            "a.py": "X = 1",
            "b.py": "X = 2",
        },
    ),
    Shape("in a function", {"main.py": "def f():\n    from a import V\n    return V\nX = f()", "a.py": "V = 1"}),
    Shape("in a function, for all", {"main.py": "def f():\n    global X\n    from a import X\nf()", "a.py": "X = 1"}),
    Shape(
        "in a function, a module",
        {"main.py": "def f():\n    import a.b\n    return a.b.V\nX = f()", "a/__init__.py": "", "a/b.py": "V = 1"},
    ),
    Shape("in a class", {"main.py": "class C:\n    from a import V\nX = C.V", "a.py": "V = 1"}),
    # modules that make names
    Shape(
        "a getter",
        {
            "main.py": "from a import X",
            "a.py": "def __getattr__(name):\n    if name == 'X':\n        return 1\n    raise AttributeError(name)",
        },
    ),
    Shape(
        "a getter that imports",
        {
            "main.py": "import pkg\nX = pkg.V",
            "pkg/__init__.py": "def __getattr__(name):\n    if name == 'V':\n        from .m import V\n        return V\n    raise AttributeError(name)",
            "pkg/m.py": "V = 1",
        },
    ),
    Shape(
        "a getter with a table",
        {
            "main.py": "from pkg import V as X",
            "pkg/__init__.py": (
                "import importlib\n_LAZY = {'V': '.m', 'W': '.n'}\ndef __getattr__(name):\n    if name in _LAZY:\n"
                "        return getattr(importlib.import_module(_LAZY[name], __name__), name)\n    raise AttributeError(name)"
            ),
            "pkg/m.py": "V = 1",
            "pkg/n.py": "W = 2",
        },
    ),
    Shape("a getter is not asked for what is there", {"main.py": "from a import X", "a.py": "X = 1\ndef __getattr__(name):\n    return 2"}),
    Shape("a getter that computes", {"main.py": "from a import X", "a.py": "def __getattr__(name):\n    return name.lower() + '!'"}),
    Shape("a getter is not asked for builtins", {"main.py": "from a import X", "a.py": "def __getattr__(name):\n    return 2\nX = str(5)"}),
    # import by name
    Shape("import_module", {"main.py": "import importlib\nX = importlib.import_module('m').V", "m.py": "V = 1"}),
    Shape(
        "import_module by its own name",
        {"main.py": "from importlib import import_module\nX = import_module('a.b')", "a/__init__.py": "", "a/b.py": ""},
    ),
    Shape("__import__", {"main.py": "X = __import__('m').V", "m.py": "V = 1"}),
    Shape("__import__ gives the first part", {"main.py": "X = __import__('a.b')", "a/__init__.py": "", "a/b.py": ""}),
    Shape("__import__ with a list", {"main.py": "X = __import__('a.b', fromlist=['V'])", "a/__init__.py": "", "a/b.py": "V = 1"}),
    Shape("sys.modules", {"main.py": "import sys\nimport m\nX = sys.modules['m'].V", "m.py": "V = 1"}),
    Shape("sys.modules by get", {"main.py": "import sys\nimport m\nX = sys.modules.get('m').V", "m.py": "V = 1"}),
    Shape(
        "relative import_module",
        {"pkg/__init__.py": "", "pkg/main.py": "import importlib\nX = importlib.import_module('.m', __package__)", "pkg/m.py": ""},
        "pkg/main.py",
        "pkg.main",
    ),
    Shape(
        "relative import_module from a name",
        {"main.py": "import importlib\nX = importlib.import_module('.m', 'pkg').V", "pkg/__init__.py": "", "pkg/m.py": "V = 1"},
    ),
    Shape(
        "a table of names",
        {
            "pkg/__init__.py": "",
            "pkg/main.py": (
                "import importlib\nSPREAD = []\nfor name in ('a', 'b'):\n"
                "    X = importlib.import_module('.' + name, package=__package__).V\n    SPREAD.append(X)"
            ),
            "pkg/a.py": "V = 1",
            "pkg/b.py": "V = 2",
        },
        "pkg/main.py",
        "pkg.main",
    ),
    Shape(
        "a dictionary of names",
        {
            "main.py": (
                "import importlib\nTABLE = {'x': 'pkg.a', 'y': 'pkg.b'}\nSPREAD = []\nfor path in TABLE.values():\n"
                "    X = importlib.import_module(path).V\n    SPREAD.append(X)"
            ),
            "pkg/__init__.py": "",
            "pkg/a.py": "V = 1",
            "pkg/b.py": "V = 2",
        },
    ),
    Shape("the module itself", {"main.py": "import sys\nV = 1\nX = sys.modules[__name__].V"}),
    # roots
    Shape("a script beside", {"tools/main.py": "from conf import X", "tools/conf.py": "X = 1"}, "tools/main.py"),
    Shape(
        "a script beside, not the one above",
        {"tools/main.py": "from conf import X", "tools/conf.py": "X = 1", "conf.py": "X = 2"},
        "tools/main.py",
    ),
    Shape("two scripts, the other's module", {"b/main.py": "from conf import X", "b/conf.py": "X = 1", "a/conf.py": "X = 2"}, "b/main.py"),
    Shape(
        "a layout with src",
        {"tests/main.py": "from app.m import X", "src/app/__init__.py": "", "src/app/m.py": "X = 1"},
        "tests/main.py",
        path=("src",),
    ),
    Shape(
        "two projects",
        {
            "one/src/app/__init__.py": "",
            "one/src/app/conf.py": "X = 1",
            "one/src/app/main.py": "from app.conf import X",
            "two/src/app/__init__.py": "",
            "two/src/app/conf.py": "X = 2",
            "two/src/app/main.py": "from app.conf import X",
        },
        "two/src/app/main.py",
        "app.main",
        path=("two/src",),
    ),
    Shape(
        "two projects, relative",
        {
            "one/app/__init__.py": "",
            "one/app/conf.py": "X = 1",
            "two/app/__init__.py": "",
            "two/app/conf.py": "X = 2",
            "two/app/main.py": "from .conf import X",
        },
        "two/app/main.py",
        "app.main",
        path=("two",),
    ),
    Shape(
        "the tests of the second project",
        {
            "one/src/app/__init__.py": "X = 1",
            "one/pyproject.toml": "",
            "two/src/app/__init__.py": "X = 2",
            "two/pyproject.toml": "",
            "two/tests/main.py": "from app import X",
        },
        "two/tests/main.py",
        path=("two/src",),
    ),
    Shape(
        "another project of the monorepo",
        {"one/src/common/__init__.py": "X = 1", "two/src/app/__init__.py": "", "two/src/app/main.py": "from common import X"},
        "two/src/app/main.py",
        "app.main",
        path=("one/src", "two/src"),
    ),
    Shape(
        "tests by their own root",
        {"pkg/__init__.py": "", "tests/helpers.py": "X = 1", "tests/main.py": "from helpers import X"},
        "tests/main.py",
    ),
    Shape(
        "tests in a package",
        {"tests/__init__.py": "", "tests/helpers.py": "X = 1", "tests/main.py": "from tests.helpers import X"},
        "tests/main.py",
        "tests.main",
    ),
    Shape("a module run as a package", {"app/__main__.py": "from conf import X", "app/conf.py": "X = 1"}, "app/__main__.py"),
    Shape(
        "a package that is run",
        {"app/__init__.py": "", "app/__main__.py": "from .conf import X", "app/conf.py": "X = 1"},
        "app/__main__.py",
        "app",
    ),
    Shape(
        "a script of a package",
        {"app/__init__.py": "", "app/main.py": "from conf import X", "app/conf.py": "X = 1"},
        "app/main.py",
    ),
    Shape(
        "the path is changed",
        {
            "tools/main.py": "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\nfrom app.m import X",
            "app/__init__.py": "",
            "app/m.py": "X = 1",
        },
        "tools/main.py",
    ),
    Shape(
        "the path is changed to a folder",
        {
            "main.py": "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'vendor'))\nfrom dep import X",
            "vendor/dep.py": "X = 1",
            "other/dep.py": "X = 2",
        },
    ),
    Shape("a stub beside", {"main.py": "from conf import X", "conf.py": "X = 1", "conf.pyi": "X: int"}),
    Shape(
        "a package spread over two roots", {"main.py": "from ns.b import X", "one/ns/a.py": "", "two/ns/b.py": "X = 1"}, path=("one", "two")
    ),
    # cycles
    Shape("a cycle", {"main.py": "import a\nX = a.V", "a.py": "import b\nV = 1", "b.py": "import a\nW = 2"}),
    Shape("a cycle of names", {"main.py": "from a import X", "a.py": "V = 1\nfrom b import X", "b.py": "from a import V\nX = V"}),
    Shape("a cycle in a package", {"main.py": "from pkg import X", "pkg/__init__.py": "from .a import X", "pkg/a.py": "import pkg\nX = 1"}),
    Shape("a cycle of stars", {"main.py": "from a import X", "a.py": "X = 1\nfrom b import *", "b.py": "from a import *\nY = 2"}),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name.replace(" ", "-"))
def test_imports_are_as_python_has_them(shape: Shape, tmp_path: Path) -> None:
    write(shape, tmp_path)
    happened = really(shape, tmp_path)
    claimed, closed = inferred(shape, tmp_path)
    if not closed:
        assert shape.name in OPEN, (claimed, happened)
    assert shape.name in OPEN or set(happened) <= set(claimed), (claimed, happened)
    if shape.name not in WIDER:
        assert set(claimed) <= set(happened), (claimed, happened)


OPEN = frozenset({"a fallback that is taken", "a constant in place of it", "a fallback for a module"})
"""What is imported first is in no analysed file, and may well be installed."""
WIDER = frozenset({
    "a fallback that is not taken", "by a condition", "the submodule was imported later", "the package imports it after the attribute",
    "a star behind a binding",
})  # fmt: skip
"""One of several alternatives is taken; that it is this one is not followed."""


def test_there_are_shapes_enough() -> None:
    assert len(SHAPES) >= 60
    assert len({shape.name for shape in SHAPES}) == len(SHAPES)


METRICS = """from prometheus_client import Counter

POSTS = Counter("posts", "Posts", ["bot"])


class Metrics:
    def __init__(self, bot):
        self.bot = bot

    def sent(self):
        POSTS.labels(self.bot).inc()
"""
USE = "\nMETRICS = Metrics({bot!r})\nMETRICS.sent()\n"
PLACES = {
    "a package next to the module": {
        "metrics.py": METRICS,
        "politics.py": "from metrics import Metrics" + USE.format(bot="a"),
        "crosspost/__init__.py": "",
        "crosspost/main.py": "from metrics import Metrics" + USE.format(bot="b"),
    },
    "a package in a folder": {
        "app/services/metrics.py": METRICS,
        "app/services/a.py": "from .metrics import Metrics" + USE.format(bot="a"),
        "app/api/__init__.py": "",
        "app/api/b.py": "from ..services.metrics import Metrics" + USE.format(bot="b"),
    },
}


@pytest.mark.parametrize("above", ["", "one/", "one/two/"])
@pytest.mark.parametrize("name", PLACES)
def test_the_folder_above_changes_nothing(name: str, above: str) -> None:
    files = {f"{above}{path}": code.encode() for path, code in PLACES[name].items()}
    done = run((), Config(), instead=files, files=())
    [value] = [arg.value for site in done.program.sites for arg in site.args]
    assert sorted(map(str, value.exact)) == ["a", "b"]
