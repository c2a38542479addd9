"""Airflow: runs, tasks and contexts."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, unbounded
from cardlint.knowledge.schema import Library

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
        *bounded(12, "state", "Airflow state", "airflow.models.TaskInstance.state", "airflow.models.DagRun.state"),
        *deployment("host", "the name of a worker", "airflow.models.TaskInstance.hostname"),
    ),
    aliases=(
        ("airflow.models.taskinstance.TaskInstance", "airflow.models.TaskInstance"),
        ("airflow.models.dagrun.DagRun", "airflow.models.DagRun"),
        ("airflow.models.dag.DAG", "airflow.models.DAG"),
        ("airflow.DAG", "airflow.models.DAG"),
    ),
)
