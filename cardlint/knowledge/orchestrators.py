"""Prefect, Dagster, Luigi and Huey: flows, jobs and tasks that are written in the code, and the ids of their runs."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Row, Shape

FLOW_RUN, TASK_RUN, FLOW = "prefect.client.schemas.objects.FlowRun", "prefect.client.schemas.objects.TaskRun", "prefect.Flow"
STATE, RUNTIME = "prefect.client.schemas.objects.State", "prefect.runtime"
OP, HOOK, SENSED, RUN = (
    "dagster.OpExecutionContext",
    "dagster.HookContext",
    "dagster.RunStatusSensorContext",
    "dagster.DagsterRun",
)
LUIGI = "luigi.Task"
HUEY, TASK, SIGNAL = "huey.Huey", "huey.api.Task", "huey.signal_name"
QUEUES = ("RedisHuey", "SqliteHuey", "MemoryHuey", "FileHuey", "PriorityRedisHuey", "RedisExpireHuey", "PriorityRedisExpireHuey")
RUN_ID = "the id of one run"


def _prefect() -> tuple[Row, ...]:
    return (
        *unbounded(
            "identity",
            RUN_ID,
            *(f"{run}.{name}" for run in (FLOW_RUN, TASK_RUN) for name in ("id", "name")),
            *(f"{RUNTIME}.{run}.{name}" for run in ("flow_run", "task_run") for name in ("id", "name")),
            *below(f"{RUNTIME}.flow_run", ".parent_flow_run_id", ".root_flow_run_id"),
            f"{TASK_RUN}.flow_run_id",
            advice=LOG,
        ),
        *unbounded(
            "time", "the time of one run", f"{RUNTIME}.flow_run.scheduled_start_time", f"{FLOW_RUN}.expected_start_time", advice=LOG
        ),
        *bounded(
            50,
            "task-name",
            "the name of a flow or a task",
            f"{FLOW}.name",
            "prefect.Task.name",
            f"{RUNTIME}.flow_run.flow_name",
            f"{RUNTIME}.task_run.task_name",
        ),
        *deployment("inventory", "a deployment of a flow", *below(f"{RUNTIME}.deployment", ".id", ".name", ".version")),
        *deployment("inventory", "a deployment of a flow", *below(FLOW_RUN, ".flow_id", ".deployment_id", ".work_queue_name")),
        *bounded(9, "state", "state of a run", *below(STATE, ".type", ".type.value", ".type.name")),
        *bounded(9, "state", "state of a run", f"{FLOW_RUN}.state_type", f"{TASK_RUN}.state_type"),
        *unbounded("free-text", "the text of a state", f"{STATE}.message", advice="its `type`"),
        *leads((f"{FLOW_RUN}.state", STATE), (f"{TASK_RUN}.state", STATE)),
        *leads(
            ("prefect.context.get_run_context().flow_run", FLOW_RUN),
            ("prefect.context.get_run_context().task_run", TASK_RUN),
            ("prefect.context.get_run_context().flow", FLOW),
            ("prefect.context.get_run_context().task", "prefect.Task"),
        ),
    )


def _dagster() -> tuple[Row, ...]:
    return (
        *unbounded("identity", RUN_ID, *(f"{context}.run_id" for context in (OP, HOOK, RUN)), advice=LOG),
        *bounded(
            50,
            "task-name",
            "the name of a job or an op",
            *(f"{context}.job_name" for context in (OP, HOOK, RUN)),
            *(f"{context}.op.name" for context in (OP, HOOK)),
            f"{OP}.op_def.name",
        ),
        *bounded(10, "state", "state of a run", *below(f"{RUN}.status", "", ".value", ".name")),
        *leads(
            (f"{OP}.run", RUN),
            (f"{OP}.dagster_run", RUN),
            (f"{SENSED}.dagster_run", RUN),
            (f"{HOOK}.op_exception", "builtins.BaseException"),
        ),
    )


def _others() -> tuple[Row, ...]:
    return (
        *unbounded("identity", "a task with its parameters", f"{LUIGI}.task_id", advice="its `task_family`"),
        *bounded(50, "task-name", "the name of a task", *below(LUIGI, ".task_family", ".get_task_family()")),
        *bounded(13, "message-type", "what happened to a task", SIGNAL),
        *bounded(50, "task-name", "the name of a task", f"{TASK}.name"),
        *unbounded("identity", RUN_ID, *below(TASK, ".id", ".revoke_id"), advice=LOG),
        *unbounded("payload", "arguments or result of one task run", *below(TASK, ".args", ".kwargs", ".data"), advice=LOG),
        *unbounded("time", "the time of one run", f"{TASK}.eta", advice=LOG),
        *unbounded("payload", "arguments or result of one task run", "huey.result", advice=LOG),
    )


LIBRARY = Library(
    packages=("prefect", "dagster", "luigi", "huey"),
    rows=(*_prefect(), *_dagster(), *_others()),
    shapes=(
        Shape(
            "prefect",
            (("flow", FLOW), ("flow_run", FLOW_RUN), ("state", STATE)),
            signature=("flow", "flow_run", "state"),
        ),
        Shape(
            "prefect",
            (("task", "prefect.Task"), ("task_run", TASK_RUN), ("state", STATE)),
            signature=("task", "task_run", "state"),
        ),
        *(
            Shape("dagster", (("context", OP),), decorator=f"dagster.{made}{called}")
            for made in ("op", "asset", "multi_asset")
            for called in ("()", "")
        ),
        *(
            Shape("dagster", (("#0", HOOK),), decorator=f"dagster.{made}{called}")
            for made in ("success_hook", "failure_hook")
            for called in ("()", "")
        ),
        *(
            Shape("dagster", (("#0", SENSED),), decorator=f"dagster.{made}{called}")
            for made in ("run_status_sensor", "run_failure_sensor")
            for called in ("()", "")
        ),
        Shape("luigi", (("#0", LUIGI),), decorator=f"{LUIGI}.event_handler()"),
        Shape("huey", (("#0", SIGNAL), ("#1", TASK), ("#2", "builtins.BaseException")), decorator=f"{HUEY}.signal()"),
        Shape("huey", (("#0", TASK),), decorator=f"{HUEY}.pre_execute()"),
        Shape("huey", (("#0", TASK), ("#1", "huey.result"), ("#2", "builtins.BaseException")), decorator=f"{HUEY}.post_execute()"),
    ),
    aliases=(
        ("prefect.flows.Flow", FLOW),
        ("prefect.tasks.Task", "prefect.Task"),
        ("prefect.states.State", STATE),
        ("prefect.State", STATE),
        ("prefect.runtime.flow_run.get_id()", "prefect.runtime.flow_run.id"),
        ("dagster.AssetExecutionContext", OP),
        ("dagster.RunFailureSensorContext", SENSED),
        ("luigi.task.Task", LUIGI),
        *((f"luigi.{name}", LUIGI) for name in ("ExternalTask", "WrapperTask", "Config")),
        *((f"huey.{name}", HUEY) for name in QUEUES),
        *((f"huey.contrib.djhuey.{name}()", f"{HUEY}.{name}()") for name in ("signal", "pre_execute", "post_execute")),
        ("huey.api.Huey", HUEY),
    ),
)
"""Prefect 3.9, `runtime` and `client/schemas/objects.py`; Dagster 1.13, `OpExecutionContext`, `HookContext` and `DagsterRunStatus`; Luigi
3.8, `task.py`; Huey 3.5, `signals.py` and `api.py`. Keys of partitions may be dates or a few regions: no row has them."""
