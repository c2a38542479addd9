"""Pure functions of terms: names, arguments, decorators and loops as they are written."""

from __future__ import annotations

from cardlint.inference.domain.frames import Frame
from cardlint.inference.limits import MAX_CHOICE_DEPTH, MAX_NAMES
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, Dict, FreeVar, Import, Item, Iterate, Op, Param, Refine, Star, Text, Use

LEAST_SPELLED = 2
"""Letters that a computed name has for certain; with fewer it says nothing."""


def decorator_of(term: AnyTerm, frame: Frame) -> tuple[AnyTerm, bool]:
    """Return the decorator, and whether it is called first: the factory of `@factory(...)`."""
    inner = frame.ir.defs[term.index].term if isinstance(term, Use) else term
    return (inner.func, True) if isinstance(inner, Call) else (term, False)


def reads_key(term: Call) -> bool:
    """Tell whether a call may look up a key: `get(key)` or `pop(key)` of anything."""
    func = term.func
    return isinstance(func, Attr) and func.name in ("get", "pop") and bool(term.args) and not isinstance(term.args[0], Star)


def is_lookup(term: Call) -> bool:
    """Tell whether a call reads `get("key")` or `pop("key")`: with a constant key it counts as a look-up in a dictionary."""
    return reads_key(term) and isinstance(term.args[0], Const)


def argument(term: Call, position: int, keyword: str = "") -> AnyTerm | None:
    """Return an argument of a call by position or keyword."""
    for name, value in term.kwargs:
        if keyword and name == keyword:
            return value
    if position < len(term.args) and not any(isinstance(a, Star) for a in term.args[: position + 1]):
        return term.args[position]
    return None


def flag(ir: FunctionIR, *names: str) -> bool:
    """Tell whether a function has one of the decorators, by last name."""
    return any(decorator_name(d) in names for d in ir.decorators)


def decorator_name(term: object) -> str:
    """Return the last name of a decorator as written; '' for a call or anything else."""
    if isinstance(term, (Attr, FreeVar)):
        return term.name
    if isinstance(term, Import):
        return term.name
    return ""


def last_part(term: AnyTerm, ir: FunctionIR) -> str:
    """Return the last name of a plain name or attribute."""
    if type(term) is Use:
        return ir.defs[term.index].name.rpartition(".")[2]
    return str(getattr(term, "name", ""))


def target_of(term: AnyTerm, frame: Frame) -> int | None:
    """Return the definition of a loop's target that a name refers to; None for a value computed from one."""
    found = None
    for _ in range(MAX_NAMES):
        if isinstance(term, Use) and term.index < len(frame.ir.defs):
            found = term.index
            term = frame.ir.defs[found].term
        elif isinstance(term, Refine):
            term = term.base
        else:
            break
    return found if isinstance(term, Iterate) or (isinstance(term, Item) and isinstance(term.base, Iterate)) else None


def without_tests(term: AnyTerm, frame: Frame) -> AnyTerm:
    """Return the term that a name is bound to in its function, without the tests that it has passed."""
    for _ in range(MAX_NAMES):
        if isinstance(term, Use):
            term = frame.ir.defs[term.index].term
        elif isinstance(term, Refine):
            term = term.base
        else:
            break
    return term


def may_spell(text: AnyTerm, name: str, frame: Frame) -> bool:
    """Tell whether a text that is built around constants may be a name: `f"on_{kind}"` may be `on_join`.

    Texts with hardly any constant part spell every name, and say nothing.
    """
    start, end = spelled(text, frame)
    return len((start + end).strip("_")) >= LEAST_SPELLED and len(name) > len(start + end) and fits(name, start, end)


def spelled(text: AnyTerm, frame: Frame) -> tuple[str, str]:
    """Return the constant beginning and end of a text that is built of parts, '' where it has none."""
    text = without_tests(text, frame)
    parts = text.parts if isinstance(text, Text) else text.args if isinstance(text, Op) and text.op == "+" else ()
    if len(parts) < 2:
        return "", ""
    start, end = (part.value if isinstance(part, Const) and isinstance(part.value, str) else "" for part in (parts[0], parts[-1]))
    return start, end


def fits(name: str, start: str, end: str) -> bool:
    """Tell whether a name begins and ends with these texts."""
    return name.startswith(start) and name.endswith(end)


def loop_of(term: AnyTerm, frame: Frame) -> Iterate | None:
    """Find the element of a loop that a name is computed from."""
    for _ in range(MAX_NAMES):
        if isinstance(term, Iterate):
            return term
        if isinstance(term, Use):
            term = frame.ir.defs[term.index].term
        elif isinstance(term, (Attr, Item, Refine)):
            term = term.base
        else:
            return None
    return None


def loop_in(term: AnyTerm, frame: Frame) -> Iterate | None:
    """Find the element of the innermost loop that an expression is computed from, also inside of arithmetic, texts and keys.

    `record[label]` changes with each label of an inner loop over labels, and with each record of an outer one.
    """
    found = _loops_in(term, frame, 0)
    return max(found, key=lambda loop: loop.at) if found else None


def _loops_in(term: AnyTerm, frame: Frame, depth: int) -> list[Iterate]:
    direct = loop_of(term, frame)
    found = [direct] if direct is not None else []
    if depth > MAX_CHOICE_DEPTH:
        return found
    while isinstance(term, (Use, Refine)):
        term = frame.ir.defs[term.index].term if isinstance(term, Use) else term.base
    parts: tuple[AnyTerm, ...] = ()
    if isinstance(term, (Op, Call)):
        parts = term.args
    elif isinstance(term, Text):
        parts = term.parts
    elif isinstance(term, Item):
        parts = (term.key,)
    for part in parts:
        found.extend(_loops_in(part, frame, depth + 1))
    return found


def size_limit(term: AnyTerm, ir: FunctionIR) -> AnyTerm | None:
    """Return the limit of a collection that was tested for its size: a term of its function, whatever has run since."""
    while isinstance(term, Use) or (isinstance(term, Refine) and term.guard == "still"):
        term = ir.defs[term.index].term if isinstance(term, Use) else term.base
    return term.by if isinstance(term, Refine) and term.guard == "limited" else None


def last_name(term: AnyTerm, frame: Frame) -> str:
    """Return the last name of an expression: `user` for `self.user`, the key of an item, '' when there is none."""
    if isinstance(term, Attr):
        return term.name
    if isinstance(term, (FreeVar, Param)):
        return term.name
    if isinstance(term, Import):
        return term.name
    if isinstance(term, Item) and isinstance(term.key, Const) and isinstance(term.key.value, str):
        return term.key.value
    if isinstance(term, Use):
        definition = frame.ir.defs[term.index]
        if definition.name:
            return definition.name.rpartition(".")[2]
        return last_name(definition.term, frame)
    if isinstance(term, Call):
        return last_name(term.func, frame)
    return ""


def stands_in(part: AnyTerm, whole: AnyTerm) -> bool:
    """Tell whether a term is a part of another one."""
    return whole.at[:2] <= part.at[:2] and part.at[2:] <= whole.at[2:]


def is_int(annotation: AnyTerm | None) -> bool:
    """Tell whether an annotation says `int`, also as `int | None`, `Optional[int]` or `Annotated[int, ...]`."""
    if isinstance(annotation, Item):
        outer = getattr(annotation.base, "name", "")
        inner = getattr(annotation.key, "items", (annotation.key,))
        return outer in ("Optional", "Annotated", "Final", "ClassVar") and bool(inner) and is_int(inner[0])
    if isinstance(annotation, Op) and annotation.op == "|":
        return all(is_int(a) or (isinstance(a, Const) and a.value is None) for a in annotation.args)
    return getattr(annotation, "name", "") == "int"


def is_constant_name(term: AnyTerm, frame: Frame) -> bool:
    """Tell by its spelling whether a name is that of a constant: `ALLOWED`, `settings.ROUTES`."""
    if isinstance(term, Use):
        return frame.ir.defs[term.index].name.isupper()
    name = term.name if isinstance(term, (FreeVar, Attr, Import)) else ""
    return name.isupper() and len(name) > 1


def literal_items(argument: AnyTerm) -> list[tuple[AnyTerm, AnyTerm]] | None:
    """Return the keys and values of a dictionary that is written out in a call, None for anything else."""
    if isinstance(argument, Dict) and all(k is not None for k, _ in argument.entries):
        return [(k, v) for k, v in argument.entries if k is not None]
    return None


def argument_of(call: Call, name: str) -> AnyTerm | None:
    """Return the argument of a call that a row names by position (`#0`) or keyword."""
    return argument(call, int(name[1:])) if name.startswith("#") else argument(call, 99, name)
