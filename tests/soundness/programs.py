"""Random small programs that carry values into a label, for comparing what is inferred with what really happens.

A program has a metric, helpers, and `handle(request)`, which is run with many requests. `request.a` is a fresh text,
`request.n` a fresh number, `request.b` a boolean; everything else is constant. Each expression knows whether open
input can reach it (`open`), so that a program of constants that is called unbounded is a violation, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

WORDS = ("red", "green", "blue", "GET", "post", "x1", "a-b", "", "ok")


@dataclass(frozen=True)
class Expr:
    """A text expression of the generated program."""

    code: str
    open: bool
    """open input can reach it"""


@dataclass
class Builder:
    """Collects the parts of one program."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    module: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    """lines of a second file, imported by the first"""
    exported: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    names: int = 0

    def name(self, prefix: str) -> str:
        """Return a name that no other part uses."""
        self.names += 1
        return f"{prefix}{self.names}"

    def pick(self, *options: Any) -> Any:
        """Choose one of the options."""
        return self.draw(st.sampled_from(options))

    def word(self) -> str:
        """Return a literal."""
        return repr(self.pick(*WORDS))

    def words(self, least: int = 1, most: int = 4) -> list[str]:
        """Return several distinct literals."""
        return [repr(w) for w in self.draw(st.lists(st.sampled_from(WORDS), min_size=least, max_size=most, unique=True))]

    def place(self) -> list[str]:
        """Return the file that the next helper goes to: the handler's own, or a second one it imports from."""
        return self.pick(self.module, self.helpers)

    def define(self, name: str, *lines: str) -> None:
        """Put a definition into one of the two files."""
        where = self.place()
        where.extend(lines)
        if where is self.helpers:
            self.exported.append(name)

    def add(self, *lines: str) -> None:
        """Add statements to the handler."""
        self.body.extend(lines)


def atom(b: Builder) -> Expr:
    """Return a constant, or open input."""
    kind = b.pick("word", "word", "word", "a", "b", "module", "status")
    if kind == "word":
        return Expr(b.word(), False)
    if kind == "a":
        return Expr("request.a", True)
    if kind == "b":
        return Expr("str(request.b)", False)
    if kind == "status":
        return Expr("str(request.n % 7)", False)
    name = b.name("CONST")
    b.define(name, f"{name} = {b.word()}")
    return Expr(name, False)


def test(b: Builder) -> str:
    """Return a condition."""
    return str(b.pick("request.b", "request.n % 2", "request.n > 5", "not request.b", f"request.a == {b.word()}", "len(request.a) > 3"))


def expression(b: Builder, depth: int) -> Expr:
    """Return a random expression; deeper ones are built from shallower ones."""
    if depth <= 0:
        return atom(b)
    return b.pick(*SHAPES)(b, depth - 1)  # type: ignore[no-any-return]


def _pair(b: Builder, depth: int) -> tuple[Expr, Expr, bool]:
    first, second = expression(b, depth), expression(b, depth)
    return first, second, first.open or second.open


def ternary(b: Builder, depth: int) -> Expr:
    """`x if test else y`."""
    x, y, o = _pair(b, depth)
    return Expr(f"({x.code} if {test(b)} else {y.code})", o)


def either(b: Builder, depth: int) -> Expr:
    """`x or y`, `x and y`."""
    x, y, o = _pair(b, depth)
    return Expr(f"({x.code} {b.pick('or', 'and')} {y.code})", o)


def composed(b: Builder, depth: int) -> Expr:
    """f-strings, sums, format and join."""
    x, y, o = _pair(b, depth)
    forms = ("f'{{{}}}-{{{}}}'", "({} + {})", "'{{}}/{{}}'.format({}, {})", "'.'.join([{}, {}])", "('%s:%s' % ({}, {}))")
    left, right = b.name("p"), b.name("p")
    b.add(f"{left} = {x.code}", f"{right} = {y.code}")
    return Expr(b.pick(*forms).format(left, right), o)


def method(b: Builder, depth: int) -> Expr:
    """Methods of texts."""
    x = expression(b, depth)
    return Expr(
        f"{x.code}{b.pick('.lower()', '.upper()', '.strip()', '.title()', '.replace(chr(45), chr(95))', '[:2]', '[-1:]', '.split(chr(45))[0]')}",
        x.open,
    )


def assigned(b: Builder, depth: int) -> Expr:
    """A variable assigned in branches."""
    x, y, o = _pair(b, depth)
    v = b.name("v")
    b.add(f"{v} = {x.code}", f"if {test(b)}:", f"    {v} = {y.code}")
    if b.pick(True, False):
        z = expression(b, 0)
        b.add("else:", f"    {v} = {z.code}")
        o = o or z.open
    return Expr(v, o)


def guarded(b: Builder, depth: int) -> Expr:
    """A value let through only when it is in a fixed collection."""
    x = expression(b, depth)
    v, allowed = b.name("v"), b.name("ALLOWED")
    kinds = ("({})", "[{}]", "{{{}}}", "frozenset([{}])")
    b.define(allowed, f"{allowed} = " + b.pick(*kinds).format(", ".join([*b.words(2, 4), ""]).rstrip(" ")))
    form = b.pick("ternary", "if", "not")
    b.add(f"{v} = {x.code}")
    if form == "ternary":
        b.add(f"{v} = {v} if {v} in {allowed} else 'other'")
    elif form == "if":
        b.add(f"if {v} in {allowed}:", "    pass", "else:", f"    {v} = 'other'")
    else:
        b.add(f"if {v} not in {allowed}:", f"    {v} = 'other'")
    return Expr(v, False)


def table(b: Builder, depth: int) -> Expr:
    """Look-ups in a table of constants, with a default that may be open."""
    x = expression(b, depth)
    t = b.name("TABLE")
    pairs = ", ".join(f"{k}: {b.word()}" for k in b.words(1, 4))
    b.define(t, f"{t} = {{{pairs}}}")
    if b.pick(True, False):
        return Expr(f"{t}.get({x.code}, {b.word()})", False)
    v = b.name("v")
    b.add(f"{v} = {x.code}")
    return Expr(f"{t}.get({v}, {v})", x.open)


def function(b: Builder, depth: int) -> Expr:
    """A helper with a parameter and several returns."""
    x, y, o = _pair(b, depth)
    f = b.name("helper")
    form = b.pick("plain", "early", "default", "keyword", "star", "dstar", "dispatch")
    if form == "plain":
        b.define(
            f, f"def {f}(value, other):", "    result = value", "    if len(other) > 2:", "        result = other", "    return result"
        )
        return Expr(f"{f}({x.code}, {y.code})", o)
    if form == "dispatch":
        b.define(
            f,
            f"def {f}(kind, value, other):",
            "    result = other",
            "    if kind == 'a':",
            "        result = value",
            "        if value:",
            "            other = result",
            "    elif kind in ('b', 'c'):",
            "        if kind != 'b':",
            "            result = str(value)",
            f"        other = {b.word()}",
            "    else:",
            f"        kind = {b.word()}",
            "    for _ in (1, 2):",
            "        if kind == 'a':",
            "            value = str(value)",
            b.pick("    return result", "    return value if kind == 'a' else other", "    return kind if kind == 'b' else result"),
        )
        return Expr(f"{f}({b.pick(repr('a'), repr('b'), repr('c'), repr('d'), 'request.a')}, {x.code}, {y.code})", o)
    if form == "early":
        w = b.word()
        b.define(
            f,
            f"def {f}(value):",
            f"    if value == {w}:",
            f"        return {b.word()}",
            "    if not value:",
            "        return 'empty'",
            "    return value",
        )
        return Expr(f"{f}({x.code})", x.open)
    if form == "default":
        b.define(f, f"def {f}(value={b.word()}):", "    return value")
        return Expr(b.pick(f"{f}()", f"{f}({x.code})"), x.open)
    if form == "keyword":
        b.define(f, f"def {f}(*, first, second={b.word()}):", "    return first or second")
        return Expr(f"{f}(first={x.code})", x.open)
    if form == "star":
        b.define(f, f"def {f}(*values):", "    return values[1]")
        return Expr(f"{f}({x.code}, {y.code})", y.open)
    b.define(f, f"def {f}(**values):", "    return values['k']")
    return Expr(f"{f}(k={x.code}, j={y.code})", x.open)


def closure(b: Builder, depth: int) -> Expr:
    """Closures, lambdas and partials."""
    x, y, o = _pair(b, depth)
    v, f = b.name("v"), b.name("inner")
    b.add(f"{v} = {x.code}")
    form = b.pick("def", "lambda", "partial", "assigned-later", "put", "appended", "made")
    if form == "put":
        b.add(f"{f} = {{'k': {y.code}}}", f"def put_{f}():", f"    {f}['k'] = {v}", f"if {test(b)}:", f"    put_{f}()")
        return Expr(f"{f}['k']", o)
    if form == "appended":
        b.add(f"{f} = [{y.code}]", f"def put_{f}(value):", f"    {f}.append(value)", f"put_{f}({v})")
        return Expr(f"{f}[-1]", o)
    if form == "made":
        b.define(f"make_{f}", f"def make_{f}(first):", "    def inner(second):", "        return second or first", "    return inner")
        b.add(f"{f} = make_{f}({v})", f"also_{f} = make_{f}('also')")
        return Expr(b.pick(f"{f}({y.code})", f"also_{f}({y.code})"), o)
    if form == "def":
        b.add(f"def {f}():", f"    return {v}")
        return Expr(f"{f}()", x.open)
    if form == "lambda":
        b.add(f"{f} = lambda value: value or {v}")
        return Expr(f"{f}({y.code})", o)
    if form == "partial":
        g = b.name("helper")
        b.define(g, f"def {g}(first, second):", "    return second or first")
        b.add(f"{f} = functools.partial({g}, {v})")
        return Expr(f"{f}({y.code})", o)
    b.add(f"def {f}():", f"    return {v}", f"{v} = {y.code}")
    return Expr(f"{f}()", o)


def loop(b: Builder, depth: int) -> Expr:
    """Loops that leave a value behind."""
    x = expression(b, depth)
    v = b.name("v")
    form = b.pick("for", "while", "break", "else", "nested")
    items = ", ".join([*b.words(1, 3), x.code])
    if form == "for":
        b.add(f"{v} = 'none'", f"for {v} in [{items}]:", "    pass")
    elif form == "while":
        c = b.name("c")
        b.add(f"{v} = {b.word()}", f"{c} = 0", f"while {c} < request.n % 3:", f"    {v} = {x.code}", f"    {c} += 1")
    elif form == "break":
        b.add(f"{v} = 'none'", f"for {v} in [{items}]:", f"    if {v}:", "        break")
    elif form == "else":
        b.add(f"for {v} in [{items}]:", "    if request.b:", "        break", "else:", f"    {v} = {b.word()}")
    else:
        w = b.name("w")
        b.add(f"{v} = 'none'", f"for {w} in [{items}]:", f"    for {v} in ({w}, {b.word()}):", "        continue")
    return Expr(v, x.open)


def container(b: Builder, depth: int) -> Expr:
    """Lists, tuples, dictionaries: built, changed, read, unpacked."""
    x, y, o = _pair(b, depth)
    v = b.name("v")
    form = b.pick(
        "tuple", "dict", "update", "merge", "unpack", "star", "append", "comprehension", "dictcomp", "copy", "setdefault", "pop", "index"
    )
    if form == "tuple":
        return Expr(f"({x.code}, {y.code})[{b.pick(0, 1, 'request.n % 2')}]", o)
    if form == "dict":
        b.add(f"{v} = {{'k': {x.code}, 'j': {y.code}}}")
        return Expr(f"{v}[{b.pick(repr('k'), repr('j'))}]", o)
    if form == "update":
        b.add(f"{v} = dict(k={x.code})", f"if {test(b)}:", f"    {v}.update(k={y.code})")
        return Expr(f"{v}['k']", o)
    if form == "merge":
        b.add(f"{v} = {{**{{'k': {x.code}}}, 'k': {y.code}}}" if b.pick(True, False) else f"{v} = {{'k': {x.code}}} | {{'k': {y.code}}}")
        return Expr(f"{v}['k']", y.open)
    if form == "unpack":
        w = b.name("w")
        b.add(f"{v}, {w} = {x.code}, {y.code}", f"{v}, {w} = {w}, {v}")
        return Expr(v, y.open)
    if form == "star":
        w = b.name("w")
        b.add(f"{v}, *{w} = [{x.code}, {y.code}, 'z']")
        return Expr(f"{w}[0]", y.open)
    if form == "append":
        b.add(f"{v} = [{x.code}]", f"{v}.append({y.code})")
        return Expr(f"{v}[{b.pick(-1, 0, 1)}]", o)
    if form == "comprehension":
        return Expr(f"[part.lower() for part in [{x.code}, {y.code}]][{b.pick(0, 1)}]", o)
    if form == "dictcomp":
        b.add(f"{v} = {{key: value for key, value in [('k', {x.code}), ('j', {y.code})] if key in ('k', 'i')}}")
        return Expr(f"{v}['k']", x.open)
    if form == "copy":
        w, k = b.name("w"), b.name("k")
        b.add(f"{v} = {{'k': {x.code}, 'j': 'z'}}", f"{w} = {{}}", f"for {k}, value in {v}.items():", f"    {w}[{k}] = value")
        return Expr(f"{w}['k']", x.open)
    if form == "setdefault":
        b.add(f"{v} = {{}}", f"if {test(b)}:", f"    {v}['k'] = {x.code}")
        return Expr(f"{v}.setdefault('k', {y.code})", o)
    if form == "pop":
        b.add(f"{v} = {{'k': {x.code}}}")
        return Expr(f"{v}.pop('k', {y.code})", o)
    b.add(f"{v} = [{x.code}, {y.code}]", f"{v}[0] = {y.code}")
    return Expr(f"{v}[0]", y.open)


def cls(b: Builder, depth: int) -> Expr:
    """Classes: attributes, methods, properties, inheritance, dataclasses, enums."""
    x, y, o = _pair(b, depth)
    c = b.name("Thing")
    form = b.pick(
        "init",
        "property",
        "super",
        "class-attribute",
        "dataclass",
        "namedtuple",
        "enum",
        "enum-lookup",
        "call",
        "static",
        "setattr",
        "getattr",
        "changed",
        "override",
    )
    if form == "override":
        b.define(
            c,
            f"class Base{c}:",
            f"    kind = {b.word()}",
            "    def name(self):",
            f"        return {b.word()}",
            "    def get(self):",
            "        return self.name() if self.kind else self.kind",
            f"class {c}(Base{c}):",
            "    def __init__(self, value):",
            "        self.value = value",
            "        self.kind = value",
            "    def name(self):",
            "        return self.value",
        )
        b.define(
            f"get{c}", f"def get{c}(thing: Base{c}):", b.pick("    return thing.get()", "    return thing.kind", "    return thing.name()")
        )
        return Expr(b.pick(f"{c}({x.code}).get()", f"get{c}({c}({x.code}))"), x.open)
    if form == "init":
        b.define(
            c,
            f"class {c}:",
            "    def __init__(self, value):",
            "        self.value = value",
            "    def get(self):",
            "        return self.value",
        )
        return Expr(b.pick(f"{c}({x.code}).get()", f"{c}({x.code}).value"), x.open)
    if form == "property":
        b.define(
            c,
            f"class {c}:",
            "    def __init__(self, value):",
            "        self._value = value",
            "    @property",
            "    def kind(self):",
            f"        return self._value or {b.word()}",
        )
        return Expr(f"{c}({x.code}).kind", x.open)
    if form == "super":
        b.define(
            c,
            f"class Base{c}:",
            "    def name(self, value):",
            "        return value",
            f"class {c}(Base{c}):",
            "    def name(self, value):",
            f"        return super().name(value) or {b.word()}",
        )
        return Expr(f"{c}().name({x.code})", x.open)
    if form == "class-attribute":
        b.define(c, f"class {c}:", f"    KIND = {b.word()}", "    def kind(self):", "        return self.KIND + '!'")
        return Expr(b.pick(f"{c}.KIND", f"{c}().kind()"), False)
    if form == "dataclass":
        b.define(c, "@dataclasses.dataclass", f"class {c}:", "    value: str", f"    other: str = {b.word()}")
        return Expr(b.pick(f"{c}({x.code}).value", f"{c}(value={x.code}).other", f"{c}(other={y.code}, value='z').other"), o)
    if form == "namedtuple":
        b.define(c, f"class {c}(typing.NamedTuple):", "    value: str", f"    other: str = {b.word()}")
        return Expr(b.pick(f"{c}({x.code}).value", f"{c}({x.code})[0]", f"{c}({x.code}).other"), x.open)
    if form == "enum":
        b.define(c, f"class {c}(enum.Enum):", *(f"    M{i} = {w}" for i, w in enumerate(b.words(1, 3))))
        return Expr(
            b.pick(f"{c}.M0.value", f"{c}.M0.name", f"str({c}.M0)", f"list({c})[0].name", f"[m.value for m in {c}][request.n % len({c})]"),
            False,
        )
    if form == "enum-lookup":
        v = b.name("v")
        b.define(c, f"class {c}(enum.Enum):", *(f"    M{i} = {w}" for i, w in enumerate(b.words(1, 3))))
        b.add("try:", f"    {v} = {c}({x.code}).value", "except ValueError:", f"    {v} = {b.word()}")
        return Expr(v, False)
    if form == "call":
        b.define(c, f"class {c}:", "    def __call__(self, value):", "        return value")
        return Expr(f"{c}()({x.code})", x.open)
    if form == "static":
        b.define(
            c,
            f"class {c}:",
            "    @staticmethod",
            "    def a(value):",
            "        return value",
            "    @classmethod",
            "    def b(cls, value):",
            "        return cls.a(value)",
        )
        return Expr(f"{c}.b({x.code})", x.open)
    if form == "setattr":
        b.define(
            c,
            f"class {c}:",
            "    def __init__(self, **values):",
            "        for key, value in values.items():",
            "            setattr(self, key, value)",
        )
        return Expr(f"{c}(k={x.code}, j={y.code}).k", x.open)
    if form == "getattr":
        b.define(c, f"class {c}:", "    def __init__(self, value):", "        self.value = value")
        return Expr(f"getattr({c}({x.code}), 'value', {y.code})", o)
    v = b.name("v")
    b.define(
        c,
        f"class {c}:",
        "    def __init__(self):",
        f"        self.value = {b.word()}",
        "    def put(self, value):",
        "        self.value = value",
    )
    b.add(f"{v} = {c}()", f"if {test(b)}:", f"    {v}.put({x.code})")
    return Expr(f"{v}.value", x.open)


def flow(b: Builder, depth: int) -> Expr:
    """try, with, match, walrus, del, conditional chains, generators, decorators, globals, context variables."""
    x, y, o = _pair(b, depth)
    v, f = b.name("v"), b.name("f")
    form = b.pick(
        "try",
        "finally",
        "match",
        "walrus",
        "chain",
        "generator",
        "decorator",
        "global",
        "contextvar",
        "with",
        "module-dict",
        "admission",
        "recursion",
        "swap",
        "exception",
        "nested-guard",
        "isinstance",
    )
    if form == "try":
        b.add(
            "try:",
            f"    {v} = {x.code}",
            "    if request.n % 3 == 0:",
            "        raise KeyError(request.a)",
            "except KeyError:",
            f"    {v} = {y.code}",
        )
        return Expr(v, o)
    if form == "finally":
        b.add(f"{v} = {x.code}", "try:", f"    {v} = {v} + ''", "finally:", f"    {v} = {v} or {y.code}")
        return Expr(v, o)
    if form == "match":
        w = b.words(1, 2)
        b.add(f"match {x.code}:", f"    case {' | '.join(w)}:", f"        {v} = {y.code}", "    case _:", f"        {v} = 'rest'")
        return Expr(v, y.open)
    if form == "walrus":
        b.add(f"if ({v} := {x.code}):", "    pass", "else:", f"    {v} = {y.code}")
        return Expr(v, o)
    if form == "chain":
        b.add("if request.n < 3:", f"    {v} = {b.word()}", "elif request.b:", f"    {v} = {x.code}", "else:", f"    {v} = {b.word()}")
        return Expr(v, x.open)
    if form == "generator":
        b.define(f, f"def {f}(first, second):", "    yield first", "    yield second")
        return Expr(f"list({f}({x.code}, {y.code}))[request.n % 2]", o)
    if form == "decorator":
        d = b.name("deco")
        b.define(d, f"def {d}(wrapped):", "    def wrapper(value):", f"        return wrapped(value) or {b.word()}", "    return wrapper")
        b.module.extend((f"@{d}", f"def {f}(value):", "    return value"))
        return Expr(f"{f}({x.code})", x.open)
    if form == "global":
        b.module.extend((f"{v} = {b.word()}", f"def {f}(value):", f"    global {v}", f"    {v} = value"))
        b.add(f"if {test(b)}:", f"    {f}({x.code})")
        return Expr(v, x.open)
    if form == "contextvar":
        b.module.append(f"{v} = contextvars.ContextVar('{v}', default={b.word()})")
        b.add(f"if {test(b)}:", f"    {v}.set({x.code})")
        return Expr(f"{v}.get()", x.open)
    if form == "with":
        b.define(f, "@contextlib.contextmanager", f"def {f}(value):", "    yield value")
        b.add(f"with {f}({x.code}) as {v}:", "    pass")
        return Expr(v, x.open)
    if form == "module-dict":
        b.module.extend((f"{v} = {{'k': {b.word()}}}", f"def {f}(value):", f"    {v}['k'] = value"))
        b.add(f"if {test(b)}:", f"    {f}({x.code})")
        return Expr(f"{v}['k']", x.open)
    if form == "admission":
        b.module.append(f"{v} = set()")
        w = b.name("w")
        b.add(
            f"{w} = {x.code}",
            f"if {w} not in {v}:",
            f"    if len({v}) >= 3:",
            f"        {w} = 'overflow'",
            "    else:",
            f"        {v}.add({w})",
        )
        return Expr(w, False)
    if form == "recursion":
        b.define(
            f, f"def {f}(value, depth=0):", "    if depth > 2:", "        return value", f"    return {f}(value, depth + 1) or {b.word()}"
        )
        return Expr(f"{f}({x.code})", x.open)
    if form == "swap":
        w = b.name("w")
        b.add(f"{v}, {w} = {x.code}, {y.code}", "for _ in range(request.n % 3):", f"    {v}, {w} = {w}, {v}")
        return Expr(v, o)
    if form == "exception":
        b.add("try:", f"    raise ValueError({x.code})", "except (ValueError, KeyError) as error:", f"    {v} = type(error).__name__")
        return Expr(v, False)
    if form == "nested-guard":
        b.add(f"{v} = {x.code}", f"if {v} == {b.word()} or {v} == {b.word()}:", "    pass", "else:", f"    {v} = {b.word()}")
        return Expr(v, False)
    b.add(f"{v} = {x.code}", f"if isinstance({v}, str) and {v}:", "    pass", "else:", f"    {v} = {y.code}")
    return Expr(v, o)


def numbers(b: Builder, depth: int) -> Expr:
    """Numbers kept within ends."""
    size = b.pick(2, 3, 5, 16)
    code = b.pick(
        f"request.n % {size}",
        f"min(max(request.n, 0), {size})",
        f"request.n > {size}",
        f"bool(request.n % {size})",
        "bisect.bisect([1, 5, 9], request.n)",
        "len(str(bool(request.n)))",
    )
    return Expr(f"str({code})", "len(" in code)


def handed(b: Builder, depth: int) -> Expr:
    """Values that reach a label through closures, queues, decorators, records, and functions that somebody else calls."""
    x, y, o = _pair(b, depth)
    v, f, t = b.name("v"), b.name("f"), b.name("T")
    form = b.pick(
        "nonlocal",
        "queue",
        "map",
        "partial",
        "passed",
        "sentinel",
        "branches",
        "cached",
        "record",
        "range",
        "check",
        "itself",
        "copied",
        "chosen",
    )
    if form == "nonlocal":
        b.add(f"{v} = {x.code}", f"def {f}():", f"    nonlocal {v}", f"    {v} = {y.code}", f"if {test(b)}:", f"    {f}()")
        return Expr(v, o)
    if form == "queue":
        b.module.append(f"{t} = queue.Queue()")
        b.add(f"{t}.put({x.code})", f"if {test(b)}:", f"    {t}.put({y.code})")
        return Expr(f"{t}.get_nowait()", o)  # the expression may be written twice, and `get()` of an empty queue waits for ever
    if form == "map":
        b.define(f, f"def {f}(value):", f"    return value or {b.word()}")
        return Expr(f"list(map({f}, [{x.code}, {y.code}]))[request.n % 2]", o)
    if form == "partial":
        b.define(f, f"def {f}(value, other):", "    return value if len(value) > 4 else other")
        return Expr(f"functools.partial({f}, {x.code})({y.code})", o)
    if form == "passed":
        b.module.extend((f"{t} = [{b.word()}]", f"def {f}(value):", f"    {t}[0] = value", f"def call_{f}(fn, *args):", "    fn(*args)"))
        b.add(f"if {test(b)}:", f"    call_{f}({f}, {x.code})")
        return Expr(f"{t}[0]", x.open)
    if form == "sentinel":
        b.module.extend(
            (f"{t} = object()", f"def {f}(value={t}):", f"    if value is {t}:", f"        value = {b.word()}", "    return value")
        )
        b.add(f"{v} = {f}({x.code}) if {test(b)} else {f}()")
        return Expr(v, x.open)
    if form == "branches":
        names = b.words(2, 4)
        b.add(f"{v} = []", f"for name in ({', '.join(names)},):", f"    if name == {names[0]}:", f"        {v}.append({x.code})", "    else:", f"        {v}.append({b.pick('name', y.code)})")  # fmt: skip
        return Expr(f"{v}[{b.pick('0', '1', '-1', 'request.n % 2')}]", o)
    if form == "cached":
        b.module.extend((f"def {t}(fn):", "    kept = None", "    def wrapper(value):", "        nonlocal kept", "        if kept is None:", "            kept = fn(value)", "        return kept", "    return wrapper"))  # fmt: skip
        b.module.extend((f"@{t}", f"def {f}(value):", f"    return value or {b.word()}"))
        return Expr(f"{f}({x.code})", x.open)
    if form == "record":
        b.define(t, f"class {t}(typing.NamedTuple):", "    a: str", f"    b: str = {b.word()}")
        b.add(f"{v} = {t}({x.code})._replace(b={y.code})")
        return Expr(b.pick(f"{v}.a", f"{v}.b", f"{v}._asdict()['b']", f"{v}[0]"), o)
    if form == "range":
        b.add(
            f"{v} = request.n", f"if not {b.pick('0 <= {} <= 5', '({} >= 0 and {} < 4)', '-1 < {} < 3').replace('{}', v)}:", f"    {v} = 9"
        )
        return Expr(f"str({v})", False)
    if form == "check":
        allowed = ", ".join(b.words(2, 4))
        b.define(f, f"def {f}(value):", f"    if value not in ({allowed},):", "        raise KeyError(value)")
        b.add(f"{v} = {x.code}", f"{f}({v})")
        return Expr(v, False)
    if form == "itself":
        b.module.extend((f"class {t}:", "    def __init__(self, value):", "        self.value = value", "    def turn(self, other):", "        self.value = self.value or other", "        return self.value"))  # fmt: skip
        return Expr(f"{t}({x.code}).turn({y.code})", o)
    if form == "copied":
        b.add(f"{v} = {{'a': {x.code}, 'b': {y.code}}}", f"{t} = {{}}", f"for key, value in {v}.items():", f"    {t}[key] = value")
        return Expr(f"{t}[{b.pick(repr('a'), repr('b'))}]", o)
    b.module.extend((f"class {t}:", "    pass", f"{v} = {t}()", f"for name, value in (('one', {b.word()}), ('two', {b.word()})):", f"    setattr({v}, name, value)"))  # fmt: skip
    return Expr(f"getattr({v}, {b.pick(repr('one'), repr('two'), 'request.b and ' + repr('one') + ' or ' + repr('two'))})", False)


SHAPES = (
    handed,
    handed,
    ternary,
    either,
    composed,
    method,
    assigned,
    guarded,
    table,
    function,
    closure,
    loop,
    container,
    container,
    cls,
    cls,
    flow,
    flow,
    numbers,
)

HEAD = "import bisect, contextlib, contextvars, dataclasses, enum, functools, queue, typing"


@dataclass(frozen=True)
class Program:
    """A generated program: two files, and whether open input can reach the label."""

    main: str
    helpers: str
    open: bool


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Program:
    """Generate a program that gives one label a value."""
    b = Builder(draw)
    value = expression(b, draw(st.integers(1, 3)))
    sink = b.pick("keyword", "position", "dict", "function", "child", "attribute")
    if sink == "keyword":
        b.add(f"M.labels(v={value.code}).inc()")
    elif sink == "position":
        b.add(f"M.labels({value.code}).inc()")
    elif sink == "dict":
        b.add("labels = {}", f"labels['v'] = {value.code}", "M.labels(**labels).inc()")
    elif sink == "function":
        b.module.extend(("def record(value):", "    M.labels(v=value).inc()"))
        b.add(f"record({value.code})")
    elif sink == "child":
        b.add(f"child = M.labels({value.code})", "child.inc()")
    else:
        b.module.extend(("class Metrics:", "    def __init__(self):", "        self.counter = M", "METRICS = Metrics()"))
        b.add(f"METRICS.counter.labels(v={value.code}).inc()")
    imports = f"from helpers import {', '.join(b.exported)}" if b.exported else ""
    main = [
        HEAD,
        "from prometheus_client import Counter",
        imports,
        "M = Counter('m_total', 'A metric.', ['v'])",
        *b.module,
        "def handle(request):",
    ]
    main.extend(f"    {line}" for line in b.body)
    return Program("\n".join(main) + "\n", "\n".join([HEAD, *b.helpers]) + "\n", value.open)
