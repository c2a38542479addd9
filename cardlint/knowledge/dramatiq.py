"""Dramatiq: messages and actors."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Shape

JOB = "arq.jobs.JobDef"

LIBRARY = Library(
    packages=("dramatiq", "arq"),
    rows=(
        *bounded(50, "task-name", "name of an actor", "dramatiq.Message.actor_name"),
        *deployment("inventory", "a queue", "dramatiq.Message.queue_name"),
        *unbounded(
            "identity",
            "the id of one message",
            *below("dramatiq.Message", ".message_id", ".message_timestamp", ".args", ".kwargs", ".options", ".options[]"),
            advice=LOG,
        ),
        *bounded(50, "task-name", "name of an actor", "dramatiq.Actor.actor_name"),
        *deployment("inventory", "a queue", "dramatiq.Actor.queue_name", f"{JOB}.queue_name"),
        *bounded(50, "task-name", "name of a job function", *below(JOB, ".function")),
        *bounded(5, "state", "state of a job", "arq.jobs.Job.status()"),
        *bounded(2, "boolean", "whether a job succeeded", f"{JOB}.success"),
        *unbounded("identity", "the id of one job", f"{JOB}.job_id", "arq.jobs.Job.job_id", advice=LOG),
        *unbounded("payload", "arguments or result of one job", *below(JOB, ".args", ".kwargs", ".result"), advice=LOG),
        *leads(
            *((f"arq.connections.ArqRedis.{name}()[*]", JOB) for name in ("all_job_results", "queued_jobs")),
            ("arq.connections.ArqRedis.enqueue_job()", "arq.jobs.Job"),
            ("arq.jobs.Job.info()", JOB),
        ),
        *unbounded("identity", "the id of one job", "arq.ctx[job_id]", "arq.ctx[enqueue_time]", "arq.ctx[score]", advice=LOG),
    ),
    shapes=(
        *(
            Shape(
                "dramatiq",
                (("message", "dramatiq.Message"), ("exception", "builtins.BaseException")),
                method=m,
                signature=("broker", "message"),
            )
            for m in (
                *("before_process_message", "after_process_message", "after_enqueue", "before_enqueue", "after_skip_message"),
                *("before_ack", "after_ack", "before_nack", "after_nack", "before_delay_message"),
            )
        ),
        *(Shape("arq", (("ctx", "arq.ctx"),), method=m, signature=("ctx",)) for m in ("on_job_start", "on_job_end", "after_job_end")),
    ),
    names=(Named(("arq",), "ctx", "arq.ctx"),),
    aliases=(
        ("dramatiq.message.Message", "dramatiq.Message"),
        ("dramatiq.broker.MessageProxy", "dramatiq.Message"),
        ("dramatiq.MessageProxy", "dramatiq.Message"),
        ("dramatiq.actor.Actor", "dramatiq.Actor"),
        ("arq.ArqRedis", "arq.connections.ArqRedis"),
        ("arq.create_pool()", "arq.connections.ArqRedis"),
        ("arq.connections.create_pool()", "arq.connections.ArqRedis"),
        ("arq.jobs.JobResult", JOB),
    ),
)
"""dramatiq 2.2, `middleware/middleware.py`; arq 0.28, `worker.py` and `jobs.py`."""
