"""A name of a module is what any file stores under it: each program is run, and no claim is smaller than what happened."""

from __future__ import annotations

import pytest

from cardlint.config import Config
from cardlint.inference.domain.value_sets import Bound
from tests.inference.expectations import analyse
from tests.soundness.stored_names import Changing, elsewhere, really

FUNCTION = "def kind():\n    return 'x'"
CLASS = "class Plan:\n    word = 'w'\n    def kind(self):\n        return 'x'"

PROGRAMS = [
    # assignments to an attribute of the module
    Changing("an attribute", "conf.NAME = x"),
    Changing("under another name", "c.NAME = x", "import conf as c"),
    Changing("imported in the function", "import conf\nconf.NAME = x", ""),
    Changing("imported in the function under another name", "import conf as c\nc.NAME = x", ""),
    Changing("augmented", "conf.NAME += x"),
    Changing("one of several targets", "conf.NAME, y = x, 1"),
    Changing("the last of several targets", "y, conf.NAME = 1, x"),
    Changing("targets in brackets", "(y, [conf.NAME, z]) = 1, (x, 2)"),
    Changing("a chain of targets", "y = conf.NAME = x"),
    Changing("a starred target", "*y, conf.NAME = 1, 2, x"),
    Changing("a loop", "for conf.NAME in [x]:\n    pass"),
    Changing("one target of a loop", "for y, conf.NAME in [(1, x)]:\n    pass"),
    Changing("a with", "with given(x) as conf.NAME:\n    pass", "import conf, contextlib\n@contextlib.contextmanager\ndef given(x):\n    yield x"),
    Changing("one target of a with", "with given((1, x)) as (y, conf.NAME):\n    pass", "import conf, contextlib\n@contextlib.contextmanager\ndef given(x):\n    yield x"),
    Changing("a variable that is the module", "c = conf\nc.NAME = x"),
    Changing("one of two modules", "m = conf if x else other_conf\nm.NAME = x", "import conf, other_conf", files={"other_conf.py": "NAME = 'b'"}),
    Changing("each of two modules", "for m in (conf, other_conf):\n    m.NAME = x", "import conf, other_conf", files={"other_conf.py": "NAME = 'b'"}),
    Changing("through another module", "far.conf.NAME = x", "import far", files={"far.py": "import conf"}),
    Changing("in brackets on lines", "(\n    conf\n    .NAME\n) = x"),
    Changing("by a condition", "if len(x) > 3:\n    conf.NAME = x"),
    Changing("a comment behind", "conf.NAME = x  # changed"),
    Changing("with an annotation", "conf.NAME: str = x"),
    Changing("from a comprehension", "[set_it(y) for y in [x]]", "import conf\ndef set_it(y):\n    conf.NAME = y"),
    Changing("from a lambda", "(lambda y: setattr(conf, 'NAME', y))(x)"),
    # by name
    Changing("setattr", "setattr(conf, 'NAME', x)"),
    Changing("setattr on lines", "setattr(\n    conf,\n    'NAME',\n    x,\n)"),
    Changing("setattr under another name", "setattr(c, 'NAME', x)", "import conf as c"),
    Changing("setattr with a computed name", "setattr(conf, 'NA' + 'ME', x)"),
    Changing("setattr with a name that is given", "setattr(conf, key(), x)", "import conf\ndef key():\n    return 'name'.upper()"),
    Changing("setattr with a name from outside", "setattr(conf, input_key, x)", "import conf, os\ninput_key = os.environ.get('NOT_SET_AT_ALL', 'NAME')"),
    Changing("setattr in a loop", "for key in ('NAME', 'OTHER'):\n    setattr(conf, key, x)"),
    Changing("setattr over a dictionary", "for key, value in {'NAME': x}.items():\n    setattr(conf, key, value)"),
    Changing("setattr over what was sent", "for key, value in x.items():\n    setattr(conf, key, value)", call="other.change(request.d)"),
    Changing("setattr on each of two", "for m in (conf, other_conf):\n    setattr(m, 'NAME', x)", "import conf, other_conf", files={"other_conf.py": "NAME = 'b'"}),
    Changing("the method of the module", "conf.__setattr__('NAME', x)"),
    Changing("the method of object", "object.__setattr__(conf, 'NAME', x)"),
    Changing("__dict__", "conf.__dict__['NAME'] = x"),
    Changing("__dict__ under another name", "d = conf.__dict__\nd['NAME'] = x"),
    Changing("__dict__ updated", "conf.__dict__.update(NAME=x)"),
    Changing("__dict__ updated with a dictionary", "conf.__dict__.update({'NAME': x})"),
    Changing("__dict__ updated with pairs", "conf.__dict__.update([('NAME', x)])"),
    Changing("__dict__ updated with what was sent", "conf.__dict__.update(x)", call="other.change(request.d)"),
    Changing("__dict__ with its method", "conf.__dict__.__setitem__('NAME', x)"),
    Changing("vars", "vars(conf)['NAME'] = x"),
    Changing("vars updated", "vars(conf).update(NAME=x)"),
    Changing("vars under a name", "names = vars(conf)\nnames['NAME'] = x"),
    Changing("vars merged", "names = vars(conf)\nnames |= {'NAME': x}"),
    Changing("sys.modules", "sys.modules['conf'].NAME = x", "import sys"),
    Changing("sys.modules by get", "sys.modules.get('conf').NAME = x", "import sys"),
    Changing("sys.modules and setattr", "setattr(sys.modules['conf'], 'NAME', x)", "import sys"),
    Changing("sys.modules and __dict__", "sys.modules['conf'].__dict__['NAME'] = x", "import sys"),
    Changing("sys.modules and a variable", "c = sys.modules['conf']\nc.NAME = x", "import sys"),
    Changing("import_module", "importlib.import_module('conf').NAME = x", "import importlib"),
    Changing("import_module and setattr", "setattr(import_module('conf'), 'NAME', x)", "from importlib import import_module"),
    Changing("__import__", "__import__('conf').NAME = x", ""),
    # in the module itself
    Changing("a global", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    global NAME\n    NAME = x"),
    Changing("a global in a loop", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    global NAME\n    for NAME in [x]:\n        pass"),
    Changing("a global by a walrus", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    global NAME\n    if (NAME := x):\n        pass"),
    Changing("a global in a function inside", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    def inner():\n        global NAME\n        NAME = x\n    inner()"),
    Changing("a global with others", "conf.put(x)", conf="NAME = 'a'\nOTHER = 1\ndef put(x):\n    global OTHER, NAME\n    OTHER, NAME = 2, x"),
    Changing("globals", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    globals()['NAME'] = x"),
    Changing("globals updated", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    globals().update(NAME=x)"),
    Changing("globals updated with what was sent", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    globals().update(x)", call="other.change(request.d)"),
    Changing("globals under a name", "conf.put(x)", conf="NAME = 'a'\nNAMES = globals()\ndef put(x):\n    NAMES['NAME'] = x"),
    Changing("globals in a loop", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    for key in ['NAME']:\n        globals()[key] = x"),
    Changing("the target of a loop", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    for globals()['NAME'] in [x]:\n        pass"),
    Changing("its own module", "conf.put(x)", conf="import sys\nNAME = 'a'\ndef put(x):\n    sys.modules[__name__].NAME = x"),
    Changing("its own module under a name", "conf.put(x)", conf="import sys\nNAME = 'a'\nthis = sys.modules[__name__]\ndef put(x):\n    this.NAME = x"),
    Changing("its own module and setattr", "conf.put(x)", conf="import sys\nNAME = 'a'\ndef put(x):\n    setattr(sys.modules[__name__], 'NAME', x)"),
    Changing("its own module by import", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    import conf\n    conf.NAME = x"),
    Changing("exec", "conf.put(x)", conf="NAME = 'a'\ndef put(x):\n    exec('NAME = %r' % x, globals())"),
    Changing("a table of the module by globals", "conf.put(x)", conf="TABLE = {'k': 'a'}\ndef put(x):\n    globals()['TABLE']['k'] = x", label="conf.TABLE['k']"),
    # the module is handed on
    Changing("a function that is given the module", "far.put(conf, x)", "import conf, far", files={"far.py": "def put(m, x):\n    m.NAME = x"}),
    Changing("setattr on what is given", "far.put(conf, 'NAME', x)", "import conf, far", files={"far.py": "def put(m, key, x):\n    setattr(m, key, x)"}),
    Changing("given as a keyword", "far.put(x, module=conf)", "import conf, far", files={"far.py": "def put(x, module):\n    module.NAME = x"}),
    # how it is read
    Changing("read where it is used", "conf.NAME = x", label="read()", head="import conf\ndef read():\n    from conf import NAME\n    return NAME"),
    Changing("read by getattr", "conf.NAME = x", label="getattr(conf, 'NAME')"),
    Changing("read by vars", "conf.NAME = x", label="vars(conf)['NAME']"),
    Changing("read by a function of the module", "conf.NAME = x", conf="NAME = 'a'\ndef get():\n    return NAME", label="conf.get()"),
    Changing("read through a package", "import pkg.inner\npkg.inner.NAME = x", "", head="from pkg import inner", label="inner.NAME", files={"pkg/__init__.py": "", "pkg/inner.py": "NAME = 'a'"}),
    Changing("a relative import", "from pkg import putting\nputting.put(x)", "", head="from pkg import inner", label="inner.NAME", files={"pkg/__init__.py": "", "pkg/inner.py": "NAME = 'a'", "pkg/putting.py": "from . import inner\ndef put(x):\n    inner.NAME = x"}),
    Changing("the package itself", "pkg.NAME = x", "import pkg", head="import pkg", label="pkg.NAME", files={"pkg/__init__.py": "NAME = 'a'"}),
    Changing("a name that starts as None", "conf.NAME = x", conf="NAME = None"),
    Changing("a name that is not there before", "conf.LATER = x", label="conf.LATER"),
    Changing("deleted, and made by the module", "if hasattr(conf, 'NAME'):\n    del conf.NAME", conf="import itertools\nNAME = 'a'\nN = itertools.count()\ndef __getattr__(name):\n    return str(next(N))", call="C.labels(conf.NAME).inc(); other.change(request.a)", head="import conf"),
    # functions and classes
    Changing("a function", "conf.kind = lambda: x", conf=FUNCTION, label="conf.kind()"),
    Changing("a function by setattr", "setattr(conf, 'kind', lambda: x)", conf=FUNCTION, label="conf.kind()"),
    Changing("a function by name", "def kind():\n    return x\nconf.kind = kind", conf=FUNCTION, label="conf.kind()"),
    Changing("a function used by its module", "conf.kind = lambda: x", conf=FUNCTION + "\ndef use():\n    return kind()", label="conf.use()"),
    Changing("a method", "conf.Plan.kind = lambda self: x", conf=CLASS, label="conf.Plan().kind()"),
    Changing("a method of an imported class", "Plan.kind = lambda self: x", "from conf import Plan", conf=CLASS, label="conf.Plan().kind()"),
    Changing("a method under another name", "P.kind = lambda self: x", "from conf import Plan as P", conf=CLASS, label="conf.Plan().kind()"),
    Changing("a method by setattr", "setattr(conf.Plan, 'kind', lambda self: x)", conf=CLASS, label="conf.Plan().kind()"),
    Changing("a static method", "conf.Plan.kind = staticmethod(lambda: x)", conf=CLASS, label="conf.Plan().kind()"),
    Changing("an attribute of a class", "conf.Plan.word = x", conf=CLASS, label="conf.Plan.word"),
    Changing("an attribute of a class, on an instance", "conf.Plan.word = x", conf=CLASS, label="conf.Plan().word"),
    Changing("an attribute of a class by a computed name", "for key in ['word']:\n    setattr(conf.Plan, key, x)", conf=CLASS, label="conf.Plan().word"),
    Changing("a class", "class Mine:\n    def kind(self):\n        return x\nconf.Plan = Mine", conf=CLASS, label="conf.Plan().kind()"),
    Changing("a method of a base", "conf.Base.kind = lambda self: x", conf="class Base:\n    def kind(self):\n        return 'x'\nclass Plan(Base):\n    pass", label="conf.Plan().kind()"),
    # what changes nothing
    Changing("another name", "conf.OTHER = x", stays=True),
    Changing("another module", "other_conf.NAME = x", "import other_conf", files={"other_conf.py": "NAME = 'b'"}, stays=True),
    Changing("an instance", "box.NAME = x", "class Box: pass\nbox = Box()", stays=True),
    Changing("an instance by setattr", "setattr(box, 'NAME', x)", "import conf\nclass Box: pass\nbox = Box()", stays=True),
    Changing("known names by setattr", "for key in ('OTHER', 'MORE'):\n    setattr(conf, key, x)", stays=True),
    Changing("its own globals", "globals()['NAME'] = x", "NAME = 'b'", stays=True),
    Changing("known entries", "conf.__dict__.update(OTHER=x, MORE=x)", stays=True),
    Changing("a constant", "conf.NAME = 'a'", stays=True),
    Changing("a local variable", "NAME = x\nreturn NAME", stays=True),
    Changing("a self of the same attribute", "Box().put(x)", "import conf\nclass Box:\n    def put(self, x):\n        self.NAME = x", stays=True),
    # the label is set elsewhere, on a metric that is reached by name
    elsewhere("a lazy import", "import m\nm.C.labels(x).inc()"),
    elsewhere("a lazy import of the metric", "from m import C\nC.labels(x).inc()"),
    elsewhere("a lazy import under another name", "import m as metrics\nmetrics.C.labels(x).inc()"),
    elsewhere("a lazy import_module", "import importlib\nimportlib.import_module('m').C.labels(x).inc()"),
    elsewhere("a lazy import_module under a name", "from importlib import import_module as load\nload('m').C.labels(x).inc()"),
    elsewhere("a lazy __import__", "__import__('m').C.labels(x).inc()"),
    elsewhere("the metric by sys.modules", "sys.modules['m'].C.labels(x).inc()", "import sys"),
    elsewhere("the metric by getattr", "import m\ngetattr(m, 'C').labels(x).inc()"),
    elsewhere("the metric by vars", "import m\nvars(m)['C'].labels(x).inc()"),
    elsewhere("the metric by __dict__", "import m\nm.__dict__['C'].labels(x).inc()"),
    elsewhere("the module by a function", "metrics().C.labels(x).inc()", "def metrics():\n    import m\n    return m"),
    elsewhere("the module by a table", "TABLE['k']().C.labels(x).inc()", "import importlib\nTABLE = {'k': lambda: importlib.import_module('m')}"),
    elsewhere("the module as an argument", "x[0].C.labels(x[1]).inc()", call="import other, sys\nother.change((sys.modules[__name__], request.a))"),
    elsewhere("its own globals by name", "from m import put\nput(x)", files={"m.py": "from prometheus_client import Counter\nC = Counter('m_total', 'A metric.', ['v'])\ndef put(x):\n    globals()['C'].labels(x).inc()\ndef handle(request):\n    import other\n    C.labels('a').inc()\n    other.change(request.a)\n"}),
    elsewhere("through a getter", "from pkg import metric\nmetric.labels(x).inc()", files={"pkg/__init__.py": "def __getattr__(name):\n    if name == 'metric':\n        from m import C\n        return C\n    raise AttributeError(name)\n"}),
    elsewhere("a fallback", "try:\n    from nowhere_at_all import C\nexcept ImportError:\n    from m import C\nC.labels(x).inc()"),
    elsewhere("through a folder", "import ns.inner.deep as deep\ndeep.m.C.labels(x).inc()", files={"ns/inner/deep.py": "import m\n"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def happened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Run all programs once."""
    return really(PROGRAMS, tmp_path_factory.mktemp("stored"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name.replace(" ", "-"))
def test_no_claim_is_smaller_than_what_happens(program: Changing, happened: dict[str, int]) -> None:
    seen = happened[program.name]
    assert (seen == 1) == program.stays, seen
    result = analyse({name: text for name, text in program.texts().items() if name.endswith(".py")}, Config())
    values = [arg.value for site in result.program.sites for arg in site.args if arg.label == "v"]
    assert values
    sizes = [value.size or len(value.exact) for value in values if value.bound in (Bound.EXACTLY, Bound.BOUNDED)]
    if program.stays:
        assert sizes == [1], values
    else:
        assert len(sizes) < len(values) or max(sizes) >= seen, (seen, values)


def test_names_are_told_apart() -> None:
    assert len({program.name for program in PROGRAMS}) == len(PROGRAMS)
