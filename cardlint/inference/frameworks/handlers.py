"""Handlers: the arguments that a framework passes to hooks, middleware, signal receivers and request handlers."""

from __future__ import annotations

from cardlint.common.numbers import parse_int
from cardlint.inference.callgraph import callbacks, callers
from cardlint.inference.codebase import stores, terms
from cardlint.inference.core.protocol import Evaluator, Passing, TransferArgs
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, LibraryPath, Object, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, unbounded, unknown
from cardlint.inference.frameworks import any_request, dependencies, routes
from cardlint.inference.language import calls, field_declarations, field_validation, type_hints
from cardlint.inference.primitives import binding, class_graph, collections
from cardlint.ir.model import FunctionIR, ParameterIR
from cardlint.ir.terms import AnyTerm, At, Call, Use
from cardlint.knowledge import BY_SIGNATURE, PASSED_BY_NAME, PASSED_TO, conventions
from cardlint.knowledge.schema import Named, Shape
from cardlint.knowledge.structuring import BUILT_FROM_DATA


def parameter(ev: Evaluator, found: ParameterIR, frame: Frame, declared: Objects) -> Objects | None:
    """Return the argument of a framework for a parameter, None when no handler signature or route applies."""
    ir = frame.ir
    passed = routes.registered(ev, found, frame, declared)
    if passed is not None:
        return passed
    decorators = _decorators(ev, frame.file, ir, len(ir.decorators))
    shapes = _candidates(ev, frame, decorators)
    if found.kind == "dstar" and (rest := _by_keyword(ev, shapes, found, frame)) is not None:
        return rest
    for shape in shapes:
        path = _named(shape, found, ir)
        if path is not None:
            path = f"{path[:-1]}{found.name}]" if path.endswith("[]") else path
            return (LibraryPath(ev.library.canonical(path), append_step(None, frame.place(found.at), "")),)
    injected = _injected(ev, found, frame.file.frame(ir.parent))
    if injected is not None:
        return injected
    for route, call in routes.decorating(ev, decorators):
        value = routes.parameter(ev, route, call, found, frame, declared)
        if value is not None:
            return value
    return _marked(ev, found, frame.file.frame(ir.parent), declared) or dependencies.parameter(ev, found, frame, declared)


def _by_keyword(ev: Evaluator, shapes: list[Shape], found: ParameterIR, frame: Frame) -> Objects | None:
    """Return what a framework passes by name and `**rest` takes: what the handler has no parameter for; None where it passes positions."""
    own = {p.name for p in frame.ir.params}
    named = {name: path for shape in shapes for name, path in shape.params if shape.by_keyword and name not in own - {found.name}}
    if not named:
        return None
    at = append_step(None, frame.place(found.at), "")
    entries = tuple((name, Lazy(None, None, (LibraryPath(ev.library.canonical(path), at),))) for name, path in named.items())
    return (Mapping(entries, True),)


def _marked(ev: Evaluator, found: ParameterIR, outer: Frame, declared: Objects) -> Objects | None:
    """Return what the marker in the annotation of a parameter says, in a handler or in what one depends on: `Annotated[str, Header()]`."""
    for call, where in type_hints.markers(ev, found, outer, default=False):
        for obj in ev.eval(call, where):
            row = ev.library.row(obj.path) if isinstance(obj, LibraryPath) else None
            if row is not None and row.cls == "unbounded":
                closed = declared if field_validation.is_closed(declared) else field_validation.constrained(ev, found, outer)
                return closed or (obj,)
    return None


def body_model(ev: Evaluator, found: ParameterIR, frame: Frame, declared: Objects) -> Objects:
    """Return the models that a framework makes of the request for a handler's parameter, NOTHING for other parameters."""
    if request := any_request.by_class(ev, found, frame, declared):
        return request
    models = [o for o in declared if isinstance(o, Instance) and _is_made_of_data(ev, o)]
    if not models or len(models) != len(declared):
        return BOTTOM
    outer = frame.file.frame(frame.ir.parent)
    if routes.is_dependency(found, outer, ev):
        return (
            tuple(Instance(o.cls, None, routes.body(found, frame)) for o in models) if dependencies.is_class(ev, found, outer) else BOTTOM
        )
    for route, _ in routes.decorating(ev, _decorators(ev, frame.file, frame.ir, len(frame.ir.decorators))):
        if found.name == route.body or route.others:
            return tuple(Instance(o.cls, None, routes.body(found, frame, route)) for o in models)
    return BOTTOM


def _is_made_of_data(ev: Evaluator, obj: Instance) -> bool:
    """Tell whether a framework can make an instance of the body of a request: of its fields, as its class declares them."""
    return any(b in BUILT_FROM_DATA for b in class_graph.external_bases(ev, obj.cls)) or field_declarations.has_generated_init(ev, obj.cls)


def _injected(ev: Evaluator, found: ParameterIR, outer: Frame) -> Objects | None:
    """Return the value of a parameter's dependency, None when it has none or its value is not known."""
    if not routes.is_dependency(found, outer, ev):
        return None
    for call, where in type_hints.markers(ev, found, outer):
        alts = ev.eval(call, where)
        if alts and not all(_says_nothing(ev, o) for o in alts):
            return alts
    return None


def _says_nothing(ev: Evaluator, obj: Object) -> bool:
    return obj.bound is Bound.UNKNOWN if isinstance(obj, ValueSet) else isinstance(obj, LibraryPath) and ev.library.row(obj.path) is None


def dependency(ev: Evaluator, given: AnyTerm, frame: Frame, at: At) -> Objects:
    """Return the value of a dependency: the result of the function, or of calling the instance.

    The framework passes the arguments of such a function, so it is evaluated in its open frame.
    """
    groups: list[Objects] = []
    for obj in ev.eval(given, frame):
        if isinstance(obj, Instance):
            groups.append(_called(ev, obj) or ev.call(obj, frame.synthetic_call(given, (), at), frame))
        elif isinstance(obj, ClassObject):
            filled = field_declarations.has_generated_init(ev, obj)
            groups.append((Instance(obj, None, unbounded("body", f"the request, as a `{obj.ir.name}`") if filled else None),))
        elif isinstance(obj, LibraryPath):
            groups.append(
                (LibraryPath(ev.library.canonical(ev.library.onward(obj.path) + ".__call__()"), append_step(None, frame.place(at), "")),)
            )
        elif isinstance(obj, Function) and obj.ir.yields:
            inner = obj.file.frame(obj.ir.index)
            groups.append(collections.elements(ev, Sequence("generator", (), tuple(inner.lazy(y) for y in obj.ir.yields))))
        elif isinstance(obj, Function):
            groups.append(calls.returned(ev, obj.ir, obj.file.frame(obj.ir.index)))
        else:
            groups.append((unknown("an unknown dependency"),))
    return join_objects(groups) if groups else BOTTOM


def _called(ev: Evaluator, obj: Instance) -> Objects:
    """Return what an instance gives when the framework calls it, whose parameters it fills in; NOTHING where it cannot be called."""
    for base in class_graph.mro(ev, obj.cls):
        if isinstance(base, ClassObject) and "__call__" in base.ir.methods:
            ir = base.file.ir.functions[base.ir.methods["__call__"]]
            return calls.returned(ev, ir, binding.method_frame(ev, obj, base, ir))
    return BOTTOM


def passed(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the value of the dependency that is the argument."""
    first = terms.argument(args.term, parse_int(args.option) or 0)
    return dependency(ev, first, args.frame, args.term.at) if first is not None else BOTTOM


def by_name(ev: Evaluator, found: ParameterIR, frame: Frame) -> Objects | None:
    """Guess an unannotated parameter without a caller by its usual name: `request` where the file imports one framework only."""
    if found.annotation is not None:
        return None
    given = PASSED_TO.get(frame.ir.name)
    if given is not None and frame.ir.owner >= 0:
        position, names, path = given
        params = frame.ir.params
        if position < len(params) and params[position] is found and (not names or found.name in names):
            return (LibraryPath(path, append_step(None, frame.place(found.at), "")),)
    for package in sorted(class_graph.imports_of(ev, frame.file)):
        ev.library.need(package)
    imported = class_graph.imports_of(ev, frame.file)
    for known in (*ev.library.names, *PASSED_BY_NAME):
        if known.name == found.name and (not known.packages or imported.intersection(known.packages)) and _has_all(known, frame.ir):
            return (LibraryPath(ev.library.canonical(known.path), append_step(None, frame.place(found.at), "")),)
    return any_request.by_name(ev, found, frame)


def _has_all(known: Named, ir: FunctionIR) -> bool:
    return all(name in [p.name for p in ir.params] for name in known.others)


@query(initial=())
def _decorators(ev: Evaluator, state: FileState, ir: FunctionIR, above: int) -> tuple[tuple[str, Call | None], ...]:
    """Resolve the first decorators of a function to library paths; a called one ends in `()` and comes with its call.

    Those of a class hold for the methods that handle its requests: `@api.route("/orders/<int:order>")`.
    """
    found: list[tuple[str, Call | None]] = []
    owner = class_graph.owner_of(state, ir) if ir.name in HANDLING else None
    of_class = [(term, state.frame(owner.ir.parent)) for term in owner.ir.decorators] if owner is not None else []
    for term, frame in [*((term, state.frame(ir.parent)) for term in ir.decorators[:above]), *of_class]:
        made = frame.ir.defs[term.index].term if isinstance(term, Use) else None
        call = made if isinstance(made, Call) else None
        for obj in ev.eval(call.func if call is not None else term, frame):
            if isinstance(obj, LibraryPath):
                path = ev.library.canonical(obj.path)
                found.append((path + "()" if call is not None else path, call))
    return tuple(found)


def passing(ev: Evaluator, frame: Frame, above: int) -> Passing:
    """Say how a framework calls a function, or the wrapper in its place that the decorator below the first ones returns."""
    decorators = _decorators(ev, frame.file, frame.ir, above)
    found = [route for route, _ in routes.decorating(ev, decorators)] + routes.registering(ev, frame)
    if found:
        return "any" if any(route.syntax == "re" for route in found) else "names"
    if dependencies.is_one(ev, frame):
        return "names"
    return "positions" if _candidates(ev, frame, decorators) else ""


@query(initial=0, key=lambda frame: id(frame.ir))
def paths_of(ev: Evaluator, frame: Frame) -> int:
    """Count the paths of the requests that a function handles: one for each of its routes, 0 where a route has parameters.

    The wrapper of a decorator handles the requests of all functions that are decorated.
    """
    ir, file = frame.ir, frame.file
    if ir.kind != "function":
        return 0
    if ir.decorators and (own := _fixed_paths(ev, file, ir)):
        return own
    outer = file.ir.functions[ir.parent] if ir.parent > 0 else None
    if outer is None or outer.kind != "function" or any(site.written for site in callers.callers_of(ev, file, outer)):
        return 0
    counts = [_fixed_paths(ev, state, decorated) for state, decorated in callers.decorated_by(ev, file, outer) if not state.is_test]
    return sum(counts) if all(counts) else 0


def _fixed_paths(ev: Evaluator, state: FileState, ir: FunctionIR) -> int:
    """Count the routes of a handler, 0 where one of them has parameters or is below a prefix."""
    found = routes.decorating(ev, _decorators(ev, state, ir, len(ir.decorators)))
    patterns = [
        routes.pattern(ev, route, call, state.frame(ir.parent)) if route.whole and call is not None else "" for route, call in found
    ]
    return len(set(patterns)) if patterns and all(p.startswith("/") and not PARAMETER.intersection(p) for p in patterns) else 0


HANDLING = conventions.names(conventions.HANDLING_METHODS)
PARAMETER = frozenset("<{")
"""Letters that begin a parameter in the pattern of a route."""


def _candidates(ev: Evaluator, frame: Frame, decorators: tuple[tuple[str, Call | None], ...]) -> list[Shape]:
    ir = frame.ir
    names = [p.name for p in ir.params]
    if ir.owner >= 0:
        names = names[1:]
    owner = class_graph.owner_of(frame.file, ir)
    for package in sorted(class_graph.imports_of(ev, frame.file)):
        ev.library.need(package)
    by_signature = _by_signature(ev, frame, names)
    given = _receiving(ev, frame)  # it loads the rows of what is called
    bases: list[str] | None = None
    out = []
    for shape in ev.library.shapes:
        if not (shape.decorator or shape.base or shape.attribute or shape.passed or shape.framework in by_signature):
            continue
        if shape.method and not _is_called(ir.name, shape.method):
            continue
        if shape.signature and not _in_order(shape.signature, names):
            continue
        if shape.decorator and not any(path == shape.decorator for path, _ in decorators):
            continue
        if shape.base:
            if owner is None:
                continue
            bases = class_graph.external_bases(ev, owner) if bases is None else bases
            if shape.base not in bases and shape.base not in [ev.library.canonical(b) for b in bases]:
                continue
        if shape.attribute and not _stored_in(ev, shape.attribute, frame):
            continue
        if shape.passed and not any(place in shape.places and shape.passed in called for called, place in given):
            continue
        if shape.attribute or shape.passed or shape.decorator or shape.base or shape.signature or (shape.method and owner is not None):
            out.append(shape)
    return sorted(out, key=lambda shape: shape.framework) if len(out) > 1 else out


@query(initial=(), key=lambda frame: id(frame.ir))
def _receiving(ev: Evaluator, frame: Frame) -> tuple[tuple[frozenset[str], str], ...]:
    """List the calls that get a function, in its own file or another: what a row may call each, and the place of the function."""
    found: list[tuple[frozenset[str], str]] = []
    for where, call, place in callbacks.receiving(ev, frame.file, frame.ir):
        paths = [ev.library.canonical(ev.library.onward(o.path) + "()") for o in ev.eval(call.func, where) if isinstance(o, LibraryPath)]
        found.append((frozenset((f".{terms.last_name(call.func, where)}()", *paths)), place))
    return tuple(found)


def _is_called(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


def _by_signature(ev: Evaluator, frame: Frame, names: list[str]) -> frozenset[str]:
    """Return the frameworks that may call a function with these parameters: those that its file imports, or that the program names."""
    found: set[str] = set()
    for known in BY_SIGNATURE:
        if (not known.methods or frame.ir.name in known.methods) and _in_order(known.signature, names):
            imported = class_graph.imports_of(ev, frame.file)
            used = [p for p in known.packages if p in imported or ev.modules.mentioning(frame.file, p)]
            if used:
                found.add(known.framework)
                ev.library.need(used[0])
    return frozenset(found)


@query(initial=False, key=lambda attribute, frame: (attribute, id(frame.ir)))
def _stored_in(ev: Evaluator, attribute: str, frame: Frame) -> bool:
    """Tell whether a function is stored in an attribute of a library object, in its own file or another: `client.on_message = f`."""
    holder, _, name = attribute.rpartition(".")
    for path in ev.modules.mentioning(frame.file, name):
        state = ev.modules.state(path) if path == frame.file.path or path in ev.modules.mentioning(frame.file, frame.ir.name) else None
        for function, store in stores.attribute_stores(state, name) if state is not None else ():
            assert state is not None
            where = state.frame(function)
            if any(isinstance(o, Function) and o.ir is frame.ir for o in ev.eval(store.value, where)):
                held = ev.eval(store.base, where)
                if any(isinstance(o, LibraryPath) and ev.library.canonical(ev.library.onward(o.path)) == holder for o in held):
                    return True
    return False


def _in_order(wanted: tuple[str, ...], names: list[str]) -> bool:
    position = 0
    for name in wanted:
        if name not in names[position:]:
            return False
        position = names.index(name, position) + 1
    return True


def _named(shape: Shape, found: ParameterIR, ir: FunctionIR) -> str | None:
    params = [p for p in ir.params if p.kind in ("pos", "both", "key")]
    if ir.owner >= 0:
        params = params[1:]
    for key, path in shape.params:
        if key.startswith("#"):
            index = int(key[1:])
            if index < len(params) and params[index] is found:
                return path
        elif key == found.name:
            return path
    return None
