"""Callers on demand: the call sites of a function, by its own name, by others, through decorators and where it is passed on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cardlint.inference.callgraph import callbacks, candidates, escapes
from cardlint.inference.callgraph.alias_nodes import occurrences
from cardlint.inference.callgraph.call_sites import CallSite, DecoratorCall, PossibleCallSite, UnknownCallSite
from cardlint.inference.callgraph.candidates import by_computed_name, home_of, named_calls, through_alias
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.terms import last_name
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import ClassObject, Function, Instance, Object, Objects, Partial
from cardlint.inference.domain.value_sets import ValueSet
from cardlint.inference.limits import ALIAS_STEPS, KEPT_STEPS, MAX_CALLERS
from cardlint.inference.primitives import class_graph, scopes
from cardlint.ir.model import FunctionIR
from cardlint.ir.occurrences import Inside, Place, Whole
from cardlint.ir.terms import Call, Choice, Const, FunctionDef, Use


@query(initial=())
def callers_of(ev: Evaluator, file: FileState, ir: FunctionIR) -> tuple[CallSite, ...]:
    """List the calls of a function, in order of file and place."""
    if ir.name == "<lambda>":
        passed = callbacks.handed_lambda(ev, file, ir)
        sites = [CallSite(frame, call, target.bound, partial, target.closure) for frame, call, target, partial in passed.calls]
        others = _elsewhere(ev, file, ir.parent, ir.index, ir, sites, passed.kept)
        return (*sites, *others) if sites or any(site.written for site in others) else ()
    owner = class_graph.owner_of(file, ir)
    if owner is not None and ir.name in ("__init__", "__new__"):
        sites = [
            s
            for cls in [owner, *class_graph.subclasses(ev, owner)]
            if cls is owner or not _overrides(cls, ir.name)
            for s in constructions(ev, cls)
        ]
        near = frozenset({file.path, *(cls.file.path for cls in class_graph.subclasses(ev, owner))})
        sites.extend(named_calls(ev, file, ir, owner, ir.name, near))
        others = _elsewhere(ev, owner.file, owner.ir.parent, owner.ir.index, None, sites, [])
        return (*sites, *others) if sites or any(site.written for site in others) else ()
    sites = named_calls(ev, file, ir, owner, ir.name)
    partials: list[escapes.Kept] = []
    sites.extend(_through_partial(ev, file, ir, partials))
    looked_up = _looked_up(ev, file, ir, owner) if owner is not None or ir.parent == 0 else []
    sites.extend(site for site in looked_up if site.written)
    if owner is None:
        sites.extend(through_alias(ev, file, ir))
    if owner is None and ir.parent > 0:
        sites.extend(_through_decorator(ev, file, ir))
        sites.extend(_through_maker(ev, file, ir))
    if len(ir.params) == (1 if owner is None else 2):
        sites.extend(_decorations(ev, file, ir))
    if ir.decorators and (main := scopes.dispatcher(file, ir)) is not None:
        sites.extend(callers_of(ev, file, main))
    found = callbacks.handed_on(ev, file, ir, owner is not None)
    sites.extend(CallSite(frame, call, target.bound, partial) for frame, call, target, partial in found.calls)
    lost = not sites and callers_incomplete(ev, file, ir)
    others = _elsewhere(ev, file, ir.parent, ir.index, ir, sites, [*found.kept, *partials]) if not lost else []
    given_early = any(partial is not None for _, _, partial in found.lost)
    if sites or given_early or any(site.written for site in others):  # else nothing is known of its parameters
        sites.extend(UnknownCallSite(frame, call, None, partial) for frame, call, partial in found.lost)
        sites.extend(site for site in looked_up if not site.written)
        sites.extend(others)
    return tuple(sites)


def _looked_up(ev: Evaluator, file: FileState, ir: FunctionIR, owner: ClassObject | None) -> list[CallSite]:
    """List the calls that `getattr` finds; its names and objects are evaluated in steps of their own."""
    frame = file.frame(ir.parent)
    lost: list[CallSite] = [PossibleCallSite(frame, Call(Const(None, ir.at), (), (), ir.at), None)]
    return ev.aside(KEPT_STEPS, lambda: list(by_computed_name(ev, file, ir, owner)), lost, frame, ir.at)


def _elsewhere(
    ev: Evaluator,
    file: FileState,
    parent: int,
    index: int,
    ir: FunctionIR | None,
    known: list[CallSite],
    kept: Sequence[escapes.Kept],
) -> list[CallSite]:
    """List the calls of a function, or of a class for None, by other names than its own."""
    frame, at = file.frame(parent), ir.at if ir is not None else file.ir.classes[index].at
    nowhere = Call(Const(None, at), (), (), at)
    found = ev.aside(
        ALIAS_STEPS,
        lambda: escapes.elsewhere(ev, file, parent, index, ir, kept, callers_of),
        escapes.Elsewhere((), (frame, nowhere)),
        frame,
        at,
    )
    lost: list[CallSite] = [PossibleCallSite(frame, nowhere, None)]
    return ev.aside(KEPT_STEPS, lambda: list(_by_other_names(ev, file, index, ir, known, found)), lost, frame, at)


def _by_other_names(
    ev: Evaluator, file: FileState, index: int, ir: FunctionIR | None, known: list[CallSite], found: escapes.Elsewhere
) -> Iterator[CallSite]:
    places = {id(site.call) for site in known}
    for frame, call, sure in (each for one in found.calls for each in escapes.in_each_call(ev, one, callers_of)):
        if id(call) in places:
            continue
        if not sure:
            yield PossibleCallSite(frame, call, None)
            continue
        callees = ev.eval(call.func, frame)
        sites = [site for obj in callees if (site := _site(frame, call, obj, file, index, ir)) is not None]
        yield from sites
        if not sites and any(isinstance(o, ValueSet) for o in callees):  # else it calls others
            plain = ir is not None and ir.owner < 0 and not found.partials and all(isinstance(o, ValueSet) for o in callees)
            yield CallSite(frame, call, None) if plain else PossibleCallSite(frame, call, None)
    if found.lost is not None:
        yield PossibleCallSite(*found.lost, None)


def _site(frame: Frame, call: Call, obj: Object, file: FileState, index: int, ir: FunctionIR | None) -> CallSite | None:
    """Return the call of a function, or of a class for None, where the callee is that one, alone or in a partial."""
    if isinstance(obj, ClassObject):
        return CallSite(frame, call, (Instance(obj, None),)) if ir is None and obj.file is file and obj.ir.index == index else None
    if isinstance(obj, Function):
        return CallSite(frame, call, obj.bound, closure=obj.closure) if obj.ir is ir else None
    target = next((f for f in obj.func if isinstance(f, Function) and f.ir is ir), None) if isinstance(obj, Partial) else None
    return CallSite(frame, call, target.bound, obj) if target is not None and isinstance(obj, Partial) else None


@query(initial=True)
def is_entered(ev: Evaluator, file: FileState, ir: FunctionIR) -> bool:
    """Tell whether something outside of a recursion calls a function: not only itself, or functions that it calls."""
    seen = {id(ir)}
    waiting = [(file, ir)]
    while waiting and len(seen) <= MAX_CALLERS:
        sites = callers_of(ev, *waiting.pop())
        if not sites:
            return len(seen) > 1  # a caller of a caller calls the function too; a caller without a caller is no entry
        for site in sites:
            where = site.frame.ir
            if not site.written or where.kind not in ("function", "lambda"):
                return True
            if id(where) not in seen:
                seen.add(id(where))
                waiting.append((site.frame.file, where))
    return bool(waiting)


def _decorations(ev: Evaluator, file: FileState, ir: FunctionIR) -> list[CallSite]:
    """List the functions that a decorator of one parameter decorates, without a call or through its factory."""
    if not (ir.owner < 0 and scopes.makes_function(ev, file, ir)) and not escapes.keeps(ir):
        return []  # it is no decorator
    out: list[CallSite] = []
    for state, decorated in decorated_by(ev, file, ir):
        frame = state.frame(decorated.parent)
        for term in decorated.decorators:
            target, called = terms.decorator_of(term, frame)
            factory = file.ir.functions[ir.parent] if called else ir
            if last_name(target, frame) == factory.name and (ir.parent > 0 or not called):
                itself = Function(state, decorated, None, frame, bare=True)
                bound = next((o.bound for o in ev.eval(term, frame) if isinstance(o, Function) and o.ir is ir), None)
                out.append(DecoratorCall(frame, frame.synthetic_call(term, (), term.at), itself, bound))
                break
    return out


def _overrides(cls: ClassObject, name: str) -> bool:
    return name in cls.ir.methods


def callers_incomplete(ev: Evaluator, file: FileState, ir: FunctionIR) -> bool:
    """Tell whether a function's name has so many calls that its callers are incomplete."""
    if ir.name in ("__init__", "__new__") and ir.owner >= 0:
        name, form = file.ir.classes[ir.owner].name, "call"
    else:
        name, form = ir.name, "call" if ir.owner < 0 else "method"
    owner = class_graph.owner_of(file, ir)
    home = "" if form == "call" and owner is not None else home_of(file, owner)
    return not candidates.calls_of(ev, name, form, None, home, ev.modules.top(file.path), file.is_test, file, ir.at).complete


def _through_partial(ev: Evaluator, file: FileState, ir: FunctionIR, followed: list[escapes.Kept]) -> list[CallSite]:
    """Find the calls of `h` where `h = partial(f, ...)`, in the files that mention `f` and `partial`; one that is kept may be called.

    What a list, an attribute or another function gets is added to `followed`.
    """
    out: list[CallSite] = []
    for path in ev.modules.mentioning(file, ir.name, "partial"):
        state = ev.modules.state(path)
        for function, definition in state.ir.calls_named("partial") if state is not None else ():
            assert state is not None
            defs = state.ir.functions[function].defs
            made = defs[definition].term
            if not isinstance(made, Call) or not made.args:
                continue
            first = made.args[0]
            if (defs[first.index].name if isinstance(first, Use) else getattr(first, "name", "")) != ir.name:
                continue
            before, where = len(out), state.frame(function)
            bound = {d.name.rpartition(".")[2] for d in defs if d.name and isinstance(d.term, Use) and d.term.index == definition}
            for name in sorted(bound - {ir.name}):
                for frame, call in candidates.named(ev, state, name, made.at):
                    sites = (_site(frame, call, o, file, -1, ir) for o in ev.eval(call.func, frame) if isinstance(o, Partial))
                    out.extend(site for site in sites if site is not None)
            if not bound and _is_kept(where, made, definition):
                followed.append(escapes.Kept(where, made, None, None, True))
            if bound and len(out) == before:  # it is kept, and no call of it is seen
                kept = [o for o in ev.eval(Use(definition, made.at), where) if isinstance(o, Partial)]
                out.extend(
                    UnknownCallSite(where, made, None, o) for o in kept if any(isinstance(f, Function) and f.ir is ir for f in o.func)
                )
    return out


def _is_kept(frame: Frame, made: Call, definition: int) -> bool:
    """Tell whether a partial without a name is more than an argument: an element of a list, an item, an attribute, a result."""
    table, own = occurrences(frame), Whole(Place.DEFINITION, definition)
    found = (where for use in (made, *table.uses.get(definition, ())) for where in table.of(use))
    return any(where != own and not (isinstance(where, Inside) and isinstance(where.parent, Call)) for where in found)


@query(initial=())
def constructions(ev: Evaluator, cls: ClassObject) -> tuple[CallSite, ...]:
    """List the calls that construct instances of exactly this class."""
    made: Objects = (Instance(cls, None),)
    found = [
        CallSite(frame, call, made)
        for frame, call in candidates.named(ev, cls.file, cls.ir.name, cls.ir.at)
        if any(isinstance(o, ClassObject) and o == cls for o in ev.eval(call.func, frame))
    ]
    for ir in cls.file.ir.functions:
        if ir.owner == cls.ir.index and ir.params and terms.flag(ir, "classmethod"):
            for function, definition in cls.file.ir.calls_named(ir.params[0].name):
                term = ir.defs[definition].term if function == ir.index else None
                if isinstance(term, Call):
                    found.append(CallSite(cls.file.frame(ir.index), term, made))
    found.extend(CallSite(frame, term, made) for frame, term in candidates.by_own_class(cls))
    return tuple(found)


def _through_decorator(ev: Evaluator, file: FileState, ir: FunctionIR) -> list[CallSite]:
    """Find the callers of a decorator's wrapper: they call the decorated functions, or have the wrapper in the place of one."""
    outer = file.ir.functions[ir.parent]
    if outer.kind != "function" or not any(_is_function(outer, r, ir.index) for r in outer.returns):
        return []
    out: list[CallSite] = []
    lost: list[CallSite] = []
    functions = [(state, ir) for state, ir in decorated_by(ev, file, outer) if file.is_test or not state.is_test]
    for state, decorated in functions[:MAX_CALLERS]:
        frame, at = state.frame(decorated.parent), decorated.at
        anything: list[CallSite] = [UnknownCallSite(frame, frame.synthetic_call(Const(None, at), (), at), None)]
        calls = ev.aside(ALIAS_STEPS, partial(_in_place_of, ev, file, outer, state, decorated), anything, frame, at)
        out.extend(calls)
        if not calls or len(functions) > MAX_CALLERS:
            lost = anything
    return [*out, *lost] if any(not isinstance(site, UnknownCallSite) for site in out) else []


def _in_place_of(ev: Evaluator, file: FileState, outer: FunctionIR, state: FileState, decorated: FunctionIR) -> list[CallSite]:
    named = named_calls(ev, state, decorated, class_graph.owner_of(state, decorated), decorated.name)
    calls = [CallSite(s.frame, s.call, None, s.partial) if s.bound is None else _with_self(s) for s in named]
    return calls + callbacks.in_place_of(ev, file, outer, state, decorated)


def _with_self(site: CallSite) -> CallSite:
    """Make the receiver of a method call to the wrapper its first argument."""
    assert site.bound is not None
    return CallSite(site.frame, site.call, None, Partial((), (Lazy(None, None, site.bound),), ()))


def _through_maker(ev: Evaluator, file: FileState, ir: FunctionIR) -> list[CallSite]:
    """Find the calls of `h` where `h = make(...)` or `self.h = make(...)`, and `make` returns this function."""
    outer = file.ir.functions[ir.parent]
    if outer.kind != "function" or not any(_is_function(outer, r, ir.index) for r in outer.returns):
        return []
    out: dict[int, CallSite] = {}
    for made in callers_of(ev, file, outer):
        body = made.frame.ir
        if not made.written or body is outer:
            continue
        for name in sorted(_names_of(body, made.call) - {ir.name}):
            form = "method" if _is_stored(body, made.call) else "call"
            for frame, call in candidates.named(ev, made.frame.file, name, made.at, form):
                target = next((f for f in ev.eval(call.func, frame) if isinstance(f, Function) and f.ir is ir), None)
                if target is not None:
                    out[id(call)] = CallSite(frame, call, target.bound, closure=target.closure)
    return list(out.values())


def _names_of(body: FunctionIR, call: Call) -> set[str]:
    """Return the names and attributes that the result of a call is bound to."""
    kept = {d.name.rpartition(".")[2] for d in body.defs if d.name and _means(body, d.term, call)}
    return kept | {s.name for s in body.stores if s.how == "attr" and _means(body, s.value, call)}


def _is_stored(body: FunctionIR, call: Call) -> bool:
    return any(s.how == "attr" and _means(body, s.value, call) for s in body.stores)


def _means(body: FunctionIR, term: object, call: Call) -> bool:
    return isinstance(term, Use) and body.defs[term.index].term is call


def _is_function(outer: FunctionIR, term: object, index: int) -> bool:
    while isinstance(term, Use):
        term = outer.defs[term.index].term
    if isinstance(term, FunctionDef):
        return term.index == index
    if isinstance(term, Choice):  # one for coroutines and one for other functions
        return any(_is_function(outer, option, index) for option in term.options)
    if isinstance(term, Call):  # update_wrapper(wrapper, f) and the like
        return any(_is_function(outer, a, index) for a in term.args)
    return False


@query(initial=())
def decorated_by(ev: Evaluator, file: FileState, decorator: FunctionIR) -> tuple[tuple[FileState, FunctionIR], ...]:
    """List the functions that an analysed function decorates, also as `@decorator(...)`."""
    found = []
    factories = [decorator]
    if decorator.parent > 0 and file.ir.functions[decorator.parent].kind == "function":
        factories.append(file.ir.functions[decorator.parent])
    for factory in factories:
        for path in ev.modules.mentioning(file, factory.name, "decorator"):
            state = ev.modules.state(path)
            if state is None:
                continue
            for ir in state.ir.functions:
                for term in ir.decorators:
                    frame = state.frame(ir.parent)
                    target, _ = terms.decorator_of(term, frame)
                    if last_name(target, frame) != factory.name:
                        continue
                    if any(isinstance(o, Function) and o.ir is factory for o in ev.eval(target, frame)):
                        found.append((state, ir))
    return tuple(found)
