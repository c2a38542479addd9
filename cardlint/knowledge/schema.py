"""The shapes of knowledge rows. Rows hold facts, never logic: the linker reads them, users may add their own."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """What is known of an expression of a library, by qualified name and access path.

    `path` is written as the expression would be: `flask.request.path`, `uuid.uuid4()`, `os.environ[]`,
    `starlette.requests.Request.headers.get()`, `flask.request.view_args[]`. `()` is a call, `[]` an item with any
    key, `[name]` an item with that constant key, `[*]` what iteration yields. An instance is written as its class:
    `datetime.datetime.hour`. A row holds for everything reached from it unless a longer row says otherwise when
    `deep` is true.
    """

    path: str
    cls: str = ""
    """`bounded`, `per-deployment`, `client-chosen`, `unbounded`, or '' for rows that only navigate (`returns`)"""
    size: int | None = None
    """number of values for bounded and client-chosen rows; None takes the default set size of 20"""
    kind: str = ""
    """`raw-path`, `identity`, `time`, `exception-text`, `free-text`, `uuid`, `address`, `header`, `body`, `measurement`,
    `object-repr`, `sql`, `user-agent`, `random`, `file-path`, `process`, `thread`, `host`, `version`, `config`, `inventory`, ..."""
    why: str = ""
    """completes "the value is ...": `the raw request path`"""
    returns: str = ""
    """qualified name of the class of the result, for further access"""
    how: str = ""
    """how a call computes its result from its operands, one of the transfer names in `cardlint.inference.models.transfers`: `same`
    (keeps the class of receiver or first argument), `arg:N`, `element`, `choice`, `int-range`, `strftime`, `modulo`,
    `dependency` (what a framework makes of it), `best` (an element, or the default), `bins`, `length`, `url-parts`, `route-url` (the URL of a route; with `:PATH` an object), `attribute` (one of the receiver, by its name), `joined`,
    `file`, `file:read`, `loaded`, `file:names` (files that lie where its argument says), `file-rows`, `result:N` (result of
    calling argument N), `typed:D:T:NAME` (an instance of the class in argument T or NAME, made of the data in argument D; with
    `:text`, of JSON), `rewritten:N` (another text for each one of argument N), `pieces:N` (parts of it), `query` (the parameters
    of a URL, as a dictionary or as `pairs`), `fixed:PATH` (that path where all arguments are fixed for the process), `columns`
    and `records` (tuples and dictionaries of the columns that are named), ... For what is not called, how its constants spell their values: `enum`
    (a class whose members hold a constant each), `numbered` (a module of names that hold their number)."""
    advice: str = ""
    """what to write instead, a phrase that completes "write ..." """
    deep: bool = False
    example: str = ""
    """a small program whose last expression, marked «...», has this class; empty only for rows that navigate"""


class Shape(NamedTuple):
    """Which parameters of a function are what, told by its surroundings: hooks, middleware, handlers, signals.

    A function matches when everything that is given holds (a `method` that ends in `*` is the beginning of a name): one of its decorators resolves to `decorator` (written as a
    row path, with `()` when the decorator is called), its class inherits from `base`, its name is `method`, it is stored in
    `attribute` of an object, its parameters include all of `signature` in this order (self not counted). `params` maps a parameter's name, or `#0`
    for a position (self not counted), to a row path.
    """

    framework: str
    params: tuple[tuple[str, str], ...]
    decorator: str = ""
    base: str = ""
    method: str = ""
    signature: tuple[str, ...] = ()
    attribute: str = ""
    example: str = ""


class Route(NamedTuple):
    """A decorator, or a call in a table of URLs, that makes a function a request handler with a route pattern.

    Parameters named in the pattern come from the URL; `validates` says whether annotations are enforced before the
    handler runs (Enum, Literal, bool, ge/le, pattern) and `converters` which converter names bound a value.
    """

    framework: str
    decorator: str
    pattern: str = "#0"
    """position or keyword of the argument that holds the pattern"""
    syntax: str = "{}"
    """`{}` for `{name:conv}`, `<>` for `<conv:name>`, `<:>` for `<name:conv>`, `re` for `(?P<name>...)`"""
    validates: str = ""
    others: str = ""
    """class of handler parameters that are not in the pattern: `query` for FastAPI, '' when there are none"""
    injects: str = ""
    """a word that a program writes where it passes such parameters itself; without it they come from the client"""
    body: str = ""
    """name of the handler parameter that holds the request body, made as its annotation says; '' when there is none"""
    handler: str = ""
    """position of the argument that holds the handler, for a call; '' for a decorator"""
    keyword: str = ""
    """keyword of the argument that holds the handler"""
    extra: str = ""
    """position or keyword of the argument that holds parameters which are not in the URL"""
    example: str = ""


class Named(NamedTuple):
    """The usual name of a parameter that a library passes to functions nobody in the analysed code calls.

    It holds in files that import one of `packages`, for a parameter without annotation that stands beside those of `beside`.
    """

    packages: tuple[str, ...]
    name: str
    path: str
    beside: tuple[str, ...] = ()


class Exporter(NamedTuple):
    """A constructor or call of an exporter package whose option decides whether raw paths become labels.

    It is a finding of `rule` at the call when the keyword is absent and `unsafe_default` holds, or when it is given a
    constant listed in `unsafe`.
    """

    path: str
    keyword: str
    unsafe_default: bool
    unsafe: tuple[object, ...]
    label: str
    why: str
    advice: str
    rule: str = "raw-path"
    example: str = ""


class Framework(NamedTuple):
    """How a framework spells the bounded twin of the raw path; used in advice."""

    name: str
    packages: tuple[str, ...]
    template: str
    """the expression to write instead of the raw path, with a constant fallback"""


class Library(NamedTuple):
    """All rows of one library. A module of this package exports one as `LIBRARY`; it is loaded only when the analysed code
    imports one of `packages`."""

    packages: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    shapes: tuple[Shape, ...] = ()
    routes: tuple[Route, ...] = ()
    exporters: tuple[Exporter, ...] = ()
    names: tuple[Named, ...] = ()
    framework: Framework | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    """(`fastapi.Request`, `starlette.requests.Request`): one object under two names, also for prefixes"""


class Sink(NamedTuple):
    """A call that puts values into labels without a prometheus_client object in sight; users declare their own.

    Parameters are written by keyword name or as `#0`. `labels` are parameters that are label values and give the label
    its name; `mapping` is one that holds a dictionary of labels; `metric` is one that holds the metric's name.
    """

    path: str
    labels: tuple[str, ...] = ()
    mapping: str = ""
    metric: str = ""
    type: str = "counter"


class Wrapper(NamedTuple):
    """A callable that returns a metric; users declare what inference cannot see through (compiled code, plugins)."""

    path: str
    type: str
    name: str = "#0"
    labelnames: str = "#2"
