"""Programs that change an object by another name than its own: every combination of object, alias, change and reader.

Each program has one container of constants, a way to a second name, a change through that name with a text that no other request
has, and a label that reads the container by the first name. Whatever is claimed of the label must hold for what really happens.
"""

from __future__ import annotations

from collections.abc import Iterator

HEAD = """from prometheus_client import Counter
import bisect, collections, contextlib, copy, functools, heapq, itertools, operator, threading, types
M = Counter('m_total', 'A metric.', ['v'])
"""
OBJECTS = {
    "list": "BOX = ['a', 'b']",
    "set": "BOX = {'a', 'b'}",
    "dict": "BOX = {'a': 'x', 'b': 'y'}",
    "listed": "BOX = list(('a', 'b'))",
    "made": "def build():\n    made = ['a']\n    made.append('b')\n    return made\nBOX = build()",
    "comprehension": "BOX = [name for name in ('a', 'b')]",
    "default": "BOX = collections.defaultdict(str)\nBOX['a'] = 'x'",
}
KINDS = {"list": "list", "set": "set", "dict": "dict", "listed": "list", "made": "list", "comprehension": "list", "default": "dict"}
CHANGES = {
    "list": [
        "{x}.append(request.a)",
        "{x}.extend([request.a])",
        "{x}.insert(0, request.a)",
        "{x}[0] = request.a",
        "{x}[:1] = [request.a]",
        "list.append({x}, request.a)",
        "bisect.insort({x}, request.a)",
        "heapq.heappush({x}, request.a)",
        "operator.iadd({x}, [request.a])",
        "getattr({x}, 'append')(request.a)",
        "{x}.__iadd__([request.a])",
        "functools.partial({x}.append, request.a)()",
        "list(map({x}.append, [request.a]))",
        "operator.methodcaller('append', request.a)({x})",
        "add_to({x}, request.a)",
        "collections.deque(map({x}.append, (request.a,)))",
        "[{x}.append(t) for t in [request.a]]",
        "Adder({x}).add(request.a)",
        "threading.Thread(target={x}.append, args=(request.a,)).run()",
    ],
    "set": [
        "{x}.add(request.a)",
        "{x}.update([request.a])",
        "set.add({x}, request.a)",
        "operator.ior({x}, {{request.a}})",
        "{x}.symmetric_difference_update([request.a])",
        "list(map({x}.add, [request.a]))",
        "set_to({x}, request.a)",
    ],
    "dict": [
        "{x}['a'] = request.a",
        "{x}.update(a=request.a)",
        "{x}.update({{'b': request.a}})",
        "{x}[request.a] = request.a",
        "{x}.setdefault(request.a, request.a)",
        "{x}.__setitem__('a', request.a)",
        "dict.update({x}, a=request.a)",
        "operator.setitem({x}, 'a', request.a)",
        "{x}.__ior__({{'a': request.a}})",
        "put_to({x}, request.a)",
        "collections.ChainMap({x})['a'] = request.a",
        "[{x}.__setitem__(k, request.a) for k in ('a',)]",
        "dict.__setitem__({x}, 'a', request.a)",
    ],
}
READS = {
    "list": [
        "for v in BOX:\n        M.labels(v).inc()",
        "M.labels(BOX[0]).inc()\n    M.labels(BOX[-1]).inc()",
        "M.labels(max(BOX)).inc()",
        "M.labels(','.join(BOX)).inc()",
        "[M.labels(v).inc() for v in sorted(BOX)]",
        "M.labels(str(len(BOX))).inc()",
    ],
    "set": ["for v in BOX:\n        M.labels(v).inc()", "[M.labels(v).inc() for v in sorted(BOX)]", "M.labels(str(len(BOX))).inc()"],
    "dict": [
        "for v in BOX.values():\n        M.labels(v).inc()",
        "M.labels(BOX['a']).inc()",
        "M.labels(BOX.get('a', '')).inc()",
        "for k in BOX:\n        M.labels(k).inc()",
        "M.labels(list(BOX.values())[-1]).inc()",
        "M.labels(**{{'v': BOX['a']}}).inc()",
    ],
}
ALIASES = {
    "own name in a loop": ("", "for _ in (1, 2):\n        {change:BOX}", None),
    "own name in an endless loop": ("", "while True:\n        {change:BOX}\n        break", None),
    "own name in branches": ("", "if request:\n        {change:BOX}\n    if not request:\n        BOX.clear()", None),
    "own name in a try": ("", "try:\n        {change:BOX}\n    except ValueError:\n        pass", None),
    "own name in a nested loop": (
        "",
        "for _ in (1,):\n        for _ in (1,):\n            if request:\n                {change:BOX}",
        None,
    ),
    "name in a loop": ("OTHER = BOX", "for _ in (1, 2):\n        {change:OTHER}", None),
    "local in a loop": ("", "other = BOX\n    for _ in (1, 2):\n        {change:other}", None),
    "attribute in a loop": (
        "class Holder:\n    def __init__(self):\n        self.box = BOX\nHOLDER = Holder()",
        "for _ in (1, 2):\n        {change:HOLDER.box}",
        None,
    ),
    "parameter in a loop": (
        "def change(box, request):\n    for _ in (1, 2):\n        {change:box}",
        "change(BOX, request)",
        None,
    ),
    "name": ("OTHER = BOX", "", "OTHER"),
    "local": ("", "other = BOX", "other"),
    "element": ("BOXES = {'k': BOX}", "", "BOXES['k']"),
    "listed": ("BOXES = [BOX]", "", "BOXES[0]"),
    "nested": ("BOXES = {'k': [BOX]}", "", "BOXES['k'][0]"),
    "got": ("BOXES = {'k': BOX}", "", "BOXES.get('k')"),
    "attribute": ("class Holder:\n    def __init__(self):\n        self.box = BOX\nHOLDER = Holder()", "", "HOLDER.box"),
    "class attribute": ("class Holder:\n    box = BOX\nHOLDER = Holder()", "", "HOLDER.box"),
    "argument of a constructor": (
        "class Holder:\n    def __init__(self, box):\n        self.box = box\nHOLDER = Holder(BOX)",
        "",
        "HOLDER.box",
    ),
    "getter": ("def box():\n    return BOX", "", "box()"),
    "property": ("class Holder:\n    @property\n    def box(self):\n        return BOX\nHOLDER = Holder()", "", "HOLDER.box"),
    "parameter": ("def change(box, request):\n    {change:box}", "change(BOX, request)", None),
    "keyword": ("def change(request, *, box):\n    {change:box}", "change(request, box=BOX)", None),
    "default": ("def change(request, box=BOX):\n    {change:box}", "change(request)", None),
    "star": ("def change(request, *boxes):\n    {change:boxes[0]}", "change(request, BOX)", None),
    "double star": ("def change(request, **boxes):\n    {change:boxes['b']}", "change(request, b=BOX)", None),
    "two calls": (
        "def inner(box, request):\n    {change:box}\ndef change(box, request):\n    inner(box, request)",
        "change(BOX, request)",
        None,
    ),
    "closure": (
        "def maker(box):\n    def inner(request):\n        {change:box}\n    return inner\nCHANGE = maker(BOX)",
        "CHANGE(request)",
        None,
    ),
    "lambda": ("", "(lambda box: {change:box})(BOX)", None),
    "loop": ("", "for box in (BOX,):\n        {change:box}", None),
    "zip": ("", "for box, _ in zip([BOX], [1]):\n        {change:box}", None),
    "enumerate": ("", "for _, box in enumerate([BOX]):\n        {change:box}", None),
    "items": ("", "for _, box in {'k': BOX}.items():\n        {change:box}", None),
    "or": ("NOTHING = None", "", "(NOTHING or BOX)"),
    "if": ("", "", "(BOX if request else None)"),
    "unpacked": ("", "other, _ = BOX, 1", "other"),
    "walrus": ("", "(other := BOX)", "other"),
    "context": ("@contextlib.contextmanager\ndef opened():\n    yield BOX", "with opened() as box:\n        {change:box}", None),
    "generator": ("def boxes():\n    yield BOX", "for box in boxes():\n        {change:box}", None),
    "globals": ("", "", "globals()['BOX']"),
    "dictionary of an instance": (
        "class Holder:\n    def __init__(self):\n        self.box = BOX\nHOLDER = Holder()",
        "",
        "HOLDER.__dict__['box']",
    ),
    "copied list": ("BOXES = [BOX]\nMORE = list(BOXES)", "", "MORE[0]"),
    "partial": ("def change(box, request):\n    {change:box}\nCHANGE = functools.partial(change, BOX)", "CHANGE(request)", None),
    "table of functions": ("def change(box, request):\n    {change:box}\nTABLE = {'k': change}", "TABLE['k'](BOX, request)", None),
    "method": (
        "class Worker:\n    def change(self, box, request):\n        {change:box}\nWORKER = Worker()",
        "WORKER.change(BOX, request)",
        None,
    ),
    "named tuple": ("Pair = collections.namedtuple('Pair', 'box')\nPAIR = Pair(BOX)", "", "PAIR.box"),
    "namespace": ("SPACE = types.SimpleNamespace(box=BOX)", "", "SPACE.box"),
    "set attribute": ("class Holder:\n    pass\nHOLDER = Holder()\nsetattr(HOLDER, 'box', BOX)", "", "HOLDER.box"),
    "unknown code": ("", "request.change(BOX)", None),
}
HELPERS = """def add_to(box, x):
    box.append(x)
def set_to(box, x):
    box.add(x)
def put_to(box, x):
    box['a'] = x
class Adder:
    def __init__(self, box):
        self.mine = box
    def add(self, x):
        self.mine.append(x)
"""


def programs() -> Iterator[tuple[str, str]]:
    """Yield every program with its name."""
    for made, first in OBJECTS.items():
        kind = KINDS[made]
        for alias, (module, body, name) in ALIASES.items():
            for number, change in enumerate(CHANGES[kind]):
                for place, read in enumerate(READS[kind]):
                    yield (
                        f"{made}-{alias}-{number}-{place}",
                        _program(first, module, body, name, change, read.replace("{{", "{").replace("}}", "}")),
                    )


def untouched() -> Iterator[tuple[str, str]]:
    """Yield the programs in which the other name only reads the container."""
    for made, first in OBJECTS.items():
        for alias, (module, body, name) in ALIASES.items():
            if alias != "unknown code":
                yield f"{made}-{alias}", _program(first, module, body, name, "len({x})", READS[KINDS[made]][0])


def _program(first: str, module: str, body: str, name: str | None, change: str, read: str) -> str:
    lines = f"{module}\ndef handle(request):\n    {body}\n"
    while "{change:" in lines:
        start = lines.index("{change:")
        end = lines.index("}", start)
        lines = lines[:start] + change.format(x=lines[start + 8 : end]) + lines[end + 1 :]
    if name is not None:
        lines += f"    {change.format(x=name)}\n"
    return f"{HEAD}{HELPERS}{first}\n{lines}    {read}\n"
