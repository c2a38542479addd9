"""boto3 and botocore: responses and errors."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library
from cardlint.knowledge.tables import FREE_TEXTS

TABLE, ITEM = "boto3.resource().Table", "boto3.item"
"""A table of DynamoDB, and a row of it: unbounded only where an attribute says so by its name, as in other databases."""
MESSAGE = "boto3.message"
CLIENT, RESOURCE, QUEUE = "boto3.client()", "boto3.resource()", "boto3.resource().Queue"
MACHINE = "boto3.resource().Instance"
RECEIVED = f"{CLIENT}.receive_message()"
"""Messages of SQS (boto3, SQS client: receive_message; DynamoDB resource: Table)."""
TYPED = (
    *("ec2.EC2Client", "s3.S3Client", "sqs.SQSClient", "sns.SNSClient", "rds.RDSClient", "ecs.ECSClient", "logs.CloudWatchLogsClient"),
    *("cloudwatch.CloudWatchClient", "kinesis.KinesisClient", "lambda.LambdaClient", "dynamodb.DynamoDBClient", "sts.STSClient"),
)
"""Clients as annotations name them (mypy_boto3_builder, README: type annotations)."""

LIBRARY = Library(
    packages=(
        *("boto3", "botocore", "aiobotocore", "aioboto3"),
        *(f"mypy_boto3_{service.partition('.')[0]}" for service in TYPED),
    ),
    rows=(
        *deployment(
            "config",
            "the account the program runs under",
            f"{CLIENT}.get_caller_identity()",
            deep=True,
        ),
        *unbounded(
            "file-path",
            "the key of an object in a bucket",
            *(
                f"{CLIENT}.{listed}[Contents][{index}][Key]"
                for listed in ("list_objects()", "list_objects_v2()", "get_paginator().paginate()[*]")
                for index in ("*", "0")
            ),
            *(f"{RESOURCE}.Bucket.objects.{listed}[*].key" for listed in ("all()", "filter()")),
            advice="the name of the bucket, or the first part of the key when it is one you know",
        ),
        *leads(
            *((f"{TABLE}.{name}()[Items][{index}]", ITEM) for name in ("scan", "query") for index in ("*", "0")),
            (f"{TABLE}.get_item()[Item]", ITEM),
            *((f"{RECEIVED}[Messages][{index}]", MESSAGE) for index in ("*", "0")),
            *((f"{RESOURCE}.{name}()", QUEUE) for name in ("get_queue_by_name", "create_queue")),
            *((f"{RESOURCE}.instances.{name}()[*]", MACHINE) for name in ("all", "filter")),
        ),
        *unbounded("database", "a database key", *below(ITEM, "[id]", "[pk]", "[uuid]"), advice=LOG),
        *unbounded("free-text", "text from a database", *(f"{ITEM}[{name}]" for name in sorted(FREE_TEXTS)), advice=LOG),
        *unbounded("payload", "content of a message", *below(MESSAGE, "[Body]", "[MessageAttributes]"), advice=FIXED_SET),
        *unbounded("identity", "the id of one message", *below(MESSAGE, "[MessageId]", "[ReceiptHandle]", "[MD5OfBody]"), advice=LOG),
        *unbounded(
            "payload", "content of a message", *below(f"{QUEUE}.receive_messages()[*]", ".body", ".message_attributes"), advice=FIXED_SET
        ),
        *unbounded(
            "identity", "the id of one message", *below(f"{QUEUE}.receive_messages()[*]", ".message_id", ".receipt_handle"), advice=LOG
        ),
        *deployment("inventory", "a queue", f"{QUEUE}.url"),
        *deployment(
            "inventory",
            "an instance of EC2",
            *below(MACHINE, ".id", ".instance_id", ".private_ip_address", ".public_ip_address", ".private_dns_name", ".instance_type"),
        ),
        *bounded(6, "state", "state of an instance", f"{MACHINE}.state[Name]"),
        *unbounded("exception-text", "the text of an exception", "botocore.exceptions.ClientError", advice='`e.response["Error"]["Code"]`'),
        *bounded(50, "error-code", "AWS error code", "botocore.exceptions.ClientError.response[Error][Code]"),
        *unbounded(
            "free-text",
            "text of an AWS error",
            "botocore.exceptions.ClientError.response[Error][Message]",
            "botocore.exceptions.ClientError.response[ResponseMetadata][RequestId]",
        ),
        *bounded(50, "operation", "AWS operation", "botocore.exceptions.ClientError.operation_name", "botocore.model.OperationModel.name"),
        *bounded(15, "status", "HTTP status", "botocore.exceptions.ClientError.response[ResponseMetadata][HTTPStatusCode]"),
    ),
    aliases=(
        ("boto3.session.Session", "boto3.Session"),
        ("boto3.Session.resource()", RESOURCE),
        ("boto3.Session.client()", CLIENT),
        ("boto3.session.Session.client()", CLIENT),
        ("botocore.client.BaseClient", CLIENT),
        *((f"mypy_boto3_{name}", CLIENT) for name in TYPED),
        *((f"mypy_boto3_{name.replace('.', '.client.')}", CLIENT) for name in TYPED),
        ("aioboto3.session.Session", "aioboto3.Session"),
        ("aioboto3.Session.client()", CLIENT),
        ("aiobotocore.session.get_session()", "aiobotocore.session.AioSession"),
        ("aiobotocore.session.AioSession.create_client()", CLIENT),
        ("botocore.exceptions.BotoCoreError", "builtins.BaseException"),
    ),
)
