"""The schema of a metrics client: its classes, the methods with label arguments, and other parts that rules read.

The engine knows parts by their role alone, so that another client is one file of rows.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

MetricType = Literal["counter", "gauge", "summary", "histogram", "info", "enum", "untyped", "unknown"]
"""The type of a metric; `unknown` is known only by its use."""
View = Literal["parent", "child", "timer", "family"]
"""The part of a metric that an object is: the metric itself, a child, a running timer, or a family of a custom collector."""
SiteKind = Literal["labels", "add_metric", "add_sample", "info", "grouping-key", "job", "exporter", "sink"]
"""The kind of a label site."""
Role = Literal[
    "",
    "labels",
    "count",
    "set",
    "observe",
    "time",
    "describe",
    "count-exceptions",
    "track-inprogress",
    "set-function",
    "remove",
    "remove-by-labels",
    "clear",
    "reset",
    "add-metric",
]
"""The effect of a method on a metric, under any name; rules ignore ''."""
CallRole = Literal[
    "",
    "registry",
    "registering",
    "unregistering",
    "own-collector",
    "all-processes",
    "worker-end",
    "serve",
    "application",
    "render",
    "write",
    "push",
]
"""What a call of a client does, under any name: it makes a registry, puts a metric into one or takes it out, makes a collector that
the client has already registered, collects the values of all processes or ends one of them, serves the values or makes an application
that does, returns them as text, writes them to a file, or sends them away."""
Form = Literal["each", "list", "mapping", "value"]
"""The form of label arguments: each argument is one value, a list in the order of the names, a mapping from names, or one value."""


class MetricClass(Struct, frozen=True):
    """A class whose constructor makes a metric."""

    name: str
    """its last name: `Counter`"""
    type: MetricType
    parameters: tuple[str, ...]
    """its positional parameters in order. These names mean something: `name`, `namespace`, `subsystem`, `documentation`, `labelnames`,
    `unit`, `registry`, `buckets` (bounds), `states`, `multiprocess_mode`"""
    keywords: tuple[tuple[str, str], ...] = ()
    """keywords that differ from the parameter: `("labels", "labelnames")`"""
    family: bool = False
    """a family of a custom collector: it is built at every scrape, and is in no registry"""
    free_labels: bool = False
    """each sample has its own label names"""


class GivenLabels(Struct, frozen=True):
    """An argument with values of labels."""

    form: Form
    site: SiteKind
    position: int = 0
    keyword: str = ""
    """its keyword; for one `value`, also the name of the label"""
    types: tuple[MetricType, ...] = ()
    """only for metrics of these types; empty: of any"""


class Method(Struct, frozen=True):
    """A method of a metric."""

    name: str
    role: Role
    labels: tuple[GivenLabels, ...] = ()
    """the arguments with values of labels"""
    on: tuple[View, ...] = ()
    """parts of a metric on which it has label arguments; empty: all"""
    types: tuple[MetricType, ...] = ()
    """types of metrics that have it; empty: any"""
    gives: Literal["nothing", "child", "timer", "samples"] = "nothing"
    telling: bool = False
    """few other objects have such a method: it shows that an unknown receiver is a metric"""


class LabelCall(Struct, frozen=True):
    """A function or class with label arguments and without a metric."""

    name: str
    labels: tuple[GivenLabels, ...]


class WatchedCall(Struct, frozen=True):
    """A function, class or method of a client whose calls the rules about misuse read."""

    name: str
    role: CallRole = ""
    existing: str = ""
    """for a collector: the object of its class that the client itself makes and registers"""


class ProcessMode(Struct, frozen=True):
    """How the values that the processes have of one gauge are put together."""

    name: str
    each: bool = False
    """there is one series for each process"""
    live: bool = False
    """only processes that run count"""


class Client(Struct, frozen=True):
    """A metrics client."""

    package: str
    """its top-level package"""
    classes: tuple[MetricClass, ...]
    methods: tuple[Method, ...]
    calls: tuple[LabelCall, ...] = ()
    marks: tuple[bytes, ...] = ()
    """marks: each file that declares or uses a metric holds one of these bytes; files without any are no seeds"""
    words: tuple[str, ...] = ()
    """words in the name of a factory that mean a metric"""
    holding_words: tuple[str, ...] = ()
    """words in the name of a class that holds metrics"""
    hints: tuple[str, ...] = ()
    """words in the path of a library that wraps this client"""
    star_modules: tuple[str, ...] = ()
    star_names: tuple[str, ...] = ()
    """modules and the names that `from module import *` binds, as far as the analysis needs them"""
    bases: tuple[str, ...] = ()
    """bases of all metric classes, which annotations name"""
    collectors: tuple[str, ...] = ()
    """bases of custom collectors"""
    collect: str = ""
    """the method of a custom collector that runs at every scrape"""
    registries: tuple[str, ...] = ()
    """classes of registries"""
    default_registries: tuple[str, ...] = ()
    """objects that are the default registry"""
    registry_keyword: str = ""
    """the keyword of a registry, in calls of `watched`; it is also their first argument"""
    default_buckets: tuple[str, ...] = ()
    """names of the default bounds of a histogram"""
    default_bounds: tuple[float, ...] = ()
    """those bounds"""
    series: tuple[tuple[MetricType, int], ...] = ()
    """series of one child where that is not 1; for a histogram those other than its finite bounds"""
    constants: tuple[tuple[str, float], ...] = ()
    """qualified names of numbers"""
    parts: tuple[str, ...] = ()
    """modules by which a copy of the package in a checkout is recognised: a module that only has its name is another one"""
    watched: tuple[WatchedCall, ...] = ()
    """functions, classes and methods with calls that the rules about misuse read"""
    own_collectors: str = ""
    """the end of the names of the collectors that the client itself has registered"""
    process_modes: tuple[ProcessMode, ...] = ()
    """the modes of a gauge where there are several processes; the first one is that of a gauge without a mode"""
    private: tuple[str, ...] = ()
    """attributes that the client keeps to itself"""
    private_methods: tuple[str, ...] = ()
    """what is called on them where a program reads or writes them"""
    variables: tuple[str, ...] = ()
    """environment variables that the client reads when it is imported"""
    multiprocess_variables: tuple[str, ...] = ()
    """those of them that turn on multiprocess mode; the first is the current spelling"""
    importing: tuple[str, ...] = ()
    """packages and modules of others that import this client when they are imported"""
    misuse: bool = False
    """the rules about misuse (CL2xx to CL5xx) apply to this client"""
