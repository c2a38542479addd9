"""Context variables: what `VAR.get()` gives is what any `VAR.set(...)` of the tree has put there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.facts.terms import Attr, Call
from cardlint.link import calls
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Box, merge
from cardlint.link.values import unknown

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

MAX_SET_FILES = 40
"""Files in which calls of `set` on one variable are looked at."""


def method(ev: Evaluator, box: Box, name: str, term: Call, frame: Frame) -> Alts:
    """Call a method of a context variable."""
    if name != "get":
        return (unknown(f"`{name}()` of a context variable"),)
    groups = [held(ev, box, frame)]
    default = calls.argument(term, 0)
    if default is not None:
        groups.append(ev.eval(default, frame))
    return merge([g for g in groups if g]) if any(groups) else (unknown("a context variable that is never set"),)


def held(ev: Evaluator, box: Box, frame: Frame) -> Alts:
    """Join the default of a variable and everything that is set in the tree."""
    table = ev.cache("boxes")
    key = id(box.term)
    if key in table:
        return table[key]  # type: ignore[no-any-return]
    table[key] = NOTHING
    groups: list[Alts] = []
    with ev.pending(table, key):
        for keyword, value in box.term.kwargs:
            if keyword == "default":
                groups.append(ev.eval(value, box.frame))
        name = _name(box)
        paths = ev.modules.mentioning(box.frame.file, name) if name else ()
        if len(paths) > MAX_SET_FILES:
            ev.limit(frame, box.term.at, f"more than {MAX_SET_FILES} files mention the context variable `{name}`")
            groups.append((unknown("a context variable that is set in too many places"),))
            paths = ()
        for path in paths:
            state = ev.modules.state(path)
            if state is None:
                continue
            for function, definition in state.facts.calls_named("set"):
                call = state.facts.functions[function].defs[definition].term
                if not isinstance(call, Call) or not isinstance(call.func, Attr) or not call.args:
                    continue
                inner = state.frame(function)
                if any(isinstance(o, Box) and o.term is box.term for o in ev.eval(call.func.base, inner)):
                    alts = ev.eval(call.args[0], inner)
                    groups.append(ev.stepped(alts, inner, call.at, f"set in the context variable `{name}`"))
    table[key] = merge(groups) if groups else NOTHING
    return table[key]  # type: ignore[no-any-return]


def _name(box: Box) -> str:
    """Return the name a context variable is bound to."""
    for definition in box.frame.fact.defs:
        term = definition.term
        if definition.name and (term is box.term or (type(term).__name__ == "Ref" and box.frame.fact.defs[term.index].term is box.term)):  # type: ignore[union-attr]
            return definition.name.rpartition(".")[2]
    return ""
