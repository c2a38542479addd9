"""APScheduler, watchdog and Ray: events of jobs and of files, and the ids of one run."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Shape

EVENT = "apscheduler.events.JobExecutionEvent"
CHANGED = "watchdog.events.FileSystemEvent"
METHODS = ("on_any_event", "on_created", "on_modified", "on_moved", "on_deleted", "on_closed", "on_opened")
CONTEXT = "ray.runtime_context.RuntimeContext"

LIBRARY = Library(
    packages=(
        "apscheduler",
        "watchdog",
        "ray",
    ),
    rows=(
        *leads((EVENT + ".exception", "builtins.BaseException")),
        *unbounded("exception-text", "the text of a failure", EVENT + ".traceback", advice=LOG),
        *unbounded("time", "the time of one run", EVENT + ".scheduled_run_time", advice=LOG),
        *unbounded("file-path", "the path of a file that changed", *below(CHANGED, ".src_path", ".dest_path"), advice=LOG),
        *bounded(7, "message-type", "the kind of change of a file", CHANGED + ".event_type"),
        *bounded(2, "boolean", "whether it is a directory", CHANGED + ".is_directory"),
        *leads(("ray.get_runtime_context()", CONTEXT)),
        *unbounded(
            "identity",
            "the id of one run",
            *below(CONTEXT, ".get_task_id()", ".get_job_id()", ".get_actor_id()"),
            advice=LOG,
        ),
    ),
    shapes=tuple(
        Shape("watchdog", (("#0", CHANGED),), base=f"watchdog.events.{base}", method=method)
        for base in ("FileSystemEventHandler", "PatternMatchingEventHandler", "RegexMatchingEventHandler", "LoggingEventHandler")
        for method in METHODS
    ),
    names=(Named(("apscheduler",), "event", EVENT),),
)
"""APScheduler 3, User guide: Scheduler events; watchdog, API Reference: Event Classes; Ray, Runtime Context API."""
