"""What a metrics client is, in rows: its classes, the methods that take labels, and what else of it is looked at.

The engine knows parts by their role alone, so that another client is one file of rows.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

MetricType = Literal["counter", "gauge", "summary", "histogram", "info", "enum", "untyped", "unknown"]
"""What a metric is; `unknown` is known by its use alone."""
View = Literal["parent", "child", "timer", "family"]
"""How a metric is held: itself, with its labels given, as a running timer, or as what a custom collector yields."""
SiteKind = Literal["labels", "add_metric", "add_sample", "info", "grouping-key", "job", "exporter", "sink"]
"""What gives values to labels at a label site."""
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
"""What a method does to a metric, whatever it is called; '' is of no interest to a rule."""
Form = Literal["each", "list", "mapping", "value"]
"""How labels are given: each argument is one, a list in the order of the names, a mapping from names, or one value."""


class MetricClass(Struct, frozen=True):
    """A class whose constructor makes a metric."""

    name: str
    """its last name: `Counter`"""
    type: MetricType
    parameters: tuple[str, ...]
    """its positional parameters in order. These names mean something: `name`, `namespace`, `subsystem`, `documentation`, `labelnames`,
    `unit`, `registry`, `buckets` (bounds), `states`, `multiprocess_mode`"""
    keywords: tuple[tuple[str, str], ...] = ()
    """keywords that are written otherwise than the parameter: `("labels", "labelnames")`"""
    family: bool = False
    """a family that a custom collector yields: it is made again for every scrape, and is registered nowhere"""
    free_labels: bool = False
    """each sample brings the names of its labels"""


class GivenLabels(Struct, frozen=True):
    """An argument that gives values to labels."""

    form: Form
    site: SiteKind
    position: int = 0
    keyword: str = ""
    """its keyword; of one `value`, also the name of the label"""
    types: tuple[MetricType, ...] = ()
    """only for metrics of these types; empty: of any"""


class Method(Struct, frozen=True):
    """A method of a metric."""

    name: str
    role: Role
    labels: tuple[GivenLabels, ...] = ()
    """the arguments that give values to labels"""
    on: tuple[View, ...] = ()
    """how the metric is held where this gives labels; empty: in any way"""
    types: tuple[MetricType, ...] = ()
    """types of metrics that have it; empty: any"""
    gives: Literal["nothing", "child", "timer", "samples"] = "nothing"
    telling: bool = False
    """what has such a method is a metric, or little else: it tells what a receiver is that nothing else is known of"""


class LabelCall(Struct, frozen=True):
    """A function or class that is given values of labels without a metric."""

    name: str
    labels: tuple[GivenLabels, ...]


class Client(Struct, frozen=True):
    """A metrics client."""

    package: str
    """its top-level package"""
    classes: tuple[MetricClass, ...]
    methods: tuple[Method, ...]
    calls: tuple[LabelCall, ...] = ()
    marks: tuple[bytes, ...] = ()
    """bytes of which one is in every file that declares or uses a metric; files without any are not analysed for themselves"""
    words: tuple[str, ...] = ()
    """words by which the name of a factory speaks of a metric"""
    holding_words: tuple[str, ...] = ()
    """words in the name of a class that holds metrics"""
    hints: tuple[str, ...] = ()
    """words in the path of a library that wraps this client"""
    star_modules: tuple[str, ...] = ()
    star_names: tuple[str, ...] = ()
    """modules and the names that `from module import *` binds, as far as the analysis asks for them"""
    bases: tuple[str, ...] = ()
    """bases of all metric classes, which are written in annotations"""
    collectors: tuple[str, ...] = ()
    """bases of custom collectors"""
    collect: str = ""
    """the method of a custom collector that runs at every scrape"""
    registries: tuple[str, ...] = ()
    """classes of registries"""
    default_registries: tuple[str, ...] = ()
    """objects that are the registry where none is given"""
    registry_keyword: str = ""
    """the keyword of a registry, in calls of `watched`; it is their first argument, too"""
    default_buckets: tuple[str, ...] = ()
    """names of the bounds of a histogram that is given none"""
    default_bounds: tuple[float, ...] = ()
    """those bounds"""
    series: tuple[tuple[MetricType, int], ...] = ()
    """series of one child where that is not 1; of a histogram those besides its finite bounds"""
    constants: tuple[tuple[str, float], ...] = ()
    """qualified names of numbers"""
    watched: tuple[str, ...] = ()
    """functions and classes whose calls the rules about misuse look at"""
    private: tuple[str, ...] = ()
    """attributes that the client keeps to itself"""
    private_methods: tuple[str, ...] = ()
    """what is called on them where somebody reads or writes them"""
    variables: tuple[str, ...] = ()
    """environment variables that the client reads when it is imported"""
    multiprocess_variables: tuple[str, ...] = ()
    """those of them that turn on multiprocess mode; the first is how it is spelled today"""
    multiprocess_calls: tuple[str, ...] = ()
    """calls that are made in multiprocess mode alone"""
    worker_ends: tuple[str, ...] = ()
    """what a server calls in that mode when one of its workers ends"""
    misuse: bool = False
    """the rules about misuse (CL2xx to CL5xx) say what this client does"""
