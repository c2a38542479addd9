"""Celery: tasks, requests and signals."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

TASK, CREQ = "celery.Task", "celery.app.task.Context"
MESSAGE = "kombu.message.Message"
SIGNALS = (
    "task_prerun",
    "task_postrun",
    "task_success",
    "task_failure",
    "task_retry",
    "task_received",
    "task_revoked",
    "task_rejected",
    "task_internal_error",
)
SIGNAL_PARAMS = (
    ("sender", TASK),
    ("task", TASK),
    ("task_id", "celery.task_id"),
    ("args", "celery.task_args"),
    ("kwargs", "celery.task_args"),
    ("exception", "builtins.BaseException"),
    ("reason", "celery.reason"),
    ("request", CREQ),
    ("state", "celery.state"),
    ("retval", "celery.retval"),
    ("result", "celery.retval"),
    ("traceback", "celery.reason"),
    ("einfo", "celery.reason"),
    ("message", MESSAGE),
    ("exc", "builtins.BaseException"),
)
SIGNATURES = (
    ("sender", "task_id", "task"),
    ("sender", "task_id", "exception"),
    ("sender", "request", "reason"),
    ("sender", "task_id", "retval"),
)
"""Parameters that only a handler of such a signal has, also in a file that does not import Celery (Celery, Signals: Task signals)."""
PUBLISHED = (
    ("sender", "celery.published"),
    ("headers", f"{MESSAGE}.headers"),
    ("routing_key", "celery.queue"),
    ("exchange", "celery.queue"),
)
"""What handlers get about a task that is sent; its sender is the name of the task (Celery, Signals: before_task_publish). The body has its
arguments, which may be tenants: no row has it."""
INSPECT = "celery.Celery.control.inspect()"
"""Answers of all workers, by their names (Celery, `app/control.py`: Inspect)."""

LIBRARY = Library(
    packages=("celery", "kombu"),
    rows=(
        *bounded(
            50,
            "task-name",
            "name of a task",
            TASK + ".name",
            TASK + ".__name__",
            CREQ + ".task",
            CREQ + ".name",
            CREQ + ".task_name",
            "celery.current_task.name",
        ),
        *bounded(50, "task-name", "name of a task", "celery.published"),
        *deployment("inventory", "a queue", "celery.queue", f"{INSPECT}.active_queues().items()[*][1][*][name]"),
        *deployment(
            "inventory",
            "the name of a worker",
            *(
                f"{INSPECT}.{name}(){part}"
                for name in ("active", "reserved", "scheduled", "stats", "registered", "active_queues", "ping", "revoked")
                for part in ("[*]", ".keys()[*]", ".items()[*][0]")
            ),
        ),
        *(
            row
            for name in ("active", "reserved")
            for part in (".items()[*][1][*]", ".values()[*][*]")
            for row in (
                *bounded(50, "task-name", "name of a task", f"{INSPECT}.{name}(){part}[name]"),
                *unbounded("identity", "the id of one task run", f"{INSPECT}.{name}(){part}[id]", advice=LOG),
                *unbounded(
                    "payload", "arguments or result of one task run", *below(f"{INSPECT}.{name}(){part}", "[args]", "[kwargs]"), advice=LOG
                ),
            )
        ),
        *bounded(50, "task-name", "name of a task", TASK, MESSAGE + ".headers[task]"),
        *unbounded("identity", "the id of one task run", *below(f"{MESSAGE}.headers", "[id]", "[root_id]", "[parent_id]"), advice=LOG),
        *unbounded("payload", "content of a message", "kombu.body", *below(MESSAGE, ".body", ".payload"), advice=LOG),
        *unbounded("identity", "the id of one message", f"{MESSAGE}.delivery_tag", advice=LOG),
        *unbounded(
            "identity",
            "the id of one message",
            *below(f"{MESSAGE}.properties", "[correlation_id]", "[message_id]", "[reply_to]", "[delivery_tag]"),
            advice=LOG,
        ),
        *deployment("inventory", "an exchange", f"{MESSAGE}.delivery_info[exchange]"),
        *leads(("kombu.Connection.SimpleQueue.get()", MESSAGE)),
        *leads((TASK + ".request", CREQ), ("celery.current_task.request", CREQ)),
        *unbounded(
            "identity",
            "the id of one task run",
            "celery.task_id",
            *below(CREQ, ".id", ".root_id", ".parent_id", ".correlation_id", ".reply_to", ".group"),
            advice=LOG,
        ),
        *unbounded(
            "payload",
            "arguments or result of one task run",
            "celery.task_args",
            "celery.retval",
            *below(CREQ, ".args", ".kwargs", ".argsrepr", ".kwargsrepr"),
            advice=LOG,
        ),
        *unbounded(
            "exception-text", "the text of a failure", "celery.reason", advice="`type(exception).__name__`, the class of the exception"
        ),
        *bounded(30, "class-name", "class of the exception", "celery.reason.type", "celery.reason.type.__name__"),
        *bounded(9, "state", "Celery state", "celery.state", "celery.result.AsyncResult.state", "celery.result.AsyncResult.status"),
        *unbounded("identity", "the id of one task run", "celery.result.AsyncResult.id", "celery.result.AsyncResult.task_id", advice=LOG),
        *deployment("host", "the name of a worker", CREQ + ".hostname", CREQ + ".origin"),
        *deployment(
            "inventory",
            "a queue",
            CREQ + ".delivery_info[routing_key]",
            CREQ + ".delivery_info[]",
        ),
    ),
    shapes=(
        Shape("kombu", (("body", "kombu.body"), ("message", MESSAGE)), signature=("body", "message")),
        *(
            Shape("celery", PUBLISHED, decorator=f"celery.signals.{moment}_task_publish.connect{called}", by_keyword=True)
            for moment in ("before", "after")
            for called in ("", "()")
        ),
        *(
            Shape("celery", params, passed=f"celery.signals.{signal}.connect()", places=("#0", "receiver"), by_keyword=True)
            for signals, params in ((SIGNALS, SIGNAL_PARAMS), (("before_task_publish", "after_task_publish"), PUBLISHED))
            for signal in signals
        ),
        *(Shape("celery", SIGNAL_PARAMS, decorator=f"celery.signals.{signal}.connect", by_keyword=True) for signal in SIGNALS),
        *(Shape("celery", SIGNAL_PARAMS, decorator=f"celery.signals.{signal}.connect()", by_keyword=True) for signal in SIGNALS),
        *(Shape("celery", SIGNAL_PARAMS, signature=signature, by_keyword=True) for signature in SIGNATURES),
        *(
            Shape(
                "celery",
                (
                    ("exc", "builtins.BaseException"),
                    ("task_id", "celery.task_id"),
                    ("args", "celery.task_args"),
                    ("kwargs", "celery.task_args"),
                    ("einfo", "celery.reason"),
                    ("retval", "celery.retval"),
                    ("status", "celery.state"),
                ),
                base=TASK,
                method=method,
            )
            for method in ("on_success", "on_failure", "on_retry", "before_start", "after_return")
        ),
        *(
            Shape("celery", (("self", TASK),), decorator=decorator, signature=("self",))
            for decorator in ("celery.Celery.task()", "celery.shared_task()")
        ),
    ),
    aliases=(("celery.app.task.Task", TASK), ("celery.app.base.Celery", "celery.Celery"), ("celery.task.Task", TASK)),
)
