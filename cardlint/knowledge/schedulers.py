"""APScheduler, watchdog, Ray and schedule: events of jobs and of files, and the ids of one run."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Shape

EVENT = "apscheduler.events.JobExecutionEvent"
JOB = "apscheduler.job.Job"
SCHEDULERS = (
    *("background.BackgroundScheduler", "blocking.BlockingScheduler", "asyncio.AsyncIOScheduler", "tornado.TornadoScheduler"),
    *("gevent.GeventScheduler", "twisted.TwistedScheduler"),
)
CHANGED = "watchdog.events.FileSystemEvent"
METHODS = ("on_any_event", "on_created", "on_modified", "on_moved", "on_deleted", "on_closed", "on_opened")
CONTEXT = "ray.runtime_context.RuntimeContext"

LIBRARY = Library(
    packages=(
        "apscheduler",
        "watchdog",
        "ray",
        "schedule",
    ),
    rows=(
        *leads((EVENT + ".exception", "builtins.BaseException")),
        *unbounded("exception-text", "the text of a failure", EVENT + ".traceback", advice=LOG),
        *unbounded("time", "the time of one run", EVENT + ".scheduled_run_time", JOB + ".next_run_time", advice=LOG),
        *unbounded("time", "the time of one run", *below("schedule.Job", ".next_run", ".last_run"), advice=LOG),
        *leads(("schedule.get_jobs()[*]", "schedule.Job"), ("schedule.jobs[*]", "schedule.Job")),
        *bounded(17, "message-type", "what happened to a job", EVENT + ".code"),
        *deployment("inventory", "a store of jobs", EVENT + ".jobstore"),
        *bounded(50, "code-name", "the function of a job", JOB + ".func_ref"),
        *leads(
            *((f"apscheduler.schedulers.base.BaseScheduler.{name}", JOB) for name in ("get_jobs()[*]", "get_job()", "add_job()")),
        ),
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
    aliases=(
        *((f"apscheduler.schedulers.{name}", "apscheduler.schedulers.base.BaseScheduler") for name in SCHEDULERS),
        ("apscheduler.events.JobSubmissionEvent", EVENT),
        ("apscheduler.events.JobEvent", EVENT),
    ),
)
"""APScheduler 3.11, `events.py` and `job.py`; watchdog, API Reference: Event Classes; Ray, Runtime Context API; schedule 1.2, Job. The id
of a job of APScheduler is a name from the code or a new UUID: no row has it."""
