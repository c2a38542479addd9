"""Program: the result of the inference, which rules read.

It holds metrics, label sites and uses. No rule resolves a name or follows a value itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from cardlint.findings import Place, Step, Suppression
from cardlint.inference.domain.value_sets import ValueSet, join_all
from cardlint.knowledge import clients
from cardlint.knowledge.clients.schema import CallRole, MetricType, Role, SiteKind

HowMade = Literal["direct", "family", "subclass", "wrapper", "duck"]
"""Constructed by a class of a client, a family, an analysed subclass or a factory; or never resolved: known only by its use."""
RegistryKind = Literal["default", "none", "local", "given", ""]
"""The default registry, none (`registry=None`), one built in the same function, any other; '' where a call takes none."""
Guarded = Literal["", "try", "cache", "collect", "called-once", "membership", "taken-out"]
"""The reason why a metric may be built more than once; '' if no reason is known."""
Receiver = Literal["parent", "child", "timer"]
"""The receiver of a method: the metric itself, the result of `.labels`, or a running timer."""
Decorated = Literal["", "function", "coroutine", "generator", "async-generator"]


class Measure(Struct, frozen=True):
    """The cost of one query or handler of the inference: `seconds` without those of the questions it asked."""

    kind: str
    """`query`, or the table of the handler: `term`, `call`, `attribute` ..."""
    name: str
    calls: int
    hits: int
    """calls that memory answered"""
    seconds: float


class Bounds(Struct, frozen=True):
    """A bucket list. `values` is None when it cannot be computed; `problem` says what prometheus_client does with it."""

    place: Place
    """the `buckets` argument"""
    values: tuple[float, ...] | None
    """all bounds in order of the source, +Inf included when written"""
    list_place: Place | None = None
    """the place of the list itself, when it is not in the call"""
    one_shot: bool = False
    """a generator or iterator: exhausted after its first use"""
    why: str = ""
    """why it could not be computed"""
    defaulted: bool = False
    """the bounds are one of several lists: a default that a caller replaces, or that of one caller of many"""

    def finite(self) -> int | None:
        """Count the bounds below +Inf, the number the rules compare."""
        if self.values is None:
            return None
        return sum(1 for v in self.values if v != float("inf"))


class Metric(Struct, frozen=True):
    """One declaration of a metric, or of several when its name is computed."""

    id: int
    type: MetricType
    name: str
    """the full name with namespace and subsystem, or the source text of the name expression"""
    name_value: ValueSet
    """inferred set of names"""
    labelnames: tuple[str, ...] | None
    """None when the list cannot be computed"""
    labelnames_place: Place | None
    label_places: dict[str, Place]
    """the place of each label name that is a literal"""
    place: Place
    """the constructor call"""
    constructor: HowMade
    class_name: str
    """the class as written at the call"""
    unit: str = ""
    bounds: Bounds | None = None
    states: int | None = None
    """number of states of an Enum"""
    multiprocess_mode: str | None = None
    """None when not written; '' when written but not computed"""
    of_each_process: bool = False
    """for a Gauge: with several processes, each has a series of its own"""
    of_live_processes: bool = False
    """for a Gauge: of several processes only those that run count"""
    registry: RegistryKind = "default"
    registry_at: Place | None = None
    """the place that makes the registry, where it is one of the program"""
    also_named: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    """further places of a label name, where one constructor is given the lists of several classes or callers"""
    raw: dict[str, Place] = field(default_factory=dict)
    """the places of the arguments, by parameter name of the constructor"""
    labelnames_string: bool = False
    """labelnames is one string: each of its letters becomes a label"""
    labels_open: bool = False
    """`labelnames` may be longer at run time: part of the list is not known"""
    labels_value: ValueSet | None = None
    """inferred set of label *names*, when they come from an expression that is not a constant list"""
    owner: str = ""
    """qualified name of the function that runs the constructor; '' for module and class bodies"""
    guarded: Guarded = ""
    again: Step | None = None
    """the place that makes its constructor run more than once: a loop, a handler, a task; None if none is known"""
    in_loop: bool = False
    in_test: bool = False
    is_collect: bool = False
    """built inside `collect()` of a custom collector: rebuilt at every scrape"""
    claimed: frozenset[str] = frozenset()
    """labels that a comment at the declaration claims to be bounded"""
    removed: bool = False
    """`.remove()` or `.clear()` is called on it somewhere"""
    shifted: bool = False
    """one place of the label list holds one of several names: `labelnames` has them all, and a position says nothing"""
    labels_vary: bool = False
    """the constructor is given one of several label lists; `labelnames` is the longest"""
    lists_vary: bool = False
    """the constructor makes several metrics, each with a known list of labels of its own; `labelnames` is the longest"""
    built: Place | None = None
    """the place of the class's own call, where a factory is called at `place`"""
    target: str = ""
    """the name or attribute it is bound to, for messages"""
    client: str = ""
    """the package of the client that makes it; '' where that is not known"""

    def series_per_child(self) -> int:
        """Return the number of series of one label set, with all that the client adds."""
        client = clients.of(self.client)
        series = dict(client.series).get(self.type, 1)
        if self.type == "histogram":
            default = sum(1 for bound in client.default_bounds if bound != float("inf"))
            finite = self.bounds.finite() if self.bounds is not None else default
            return (default if finite is None else finite) + series
        if self.type == "enum":
            return self.states or series
        return series


class LabelArg(Struct, frozen=True):
    """The value given to one label. `label` is None when a position could not be named."""

    label: str | None
    place: Place
    value: ValueSet
    text: str
    """the expression as written, shortened"""
    guess: ValueSet | None = None
    """for a value that is not decided: the guess by the label's name"""
    claimed: bool = False
    """a `# cardlint: bounded=N` comment gives the size of the value"""


class LabelSite(Struct, frozen=True):
    """One call that gives values to labels.

    Several candidate metrics mean that the receiver is one of them.
    """

    kind: SiteKind
    place: Place
    metrics: tuple[Metric, ...]
    args: tuple[LabelArg, ...]
    in_test: bool
    lifted: tuple[Step, ...] = ()
    """the real place of the call, when the metric is a parameter and the site is the caller"""
    template: str = ""
    """the route template expression of the framework in use, for advice"""
    shared: bool = False
    """the call gives values to other metrics too: its class or closure is made once for each metric, and it is a site of each"""
    out_of_sight: bool = False
    """no call: the place where a metric is handed to code that may give it any labels"""


class Given(Struct, frozen=True):
    """Possible arguments of a `.labels` call: the branch decides what a dictionary holds."""

    positional: int | None
    """number of positional values, None when it is not known"""
    certain: tuple[str, ...]
    """names that are given"""
    possible: tuple[str, ...]
    """names that may be given"""
    open: bool
    """whether further names may be given"""


class MetricUse(Struct, frozen=True):
    """Any other call on a metric, child or family, for rules about misuse.

    `positional` and `keywords` describe the arguments of `.labels`: number of positional values (None when starred) and keyword names
    (None when `**`). Of `add_metric` the number is that of the values in its list (None when that is not written out).
    """

    method: str
    """its name, as written"""
    role: Role
    """the effect of the method, under any name"""
    receiver: Receiver
    place: Place
    """the whole call"""
    metrics: tuple[Metric, ...]
    positional: int | None
    keywords: tuple[str, ...] | None
    first_is_dict: bool = False
    """the only positional argument is a dictionary"""
    bare: bool = False
    """the call is a whole statement"""
    in_loop: bool = False
    next_to_declaration: bool = False
    """module or class level, or the function that declares the metric"""
    decorates: Decorated = ""
    """what it decorates"""
    above_route: bool = False
    """it decorates what a decorator of routes or tasks returns, which has registered the function before"""
    through: str = ""
    """for a decorator of the program that times what it decorates: its name"""
    measured: Place | None = None
    """for such a decorator: the call that measures"""
    with_block: bool = False
    bound: bool = False
    """a context that gets a name: `with ... as timer`, `stack.enter_context(...)`. A timer can be given its labels later"""
    in_test: bool = False
    owner: str = ""
    """qualified name of the function that contains the call"""
    text: str = ""
    """the call as it is written, shortened"""
    given: tuple[Given, ...] = ()
    """the arguments of `.labels` with `*` and `**` resolved, one for each possible result; empty where nothing is known of them"""
    each_given: bool = False
    """each of `given` happens: the call is behind the branches that decide it, and under no other one"""
    each_metric: bool = False
    """each of `metrics` is used: a loop over them, a choice right before the call, a parameter that callers give"""
    always: bool = False
    """the call runs in every call of its function"""
    open: bool = False
    """the receiver may be a metric that is not among `metrics`: a part of what arrives there is not known"""


class Program(Struct, frozen=True, dict=True):
    """The analysed program: all facts that rules may read."""

    metrics: tuple[Metric, ...]
    sites: tuple[LabelSite, ...]
    uses: tuple[MetricUse, ...] = ()
    facts_errors: tuple[tuple[str, str, Place], ...] = ()
    """unreadable files: path, message, place"""
    unresolved: tuple[Step, ...] = ()
    """classes and factories that may make metrics and could not be resolved"""
    limits: tuple[Step, ...] = ()
    """places where a named bound of the inference was hit"""
    externals: tuple[ExternalCall, ...] = ()
    private_reads: tuple[PrivateRead, ...] = ()  # `._value.get()` and the like
    environment: tuple[EnvironmentWrite, ...] = ()
    multiprocess_evidence: tuple[Step, ...] = ()
    projects: tuple[str, ...] = ()
    """folders that declare a Python project, each a program of its own"""
    loaded_by: dict[str, frozenset[str]] = field(default_factory=dict)
    """for files that matter to multiprocess mode: the files whose program loads them, each with itself; empty where no rule asks"""
    started: frozenset[str] = frozenset()  # files that run as programs: they ask whether their name is `__main__`
    programs: dict[str, frozenset[str]] = field(default_factory=dict)
    """for files with a sign of multiprocess mode: all files of the programs that load them; a file is left out where that is open"""
    gunicorn_without_exit: tuple[Place, ...] = ()  # gunicorn configurations that never call mark_process_dead
    ends_workers: bool = False  # whether any file of the program names mark_process_dead
    starts_workers: Step | None = None  # the first sign that something starts workers
    measures: tuple[Measure, ...] = ()
    """cost of queries and handlers, when the run was asked for it"""
    repeated: tuple[tuple[Place, Place], ...] = ()
    """two metrics of one name in two modules, of which the second one imports the first one whenever it is imported"""
    limits_hit: tuple[tuple[str, int], ...] = ()
    """limits of the inference that were hit, by name, and how often"""
    suppressions: tuple[Suppression, ...] = ()
    """comments that suppress, after the other rules have run; empty before"""

    @cached_property
    def values(self) -> dict[tuple[int, str], ValueSet]:
        """Join the values that all sites give to each label of each metric, by the id of the metric and the label.

        What is priced is a label, and many sites write to one. Tests do not count.
        """
        found: dict[tuple[int, str], list[ValueSet]] = {}
        for site in self.sites:
            if not site.in_test:
                for metric in site.metrics:
                    for arg in site.args:
                        if arg.label is not None:
                            found.setdefault((metric.id, arg.label), []).append(arg.value)
        return {key: join_all(values) for key, values in found.items()}

    @cached_property
    def arguments(self) -> dict[tuple[Place, str | None], LabelArg]:
        """Index the label arguments by their place, as findings name them."""
        return {(arg.place, arg.label): arg for site in reversed(self.sites) for arg in reversed(site.args)}

    @cached_property
    def declared(self) -> dict[tuple[Place, str], Metric]:
        """Index the metrics by the place of their declaration and their name, as findings name them."""
        return {(metric.place, metric.name): metric for metric in reversed(self.metrics)}

    @cached_property
    def private_read_at(self) -> dict[Place, PrivateRead]:
        """Index the reads of private attributes by their place."""
        return {read.place: read for read in reversed(self.private_reads)}

    @cached_property
    def suppression_at(self) -> dict[Place, Suppression]:
        """Index the suppressing comments by their place."""
        return {comment.place: comment for comment in reversed(self.suppressions)}

    @cached_property
    def sites_of(self) -> dict[int, list[LabelSite]]:
        """Index the sites by the id of each metric that they may write to."""
        return _by_metric(self.sites)

    @cached_property
    def uses_of(self) -> dict[int, list[MetricUse]]:
        """Index the uses by the id of each possible metric."""
        return _by_metric(self.uses)

    def of_known_behaviour(self) -> Program:
        """Return the program without the metrics of clients that the rules about misuse do not apply to."""
        others = {metric.id for metric in self.metrics if not clients.of(metric.client).misuse}
        calls = tuple(call for call in self.externals if clients.of(call.path.partition(".")[0]).misuse)
        if not others and len(calls) == len(self.externals):
            return self
        return replace(
            self,
            metrics=tuple(metric for metric in self.metrics if metric.id not in others),
            sites=tuple(site for site in self.sites if all(metric.id not in others for metric in site.metrics)),
            uses=tuple(use for use in self.uses if all(metric.id not in others for metric in use.metrics)),
            externals=calls,
            private_reads=tuple(read for read in self.private_reads if all(metric.id not in others for metric in read.metrics)),
        )


T = TypeVar("T", LabelSite, MetricUse)


def _by_metric(items: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for item in items:
        for number in {metric.id for metric in item.metrics}:
            found.setdefault(number, []).append(item)
    return found


class PrivateRead(Struct, frozen=True):
    """A call like `JOBS._value.get()`, which reads a private attribute of prometheus_client."""

    place: Place
    attribute: str
    metrics: tuple[Metric, ...]
    """possible metrics; several when the receiver is one of them"""
    in_test: bool = False


class ExternalCall(Struct, frozen=True):
    """A call of a library function that a rule looks at: collectors, registries, unregister.

    `path` is the qualified name, for example `prometheus_client.GCCollector`. Rules ask for the role, which is the same in every client.
    """

    path: str
    role: CallRole
    place: Place
    registry: RegistryKind
    keywords: tuple[str, ...]
    in_test: bool
    registry_at: Place | None = None
    """the place that makes the registry, where it is one of the program"""
    metrics: tuple[Metric, ...] = ()
    """the metrics that a method of a registry is given; then the registry is the one that it is called on"""
    existing: str = ""
    """for a collector that the client has already registered: the object that is in the registry"""
    on_own_collector: bool = False
    """the first argument of such a method is a collector that the client itself has registered"""
    tried: bool = False
    """the call is in a `try` that has handlers"""
    once: bool = False
    """the call runs at most once in a process"""


class EnvironmentWrite(Struct, frozen=True):
    """An assignment to an environment variable that prometheus_client reads at import.

    `after` is the import statement that has read it before, when there is one in the same file.
    """

    name: str
    place: Place
    after: Place | None
    in_test: bool
    in_function: bool = False
