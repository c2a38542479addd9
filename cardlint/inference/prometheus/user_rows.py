"""The user's own rows about analysed functions, and sinks of libraries: sources, bounders, wrappers and sinks.

A row names a function as `package.module.function()`, of a library or of the analysed code.
"""

from __future__ import annotations

from cardlint.common.numbers import parse_int
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.domain.containers import Mapping
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import ClassObject, Function, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import unknown
from cardlint.inference.language import calls
from cardlint.inference.language.to_text import from_row
from cardlint.inference.prometheus import constructors
from cardlint.ir.terms import AnyTerm, Call, Const, Opaque
from cardlint.knowledge.schema import Sink


def path_of(obj: Object) -> str:
    """Return the qualified name of a function, class or library object, '' for anything else."""
    if isinstance(obj, LibraryPath):
        return obj.path
    if isinstance(obj, (Function, ClassObject)):
        name = obj.ir.qualname if isinstance(obj, Function) else obj.ir.name
        return f"{obj.file.module}.{name}" if obj.file.module else name
    return ""


def call_function(ev: Evaluator, obj: Function, term: Call, frame: Frame) -> Objects:
    """Call an analysed function; a row of the user may replace the result of its body."""
    known = _called(ev, obj, term, frame) if ev.library.has_user_rows else None
    return calls.call_function(ev, obj, term, frame) if known is None else known


def construct(ev: Evaluator, obj: ClassObject, term: Call, frame: Frame) -> Objects:
    """Call an analysed class, which may be a metric class or have a row of the user."""
    known = _called(ev, obj, term, frame) if ev.library.has_user_rows else None
    if known is None:
        known = constructors.subclass(ev, obj, term, frame)
    return calls.construct(ev, obj, term, frame) if known is None else known


def _called(ev: Evaluator, obj: Function | ClassObject, term: Call, frame: Frame) -> Objects | None:
    """Return the result of an analysed function by the user's row about it, None without one."""
    library = ev.library
    path = path_of(obj)
    if path in library.wrappers:
        return constructors.constructed(ev, path, term, frame)
    row = library.user.get(path + "()")
    if row is None:
        return None
    if row.how:
        return ev.transfer(row.how, TransferArgs(term, frame, None, "", row.why, row.size)) or (unknown(f"`{path}` without its argument"),)
    return (from_row(ev, row, None, path + "()", frame.place(term.at)),)


def sink_calls(ev: Evaluator, state: FileState) -> list[tuple[Sink, Call, Frame]]:
    """List the calls of a file to one of the sinks."""
    out: list[tuple[Sink, Call, Frame]] = []
    for sink in ev.library.sinks.values():
        path = sink.path.removesuffix("()")
        for function, definition in state.ir.calls_named(path.rpartition(".")[2]):
            term = state.ir.functions[function].defs[definition].term
            frame = state.frame(function)
            if isinstance(term, Call) and any(path_of(o) == path for o in ev.eval(term.func, frame)):
                out.append((sink, term, frame))
    return out


def called(ev: Evaluator, held: Objects, term: Call, frame: Frame) -> Objects:
    """Put the results of functions in the place of the functions that mappings hold: a library calls them for each label."""

    def result(value: Lazy) -> Lazy:
        found = ev.force(value)
        if not any(isinstance(o, Function) for o in found):
            return value
        at = value.term.at if value.term is not None else term.at
        groups = [
            ev.call(o, frame.synthetic_call(Const(o.ir.qualname, at), (GIVEN,) * min(1, len(o.ir.params)), at), frame)
            if isinstance(o, Function)
            else (o,)
            for o in found
        ]
        return Lazy(None, None, join_objects(groups))

    return tuple(Mapping(tuple((key, result(value)) for key, value in o.entries), o.open) if isinstance(o, Mapping) else o for o in held)


GIVEN = Opaque("a library gives it to the function", (0, 0, 0, 0))
"""The argument of such a function: a request or a response, of which nothing is known here."""


def sink_argument(ev: Evaluator, name: str, term: Call, frame: Frame) -> AnyTerm | None:
    """Return the argument of a sink's parameter, which is written by name or as `#0`."""
    if name.startswith("#") and (position := parse_int(name[1:])) is not None:
        return terms.argument(term, position)
    for keyword, value in term.kwargs:
        if keyword == name:
            return value
    for obj in ev.eval(term.func, frame):
        if isinstance(obj, Function):
            params = [p.name for p in obj.ir.params if p.kind in ("pos", "both")]
            params = params[1:] if obj.bound is not None else params
            return terms.argument(term, params.index(name), name) if name in params else None
    return None
