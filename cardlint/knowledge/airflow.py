"""Airflow: runs, tasks and contexts."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Shape

CONTEXT = "airflow.context"
"""What a task and a callback get (Airflow, Templates reference: variables)."""

LIBRARY = Library(
    packages=("airflow",),
    rows=(
        *deployment(
            "inventory",
            "a DAG or task declared in code",
            *below("airflow.models.TaskInstance", ".dag_id", ".task_id", ".operator", ".queue", ".pool"),
            *below("airflow.models.DagRun", ".dag_id"),
            "airflow.models.DAG.dag_id",
            "airflow.models.BaseOperator.task_id",
        ),
        *unbounded(
            "identity",
            "one run",
            *below("airflow.models.TaskInstance", ".run_id", ".job_id", ".execution_date", ".key"),
            *below("airflow.models.DagRun", ".run_id", ".execution_date", ".logical_date", ".id"),
            advice=LOG,
        ),
        *leads(
            *((f"{CONTEXT}[{key}]", "airflow.models.TaskInstance") for key in ("ti", "task_instance")),
            (f"{CONTEXT}[dag_run]", "airflow.models.DagRun"),
            (f"{CONTEXT}[dag]", "airflow.models.DAG"),
            (f"{CONTEXT}[task]", "airflow.models.BaseOperator"),
            (f"{CONTEXT}[exception]", "builtins.BaseException"),
        ),
        *unbounded("identity", "one run", *below(CONTEXT, "[run_id]", "[task_instance_key_str]"), advice=LOG),
        *unbounded(
            "time",
            "the time of one run",
            *(
                f"{CONTEXT}[{key}]"
                for key in (
                    "ds",
                    "ds_nodash",
                    "ts",
                    "ts_nodash",
                    "logical_date",
                    "execution_date",
                    "data_interval_start",
                    "data_interval_end",
                )
            ),
            advice=LOG,
        ),
        *bounded(14, "state", "Airflow state", "airflow.models.TaskInstance.state", "airflow.models.DagRun.state"),
        *deployment("host", "the name of a worker", "airflow.models.TaskInstance.hostname"),
    ),
    shapes=(
        *(
            Shape("airflow", (("#0", CONTEXT),), base="airflow.models.BaseOperator", method=method)
            for method in ("execute", "pre_execute", "post_execute")
        ),
        *(
            Shape("airflow", (("#0", CONTEXT),), base="airflow.sensors.base.BaseSensorOperator", method=method)
            for method in ("poke", "execute")
        ),
        Shape(
            "airflow",
            (("task_instance", "airflow.models.TaskInstance"), ("dag_run", "airflow.models.DagRun"), ("error", "builtins.BaseException")),
            decorator="airflow.listeners.hookimpl",
            by_keyword=True,
        ),
    ),
    names=(Named(("airflow",), "context", CONTEXT),),
    aliases=(
        ("airflow.utils.context.Context", CONTEXT),
        ("airflow.sdk.Context", CONTEXT),
        ("airflow.sdk.definitions.context.Context", CONTEXT),
        ("airflow.operators.python.get_current_context()", CONTEXT),
        ("airflow.sdk.get_current_context()", CONTEXT),
        ("airflow.models.baseoperator.BaseOperator", "airflow.models.BaseOperator"),
        ("airflow.sdk.BaseOperator", "airflow.models.BaseOperator"),
        ("airflow.sdk.DAG", "airflow.models.DAG"),
        ("airflow.models.taskinstance.TaskInstance", "airflow.models.TaskInstance"),
        ("airflow.models.dagrun.DagRun", "airflow.models.DagRun"),
        ("airflow.models.dag.DAG", "airflow.models.DAG"),
        ("airflow.DAG", "airflow.models.DAG"),
    ),
)
"""Airflow, `utils/context.pyi`, `listeners/spec` and `models`; Templates reference; Listeners."""
