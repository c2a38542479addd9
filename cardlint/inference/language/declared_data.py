"""What a client sent, as a serializer, a form or a schema lets it through: `serializer.validated_data["kind"]`, `Item().load(sent)["kind"]`.

Each field of the class says what it lets through, so that a field with choices is closed and a text is open.
"""

from __future__ import annotations

from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Instance, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly, unbounded, unknown
from cardlint.inference.language import calls, field_declarations, field_validation
from cardlint.inference.primitives import class_graph, collections, enums
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Const, Scalar
from cardlint.knowledge.forms import (
    ADDING,
    ATTRIBUTES,
    CHANGING,
    CHECKING,
    CHOICES,
    CHOOSING,
    DEFAULTS,
    ELSEWHERE,
    FLAGS,
    FORMS,
    KNOWN_KEYWORDS,
    LOADING,
    MOVED,
    NUMBERS,
    OPEN,
    OPEN_CHECKS,
    REPLACING,
    SCHEMA,
    SCHEMA_FLAGS,
    SCHEMA_TEXTS,
    SWITCHES,
    TEXTUAL,
    Form,
)


def held(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    """Return what an attribute of a serializer or a form holds of what was sent, NOTHING where it is none of those."""
    if name not in ATTRIBUTES:
        return BOTTOM
    bases = frozenset(ev.library.canonical(base) for base in class_graph.external_bases(ev, inst.cls))
    form = next((form for form in FORMS if form.attribute == name and form.base in bases), None)
    if form is None:
        return BOTTOM
    entries: list[tuple[Scalar | UnknownKey, Lazy]] = []
    for field, value in _fields(ev, inst.cls, form):
        entries.append((field, Lazy(None, None, ev.stepped(value, frame, at, f"field `{field}` of `{inst.cls.ir.name}` is read here"))))
    declared = frozenset(field for field, _ in entries if isinstance(field, str))
    entries.append((UnknownKey(excluded=declared), Lazy(None, None, (unknown("the field is not declared in the class"),))))
    return (Mapping(tuple(entries), True, declared),)


@query(initial=())
def _fields(ev: Evaluator, cls: ClassObject, form: Form) -> tuple[tuple[str, Objects], ...]:
    """List what is known of the fields that a class and its bases declare."""
    found: dict[str, Objects] = {}
    for owner in class_graph.mro(ev, cls):
        if not isinstance(owner, ClassObject):
            continue
        where = owner.file.frame(owner.ir.body)
        for field, index in where.ir.exits.items():
            term = field_declarations.assigned_term(where.ir.defs[index].term, where)
            if field not in found:
                found[field] = _field(ev, cls, form, field, term, where) if isinstance(term, Call) else BOTTOM
    return tuple((field, value) for field, value in found.items() if value)


def _field(ev: Evaluator, cls: ClassObject, form: Form, name: str, term: Call, where: Frame) -> Objects:
    """Return what a field lets through, NOTHING where that is not known."""
    alts = ev.eval(term.func, where)
    path = alts[0].path if len(alts) == 1 and isinstance(alts[0], LibraryPath) else ""
    kind = path.rpartition(".")[2]
    if not path.startswith(form.fields + ".") or any(key in ELSEWHERE or not key for key, _ in term.kwargs):
        return BOTTOM
    passed = _let_through(ev, cls, name, kind, term, where)
    if not passed:
        return BOTTOM
    if _method(ev, cls, form.check + name) is not None:
        passed = _checked(ev, cls, form.check + name, passed) if form.checked else BOTTOM
        if not passed:
            return BOTTOM
    more: list[Objects] = []
    default = next((value for key, value in term.kwargs if key == "default"), None)
    if default is not None and not form.blank:
        more.append(ev.eval(default, where))
    if form.blank and _is(term, "required", False) and kind not in FLAGS:
        more.append((exactly(("", None)),))
    if _is(term, "allow_null", True):
        more.append((exactly((None,)),))
    if _is(term, "allow_blank", True):
        more.append((exactly(("",)),))
    if field_validation.is_closed(passed) and (method := next((m for m in form.change if _method(ev, cls, m) is not None), None)):
        more.append((unknown(f"`{method}` may put something else into field `{name}`"),))
    return join_objects([passed, *more])


def _let_through(ev: Evaluator, cls: ClassObject, name: str, kind: str, term: Call, where: Frame) -> Objects:
    if kind in FLAGS:
        return (exactly(FLAGS[kind]),)
    if kind in CHOICES:
        given = next((value for key, value in term.kwargs if key == "choices"), term.args[0] if term.args else None)
        return choices(ev, given, where) if given is not None else BOTTOM
    if kind in NUMBERS:
        ends = [ev.value(value, where) for wanted in ("min_value", "max_value") for key, value in term.kwargs if key == wanted]
        low, high = (
            (v.exact[0] if v.bound is Bound.EXACTLY and len(v.exact) == 1 else None for v in ends) if len(ends) == 2 else (None, None)
        )
        if isinstance(low, int) and isinstance(high, int):
            return (bounded(max(1, high - low + 1), "a validated whole number"),)
    if kind in NUMBERS or kind in OPEN:
        advice = "a value from a fixed set: declare it as a ChoiceField"
        return (unbounded("body", f"field `{name}` of `{cls.ir.name}`, which a client fills in", advice=advice),)
    return BOTTOM


def choices(ev: Evaluator, given: AnyTerm, where: Frame) -> Objects:
    """Return the values of a list of choices, each written alone or with its label; NOTHING where they are not known."""
    alts = ev.eval(given, where)
    if len(alts) == 1 and isinstance(alts[0], ClassObject) and enums.is_choices(ev, alts[0]):
        alts = enums.listed(ev, alts[0], "values")
    items = collections.as_items(ev, alts)
    if items is None:
        return BOTTOM
    groups: list[Objects] = []
    for obj in (o for item in items for o in ev.force(item)):
        if isinstance(obj, Sequence):
            label = ev.force_all(obj.items[1:2])
            if len(obj.items) != 2 or any(isinstance(o, Sequence) for o in label):  # a group of choices
                return BOTTOM
            groups.append(ev.force_all(obj.items[:1]))
        else:
            groups.append((obj,))
    return join_objects(groups) if groups else BOTTOM


def _checked(ev: Evaluator, cls: ClassObject, method: str, passed: Objects) -> Objects:
    """Return what the method that looks at a field makes of what it is given, NOTHING where that is not known."""
    owner = _method(ev, cls, method)
    assert owner is not None
    for ir in owner.file.ir.functions:
        if ir.owner == owner.ir.index and ir.name == method and len(ir.params) == 2:
            made = Frame(owner.file, ir, {ir.params[1].name: Lazy(None, None, passed)}, owner.file.frame(ir.parent), None, 1)
            found = calls.returned(ev, ir, made)
            return found if field_validation.is_closed(found) or _is_open(found) else BOTTOM
    return BOTTOM


def _is_open(alts: Objects) -> bool:
    return any(isinstance(o, ValueSet) and o.bound is Bound.UNBOUNDED for o in alts)


def _method(ev: Evaluator, cls: ClassObject, name: str) -> ClassObject | None:
    """Return the class of the tree that has a method, among a class and its bases."""
    return next((o for o in class_graph.mro(ev, cls) if isinstance(o, ClassObject) and name in o.ir.methods), None)


def _is(term: Call, keyword: str, wanted: bool) -> bool:
    """Tell whether a keyword of a field has a value that is written there."""
    return any(key == keyword and isinstance(value, Const) and value.value is wanted for key, value in term.kwargs)


# schemas: what a method returns ------------------------------------------------------------------------------------


def is_loading(ev: Evaluator, inst: Instance, name: str) -> bool:
    """Tell whether a method of an instance returns what a schema of marshmallow lets through."""
    return name in LOADING and any(ev.library.canonical(base) == SCHEMA for base in class_graph.external_bases(ev, inst.cls))


def loaded(ev: Evaluator, inst: Instance, term: Call, frame: Frame) -> Objects:
    """Return what a schema lets through of what it loads: closed fields are closed, a text is as open as the data it is in."""
    name = inst.cls.ir.name
    if not term.args or _decorated(ev, inst.cls, CHANGING):
        return (unknown(f"what `{name}` makes of what it loads"),)
    sent = ev.value(term.args[0], frame)
    entries: list[tuple[Scalar | UnknownKey, Lazy]] = []
    for field, value in _of_schema(ev, inst.cls):
        told = join_objects([_filled(ev, o, sent, field, name, frame, term.at) for o in value])
        entries.append((field, Lazy(None, None, told)))
    declared = frozenset(field for field, _ in entries if isinstance(field, str))
    entries.append((UnknownKey(excluded=declared), Lazy(None, None, (unknown("the field is not declared in the class"),))))
    made = Mapping(tuple(entries), True, declared)
    written = (*term.kwargs, *(inst.site[0].kwargs if inst.site is not None else ()))
    return (Sequence("list", (), (Lazy(None, None, (made,)),)) if any(key == "many" for key, _ in written) else made,)


def _filled(ev: Evaluator, obj: Object, sent: ValueSet, field: str, schema: str, frame: Frame, at: At) -> Objects:
    """Return the value of a field that is loaded: that of the data, where the field lets anything through."""
    if not isinstance(obj, ValueSet) or obj.bound is not Bound.UNBOUNDED:
        return (obj,)
    step = f"field `{field}` of `{schema}` is read here"
    return ev.stepped((sent,), frame, at, step) if sent.bound is Bound.UNBOUNDED else (unknown(f"field `{field}` of unknown data"),)


@query(initial=())
def _of_schema(ev: Evaluator, cls: ClassObject) -> tuple[tuple[str, Objects], ...]:
    """List what the fields of a schema and its bases let through."""
    found: dict[str, Objects] = {}
    for owner in class_graph.mro(ev, cls):
        if isinstance(owner, ClassObject):
            where = owner.file.frame(owner.ir.body)
            for field, index in where.ir.exits.items():
                term = field_declarations.assigned_term(where.ir.defs[index].term, where)
                if field not in found and isinstance(term, Call):
                    found[field] = _lets_through(ev, field, term, where)
    checked = _decorated(ev, cls, CHECKING)
    return tuple((field, value) for field, value in found.items() if value and not (checked and _is_open(value)))


def _lets_through(ev: Evaluator, name: str, term: Call, where: Frame) -> Objects:
    """Return what a field of a schema lets through, NOTHING where that is not known."""
    kind = _last(ev, term, where, "marshmallow.fields.")
    if any(key in MOVED or not key for key, _ in term.kwargs):
        return BOTTOM
    given = next((field_declarations.assigned_term(value, where) for key, value in term.kwargs if key == "validate"), None)
    check = _last(ev, given, where, "marshmallow.validate.") if isinstance(given, Call) else ""
    passed: Objects = BOTTOM
    if kind in SCHEMA_FLAGS:
        passed = (exactly((False, True)),)
    elif check == CHOOSING and kind in SCHEMA_TEXTS:
        assert isinstance(given, Call)
        listed = next((value for key, value in given.kwargs if key == "choices"), given.args[0] if given.args else None)
        passed = choices(ev, listed, where) if listed is not None else BOTTOM
    elif kind in SCHEMA_TEXTS and (given is None or check in OPEN_CHECKS):
        passed = (unbounded("body", f"field `{name}`"),)
    if not passed:
        return BOTTOM
    more = [ev.eval(value, where) for key, value in term.kwargs if key in DEFAULTS]
    return join_objects([passed, *more, *([(exactly((None,)),)] if _is(term, "allow_none", True) else [])])


def _last(ev: Evaluator, term: Call, where: Frame, prefix: str) -> str:
    """Return the last name of what a call calls, '' where it is not of the module."""
    alts = ev.eval(term.func, where)
    path = alts[0].path if len(alts) == 1 and isinstance(alts[0], LibraryPath) else ""
    return path.removeprefix(prefix) if path.startswith(prefix) else ""


def _decorated(ev: Evaluator, cls: ClassObject, names: frozenset[str]) -> bool:
    """Tell whether a method of a class or of its bases has one of these decorators, called or not."""
    for owner in class_graph.mro(ev, cls):
        if isinstance(owner, ClassObject):
            for ir in owner.file.ir.functions:
                if ir.owner == owner.ir.index and any(last_name(d, owner.file.frame(owner.ir.body)) in names for d in ir.decorators):
                    return True
    return False


# parsers: arguments that are added one by one -----------------------------------------------------------------------


def parsed(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Return what a parser of requests lets through: the arguments that were added to it in the same file, by their names."""
    parser = last_name(term.func.base, frame) if isinstance(term.func, Attr) else ""
    calls = [(frame.file.frame(f).ir.defs[d].term, frame.file.frame(f)) for f, d in frame.file.ir.calls_named(ADDING)]
    own = [(c, w) for c, w in calls if isinstance(c, Call) and isinstance(c.func, Attr) and last_name(c.func.base, w) == parser]
    scope = max((_nearness(w.ir, frame.ir) for _, w in own), default=0)
    if not scope or frame.file.ir.calls_named(REPLACING):
        return (unknown(f"no argument that is added to `{parser}` was found"),)
    entries: list[tuple[Scalar | UnknownKey, Lazy]] = []
    for call, where in own:
        name = call.args[0] if call.args else None
        if _nearness(where.ir, frame.ir) == scope and isinstance(name, Const) and isinstance(name.value, str):
            passed = _argument(ev, call, name.value, where) or (unknown(f"what argument `{name.value}` lets through"),)
            entries.append((name.value, Lazy(None, None, passed)))
    declared = frozenset(field for field, _ in entries if isinstance(field, str))
    entries.append((UnknownKey(excluded=declared), Lazy(None, None, (unknown("the argument is added elsewhere"),))))
    return (Mapping(tuple(entries), True, declared),)


def _nearness(ir: FunctionIR, user: FunctionIR) -> int:
    """Say how near the code that adds an argument is to the one that parses: in the same function, the same class, the module."""
    return 3 if ir is user else 2 if ir.owner >= 0 and ir.owner == user.owner else 1 if ir.kind in ("module", "class") else 0


def _argument(ev: Evaluator, call: Call, name: str, where: Frame) -> Objects:
    """Return what an argument lets through, NOTHING where that is not known."""
    given = dict(call.kwargs)
    if len(call.args) > 1 or not KNOWN_KEYWORDS.issuperset(given):
        return BOTTOM
    kind = last_name(given["type"], where) if "type" in given else TEXTUAL[0]
    if "choices" in given:
        passed = choices(ev, given["choices"], where)
    elif kind in SWITCHES:
        passed = (exactly((False, True)),)
    elif kind in TEXTUAL:
        advice = "a value from a fixed set: give the argument `choices`"
        sent = unbounded("body", f"the argument `{name}` of the request", advice=advice)
        passed = (sent.step(where.place(call.at), f"the client sends `{name}` with the request"),)
    else:
        return BOTTOM
    if not passed:
        return BOTTOM
    default = ev.eval(given["default"], where) if "default" in given else (exactly((None,)),)
    return passed if _is(call, "required", True) else join_objects([passed, default])
