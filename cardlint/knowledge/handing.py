"""Callback functions: executors, threads, event loops and task queues that call a function they are given (rows, no logic)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Hand(Struct, frozen=True):
    """A call that calls one of its arguments, by its last name.

    `function` is the position or keyword of the function; `how` says which arguments it gets: `rest` (the arguments
    after it and the keywords), `packed` (a tuple and a dictionary, at `first` or as `args` and `kwargs`), `each` (the
    elements of the iterables after it).
    """

    name: str
    function: int
    how: Literal["rest", "packed", "each"] = "rest"
    keyword: str = ""
    first: int = 0


HANDS: tuple[Hand, ...] = (
    *(
        Hand(name, 0)
        for name in [
            "submit",
            "add_task",
            "to_thread",
            "run_sync",
            "run_in_threadpool",
            "call_soon",
            "call_soon_threadsafe",
            "start_soon",
            "spawn",
            "deferToThread",
            "callFromThread",
            "callInThread",
            "enqueue",
            "run_in_thread",
            "start_background_task",
            "callback",
            "push_async_callback",
        ]
    ),
    *(Hand(name, 1) for name in ["run_in_executor", "call_later", "call_at", "spawn_later", "callLater", "enqueue_in", "enqueue_at"]),
    *(Hand(name, 0, "each") for name in ["map", "imap", "imap_unordered", "map_async"]),
    Hand("Thread", 99, "packed", "target", 3),
    Hand("Process", 99, "packed", "target", 3),
    Hand("Timer", 1, "packed", "function", 2),
    Hand("apply", 0, "packed", "func", 1),
    Hand("apply_async", 0, "packed", "func", 1),
    Hand("add_job", 0, "packed", "func", 2),
    Hand("start_new_thread", 0, "packed", "function", 1),
)
"""Calls that pass a function on."""

TASKS: tuple[Hand, ...] = (
    *(Hand(name, 0) for name in ["delay", "s", "si", "send", "kiq", "defer"]),
    Hand("apply_async", 0, "packed", "", 0),
    Hand("send_with_options", 0, "packed", "", 0),
)
"""Methods of a task that call it in a worker: Celery, Dramatiq, Taskiq, Procrastinate."""

QUEUES = frozenset(
    f"{module}.{name}"
    for module in ("asyncio", "queue", "multiprocessing")
    for name in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "JoinableQueue")
)
"""Queues of Python: what one function puts in, another takes out (Python, queue; asyncio, Queues; multiprocessing, Pipes and Queues)."""
FILLED_LATER = frozenset(
    {"threading.local()", "gevent.local.local()", "eventlet.corolocal.local()", "werkzeug.local.Local()", "asgiref.local.Local()"}
)
"""Objects of a thread or a request that get their attributes later (Python, threading: Thread-Local Data; gevent, eventlet, Werkzeug,
asgiref: the same class)."""
