"""The state of lowering one body: the definitions so far, and the meaning of every name at this point.

An environment maps names, and dotted paths such as `self.x`, to indexes of definitions; None means that the point cannot be
reached. Branches copy it, and joins merge two with a phi.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Literal

from cardlint.ir.model import Definition, Flag, FunctionKind, Store
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Choice, Const, FreeVar, Guard, Import, Item, Opaque, Param, Refine, Seq, Use
from cardlint.lowering.names import item_part

if TYPE_CHECKING:
    from cardlint.lowering.module_lowering import FileLowering

Env = dict[str, int]
Told = tuple[str, int, tuple[tuple[str, int | None], ...]]
"""What a kept test says: a path, the definition that has passed it, and those of the path and its holders at the test."""
Fork = tuple[Env, int]
"""Environment and definition count at a branch."""
MANY_NAMES = 60
"""Names of a body from which it pays to record branches: below it, comparing all names is as fast."""
MAX_SEEN = 300
"""Names of a function beyond which its nested functions see all definitions of its names, and no variable keeps a test."""

MAX_CHOICE = 200
"""Definitions of one phi; beyond it the name is opaque."""


DECIDING = frozenset({"eq", "not-eq", "in", "not-in"})
WRITTEN = (Const, Attr, Seq)
"""Guards against constants, or against attributes such as the member of an enum, which decide which branch a call takes."""
MATCHING = frozenset({"fullmatch", "match", "search"})
"""Functions whose result says whether a regular expression matches their last argument."""
MAX_HANDED = 4
"""Arguments of a tested call that are looked at: a function that says whether it knows something has few."""
MAX_TESTS = 200
"""Tests of one name, one after the other, that are looked back over."""
PURE = frozenset(
    {"len", "str", "dict", "list", "tuple", "sorted", "set", "labels", "isinstance", "print", "repr", "get", "items", "keys", "values"}
)
"""Functions and methods that change none of their arguments."""
SAYS_NOTHING = PURE | frozenset(
    {"hasattr", "getattr", "callable", "any", "all", "bool", "int", "float", "issubclass", "startswith", "endswith", "exists", "next"}
)
"""Functions of Python whose result says nothing of the set that their arguments are from."""


class Jumps:
    """Environments that leave a loop or a `try` early. They join where the construct ends."""

    __slots__ = ("breaks", "continues", "pending")

    def __init__(self) -> None:
        self.breaks: list[Env] = []
        self.continues: list[Env] = []
        self.pending: list[Env] | None = None
        """for `try ... finally`: every environment that reaches the `finally` body"""


class Scope:
    """One function, lambda, class or module body being lowered."""

    def __init__(self, file: FileLowering, index: int, kind: FunctionKind, parent: int, owner: int) -> None:
        self.file = file
        self.index = index
        self.kind = kind
        self.parent = parent
        self.owner = owner
        self.qualname = ""
        self.defs: list[Definition] = []
        self.env: Env | None = {}
        self.last_env: Env = {}
        self.locals: set[str] = set()
        self.globals: set[str] = set()
        self.narrowed: dict[int, int] = {}
        self.deciding: dict[str, set[int]] = {}
        """by name or dotted path, the definitions that have passed a test of a parameter against constants"""
        self.conditions: dict[int, tuple[int, ...]] = {}
        self.shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        """the conditions that many definitions of one branch share"""
        self.receiver = ""
        """`self` or `cls`, in a method"""
        self.unpacked: dict[int, dict[str, None]] = {}
        """by definition, the names that one of its items is assigned to"""
        self.tested: dict[int, int] = {}
        """by refining definition, the definition that the first of its tests refines"""
        self.kept: dict[int, tuple[tuple[Told, ...], tuple[Told, ...]]] = {}
        """by the definition of a variable that keeps a test, what it says where it holds, and where it does not"""
        self.told: dict[int, int] = {}
        """by definition, the one that had passed the test when that was kept"""
        self.met: dict[int, int] = {}
        """by phi, the last definition that all of its options refine"""
        self.dotted: set[str] = set()
        """names and paths below which a dotted path has been bound"""
        self.flags = Flag.NONE
        self.walruses: dict[str, int] = {}
        """the definitions that walruses of one comprehension have made"""
        self.jumps: list[Jumps] = []
        self.returns: list[AnyTerm] = []
        self.guards: list[tuple[int, ...]] = []
        self.yields: list[AnyTerm] = []
        self.swallows = False
        self.stores: list[Store] = []
        self.annotations: dict[str, AnyTerm] = {}
        self.methods: dict[str, int] = {}
        """functions defined in a class body, by name"""

    def returned(self, term: AnyTerm) -> None:
        """Record a returned term, with the tested definitions that hold there."""
        self.returns.append(term)
        self.guards.append(tuple(index for index in (self.env or {}).values() if index in self.narrowed))

    # definitions ------------------------------------------------------------------------------------------------

    def define(self, name: str, term: AnyTerm, at: At, flags: int = 0) -> int:
        """Append a definition and return its index. It binds no name; `bind` does that."""
        if self.deciding and self.env is not None and (name or type(term) is Call) and type(term) is not Refine and not flags & Flag.PHI:
            found = tuple(index for path, tested in self.deciding.items() if (index := self.env.get(path)) in tested)
            if found:
                self.conditions[len(self.defs)] = self.shared.setdefault(found, found)
        self.defs.append(Definition(name, term, at, int(self.flags) | flags))
        return len(self.defs) - 1

    def bind(self, name: str, term: AnyTerm, at: At) -> None:
        """Bind a name, or a dotted path, to a term. Facts about paths below the name are dropped."""
        if self.env is None:
            return
        if name in self.dotted:
            prefix = name + "."
            for key in [k for k in self.env if k.startswith(prefix)]:
                del self.env[key]
        if "." in name:
            self._note(name)
        self.env[name] = self.define(name, term, at)
        if type(term) is Item and type(term.base) is Use:
            self.unpacked.setdefault(term.base.index, {})[name] = None
        if name in self.globals:
            self.stores.append(Store("global", FreeVar(name, at), name, None, Use(self.env[name], at), at))

    def _note(self, path: str) -> None:
        """Record a dotted path under its first name."""
        while "." in path:
            path = path.rpartition(".")[0]
            self.dotted.add(path)

    def lookup(self, name: str, at: At) -> AnyTerm:
        """Return the meaning of a name here: a definition of this body, or a name of an enclosing scope."""
        if self.env is not None and (index := self.env.get(name)) is not None:
            # the term of an import is used directly, so that two names of one import have one term
            term = self.defs[index].term
            return term if type(term) is Import or (type(term) is Const and not self._is_rebound(name)) else Use(index, at)
        if name in self.locals and name not in self.globals and self.kind == "function":
            return Opaque(f"`{name}` has no value yet at this point", at)
        return FreeVar(name, at)

    def is_outside(self, name: str) -> bool:
        """Tell whether a name that this body has not bound yet may have a value all the same: one of an enclosing scope.

        The names of a module have one only where a function has set it.
        """
        if self.kind == "module":
            return name in self.file.shared
        return name not in self.locals or name in self.globals

    def _is_rebound(self, name: str) -> bool:
        """Tell whether a function may give the name another value while this body runs."""
        return name in (self.file.shared if self.kind == "module" else self.file.rebound)

    def visible(self) -> dict[str, int] | None:
        """Return the captured environment of a nested function: the meaning of this function's names at the `def`."""
        if self.kind not in ("function", "lambda") or self.env is None or len(self.env) > MAX_SEEN:
            return None
        return {"": len(self.defs), **{name: index for name, index in self.env.items() if "." not in name}}

    # environments -----------------------------------------------------------------------------------------------

    def fork(self) -> Fork | None:
        """Record a branch, so that the join compares only the names that changed after it. Small bodies do without."""
        return (dict(self.env), len(self.defs)) if self.env is not None and len(self.env) > MANY_NAMES else None

    def join(self, *envs: Env | None, fork: Fork | None = None) -> Env | None:
        """Merge environments of paths that meet; names that differ become a phi. `fork` is the branch they come from."""
        alive: list[Env] = []
        met: set[int] = set()
        for env in envs:
            if env is not None and id(env) not in met:
                met.add(id(env))
                alive.append(env)
        if not alive:
            return None
        first = alive[0]
        if len(alive) == 1:
            return first
        names = self._touched(fork, alive) if fork is not None else None
        if len(alive) == 2:
            return self._join_two(first, alive[1], names)
        merged: Env = {} if names is None else {**first}
        keys: dict[str, None] = names or {}
        if names is None:
            for env in alive:
                keys.update(dict.fromkeys(env))
        for key in keys:
            indexes = list(dict.fromkeys(env[key] for env in alive if key in env))
            if not indexes or ("." in key and any(key not in env for env in alive)):
                merged.pop(key, None)  # on some path the attribute has the value of the object
                continue
            if len(indexes) > 1:
                indexes = self._without_narrowed(indexes)
            merged[key] = indexes[0] if len(indexes) == 1 else self.phi(key, indexes)
        return merged

    def _touched(self, fork: Fork, envs: list[Env]) -> dict[str, None] | None:
        """List the names that may have changed since a fork: a change is a definition. None where a path has dropped names."""
        base, since = fork
        names = dict.fromkeys(definition.name for definition in islice(self.defs, since, None))
        for env in envs:
            if len(env) != len(base) + sum((name in env) - (name in base) for name in names):
                return None
        return names

    def _join_two(self, first: Env, second: Env, names: dict[str, None] | None = None) -> Env:
        """Merge two environments, the usual case: most names are the same in both."""
        merged = dict(first)
        missing = 0
        if names is None:
            differing = [key for key, index in first.items() if second.get(key) != index]
        else:
            differing = [key for key in names if key in first and second.get(key) != first[key]]
        for key in differing:
            other = second.get(key)
            if other is None:
                missing += 1
                if "." in key:
                    del merged[key]
                continue
            indexes = self._without_narrowed([first[key], other])
            merged[key] = indexes[0] if len(indexes) == 1 else self.phi(key, indexes)
        if len(second) > len(first) - missing:
            for key in second if names is None else names:
                if key not in first and "." not in key and key in second:
                    merged[key] = second[key]
        return merged

    def _without_narrowed(self, indexes: list[int]) -> list[int]:
        """Drop a refined definition that meets its plain definition: their join is the plain one."""
        present = set(indexes)
        kept = []
        for index in indexes:
            base = self.narrowed.get(index)
            while base is not None and base not in present:
                base = self.narrowed.get(base)
            if base is None:
                kept.append(index)
        return kept or indexes

    def phi(self, name: str, indexes: list[int]) -> int:
        """Define the phi of several definitions of one name."""
        at = self.defs[indexes[0]].at
        if len(indexes) > MAX_CHOICE:
            return self.define(name, Opaque(f"`{name}` has more than {MAX_CHOICE} definitions here", at), at, Flag.PHI)
        made = self.define(name, Choice(tuple(Use(i, self.defs[i].at) for i in indexes), at), at, Flag.PHI)
        if self.kept and len(indexes) <= MAX_HANDED:
            first, *others = (self.plain(i) for i in indexes)
            common = next((i for i in first if all(i in other for other in others)), None)
            if common is not None:
                self.met[made] = common
        return made

    def bound_since(self, since: int) -> dict[str, list[int]]:
        """Return the definitions of each name and dotted path from one definition on, without refinements and phis."""
        found: dict[str, list[int]] = {}
        for index in range(since, len(self.defs)):
            definition = self.defs[index]
            if definition.name and index not in self.narrowed and not definition.flags & Flag.PHI:
                found.setdefault(definition.name, []).append(index)
        return found

    def exceptional(self, start: Env, since: int) -> Env:
        """Return the environment of a handler: any assignment since `since` may have happened or not."""
        env = dict(start)
        for name, indexes in self.bound_since(since).items():
            if name in start:
                env[name] = self.phi(name, [start[name], *indexes])
            elif "." not in name:
                env[name] = indexes[0] if len(indexes) == 1 else self.phi(name, indexes)
        return env

    def narrow(
        self, env: Env | None, path: str | None, guard: Guard, by: AnyTerm | None, at: At, tested: AnyTerm | None = None
    ) -> Env | None:
        """Return a copy of `env` in which the name or dotted path has passed a test; `tested` is the term of a path that is a call."""
        if env is None or path is None:
            return env
        index = env.get(path)
        if index is not None:
            base: AnyTerm = Use(index, at)
        elif tested is not None:
            base = tested
        elif "." in path:
            base = self._dotted_term(env, path, at)
        elif path in self.locals and path not in self.globals and self.kind == "function":
            return env
        else:
            base = FreeVar(path, at)
        out = dict(env)
        if "." in path:
            self._note(path)
        out[path] = self.define(path, Refine(base, guard, by, at), at)
        if index is not None:
            self.narrowed[out[path]] = index
        if guard in DECIDING and type(by) in WRITTEN and self._is_given(env, path):
            self.deciding.setdefault(path, set()).add(out[path])
        return out

    def is_part(self, path: str) -> bool:
        """Tell whether a path is an attribute or item of a variable of this body, and not known by its own definition."""
        root, dot, _ = path.partition(".")
        return bool(dot) and self.env is not None and path not in self.env and root in self.env and root != self.receiver

    def _is_given(self, env: Env, path: str) -> bool:
        """Tell whether a name or dotted path is a parameter, or reached from one."""
        first = index = env.get(path.partition(".")[0])
        while index is not None and type(term := self.defs[index].term) is Refine and type(term.base) is Use:
            index = self.tested.get(index, term.base.index)
        if first is not None and index is not None and first != index:
            self.tested[first] = index  # a limit for names with very many tests
        return index is not None and type(self.defs[index].term) is Param

    def looked_up(self, env: Env | None, path: str | None, at: At, how: Literal["found", "given", "not-found"]) -> Env | None:
        """Refine the arguments of a call whose result has been tested: it is true, not None, or false.

        After `found = TABLE.get(name)` and a test of `found`, `name` is one of the keys of the table, and after `found =
        PATTERN.match(name)` it is one of the texts that the pattern matches. What another function says of its arguments is in its body.
        """
        index = env.get(path) if env is not None and path is not None else None
        if index is None or env is None:
            return env
        term: AnyTerm = Use(index, at)
        for _ in range(4):
            if isinstance(term, Refine):
                term = term.base
            elif isinstance(term, Use):
                index, term = term.index, self.defs[term.index].term
        if not isinstance(term, Call):
            return env
        called = getattr(term.func, "name", "")
        if called in MATCHING or called == "get":
            path = self._path_of(term.args[-1], env) if term.args and not term.kwargs and how != "not-found" else None
            if called in MATCHING:
                return self.narrow(env, path, "matches", Use(index, at), at)
            return self.narrow(env, path, "key", term.func.base, at) if isinstance(term.func, Attr) and len(term.args) == 1 else env
        for argument in (*term.args, *(value for _, value in term.kwargs))[:MAX_HANDED] if called not in SAYS_NOTHING else ():
            path = self._path_of(argument, env) if env is not None else None
            if path is not None and path != self.receiver:
                env = self.narrow(env, path, how, Use(index, at), at)
        return env

    def _path_of(self, term: AnyTerm, env: Env) -> str | None:
        """Return the path by which a term is known at this point: its name must not have changed since."""
        if isinstance(term, Use):
            name = self.defs[term.index].name
            return name if name and self._unchanged(env.get(name), term.index) else None
        if isinstance(term, Attr) or (isinstance(term, Item) and isinstance(term.key, Const) and isinstance(term.key.value, str)):
            base = self._path_of(term.base, env)
            part = term.name if isinstance(term, Attr) else item_part(term.key.value)  # type: ignore[union-attr, arg-type]
            return f"{base}.{part}" if base is not None and part is not None else None
        return None

    def _unchanged(self, index: int | None, since: int) -> bool:
        """Tell whether a name still refers to a definition, perhaps refined since."""
        return since in self.plain(index, since)

    def plain(self, index: int | None, until: int = -1) -> list[int]:
        """List the definitions that one refines, from itself on, through paths that have met where all refine the same."""
        found: list[int] = []
        while index is not None and len(found) < MAX_TESTS:
            found.append(index)
            index = None if index == until else self.narrowed.get(index, self.met.get(index))
        return found

    def _dotted_term(self, env: Env, path: str, at: At) -> AnyTerm:
        root, *rest = path.split(".")
        index = env.get(root)
        term: AnyTerm = FreeVar(root, at) if index is None else Use(index, at)
        for name in rest:
            term = Item(term, Const(name[1:-1], at), at) if name.startswith("[") else Attr(term, name, at)
        return term

    def leave(self) -> None:
        """Mark the point as unreachable after `return` or `raise`; enclosing `finally` bodies still see its environment."""
        if self.env is not None:
            self.last_env = self.env
            for jump in self.jumps:
                if jump.pending is not None:
                    jump.pending.append(self.env)
        self.env = None
