"""Routes: the parts of the URL that the parameters of a request handler get, by a decorator or by a table of URLs."""

from __future__ import annotations

from cardlint.common.expressions import Expression
from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import ClassObject, Function, Instance, LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unbounded
from cardlint.inference.heuristics.source_names import identifies, judged
from cardlint.inference.language import field_validation, type_hints
from cardlint.inference.limits import MAX_PATTERN, MAX_WRAPPED_HANDLER
from cardlint.inference.primitives import class_graph, collections
from cardlint.ir.model import FunctionIR, ParameterIR
from cardlint.ir.terms import AnyTerm, Attr, Call, FreeVar, Import, Use
from cardlint.knowledge import conventions
from cardlint.knowledge.rows import SERVED
from cardlint.knowledge.schema import Kind, Route

BRACES = Expression(r"\{(\w+)(?::([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
NAME_FIRST = Expression(r"<(\w+)(?::([^<>]*))?>")
ANGLES = Expression(r"<(?:(\w+(?:\([^)]*\))?):)?(\w+)(?::([^<>]*))?>")


def decorating(ev: Evaluator, decorators: tuple[tuple[str, Call | None], ...]) -> list[tuple[Route, Call | None]]:
    """List the routes in the decorators of a function."""
    return [(route, call) for path, call in decorators for route in ev.library.routes if route.decorator == path and not route.handler]


def parameter(ev: Evaluator, route: Route, call: Call | None, found: ParameterIR, frame: Frame, declared: Objects) -> Objects | None:
    """Return the value of a decorated handler's parameter, None where the route does not name it."""
    outer = frame.file.frame(frame.ir.parent)
    written = pattern(ev, route, call, outer) if call is not None else ""
    return from_request(ev, route, written, found, frame, declared)


def pattern(ev: Evaluator, route: Route, call: Call, frame: Frame) -> str:
    """Return the pattern of a route as its call has it, '' where it is not one constant."""
    for name in (route.pattern, "path", "rule"):
        term = terms.argument_of(call, name)
        if term is not None:
            value = ev.value(term, frame)
            written = str(value.exact[0]) if value.bound is Bound.EXACTLY and value.exact else ""
            return written if len(written) <= MAX_PATTERN else ""
    return ""


def from_request(ev: Evaluator, route: Route, pattern: str, found: ParameterIR, frame: Frame, declared: Objects) -> Objects | None:
    """Return the values of the part of the URL with the parameter's name."""
    outer = frame.file.frame(frame.ir.parent)
    size = _validated(ev, route, found, outer, declared)
    if size is not None:
        return size
    if route.syntax == "re":
        names = groups_of(pattern)
    elif route.syntax == "<>":
        names = {m[2]: m[1] or "" for m in ANGLES.regex.finditer(pattern)}
    else:
        names = {m[1]: m[2] or "" for m in (BRACES if route.syntax == "{}" else NAME_FIRST).regex.finditer(pattern)}
    if found.name in names:
        converter = names[found.name]
        if converter.startswith("any(") and route.syntax == "<>":
            options = [o.strip() for o in converter[4:-1].split(",") if o.strip()]
            return (exactly(options),) if options else None
        if route.syntax == "re" and LITERALS.regex.fullmatch(converter):
            return (exactly(converter.split("|")),)
        if route.handler and route.syntax == "<>" and converter not in CONVERTERS:
            return None
        if converter == "path":  # the rest of the URL, with slashes: a path, and no id
            rest = unbounded("raw-path", f"the path parameter `{found.name}` of the URL")
            return (rest.step(frame.place(found.at), f"the client sends `{found.name}` in the path `{pattern}`"),)
        one = _is_one(converter, found)
        advice = "nothing: an id belongs in a log line or an exemplar" if one else SERVED
        value = unbounded("identity" if one else "body", f"the path parameter `{found.name}` of the URL", advice=advice)
        return (value.step(frame.place(found.at), f"the client sends `{found.name}` in the path `{pattern}`"),)
    if declared and any(isinstance(o, (LibraryPath, Instance)) for o in declared):
        return None
    if route.body and found.name == route.body:
        return (body(found, frame, route),)
    if route.others and found.kind in ("both", "key") and not is_dependency(found, outer, ev) and not _may_be_injected(ev, route, frame):
        named = judged(found.name, frame, found.at)
        sent = _sent(found, frame, "identity" if named is not None else "body", "the request parameter", route)
        lists = [o for o in declared if isinstance(o, Sequence)] if route.validates else []
        return tuple(part for o in lists for part in field_validation.nested_fields(ev, o, sent)) or (sent,)
    return None


def _is_one(converter: str, found: ParameterIR) -> bool:
    """Tell whether a part of the URL is an identity: by its name, or as a UUID or a number by converter, pattern or annotation."""
    written = {converter.partition("(")[0].lower(), getattr(found.annotation, "name", "").lower()}
    return "uuid" in written or identifies(found.name, numbered="int" in written or DIGITS.regex.fullmatch(converter) is not None)


def _may_be_injected(ev: Evaluator, route: Route, frame: Frame) -> bool:
    """Tell whether the program passes parameters of handlers by name, so that one that is not in the URL may be such."""
    return bool(route.injects) and bool(ev.modules.mentioning(frame.file, route.injects))


def body(found: ParameterIR, frame: Frame, route: Route | None = None) -> ValueSet:
    """Return what the body of a request or a message is, as a handler's parameter."""
    return _sent(found, frame, "body", "the request body", route)


def _sent(found: ParameterIR, frame: Frame, kind: Kind, what: str, route: Route | None) -> ValueSet:
    """Return what a client, or the sender of a message, gives a parameter."""
    if route is not None and route.message:
        value = unbounded(kind, f"the message `{found.name}`", confidence=Confidence.MEDIUM)
        return value.step(frame.place(found.at), f"another program sends `{found.name}`")
    value = unbounded(kind, f"{what} `{found.name}`", confidence=Confidence.HIGH)
    return value.step(frame.place(found.at), f"the client sends `{found.name}` with the request")


def is_dependency(found: ParameterIR, outer: Frame, ev: Evaluator) -> bool:
    """Tell whether a parameter is declared with `Depends(...)`: the value comes from the program, not from the request."""
    return any(getattr(call.func, "name", "") in DEPENDENCIES for call, _ in type_hints.markers(ev, found, outer))


def _validated(ev: Evaluator, route: Route, found: ParameterIR, outer: Frame, declared: Objects) -> Objects | None:
    """Return the values that a validating framework accepts: Enum, Literal, bool, a range, a pattern of alternatives."""
    if not route.validates:
        return None
    return declared if field_validation.is_closed(declared) else field_validation.constrained(ev, found, outer)


# tables of URLs -------------------------------------------------------------------------------------------------------


def registered(ev: Evaluator, found: ParameterIR, frame: Frame, declared: Objects) -> Objects | None:
    """Return the value of a parameter of a handler in a table of URLs, None for other functions."""
    ir = frame.ir
    if ir.kind != "function" or (ir.owner >= 0 and found is ir.params[0]):
        return None
    groups: list[Objects] = []
    for route, call, where in _registrations(ev, frame):
        extra = terms.argument_of(call, route.extra) if route.extra else None
        given = collections.get(ev, ev.eval(extra, where), exactly((found.name,))) if extra is not None else ()
        passed = given or from_request(ev, route, pattern(ev, route, call, where), found, frame, declared)
        if passed:
            groups.append(passed)
        elif found.default is not None:
            groups.append(ev.eval(found.default, frame.file.frame(ir.parent)))
    if not groups or all(isinstance(o, ValueSet) and o.exact == (None,) for g in groups for o in g):
        return None
    return join_objects(groups)


def registering(ev: Evaluator, frame: Frame) -> list[Route]:
    """List the rows of the tables of URLs that a function is in: a framework calls it, or the wrapper in its place."""
    return [route for route, _, _ in _registrations(ev, frame)]


@query(initial=(), key=lambda frame: id(frame.ir))
def _registrations(ev: Evaluator, frame: Frame) -> tuple[tuple[Route, Call, Frame], ...]:
    """List the calls that put a function, or the class whose method it is, into a table of URLs."""
    ir = frame.ir
    imported = class_graph.imports_of(ev, frame.file)
    for package in sorted(imported):
        ev.library.need(package)
    routes = [r for r in ev.library.routes if r.handler and r.decorator.partition(".")[0] in imported]
    if not routes:
        return ()
    owner = class_graph.owner_of(frame.file, ir)
    names = [ir.name] if owner is None else [owner.ir.name, ir.name]  # a class with its methods, or one bound method
    mentioning = frozenset(path for name in names for path in ev.modules.mentioning(frame.file, name))
    found: list[tuple[Route, Call, Frame]] = []
    written = {called: tuple(r for r in routes if called in _names(ev, r, frame)) for r in routes for called in _names(ev, r, frame)}
    for called, meant in sorted(written.items()):
        for path in ev.modules.mentioning(frame.file, called, "call"):
            state = ev.modules.state(path) if path in mentioning else None
            for function, definition in state.ir.calls_named(called) if state is not None else ():
                assert state is not None
                where = state.frame(function)
                call = where.ir.defs[definition].term
                assert isinstance(call, Call)
                found.extend((r, call, where) for r in meant if any(_registers(ev, r, call, where, ir, name, owner) for name in names))
    return tuple(found)


def _names(ev: Evaluator, route: Route, frame: Frame) -> frozenset[str]:
    """Return the names by which the calls of a route's row are found: its own, and those of subclasses of a class of routes."""
    called = _last(route.decorator)
    own = frozenset((called,))
    return own | _subclass_names(ev, route.decorator.removesuffix("()"), frame) if class_graph.is_class_path(called) else own


@query(initial=frozenset(), key=lambda path, frame: path)
def _subclass_names(ev: Evaluator, path: str, frame: Frame) -> frozenset[str]:
    """Return the names of the analysed classes that inherit from a class of a library and keep its arguments."""
    found: set[str] = set()
    for file in ev.modules.mentioning(frame.file, _last(path)):
        state = ev.modules.state(file)
        for ir in state.ir.classes if state is not None else ():
            assert state is not None
            cls = ClassObject(state, ir)
            if ir.bases and _inherits(ev, cls, path):
                found.add(ir.name)
    return frozenset(found)


def _inherits(ev: Evaluator, cls: ClassObject, path: str) -> bool:
    """Tell whether a class is a subclass of a class of a library whose constructor takes the same arguments in the same places."""
    for base in class_graph.mro(ev, cls):
        if isinstance(base, ClassObject) and "__init__" in base.ir.methods:
            params = base.file.ir.functions[base.ir.methods["__init__"]].params
            if len(params) < 2 or params[1].kind != "star":
                return False
        elif isinstance(base, LibraryPath) and ev.library.canonical(base.path) == path:
            return True
    return False


def _last(path: str) -> str:
    return path.removesuffix("()").rpartition(".")[2]


def _registers(ev: Evaluator, route: Route, call: Call, where: Frame, ir: FunctionIR, name: str, owner: ClassObject | None) -> bool:
    """Tell whether a call is the one of a row, and its handler argument is the function or its class."""
    handler = terms.argument_of(call, route.handler) or terms.argument_of(call, route.keyword)
    target = _named(handler, name, where, 0) if handler is not None else None
    if target is None or not any(_is_of(ev, o, route.decorator) for o in ev.eval(call.func, where)):
        return False
    for obj in ev.eval(target, where):
        if isinstance(obj, Function) and obj.ir is ir:
            return True
        if owner is not None and name == owner.ir.name and isinstance(obj, ClassObject) and owner in class_graph.mro(ev, obj):
            return True
    return False


def _is_of(ev: Evaluator, obj: Object, decorator: str) -> bool:
    """Tell whether something that is called is what a row names, or a subclass of it."""
    if isinstance(obj, ClassObject):
        return _inherits(ev, obj, decorator.removesuffix("()"))
    return isinstance(obj, LibraryPath) and ev.library.canonical(ev.library.onward(obj.path) + "()") == decorator


def _named(term: AnyTerm, name: str, frame: Frame, depth: int) -> AnyTerm | None:
    """Find the part of an argument that is written with a name: `view`, `views.view`, `View.as_view()`, `wrapped(view)`."""
    if isinstance(term, (Attr, FreeVar, Import)) and term.name == name:
        return term
    if isinstance(term, Attr):
        return _named(term.base, name, frame, depth)
    if isinstance(term, Use):
        definition = frame.ir.defs[term.index]
        return (
            term
            if definition.name == name
            else _named(definition.term, name, frame, depth + 1)
            if depth <= 2 * MAX_WRAPPED_HANDLER
            else None
        )
    if isinstance(term, Call) and depth <= 2 * MAX_WRAPPED_HANDLER:
        parts = (term.func, *term.args) if isinstance(term.func, Attr) else term.args
        return next((p for a in parts if (p := _named(a, name, frame, depth + 1)) is not None), None)
    return None


DEPENDENCIES = conventions.names(conventions.DEPENDENCIES)
CONVERTERS = conventions.names(conventions.CONVERTERS)
DIGITS = Expression(r"(?:\\d|\[0-9\]|\[\\d\])(?:[+*]|\{[\d,]+\})")
"""A pattern of a part of a URL that is a number."""
LITERALS = Expression(r"[\w-]+(?:\|[\w-]+)*")
GROUP = Expression(r"\(\?P<(\w+)>")


def groups_of(pattern: str) -> dict[str, str]:
    """Return the named groups of a regular expression with their patterns; a group without its closing parenthesis is left out."""
    out: dict[str, str] = {}
    for match in GROUP.regex.finditer(pattern):
        depth, position = 1, match.end()
        while position < len(pattern) and depth:
            if pattern[position] == "\\":
                position += 1
            elif pattern[position] in "()":
                depth += 1 if pattern[position] == "(" else -1
            position += 1
        if not depth:
            out[match[1]] = pattern[match.end() : position - 1]
    return out
