"""Candidates: the calls that are written with a name, or with a computed one, before it is known what they call.

Callers of a function are told among them. Where too many files call something of a name, it says nothing about what is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import ClassObject
from cardlint.inference.limits import MAX_CALLER_FILES, MAX_CANDIDATES, MAX_NAMED_CALLER_FILES, MAX_NAMES, MAX_SUBCLASSES
from cardlint.inference.primitives import class_graph
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, At, Call, Choice, Refine, Use


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


def by_computed_name(ev: Evaluator, ir: FunctionIR, owner: ClassObject) -> Iterator[tuple[Frame, Call]]:
    """List the calls of what `getattr` finds under a computed name, in the classes above and below that of a method.

    `getattr(self, f"on_{kind}")(message)` calls every method of that form.
    """
    files = set(ev.modules.mentioning(owner.file, "getattr", "call"))
    if not files:
        return
    above = class_graph.mro(ev, owner)[:MAX_SUBCLASSES]
    family = [cls for cls in (*above, *class_graph.subclasses(ev, owner)) if isinstance(cls, ClassObject)]
    for state in dict.fromkeys(cls.file for cls in family):
        if state.path not in files:
            continue
        for function, definition in state.ir.calls_named("getattr"):
            frame = state.frame(function)
            made = frame.ir.defs[definition].term
            if isinstance(made, Call) and len(made.args) > 1 and terms.may_spell(made.args[1], ir.name, frame):
                yield from ((frame, d.term) for d in frame.ir.defs if isinstance(d.term, Call) and _is(d.term.func, made, frame))


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
