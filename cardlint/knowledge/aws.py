"""Responses of the services of AWS: instances, tasks and queues that a deployment has, and the ids of single messages and runs."""

from __future__ import annotations

from itertools import product

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Row

CLIENT = "boto3.client()"
PAGES = f"{CLIENT}.get_paginator().paginate()"
INSTANCE, CHECKED, VOLUME, TASK, SERVICE = (f"boto3.{name}" for name in ("instance", "instance_status", "volume", "task", "service"))
DATABASE, CLUSTER, FUNCTION, GROUP, BALANCER = (f"boto3.{name}" for name in ("database", "cluster", "function", "group", "balancer"))
TARGET, ALARM, STACK, EXECUTION, JOB = (f"boto3.{name}" for name in ("target", "alarm", "stack", "execution", "job"))
RUN, SHARD, RECORD, LOGGED, STREAM = (f"boto3.{name}" for name in ("job_run", "shard", "record", "log_event", "log_stream"))
LOGS, METRIC, STORED = "boto3.log_group", "boto3.metric", "boto3.stored_object"

PAGED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("describe_instances()", ("Reservations", "Instances"), INSTANCE),
    ("describe_instance_status()", ("InstanceStatuses",), CHECKED),
    ("describe_volumes()", ("Volumes",), VOLUME),
    ("describe_db_instances()", ("DBInstances",), DATABASE),
    ("describe_db_clusters()", ("DBClusters",), CLUSTER),
    ("list_functions()", ("Functions",), FUNCTION),
    ("describe_auto_scaling_groups()", ("AutoScalingGroups",), GROUP),
    ("describe_load_balancers()", ("LoadBalancers",), BALANCER),
    ("describe_alarms()", ("MetricAlarms",), ALARM),
    ("describe_stacks()", ("Stacks",), STACK),
    ("list_executions()", ("executions",), EXECUTION),
    ("get_job_runs()", ("JobRuns",), RUN),
    ("filter_log_events()", ("events",), LOGGED),
    ("describe_log_streams()", ("logStreams",), STREAM),
    ("describe_log_groups()", ("logGroups",), LOGS),
    ("list_metrics()", ("Metrics",), METRIC),
    ("list_object_versions()", ("Versions",), STORED),
)
"""Lists of a response and of the pages of its paginator, with the keys that lead to an element. The paths of paginators do not hold their
operation, so all have the keys of all."""
LISTED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("describe_tasks()", ("tasks",), TASK),
    ("describe_services()", ("services",), SERVICE),
    ("describe_target_health()", ("TargetHealthDescriptions",), TARGET),
    ("describe_jobs()", ("jobs",), JOB),
    ("list_shards()", ("Shards",), SHARD),
    ("get_records()", ("Records",), RECORD),
    ("get_log_events()", ("events",), LOGGED),
)
"""Lists of responses whose keys are those of other operations, too, or that have no paginator."""
NAMES: tuple[tuple[str, str], ...] = (
    ("list_clusters()", "clusterArns"),
    ("list_services()", "serviceArns"),
    ("list_tables()", "TableNames"),
    ("list_container_instances()", "containerInstanceArns"),
)
"""Lists of names of what is deployed, also of a paginator."""


def _elements() -> tuple[tuple[str, str], ...]:
    """Return the paths of the elements of all lists, with what each one is."""
    direct = [(f"{CLIENT}.{call}", keys, what) for call, keys, what in (*PAGED, *LISTED)]
    pages = [(f"{PAGES}[*]", keys, what) for _, keys, what in PAGED]
    return tuple(
        ("".join((start, *steps)), what)
        for start, keys, what in (*direct, *pages)
        for steps in product(*(tuple(f"[{key}][{index}]" for index in ("*", "0")) for key in keys))
    )


def _compute() -> tuple[Row, ...]:
    """Return the rows of instances, tasks, functions and databases."""
    return (
        *deployment(
            "inventory",
            "an instance of EC2",
            *below(INSTANCE, "[InstanceId]", "[PrivateIpAddress]", "[PrivateDnsName]", "[PublicIpAddress]", "[PublicDnsName]"),
            *below(INSTANCE, "[ImageId]", "[VpcId]", "[SubnetId]"),
            *below(CHECKED, "[InstanceId]"),
            *(f"{GROUP}[Instances][{index}][InstanceId]" for index in ("*", "0")),
        ),
        *deployment(
            "inventory",
            "a kind of machine that is in use",
            *below(INSTANCE, "[InstanceType]", "[Placement][AvailabilityZone]"),
            f"{CHECKED}[AvailabilityZone]",
            *below(DATABASE, "[DBInstanceClass]", "[Engine]", "[EngineVersion]", "[AvailabilityZone]"),
            *below(CLUSTER, "[Engine]", "[EngineVersion]"),
            f"{FUNCTION}[Runtime]",
            *below(VOLUME, "[AvailabilityZone]"),
        ),
        *bounded(6, "state", "state of an instance", f"{INSTANCE}[State][Name]", f"{CHECKED}[InstanceState][Name]"),
        *bounded(5, "state", "status of an instance", f"{CHECKED}[InstanceStatus][Status]", f"{CHECKED}[SystemStatus][Status]"),
        *unbounded("time", "a point in time", f"{INSTANCE}[LaunchTime]", *below(TASK, "[startedAt]", "[createdAt]"), advice=LOG),
        *deployment("inventory", "a volume", f"{VOLUME}[VolumeId]"),
        *bounded(6, "state", "state of a volume", f"{VOLUME}[State]"),
        *bounded(9, "code-name", "kind of a volume", f"{VOLUME}[VolumeType]"),
        *deployment("inventory", "a group of instances", f"{GROUP}[AutoScalingGroupName]"),
        *bounded(
            30, "state", "state of an instance in its group", *(f"{GROUP}[Instances][{index}][LifecycleState]" for index in ("*", "0"))
        ),
        *deployment("inventory", "the name of a task, new with every deployment", f"{TASK}[taskArn]"),
        *deployment("inventory", "the name of a task, new with every deployment", f"{CLIENT}.list_tasks()[taskArns][*]"),
        *deployment("inventory", "the name of a task, new with every deployment", f"{PAGES}[*][taskArns][*]"),
        *unbounded(
            "identity",
            "the name of a task that was just started",
            *(f"{CLIENT}.run_task()[tasks][{index}][taskArn]" for index in ("*", "0")),
            advice=LOG,
        ),
        *deployment(
            "inventory",
            "a part of a cluster",
            *below(TASK, "[clusterArn]", "[taskDefinitionArn]", "[group]", "[containerInstanceArn]", "[availabilityZone]"),
            *below(SERVICE, "[serviceName]", "[serviceArn]", "[clusterArn]", "[taskDefinition]"),
        ),
        *bounded(10, "state", "state of a task", *below(TASK, "[lastStatus]", "[desiredStatus]")),
        *bounded(3, "state", "health of a task", f"{TASK}[healthStatus]"),
        *bounded(4, "code-name", "where a task runs", *below(TASK, "[launchType]"), f"{SERVICE}[launchType]"),
        *bounded(7, "reason", "why a task stopped", f"{TASK}[stopCode]"),
        *unbounded("free-text", "the text of why a task stopped", f"{TASK}[stoppedReason]", advice="its `stopCode`"),
        *bounded(3, "state", "state of a service", f"{SERVICE}[status]"),
        *unbounded(
            "free-text",
            "the text of an event of a service",
            *(f"{SERVICE}[events][{index}][message]" for index in ("*", "0")),
            advice=LOG,
        ),
        *deployment("inventory", "a function that is deployed", *below(FUNCTION, "[FunctionName]", "[FunctionArn]")),
        *bounded(8, "state", "state of a function", f"{FUNCTION}[State]"),
        *deployment(
            "inventory",
            "a database of the account",
            *below(DATABASE, "[DBInstanceIdentifier]", "[DBInstanceArn]", "[DBName]", "[DBClusterIdentifier]", "[Endpoint][Address]"),
            *below(CLUSTER, "[DBClusterIdentifier]", "[DBClusterArn]", "[DatabaseName]", "[Endpoint]", "[ReaderEndpoint]"),
        ),
        *bounded(60, "state", "status of a database", f"{DATABASE}[DBInstanceStatus]", f"{CLUSTER}[Status]"),
    )


def _runs() -> tuple[Row, ...]:
    """Return the rows of jobs and executions, of which there are more every day."""
    return (
        *unbounded(
            "identity",
            "the id of one run",
            *below(EXECUTION, "[executionArn]", "[name]"),
            *below(RUN, "[Id]"),
            *below(JOB, "[jobId]", "[jobArn]"),
            f"{CLIENT}.start_execution()[executionArn]",
            f"{CLIENT}.submit_job()[jobId]",
            f"{CLIENT}.start_job_run()[JobRunId]",
            f"{CLIENT}.start_query_execution()[QueryExecutionId]",
            f"{CLIENT}.start_query()[queryId]",
            f"{CLIENT}.start_build()[build][id]",
            advice=LOG,
        ),
        *unbounded("exception-text", "the text of a failure", f"{RUN}[ErrorMessage]", f"{JOB}[statusReason]", advice=LOG),
        *deployment("inventory", "a job that is set up", f"{RUN}[JobName]", f"{EXECUTION}[stateMachineArn]", f"{JOB}[jobQueue]"),
        *bounded(6, "state", "state of an execution", f"{EXECUTION}[status]"),
        *bounded(10, "state", "state of a run", f"{RUN}[JobRunState]"),
        *bounded(7, "state", "state of a job", f"{JOB}[status]"),
        *bounded(5, "state", "state of a query", f"{CLIENT}.get_query_execution()[QueryExecution][Status][State]"),
        *deployment("inventory", "a stack that is deployed", *below(STACK, "[StackName]", "[StackId]")),
        *bounded(23, "state", "status of a stack", f"{STACK}[StackStatus]"),
    )


def _messages() -> tuple[Row, ...]:
    """Return the rows of queues, streams and logs."""
    return (
        *deployment(
            "inventory",
            "a queue or a topic",
            f"{CLIENT}.list_queues()[QueueUrls][*]",
            f"{CLIENT}.get_queue_url()[QueueUrl]",
            f"{CLIENT}.create_queue()[QueueUrl]",
            f"{CLIENT}.list_topics()[Topics][*][TopicArn]",
        ),
        *unbounded(
            "identity",
            "the id of one message",
            *below(CLIENT, ".send_message()[MessageId]", ".publish()[MessageId]", ".send_email()[MessageId]"),
            advice=LOG,
        ),
        *deployment(
            "inventory",
            "a shard of a stream",
            f"{SHARD}[ShardId]",
            *(f"{CLIENT}.describe_stream()[StreamDescription][Shards][{index}][ShardId]" for index in ("*", "0")),
            f"{CLIENT}.put_record()[ShardId]",
        ),
        *deployment("inventory", "a stream", f"{CLIENT}.list_streams()[StreamNames][*]"),
        *unbounded(
            "identity", "the number of one record", f"{RECORD}[SequenceNumber]", f"{CLIENT}.put_record()[SequenceNumber]", advice=LOG
        ),
        *unbounded("payload", "content of a record", *below(RECORD, "[Data]", "[PartitionKey]"), advice=FIXED_SET),
        *unbounded("free-text", "the text of a log line", f"{LOGGED}[message]", advice=LOG),
        *unbounded("identity", "the id of a log line", f"{LOGGED}[eventId]", advice=LOG),
        *unbounded("time", "a point in time", *below(LOGGED, "[timestamp]", "[ingestionTime]"), advice=LOG),
        *unbounded(
            "identity",
            "a stream of logs, of which each run of a function or task makes another",
            *below(STREAM, "[logStreamName]", "[arn]"),
            f"{LOGGED}[logStreamName]",
            advice="the name of the log group",
        ),
        *deployment("inventory", "a group of logs", *below(LOGS, "[logGroupName]", "[arn]")),
        *deployment("inventory", "a metric of the account", *below(METRIC, "[MetricName]", "[Namespace]")),
        *deployment("inventory", "an alarm of the account", *below(ALARM, "[AlarmName]", "[AlarmArn]", "[MetricName]", "[Namespace]")),
        *bounded(3, "state", "state of an alarm", f"{ALARM}[StateValue]"),
        *unbounded("free-text", "the text of a state", f"{ALARM}[StateReason]", advice="its `StateValue`"),
        *deployment("inventory", "a load balancer", *below(BALANCER, "[LoadBalancerName]", "[LoadBalancerArn]", "[DNSName]")),
        *bounded(4, "state", "state of a load balancer", f"{BALANCER}[State][Code]"),
        *bounded(3, "code-name", "kind of a load balancer", f"{BALANCER}[Type]"),
        *deployment("inventory", "a target of a load balancer", f"{TARGET}[Target][Id]"),
        *bounded(7, "state", "health of a target", f"{TARGET}[TargetHealth][State]"),
    )


def _stores() -> tuple[Row, ...]:
    """Return the rows of buckets and of objects in them."""
    return (
        *deployment("inventory", "a bucket", *(f"{CLIENT}.list_buckets()[Buckets][{index}][Name]" for index in ("*", "0"))),
        *deployment("inventory", "a bucket", "boto3.resource().buckets.all()[*].name"),
        *unbounded("file-path", "the key of an object in a bucket", f"{STORED}[Key]", advice="the name of the bucket"),
        *unbounded(
            "identity",
            "one state of an object",
            *below(STORED, "[VersionId]", "[ETag]"),
            *(f"{CLIENT}.{call}[{key}]" for call in ("put_object()", "get_object()", "head_object()") for key in ("ETag", "VersionId")),
            advice=LOG,
        ),
    )


LIBRARY = Library(
    packages=("boto3", "botocore", "aiobotocore", "aioboto3"),
    rows=(
        *leads(*_elements()),
        *deployment(
            "inventory",
            "a part of the account",
            *(f"{start}[{key}][*]" for call, key in NAMES for start in (f"{CLIENT}.{call}", f"{PAGES}[*]")),
        ),
        *_compute(),
        *_runs(),
        *_messages(),
        *_stores(),
    ),
)
"""botocore 1.44, the models of its services (`service-2.json`, `paginators-1.json`) with the enumerations of states; Amazon ECS, Task
lifecycle; Amazon RDS, Viewing DB instance status; CloudWatch Logs, Concepts: log streams."""
