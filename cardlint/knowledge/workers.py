"""Workers of Temporal, Faust, Taskiq, nameko and Pulsar: what they run, and the messages that they get."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Route, Shape

ACTIVITY, WORKFLOW = "temporalio.activity.info()", "temporalio.workflow.info()"
EXECUTION = "temporalio.client.WorkflowExecution"
STREAM, EVENT = "faust.Stream", "faust.Event"
SENT, RESULT = "taskiq.TaskiqMessage", "taskiq.TaskiqResult"
HOOKS = ("pre_send", "post_send", "pre_execute", "post_execute", "post_save", "on_error")
CLIENT, CONSUMER, MESSAGE = "pulsar.Client", "pulsar.Consumer", "pulsar.Message"

LIBRARY = Library(
    packages=("temporalio", "faust", "taskiq", "nameko", "pulsar"),
    rows=(
        *bounded(
            50,
            "task-name",
            "the name of an activity or a workflow",
            *below(ACTIVITY, ".activity_type", ".workflow_type"),
            f"{WORKFLOW}.workflow_type",
            f"{SENT}.task_name",
        ),
        *unbounded(
            "identity",
            "the id of one run",
            *below(ACTIVITY, ".activity_id", ".task_token", ".workflow_id", ".workflow_run_id"),
            *below(WORKFLOW, ".workflow_id", ".run_id", ".first_execution_run_id", ".original_execution_run_id", ".continued_run_id"),
            f"{SENT}.task_id",
            advice=LOG,
        ),
        *deployment(
            "config",
            "where the worker gets its work",
            *(f"{info}.{name}" for info in (ACTIVITY, WORKFLOW) for name in ("task_queue", "namespace")),
        ),
        *bounded(50, "task-name", "the name of an activity or a workflow", f"{EXECUTION}.workflow_type"),
        *unbounded(
            "identity",
            "the id of one run",
            *below(EXECUTION, ".id", ".run_id", ".parent_id", ".root_id"),
            *below("temporalio.client.WorkflowHandle", ".id", ".run_id", ".result_run_id", ".first_execution_run_id"),
            advice=LOG,
        ),
        *deployment("inventory", "where a worker gets its work", *below(EXECUTION, ".task_queue", ".namespace")),
        *bounded(8, "state", "status of a workflow", *below(f"{EXECUTION}.status", ".name", ".value")),
        *leads(
            ("temporalio.client.Client.list_workflows()[*]", EXECUTION),
            ("temporalio.client.WorkflowHandle.describe()", EXECUTION),
            *(
                (f"temporalio.client.Client.{name}()", "temporalio.client.WorkflowHandle")
                for name in ("start_workflow", "get_workflow_handle")
            ),
        ),
        *unbounded(
            "payload", "arguments or result of one task run", *below(SENT, ".args", ".kwargs"), f"{RESULT}.return_value", advice=LOG
        ),
        *bounded(2, "boolean", "whether a task failed", f"{RESULT}.is_err"),
        *leads(
            (f"{RESULT}.error", "builtins.BaseException"),
            (f"{STREAM}.events()[*]", EVENT),
            (f"{CLIENT}.subscribe()", CONSUMER),
            (f"{CLIENT}.create_reader()", CONSUMER),
            *((f"{CONSUMER}.{name}", MESSAGE) for name in ("receive()", "read_next()", "batch_receive()[*]")),
        ),
        *unbounded(
            "payload",
            "content of a message",
            *below(STREAM, "[*]", ".items()[*][0]", ".items()[*][1]"),
            *below(EVENT, ".key", ".value", ".headers"),
            *below(MESSAGE, ".data()", ".value()", ".properties()", ".partition_key()", ".ordering_key()"),
            "nameko.payload",
            advice=FIXED_SET,
        ),
        *unbounded("payload", "content of messages", STREAM, advice=FIXED_SET, deep=False),
        *unbounded("identity", "the id of one message", f"{EVENT}.message.offset", f"{MESSAGE}.message_id()", advice=LOG),
        *unbounded("time", "a point in time", *below(MESSAGE, ".event_timestamp()", ".publish_timestamp()"), advice=LOG),
        *deployment("inventory", "a topic", f"{EVENT}.message.topic", f"{MESSAGE}.topic_name()"),
        *unbounded("identity", "a producer, which has a name of its own each time", f"{MESSAGE}.producer_name()", advice=LOG),
    ),
    shapes=(
        Shape("faust", (("#0", STREAM),), decorator="faust.App.agent()"),
        *(
            Shape("taskiq", (("message", SENT), ("result", RESULT), ("exception", "builtins.BaseException")), base=base, method=hook)
            for base in ("taskiq.TaskiqMiddleware", "taskiq.abc.middleware.TaskiqMiddleware")
            for hook in HOOKS
        ),
        Shape("pulsar", (("#0", CONSUMER), ("#1", MESSAGE)), passed=f"{CLIENT}.subscribe()", places=("message_listener",)),
        Shape("nameko", (("#0", "nameko.payload"),), decorator="nameko.events.event_handler()"),
        Shape("nameko", (("request", "flask.request"),), decorator="nameko.web.handlers.http()"),
    ),
    routes=(
        Route("nameko", "nameko.web.handlers.http()", pattern="#1", syntax="<>"),
        *(Route("nameko", f"nameko.rpc.rpc{called}", others="query", message=True) for called in ("()", "")),
    ),
    aliases=(
        ("temporalio.client.Client.connect()", "temporalio.client.Client"),
        ("temporalio.client.WorkflowExecutionDescription", EXECUTION),
        ("faust.app.App", "faust.App"),
        ("taskiq.message.TaskiqMessage", SENT),
        ("taskiq.result.TaskiqResult", RESULT),
    ),
)
"""temporalio 1.35, `activity.Info` and `workflow.Info`; faust-streaming 0.15, Agents and Streams; taskiq 0.11, Middlewares; nameko 2.14,
Built-in Extensions; pulsar-client 3.13, `pulsar.Message`."""
