"""Objects to label texts: the `str()` of each kind of object."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.common.expressions import Expression
from cardlint.common.numbers import parse_int
from cardlint.findings import Confidence, Place, Step
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import ClassObject, EnumMember, Function, Instance, LibraryPath, Method, Module, Object
from cardlint.inference.domain.text_methods import TEXT_METHODS
from cardlint.inference.domain.trace import Trace
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, derived, exactly, join, product, single, unbounded, unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.heuristics.source_names import CONFIGURATION, SETTING, identifies
from cardlint.inference.limits import MAX_NESTING
from cardlint.inference.primitives import class_graph, enums
from cardlint.ir.terms import At, Const
from cardlint.knowledge import conventions
from cardlint.knowledge.rows import SERVED
from cardlint.knowledge.schema import Row
from cardlint.knowledge.vocabulary import ABOUT, TELLS_APART, YES_OR_NO

CLASSES = {
    "bounded": Bound.BOUNDED,
    "per-deployment": Bound.PER_DEPLOYMENT,
    "client-chosen": Bound.CLIENT_CHOSEN,
    "unbounded": Bound.UNBOUNDED,
}
STATUS = "http.HTTPStatus."
DEFAULT_SIZE = 20
"""Values of a set that is declared somewhere but cannot be counted."""
SPECIAL = dict(conventions.NUMBERS)


def of_value(ev: Evaluator, obj: ValueSet, frame: Frame, at: At) -> ValueSet:
    """Return a value set unchanged."""
    return obj


def of_library(ev: Evaluator, obj: LibraryPath, frame: Frame, at: At) -> ValueSet:
    """Return the text of an object of a library."""
    value = of_row(ev, obj, frame.place(at))
    return single(value, obj.once, obj.path) if obj.once is not None and value.bound is Bound.UNBOUNDED else value


def of_type(ev: Evaluator, obj: Object, frame: Frame, at: At) -> ValueSet:
    """Return the text of `type(x)`."""
    return bounded(30, "a class")


def of_class(ev: Evaluator, obj: ClassObject, frame: Frame, at: At) -> ValueSet:
    """Return the text of an analysed class."""
    return derived(1, "a class", (obj.file.path, obj.ir.name))


def of_module(ev: Evaluator, obj: Module, frame: Frame, at: At) -> ValueSet:
    """Return the text of an analysed module."""
    return derived(1, "a module", obj.file.path)


def of_function(ev: Evaluator, obj: Function, frame: Frame, at: At) -> ValueSet:
    """Return the text of an analysed function, which contains its address."""
    if obj.ir.decorators:
        return unknown("a decorated function")
    name = obj.ir.name
    instead = "the result of its call: a lambda has no name" if name == "<lambda>" else f"`{name}.__name__`, or the result of its call"
    value = unbounded("object-repr", "the text of a function object, which holds its address", advice=instead)
    return value.step(frame.place(at), f"`{name}` is not called: the label holds `<function ... at 0x...>`")


def of_mapping(ev: Evaluator, obj: Mapping, frame: Frame, at: At) -> ValueSet:
    """Return the text of a dictionary: as unbounded as its values."""
    if ev.nesting >= MAX_NESTING:
        return unknown("the text of a deeply nested dictionary")
    ev.nesting += 1
    values = [ev.scalar(ev.force(t), frame, at) for _, t in obj.entries]
    ev.nesting -= 1
    worst = join(values)
    return worst if worst is not None and worst.bound is Bound.UNBOUNDED else unknown("the text of a dictionary")


def of_method(ev: Evaluator, obj: Method, frame: Frame, at: At) -> ValueSet:
    """Return the text of a method that is not called."""
    return unknown(f"method `{obj.name}`, not called")


def of_anything(ev: Evaluator, obj: Object, frame: Frame, at: At) -> ValueSet:
    """Return the text of an object without a known text."""
    return unknown("an object whose text is not known")


def of_row(ev: Evaluator, obj: LibraryPath, fallback: Place) -> ValueSet:
    """Turn an object of a library into the values of its row."""
    if obj.path in SPECIAL:
        return exactly((SPECIAL[obj.path],))
    if obj.path in ev.library.clients.constants:
        return exactly((ev.library.clients.constants[obj.path],))
    if obj.path.startswith(STATUS):
        known = status_constant(obj.path.removeprefix(STATUS))
        if known is not None:
            return known
    row = ev.library.row(obj.path)
    if row is not None and row.how in SPELLED:
        constant = _constant(row, obj.path.removeprefix(row.path))
        if constant is not None:
            return constant
    if row is None or not row.cls:
        led = ev.library.canonical(ev.library.onward(obj.path))  # `date.today()` is a `date`
        if led != obj.path and (other := ev.library.row(led)) is not None and other.cls:
            return from_row(ev, other, obj.trace, led, fallback)
        return unknown(f"nothing is known about `{spoken(obj.path)}`", guess=_guess(obj.path) or obj.guess)
    if row.person and len(obj.path) > len(row.path):
        said = _of_person(obj.path[len(row.path) :])
        if said is not None:
            return said
    return from_row(ev, row, obj.trace, obj.path, fallback)


PERSONAL = frozenset(TELLS_APART.split())
BOOLEAN = frozenset(YES_OR_NO.split())
PART = Expression(r"\.(\w+)")


def _of_person(access: str) -> ValueSet | None:
    """Judge an attribute of a person: true or false, a value that many people share, or None where it identifies one."""
    parts = [name for name in PART.regex.findall(access) if name not in TEXT_METHODS]
    if not parts or parts[0].lower() in PERSONAL:
        return None
    if parts[-1].startswith(ABOUT) or parts[-1] in BOOLEAN:
        return bounded(2, f"`{parts[-1]}`, true or false")
    return unknown(f"`{parts[-1]}` of a user, which many users may share", guess=of_source(parts[-1], parts[-2] if len(parts) > 1 else ""))


def status_constant(access: str) -> ValueSet | None:
    """Return the value of a member of `http.HTTPStatus`: its text is its number, as of every IntEnum since Python 3.11."""
    from http import HTTPStatus  # noqa: PLC0415 - few programs need it, and every start would pay for it

    name, _, attribute = access.partition(".")
    member = HTTPStatus.__members__.get(name)
    if member is None or attribute not in ("", "value", "phrase", "name", "numerator"):
        return None
    return exactly((getattr(member, attribute) if attribute in ("phrase", "name") else member.value,))


def _constant(row: Row, access: str) -> ValueSet | None:
    """Return the value of one constant of a class or module whose row gives its values."""
    name, _, attribute = access.removeprefix(".").partition(".")
    if not name.isupper() or not access.startswith("."):
        return None
    if row.how == "numbered":
        number = NUMBER.regex.search(name)
        read = parse_int(number[1]) if number is not None else None
        return exactly((read,)) if read is not None else None
    return exactly((name,)) if attribute == "name" else bounded(1, f"the constant `{name}`") if attribute in ("", "value") else None


SPELLED = frozenset({"enum", "numbered"})
NUMBER = Expression(r"_(\d+)(?:_|$)")


def _guess(path: str) -> ValueSet | None:
    """Guess by the last name of an access path; the result of a call and the element of a loop have no name."""
    holder, _, name = path.rpartition(".")
    if name.endswith("]") and "[" in name:
        holder, name = path.rpartition("[")[0], name.rpartition("[")[2][:-1]
    if not name.isidentifier() or not holder:
        return None
    before = holder.rpartition(".")[2]
    if before.lower() in CONFIGURATION:
        return SETTING
    return of_source(name, before if before.isidentifier() else "")


def from_row(ev: Evaluator, row: Row, history: Trace | None, path: str, fallback: Place) -> ValueSet:
    """Build the value of a row; its origin is the start of the trace."""
    cls = CLASSES[row.cls]
    size = row.size
    if size is None and cls in (Bound.BOUNDED, Bound.PER_DEPLOYMENT, Bound.CLIENT_CHOSEN):
        size = 1 if cls is Bound.PER_DEPLOYMENT and row.kind != "inventory" else DEFAULT_SIZE
    if row.by_name and (key := _key(row, path)) and not identifies(key):
        row = replace(row, kind="body", advice=SERVED)
    why = row.why or spoken(path)
    advice = row.advice
    if row.kind == "raw-path" and not advice:
        advice = ev.library.template_for(path)
    sure = Confidence.MEDIUM if row.likely else Confidence.HIGH
    value = ValueSet(cls, why, size, kind=row.kind, advice=advice, confidence=sure, named=row.likely)
    return (
        ValueSet(
            cls, why, size, kind=row.kind, advice=advice, confidence=sure, trace=_with_origin(history, fallback, f"{why}, `{spoken(path)}`")
        )
        if cls > Bound.BOUNDED
        else value
    )


def _key(row: Row, path: str) -> str:
    """Return the name by which one of the values of a row is read, '' where there is none: `version` of `path_params[version].lower()`."""
    key = NAMED.regex.match(path.removeprefix(row.path.removesuffix("[]")))
    return key[1] if key is not None else ""


NAMED = Expression(r"\[([A-Za-z_][\w-]*)\]")


def _with_origin(history: Trace | None, fallback: Place, message: str) -> Trace:
    """Give the first step of a trace its sentence: only here it is known to be an origin."""
    if history is None:
        return Trace(Step(fallback, message), None, 1)
    steps = []
    cell: Trace | None = history
    while cell is not None:
        steps.append(cell.step)
        cell = cell.before
    steps.reverse()
    out = Trace(Step(steps[0].place, message), None, 1)
    for step in steps[1:]:
        out = Trace(step, out, out.length + 1)
    return out


def spoken(path: str) -> str:
    """Shorten a row path for messages: `starlette.requests.Request.url.path` is `Request.url.path`."""
    parts = path.replace("(fixed)", "()").split(".")
    for index, part in enumerate(parts):
        if part[:1].isupper():
            return ".".join(parts[index:])
    return ".".join(parts[-3:]) if parts[0] == "builtins" or len(parts) > 3 else path


def of_member(ev: Evaluator, obj: EnumMember, frame: Frame, at: At) -> ValueSet:
    """Return the text of a member of an Enum."""
    method = ev.class_attribute(obj.cls, "__str__", (obj,), frame, at)
    if method and isinstance(method[0], Function):
        return ev.scalar(ev.call(method[0], frame.synthetic_call(Const(None, at), (), at), frame), frame, at)
    return enums.member_text(ev, obj)


def of_instance(ev: Evaluator, obj: Instance, frame: Frame, at: At) -> ValueSet:
    """Return the text of an instance: the result of its `__str__`, or a text with its address."""
    name = obj.cls.ir.name
    for special in ("__str__", "__repr__"):
        method = ev.class_attribute(obj.cls, special, (obj,), frame, at)
        if method and isinstance(method[0], Function):
            return ev.scalar(ev.call(method[0], frame.synthetic_call(Const(None, at), (), at), frame), frame, at)
    if class_graph.is_exception(ev, obj.cls):
        row = ev.library.row("builtins.BaseException")
        if row is not None:
            return from_row(ev, row, None, f"str({name})", frame.place(at))
    if obj.client_data is not None:  # a class made of data, whose text holds what was sent
        return obj.client_data.step(frame.place(at), f"the text of a `{name}` holds what was sent")
    outside = [p for p in class_graph.external_bases(ev, obj.cls) if p not in PLAIN_BASES]
    if outside:
        for path in outside:
            row = ev.library.row(path)
            if row is not None and row.cls:
                return from_row(ev, row, None, path, frame.place(at))
        return unknown(f"the text of a `{name}`")
    if obj.cls.ir.decorators or obj.cls.ir.keywords:
        return unknown(f"the text of a `{name}`")
    instead = "one of its attributes that takes few values"
    value = unbounded("object-repr", f"the text of a `{name}` object, which holds its address", advice=instead)
    return value.step(frame.place(at), f"`{name}` has no `__str__`: the label holds `<{name} object at 0x...>`")


PLAIN_BASES = frozenset({"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"})


def of_sequence(ev: Evaluator, obj: Sequence, frame: Frame, at: At) -> ValueSet:
    """Return the text of a sequence: as unbounded as its elements."""
    if ev.nesting >= MAX_NESTING:
        return unknown("the text of a deeply nested list")
    ev.nesting += 1
    try:
        parts = [ev.scalar(ev.force(t), frame, at) for t in (*obj.items, *obj.rest)]
    finally:
        ev.nesting -= 1
    worst = join(parts)
    if worst is None:
        return bounded(1, "an empty list")
    if worst.bound is Bound.UNBOUNDED:
        return worst
    if obj.rest or obj.growing or obj.kind == "set":
        return unknown("the text of a list")
    if worst.bound is Bound.UNKNOWN:
        return unknown("the text of a list")
    combined = product(parts)  # with brackets and commas around: as many texts, and others
    return bounded(len(combined.exact), "the text of a list of constants") if combined.bound is Bound.EXACTLY else combined
