"""Rows of metrics clients, found by the path of a class and by the name of a method.

A call is found by the name that it writes, so the names of all clients are gathered once. The metric of the call decides
which client it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from cardlint.inference.limits import MAX_WRAPPER_ARGUMENTS
from cardlint.knowledge.clients.schema import Client, LabelCall, Method, MetricClass, ProcessMode, Role, WatchedCall
from cardlint.knowledge.schema import Wrapper

How = Literal["direct", "family", "wrapper"]
"""How a library path makes a metric: as a class, as a family, or as a wrapper of the user's rows."""

DISTINCTIVE: tuple[Role, ...] = ("labels", "count", "observe", "count-exceptions", "track-inprogress", "set-function")
"""Effects whose methods have names of their own: `.inc()`, `.observe()`. `.set()` and `.time()` are everywhere."""


class Constructor(Struct, frozen=True):
    """A metric of a client that a library path constructs."""

    client: Client
    row: MetricClass
    how: How


class Clients:
    """The rows of all clients."""

    def __init__(self, clients: tuple[Client, ...]) -> None:
        self.default = clients[0]
        self.packages = {client.package: client for client in clients}
        self._prefixes = tuple(f"{client.package}." for client in clients)
        self._constructors = {
            client.package: {row.name: Constructor(client, row, "family" if row.family else "direct") for row in client.classes}
            for client in clients
        }
        self._methods = {client.package: {method.name: method for method in client.methods} for client in clients}
        self._calls = {client.package: {call.name: call for call in client.calls} for client in clients}

        self.direct = frozenset(row.name for client in clients for row in client.classes if not row.family)
        """last names of the classes of metrics"""
        self.classes = frozenset(row.name for client in clients for row in client.classes)
        """the same, with families"""
        self.words = _once(word for client in clients for word in client.words)
        self.holding_words = _once(word for client in clients for word in client.holding_words)
        methods = [method for client in clients for method in client.methods]
        self.used = _once(method.name for method in methods if method.role)
        """methods that rules look at, in their order"""
        self.telling = frozenset(method.name for method in methods if method.telling)
        self.giving = _once(method.name for method in methods if method.labels)
        """methods with label arguments, in their order"""
        self.labelling = _once(m.name for m in methods if any(given.form == "each" for given in m.labels))
        """those of them whose arguments are the labels"""
        self.filling = frozenset(m.name for m in methods if m.labels and m.on == ("family",))
        """those of them that add a sample to a family"""
        self.distinctive = frozenset(method.name for method in methods if method.role in DISTINCTIVE)
        """methods that hardly any other object has, so that any receiver may be a metric: a parameter, a loop variable"""
        self.contexts = _once(method.name for method in methods if method.gives == "timer")
        """methods that give a context"""
        self.calls = _once(call.name for client in clients for call in client.calls)
        self.hints = _once(hint for client in clients for hint in (client.package, *client.hints))
        """words in the paths of clients and of libraries that wrap them"""
        self.bases = frozenset(base for client in clients for base in client.bases)
        self.collect = frozenset(client.collect for client in clients if client.collect)
        self.registries = _once(name for client in clients for name in client.registries)
        self.default_registries = frozenset(name for client in clients for name in client.default_registries)
        self._default_buckets = {name: client.default_bounds for client in clients for name in client.default_buckets}
        self.constants = {path: value for client in clients for path, value in client.constants}
        calls = [call for client in clients for call in client.watched]
        self.watched = _once(call.name for call in calls)
        self._watched = {client.package: {call.name: call for call in client.watched} for client in clients}
        self.own_collectors = _once(client.own_collectors for client in clients if client.own_collectors)
        """ends of the names of collectors that a client itself has registered"""
        self.private = frozenset(name for client in clients for name in client.private)
        self.private_methods = _once(name for client in clients for name in client.private_methods)
        self.variables = frozenset(name for client in clients for name in client.variables)
        self.removing = _once(call.name for call in calls if call.role == "unregistering")
        self.importing = frozenset(package for client in clients for package in client.importing)
        """packages and modules that import a client when they are imported"""
        self.multiprocess_variables = {
            name: client.multiprocess_variables[0] for client in clients for name in client.multiprocess_variables
        }
        """each spelling, with the current one"""

    def of(self, path: str) -> Client | None:
        """Return the client that a library path belongs to."""
        return self.packages[path.partition(".")[0]] if path.startswith(self._prefixes) else None

    def constructor(self, path: str) -> Constructor | None:
        """Return the metric that a class of a client constructs, None for any other path."""
        if not path.startswith(self._prefixes):
            return None
        return self._constructors[path.partition(".")[0]].get(path.rpartition(".")[2])

    def wrapper(self, path: str, wrapper: Wrapper) -> Constructor:
        """Return the metric that a wrapper of the user's rows constructs: a metric of the first client."""
        names = {wrapper.name: "name", wrapper.labelnames: "labelnames"}
        order = tuple(names.get(f"#{i}", f"<{i}>") for i in range(MAX_WRAPPER_ARGUMENTS))
        row = MetricClass(path.rpartition(".")[2], wrapper.type, order, tuple(names.items()))
        return Constructor(self.default, row, "wrapper")

    def method(self, client: Client, name: str) -> Method | None:
        """Return a method of the metrics of a client."""
        return self._methods[client.package].get(name)

    def call(self, path: str) -> LabelCall | None:
        """Return the label arguments of a function or class of a client, None for any other path."""
        client = self.of(path)
        return self._calls[client.package].get(path.rpartition(".")[2]) if client is not None else None

    def watched_call(self, client: Client, path: str) -> WatchedCall | None:
        """Return the row of a function, class or method of a client whose calls rules read, None for any other path."""
        return self._watched[client.package].get(path.rpartition(".")[2])

    def process_mode(self, client: Client, name: str | None) -> ProcessMode | None:
        """Return the mode of a gauge for several processes by its name, None where it is not known."""
        return next((mode for mode in client.process_modes if name is None or mode.name == name), None)

    def default_bounds(self, path: str) -> tuple[float, ...]:
        """Return the default bounds of a histogram that a library path names; () for any other path."""
        return self._default_buckets.get(path.rpartition(".")[2], ())

    def is_collector(self, path: str) -> bool:
        """Tell whether a library path is a base of custom collectors."""
        client = self.of(path)
        return client is not None and path.rpartition(".")[2] in client.collectors

    def star(self, module: str, name: str) -> bool:
        """Tell whether `from module import *` binds a name of a client."""
        client = self.packages.get(module.partition(".")[0])
        return client is not None and module in client.star_modules and name in client.star_names


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
