"""Modules, names and attributes by computed names: `import_module("m")`, `globals()["NAME"]`, `vars(module)`, `getattr(self, name)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Function, Instance, LibraryPath, MetricObject, Module, Namespace, Objects
from cardlint.inference.domain.text_methods import CLASS_NAMES
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unknown
from cardlint.inference.language import attributes, class_attributes, dynamic_attributes, names
from cardlint.inference.primitives import class_graph
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, FreeVar, Import, Item, Seq

COMPUTED = unknown("a module whose name is computed")
OWN_PACKAGE = ("__package__", "__name__")
"""Names by which a module gives its own place. Relative names start there."""


def import_module(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `importlib.import_module(name, package)`: the modules of the tree, or of a library, of these names."""
    name = terms.argument(term, 0, "name")
    package = terms.argument(term, 1, "package")
    if name is None:
        return (COMPUTED,)
    if isinstance(name, FreeVar) and name.name == "__name__":
        return (Module(frame.file),)
    return _each(ev.value(name, frame), lambda text: _module(ev, text, package, frame, term), _computed(ev, term, frame))


def dunder_import(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `__import__(name, ..., fromlist, level)`: the first part of the name, with a list of names the module itself."""
    name = terms.argument(term, 0, "name")
    listed = terms.argument(term, 3, "fromlist")
    level = terms.argument(term, 4, "level")
    dots = level.value if isinstance(level, Const) and type(level.value) is int else 0
    if name is None or (level is not None and not isinstance(level, Const)):
        return (COMPUTED,)
    whole = (
        listed is not None and not (isinstance(listed, Seq) and not listed.items) and not (isinstance(listed, Const) and not listed.value)
    )

    def found(text: str) -> Objects:
        return _import(ev, "." * dots + (text if whole or dots else text.partition(".")[0]), frame, term)

    return _each(ev.value(name, frame), found, _computed(ev, term, frame))


def _computed(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Return a module whose name is computed: nothing is known of it, but its names may say something."""
    return attributes.external(ev, LibraryPath("importlib.import_module"), "()", term, frame)


def loaded(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `sys.modules.get(name)`: the module, or nothing."""
    name = terms.argument(term, 0)
    if name is None:
        return (COMPUTED,)
    default = terms.argument(term, 1)
    found = ev.eval(Item(term.func.base, name, term.at), frame) if hasattr(term.func, "base") else (COMPUTED,)
    return found if default is None else join_objects([found, ev.eval(default, frame)])


def same(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `importlib.reload(module)`: the module."""
    return ev.eval(term.args[0], frame) if term.args else (COMPUTED,)


def own_names(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `globals()`: the names of the module in which it is written."""
    return (Namespace(frame.file),)


def local_names(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `locals()`: at the top level of a module these are its names."""
    return (Namespace(frame.file),) if frame.ir.kind == "module" else (unknown("the names inside a function"),)


def item(ev: Evaluator, of: Namespace, key: ValueSet, term: Item, frame: Frame) -> Objects:
    """Return what a module holds under a key of its dictionary."""
    return _each(key, lambda text: _held(ev, of, text), (unknown("a name of a module that is computed"),))


def method(ev: Evaluator, of: Namespace, name: str, term: Call, frame: Frame) -> Objects:
    """Call a method of the dictionary of a module: those that look a name up."""
    if name not in ("get", "pop", "setdefault", "__getitem__") or not term.args:
        return (unknown(f"method `{name}` of the names of a module"),)
    key = ev.value(term.args[0], frame)
    default = terms.argument(term, 1, "default")
    if key.bound is not Bound.EXACTLY:
        return (unknown("a name of a module that is computed"),)
    groups = [names.module_name(ev, of.file, str(text), lazily=False) for text in key.exact]
    if default is not None and not (groups and all(groups)):
        groups.append(ev.eval(default, frame))
    elif name == "get" and not all(groups):
        groups.append((exactly((None,)),))
    return join_objects([group for group in groups if group]) if any(groups) else BOTTOM


def _held(ev: Evaluator, of: Namespace, name: str) -> Objects:
    found = names.module_name(ev, of.file, name, lazily=False)
    return found or (unknown(f"`{name}` is not in module `{of.file.module}`"),)


def _each(given: ValueSet, found: Callable[[str], Objects], computed: Objects) -> Objects:
    """Join what is found under each of some constant names."""
    if given.bound is not Bound.EXACTLY or not given.exact or not all(isinstance(text, str) for text in given.exact):
        return computed
    return join_objects([found(str(text)) for text in given.exact])


def _module(ev: Evaluator, name: str, package: AnyTerm | None, frame: Frame, term: Call) -> Objects:
    """Return the module of a name, a relative one from the package that is given with it."""
    if not name.startswith(".") or package is None or (isinstance(package, FreeVar) and package.name in OWN_PACKAGE):
        return _import(ev, name, frame, term)
    given = ev.value(package, frame)

    def inside(text: str) -> Objects:
        bare = name.lstrip(".")
        parts = text.split(".")
        base = parts[: len(parts) - (len(name) - len(bare) - 1)]
        return _import(ev, ".".join([*base, *(part for part in [bare] if part)]), frame, term)

    return _each(given, inside, _computed(ev, term, frame))


def _import(ev: Evaluator, name: str, frame: Frame, term: Call) -> Objects:
    found = names.imported(ev, Import(name, "", term.at), frame) if name else (COMPUTED,)
    return tuple(COMPUTED if isinstance(o, LibraryPath) and not o.path else o for o in found)


def attribute_by_name(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Evaluate `getattr(obj, name, default)`."""
    if len(term.args) < 2:
        return (unknown("getattr() without a name"),)
    name = ev.value(term.args[1], frame)
    groups: list[Objects] = []
    if name.bound is Bound.EXACTLY:
        for text in name.exact:
            got = ev.eval(Attr(term.args[0], str(text), term.at), frame)
            undecided = all(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN and not o.kind for o in got)
            if not undecided or len(term.args) < 3 or got:
                groups.append(got)
    else:
        groups.append(_any_attribute(ev, term, frame))
    if len(term.args) > 2 and not _is_always_named(ev, term, name, frame):
        groups.append(ev.eval(term.args[2], frame))
    return join_objects(groups) if groups else BOTTOM


def _is_always_named(ev: Evaluator, term: Call, name: ValueSet, frame: Frame) -> bool:
    """Tell whether the default is never taken: a function or a class has a `__name__`."""
    if name.bound is not Bound.EXACTLY or not all(text in CLASS_NAMES for text in name.exact):
        return False
    return all(isinstance(obj, (Function, ClassObject)) for obj in ev.eval(term.args[0], frame))


def _any_attribute(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Join all metrics held by an object whose attribute name is computed: `getattr(self, f"{x}_total")`."""
    groups: list[Objects] = []
    for obj in ev.eval(term.args[0], frame):
        if isinstance(obj, Instance):
            stored = [n for base in class_graph.mro(ev, obj.cls) if isinstance(base, ClassObject) for n in class_graph.stored_names(base)]
            for name in dict.fromkeys((*stored, *dynamic_attributes.names(ev, obj))):
                alts = class_attributes.instance_attribute(ev, obj, name, frame, term.at)
                groups.append(tuple(o for o in alts if isinstance(o, MetricObject)))
    found = join_objects([g for g in groups if g]) if any(groups) else BOTTOM
    return found or join_objects([*_methods_of_form(ev, term, frame), (unknown("an attribute whose name is computed"),)])


def _methods_of_form(ev: Evaluator, term: Call, frame: Frame) -> Iterator[Objects]:
    """List the methods that a computed name may be: `getattr(self, f"on_{kind}")`."""
    for obj in ev.eval(term.args[0], frame):
        if not isinstance(obj, Instance):
            continue
        below = class_graph.subclasses(ev, obj.cls) if obj.site is None else ()
        for cls in (obj.cls, *below):
            held = [name for base in class_graph.mro(ev, cls) if isinstance(base, ClassObject) for name in base.ir.methods]
            for name in dict.fromkeys(held):
                if terms.may_spell(term.args[1], name, frame):
                    yield ev.attribute(Instance(cls, obj.site), Attr(term.args[0], name, term.at), frame)
