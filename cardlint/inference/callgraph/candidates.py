"""Calls by name: those that are written with a name, or with a computed one, and which of them call a function.

A call counts when its callee resolves to the function. Where the receiver is not known, a method whose name is defined only
once in the program counts as the callee. Where too many files call something of a name, it says nothing about what is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from cardlint.common.textscan import DEFINED, SECOND_NAME
from cardlint.inference.callgraph.call_sites import CallSite, PossibleCallSite
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import ClassObject, Function, Instance, Module, Object, Partial
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.limits import MAX_ALIASES, MAX_CALLER_FILES, MAX_CANDIDATES, MAX_NAMED_CALLER_FILES, MAX_NAMES, MAX_SUBCLASSES
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Choice, Refine, Use
from cardlint.knowledge import conventions

AMBIGUOUS_METHOD_NAMES = conventions.names(conventions.AMBIGUOUS_METHODS)
"""Method names too common to be matched by name alone."""


class Candidates(Struct, frozen=True):
    """The calls of a name, and whether they are complete."""

    calls: tuple[tuple[Frame, Call], ...]
    complete: bool


def named(
    ev: Evaluator, file: FileState, name: str, at: At, form: str = "call", only: frozenset[str] | None = None, home: str = ""
) -> tuple[tuple[Frame, Call], ...]:
    """List the calls of a name in the order of files and places; where there are too many, the list is empty, and that is counted.

    `only` limits the files: a constructor is called by name in its own class and its subclasses. `home` is the class or module of
    the function: where very many files call something of its name, those that name its home too are looked at.
    """
    return calls_of(ev, name, form, only, home, ev.modules.top(file.path), file.is_test, file, at).calls


def _package(name: str, form: str, only: frozenset[str] | None, home: str, top: str, is_test: bool, file: FileState, at: At) -> object:
    return (name, form, only, home, top, is_test)


@query(initial=Candidates((), True), key=_package)
def calls_of(
    ev: Evaluator, name: str, form: str, only: frozenset[str] | None, home: str, top: str, is_test: bool, file: FileState, at: At
) -> Candidates:
    """List the calls of a name that may refer to a definition of one package; `file` and `at` are the place of the question."""
    ev.charge()
    paths: Sequence[str] = ev.modules.mentioning(file, name, form)
    found: list[tuple[Frame, Call]] = []
    everywhere, most = True, MAX_CALLER_FILES
    if only is not None:
        paths = [path for path in paths if path in only]
    elif len(paths) > MAX_CALLER_FILES and home:
        named = frozenset(ev.modules.mentioning(file, home))
        paths = [path for path in paths if path in named]
        everywhere, most = False, MAX_NAMED_CALLER_FILES
    if only is None and len(paths) > most:
        ev.limit(
            file.frame(0),
            at,
            f"more than {most} files call something named `{name}`",
            "MAX_CALLER_FILES" if everywhere else "MAX_NAMED_CALLER_FILES",
        )
        return Candidates((), False)
    for path in paths:
        state = ev.modules.state(path)
        for function, definition in state.ir.calls_named(name) if state is not None else ():
            assert state is not None
            term = state.ir.functions[function].defs[definition].term
            assert isinstance(term, Call)
            found.append((state.frame(function), term))
            if len(found) >= MAX_CANDIDATES:
                ev.limit(state.frame(function), term.at, f"more than {MAX_CANDIDATES} calls are named `{name}`", "MAX_CANDIDATES")
                return Candidates(tuple(found), False)
    return Candidates(tuple(found), everywhere)


def by_computed_name(ev: Evaluator, file: FileState, ir: FunctionIR, owner: ClassObject | None) -> Iterator[CallSite]:
    """Find the calls of a function that `getattr` looks up: `getattr(meter, f"on_{kind}")(message)` calls every method of that form.

    Where nothing is known of the name, a call of what the object has is possible, and no more.
    """
    having = ev.modules.mentioning(file, "getattr", "call")
    if not having:
        return
    family = _family(ev, owner) if owner is not None else ()
    for state in _looking_up(ev, file, ir, family, having):
        for frame, made, found in _lookups(ev, state):
            sure = _spells(ev, made.args[1], ir.name, frame)
            for call in found if sure else ():
                for obj in ev.eval(call.func, frame):
                    if isinstance(obj, Function) and (obj.ir is ir or (owner is not None and _related(ev, obj, ir, owner))):
                        yield CallSite(frame, call, obj.bound, closure=obj.closure)
                        break
            if sure is None and any(_has(o, file, family) for o in ev.eval(made.args[0], frame)):
                yield from (PossibleCallSite(frame, call, None) for call in found)


def _spells(ev: Evaluator, text: AnyTerm, name: str, frame: Frame) -> bool | None:
    """Tell whether a computed text is a name, None where it may be any. What its constant parts decide is not evaluated."""
    if not terms.fits(name, *terms.spelled(text, frame)):
        return False
    if terms.may_spell(text, name, frame):
        return True
    said = ev.value(text, frame)
    return name in said.exact if said.bound is Bound.EXACTLY else None


def _family(ev: Evaluator, owner: ClassObject) -> tuple[ClassObject, ...]:
    """List the classes above and below that of a method."""
    above = class_graph.mro(ev, owner)[:MAX_SUBCLASSES]
    return tuple(cls for cls in (*above, *class_graph.subclasses(ev, owner)) if isinstance(cls, ClassObject))


def _looking_up(ev: Evaluator, file: FileState, ir: FunctionIR, family: tuple[ClassObject, ...], having: Sequence[str]) -> list[FileState]:
    """List those files with calls of `getattr` that may give it an object of a family of classes, or a module: they name it."""
    own = dict.fromkeys(cls.file.path for cls in family) if family else {file.path: None}
    names = [cls.ir.name for cls in family] if family else [home_of(file, None)]
    naming = {path for name in names[:MAX_SUBCLASSES] if name for path in ev.modules.mentioning(file, name)}
    others = [path for path in having if path in naming and path not in own]
    if len(others) > MAX_CALLER_FILES:
        what = f"more than {MAX_CALLER_FILES} files may look up `{ir.name}` with `getattr`"
        ev.limit(file.frame(0), ir.at, what, "MAX_CALLER_FILES")
        others = []
    paths = [*(path for path in own if path in having), *others]
    return [state for path in paths if (state := ev.modules.state(path)) is not None]


@query(initial=())
def _lookups(ev: Evaluator, state: FileState) -> tuple[tuple[Frame, Call, tuple[Call, ...]], ...]:
    """List the calls of `getattr` in a file whose result is called, each with those calls."""
    out: list[tuple[Frame, Call, tuple[Call, ...]]] = []
    for function, definition in state.ir.calls_named("getattr"):
        frame = state.frame(function)
        made = frame.ir.defs[definition].term
        if isinstance(made, Call) and len(made.args) > 1:
            calls = tuple(d.term for d in frame.ir.defs if isinstance(d.term, Call) and _is(d.term.func, made, frame))
            if calls:
                out.append((frame, made, calls))
    return tuple(out)


def _has(obj: Object, file: FileState, family: tuple[ClassObject, ...]) -> bool:
    """Tell whether a function is an attribute of an object: one of the family of its class, or its module."""
    if isinstance(obj, Module):
        return not family and obj.file is file
    return (obj.cls if isinstance(obj, Instance) else obj) in family


def by_own_class(cls: ClassObject) -> Iterator[tuple[Frame, Call]]:
    """List the calls by which methods of a class make another instance of it: `type(self)(name)`, `self.__class__(name)`."""
    state = cls.file
    for function, definition in state.ir.calls_named("__class__"):
        ir = state.ir.functions[function]
        if ir.owner == cls.ir.index and isinstance(term := ir.defs[definition].term, Call):
            yield state.frame(function), term
    for function, definition in state.ir.calls_named("type"):
        ir = state.ir.functions[function]
        made = ir.defs[definition].term
        if ir.owner != cls.ir.index or not isinstance(made, Call) or len(made.args) != 1 or not ir.params:
            continue
        if terms.last_name(made.args[0], state.frame(function)) == ir.params[0].name:
            yield from (
                (state.frame(function), d.term)
                for d in ir.defs
                if isinstance(d.term, Call) and _is(d.term.func, made, state.frame(function))
            )


def _is(term: AnyTerm, made: Call, frame: Frame, depth: int = 0) -> bool:
    """Tell whether a term is the result of a call, under a name, after tests, or on one branch."""
    if term is made:
        return True
    if depth > MAX_NAMES:
        return False
    if isinstance(term, Use):
        return _is(frame.ir.defs[term.index].term, made, frame, depth + 1)
    if isinstance(term, Refine):
        return _is(term.base, made, frame, depth + 1)
    return isinstance(term, Choice) and any(_is(option, made, frame, depth + 1) for option in term.options)


def home_of(file: FileState, owner: ClassObject | None) -> str:
    """Return the name that a file writes to get a function: that of its class or of its module."""
    return owner.ir.name if owner is not None else file.module.rpartition(".")[2]


def named_calls(
    ev: Evaluator, file: FileState, ir: FunctionIR, owner: ClassObject | None, name: str, only: frozenset[str] | None = None
) -> list[CallSite]:
    """List the calls of a function by one name, in the files that may mean it."""
    out: list[CallSite] = []
    unique: bool | None = None
    for frame, call in named(ev, file, name, ir.at, "call" if owner is None else "method", only, home_of(file, owner)):
        matched = False
        undecided = False
        for obj in ev.eval(call.func, frame):
            if isinstance(obj, Function):
                if obj.ir is ir or (owner is not None and _related(ev, obj, ir, owner)):
                    out.append(CallSite(frame, call, obj.bound, closure=obj.closure))
                    matched = True
                    break
            elif isinstance(obj, Partial):
                target = next((f for f in obj.func if isinstance(f, Function) and f.ir is ir), None)
                if target is not None:
                    out.append(CallSite(frame, call, target.bound, obj))
                    matched = True
                    break
            elif isinstance(obj, ValueSet) and obj.bound is Bound.UNKNOWN and isinstance(call.func, Attr):
                undecided = True
        if matched or not undecided or owner is None or name in AMBIGUOUS_METHOD_NAMES or name.startswith("__"):
            continue
        if unique is None:
            unique = _defined_once(ev, file, name)
        if unique and _fits(ir, call):
            out.append(CallSite(frame, call, (Instance(owner, None),)))
    return out


def through_alias(ev: Evaluator, file: FileState, ir: FunctionIR) -> list[CallSite]:
    """Find the calls of `h` where `h = f` or `h = module.f`, in the files with such an alias."""
    out: list[CallSite] = []
    names = 0
    for path in ev.modules.mentioning(file, ir.name, "alias"):
        state = ev.modules.state(path) if names < MAX_ALIASES else None
        if state is None:
            continue
        given = SECOND_NAME.of(name=[ir.name])
        for alias in sorted(set(given.findall(state.ir.text)) - {ir.name}):
            names += 1
            if names <= MAX_ALIASES:
                out.extend(named_calls(ev, state, ir, None, alias, frozenset({path})))
    return out


def _related(ev: Evaluator, found: Function, ir: FunctionIR, owner: ClassObject) -> bool:
    """Tell whether a call of an abstract or inherited method may reach the override that is asked about."""
    if found.ir.name != ir.name or found.ir.owner < 0 or ir.name in ("__init__", "__new__"):
        return False  # `super().__init__(...)` runs the constructor of the base and no other
    other = ClassObject(found.file, found.file.ir.classes[found.ir.owner])
    return other in class_graph.mro(ev, owner)


def _fits(ir: FunctionIR, call: Call) -> bool:
    names = {p.name for p in ir.params}
    open_ended = any(p.kind == "dstar" for p in ir.params)
    positional = sum(1 for p in ir.params if p.kind in ("pos", "both")) - 1
    if any(p.kind == "star" for p in ir.params):
        positional = len(call.args)
    return len(call.args) <= positional and (open_ended or all(k in names or k == "" for k, _ in call.kwargs))


def _defined_once(ev: Evaluator, file: FileState, name: str) -> bool:
    count = 0
    for path in ev.modules.mentioning(file, name, "def"):
        state = ev.modules.state(path)
        if state is None or state.is_test:
            continue
        count += len(DEFINED.of(name=[name]).findall(state.ir.text))
        if count > 1:
            return False
    return count == 1
