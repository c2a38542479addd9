"""Task queues and messaging: gRPC, Celery, RQ, Dramatiq, Arq, Airflow, Kafka, AMQP, MQTT (knowledge B3, B5)."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

TASK, CREQ = "celery.Task", "celery.app.task.Context"
SIGNALS = ("task_prerun", "task_postrun", "task_success", "task_failure", "task_retry", "task_received", "task_revoked", "task_rejected")
SIGNAL_PARAMS = (
    ("sender", TASK), ("task", TASK), ("task_id", "celery.task_id"), ("args", "celery.task_args"), ("kwargs", "celery.task_args"), ("exception", "builtins.BaseException"),
    ("reason", "celery.reason"), ("request", CREQ), ("state", "celery.state"), ("retval", "celery.retval"), ("result", "celery.retval"), ("traceback", "celery.reason"), ("einfo", "celery.reason"),
)  # fmt: skip

GRPC = Library(
    packages=("grpc",),
    rows=(
        *client(50, "rpc-method", "the RPC method the client named", "grpc.HandlerCallDetails.method", advice='the method when a handler was found, else "other"'),
        *unbounded("header", "metadata the client sent", "grpc.HandlerCallDetails.invocation_metadata", "grpc.ServicerContext.invocation_metadata()", "grpc.HandlerCallDetails.invocation_metadata[]"),
        *unbounded("address", "the address of the client", "grpc.ServicerContext.peer()", advice=LOG),
        *bounded(17, "grpc-code", "gRPC status code", "grpc.ServicerContext.code()", "grpc.StatusCode", "grpc.RpcError.code()", "grpc.RpcError.code().name", "grpc.ServicerContext.code().name", "grpc.StatusCode.name", "grpc.Call.code()", "grpc.RpcError.code().value"),
        *unbounded("free-text", "free text of the status", "grpc.ServicerContext.details()", "grpc.RpcError.details()", "grpc.RpcError", "grpc.Call.details()", advice="the code: `e.code().name`"),
        *bounded(50, "rpc-method", "a method of the client's stub", "grpc.ClientCallDetails.method"),
    ),
    shapes=(
        Shape("grpc", (("handler_call_details", "grpc.HandlerCallDetails"),), method="intercept_service", signature=("continuation", "handler_call_details")),
        *(Shape("grpc", (("client_call_details", "grpc.ClientCallDetails"),), method=f"intercept_{a}_{b}", signature=("continuation", "client_call_details")) for a in ("unary", "stream") for b in ("unary", "stream")),
    ),
    aliases=(("grpc.aio.ServicerContext", "grpc.ServicerContext"), ("grpc.aio.AioRpcError", "grpc.RpcError"), ("grpc.aio.ClientCallDetails", "grpc.ClientCallDetails")),
)  # fmt: skip

CELERY = Library(
    packages=("celery",),
    rows=(
        *bounded(50, "task-name", "name of a task", TASK + ".name", TASK + ".__name__", CREQ + ".task", CREQ + ".name", CREQ + ".task_name", "celery.current_task.name"),
        *bounded(50, "task-name", "name of a task", TASK),
        *leads((TASK + ".request", CREQ), ("celery.current_task.request", CREQ)),
        *unbounded("identity", "the id of one task run", "celery.task_id", *below(CREQ, ".id", ".root_id", ".parent_id", ".correlation_id", ".reply_to", ".group"), advice=LOG),
        *unbounded("body", "arguments or result of one task run", "celery.task_args", "celery.retval", *below(CREQ, ".args", ".kwargs", ".argsrepr", ".kwargsrepr"), advice=LOG),
        *unbounded("exception-text", "the text of a failure", "celery.reason", advice="`type(exception).__name__`, the class of the exception"),
        *bounded(7, "state", "Celery state", "celery.state", "celery.result.AsyncResult.state", "celery.result.AsyncResult.status"),
        *unbounded("identity", "the id of one task run", "celery.result.AsyncResult.id", "celery.result.AsyncResult.task_id", advice=LOG),
        *deployment("host", "the name of a worker", CREQ + ".hostname", CREQ + ".origin"),
        *deployment("inventory", "a queue", CREQ + ".delivery_info[routing_key]", CREQ + ".delivery_info.get(routing_key)", CREQ + ".delivery_info[]"),
    ),
    shapes=(
        *(Shape("celery", SIGNAL_PARAMS, decorator=f"celery.signals.{signal}.connect") for signal in SIGNALS),
        *(Shape("celery", SIGNAL_PARAMS, decorator=f"celery.signals.{signal}.connect()") for signal in SIGNALS),
        *(Shape("celery", (("exc", "builtins.BaseException"), ("task_id", "celery.task_id"), ("args", "celery.task_args"), ("kwargs", "celery.task_args"), ("einfo", "celery.reason"), ("retval", "celery.retval"), ("status", "celery.state")), base=TASK, method=method) for method in ("on_success", "on_failure", "on_retry", "before_start", "after_return")),
        *(Shape("celery", (("self", TASK),), decorator=decorator, signature=("self",)) for decorator in ("celery.Celery.task()", "celery.shared_task()")),
    ),
    aliases=(("celery.app.task.Task", TASK), ("celery.app.base.Celery", "celery.Celery"), ("celery.task.Task", TASK)),
)  # fmt: skip

RQ = Library(
    packages=("rq",),
    rows=(
        *bounded(50, "task-name", "name of a job function", "rq.job.Job.func_name"),
        *deployment("inventory", "a queue", "rq.job.Job.origin", "rq.Queue.name"),
        *bounded(11, "state", "RQ job status", "rq.job.Job.get_status()"),
        *unbounded("identity", "the id or text of one job", *below("rq.job.Job", ".id", ".description", ".get_call_string()", ".args", ".kwargs", ".exc_info", ".get_id()"), "rq.Worker.name", "rq.job.Job.worker_name", advice=LOG),
    ),
    shapes=(Shape("rq", (("job", "rq.job.Job"), ("exc_type", "builtins.type()"), ("exc_value", "builtins.BaseException")), signature=("job", "exc_type", "exc_value")),),
    aliases=(("rq.Job", "rq.job.Job"), ("rq.get_current_job()", "rq.job.Job"), ("rq.queue.Queue", "rq.Queue"), ("rq.worker.Worker", "rq.Worker")),
)  # fmt: skip

DRAMATIQ = Library(
    packages=("dramatiq", "arq", "huey", "taskiq"),
    rows=(
        *bounded(50, "task-name", "name of an actor", "dramatiq.Message.actor_name"),
        *deployment("inventory", "a queue", "dramatiq.Message.queue_name"),
        *unbounded("identity", "the id of one message", *below("dramatiq.Message", ".message_id", ".message_timestamp", ".args", ".kwargs", ".options", ".options[]"), advice=LOG),
        *unbounded("identity", "the id of one job", "arq.ctx[job_id]", "arq.ctx[enqueue_time]", "arq.ctx[score]", "arq.ctx.get(job_id)", advice=LOG),
    ),
    shapes=(
        *(Shape("dramatiq", (("message", "dramatiq.Message"), ("exception", "builtins.BaseException")), method=m, signature=("broker", "message")) for m in ("before_process_message", "after_process_message", "after_enqueue", "before_enqueue", "after_skip_message")),
        *(Shape("arq", (("ctx", "arq.ctx"),), method=m, signature=("ctx",)) for m in ("on_job_start", "on_job_end", "after_job_end")),
    ),
    aliases=(("dramatiq.message.Message", "dramatiq.Message"),),
)  # fmt: skip

AIRFLOW = Library(
    packages=("airflow",),
    rows=(
        *deployment("inventory", "a DAG or task declared in code", *below("airflow.models.TaskInstance", ".dag_id", ".task_id", ".operator", ".queue", ".pool"), *below("airflow.models.DagRun", ".dag_id"), "airflow.models.DAG.dag_id", "airflow.models.BaseOperator.task_id"),
        *unbounded("identity", "one run", *below("airflow.models.TaskInstance", ".run_id", ".job_id", ".execution_date", ".key"), *below("airflow.models.DagRun", ".run_id", ".execution_date", ".logical_date", ".id"), advice=LOG),
        *bounded(12, "state", "Airflow state", "airflow.models.TaskInstance.state", "airflow.models.DagRun.state"),
        *deployment("host", "the name of a worker", "airflow.models.TaskInstance.hostname"),
    ),
    aliases=(("airflow.models.taskinstance.TaskInstance", "airflow.models.TaskInstance"), ("airflow.models.dagrun.DagRun", "airflow.models.DagRun"), ("airflow.models.dag.DAG", "airflow.models.DAG"), ("airflow.DAG", "airflow.models.DAG")),
)  # fmt: skip

KAFKA = Library(
    packages=("confluent_kafka", "aiokafka", "kafka", "pika", "aio_pika", "paho", "nats"),
    rows=(
        *deployment("inventory", "a topic", "confluent_kafka.Message.topic()", "aiokafka.ConsumerRecord.topic", "kafka.consumer.fetcher.ConsumerRecord.topic", "confluent_kafka.TopicPartition.topic"),
        *bounded(50, "partition", "partition of a topic", "confluent_kafka.Message.partition()", "aiokafka.ConsumerRecord.partition", "confluent_kafka.TopicPartition.partition"),
        *unbounded("body", "content of a message", *below("confluent_kafka.Message", ".offset()", ".key()", ".value()", ".headers()", ".timestamp()"), *below("aiokafka.ConsumerRecord", ".offset", ".key", ".value", ".headers", ".timestamp"), "pika.BasicProperties.message_id", "pika.BasicProperties.correlation_id", "paho.mqtt.client.MQTTMessage.payload", advice=LOG),
        *bounded(190, "error-code", "Kafka error code", "confluent_kafka.KafkaError.code()", "confluent_kafka.KafkaError.name()"),
        *unbounded("free-text", "text of an error", "confluent_kafka.KafkaError.str()", "confluent_kafka.KafkaError", advice="its `name()`"),
        *leads(("confluent_kafka.Consumer.poll()", "confluent_kafka.Message"), ("confluent_kafka.Message.error()", "confluent_kafka.KafkaError"), ("aiokafka.AIOKafkaConsumer[*]", "aiokafka.ConsumerRecord"), ("aiokafka.AIOKafkaConsumer.getone()", "aiokafka.ConsumerRecord"), ("kafka.KafkaConsumer[*]", "aiokafka.ConsumerRecord"), ("confluent_kafka.Consumer.consume()[*]", "confluent_kafka.Message")),
    ),
    shapes=(Shape("kafka", (("err", "confluent_kafka.KafkaError"), ("msg", "confluent_kafka.Message")), signature=("err", "msg")),),
    aliases=(("aiokafka.structs.ConsumerRecord", "aiokafka.ConsumerRecord"), ("confluent_kafka.cimpl.Message", "confluent_kafka.Message")),
)  # fmt: skip
