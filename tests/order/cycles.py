"""Programs whose answers depend on each other, written by hand: the shapes in which an order could decide.

Every program is one that a person could write. Its labels are given what a cycle carries, from several places of it.
"""

from __future__ import annotations

HEAD = "import uuid\nfrom flask import request\nfrom prometheus_client import Counter\n\nC = Counter('c_total', 'C', ['a', 'b'])\n\n"

PROGRAMS: dict[str, dict[str, str]] = {
    "callers found through the object that the other label is": {
        "app.py": HEAD
        + """class Peer:
    def __init__(self, link):
        self.link = link
        self.name = str(uuid.uuid4())

    def send(self, kind):
        C.labels(a=kind, b=self.link.name).inc()
        self.link.reply(kind)

class Link:
    def __init__(self):
        self.name = uuid.uuid4().hex
        self.peer = Peer(self)

    def reply(self, kind):
        self.peer.send(kind)

    def start(self):
        self.peer.send("start")
        self.peer.link.peer.send("again")

def run():
    Link().start()
"""
    },
    "callers found through each other": {
        "app.py": HEAD
        + """class Left:
    def __init__(self, other):
        self.other = other

    def push(self, kind, item):
        C.labels(a=kind, b=item).inc()
        self.other.pull("left", item)

class Right:
    def __init__(self, other):
        self.other = other

    def pull(self, kind, item):
        C.labels(a=item, b=kind).inc()
        self.other.push("right", kind)

def main():
    left = Left(None)
    right = Right(left)
    left.other = right
    left.push("main", request.path)
    right.pull("main", "fixed")
"""
    },
    "mutually recursive functions": {
        "app.py": HEAD
        + """def even(n, text):
    if n == 0:
        return text
    return odd(n - 1, text + "e")

def odd(n, text):
    if n == 0:
        return "odd"
    return even(n - 1, "o")

def third(text):
    return odd(3, text) or even(2, request.path)

def f(n):
    C.labels(a=even(n, "x"), b=odd(n, "y")).inc()
    C.labels(a=third("z"), b=even(n, "q")).inc()
"""
    },
    "recursion that picks": {
        "app.py": HEAD
        + """def kind(node):
    if node.parent:
        return parent_kind(node.parent)
    return "leaf"

def parent_kind(node):
    if node.left:
        return kind(node.left)
    return other_kind(node) or "inner"

def other_kind(node):
    return kind(node.right) if node.right else request.args["k"] if node.open else None

def f(node):
    C.labels(a=kind(node), b=parent_kind(node)).inc()
    C.labels(b=other_kind(node), a="x").inc()
"""
    },
    "attributes made of each other": {
        "app.py": HEAD
        + """class State:
    def __init__(self, first):
        self.now = "idle"
        self.before = first
        self.all = [self.now]

    def step(self, kind):
        self.before = self.now
        self.now = self.after
        self.after = self.before if kind else "done"
        self.all.append(self.after)

    def back(self):
        self.after = self.now
        self.now, self.before = self.before, self.now

    def report(self):
        C.labels(a=self.now, b=self.before).inc()
        C.labels(a=self.after, b=self.all[-1]).inc()

def f():
    s = State("none")
    s.step(1)
    s.report()
    State(request.path).report()
"""
    },
    "attributes of two classes made of each other": {
        "app.py": HEAD
        + """class A:
    def __init__(self):
        self.b = B(self)
        self.name = "a"

    def take(self):
        self.name = self.b.name

class B:
    def __init__(self, a):
        self.a = a
        self.name = a.name

    def take(self):
        self.name = self.a.name + "b"

    def given(self, name):
        self.name = name

def f():
    a = A()
    a.b.given("c")
    a.b.given(request.method)
    C.labels(a=a.name, b=a.b.name).inc()
    C.labels(a=a.b.a.name, b=a.b.a.b.name).inc()
"""
    },
    "classes with cyclic imports": {
        "metrics.py": "from prometheus_client import Counter\nC = Counter('c_total', 'C', ['a', 'b'])\n",
        "first.py": """from metrics import C
import second

class First:
    kind = "first"

    def other(self):
        return second.Second()

    def name(self):
        return self.other().name() or self.kind

    def record(self):
        C.labels(a=self.name(), b=self.other().kind).inc()
""",
        "second.py": """from metrics import C
import first

class Second(first.First):
    kind = "second"

    def name(self):
        return super().name() + "!" if self.deep else third()

    def record(self):
        C.labels(a=self.name(), b=first.First().name()).inc()

def third():
    return first.First().kind
""",
    },
    "star imports both ways": {
        "base.py": "from prometheus_client import Counter\nC = Counter('c_total', 'C', ['a', 'b'])\nKIND = 'base'\n",
        "one.py": """from two import *
from base import *
ONE = 'one'
MIXED = TWO

def one(x):
    return two(x) if x else ONE

def f(x):
    C.labels(a=one(x), b=MIXED).inc()
""",
        "two.py": """from one import *
from base import *
TWO = 'two'
OTHER = ONE

def two(x):
    return one(x[1:]) or TWO

def g(x):
    C.labels(a=two(x), b=OTHER).inc()
    C.labels(a=MIXED, b=KIND).inc()
""",
    },
    "dictionaries merged into each other": {
        "app.py": HEAD
        + """ONE = {"a": "x", "b": "y"}
TWO = {"a": "z"}
THREE = {**ONE, "b": "three"}

def merge(extra):
    ONE.update(TWO)
    TWO.update(ONE)
    TWO["b"] = extra
    THREE.update(TWO)
    ONE["a"] = THREE["a"]

def f():
    merge("q")
    merge(request.path)
    C.labels(**ONE).inc()
    C.labels(**TWO).inc()
    C.labels(a=THREE["a"], b=THREE["b"]).inc()
"""
    },
    "tables filled from each other": {
        "app.py": HEAD
        + """NAMES = {}
KINDS = {"d": "default"}

def add(name):
    NAMES[name] = KINDS.get(name, "none")
    KINDS[name] = NAMES.get("d", name)

def fill():
    for name in ("u", "v", "w"):
        add(name)
    for k, v in NAMES.items():
        KINDS[v] = k

def f(name):
    C.labels(a=NAMES[name], b=KINDS["d"]).inc()
    C.labels(a=KINDS.get(name, "x"), b=NAMES.get("u", "y")).inc()
"""
    },
    "lists that take from each other": {
        "app.py": HEAD
        + """class Queue:
    def __init__(self):
        self.todo = ["first"]
        self.done = []

    def add(self, item):
        self.todo.append(item)

    def move(self):
        item = self.todo.pop()
        self.done.append(item)
        if item == "again":
            self.todo.append(self.done[0])

    def report(self):
        C.labels(a=self.todo[0], b=self.done[-1]).inc()
        for item in self.done:
            C.labels(a=item, b="x").inc()

def f():
    q = Queue()
    q.add("again")
    q.add(request.path)
    q.move()
    q.report()
"""
    },
    "metrics handed through helpers": {
        "app.py": HEAD
        + """D = Counter('d_total', 'D', ['a', 'b'])

def count(metric, a, b):
    metric.labels(a=a, b=b).inc()

def both(first, second, value):
    count(first, value, "both")
    count(second, "second", value)

def again(metric, depth, value):
    if depth:
        again(metric, depth - 1, value)
        both(metric, D, value)
    else:
        count(metric, "end", value)

class Holder:
    def __init__(self, metric, peer=None):
        self.metric = metric
        self.peer = peer

    def hit(self, value):
        count(self.metric, value, "hit")
        if self.peer:
            self.peer.hit(value)

def f():
    both(C, D, "x")
    again(D, 3, request.path)
    one = Holder(C)
    two = Holder(D, one)
    one.peer = two
    two.hit("y")
    one.hit(str(uuid.uuid4()))
"""
    },
    "context variables set from each other": {
        "app.py": "from contextvars import ContextVar\n"
        + HEAD
        + """USER = ContextVar("user", default="nobody")
TENANT = ContextVar("tenant", default="none")

def enter():
    USER.set(TENANT.get())
    TENANT.set(USER.get())

def login():
    TENANT.set("t1")
    USER.set(request.headers["x-user"])

def f():
    C.labels(a=USER.get(), b=TENANT.get()).inc()
"""
    },
    "globals set from each other": {
        "app.py": HEAD
        + """MODE = "idle"
LAST = MODE

def switch(mode):
    global MODE, LAST
    LAST = MODE
    MODE = mode

def back():
    global MODE
    MODE = LAST

def f():
    switch("busy")
    switch(LAST)
    C.labels(a=MODE, b=LAST).inc()
"""
    },
    "subclasses found through each other": {
        "base.py": HEAD
        + """class Base:
    kind = None

    def name(self):
        raise NotImplementedError

    def record(self):
        C.labels(a=self.name(), b=self.kind).inc()

def make(cls):
    class Made(cls):
        kind = "made"

        def name(self):
            return "m-" + super().name()
    return Made
""",
        "shapes.py": """from base import Base, make

class Circle(Base):
    kind = "circle"

    def name(self):
        return Square().name() if self.big else "c"

class Square(Circle):
    kind = "square"

    def name(self):
        return Circle().kind

Wide = make(Circle)

class Wider(Wide):
    kind = "wider"

    def name(self):
        return self.kind
""",
        "users.py": """from flask import request
from shapes import Square, Wider, Circle

class Mine(Square):
    def __init__(self, kind):
        self.kind = kind

def f():
    Mine(request.path).record()
    Wider().record()
    Circle().record()
""",
    },
    "decorators that decorate their own helpers": {
        "app.py": HEAD
        + """import functools

def counted(kind):
    def deco(fn):
        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            C.labels(a=kind, b=fn.__name__).inc()
            return note(fn(*args, **kwargs))
        return wrapper
    return deco

@counted("note")
def note(value):
    return value or name("n")

@counted("name")
def name(value):
    return note(value) + "!" if value else "none"

def plain(fn):
    def inner(value):
        C.labels(a=helper(value), b=value).inc()
        return fn(value)
    return inner

@plain
def helper(value):
    return value.lower()

def f():
    helper("X")
    C.labels(a=note("q"), b=name(request.path)).inc()
"""
    },
    "a factory of classes and their methods": {
        "app.py": HEAD
        + """class Registry:
    known = {}

    @classmethod
    def add(cls, name):
        def deco(handler):
            cls.known[name] = handler
            return handler
        return deco

    @classmethod
    def make(cls, name):
        return cls.known[name](name)

    @classmethod
    def title(cls):
        return cls.__name__

class Sub(Registry):
    pass

class Other(Registry):
    pass

@Registry.add("one")
class One:
    def __init__(self, name):
        self.name = name
        self.next = Registry.make("two")

@Registry.add("two")
class Two:
    def __init__(self, name):
        self.name = name
        self.next = Registry.make("one")

def title(cls):
    return cls.title()

def f(kind):
    made = Registry.make(kind)
    C.labels(a=made.name, b=made.next.name).inc()
    for cls in (Sub, Other):
        C.labels(a=cls.title(), b=title(cls)).inc()
"""
    },
    "two objects made in one place": {
        "app.py": HEAD
        + """class Thing:
    def __init__(self, name):
        self.name = name

def make(name):
    return Thing(name)

def f(test):
    one = make("one") if test else make(request.path)
    two = make(request.path) if test else make("two")
    C.labels(a=one.name, b=two.name).inc()
    three = make("three") if test else make("four")
    C.labels(a=three.name, b="x").inc()
"""
    },
    "properties that ask each other": {
        "app.py": HEAD
        + """class Node:
    def __init__(self, parent, name):
        self.parent = parent
        self._name = name

    @property
    def name(self):
        return self._name or self.path

    @property
    def path(self):
        return self.parent.path + "/" + self.name if self.parent else self.root

    @property
    def root(self):
        return self.parent.root if self.parent else self.name

def f():
    top = Node(None, "top")
    below = Node(top, request.path)
    C.labels(a=top.name, b=below.name).inc()
    C.labels(a=below.root, b=top.path).inc()
    C.labels(a=top.root, b=below.parent.name).inc()
"""
    },
    "callbacks handed to each other": {
        "app.py": HEAD
        + """def run(fn, value):
    return fn(value)

def first(value):
    C.labels(a=value, b="first").inc()
    return run(second, value)

def second(value):
    C.labels(a="second", b=value).inc()
    return run(third, "s")

def third(value):
    C.labels(a=value, b="third").inc()
    return run(first, "t")

def main(pool):
    run(first, "main")
    pool.submit(second, request.path)
    pool.submit(third, "pool")
"""
    },
    "one helper over two files": {
        "helpers.py": """from prometheus_client import Counter
import handlers

C = Counter('c_total', 'C', ['a', 'b'])

def record(kind, value):
    C.labels(a=kind, b=value).inc()
    if kind == "again":
        handlers.handle(value)

def label(value):
    return handlers.name(value) if value else "none"
""",
        "handlers.py": """from flask import request
import helpers

def handle(value):
    helpers.record("again", value)
    helpers.record(helpers.label(value), name(""))

def name(value):
    return helpers.label(value[1:]) or "n"

def view():
    handle(request.path)
    handle("fixed")
    helpers.record("view", helpers.label("x"))
""",
    },
    "a loop that swaps": {
        "app.py": HEAD
        + """def f(items):
    a, b, c = "a", "b", "c"
    for item in items:
        a, b = b, a
        if item:
            b, c = c, b
        elif item is None:
            c = a
        C.labels(a=a, b=b).inc()
    C.labels(a=c, b=a).inc()
    while a != b:
        a = c
        c = b + "" if items else request.path
        C.labels(a=a, b=c).inc()
"""
    },
    "generators that yield from each other": {
        "app.py": HEAD
        + """def left(n):
    yield "l"
    if n:
        yield from right(n - 1)

def right(n):
    yield "r"
    for item in left(n):
        yield item

def f(n):
    for a in left(n):
        for b in right(n):
            C.labels(a=a, b=b).inc()
    C.labels(a=next(right(n)), b=list(left(n))[0]).inc()
"""
    },
    "attributes stored from outside": {
        "app.py": HEAD
        + """class Job:
    state = "new"
    owner = None

    def report(self):
        C.labels(a=self.state, b=self.owner).inc()

class Worker:
    name = "w"

    def take(self, job):
        job.state = "taken"
        job.owner = self.name
        self.name = job.state

def f(job, worker):
    job = Job()
    worker = Worker()
    worker.take(job)
    job.owner = worker.name
    worker.name = job.owner
    C.labels(a=job.state, b=worker.name).inc()
    C.labels(a=job.owner, b="x").inc()
"""
    },
    "closures over each other": {
        "app.py": HEAD
        + """def make(kind):
    last = kind

    def enter(value):
        nonlocal last
        last = leave(value) if value else "none"
        C.labels(a=last, b=kind).inc()
        return last

    def leave(value):
        nonlocal last
        C.labels(a=kind, b=last).inc()
        last = value
        return enter("")

    return enter, leave

def f():
    one, two = make("one")
    three, four = make("two")
    one("x")
    four(request.path)
    C.labels(a=one("y"), b=two("z")).inc()
"""
    },
    "a handler whose file imports no framework": {
        "hooks.py": """from metrics import C

class Timing:
    def process_response(self, req, resp):
        C.labels(a=req.path, b=resp.status).inc()
""",
        "metrics.py": "from prometheus_client import Counter\nC = Counter('c_total', 'C', ['a', 'b'])\n",
        "service.py": """import falcon
from hooks import Timing
from metrics import C

app = falcon.App(middleware=[Timing()])

class Pages:
    def on_get(self, req, resp):
        C.labels(a=req.method, b=req.path).inc()
""",
    },
    "an exporter that another file imports": {
        "service.py": """from prometheus_client import Counter
from wrapped import PrometheusMiddleware, app

C = Counter('c_total', 'C', ['a', 'b'])
app.add_middleware(PrometheusMiddleware, group_paths=False)
PrometheusMiddleware(app, group_paths=False)
""",
        "wrapped.py": """from fastapi import FastAPI
from starlette_exporter import PrometheusMiddleware

app = FastAPI()
""",
    },
    "the guess of one path, made twice": {
        "app.py": HEAD
        + """import lib

def first():
    return lib.client.user_id

def second():
    return lib.client.user_id

def f(test):
    client = lib.client
    C.labels(a=first() if test else client.user_id, b=second()).inc()
"""
    },
}
