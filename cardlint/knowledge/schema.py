"""The schema of knowledge rows. Rows hold facts, never logic: the inference reads them, users may add their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from cardlint.knowledge.clients.schema import MetricType

Class = Literal["", "bounded", "per-deployment", "client-chosen", "unbounded"]
"""The class of a row; '' for rows that only navigate."""
Syntax = Literal["{}", "<>", "<:>", "re"]
"""How the pattern of a route names its parameters: `{name:conv}`, `<conv:name>`, `<name:conv>`, `(?P<name>...)`."""
Group = Literal[
    "person",
    "session",
    "credentials",
    "object-id",
    "run",
    "network",
    "free-text",
    "location",
    "time",
    "named-by-users",
    "model",
]
"""What the name of a label means, see `vocabulary.GROUPS`."""
Certainty = Literal["certain", "likely", "contextual"]
"""How much a name says of its label: all, something where the value is not decided, or something only with an open value."""
if TYPE_CHECKING:
    Kind = Literal[
        Group,
        "",
        "address",
        "body",
        "boolean",
        "class-name",
        "clock",
        "code",
        "code-name",
        "command",
        "combination",
        "config",
        "configured",
        "container",
        "content-type",
        "credentials",
        "database",
        "device",
        "dialect",
        "errno",
        "error-code",
        "exception-text",
        "file-input",
        "file-path",
        "format",
        "free-text",
        "grpc-code",
        "header",
        "host",
        "http-host",
        "http-method",
        "identity",
        "inventory",
        "log-level",
        "measurement",
        "message-type",
        "mount-prefix",
        "object-repr",
        "operation",
        "operation-type",
        "partition",
        "payload",
        "position",
        "process",
        "program-output",
        "quality",
        "random",
        "raw-path",
        "reason",
        "remainder",
        "rpc-method",
        "scheme",
        "server-text",
        "signal",
        "sql",
        "state",
        "status",
        "subprotocol",
        "task-name",
        "template",
        "tested",
        "thread",
        "time",
        "user-agent",
        "uuid",
        "version",
    ]
else:
    Kind = str
"""What refines the class of a value. Rows of the user may have any other; no rule asks for one."""


class Row(Struct, frozen=True):
    """What is known of an expression of a library, by qualified name and access path.

    `path` is written as the expression would be: `flask.request.path`, `uuid.uuid4()`, `os.environ[]`,
    `starlette.requests.Request.headers[]`, `flask.request.view_args[]`. `()` is a call, `[]` an item with any
    key, `[name]` an item with that constant key, `[*]` an element of an iteration, `.*` at the end any attribute that no other row
    knows. `.get(key)` reads the item, so it
    has no row. An instance is written as its class: `datetime.datetime.hour`. A row holds for everything reached from it
    unless a longer row says otherwise when
    `deep` is true.
    """

    path: str
    cls: Class = ""
    size: int | None = None
    """number of values for bounded and client-chosen rows; None takes the default set size of 20"""
    kind: Kind = ""
    why: str = ""
    """completes "the value is ...": `the raw request path`"""
    returns: str = ""
    """qualified name of the class of the result, for further access"""
    how: str = ""
    """how a call computes its result from its operands, one of the transfer names in `cardlint.inference.models.transfers`: `same`
    (keeps the class of receiver or first argument), `arg:N`, `element`, `choice`, `int-range`, `strftime`, `modulo`,
    `dependency` (what a framework makes of it), `best` (an element, or the default), `bins`, `length`, `url-parts`,
    `route-url` (the URL of a route; with `:PATH` an object), `attribute` (one of the receiver, by its name), `joined`,
    `joined-path` (as `/` joins paths),
    `file`, `file:read`, `loaded`, `file:names` (files that lie where its argument says), `file:listed` (what a folder holds),
    `file-rows`, `result:N` (result of
    calling argument N), `typed:D:T:NAME` (an instance of the class in argument T or NAME, made of the data in argument D; with
    `:text`, of JSON), `rewritten:N` (another text for each one of argument N), `pieces:N` (parts of it), `query` (the parameters
    of a URL, as a dictionary or as `pairs`), `fixed:PATH` (that path where all arguments are fixed for the process), `columns`
    and `records` (tuples and dictionaries of the columns that are named), `rows` (those of a
    statement whose columns are written), `added` (the arguments
    of a parser), `unpickled` (the items of a message), ... For what is not called, how its constants spell their
    values: `enum` (a class whose members hold a constant each), `numbered` (a module of names that hold their number)."""
    advice: str = ""
    """what to write instead, a phrase that completes "write ..." """
    deep: bool = False
    person: bool = False
    """a person: of what is reached from it, only some tells one person from another (`vocabulary.TELLS_APART`)"""
    by_name: bool = False
    """an identity where the key, or the name of the parameter that gets it, means one (`vocabulary.ENDS_AN_ID` and others); any other
    one is a text that the client writes"""
    likely: bool = False
    """whether the name of a variable is all that tells what the object is; a finding is then less certain"""


class Shape(Struct, frozen=True):
    """Which parameters of a function are what, told by its surroundings: hooks, middleware, handlers, signals.

    A function matches when everything that is given holds: one of its decorators resolves to `decorator` (written as a
    row path, with `()` when the decorator is called), its class inherits from `base`, its name is `method` (one that ends
    in `*` is the beginning of a name), it is stored in
    `attribute` of an object, it is an argument of the call `passed`, its parameters include all of `signature` in this order (self
    not counted). `params` maps a parameter's name, or `#0` for a position (self not counted), to a row path; in a path that ends
    in `[]`, the name of the parameter is the key.
    """

    framework: str
    params: tuple[tuple[str, str], ...]
    decorator: str = ""
    base: str = ""
    method: str = ""
    signature: tuple[str, ...] = ()
    attribute: str = ""
    by_keyword: bool = False
    """whether all parameters are passed by name: what the function has no parameter for is in its `**kwargs`"""
    passed: str = ""
    """a call that gets the function as an argument, as a row path with `()`; one that begins with a dot is a method of any object"""
    places: tuple[str, ...] = ()
    """positions and keywords of that argument: `#0`, `callback`"""


class Route(Struct, frozen=True):
    """A decorator, or a call in a table of URLs, that makes a function a request handler with a route pattern.

    Parameters named in the pattern come from the URL; `validates` says whether annotations are enforced before the
    handler runs (Enum, Literal, bool, ge/le, pattern) and `converters` which converter names bound a value.
    """

    framework: str
    decorator: str
    pattern: str = "#0"
    """position or keyword of the argument that holds the pattern"""
    syntax: Syntax = "{}"
    validates: Literal["", "annotations"] = ""
    others: Literal["", "query"] = ""
    """class of handler parameters that are not in the pattern: `query` for FastAPI, '' when there are none"""
    injects: str = ""
    """a word that a program writes where it passes such parameters itself, or lists their values; without it they come from the client"""
    body: str = ""
    """name of the handler parameter that holds the request body, made as its annotation says; '' when there is none"""
    handler: str = ""
    """position of the argument that holds the handler, for a call; '' for a decorator"""
    keyword: str = ""
    """keyword of the argument that holds the handler"""
    extra: str = ""
    """position or keyword of the argument that holds parameters which are not in the URL"""
    message: bool = False
    """what is sent is a message, mostly of another program of the same system; a finding is then less certain"""
    whole: bool = False
    """the pattern is the whole path: it is a route of the application itself, and of no part that has a prefix"""


class Named(Struct, frozen=True):
    """The usual name of a parameter that a library passes to functions without a call in the analysed code.

    It holds in files that import one of `packages`, for a parameter without annotation next to the parameters in `others`.
    """

    packages: tuple[str, ...]
    name: str
    path: str
    others: tuple[str, ...] = ()


class Exporter(Struct, frozen=True):
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
    switch: str = ""
    """a keyword with which the call makes no metrics of requests: `export_defaults=False`"""
    instead: str = ""
    """a keyword that makes the option harmless where it is true: `should_ignore_untemplated=True` leaves such requests out"""


class Framework(Struct, frozen=True):
    """How a framework spells the bounded twin of the raw path; used in advice."""

    name: str
    packages: tuple[str, ...]
    template: str
    """the expression to write instead of the raw path, with a constant fallback"""


class Sink(Struct, frozen=True):
    """A call that puts values into labels without a prometheus_client object in sight: of a library, or declared by the user.

    Parameters are written by keyword name or as `#0`. `labels` are parameters that are label values and give the label its
    name; `mapping` is one that holds a dictionary of labels; `metric` is one that holds the metric's name.
    """

    path: str
    labels: tuple[str, ...] = ()
    mapping: str = ""
    metric: str = ""
    type: MetricType = "counter"
    calls: bool = False
    """the library calls each value that is a function, and its result is the label's value"""


class Library(Struct, frozen=True):
    """All rows of one library. A module of this package exports one as `LIBRARY`; it is loaded only when the analysed code
    imports one of `packages`."""

    packages: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    shapes: tuple[Shape, ...] = ()
    routes: tuple[Route, ...] = ()
    exporters: tuple[Exporter, ...] = ()
    sinks: tuple[Sink, ...] = ()
    names: tuple[Named, ...] = ()
    framework: Framework | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    """(`fastapi.Request`, `starlette.requests.Request`): one object under two names, also for prefixes"""


class Wrapper(Struct, frozen=True):
    """A callable that returns a metric; users declare what inference cannot see through (compiled code, plugins)."""

    path: str
    type: MetricType
    name: str = "#0"
    labelnames: str = "#2"
