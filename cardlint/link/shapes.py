"""Shapes: what a framework passes to hooks, middleware, signal receivers and request handlers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.facts.model import FunctionFact, ParamFact
from cardlint.facts.terms import AnyTerm, At, Call, Item, Ref, Seq
from cardlint.findings import Confidence
from cardlint.knowledge.schema import Named, Route, Shape
from cardlint.link import classes, patterns
from cardlint.link.fields import PARSED
from cardlint.link.frames import FileState, Frame
from cardlint.link.names import judged
from cardlint.link.objects import NOTHING, Alts, Cls, Ext, Function, Instance, Member, Obj, Sequence, merge
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly, extend, unbounded, unknown

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator


def parameter(ev: Evaluator, found: ParamFact, frame: Frame, declared: Alts) -> Alts | None:
    """Return what a framework passes for a parameter, None when no shape or route applies."""
    fact = frame.fact
    decorators = _decorators(ev, frame.file, fact)
    for shape in _candidates(ev, frame, decorators):
        path = _named(shape, found, fact)
        if path is not None:
            return (Ext(ev.library.canonical(path), extend(None, frame.place(found.at), "")),)
    injected = _injected(ev, found, frame.file.frame(fact.parent))
    if injected is not None:
        return injected
    for route, call in _routes(ev, frame, decorators):
        value = _route_parameter(ev, route, call, found, frame, declared)
        if value is not None:
            return value
    return None


def sent(ev: Evaluator, found: ParamFact, frame: Frame, declared: Alts) -> Alts:
    """Return the models that a framework makes of the request body for a handler's parameter, NOTHING where it does not."""
    models = [o for o in declared if isinstance(o, Instance) and any(b in PARSED for b in classes.external_bases(ev, o.cls))]
    if not models or len(models) != len(declared):
        return NOTHING
    outer = frame.file.frame(frame.fact.parent)
    for route, _ in _routes(ev, frame, _decorators(ev, frame.file, frame.fact)):
        if route.others and not _is_dependency(found, outer, ev):
            value = unbounded("body", f"the request body `{found.name}`")
            value = value.step(frame.place(found.at), f"the client sends `{found.name}` with the request")
            return tuple(Instance(o.cls, None, value) for o in models)
    return NOTHING


def _injected(ev: Evaluator, found: ParamFact, outer: Frame) -> Alts | None:
    """Return what the dependency of a parameter gives, None when it has none or nothing is known of it."""
    if not _is_dependency(found, outer, ev):
        return None
    for call in _markers(found, outer):
        alts = ev.eval(call, outer)
        if alts and not all(_says_nothing(ev, o) for o in alts):
            return alts
    return None


def _says_nothing(ev: Evaluator, obj: Obj) -> bool:
    return obj.cls is Class.UNKNOWN if isinstance(obj, Value) else isinstance(obj, Ext) and ev.library.row(obj.path) is None


def dependency(ev: Evaluator, given: AnyTerm, frame: Frame, at: At) -> Alts:
    """Return what a framework passes for a dependency: what the function returns, or the instance when it is called.

    The parameters of such a function are the framework's to fill, so that it is looked at as anybody may call it.
    """
    from cardlint.link import calls, containers

    groups: list[Alts] = []
    for obj in ev.eval(given, frame):
        if isinstance(obj, Instance):
            groups.append(calls.run(ev, obj, frame.calling(given, (), at), frame))
        elif isinstance(obj, Cls):
            groups.append((Instance(obj, None),))
        elif isinstance(obj, Ext):
            groups.append((Ext(ev.library.canonical(ev.library.onward(obj.path) + ".__call__()"), extend(None, frame.place(at), "")),))
        elif isinstance(obj, Function) and obj.fact.yields:
            inner = obj.file.frame(obj.fact.index)
            groups.append(containers.elements(ev, Sequence("generator", (), tuple(inner.thunk(y) for y in obj.fact.yields))))
        elif isinstance(obj, Function):
            groups.append(calls.returned(ev, obj.fact, obj.file.frame(obj.fact.index)))
        else:
            groups.append((unknown("a dependency that is not known"),))
    return merge(groups) if groups else NOTHING


def by_name(ev: Evaluator, found: ParamFact, frame: Frame) -> Alts | None:
    """Guess an unannotated parameter that nobody passes by its usual name: `request` where the file imports one framework only."""
    if found.annotation is not None:
        return None
    for known in ev.library.names:
        if known.name == found.name and _imports(ev, frame.file).intersection(known.packages) and _is_beside(known, frame.fact):
            return (Ext(known.path, extend(None, frame.place(found.at), "")),)
    if found.name not in ("request", "req", "scope", "environ"):
        return None
    if found.name == "environ":
        return (Ext("wsgi.environ", extend(None, frame.place(found.at), "")),)
    if found.name == "scope" and {p.name for p in frame.fact.params} >= {"scope", "receive", "send"}:
        return (Ext("asgi.scope", extend(None, frame.place(found.at), "")),)
    for path in _request_types(ev, frame.file):
        return (Ext(path, extend(None, frame.place(found.at), "")),)
    return None


def _is_beside(known: Named, fact: FunctionFact) -> bool:
    return all(name in [p.name for p in fact.params] for name in known.beside)


REQUESTS = (
    ("fastapi", "starlette.requests.Request"), ("starlette", "starlette.requests.Request"), ("flask", "flask.request"),
    ("django", "django.http.HttpRequest"), ("rest_framework", "django.http.HttpRequest"), ("aiohttp", "aiohttp.web.Request"),
    ("sanic", "sanic.Request"), ("falcon", "falcon.Request"), ("litestar", "litestar.Request"), ("pyramid", "pyramid.request.Request"),
    ("quart", "flask.request"),
)  # fmt: skip


def _request_types(ev: Evaluator, state: FileState) -> list[str]:
    imported = _imports(ev, state)
    return [ev.library.canonical(path) for package, path in REQUESTS if package in imported]


def _imports(ev: Evaluator, state: FileState) -> frozenset[str]:
    table = ev.cache("imports of")
    found = table.get(state.path)
    if found is None:
        from cardlint.facts.terms import Import

        names = set()
        for definition in state.facts.functions[0].defs:
            if isinstance(definition.term, Import) and not definition.term.module.startswith("."):
                names.add(definition.term.module.partition(".")[0])
        found = table[state.path] = frozenset(names)
    return found


def _decorators(ev: Evaluator, state: FileState, fact: FunctionFact) -> list[tuple[str, Call | None]]:
    """Resolve the decorators of a function to library paths; a called one ends in `()` and comes with its call."""
    table = ev.cache("decorator paths")
    found = table.get(id(fact))
    if found is None:
        found = table[id(fact)] = []
        if fact.decorators:
            frame = state.frame(fact.parent)
            for term in fact.decorators:
                call = frame.fact.defs[term.index].term if isinstance(term, Ref) else None
                target: AnyTerm = call.func if isinstance(call, Call) else term
                for obj in ev.eval(target, frame):
                    if isinstance(obj, Ext):
                        path = ev.library.canonical(obj.path)
                        found.append((path + "()" if isinstance(call, Call) else path, call if isinstance(call, Call) else None))
        # registered by a call: `task_prerun.connect(handler)`, `app.middleware("http")(handler)`
    return found


def _candidates(ev: Evaluator, frame: Frame, decorators: list[tuple[str, Call | None]]) -> list[Shape]:
    fact = frame.fact
    names = [p.name for p in fact.params]
    if fact.owner >= 0:
        names = names[1:]
    owner = classes.owner_of(frame.file, fact)
    for package in sorted(_imports(ev, frame.file)):
        ev.library.need(package)
    bases: list[str] | None = None
    out = []
    for shape in ev.library.shapes:
        if shape.method and shape.method != fact.name:
            continue
        if shape.signature and not _in_order(shape.signature, names):
            continue
        if shape.decorator and not any(path == shape.decorator for path, _ in decorators):
            continue
        if shape.base:
            if owner is None:
                continue
            bases = classes.external_bases(ev, owner) if bases is None else bases
            if shape.base not in bases and shape.base not in [ev.library.canonical(b) for b in bases]:
                continue
        if shape.decorator or shape.base or shape.signature or (shape.method and owner is not None):
            out.append(shape)
    return out


def _in_order(wanted: tuple[str, ...], names: list[str]) -> bool:
    position = 0
    for name in wanted:
        if name not in names[position:]:
            return False
        position = names.index(name, position) + 1
    return True


def _named(shape: Shape, found: ParamFact, fact: FunctionFact) -> str | None:
    params = [p for p in fact.params if p.kind in ("pos", "both", "key")]
    if fact.owner >= 0:
        params = params[1:]
    for key, path in shape.params:
        if key.startswith("#"):
            index = int(key[1:])
            if index < len(params) and params[index] is found:
                return path
        elif key == found.name:
            return path
    return None


# routes ---------------------------------------------------------------------------------------------------------------

BRACES = re.compile(r"\{(\w+)(?::([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
NAME_FIRST = re.compile(r"<(\w+)(?::([^<>]*))?>")
ANGLES = re.compile(r"<(?:(\w+(?:\([^)]*\))?):)?(\w+)(?::([^<>]*))?>")


def _routes(ev: Evaluator, frame: Frame, decorators: list[tuple[str, Call | None]]) -> list[tuple[Route, Call | None]]:
    out: list[tuple[Route, Call | None]] = []
    for path, call in decorators:
        for route in ev.library.routes:
            if route.decorator == path:
                out.append((route, call))
    return out


def _route_parameter(ev: Evaluator, route: Route, call: Call | None, found: ParamFact, frame: Frame, declared: Alts) -> Alts | None:
    outer = frame.file.frame(frame.fact.parent)
    pattern = ""
    if call is not None:
        from cardlint.link import calls

        position = int(route.pattern[1:]) if route.pattern.startswith("#") else 99
        term = calls.argument(call, position, "path" if route.pattern.startswith("#") else route.pattern) or calls.argument(
            call, position, "rule"
        )
        if term is not None:
            value = ev.value(term, outer)
            if value.cls is Class.EXACTLY and value.exact:
                pattern = str(value.exact[0])
    size = _validated(ev, route, found, outer, declared)
    if size is not None:
        return size
    if route.syntax == "<>":
        names = {m[2]: m[1] or "" for m in ANGLES.finditer(pattern)}
    else:
        names = {m[1]: m[2] or "" for m in (BRACES if route.syntax == "{}" else NAME_FIRST).finditer(pattern)}
    if found.name in names:
        converter = names[found.name]
        if converter.startswith("any(") and route.syntax == "<>":
            options = [o.strip() for o in converter[4:-1].split(",") if o.strip()]
            return (exactly(options),) if options else None
        value = unbounded(
            "identity", f"the path parameter `{found.name}` of the URL", advice="nothing: an id belongs in a log line or an exemplar"
        )
        return (value.step(frame.place(found.at), f"the client sends `{found.name}` in the path `{pattern}`"),)
    if declared and any(isinstance(o, (Ext, Instance)) for o in declared):
        return None
    if route.others and found.kind in ("both", "key") and not _is_dependency(found, outer, ev):
        named = judged(found.name, frame, found.at)
        kind = "identity" if named is not None else "body"
        value = unbounded(kind, f"the request parameter `{found.name}`", confidence=Confidence.HIGH)
        return (value.step(frame.place(found.at), f"the client sends `{found.name}` with the request"),)
    return None


def _is_dependency(found: ParamFact, outer: Frame, ev: Evaluator) -> bool:
    """Tell whether the default is `Depends(...)`: the value comes from the program, not from the request."""
    default = found.default
    if isinstance(default, Ref):
        term = outer.fact.defs[default.index].term
        if isinstance(term, Call):
            name = term.func.name if hasattr(term.func, "name") else ""
            return name in ("Depends", "Security")
    annotation = found.annotation
    if isinstance(annotation, Item) and isinstance(annotation.key, Seq):
        terms = [outer.fact.defs[part.index].term for part in annotation.key.items if isinstance(part, Ref)]
        return any(isinstance(t, Call) and getattr(t.func, "name", "") in ("Depends", "Security") for t in terms)
    return False


def _validated(ev: Evaluator, route: Route, found: ParamFact, outer: Frame, declared: Alts) -> Alts | None:
    """Return the values a validating framework lets through: Enum, Literal, bool, a range, a pattern of alternatives."""
    if not route.validates:
        return None
    if declared and all(isinstance(o, Member) or (isinstance(o, Value) and o.cls <= Class.BOUNDED) for o in declared):
        return declared
    groups: list[Alts] = []
    for call in _markers(found, outer):
        ends: dict[str, float] = {}
        for name, term in call.kwargs:
            value = ev.value(term, outer)
            if value.cls is not Class.EXACTLY or len(value.exact) != 1:
                continue
            constant = value.exact[0]
            if name in ("ge", "gt", "le", "lt") and isinstance(constant, (int, float)):
                ends[name] = constant
            elif name in ("pattern", "regex") and isinstance(constant, str):
                options = patterns.held(constant, "search")
                if options is not None:
                    groups.append((exactly(sorted(options)),))
        low = ends.get("ge", ends["gt"] + 1 if "gt" in ends else None)
        high = ends.get("le", ends["lt"] - 1 if "lt" in ends else None)
        if low is not None and high is not None and _is_int(found):
            groups.append((bounded(max(1, int(high - low) + 1), "a validated whole number"),))
    return merge(groups) if groups else None


def _is_int(found: ParamFact) -> bool:
    annotation = found.annotation
    if isinstance(annotation, Item):
        inner = annotation.key.items[0] if isinstance(annotation.key, Seq) and annotation.key.items else annotation.key
        annotation = inner
    return getattr(annotation, "name", "") == "int"


def _markers(found: ParamFact, outer: Frame) -> list[Call]:
    terms: list[AnyTerm] = []
    if isinstance(found.default, Ref):
        terms.append(found.default)
    if isinstance(found.annotation, Item) and isinstance(found.annotation.key, Seq):
        terms.extend(found.annotation.key.items)
    out = []
    for term in terms:
        inner = outer.fact.defs[term.index].term if isinstance(term, Ref) else term
        if isinstance(inner, Call):
            out.append(inner)
    return out
