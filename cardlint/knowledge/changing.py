"""Methods and functions that put something into a container, and functions whose result is the container itself.

Sources: the documentation of the built-in types, and of bisect, collections, heapq, operator, queue, types and typing.
"""

from __future__ import annotations

from typing import Literal

GROWING = frozenset(["append", "add", "insert", "appendleft", "put", "put_nowait"])
"""Methods that put their last argument into the container."""
EXTENDING = frozenset(["extend", "extendleft", "update", "__iadd__", "__ior__", "symmetric_difference_update"])
"""Methods that put the elements of their arguments into the container."""
PUTTING = frozenset(["setdefault", "__setitem__"])
"""Methods that put their second argument under their first."""
MUTATORS = GROWING | EXTENDING | PUTTING
ELEMENT_READERS = frozenset(["get", "pop", "setdefault", "popitem", "popleft", "__getitem__", "get_nowait"])
"""Methods that return an element of the container."""
CHANGING_FUNCTIONS: dict[str, tuple[Literal["grow", "extend", "item"], int, int]] = {
    "bisect.insort": ("grow", 0, 1),
    "bisect.insort_left": ("grow", 0, 1),
    "bisect.insort_right": ("grow", 0, 1),
    "heapq.heappush": ("grow", 0, 1),
    "heapq.heappushpop": ("grow", 0, 1),
    "heapq.heapreplace": ("grow", 0, 1),
    "operator.iadd": ("extend", 0, 1),
    "operator.iconcat": ("extend", 0, 1),
    "operator.ior": ("extend", 0, 1),
    "operator.setitem": ("item", 0, 2),
}
"""Functions that change an argument: how, the position of the container, and that of the value."""
CONTAINER_TYPES = frozenset(["list", "dict", "set", "deque", "OrderedDict", "defaultdict", "Counter", "UserDict", "UserList"])
"""Classes whose methods may be called with the container as first argument: `list.append(KNOWN, x)`."""
VIEWS = frozenset(["collections.ChainMap", "types.MappingProxyType", "typing.cast", "typing_extensions.cast"])
"""Functions whose result is the container itself, seen through something else."""
PASSING_ON = frozenset(
    ["zip", "enumerate", "list", "tuple", "sorted", "reversed", "filter", "map", "iter", "next", "min", "max", "dict", "set", "frozenset"],
)
"""Builtins whose result has the elements of their arguments."""
PASSING_MODULES = frozenset(["itertools", "collections", "copy", "random", "operator", "functools", "heapq", "more_itertools", "toolz"])
"""Libraries whose functions return elements of their arguments, or containers of them."""
ONLY_LOOKED_AT = frozenset(
    ["isinstance", "issubclass", "super", "type", "callable", "hasattr", "getattr", "repr", "str", "print", "id", "hash"]
)
"""Builtins that call nothing they are given."""
CONSTRUCTORS = frozenset(["__init__", "__new__", "__post_init__"])
"""Methods that run once for each object: what they store is there from the beginning."""
