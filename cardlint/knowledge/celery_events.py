"""Celery events: what a program reads that watches the workers of others, as exporters and dashboards do."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Row, Shape

STATE, TASK, WORKER = "celery.events.state.State", "celery.events.state.Task", "celery.events.state.Worker"
EVENT = "celery_event.event"
"""An event as its handlers get it. They are the values of a dictionary, so that only the name of the parameter tells what it is."""
RUN = "the id of one task run"
FAILED = "the text of a failure"
CLASS_ONLY = "the class at its beginning"
TASKS = (
    *("tasks[]", "tasks.values()[*]", "tasks.items()[*][1]", "itertasks()[*][1]"),
    *(f"{name}()[*][1]" for name in ("tasks_by_time", "tasks_by_timestamp", "tasks_by_type", "tasks_by_worker")),
)
"""Where a State has tasks (`celery/events/state.py`: State)."""


def _keys(*keys: str) -> tuple[str, ...]:
    return tuple(access for key in keys for access in (f"{EVENT}[{key}]", f"{EVENT}.get({key})"))


def _event() -> tuple[Row, ...]:
    return (
        *unbounded("identity", RUN, *_keys("uuid", "root_id", "parent_id"), advice=LOG),
        *unbounded("exception-text", FAILED, *_keys("exception", "traceback"), advice=CLASS_ONLY),
        *unbounded("payload", "arguments or result of one task run", *_keys("args", "kwargs", "result"), advice=LOG),
        *unbounded("time", "a point in time", *_keys("timestamp", "local_received"), advice=LOG),
        *unbounded("measurement", "how long one task ran", *_keys("runtime")),
        *deployment("inventory", "the name of a worker", *_keys("hostname")),
    )


LIBRARY = Library(
    packages=("celery", "celery_event"),
    rows=(
        *(replace(row, likely=True) for row in _event()),
        *leads(
            ("celery.Celery.events.State()", STATE),
            *((f"{STATE}.{access}", TASK) for access in TASKS),
            *((f"{STATE}.workers{access}", WORKER) for access in ("[]", ".values()[*]", ".items()[*][1]")),
            (f"{STATE}.alive_workers()[*]", WORKER),
            (f"{TASK}.worker", WORKER),
        ),
        *unbounded(
            "identity",
            RUN,
            *below(TASK, ".uuid", ".id", ".root_id", ".parent_id"),
            *below(f"{STATE}.tasks", "[*]", ".keys()[*]", ".items()[*][0]"),
            advice=LOG,
        ),
        *unbounded("exception-text", FAILED, *below(TASK, ".exception", ".traceback"), advice=CLASS_ONLY),
        *unbounded("payload", "arguments or result of one task run", *below(TASK, ".args", ".kwargs", ".result"), advice=LOG),
        *unbounded("time", "a point in time", *below(TASK, ".timestamp", ".received", ".started", ".sent", ".eta", ".expires"), advice=LOG),
        *unbounded("measurement", "how long one task ran", f"{TASK}.runtime"),
        *bounded(50, "task-name", "name of a task", f"{TASK}.name", f"{STATE}.task_types()[*]"),
        *bounded(9, "state", "Celery state", f"{TASK}.state"),
        *deployment("inventory", "a queue", *below(TASK, ".routing_key", ".exchange")),
        *deployment(
            "inventory",
            "the name of a worker",
            *below(WORKER, ".hostname", ".id"),
            f"{TASK}.origin",
            *below(f"{STATE}.workers", "[*]", ".keys()[*]", ".items()[*][0]"),
        ),
        *deployment("process", "the id of a process", f"{WORKER}.pid"),
        *deployment("version", "a version of Celery", f"{WORKER}.sw_ver"),
        *bounded(2, "state", "whether a worker is there", *below(WORKER, ".status_string", ".alive")),
    ),
    shapes=(Shape("celery", (("#0", STATE),), base="celery.events.snapshot.Polaroid", method="on_shutter"),),
    names=(Named(("celery",), "event", EVENT),),
)
"""Celery 5.7, `events/state.py`: State, Task and Worker; User Guide, Monitoring: Event Reference, Real-time processing, Custom Camera.
The `type` of an event and the `name` of a task in it have no row: where only the name of a parameter tells what it is, the rows say
what is open."""
