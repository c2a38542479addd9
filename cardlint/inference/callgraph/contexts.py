"""Contexts of a function: one for each object or closure that it can belong to, where their values differ.

`Timed(LATENCY, "db")` and `Timed(REQUESTS, request.path)` run the same `__enter__`. In one context each of the metrics would
get the values of both. So a method is analysed once for each call that makes the object, and values of different objects do
not mix. The same holds for a function that a decorator or a factory returns.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cardlint.inference.callgraph import callers
from cardlint.inference.callgraph.call_sites import CallSite
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import ANY, Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import ClassObject, Function, Instance
from cardlint.inference.limits import MAX_CONTEXT_DEPTH, MAX_CONTEXTS
from cardlint.inference.primitives import binding, class_graph
from cardlint.inference.program import Metric
from cardlint.ir.terms import Call

Rebuild = Callable[[Frame], Frame | None]
Look = Callable[[Frame], tuple[list[Metric], set[Frame]]]
"""returns the possible metrics of a receiver in a frame, and the open frames that the answer depends on"""
NONE: list[Context] = []


class Context:
    """A function in the context of the object or closure that one call makes.

    `maker` is the frame of that call, and `again` moves it to another one.
    """

    __slots__ = ("again", "frame", "maker")

    def __init__(self, frame: Frame, maker: Frame, again: Rebuild) -> None:
        self.frame = frame
        self.maker = maker
        self.again = again

    def deeper(self, ev: Evaluator, deps: set[Frame]) -> list[Context]:
        """Return the contexts by the callers of the function that makes it: `def recorder(metric): return Recorder(metric)`."""
        found = []
        for view in contexts_of(ev, self.maker, deps, also_called=True):
            frame = self.again(view.frame)
            if frame is not None:
                found.append(Context(frame, view.maker, _then(view.again, self.again)))
        return found


def _then(first: Rebuild, second: Rebuild) -> Rebuild:
    def both(frame: Frame) -> Frame | None:
        inner = first(frame)
        return second(inner) if inner is not None else None

    return both


def split_by_context(ev: Evaluator, frame: Frame, look: Look, found: list[Metric], deps: set[Frame]) -> list[tuple[Frame, list[Metric]]]:
    """Split the metrics of a receiver by the call that makes the object or closure: each frame with its metrics.

    The list is empty where the contexts do not differ. Metrics without a context keep the frame in which they were found.
    """
    outermost = frame
    while outermost.bindings is not None and outermost.caller is not None:
        outermost = outermost.caller
    waiting = [(view, 0) for view in ev.ask(lambda: contexts_of(ev, outermost, deps), NONE, frame, frame.ir.at)]
    out: list[tuple[Frame, list[Metric]]] = []
    while waiting and len(out) + len(waiting) <= MAX_CONTEXTS:
        view, depth = waiting.pop(0)
        inner = view.frame if frame is outermost else binding.replay(ev, frame, outermost, view.frame)
        if inner is None:
            continue
        metrics, rests = look(inner)
        if len(metrics) > 1 and depth < MAX_CONTEXT_DEPTH:
            deeper = ev.ask(partial(view.deeper, ev, rests), NONE, frame, frame.ir.at)
            if deeper:
                waiting.extend((each, depth + 1) for each in deeper)
                continue
        if metrics:
            out.append((inner, metrics))
    if waiting or all(len(metrics) >= len(found) for _, metrics in out):
        return []
    left = [m for m in found if not any(m in metrics for _, metrics in out)]
    return [*out, (frame, left)] if left else out


def contexts_of(ev: Evaluator, frame: Frame, deps: set[Frame], also_called: bool = False) -> list[Context]:
    """List the contexts of a function's open frame that separate values which depend on the frames of `deps`.

    With `also_called`, calls of the function itself count too.
    """
    chain = [frame]
    while chain[-1].parent is not None:
        chain.append(chain[-1].parent)
    for position, above in enumerate(chain):
        if above.bindings is not None or above.receiver is not None:
            return []  # it is known already
        inner = chain[:position]
        if (position or also_called) and above.ir.kind == "function" and (above in deps or ANY in deps):
            found = _by_callers(ev, above, inner)
            if found or above in deps:
                return found
        owner = class_graph.owner_of(above.file, above.ir)
        if (
            owner is not None
            and _is_method(above)
            and (any(_constructs(ev, dep, owner) for dep in deps) or class_graph.subclasses(ev, owner))
        ):
            return _by_constructions(ev, above, owner, inner)
    return []


def _is_method(frame: Frame) -> bool:
    ir = frame.ir
    return bool(ir.params) and not terms.flag(ir, "staticmethod", "classmethod") and ir.name not in ("__new__", "__init__")


def _constructs(ev: Evaluator, dep: Frame, owner: ClassObject) -> bool:
    """Tell whether a frame is that of the constructor of a class or of one that it inherits from."""
    if dep is ANY:
        return True
    if dep.ir.name != "__init__":
        return False
    made = class_graph.owner_of(dep.file, dep.ir)
    return made is not None and made in class_graph.mro(ev, owner)


def _by_callers(ev: Evaluator, above: Frame, inner: list[Frame]) -> list[Context]:
    out: list[Context] = []
    for site in callers.callers_of(ev, above.file, above.ir):
        if not site.written:
            continue
        function = Function(above.file, above.ir, site.bound, site.closure)

        def again(maker: Frame, function: Function = function, site: CallSite = site) -> Frame | None:
            bound = binding.bound_frame(ev, function, site.call, maker, site.partial)
            return _inside(inner, bound) if bound is not None else None

        frame = again(site.frame)
        if frame is not None:
            out.append(Context(frame, site.frame, again))
    return out if len(out) <= MAX_CONTEXTS else []


def _by_constructions(ev: Evaluator, above: Frame, owner: ClassObject, inner: list[Frame]) -> list[Context]:
    out: list[Context] = []
    for cls in (owner, *class_graph.subclasses(ev, owner)):
        if cls is not owner and above.ir.name in cls.ir.methods:
            continue
        for site in callers.constructions(ev, cls):

            def again(maker: Frame, cls: ClassObject = cls, call: Call = site.call) -> Frame | None:
                return _inside(inner, _on(above, cls, call, maker))

            frame = again(site.frame)
            if frame is not None:
                out.append(Context(frame, site.frame, again))
    return out if len(out) <= MAX_CONTEXTS else []


def _on(above: Frame, cls: ClassObject, call: Call, maker: Frame) -> Frame:
    """Return the frame of a method on the instance that one call makes; its other parameters still ask the callers."""
    made = above.context((id(call), maker), above.parent)
    if made.receiver is None:
        made.receiver = (Instance(cls, (call, maker)),)
    return made


def _inside(inner: list[Frame], outermost: Frame) -> Frame:
    """Return the frame of a nested function, in a given context of its enclosing one."""
    for frame in reversed(inner):
        outermost = frame.context(outermost, outermost)
    return outermost


def _may_be(ev: Evaluator, obj: Instance, cls: ClassObject) -> bool:
    """Tell whether an object that a call runs on may be an instance of a class: one that is made there is of its own class."""
    if cls in class_graph.mro(ev, obj.cls):
        return True
    if obj.site is not None:
        return False
    return obj.cls in class_graph.mro(ev, cls) or any(cls in class_graph.mro(ev, sub) for sub in class_graph.subclasses(ev, obj.cls))


def may_reach(ev: Evaluator, site: CallSite, frame: Frame) -> bool:
    """Tell whether a call may run a function on the object, or as the closure, of a frame's context."""
    if frame.receiver is not None and site.bound:
        made = {id(o.site[0]) for o in frame.receiver if isinstance(o, Instance) and o.site}
        called = [o for o in site.bound if isinstance(o, Instance)]
        if made and called and all(o.site is not None and id(o.site[0]) not in made for o in called):
            return False
        kinds = [o.cls for o in frame.receiver if isinstance(o, Instance)]
        if kinds and called and not any(_may_be(ev, o, cls) for o in called for cls in kinds):
            return False
    ours, theirs = frame.parent, site.closure
    while ours is not None and theirs is not None and ours.ir is theirs.ir:
        if ours.origin is not None and theirs.origin is not None and ours.origin[1] is not theirs.origin[1]:
            return False
        ours, theirs = ours.parent, theirs.parent
    return True
