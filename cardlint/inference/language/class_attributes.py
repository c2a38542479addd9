"""Classes: bases, attributes of classes and instances, enum members, fields, subclasses."""

from __future__ import annotations

from functools import partial

from cardlint.inference.callgraph import callers, escapes
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import value_query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    ClassObject,
    EnumMember,
    Function,
    Instance,
    LibraryPath,
    Object,
    Objects,
    Partial,
    Super,
)
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, perhaps, unknown
from cardlint.inference.heuristics.guesses import of_cut_off
from cardlint.inference.language import (
    class_changes,
    columns,
    declared_data,
    dynamic_attributes,
    external_stores,
    field_declarations,
    field_validation,
    field_values,
    mutations,
    single_values,
)
from cardlint.inference.limits import ATTRIBUTE_STEPS, MAX_BASE_FILES, MAX_OVERRIDES
from cardlint.inference.primitives import binding, class_graph
from cardlint.ir.terms import At, Const, Use
from cardlint.knowledge import conventions
from cardlint.knowledge.structuring import FIELD_CALLS
from cardlint.knowledge.tables import KEYS, MODELS

NO_VALUE: Objects = (exactly(()),)
"""What an attribute is taken for while it is computed from itself."""
GETTER = "__get__"
STATIC, OF_THE_CLASS, OF_A_VALUE = conventions.binding("nothing"), conventions.binding("class"), conventions.binding("value")


def bind(ev: Evaluator, fn: Function, bound: Objects | None, owner: ClassObject, frame: Frame, at: At) -> Objects:
    """Bind a function found in a class: method, classmethod, staticmethod, or the value of a property."""
    ir = fn.ir
    if terms.flag(ir, *STATIC):
        return (fn,)
    if terms.flag(ir, *OF_THE_CLASS):
        return (Function(fn.file, ir, (owner,), fn.closure),)
    if terms.flag(ir, *OF_A_VALUE):
        if bound is None:
            return (unknown("a property of a class"),)

        getter = class_graph.getter_of(fn) if terms.flag(ir, "setter") else ir
        return ev.call(Function(fn.file, getter, bound, fn.closure), frame.synthetic_call(Const(None, at), (), at), frame)
    return (Function(fn.file, ir, bound, fn.closure),)


def class_attribute(
    ev: Evaluator, cls: ClassObject, name: str, bound: Objects | None, frame: Frame, at: At, skip: ClassObject | None = None
) -> Objects:
    """Look a name up along the bases of a class. `skip` starts after that class, as `super()` does."""
    chain = class_graph.mro(ev, cls)
    if skip is not None and skip in chain:
        chain = chain[chain.index(skip) + 1 :]
    hidden: Objects = BOTTOM
    for base in chain:
        if isinstance(base, LibraryPath):
            found = _of_library(ev, base, name, cls, frame, at)
            if found:
                return join_objects([found, hidden]) if hidden else found
            continue
        if not isinstance(base, ClassObject):
            hidden = (perhaps(f"an unknown base class of `{cls.ir.name}` may define `{name}`"),)
            continue
        body = base.file.ir.functions[base.ir.body]
        index = body.exits.get(name)
        stored = _bound_to(ev, class_changes.class_stores(ev, base, name), bound, cls, frame, at)
        if index is None:
            if stored:
                hidden = join_objects([hidden, stored])
            continue
        if class_graph.is_enum(ev, cls) and name in class_graph.members(ev, cls):
            return (EnumMember(cls, name),)
        within = base.file.frame(base.ir.body)
        alts = single_values.of_name(ev, ev.ref(Use(index, body.defs[index].at), within), within, index)
        groups: list[Objects] = []
        for obj in alts:
            if isinstance(obj, Function) and obj.bound is None and obj.ir.owner == base.ir.index and obj.file is base.file:
                groups.append(bind(ev, obj, bound, cls, frame, at))
            elif isinstance(obj, Instance) and _definer(ev, obj.cls, GETTER) is not None:
                groups.append(_got(ev, obj, bound, cls, frame, at))
            else:
                groups.append((obj,))
        if stored:
            groups.append(stored)
        if not groups:
            return alts
        if hidden:
            groups.append(hidden)
        joined = join_objects(groups)
        return mutations.with_changes(ev, joined, base.file, *(f"{prefix}.{name}" for prefix in ("self", "cls", base.ir.name)), of=cls)
    return BOTTOM if all(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in hidden) else hidden


def _got(ev: Evaluator, descriptor: Instance, bound: Objects | None, owner: ClassObject, frame: Frame, at: At) -> Objects:
    """Return what a descriptor gives for an attribute: Python calls its `__get__`, and does not give the descriptor itself."""
    holder: Objects = bound if bound is not None else (exactly((None,)),)
    given = tuple(frame.lazies.setdefault(("given", *(o.ident() for o in g)), Lazy(None, None, g)) for g in (holder, (owner,)))
    call = frame.synthetic_call(Const(None, at), (), at)
    groups = [
        ev.call(Partial((getter,), given, ()), call, frame) if isinstance(getter, Function) else (unknown(f"`{GETTER}` is no function"),)
        for getter in ev.class_attribute(descriptor.cls, GETTER, (descriptor,), frame, at)
    ]
    found = join_objects(groups) if groups else BOTTOM
    lost = unknown(f"what `{descriptor.cls.ir.name}.{GETTER}` returns is not followed")
    if bound is not None:  # `return self` is for an access on the class
        found = join_objects([(lost,) if isinstance(o, Instance) and o.cls == descriptor.cls else (o,) for o in found]) if found else found
    return found or (lost,)


def _bound_to(ev: Evaluator, alts: Objects, bound: Objects | None, cls: ClassObject, frame: Frame, at: At) -> Objects:
    """Bind the functions that were stored on a class."""
    if not alts or bound is None:
        return alts
    out = [bind(ev, o, bound, cls, frame, at) if isinstance(o, Function) and o.bound is None else (o,) for o in alts]
    return join_objects(out)


def _of_library(ev: Evaluator, base: LibraryPath, name: str, cls: ClassObject, frame: Frame, at: At) -> Objects:
    path = ev.library.canonical(f"{base.path}.{name}")
    if ev.library.row(path) is None and ev.library.row(path + "()") is None and not _has_prefix(ev, path):
        return BOTTOM
    table = cls if ev.library.canonical(base.path) in MODELS else None
    return (LibraryPath(path, append_step(None, frame.place(at), ""), table=table),)


def _has_prefix(ev: Evaluator, path: str) -> bool:
    return ev.library.has_below(path)


def instance_attribute(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    """Look an attribute up on an instance: the stores of its methods, its fields, then the class."""
    if inst.client_data is not None and name in field_declarations.fields(ev, inst.cls):
        return field_validation.field(ev, inst.cls, name, inst.client_data, frame, at)
    filled = declared_data.held(ev, inst, name, frame, at)
    if filled:
        return filled
    column = columns.read(ev, inst, name, frame, at)
    if column and name in KEYS:
        return column
    held = _held(ev, inst, name)
    if not column:
        return held
    stored = join_objects([held, external_stores.stored_outside(ev, name, inst.cls.ir.name, frame, inst.cls), _constructed(ev, inst, name)])
    found = tuple(o for o in stored if _is_open(ev, o))  # the program may put something else into a column, and nothing checks it
    if all(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in column):
        return found or column
    undecided = tuple(o for o in stored if isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN)
    return join_objects([column, found, undecided])


def _constructed(ev: Evaluator, inst: Instance, name: str) -> Objects:
    """Return what the program gives a column where it makes a row: `Plan(label=...)`."""
    sites = callers.constructions(ev, inst.cls)
    return (
        join_objects([ev.eval(value, site.frame) for site in sites for key, value in site.call.kwargs if key == name]) if sites else BOTTOM
    )


def _is_open(ev: Evaluator, obj: Object) -> bool:
    """Tell whether values are unbounded by themselves, or by the row of what they come from."""
    if isinstance(obj, LibraryPath):
        row = ev.library.row(obj.path)
        return row is not None and row.cls == "unbounded"
    return isinstance(obj, ValueSet) and obj.bound is Bound.UNBOUNDED


def _attribute_key(inst: Instance, name: str) -> object:
    return (id(inst.cls.ir), id(inst.site[0]) if inst.site else 0, inst.site[1] if inst.site else None, name)


@value_query(initial=NO_VALUE, key=_attribute_key)
def _held(ev: Evaluator, inst: Instance, name: str) -> Objects:
    """Join the stores to an attribute inside and outside of the methods of its class.

    A property is evaluated at the depth of the instance, not of the first access. Otherwise a deep first access would cut
    its calls off, and all later accesses would get the shortened answer.
    """
    frame, at = (inst.site[1], inst.site[0].at) if inst.site is not None else (inst.cls.file.frame(0), inst.cls.ir.at)
    if inst.site is None:
        wide: Objects = (
            unknown(f"gave up: it takes too many steps to follow what `{inst.cls.ir.name}.{name}` can hold", guess=of_cut_off(name)),
        )
        found = ev.within(ATTRIBUTE_STEPS, partial(_instance_attribute, ev, inst, name, frame, at), wide, frame, at)
    else:
        found = _instance_attribute(ev, inst, name, frame, at)
    texts = bool(found) and all(isinstance(o, ValueSet) for o in found)
    if texts or any(isinstance(o, (Mapping, Sequence)) or (isinstance(o, Function) and o.bound is None) for o in found):
        outside = external_stores.stored_outside(ev, name, inst.cls.ir.name, frame, inst.cls)
        found = join_objects([found, outside, dynamic_attributes.written(ev, inst, name)])
    if texts and inst.site is not None and (why := escapes.changed_by_unknown_code(ev, *inst.site, callers.callers_of)):
        found = join_objects([found, (perhaps(f"`{name}` may be set elsewhere: {why}"),)])
    return mutations.filled_elsewhere(tuple(o for o in found if not _is_nothing(o)) or found)


def _is_nothing(obj: Object) -> bool:
    return isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY and not obj.exact


def _instance_attribute(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    found = _of_class(ev, inst, name, frame, at)
    if inst.site is not None or inst.client_data is not None or not found or class_graph.only_none(found) or class_graph.is_abstract(found):
        return found
    overrides = _overrides(ev, inst.cls, name, True, frame, at)  # it may be an instance of a subclass
    return join_objects([found, *overrides]) if overrides else found


def of_class_or_below(ev: Evaluator, cls: ClassObject, found: Objects, name: str, frame: Frame, at: At) -> Objects:
    """Join an attribute of a class with what its subclasses put in its place: `cls` in a class method may be one of these."""
    if not found or class_graph.only_none(found) or class_graph.is_abstract(found):
        return found
    overrides = _overrides(ev, cls, name, False, frame, at)
    return join_objects([found, *overrides]) if overrides else found


def _overrides(ev: Evaluator, cls: ClassObject, name: str, on_instance: bool, frame: Frame, at: At) -> list[Objects]:
    """List the overrides of an attribute or a method in subclasses; where there are very many, they are one undecided value."""
    if name.startswith("__"):
        return []
    out = class_changes.defined_below(ev, cls, name)
    files = ev.modules.mentioning(cls.file, cls.ir.name, "base")
    if len(files) > MAX_BASE_FILES:
        named = set(ev.modules.mentioning(cls.file, name))
        return [(perhaps(f"`{name}` may be overridden in many subclasses of `{cls.ir.name}`"),)] if any(f in named for f in files) else []
    own = _definer(ev, cls, name)
    for sub in class_graph.subclasses(ev, cls):
        definer = _definer(ev, sub, name)
        if definer is not None and definer != own:
            out.append(ev.class_attribute(sub, name, (Instance(sub, None),) if on_instance else None, frame, at))
        for base in class_graph.mro(ev, sub) if on_instance else ():
            if base == cls or not isinstance(base, ClassObject):
                break
            out.extend(ev.eval(store.value, base.file.frame(ir.index)) for ir, store in class_graph.self_stores(ev, base, name))
        if len(out) > MAX_OVERRIDES:
            return [(perhaps(f"`{name}` is overridden in many subclasses of `{cls.ir.name}`"),)]
    return [alts for alts in out if alts and not class_graph.is_abstract(alts)]


def _definer(ev: Evaluator, cls: ClassObject, name: str) -> ClassObject | None:
    """Return the class whose body defines a name for instances of a class."""
    return next((b for b in class_graph.mro(ev, cls) if isinstance(b, ClassObject) and class_graph.defines(b, name)), None)


def _inherited(inst: Instance, base: ClassObject, frame: Frame) -> Frame:
    """Return the frame in which an inherited method runs on instances of one class: what other subclasses pass to it does not count."""
    if inst.site is not None or base == inst.cls or frame.bindings is not None:
        return frame
    context = frame.context(("class", id(inst.cls.ir)), frame.parent)
    if context.receiver is None:
        context.receiver = (Instance(inst.cls, None),)
    return context


def _of_class(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    """Return the value of an attribute by the known class, or, where that is undecided, by its subclasses."""
    stored, changed = _stored_on_self(ev, inst, name)
    field = field_values.field_value(ev, inst, name) if not stored else BOTTOM
    if field:
        return field_values.with_changes(ev, inst.cls, name, _or_by_name(ev, inst, name, field))
    if not stored:
        return _of_class_body(ev, inst, name, frame, at)
    result = _or_by_name(ev, inst, name, join_objects(stored))
    in_class = ev.class_attribute(inst.cls, name, (inst,), frame, at)
    if in_class and all(isinstance(o, ValueSet) for o in in_class) and not class_graph.only_none(in_class):
        result = join_objects([result, in_class])
    if class_graph.only_none(result) or not result:
        declared = field_declarations.annotated(ev, inst.cls, name)
        result = join_objects([result, declared]) if declared else result
    for file, path in dict.fromkeys(changed):
        result = mutations.with_changes(ev, result, file, path, of=inst.cls)
    return result


def _or_by_name(ev: Evaluator, inst: Instance, name: str, found: Objects) -> Objects:
    """Join what a class stores under a name with what its methods set by a computed name: `for k, v in kw.items(): setattr(self, k, v)`."""
    if not dynamic_attributes.setters(ev, inst.cls) or not all(isinstance(o, ValueSet) for o in found):
        return found
    set_by_name, open_ = dynamic_attributes.stored(ev, inst, name)
    groups = [found, set_by_name, (perhaps(f"`{name}` may be set by a computed name in `{inst.cls.ir.name}`"),) if open_ else BOTTOM]
    return join_objects([g for g in groups if g])


def _stored_on_self(ev: Evaluator, inst: Instance, name: str) -> tuple[list[Objects], list[tuple[FileState, str]]]:
    """List what the nearest class that stores an attribute stores, and by which name each of its methods knows it."""
    stored: list[Objects] = []
    changed: list[tuple[FileState, str]] = []
    for base in class_graph.mro(ev, inst.cls):
        if not isinstance(base, ClassObject):
            continue
        for ir, store in class_graph.self_stores(ev, base, name):
            inner = _inherited(inst, base, binding.method_frame(ev, inst, base, ir))
            value = single_values.bound_once(ev, ev.eval(store.value, inner), inner, store.at)
            stored.append(ev.stepped(value, base.file.frame(ir.index), store.at, f"stored in `self.{name}`"))
            changed.append((base.file, f"{ir.params[0].name}.{name}"))
        if stored:
            break
    return stored, changed


def _of_class_body(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    """Return an attribute that no method stores: from the body of the class, by a computed name, from subclasses or from elsewhere."""
    found = ev.class_attribute(inst.cls, name, (inst,), frame, at)
    if dynamic_attributes.setters(ev, inst.cls):
        set_by_name, open_ = dynamic_attributes.stored(ev, inst, name)
        if set_by_name:
            generated = any(isinstance(o, LibraryPath) and o.path.rpartition(".")[2].rstrip("()") in FIELD_CALLS for o in found)
            return set_by_name if generated or not found or class_graph.only_none(found) else join_objects([set_by_name, found])
        if open_ and found and all(isinstance(o, ValueSet) for o in found):
            return join_objects([found, (unknown(f"`{name}` is set by a computed name in `{inst.cls.ir.name}`"),)])
    if found and not (class_graph.only_none(found) or class_graph.is_abstract(found)):
        return found
    if inst.site is None:
        deeper = below(ev, inst.cls, name, True, frame, at)
        if deeper:
            return join_objects([g for g in (found, deeper) if not class_graph.is_abstract(g)] or [found])
        groups = [
            ev.eval(store.value, sub.file.frame(ir.index))
            for sub in class_graph.subclasses(ev, inst.cls)
            for ir, store in class_graph.self_stores(ev, sub, name)
        ]
        if groups:
            return join_objects([*groups, found] if found else groups)
    declared = field_declarations.annotated(ev, inst.cls, name)
    if declared:
        return declared
    return found or external_stores.stored_outside(ev, name, inst.cls.ir.name, frame, inst.cls)


def below(ev: Evaluator, cls: ClassObject, name: str, bound: bool | None, frame: Frame, at: At) -> Objects:
    """Join the definitions of a name in the subclasses of a class, on instances when `bound`."""
    groups = [
        ev.class_attribute(sub, name, (Instance(sub, None),) if bound else None, frame, at)
        for sub in class_graph.subclasses(ev, cls)
        if class_graph.defines(sub, name)
    ]
    groups = [g for g in groups if not class_graph.is_abstract(g)]
    return join_objects(groups) if groups else BOTTOM


def super_attribute(ev: Evaluator, obj: Object, name: str, frame: Frame, at: At) -> Objects:
    """Look a name up after the class that contains the `super()`."""
    assert isinstance(obj, Super)
    start = obj.cls
    for bound in obj.bound:
        if isinstance(bound, Instance) and start in class_graph.mro(ev, bound.cls):
            found = ev.class_attribute(bound.cls, name, obj.bound, frame, at, skip=start)
            break
    else:
        found = ev.class_attribute(start, name, obj.bound, frame, at, skip=start)
    return found if found or name != "__new__" else (LibraryPath("builtins.object.__new__", append_step(None, frame.place(at), "")),)
