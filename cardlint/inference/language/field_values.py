"""Values of fields: arguments and defaults of generated constructors - dataclass, NamedTuple, pydantic, attrs, msgspec."""

from __future__ import annotations

from cardlint.inference.callgraph import callers
from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, Instance, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, perhaps, unknown
from cardlint.inference.heuristics.guesses import of_source
from cardlint.inference.language import field_declarations, field_validation, mutations
from cardlint.inference.limits import MAX_ALIAS_FILES
from cardlint.inference.primitives import class_graph, collections
from cardlint.inference.primitives.class_graph import external_bases
from cardlint.ir.model import Store
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, FreeVar, Item, Opaque, Param, Star, Use
from cardlint.knowledge.structuring import BUILT_FROM_DATA, FIELD_CALLS, SETTING, SETTINGS

FACTORIES = ("default_factory", "factory")


def field_value(ev: Evaluator, inst: Instance, name: str) -> Objects:
    """Return the value of a field: the constructor's argument, or its default. Open instances join all constructor calls."""
    if not field_declarations.has_generated_init(ev, inst.cls):
        return BOTTOM
    if name not in field_declarations.fields(ev, inst.cls):
        return BOTTOM
    if inst.site is None:
        groups = [_field_of_call(ev, inst.cls, name, s.call, s.frame) for s in callers.constructions(ev, inst.cls)]
        groups = [g for g in groups if g]
        if not groups:
            found = _declared_default(ev, inst.cls, name)
            if any(isinstance(o, ValueSet) and o.bound is Bound.UNBOUNDED for o in found):
                return found
            unseen = unknown(f"no call that makes a `{inst.cls.ir.name}` was found", guess=of_source(name, inst.cls.ir.name))
            return field_declarations.annotated(ev, inst.cls, name) or (unseen,)
        if any(path in BUILT_FROM_DATA for path in external_bases(ev, inst.cls)):
            groups.append(
                (
                    unknown(
                        f"a `{inst.cls.ir.name}` can also be parsed from input, and then the input decides what `{name}` is",
                        guess=of_source(name, inst.cls.ir.name),
                    ),
                )
            )
        return join_objects(groups)
    return _field_of_call(ev, inst.cls, name, *inst.site)


def _field_of_call(ev: Evaluator, cls: ClassObject, name: str, call: Call, frame: Frame) -> Objects:
    for keyword, term in call.kwargs:
        if keyword in (name, name.lstrip("_")):  # attrs strips the underscores of private fields
            return ev.stepped(ev.eval(term, frame), frame, term.at, f"given to field `{name}` of `{cls.ir.name}`")
    position = list(field_declarations.fields(ev, cls)).index(name) if call.args else 0
    if position < len(call.args) and not any(isinstance(a, Star) for a in call.args[: position + 1]):
        term = call.args[position]
        return ev.stepped(ev.eval(term, frame), frame, term.at, f"given to field `{name}` of `{cls.ir.name}`")
    loose: list[Objects] = []
    for keyword, term in reversed(call.kwargs):  # the last one of two dictionaries wins
        if keyword == "":
            given = ev.eval(term, frame)
            found = collections.get(ev, given, exactly((name,)))
            if found:
                return found
            sent = _sent(ev, cls, name, given, term, frame)
            if sent:
                return sent
            if any(not isinstance(o, Mapping) or o.open for o in given):
                loose.append((unknown(f"`{name}` may be in the `**` of this call", guess=of_source(name, cls.ir.name)),))
    default = _declared_default(ev, cls, name)
    if SETTINGS.intersection(external_bases(ev, cls)):
        default = _set(ev, cls, name, default)
    return join_objects([*loose, default]) if loose else default


def _set(ev: Evaluator, cls: ClassObject, name: str, default: Objects) -> Objects:
    """Return what a field of a class of settings can be: its default, and what the deployment sets in its place."""
    typed = field_declarations.annotated(ev, cls, name)
    if typed and all(isinstance(o, (EnumMember, Instance)) or (isinstance(o, ValueSet) and o.bound <= Bound.BOUNDED) for o in typed):
        flags = all(isinstance(o, ValueSet) and o.exact and all(isinstance(v, bool) for v in o.exact) for o in default)
        return typed if flags else join_objects([default, typed])
    setting: Object = LibraryPath(SETTING)
    elements = (Lazy(None, None, (setting,)),)
    out: list[Object] = []
    for obj in default:
        if isinstance(obj, Sequence):
            out.append(Sequence(obj.kind, (), (*obj.items, *obj.rest, *elements)))
        elif isinstance(obj, Mapping):
            out.append(
                Mapping(
                    (*obj.entries, (UnknownKey(elements[0]), elements[0])),
                    obj.open,
                    obj.optional | {k for k, _ in obj.entries if not isinstance(k, UnknownKey)},
                )
            )
        else:
            out.append(obj)
    texts = any(isinstance(o, ValueSet) for o in default) or not default
    return join_objects([tuple(out), (setting,)]) if texts else tuple(out)


def _sent(ev: Evaluator, cls: ClassObject, name: str, given: Objects, term: AnyTerm, frame: Frame) -> Objects:
    """Return the value of a field of a client's data: `Event(**json.loads(body))`. NOTHING where that is not known."""
    key = Item(term, Const(name, term.at), term.at)
    groups: list[Objects] = []
    for obj in given:
        if isinstance(obj, (LibraryPath, ValueSet)):
            held = ev.scalar(ev.item(obj, exactly((name,)), key, frame), frame, term.at)
            if held.bound not in (Bound.UNKNOWN, Bound.EXACTLY):
                groups.append(field_validation.field(ev, cls, name, held, frame, term.at))
    return join_objects(groups) if groups else BOTTOM


def _declared_default(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return the value of a field that the constructor is not given."""
    owner = field_declarations.fields(ev, cls)[name]
    body = owner.file.ir.functions[owner.ir.body]
    if name in body.exits:
        index = body.exits[name]
        frame = owner.file.frame(owner.ir.body)
        made = _default(ev, body.defs[index].term, frame)
        if made is not None:
            return (
                join_objects([made, field_declarations.annotated(ev, cls, name)])
                if made
                else field_declarations.annotated(ev, cls, name) or (unknown(f"field `{name}` is not given"),)
            )
        alts = ev.ref(Use(index, body.defs[index].at), frame)
        if any(isinstance(o, LibraryPath) for o in alts):
            return field_declarations.annotated(ev, cls, name) or (unknown(f"default of field `{name}`"),)
        return alts
    return field_declarations.annotated(ev, cls, name)


def defaults(ev: Evaluator, owner: ClassObject, name: str) -> dict[str, Objects]:
    """Return `default` and `default_factory` of a field as `dataclasses.fields()` shows them; a missing one is NOTHING."""
    body = owner.file.ir.functions[owner.ir.body]
    if name not in body.exits:
        return {"default": BOTTOM, "default_factory": BOTTOM}
    index = body.exits[name]
    frame = owner.file.frame(owner.ir.body)
    term = body.defs[index].term
    if _default(ev, term, frame) is None:
        return {"default": ev.ref(Use(index, body.defs[index].at), frame), "default_factory": BOTTOM}
    term = field_declarations.assigned_term(term, frame)
    assert isinstance(term, Call)
    given = dict(term.kwargs)
    factory = next((given[n] for n in FACTORIES if n in given), None)
    return {
        "default": ev.eval(given["default"], frame) if "default" in given else BOTTOM,
        "default_factory": ev.eval(factory, frame) if factory is not None else BOTTOM,
    }


def _default(ev: Evaluator, term: AnyTerm, frame: Frame) -> Objects | None:
    """Evaluate the default that `field(default=...)`, `Field(...)` or `attr.ib(factory=...)` declares; None for other terms."""
    term = field_declarations.assigned_term(term, frame)
    if not isinstance(term, Call) or not isinstance(term.func, (Attr, FreeVar, Use)):
        return None
    if not any(isinstance(o, LibraryPath) and o.path.rpartition(".")[2] in FIELD_CALLS for o in ev.eval(term.func, frame)):
        return None
    for name, value in term.kwargs:
        if name == "default":
            return ev.eval(value, frame)
        if name in FACTORIES:
            return ev.eval(frame.synthetic_call(value, (), term.at), frame)
    if term.args and not isinstance(term.args[0], Opaque):  # `Field(...)`: required
        return ev.eval(term.args[0], frame)
    return BOTTOM


def with_changes(ev: Evaluator, cls: ClassObject, name: str, alts: Objects) -> Objects:
    """Add what the program stores in the container of a field: `task.tags.update(more)`, `self.counts[key] = 1`."""
    if not any(isinstance(o, (Mapping, Sequence)) for o in alts):
        return alts
    paths = ev.modules.mentioning(cls.file, name)
    if len(paths) > MAX_ALIAS_FILES:
        paths = [path for path in paths if path == cls.file.path]
        alts = (*alts, perhaps(f"too many files read an attribute `{name}` to see what they put there"))
    for path in paths:
        state = ev.modules.state(path)
        found = stores.held_stores(state, name) if state is not None else []
        changes = [(owner, store) for owner, store in found if state is not None and _may_be_of(ev, cls, store.base, state.frame(owner))]
        if state is None or not changes:
            continue
        known = [(owner, store) for owner, store in changes if not _is_given(store, state.frame(owner))]
        if len(known) < len(changes):  # `context.set(key, value)`: the values under the keys of all callers say little of one key
            alts = (*alts, perhaps(f"a method stores what it is given in `{name}`"))
        alts = mutations.changed(ev, alts, known, state, state.frame)
    return alts


def _is_given(store: Store, frame: Frame) -> bool:
    """Tell whether the key of a store is a parameter of the function that stores."""
    return store.key is not None and isinstance(terms.without_tests(store.key, frame), Param)


def _may_be_of(ev: Evaluator, cls: ClassObject, term: AnyTerm, frame: Frame) -> bool:
    """Tell whether a container may be an attribute of an instance of a class: its holder is one, or is not known."""
    held = stores.attribute(frame.ir.defs, term)
    if held is None:
        return True
    holders = ev.eval(held.base, frame)
    return any(not isinstance(o, Instance) or o.cls in class_graph.mro(ev, cls) or cls in class_graph.mro(ev, o.cls) for o in holders)
