"""Names that mean something wherever they are written, each with the page that documents it or a program in which it was met.

The engine knows the meaning of a table, and no name of it. A name is looked up here where no import tells what it belongs to: a decorator
of a file that was not analysed, an attribute of an object that nothing is known of.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Name(Struct, frozen=True):
    """A name, and where its meaning is documented."""

    name: str
    source: str


class Holder(Struct, frozen=True):
    """The name of an object on which programs keep what is their own."""

    name: str
    keeps: Literal["items", "attributes", "both"]
    source: str


class Binding(Struct, frozen=True):
    """A decorator that says how a function of a class is called."""

    name: str
    binds: Literal["nothing", "class", "value"]
    """it gets no instance, it gets the class, or reading the name runs it and gives its value"""
    source: str


AMBIGUOUS_METHODS: tuple[Name, ...] = (
    Name("get", "Python, Built-in Types: dict.get"),
    Name("set", "Python, threading: Event.set"),
    Name("run", "Python, threading: Thread.run"),
    Name("call", "Python, subprocess: call"),
    Name("send", "Python, socket: socket.send"),
    Name("close", "Python, io: IOBase.close"),
    Name("start", "Python, threading: Thread.start"),
    Name("stop", "Python, asyncio, Event Loop: loop.stop"),
    Name("update", "Python, Built-in Types: dict.update"),
    Name("add", "Python, Built-in Types: set.add"),
    Name("wrapper", "Python, functools: the example of wraps"),
    Name("main", "Python, __main__: Idiomatic Usage"),
    Name("execute", "Python, sqlite3: Cursor.execute"),
    Name("__call__", "Python, Data model: object.__call__"),
    Name("next", "Python, Built-in Functions: next"),
    Name("read", "Python, io: RawIOBase.read"),
    Name("write", "Python, io: RawIOBase.write"),
    Name("handle", "Python, logging: Handler.handle"),
    Name("process", "Python, logging: LoggerAdapter.process"),
)
"""Names that methods of many classes have: a call of one on an object that is not known may be of any of them."""

HOLDERS: tuple[Holder, ...] = (
    Holder("app", "both", "aiohttp, Web Server Advanced: Application's config"),
    Holder("application", "both", "Tornado, tornado.web: Application.settings"),
    Holder("state", "both", "Starlette, Applications: Storing state on the app instance"),
    Holder("g", "both", "Flask, The Application Context: Storing Data"),
    Holder("config", "both", "Flask, Configuration Handling"),
    Holder("extensions", "both", "Flask, API: Flask.extensions"),
    Holder("ctx", "both", "Sanic, Sanic Application: Application context"),
    Holder("settings", "attributes", "Django, Django settings"),
    Holder("flask", "items", "Flask, API: Flask"),
    Holder("sanic", "items", "Sanic, Sanic Application"),
    Holder("fastapi", "items", "FastAPI, FastAPI class"),
    Holder("registry", "items", "Pyramid, pyramid.registry: Registry is a dictionary"),
)
"""Applications and their state. A class is meant by its last name in small letters, too."""

CONFIGURATION: tuple[Name, ...] = (
    Name("config", "Flask, Configuration Handling"),
    Name("conf", "Celery, Configuration and defaults: app.conf"),
    Name("cfg", "oslo.config, Configuration Options: cfg"),
    Name("settings", "Django, Django settings"),
    Name("configuration", "Dynaconf, settings objects; configuration files"),
    Name("_config", "Dynaconf, settings objects, kept privately"),
    Name("_settings", "Dynaconf, settings objects, kept privately"),
    Name("_conf", "Dynaconf, settings objects, kept privately"),
    Name("app_config", "Django, Applications: AppConfig"),
    Name("app_settings", "Dynaconf, settings objects"),
)
"""Objects that hold what the deployment sets."""

DEVICES = ("/sys/class/", "/sys/block/", "/sys/bus/", "/sys/devices/", "/dev/disk/", "/dev/dri/", "/dev/infiniband/", "/dev/mapper/")
"""Folders in which Linux lists the devices of a machine (Linux kernel, Documentation: sysfs rules). `/dev` itself also holds `/dev/shm`."""

PATH_KEEPS = frozenset({"replace", "strip", "rstrip", "removesuffix", "iterdir", "joinpath", "resolve", "with_name", "with_suffix"})
"""Methods of a text or a path that keep its beginning (Python, str methods; pathlib)."""
PATH_BEGINS_WITH = frozenset(
    {"join", "glob", "iglob", "rglob", "scandir", "Path", "PurePath", "str", "realpath", "abspath", "sorted", "list"}
)
"""Functions whose result begins with their first argument, or consists of paths that do (Python, os.path, glob, pathlib)."""

BINDINGS: tuple[Binding, ...] = (
    Binding("staticmethod", "nothing", "Python, Built-in Functions: staticmethod"),
    Binding("classmethod", "class", "Python, Built-in Functions: classmethod"),
    Binding("validator", "class", "pydantic 1, Validators"),
    Binding("field_validator", "class", "pydantic, Validators"),
    Binding("property", "value", "Python, Built-in Functions: property"),
    Binding("setter", "value", "Python, Built-in Functions: property.setter"),
    Binding("cached_property", "value", "Python, functools: cached_property"),
    Binding("abstractproperty", "value", "Python, abc: abstractproperty"),
    Binding("hybrid_property", "value", "SQLAlchemy, Hybrid Attributes"),
    Binding("reify", "value", "Pyramid, pyramid.decorator: reify"),
    Binding("lazy", "value", "lazy on the package index: Lazy attributes for Python objects"),
)
"""Decorators of functions in classes, by their last name."""

RUN_ONCE: tuple[Name, ...] = (
    Name("cache", "Python, functools: cache"),
    Name("lru_cache", "Python, functools: lru_cache"),
    Name("cached_property", "Python, functools: cached_property"),
    Name("cached", "cachetools, Memoizing decorators: cached"),
    Name("singleton", "PEP 318, Examples: singleton"),
    Name("fixture", "pytest, How to use fixtures"),
)
"""Decorators whose function runs once for the same arguments: what it makes is not made again."""

RUN_OFTEN: tuple[Name, ...] = (
    *(Name(name, "FastAPI, First Steps") for name in ("get", "post", "put", "patch", "delete")),
    Name("route", "Flask, Quickstart: Routing"),
    Name("api_route", "FastAPI, APIRouter class"),
    Name("websocket", "FastAPI, WebSockets"),
    Name("middleware", "FastAPI, Middleware"),
    Name("before_request", "Flask, API: Flask.before_request"),
    Name("after_request", "Flask, API: Flask.after_request"),
    Name("teardown_request", "Flask, API: Flask.teardown_request"),
    Name("errorhandler", "Flask, API: Flask.errorhandler"),
    Name("exception_handler", "FastAPI, Handling Errors"),
    Name("task", "Celery, Tasks"),
    Name("shared_task", "Celery, First steps with Django"),
    Name("periodic_task", "Huey, Guide: Periodic tasks"),
    Name("actor", "Dramatiq, User Guide: Actors"),
    Name("scheduled_job", "APScheduler, User guide: Adding jobs"),
    Name("repeat_every", "fastapi_utils, Repeated Tasks"),
    Name("repeat", "schedule, Examples: Use a decorator to schedule a job"),
    Name("loop", "discord.py, discord.ext.tasks: loop"),
    Name("message_handler", "pyTelegramBotAPI, README: Message handlers"),
    Name("callback_query_handler", "pyTelegramBotAPI, README: Callback query handlers"),
    Name("on_message", "Pyrogram, Decorators: on_message"),
    Name("subscriber", "FastStream, Subscription basics"),
    Name("message", "aiogram, Handling events: Router"),
    Name("hybrid_command", "discord.py, Hybrid Commands"),
    Name("slash_command", "Pycord, Slash Commands"),
)
"""Decorators whose function runs once for every request or job, or again and again."""

RUN_OFTEN_BARE: tuple[Name, ...] = (
    Name("event", "discord.py, Quickstart: Client.event"),
    Name("task", "Celery, Tasks: @app.task"),
    Name("shared_task", "Celery, First steps with Django"),
    Name("before_request", "Flask, API: Flask.before_request"),
    Name("after_request", "Flask, API: Flask.after_request"),
    Name("teardown_request", "Flask, API: Flask.teardown_request"),
    Name("actor", "Dramatiq, User Guide: Actors"),
)
"""Those of them that are written without a call."""

RUN_FOR_EACH: tuple[Name, ...] = tuple(
    Name(name, "Celery, Signals: Task signals")
    for name in (
        "before_task_publish", "after_task_publish", "task_prerun", "task_postrun", "task_retry", "task_success", "task_failure",
        "task_internal_error", "task_received", "task_revoked", "task_unknown", "task_rejected",
    )
)  # fmt: skip
"""Signals that are sent for every task: `@task_prerun.connect`."""

DISPATCHING: tuple[Name, ...] = (
    Name("singledispatch", "Python, functools: singledispatch"),
    Name("singledispatchmethod", "Python, functools: singledispatchmethod"),
)
"""Decorators of a function of which the first argument's class decides which implementation runs."""
IMPLEMENTING: tuple[Name, ...] = (Name("register", "Python, functools: singledispatch"),)
"""Methods of such a function that decorate an implementation."""

HANDLER_PARAMETERS: tuple[tuple[str, ...], ...] = (("event", "context"),)
"""All parameters of a function of a module that a platform calls for every event (AWS Lambda, Define Lambda function handler in Python)."""

PLAIN_METACLASSES: tuple[Name, ...] = (
    Name("ABCMeta", "Python, abc: ABCMeta"),
    Name("type", "Python, Built-in Functions: type"),
)
PLAIN_DECORATORS: tuple[Name, ...] = (
    Name("dataclass", "Python, dataclasses: dataclass"),
    Name("define", "attrs, API Reference: define"),
    Name("frozen", "attrs, API Reference: frozen"),
    Name("s", "attrs, API Reference: attr.s"),
    Name("final", "Python, typing: final"),
    Name("total_ordering", "Python, functools: total_ordering"),
)
"""Metaclasses and decorators of classes that make a new object for each call of the class."""

RUN_AGAIN: tuple[Name, ...] = (
    Name("Timer", "Python, threading: Timer"),
    Name("call_later", "Python, asyncio, Event Loop: loop.call_later"),
    Name("call_at", "Python, asyncio, Event Loop: loop.call_at"),
    Name("callLater", "Twisted, Scheduling tasks for the future"),
    Name("enter", "Python, sched: scheduler.enter"),
    Name("enterabs", "Python, sched: scheduler.enterabs"),
)
"""Functions that call the function they get once, later: a function that hands itself to one of them runs again and again."""

RUN_BY_HAND: tuple[Name, ...] = (
    Name("invoke", "Invoke, Getting started: tasks of the command line"),
    Name("fabric", "Fabric, Getting started: tasks of the command line"),
)
"""Packages whose tasks run once in a process."""

COMMAND_PACKAGES: tuple[Name, ...] = (
    Name("click", "click, Commands and Groups"),
    Name("rich_click", "rich_click on the package index: command"),
    Name("asyncclick", "asyncclick on the package index: command"),
    Name("typer", "Typer, Commands"),
)
"""Packages whose decorators make commands of the command line, which the process calls once."""

ENTRY_POINTS: tuple[Name, ...] = (Name("main", "packaging.python.org, Entry points specification"),)
"""Functions without a call in the code that a process calls once: its entry point."""

COMMAND_LINE: tuple[Name, ...] = (
    Name("argv", "Python, sys: argv"),
    Name("args", "Python, argparse: parse_args(args)"),
)
"""Parameters of an entry point that hold the command line."""

CALLED_OFTEN: tuple[Name, ...] = (
    Name("connect", "Celery, Signals; Django, Signals; blinker, Subscribing to Signals"),
    Name("do", "schedule, Examples: every().do(job)"),
    Name("run_repeating", "telegram.ext, JobQueue.run_repeating"),
    Name("run_daily", "telegram.ext, JobQueue.run_daily"),
    Name("PeriodicCallback", "Tornado, tornado.ioloop: PeriodicCallback"),
    Name("LoopingCall", "Twisted, Scheduling tasks for the future: LoopingCall"),
    Name("Depends", "FastAPI, Dependencies: Depends"),
    Name("CommandHandler", "telegram.ext, CommandHandler"),
    Name("MessageHandler", "telegram.ext, MessageHandler"),
    Name("CallbackQueryHandler", "telegram.ext, CallbackQueryHandler"),
    Name("add_url_rule", "Flask, API: Flask.add_url_rule"),
    Name("add_api_route", "FastAPI, APIRouter class"),
    Name("add_api_websocket_route", "FastAPI, APIRouter class"),
    Name("add_route", "Starlette, Routing"),
    Name("add_view", "Pyramid, pyramid.config: Configurator.add_view"),
    *(Name(f"add_{name}", "aiohttp, Web Server Quickstart") for name in ("get", "post", "put", "delete")),
    Name("Route", "Starlette, Routing"),
    Name("path", "Django, URL dispatcher"),
    Name("re_path", "Django, URL dispatcher"),
)
"""Functions and classes that call the function they get once for every request, or again and again."""

SCHEDULED: tuple[Name, ...] = (Name("add_job", "APScheduler, User guide: Adding jobs"),)
"""Functions that do so unless the trigger is one point in time."""
RUN_ONCE_TRIGGERS: tuple[Name, ...] = (
    Name("date", "APScheduler, apscheduler.triggers.date"),
    Name("DateTrigger", "APScheduler, apscheduler.triggers.date"),
)

HANDLING_METHODS: tuple[Name, ...] = (
    *(Name(name, "Django, Class-based views: View") for name in ("get", "post", "put", "patch", "delete", "head", "options", "dispatch")),
    *(Name(f"do_{name}", "Python, http.server: BaseHTTPRequestHandler") for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")),
    *(Name(f"on_{name}", "Falcon, Resource Class") for name in ("get", "post", "put", "patch", "delete")),
    Name("run", "Celery, Custom task classes"),
)
"""Methods of a handler's class that run once for every request."""
HANDLING_BASES: tuple[Name, ...] = (
    Name("View", "Django, Class-based views: View; aiohttp, Class-Based Views; Flask, Class-based Views"),
    Name("MethodView", "Flask, Class-based Views"),
    Name("APIView", "rest_framework, Class-based Views"),
    Name("RequestHandler", "Tornado, tornado.web: RequestHandler"),
    Name("BaseHTTPRequestHandler", "Python, http.server: BaseHTTPRequestHandler"),
    Name("SimpleHTTPRequestHandler", "Python, http.server: SimpleHTTPRequestHandler"),
    Name("HTTPEndpoint", "Starlette, Endpoints"),
    Name("Resource", "flask_restful, Quickstart: Resourceful Routing"),
    Name("Task", "Celery, Custom task classes"),
)
"""Last names of the base classes of handlers."""

CONTEXT_MANAGERS: tuple[Name, ...] = (
    Name("contextmanager", "Python, contextlib: contextmanager"),
    Name("asynccontextmanager", "Python, contextlib: asynccontextmanager"),
)
"""Decorators that make a context manager of a generator: calling it runs nothing of the body."""

TIMING_PACKAGES: tuple[Name, ...] = (Name("prometheus_async", "prometheus_async, Decorator Wrappers"),)
"""Packages with decorators that time a function of any kind."""

CLOCKS: tuple[Name, ...] = (
    *(
        Name(name, "Python, time")
        for name in ("time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time")
    ),
    Name("default_timer", "Python, timeit: default_timer"),
    Name("now", "Python, datetime: datetime.now"),
    Name("utcnow", "Python, datetime: datetime.utcnow"),
)
"""Functions that give a point in time."""

AWARE_OF_ASYNC: tuple[Name, ...] = (
    *(Name(name, "Python, inspect") for name in ("iscoroutinefunction", "iscoroutine", "isawaitable", "isasyncgenfunction", "isasyncgen")),
    *(Name(name, "Python, inspect") for name in ("isgeneratorfunction", "isgenerator")),
    *(
        Name(name, "Python, asyncio, Runners, Tasks")
        for name in ("run", "ensure_future", "create_task", "run_coroutine_threadsafe", "gather")
    ),
    Name("run_until_complete", "Python, asyncio, Event Loop: loop.run_until_complete"),
    Name("add_done_callback", "Python, asyncio, Futures: Future.add_done_callback"),
    Name("addCallback", "Twisted, Deferred Reference"),
    Name("addBoth", "Twisted, Deferred Reference"),
    Name("async_to_sync", "asgiref, async_to_sync"),
    Name("ensureDeferred", "Twisted, Deferred Reference"),
    Name("hasattr", "Python, Built-in Functions: hasattr"),
    Name("isinstance", "Python, Built-in Functions: isinstance"),
)
"""Functions by which a decorator tells coroutines from results, or waits for them."""

TASK_DECORATORS: tuple[Name, ...] = (
    Name("task", "Celery, Tasks: app.task"),
    Name("shared_task", "Celery, Tasks: shared_task"),
)
"""Decorators that register a function as a task."""
CONTEXT_ENTRIES: tuple[Name, ...] = (
    Name("enter_context", "Python, contextlib: ExitStack"),
    Name("enter_async_context", "Python, contextlib: AsyncExitStack"),
)
"""Methods that enter a context and return what it gives."""
KEYS_WITH_A_TYPE: tuple[Name, ...] = (Name("AppKey", "aiohttp, Web Server Advanced: Application's config"),)
"""Classes of keys that say the type of what an application keeps under them: `AppKey("metrics", Metrics)`."""

DEPENDENCIES: tuple[Name, ...] = (
    *(Name(name, f"FastAPI, Dependencies: {name}") for name in ("Depends", "Security")),
    Name("Context", "FastStream, Context"),
)
"""Defaults of parameters that the program fills itself, so that they do not come from the request."""

AWAITED: tuple[Name, ...] = (
    Name("Awaitable", "Python, typing: Awaitable"),
    Name("Coroutine", "Python, typing: Coroutine, whose last argument is the type of its result"),
    Name("Deferred", "Twisted, Deferred Reference"),
)
"""Types of awaitable results."""

HEXADECIMAL: tuple[Name, ...] = (Name("hexdigest", "Python, hashlib: hash.hexdigest"),)
"""Methods that give a hash as hexadecimal text, of which each digit is one of 16."""
BYTES: tuple[Name, ...] = (Name("digest", "Python, hashlib: hash.digest"),)
"""Methods that give a hash as bytes, each of which is one of 256."""

ERRORS: tuple[Name, ...] = (
    Name("Error", "PEP 8, Exception Names"),
    Name("Exception", "Python, Built-in Exceptions: Exception"),
)
"""How the names of exceptions end."""
ERROR_ENDINGS = tuple(row.name for row in ERRORS)
OTHER_EXCEPTIONS: tuple[Name, ...] = (
    Name("Warning", "Python, Built-in Exceptions: Warnings"),
    Name("KeyboardInterrupt", "Python, Built-in Exceptions: KeyboardInterrupt"),
    Name("StopIteration", "Python, Built-in Exceptions: StopIteration"),
)
"""Other endings of the names of bases that make a class an exception."""

CONVERTERS: tuple[Name, ...] = (
    Name("", "Flask, Quickstart: Variable Rules, the default"),
    Name("int", "Flask, Quickstart: Variable Rules"),
    Name("float", "Flask, Quickstart: Variable Rules"),
    Name("string", "Flask, Quickstart: Variable Rules"),
    Name("uuid", "Flask, Quickstart: Variable Rules"),
    Name("path", "Flask, Quickstart: Variable Rules"),
    Name("str", "Django, URL dispatcher: Path converters"),
    Name("slug", "Django, URL dispatcher: Path converters"),
    Name("strorempty", "Sanic, Routing: Type patterns"),
    Name("alpha", "Sanic, Routing: Type patterns"),
    Name("number", "Sanic, Routing: Type patterns, the former name of float"),
)
"""Converters of parameters in the pattern of a route that let more values through than anyone can list; one of the program's own
may not."""

NUMBERS: tuple[tuple[str, float], ...] = (
    ("math.inf", float("inf")),
    ("numpy.inf", float("inf")),
)
"""Qualified names of numbers (Python, math: Constants; NumPy, Constants)."""


def names(table: tuple[Name, ...] | tuple[Holder, ...] | tuple[Binding, ...]) -> frozenset[str]:
    """Return the names of a table."""
    return frozenset(row.name for row in table)


def holders(*keeping: str) -> frozenset[str]:
    """Return the names of objects that keep items or attributes."""
    return frozenset(row.name for row in HOLDERS if row.keeps in (*keeping, "both"))


def binding(*binds: str) -> tuple[str, ...]:
    """Return the names of decorators by what they bind."""
    return tuple(row.name for row in BINDINGS if row.binds in binds)
