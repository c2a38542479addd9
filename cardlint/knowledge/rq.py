"""RQ: jobs and queues."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

LIBRARY = Library(
    packages=("rq",),
    rows=(
        *bounded(50, "task-name", "name of a job function", "rq.job.Job.func_name"),
        *deployment("inventory", "a queue", "rq.job.Job.origin", "rq.Queue.name"),
        *deployment("inventory", "a worker that runs now", "rq.Worker.all()[*].name"),
        *bounded(
            4,
            "state",
            "state of a worker",
            "rq.Worker.all()[*].state",
            "rq.Worker.all()[*].get_state()",
            "rq.Worker.state",
            "rq.Worker.get_state()",
        ),
        *bounded(11, "state", "RQ job status", "rq.job.Job.get_status()"),
        *leads(("rq.Queue.all()[*]", "rq.Queue")),
        *leads(*((f"rq.Queue.{listed}[*]", "rq.job.Job") for listed in ("jobs", "get_jobs()")), ("rq.Queue.enqueue()", "rq.job.Job")),
        *unbounded(
            "identity",
            "the id of one job",
            *(f"rq.Queue.{listed}[*]" for listed in ("job_ids", "get_job_ids()")),
            *(f"rq.registry.{kind}JobRegistry.get_job_ids()[*]" for kind in ("Started", "Finished", "Failed", "Deferred", "Scheduled")),
            "rq.job.Job.key",
            advice=LOG,
        ),
        *unbounded(
            "time", "the time of one run", *below("rq.job.Job", ".enqueued_at", ".started_at", ".ended_at", ".created_at"), advice=LOG
        ),
        *unbounded("payload", "arguments or result of one job", "rq.result", advice=LOG),
        *unbounded(
            "free-text",
            "the text of one job",
            *below("rq.job.Job", ".description", ".get_call_string()", ".args", ".kwargs", ".exc_info"),
            advice=LOG,
        ),
        *unbounded(
            "identity",
            "the id of one job",
            *below("rq.job.Job", ".id", ".get_id()"),
            "rq.Worker.name",
            "rq.job.Job.worker_name",
            advice=LOG,
        ),
    ),
    shapes=(
        Shape("rq", (("job", "rq.job.Job"), ("result", "rq.result")), signature=("job", "connection", "result")),
        Shape(
            "rq",
            (("job", "rq.job.Job"), ("type", "builtins.type()"), ("value", "builtins.BaseException")),
            signature=("job", "connection", "type", "value"),
        ),
        Shape(
            "rq",
            (("job", "rq.job.Job"), ("exc_type", "builtins.type()"), ("exc_value", "builtins.BaseException")),
            signature=("job", "exc_type", "exc_value"),
        ),
    ),
    aliases=(
        ("rq.Job", "rq.job.Job"),
        ("rq.get_current_job()", "rq.job.Job"),
        ("rq.queue.Queue", "rq.Queue"),
        ("rq.worker.Worker", "rq.Worker"),
    ),
)
"""RQ 3.0, `job.py`, `queue.py`, `registry.py` and `worker/base.py`; RQ, Jobs: success and failure callbacks."""
