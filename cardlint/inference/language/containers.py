"""Containers: dictionaries by key, sequences by position, iteration, and `with`."""

from __future__ import annotations

from cardlint.common.numbers import capped
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import NO_KEYS, Mapping, Sequence, SequenceKind, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import (
    BOTTOM,
    ClassObject,
    EnumMember,
    Function,
    Instance,
    LibraryPath,
    MetricObject,
    Module,
    Object,
    Objects,
    TypeExpr,
)
from cardlint.inference.domain.value_sets import Bound, ValueSet, adds_nothing, bounded, derived, exactly, transformed, unknown
from cardlint.inference.heuristics import source_names
from cardlint.inference.heuristics.source_names import identity_by_name, source_guess
from cardlint.inference.language import alias_changes, attributes, class_attributes, field_declarations, loops, names, slices
from cardlint.inference.language.mutations import declared_item, stored_item, stored_under_object
from cardlint.inference.limits import ALIAS_STEPS, MAX_ITEMS
from cardlint.inference.primitives import class_graph, collections
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import (
    AnyTerm,
    Attr,
    Call,
    Comp,
    Const,
    Dict,
    EnterContext,
    FreeVar,
    Import,
    Item,
    Iterate,
    Refine,
    Scalar,
    Seq,
    Star,
)
from cardlint.knowledge import SWALLOWING
from cardlint.knowledge.structuring import ARGUMENTS, OPENED_ARGUMENT
from cardlint.knowledge.tables import EXECUTES

CONTEXTS: tuple[SequenceKind, ...] = ("context", "swallowing context")
"""What calls of generators with `@contextmanager` make."""


def mapping(ev: Evaluator, term: Dict, frame: Frame) -> Objects:
    """Evaluate a dictionary display; its values are evaluated lazily."""
    entries: list[tuple[Scalar | UnknownKey, Lazy]] = []
    open_ = False
    optional = NO_KEYS
    written: frozenset[Scalar] | None = None
    for key, value in term.entries:
        if key is None:
            merged_entries, was_open, maybe = collections.entries_of(ev, ev.eval(value, frame), value, frame)
            entries.extend(merged_entries)
            open_ = open_ or was_open
            optional |= maybe
            continue
        made = collections.keyed(ev, key, frame.lazy(value), frame)
        if written is None:
            written = frozenset(k.value for k, _ in term.entries if isinstance(k, Const))
        if written and made and isinstance(made[0][0], UnknownKey):  # the keys of one display differ from each other
            made = [(UnknownKey(made[0][0].possible, excluded=written), made[0][1])]
        entries.extend(made)
        optional |= collections.uncertain(made)
    return alias_changes.changed_through_aliases(ev, (Mapping(tuple(entries), open_, optional),), term, frame)


def comprehension(ev: Evaluator, term: Comp, frame: Frame) -> Objects:
    """Evaluate a comprehension to the container that it makes, with what other names put into it later."""
    return alias_changes.changed_through_aliases(ev, loops.comprehension(ev, term, frame), term, frame)


def sequence(ev: Evaluator, term: Seq, frame: Frame) -> Objects:
    """Evaluate a list, tuple or set display; `*parts` are expanded."""
    items: list[Lazy] = []
    rest: list[Lazy] = []
    growing = False
    for item_term in term.items:
        if not isinstance(item_term, Star):
            (rest if rest else items).append(frame.lazy(item_term))
            continue
        parts = ev.eval(item_term.base, frame)
        growing = growing or any(isinstance(o, Sequence) and o.growing for o in parts)
        known = collections.as_items(ev, parts) if len(items) <= MAX_ITEMS else ()
        if known is not None and not rest:
            items.extend(known)
        else:
            rest.append(frame.element(item_term.base, item_term.at))
    made = (Sequence(term.kind, tuple(items), tuple(rest), growing=growing),)
    return alias_changes.changed_through_aliases(ev, made, term, frame)


def item(ev: Evaluator, term: Item, frame: Frame) -> Objects:
    """Evaluate `base[key]` and positions of unpacked tuples."""
    base = ev.eval(term.base, frame)
    key = collections.key_of(ev, term.key, frame)
    if key.bound is Bound.EXACTLY and all(type(k) is int for k in key.exact) and (found := slices.letter(ev, term.base, key, frame)):
        return (found,)
    if base and (cut := slices.part_of_split(ev, term, key, frame)) is not None:
        return cut
    groups = [ev.item(obj, key, term, frame) for obj in base]
    return join_objects(groups) if groups else BOTTOM


def item_of_mapping(ev: Evaluator, obj: Mapping, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return the value of a dictionary under a key; where it is undecided, the name of the key is a hint."""
    found = collections.lookup(ev, obj, key)
    if not source_names.is_undecided(found):
        return found
    return source_names.by_its_name(found, _spelled(key, term), frame)


def item_of_sequence(ev: Evaluator, obj: Sequence, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return the element of a sequence at a position, or of a row of a database under a name."""
    if obj.attributes is not None and key.bound is Bound.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], str):
        found = obj.attributes.get(key.exact[0])
        return ev.force(found) if found is not None else item_of_anything(ev, obj, key, term, frame)
    return _position(ev, obj, key)


def _spelled(key: ValueSet, term: Item) -> Item:
    """Replace the key by its constant text, so that its name is a hint however the key is written."""
    if key.bound is Bound.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], str) and not isinstance(term.key, Const):
        return Item(term.base, Const(key.exact[0], term.key.at), term.at)
    return term


def item_of_library(ev: Evaluator, obj: LibraryPath, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return an item of an object of a library, or a type of `typing` with its parameters."""
    term = _spelled(key, term)
    if obj.path.startswith(("typing.", "typing_extensions.")):
        return (TypeExpr(term, frame),)
    if obj.path == "sys.modules" and isinstance(term.key, FreeVar) and term.key.name == "__name__":
        return (Module(frame.file),)
    if obj.path == "sys.modules" and key.bound is Bound.EXACTLY:
        modules = [names.imported(ev, Import(str(name), "", term.at), frame) for name in key.exact]
        if modules and not any(isinstance(o, LibraryPath) for group in modules for o in group):
            return join_objects(modules)
    if key.bound is not Bound.EXACTLY and class_graph.is_class_path(obj.path) and ev.library.row(f"{obj.path}[]") is None:
        return (obj,)  # a class of the library with its parameters: `Request[Any, Any]`
    token = f"[{key.exact[0]}]" if key.bound is Bound.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], (str, int)) else "[]"
    found = attributes.external(ev, obj, token, term, frame)
    if len(found) == 1 and isinstance(found[0], LibraryPath) and ev.library.row(found[0].path) is None:
        if isinstance(key.exact[0] if key.exact else None, str):
            stored = stored_item(ev, str(key.exact[0]), obj, frame) or declared_item(ev, str(key.exact[0]), frame)
            if stored:
                return stored
        elif stored := stored_under_object(ev, term.key, obj, frame):
            return stored
        named = identity_by_name(term, frame)
        if named is not None:
            return (named,)
    return found


def item_of_class(ev: Evaluator, obj: ClassObject, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return a member of an Enum by its name, or a class with its parameters."""
    if class_graph.is_enum(ev, obj):
        if key.bound is Bound.EXACTLY:
            names = [k for k in key.exact if k in class_graph.members(ev, obj)]
            return join_objects([(EnumMember(obj, str(n)),) for n in names]) if names else BOTTOM
        return (EnumMember(obj, None),)
    if key.bound is not Bound.EXACTLY:
        return (obj,)
    return item_of_anything(ev, obj, key, term, frame)


def item_of_instance(ev: Evaluator, obj: Instance, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return an item of an instance: the result of its `__getitem__`, or a field of a TypedDict or NamedTuple."""
    term = _spelled(key, term)
    getter = ev.class_attribute(obj.cls, "__getitem__", (obj,), frame, term.at)
    if getter and isinstance(getter[0], Function):
        return ev.call(getter[0], frame.synthetic_call(term.base, (term.key,), term.at), frame)
    declared = field_declarations.fields(ev, obj.cls)
    if key.bound is Bound.EXACTLY and key.exact and key.exact[0] in declared:  # TypedDict
        held = class_attributes.instance_attribute(ev, obj, str(key.exact[0]), frame, term.at)
        return held or (unknown(f"`{key.exact[0]}` of `{obj.cls.ir.name}` is set elsewhere"),)
    if (
        key.bound is Bound.EXACTLY and key.exact and isinstance(key.exact[0], int) and -len(declared) <= key.exact[0] < len(declared)
    ):  # NamedTuple
        return class_attributes.instance_attribute(ev, obj, list(declared)[key.exact[0]], frame, term.at)
    return item_of_anything(ev, obj, key, term, frame)


def item_of_value(ev: Evaluator, obj: ValueSet, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return a part of a text, or of a value with only a class."""
    if obj.bound is Bound.EXACTLY:
        texts = [v for v in obj.exact if isinstance(v, str)]
        if all(v is None for v in obj.exact):
            return BOTTOM
        if key.bound is Bound.EXACTLY and all(isinstance(k, int) for k in key.exact):
            return (exactly(t[k] for t in texts for k in key.exact if isinstance(k, int) and -len(t) <= k < len(t)),) if texts else BOTTOM
        letters = list(dict.fromkeys(c for t in texts for c in t))
        return (exactly(letters),) if letters else (bounded(max(1, len(obj.exact)), obj.why),)
    if obj.bound is Bound.BOUNDED:
        return (derived(capped((obj.size or 1) * (1 if key.bound is Bound.EXACTLY else LETTERS)), obj.why, "letter", obj, key),)
    if obj.bound is not Bound.UNKNOWN:
        one = obj.many is not None and key.bound is Bound.EXACTLY and len(key.exact) == 1
        return (transformed(obj, f"item {key.exact[0]}") if one else obj.spread(),)
    return item_of_anything(ev, obj, key, term, frame)


def item_of_anything(ev: Evaluator, obj: Object, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return an item with only a known key: the name of the key may be a hint."""
    term = _spelled(key, term)
    named = identity_by_name(term, frame)
    if named is not None:
        return (named,)
    why = obj.why if isinstance(obj, ValueSet) else "an item of an unknown container"
    guess = source_guess(term, frame)
    if guess is None and isinstance(obj, ValueSet) and adds_nothing(obj):
        return (obj,)
    return (unknown(why, guess=guess),)


LETTERS = 100
"""Letters of a text of which no letter is known, by position."""


def _position(ev: Evaluator, obj: Sequence, key: ValueSet) -> Objects:
    if key.bound is Bound.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], int) and not isinstance(key.exact[0], bool):
        position = key.exact[0]
        if obj.kind != "set" and not obj.rest and obj.max_size is None and (not obj.growing or 0 <= position < 1):
            return ev.force(obj.items[position]) if -len(obj.items) <= position < len(obj.items) else BOTTOM
        if obj.kind == "tuple" and 0 <= position < len(obj.items):
            return ev.force(obj.items[position])
    return collections.elements(ev, obj)


def element(ev: Evaluator, term: Iterate, frame: Frame) -> Objects:
    """Evaluate one element of an iterable: the value of a loop's target."""
    held = ev.eval(term.base, frame)
    if len(held) == 1 and isinstance(held[0], (LibraryPath, ValueSet)) and _has_statement(ev, frame.ir):
        from cardlint.inference.language import queried_rows  # noqa: PLC0415 - few programs need it, and every start would pay for it

        if rows := queried_rows.iterated(ev, term, frame):
            return rows
    found = join_objects([ev.iterate(obj, term, frame) for obj in held]) if held else BOTTOM
    if held and not found and type(terms.without_tests(term.base, frame)) is Call:
        return (unknown("an element of what a call returns, where no element is known"),)  # a stub, or a hook
    return found


@query(initial=False)
def _has_statement(ev: Evaluator, ir: FunctionIR) -> bool:
    """Tell whether a function has a call that may run a statement of SQL."""
    return any(type(d.term) is Call and type(d.term.func) is Attr and d.term.func.name in EXECUTES for d in ir.defs)


def element_of_sequence(ev: Evaluator, obj: Sequence, term: Iterate, frame: Frame) -> Objects:
    """Return the elements of a sequence."""
    return collections.elements(ev, obj)


def element_of_mapping(ev: Evaluator, obj: Mapping, term: Iterate, frame: Frame) -> Objects:
    """Return the elements of a dictionary: its keys."""
    keys = [k for k, _ in obj.entries if not isinstance(k, UnknownKey)]
    groups: list[Objects] = [(exactly(keys),)] if keys else []
    others = [k for k, _ in obj.entries if isinstance(k, UnknownKey)]
    groups.extend(ev.force(k.possible) for k in others if k.possible is not None and not (k.asked and len(obj.entries) > 1))
    if obj.open:
        groups.append((unknown("keys of a dictionary that is filled elsewhere"),))
    return join_objects(groups) if groups else BOTTOM


def element_of_library(ev: Evaluator, obj: LibraryPath, term: Iterate, frame: Frame) -> Objects:
    """Return the elements of an object of a library. An argument of the command line may be an open file, whose lines are no arguments."""
    if obj.path.startswith(ARGUMENTS) and OPENED_ARGUMENT in frame.file.ir.text:
        return (unknown("a line of a file that an argument of the command line names"),)
    return attributes.external(ev, obj, "[*]", term, frame)


def element_of_class(ev: Evaluator, obj: ClassObject, term: Iterate, frame: Frame) -> Objects:
    """Return the elements of an Enum."""
    return (EnumMember(obj, None),) if class_graph.is_enum(ev, obj) else element_of_anything(ev, obj, term, frame)


def element_of_value(ev: Evaluator, obj: ValueSet, term: Iterate, frame: Frame) -> Objects:
    """Return the elements of a text, or of a value with only a class."""
    if obj.bound is Bound.EXACTLY:
        letters = {c for v in obj.exact if isinstance(v, str) for c in v}
        return (exactly(sorted(letters)),) if letters else BOTTOM
    return (obj.spread(),)


def element_of_instance(ev: Evaluator, obj: Instance, term: Iterate, frame: Frame) -> Objects:
    """Return the elements of an instance: the result of its `__iter__`."""
    method = ev.class_attribute(obj.cls, "__iter__", (obj,), frame, term.at)
    if method and isinstance(method[0], Function):
        got = ev.call(method[0], frame.synthetic_call(term.base, (), term.at), frame)
        return join_objects([ev.iterate(o, term, frame) for o in got if not isinstance(o, Instance)]) if got else BOTTOM
    return element_of_anything(ev, obj, term, frame)


def element_of_anything(ev: Evaluator, obj: Object, term: Iterate, frame: Frame) -> Objects:
    """Return the elements of an object that is not iterable."""
    return (unknown("an element of an unknown collection"),)


def entered(ev: Evaluator, term: EnterContext, frame: Frame) -> Objects:
    """Evaluate the target of `with x as name`."""
    groups: list[Objects] = []
    for obj in ev.eval(term.base, frame):
        if isinstance(obj, Sequence) and obj.kind in CONTEXTS:
            groups.append(collections.elements(ev, obj))
        elif isinstance(obj, Instance):
            method = ev.class_attribute(obj.cls, "__enter__", (obj,), frame, term.at) or ev.class_attribute(
                obj.cls, "__aenter__", (obj,), frame, term.at
            )
            if method and isinstance(method[0], Function):
                groups.append(ev.call(method[0], frame.synthetic_call(term.base, (), term.at), frame))
            else:
                groups.append((obj,))
        elif isinstance(obj, LibraryPath):
            row = ev.library.own(ev.library.canonical(ev.library.onward(obj.path) + ".__enter__()"))
            groups.append(attributes.external(ev, obj, ".__enter__()", term, frame) if row is not None else (obj,))
        elif isinstance(obj, (MetricObject, ValueSet)):
            groups.append((obj,))
        else:
            groups.append((unknown("an unknown context manager"),))
    return join_objects(groups) if groups else BOTTOM


def swallowed(ev: Evaluator, base: Objects, term: Refine, frame: Frame) -> Objects:
    """Keep a value from before an exception in the body of `with` where the context manager may swallow the exception."""
    assert term.by is not None
    return base if _may_swallow(ev, term.by, frame.file.frame(frame.ir.index)) else BOTTOM


@query(initial=False, key=lambda term, frame: (id(term), frame))
def _may_swallow(ev: Evaluator, term: AnyTerm, frame: Frame) -> bool:
    """Tell whether the context manager of a `with` may swallow an exception, for all calls of the function with the `with`."""
    return ev.aside(ALIAS_STEPS, lambda: any(_swallows(ev, obj, term, frame) for obj in ev.eval(term, frame)), True, frame, term.at)


def _swallows(ev: Evaluator, obj: Object, term: AnyTerm, frame: Frame) -> bool:
    """Tell whether a context manager may swallow an exception: one whose `__exit__` may return something true, or catches at its `yield`."""
    if isinstance(obj, Sequence):
        return obj.kind == "swallowing context"
    if isinstance(obj, LibraryPath):
        return ev.library.canonical(ev.library.onward(obj.path)).removesuffix("()") in SWALLOWING
    if not isinstance(obj, Instance):
        return False
    if SWALLOWING.intersection(class_graph.external_bases(ev, obj.cls)):
        return True
    for name in ("__exit__", "__aexit__"):
        for method in ev.class_attribute(obj.cls, name, (obj,), frame, term.at):
            if isinstance(method, Function) and method.ir.returns:
                given = ev.call(method, frame.synthetic_call(term, (), term.at), frame)
                value = ev.scalar(given, frame, term.at)
                if value.bound is not Bound.EXACTLY or any(value.exact):
                    return True
    return False
