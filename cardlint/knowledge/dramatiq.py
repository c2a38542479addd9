"""Dramatiq: messages and actors."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, unbounded
from cardlint.knowledge.schema import Library, Shape

LIBRARY = Library(
    packages=("dramatiq", "arq", "huey", "taskiq"),
    rows=(
        *bounded(50, "task-name", "name of an actor", "dramatiq.Message.actor_name"),
        *deployment("inventory", "a queue", "dramatiq.Message.queue_name"),
        *unbounded(
            "identity",
            "the id of one message",
            *below("dramatiq.Message", ".message_id", ".message_timestamp", ".args", ".kwargs", ".options", ".options[]"),
            advice=LOG,
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
            for m in ("before_process_message", "after_process_message", "after_enqueue", "before_enqueue", "after_skip_message")
        ),
        *(Shape("arq", (("ctx", "arq.ctx"),), method=m, signature=("ctx",)) for m in ("on_job_start", "on_job_end", "after_job_end")),
    ),
    aliases=(("dramatiq.message.Message", "dramatiq.Message"),),
)
