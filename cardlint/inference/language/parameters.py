"""Parameters: the argument of a bound call; in the open frame the receiver, the annotation, the framework, the callers."""

from __future__ import annotations

from functools import partial

from cardlint.inference.callgraph import callers, contexts
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, EnumMember, Instance, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, unknown
from cardlint.inference.heuristics.guesses import of_cut_off, of_source
from cardlint.inference.heuristics.source_names import judged
from cardlint.inference.language import external_stores, single_values, type_hints
from cardlint.inference.language.class_attributes import NO_VALUE
from cardlint.inference.limits import MAX_CALLERS, PARAMETER_STEPS
from cardlint.inference.primitives import class_graph, metric_classes
from cardlint.inference.primitives.binding import MaybePassed
from cardlint.ir.model import FunctionIR, ParameterIR
from cardlint.ir.terms import AnyTerm, Append, Choice, Const, DelItem, Param, Refine, SetItem, Update, Use
from cardlint.knowledge.handing import QUEUES
from cardlint.knowledge.structuring import OF_REQUESTS

NOT_CALLED: dict[str, Objects] = {"star": (Sequence("tuple", ()),), "dstar": (Mapping((), False),)}
"""The value of a parameter of a function that is called, but not on the object of this context."""


def param(ev: Evaluator, term: Param, frame: Frame) -> Objects:
    """Evaluate a parameter of the frame's function."""
    ir = frame.ir
    found = next((p for p in ir.params if p.name == term.name), None)
    if found is None:
        return (unknown(f"`{term.name}` is not a parameter"),)
    if frame.bindings is not None:
        thunk = frame.bindings.get(term.name)
        if thunk is not None:
            alts = ev.force(thunk)
            if frame.caller is not None and frame.origin is not None and thunk.frame is frame.caller:
                alts = single_values.bound_once(ev, alts, frame.caller, frame.origin[1].at, frame.origin[1])
            if isinstance(thunk, MaybePassed) and found.default is not None:
                default = _default(ev, found, frame)
                return default if any(not isinstance(o, ValueSet) for o in default) else join_objects([default, alts])
            if thunk.term is not None and thunk.frame is not None and not isinstance(thunk.term, Const):
                alts = ev.stepped(
                    alts, thunk.frame, thunk.term.at, f"passed as `{term.name}` to `{class_graph.written_name(frame.file, ir)}()`"
                )
            return declared(ev, alts, found.annotation, _outer(frame)) if found.annotation is not None else alts
        if found.default is not None:
            return _default(ev, found, frame)
        if found.kind == "star":
            return (Sequence("tuple", ()),)
        if found.kind == "dstar":
            return (Mapping((), False),)
        return (unknown(f"`{term.name}` is not given in this call"),)
    return _open(ev, found, frame)


def _default(ev: Evaluator, found: ParameterIR, frame: Frame) -> Objects:
    """Return the default of a parameter. A collection is one for all calls: it holds what each of them has put there."""
    assert found.default is not None
    alts = ev.eval(found.default, _outer(frame))
    if not any(isinstance(o, (Mapping, Sequence)) for o in alts) or not _is_filled(frame.ir, found.name):
        return alts
    more = Lazy(None, None, (unknown(f"what calls have put into the default of `{found.name}`"),))
    out: list[Object] = []
    for obj in alts:
        if isinstance(obj, Sequence) and obj.kind != "tuple":
            obj = Sequence(obj.kind, (), (*obj.items, *obj.rest, more))
        elif isinstance(obj, Mapping):
            keys = frozenset(k for k, _ in obj.entries if not isinstance(k, UnknownKey))
            obj = Mapping((*obj.entries, *((k, more) for k in keys)), True, keys)
        out.append(obj)
    return tuple(out)


def _is_filled(ir: FunctionIR, name: str) -> bool:
    """Tell whether a function puts something into what it is given under a name."""
    return any(s.how in ("grow", "item", "merge") and _is_parameter(ir, s.base, name) for s in ir.stores)


def _is_parameter(ir: FunctionIR, start: AnyTerm, name: str) -> bool:
    """Tell whether a term is what came in under a name, perhaps changed since."""
    seen: set[int] = set()
    stack = [start]
    while stack:
        term = stack.pop()
        if isinstance(term, Use):
            if term.index not in seen:
                seen.add(term.index)
                stack.append(ir.defs[term.index].term)
        elif isinstance(term, (Refine, SetItem, Append, Update, DelItem)):
            stack.append(term.base)
        elif isinstance(term, Choice):
            stack.extend(term.options)
        elif isinstance(term, Param) and term.name == name:
            return True
    return False


def _outer(frame: Frame) -> Frame:
    return frame.parent if frame.parent is not None else frame.file.frame(frame.ir.parent)


def declared(ev: Evaluator, alts: Objects, annotation: AnyTerm, frame: Frame, forward: bool = False) -> Objects:
    """Use the annotation of a parameter or a variable where its value is not known; with `forward` also one in quotes."""
    outside = [o for o in alts if isinstance(o, LibraryPath) and o.path.endswith("()") and ev.library.row(o.path) is None]
    if len(outside) + sum(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in alts) < len(alts):
        return alts
    typed = type_hints.from_annotation(ev, annotation, frame, forward=forward)
    return typed if typed and (not outside or all(isinstance(o, Instance) for o in typed)) else alts


def receiver(ev: Evaluator, ir: FunctionIR, frame: Frame) -> Objects:
    """Return the value of `self` or `cls` in an open frame."""
    owner = class_graph.owner_of(frame.file, ir)
    assert owner is not None
    if terms.flag(ir, "classmethod") or ir.name in ("__new__", "__init_subclass__", "__class_getitem__"):
        return (owner,)
    if class_graph.is_enum(ev, owner):
        return (EnumMember(owner, None),)
    return (Instance(owner, None),)


def _open(ev: Evaluator, found: ParameterIR, frame: Frame) -> Objects:
    ir = frame.ir
    if ir.owner >= 0 and ir.params and found is ir.params[0] and found.kind in ("pos", "both") and not terms.flag(ir, "staticmethod"):
        return frame.receiver if frame.receiver is not None else receiver(ev, ir, frame)
    if terms.flag(ir, "setter") and ir.owner >= 0 and len(ir.params) == 2:
        return _assigned(ev, ir, frame)
    ev.rests(frozenset((frame,)))
    typed: Objects = BOTTOM
    if found.annotation is not None and found.kind not in ("star", "dstar"):
        typed = type_hints.from_annotation(ev, found.annotation, _outer(frame))
        objects = [o for o in typed if isinstance(o, (Instance, LibraryPath))]
        model = ev.frameworks.body_model(ev, found, frame, typed) if objects else BOTTOM
        if model or (objects and not any(_wants_callers(ev, o) for o in objects)):
            return model or typed
    shaped = ev.frameworks.parameter(ev, found, frame, typed)
    if shaped is not None:
        return shaped
    wide: Objects = (
        unknown(
            f"gave up: it takes too many steps to follow what is passed as `{found.name}` to `{class_graph.written_name(frame.file, ir)}`",
            guess=of_cut_off(found.name),
        ),
    )
    passed, tentative = ev.tentatively(
        partial(ev.within, PARAMETER_STEPS, partial(_from_callers, ev, found, frame, wide), wide, frame, found.at)
    )
    if passed:
        return _or_typed(passed, typed)
    if tentative and callers.is_entered(ev, frame.file, frame.ir):
        return BOTTOM  # there is a call; its argument is still being computed
    if typed:
        return typed
    if found.kind == "dstar":
        return (Mapping((), True),)
    guessed = ev.frameworks.by_name(ev, found, frame)
    if guessed is not None:
        return guessed
    named = judged(found.name, frame, found.at)
    if named is not None:
        return (named,)
    why = f"no call of `{class_graph.written_name(frame.file, ir)}` was found in the analysed files, so its parameter `{found.name}` can be anything"
    if found.default is not None:
        default = _default(ev, found, frame)
        if any(not isinstance(o, ValueSet) for o in default):
            return default
        return join_objects([default, (unknown(why, guess=of_source(found.name)),)])
    return (unknown(why, guess=of_source(found.name)),)


def _assigned(ev: Evaluator, ir: FunctionIR, frame: Frame) -> Objects:
    """Return the argument of a property's setter: the assigned values of the property, inside of its class and outside."""
    owner = class_graph.owner_of(frame.file, ir)
    assert owner is not None
    groups = [ev.eval(store.value, frame.file.frame(method.index)) for method, store in class_graph.self_stores(ev, owner, ir.name)]
    groups.append(external_stores.stored_outside(ev, ir.name, owner.ir.name, frame, owner))
    return join_objects([g for g in groups if g]) if any(groups) else BOTTOM


NAMING_ONLY = frozenset({"typing.Protocol", "abc.ABC", "typing_extensions.Protocol"})
"""Bases of classes that only name what an object can do."""


def _or_typed(passed: Objects, typed: Objects) -> Objects:
    """Return what callers pass; what the annotation says where nothing is known of it."""
    only_unknown = all(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN for o in passed)
    return typed if typed and only_unknown else passed


def _wants_callers(ev: Evaluator, obj: object) -> bool:
    """Tell whether callers know more than the annotation: models that the program never makes itself, protocols, queues, injected metrics."""
    if isinstance(obj, Instance):
        bases = class_graph.external_bases(ev, obj.cls)
        if any(path in NAMING_ONLY for path in bases):
            return True
        return any(path in OF_REQUESTS for path in bases) and not callers.constructions(ev, obj.cls)
    return isinstance(obj, LibraryPath) and (obj.path in QUEUES or metric_classes.is_metric_path(ev, obj.path))


def _from_callers(ev: Evaluator, found: ParameterIR, frame: Frame, wide: Objects) -> Objects:
    """Join the arguments of all callers; `wide` is what a caller gives that takes more steps than there are."""
    groups: list[Objects] = []
    sites = callers.callers_of(ev, frame.file, frame.ir)
    if sites and frame.file.frame(frame.ir.index) is not frame:
        sites = tuple(site for site in sites if contexts.may_reach(ev, site, frame))
        if not sites:
            return NOT_CALLED.get(found.kind, NO_VALUE)
    too_many = len(sites) > MAX_CALLERS
    if too_many:
        ev.limit(frame, found.at, f"`{class_graph.written_name(frame.file, frame.ir)}` has more than {MAX_CALLERS} callers", "MAX_CALLERS")
        sites = sites[:MAX_CALLERS]
    for site in sites:
        thunk = site.binding(ev, frame, found.name)
        if thunk is None:
            if found.default is not None:
                groups.append(_default(ev, found, frame))
            continue
        alts = ev.force(thunk) if len(sites) == 1 else ev.partly(partial(ev.force, thunk), wide, frame, found.at)
        if site.written and thunk.frame is site.frame:
            alts = single_values.bound_once(ev, alts, site.frame, site.call.at, site.call)
        if thunk.term is not None and thunk.frame is not None:
            alts = ev.stepped(
                alts, thunk.frame, thunk.term.at, f"passed as `{found.name}` to `{class_graph.written_name(frame.file, frame.ir)}()`"
            )
        groups.append(alts)
    if groups and (too_many or callers.callers_incomplete(ev, frame.file, frame.ir)):
        groups.append((unknown(f"`{class_graph.written_name(frame.file, frame.ir)}` is called in too many places to look at all of them"),))
    return join_objects(groups) if groups else BOTTOM
