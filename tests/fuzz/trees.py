"""Mutations of syntax trees: what comes out parses, so that it reaches inference, rules and fixes.

Nodes are swapped, doubled, nested, deleted, deepened, taken from other seeds, and replaced by such as inference has to be afraid of:
names that stand for themselves, classes that inherit from themselves, calls of what is called.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import lru_cache
from random import Random
from typing import Any

EXPRESSIONS = (
    "x", "self", "C", "C.labels", "C.labels(x)", "C.labels(*x)", "C.labels(**x)", "C.labels(**{'x': x, **x})", "(lambda: x)()", "(lambda x: x(x))(lambda x: x(x))",
    "f(f)", "f(f(f))", "x.x.x", "x[x]", "x[x:x:x]", "x[::0]", "x[-1]", "x[10**9]", "()", "[]", "{}", "{x: x}", "{**x}", "{*x}", "[*x]", "x if x else x", "x or x and x",
    "not x", "-x", "~x", "x @ x", "x % x", "x % (x,)", "'%s' % x", "'%(x)s' % x", "'%' % ()", "'{0.x[0]!r:{1}}'.format(x, x)", "'{}{'.format(x)", "'{}'.format()",
    "'{x}'.format_map(x)", "f'{x}{x!r}{x:{x}}'", "f'{x=}'", "f'{f\"{x}\"}'", "'a' * 3", "'a' * -1", "3 * 'a'", "x * x", "x ** x", "2 ** 64", "1 // 0", "1 % 0", "0 ** -1",
    "1 << 70", "-1 >> 1", "1e308 * 10", "float('nan')", "complex(1, 2)", "1 < x < 2 < x", "x in x not in x", "x is x", "[x for x in x]", "{x: x for x in x for x in x if x}",
    "(x async for x in x)", "(x for x in (y for y in x))", "[y := x]", "(x := x)", "(yield)", "(yield x)", "(await x)", "(yield from x)", "...", "None", "True", "b'x'", "''",
    "'\\x00'", "'\\ud800'", "'\\x1b[31m'", "'a\\nb'", "'::error::'", "'`|<b>'", "'x' 'y'", "range(10)", "range(0)", "range(1, 10, 0)", "range(10 ** 30)",
    "enumerate(x)", "zip(x, x)", "zip()", "map(f, x)", "filter(None, x)", "sorted(x)", "reversed(x)", "sum([x], [])", "min()", "max(x, key=f)", "next(iter(x))", "iter(f, x)",
    "len(x)", "str()", "str(x, x)", "int()", "int('x')", "int('10', 99)", "int('10', 0)", "bool()", "list()", "dict()", "dict(x)", "dict(x=x, **x)", "dict([1])", "dict.fromkeys(x)",
    "tuple(x)", "set(x)", "frozenset()", "type(x)", "type('K', (x,), {})", "type(x).__name__", "isinstance(x, (x, (x,)))", "getattr(x, 'x')", "getattr(x, x)", "getattr()",
    "setattr(x, 'x', x)", "vars(x)", "globals()['x']", "locals()", "super().x", "super(x, x).x", "x.__class__.__name__", "x.__dict__['x']", "__name__", "__file__.x", "print(x)",
    "x.split()[0]", "x.split('/', -1)[-1]", "x.partition('/')[5]", "x.join(x)", "','.join([x, *x])", "x.replace(x, x)", "x.replace()", "x.strip().lower().upper()", "x.format(*x, **x)",
    "x.get(x, x)", "x.get()", "x.setdefault(x, x)", "x.pop()", "x.update(x)", "x.append(x)", "x.items()", "dict(x).keys()", "x.encode().decode()", "x.translate({})", "x.zfill(9)",
    "'abc'[1:-1:2]", "'abc'[9]", "(1, 2)[x]", "{'a': 1}['b']", "{'a': 1}.get('a', x)", "{1: 2, x: x}[1]", "[1, 2, 3][-7]", "(*x, *x)[0]", "os.environ['X']", "os.environ.get(x)",
    "uuid.uuid4()", "time.time()", "datetime.now()", "request.path", "request.args['x']", "request.user.id", "str(request.headers)", "socket.gethostname()", "functools.partial(f, x)",
    "functools.partial(functools.partial, functools.partial)(x)", "functools.reduce(f, x)", "functools.lru_cache(f)", "functools.wraps(f)(f)", "operator.attrgetter('x')(x)",
    "operator.itemgetter(0)(x)", "itertools.chain(x, x)", "collections.defaultdict(f)[x]", "collections.Counter(x)", "collections.namedtuple('N', 'a b')(x, x).a", "Enum('E', 'a b')",
    "Counter('a_total', 'A', ['x'])", "Counter('a', 'A', x)", "Counter(*x)", "Counter(**x)", "Counter()", "Counter(x, x, x)", "Counter('a', 'A', ['x'] * 50)", "Counter('a', 'A', [x for x in x])",
    "Histogram('h', 'H', buckets=[])", "Histogram('h', 'H', buckets=x)", "Histogram('h', 'H', buckets=[3, 1, 'x', None])", "Histogram('h', 'H', buckets=(float('inf'), float('nan')))",
    "Histogram('h', 'H', ['le'])", "Summary('s', 'S', ['quantile'])", "Gauge('', '', [''])", "Gauge('g', 'G', ['a', 'a'])", "Gauge('g', 'G', multiprocess_mode=x)", "Enum('e', 'E', states=x)",
    "Info('i', 'I').info(x)", "Info('i', 'I').info({'x': x})", "C.labels(C)", "C.labels(C.labels(x))", "C.labels(x).labels(x)", "C.labels(x).inc().x", "C.remove(x)", "C.labels",
    "C.labels(x, x, x, x)", "C.labels(y=x)", "C.labels(x, x=x)", "C.labels(*[x], **{'x': x})", "C.labels(**dict(x))", "C.labels(**(x or {}))", "C.labels(*(x if x else ()))",
    "CounterMetricFamily('a', 'A', labels=[x])", "re.sub(x, x, x)", "re.sub(r'(\\d+)*$', '', x)", "re.match('(', x).group(0)", "re.compile('[')", "re.fullmatch('a{1,99999}', x)[0]",
    "hash(x) % 10", "x % 10", "random.choice([])", "random.choice(['a', x])", "hashlib.md5(x).hexdigest()[:2]", "json.loads(x)['x']", "open(x).read()", "input()", "os.getpid()", "id(x)",
)  # fmt: skip
STATEMENTS = (
    "class K(K): pass", "class K(L): pass\nclass L(K): pass", "class K(metaclass=K): x = K.x", "class K:\n    x = x\n    def x(self): return self.x",
    "class K:\n    @property\n    def x(self): return self.x.x", "class K:\n    def __getattr__(self, n): return getattr(self, n)\n    def __call__(self, *a): return self(*a)",
    "class K:\n    def __init__(self): self.x = self\n    def f(self): return self.x.f()", "class K(Enum):\n    x = x\n    y = K.x", "class K(NamedTuple):\n    x: K = K()",
    "@dataclass\nclass K:\n    x: 'K' = field(default_factory=lambda: K())\n    y: list['K'] = x", "class K(str, Enum):\n    A = 'a'\n    B = A\n    def f(self): return K(self.value)",
    "class K(*K, **K): pass", "class K(x.y[0](K)): pass", "class K:\n    __slots__ = __slots__", "class K(Counter):\n    def labels(self, *a): return self.labels(*a)",
    "@f\ndef f(x=f): return f", "@f(f)\n@f\ndef f(f=f, *f2, **f3): return f(f)", "def f(x): return f(f(x))", "def f(x): return g(x)\ndef g(x): return f(x)", "def f(*x, **y): return f(*x, **y)",
    "def f(x=lambda: f()): return x()", "def f():\n    def f(): return f\n    return f()", "def f():\n    global f\n    f = f", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = x\n    g()\n    return x",
    "f = lambda: f()", "f = lambda f: f(f)", "f = functools.partial(f, f)", "x = x", "x = y\ny = x", "x, y = y, x", "x, *y = *y, x", "(x, (y, [*z])) = x", "x[x] = x", "x.x = x", "x[x], x.y = x", "x += x",
    "x: x = x", "x: 'x.y[z]' = x", "x: 'not python (' = x", "x: int", "del x", "del x[0], x.y", "global x", "x = [x]", "x = {'x': x}", "x = x or [x]", "x.append(x)", "x['x'] = x", "x.update(x)", "x = x.x", "x = x[0]", "x = f'{x}{x}'",
    "C = C", "C = C.labels(x)", "C.labels(x).inc()", "C = Counter('c_total', 'C', ['x'])", "C = {'a': C}", "labels = labels(**labels)", "labels = C.labels\nlabels(x)", "C.labels = C.labels", "Counter = Counter",
    "for x in x: x = x", "for C in [C, C.labels(x)]: C.labels(x)", "for x, in x: C.labels(x)", "for i in range(3):\n    Counter('c%d' % i, 'C', ['x'])", "for x.y in x: pass", "for x[0] in x:\n    continue\nelse:\n    x",
    "while x: x = x.next", "while True:\n    x = C.labels(x)\n    if x: break\nelse:\n    x", "if x: C = Counter('a', 'A')\nelse: C = Gauge('a', 'A', ['y'])", "if (x := x): pass\nelif (x := y): pass",
    "with x as x: pass", "with C.labels(x).time() as x, x as (y, z): pass", "async def f():\n    async with x as y: C.labels(y)\n    async for z in y: C.labels(z)\n    return [i async for i in z]",
    "try: x = x\nexcept x as x: x\nelse: x\nfinally: x = x", "try:\n    pass\nexcept Exception as e:\n    C.labels(str(e), type(e).__name__).inc()", "try: pass\nexcept* x: C.labels(x)", "raise x from x", "assert x, x", "return x", "break",
    "match x:\n    case x: C.labels(x)\n", "match x:\n    case {'x': x, **y}: C.labels(y)\n    case [x, *y] | (x as y): C.labels(y)\n    case K(x=1, y='a' | None) if x: C.labels(x)\n    case -1 | 1+2j | x.y: pass\n    case _: C.labels(x)",
    "from . import *", "from .. import x", "from ... import x as C", "from .x import x", "from x import x", "from app import *", "from app import C as C", "import app", "import app as C", "import app.app.app", "from __future__ import annotations",
    "from prometheus_client import *", "import prometheus_client as C", "from prometheus_client import Counter as Counter, Gauge as Counter", "from prometheus_client.core import CounterMetricFamily, REGISTRY", "__all__ = ['x', x]", "__all__ += __all__",
    "os.environ['PROMETHEUS_MULTIPROC_DIR'] = x", "REGISTRY.register(x)", "start_http_server(x)", "registry = CollectorRegistry(registry)", "sys.modules[__name__] = x", "if TYPE_CHECKING: from app import C", "if False: x = x",
    "@app.route('/<x>')\ndef view(x): C.labels(request.path, x).inc()", "@C.labels(x).time()\nasync def f(x): yield x", "@C.time()\n@C.count_exceptions()\nclass K: pass", "def f(self, x): self.x.labels(x).inc(); return self.f(self)",
    "def f[T: f](x: T) -> T: return x", "class K[T: K, *Ts, **P](K[T]): pass", "type X = X | list[X]", "async def f(): await f(); yield; return", "def f(x, /, y, *, z): return f(z, x, y=y)", "def f(): return (yield (yield))",
)  # fmt: skip
NESTS = (
    "if x:\n    pass", "if x:\n    y\nelse:\n    pass", "for x in x:\n    pass", "while x:\n    pass", "with x as y:\n    pass", "try:\n    pass\nexcept x:\n    y", "try:\n    x\nfinally:\n    pass", "def f(x=x):\n    pass",
    "async def f(*x):\n    pass", "class K(K):\n    pass", "match x:\n    case [x]:\n        pass", "if TYPE_CHECKING:\n    pass", "@f\ndef f(self):\n    global x\n    pass",
)  # fmt: skip
DEEPENED: tuple[Callable[[str], str], ...] = (
    lambda x: f"({x}).x", lambda x: f"f({x})", lambda x: f"[{x}][0]", lambda x: f"({x}) + ({x})", lambda x: f"(lambda x: {x})(x)", lambda x: f"({x}) if ({x}) else x", lambda x: f"({x})[x]",
    lambda x: f"{{'x': {x}}}['x']", lambda x: f"({x}).lower()", lambda x: f"str({x})", lambda x: f"[y for y in ({x})][-1]", lambda x: f"(x := ({x}))", lambda x: f"not ({x})", lambda x: f"({x}, x)[0]",
    lambda x: f"({x})()", lambda x: f"dict(x={x})", lambda x: f"({x}) or ({x})", lambda x: f"functools.partial({x}, x)", lambda x: f"'%s' % ({x})", lambda x: f"({x}).get(x, {x})",
)  # fmt: skip

MOST_NODES = 6_000
Tree = ast.Module
Operation = Callable[[Tree, Tree, Random], None]


def _parsed(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


@lru_cache(1)
def _hostile() -> tuple[list[str], list[str]]:
    """Return the texts that this Python can read: newer grammar stands in them, too."""
    return [e for e in EXPRESSIONS if _parsed(e)], [s for s in STATEMENTS if _parsed(s)]


def _expression(text: str) -> ast.expr:
    tree = ast.parse(text)
    assert isinstance(tree.body[0], ast.Expr)
    return tree.body[0].value


def _fields(tree: Tree, kind: type[ast.AST]) -> list[tuple[Any, str, int]]:
    """List where nodes of a kind stand: owner, field, and position in it or -1."""
    out: list[tuple[Any, str, int]] = []
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if isinstance(value, kind):
                if isinstance(node, ast.FormattedValue) and field == "format_spec":
                    continue
                out.append((node, field, -1))
            elif isinstance(value, list) and not isinstance(node, ast.JoinedStr):
                out.extend((node, field, at) for at, item in enumerate(value) if isinstance(item, kind))
    return out


def _get(slot: tuple[Any, str, int]) -> Any:
    owner, field, at = slot
    return getattr(owner, field) if at < 0 else getattr(owner, field)[at]


def _put(slot: tuple[Any, str, int], node: Any) -> None:
    owner, field, at = slot
    if at < 0:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[at] = node


def _loads(tree: Tree) -> list[tuple[Any, str, int]]:
    """List the expressions that are read, not assigned to."""
    return [slot for slot in _fields(tree, ast.expr) if not isinstance(getattr(_get(slot), "ctx", None), (ast.Store, ast.Del))]


def _blocks(tree: Tree) -> list[list[ast.stmt]]:
    blocks = []
    for node in ast.walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                blocks.append(value)
    return blocks


def swap(tree: Tree, other: Tree, random: Random) -> None:
    """Exchange two expressions, or put one in place of several."""
    slots = _loads(tree)
    if len(slots) > 1:
        first, second = random.sample(slots, 2)
        one, two = _get(first), _get(second)
        if not any(n is two for n in ast.walk(one)) and not any(n is one for n in ast.walk(two)):
            _put(first, two)
            _put(second, one)


def replace(tree: Tree, other: Tree, random: Random) -> None:
    """Put a hostile expression, or one of another seed, in place of an expression; names are often those of the tree."""
    slots = _loads(tree)
    if not slots:
        return
    slot = random.choice(slots)
    theirs = _loads(other) if random.random() < 0.25 else []
    _put(slot, _named(deepcopy(_get(random.choice(theirs))) if theirs else _expression(random.choice(_hostile()[0])), tree, random))


def deepen(tree: Tree, other: Tree, random: Random) -> None:
    """Wrap an expression, now and then many times over."""
    slots = _loads(tree)
    if slots:
        slot = random.choice(slots)
        text = ast.unparse(_get(slot))
        form = random.choice(DEEPENED)
        for _ in range(random.choice((1, 1, 2, 3, 12))):
            if len(text) < 2_000:
                text = form(text)
        parsed = _parsed(text)
        if parsed is not None and len(parsed.body) == 1 and isinstance(parsed.body[0], ast.Expr):
            _put(slot, parsed.body[0].value)


def add(tree: Tree, other: Tree, random: Random) -> None:
    """Insert a hostile statement, or one of another seed, before a statement or behind it."""
    blocks = _blocks(tree)
    theirs = _blocks(other) if random.random() < 0.3 else []
    new = [deepcopy(random.choice(random.choice(theirs)))] if theirs else ast.parse(random.choice(_hostile()[1])).body
    block = random.choice(blocks) if blocks else tree.body
    at = random.randint(0, len(block))
    block[at:at] = [_named(statement, tree, random) for statement in new]


def repeat(tree: Tree, other: Tree, random: Random) -> None:
    """Repeat a statement elsewhere."""
    blocks = _blocks(tree)
    if blocks:
        statement = deepcopy(random.choice(random.choice(blocks)))
        block = random.choice(blocks)
        block.insert(random.randint(0, len(block)), statement)


def drop(tree: Tree, other: Tree, random: Random) -> None:
    """Leave out a statement."""
    blocks = [block for block in _blocks(tree) if len(block) > 1]
    if blocks:
        block = random.choice(blocks)
        del block[random.randrange(len(block))]


def nest(tree: Tree, other: Tree, random: Random) -> None:
    """Put some statements into a block of their own."""
    blocks = _blocks(tree)
    if blocks:
        block = random.choice(blocks)
        start = random.randrange(len(block))
        end = start + random.randint(1, 3)
        outer = ast.parse(random.choice(NESTS))
        inner = next(b for b in _blocks(outer) if isinstance(b[-1], ast.Pass))
        inner[-1:] = block[start:end]
        block[start:end] = outer.body


def rename(tree: Tree, other: Tree, random: Random) -> None:
    """Give one name or attribute that of another, in one place or in all."""
    nodes = [
        n
        for n in ast.walk(tree)
        if isinstance(n, (ast.Name, ast.Attribute, ast.arg, ast.FunctionDef, ast.ClassDef, ast.alias, ast.keyword))
    ]
    if len(nodes) > 1:
        first, second = random.sample(nodes, 2)
        old, new = _name(first), _name(second)
        if new:
            for node in nodes if random.random() < 0.4 else [first]:
                if _name(node) == old:
                    _set_name(node, new)


def _named(node: Any, tree: Tree, random: Random) -> Any:
    """Give the free names of a node those of the tree, so that it speaks of what is there."""
    if random.random() < 0.2:
        return node
    known = sorted(
        {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        | {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    )
    if known:
        mapped = {name: random.choice(known) for name in ("x", "y", "f", "g", "K", "L") if random.random() < 0.8}
        for inner in ast.walk(node):
            name = _name(inner)
            if name in mapped and not isinstance(inner, ast.Attribute):
                _set_name(inner, mapped[name])
    return node


def _name(node: Any) -> str:
    return (
        getattr(node, "id", None)
        or getattr(node, "attr", None)
        or (getattr(node, "arg", None) if isinstance(node, (ast.arg, ast.keyword)) else None)
        or (getattr(node, "name", None) if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.alias)) else None)
        or ""
    )


def _set_name(node: Any, name: str) -> None:
    for field in ("id", "attr", "arg", "name"):
        if isinstance(getattr(node, field, None), str):
            setattr(node, field, name)


OPERATIONS: Sequence[Operation] = (
    swap,
    replace,
    replace,
    replace,
    replace,
    deepen,
    deepen,
    add,
    add,
    add,
    repeat,
    drop,
    nest,
    rename,
    rename,
)


def mutated(data: bytes, other: bytes, random: Random) -> bytes | None:
    """Return a text whose tree was changed; None where it does not parse, or what came out cannot be written."""
    tree, donor = (None if len(text) > 20_000 else _fresh(text) for text in (data, other))
    if tree is None:
        return None
    try:
        for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
            if sum(1 for _ in ast.walk(tree)) < MOST_NODES:
                random.choice(OPERATIONS)(tree, donor or ast.Module([], []), random)
        return ast.unparse(ast.fix_missing_locations(tree)).encode("utf-8", "surrogatepass") + b"\n"
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        return None


def _fresh(data: bytes) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
