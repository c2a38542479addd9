"""Joins of objects: several alternatives as one tuple, widened where there are too many."""

from __future__ import annotations

from cardlint.inference.domain.containers import Mapping, UnknownKey
from cardlint.inference.domain.objects import Function, Instance, LibraryPath, MetricObject, Object, Objects
from cardlint.inference.domain.value_sets import ValueSet, join, unknown
from cardlint.inference.limits import MAX_ALTERNATIVES, MAX_METRICS, MAX_SAME_KIND


def join_objects(groups: list[Objects]) -> Objects:
    """Join alternatives: objects without repetition, value sets joined in the lattice."""
    if len(groups) == 1:
        return groups[0]
    objects: dict[object, Object] = {}
    scalar: ValueSet | None = None
    metrics = 0
    for group in groups:
        for obj in group:
            if type(obj) is ValueSet:
                scalar = obj if scalar is None else join((scalar, obj))
                continue
            key = obj.ident()
            known = objects.get(key)
            if known is None:
                objects[key] = obj
                metrics += type(obj) is MetricObject
            elif type(obj) is Function and type(known) is Function and obj.bound is not known.bound:
                objects[key] = _bound_to_both(known, obj)
            elif type(obj) is LibraryPath and type(known) is LibraryPath and obj.guess is not known.guess:
                guess = join((known.guess, obj.guess)) if known.guess is not None and obj.guess is not None else None
                objects[key] = LibraryPath(known.path, known.trace, guess, once=known.once)
    if len(objects) - metrics > MAX_SAME_KIND or metrics > MAX_METRICS:
        objects, dropped = _thinned(objects)
        if dropped:
            named = [o.guess for o in dropped if isinstance(o, LibraryPath) and o.guess is not None]
            guess = join(named) if len(named) == len(dropped) else None
            more = unknown(f"more than {MAX_ALTERNATIVES} different objects arrive here", guess=guess)
            scalar = more if scalar is None else join((scalar, more))
    if scalar is not None:
        return (*objects.values(), scalar)
    return tuple(objects.values())


def _bound_to_both(one: Function, other: Function) -> Function:
    """Return one bound method for the receivers of both: one method of several objects is one alternative."""
    if one.bound is None or other.bound is None:
        return one if one.bound is not None else other
    bound = join_objects([one.bound, other.bound])
    same = len(bound) == len(one.bound) and all(a.ident() == b.ident() for a, b in zip(bound, one.bound, strict=True))
    return one if same else Function(one.file, one.ir, bound, one.closure, one.bare)


def _thinned(objects: dict[object, Object]) -> tuple[dict[object, Object], list[Object]]:
    """Widen: join instances by class, and dictionaries to one with optional keys; cut off the rest."""
    classes: dict[int, int] = {}
    mappings: list[Mapping] = []
    for obj in objects.values():
        if isinstance(obj, Instance):
            classes[id(obj.cls.ir)] = classes.get(id(obj.cls.ir), 0) + 1
        elif isinstance(obj, Mapping):
            mappings.append(obj)
    out: dict[object, Object] = {}
    others = metrics = 0
    dropped: list[Object] = []
    for key, obj in objects.items():
        if isinstance(obj, Instance) and classes[id(obj.cls.ir)] > MAX_SAME_KIND:
            key, obj = (Instance, id(obj.cls.ir), None), Instance(obj.cls, None)
        elif isinstance(obj, Mapping) and len(mappings) > MAX_SAME_KIND:
            key, obj = Mapping, obj if Mapping in out else _together(mappings)
        if key in out:
            continue
        if type(obj) is MetricObject:
            metrics += 1
            if metrics > MAX_METRICS:
                dropped.append(obj)
                continue
        else:
            others += 1
            if others > MAX_ALTERNATIVES:
                dropped.append(obj)
                continue
        out[key] = obj
    return out, dropped


def _together(mappings: list[Mapping]) -> Mapping:
    keys = frozenset(k for m in mappings for k, _ in m.entries if not isinstance(k, UnknownKey))
    return Mapping(tuple(e for m in mappings for e in m.entries), any(m.open for m in mappings), keys)
