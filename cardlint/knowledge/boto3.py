"""boto3 and botocore: responses and errors."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library
from cardlint.knowledge.tables import FREE_TEXTS

TABLE, ITEM = "boto3.resource().Table", "boto3.item"
"""A table of DynamoDB, and a row of it: unbounded only where an attribute says so by its name, as in other databases."""
MESSAGE = "boto3.message"
RECEIVED = ("boto3.client().receive_message()", "boto3.Session.client().receive_message()")
"""Messages of SQS (boto3, SQS client: receive_message; DynamoDB resource: Table)."""

LIBRARY = Library(
    packages=("boto3", "botocore", "aiobotocore"),
    rows=(
        *deployment(
            "config",
            "the account the program runs under",
            "boto3.client().get_caller_identity()",
            "boto3.Session.client().get_caller_identity()",
            deep=True,
        ),
        *unbounded(
            "file-path",
            "the key of an object in a bucket",
            *(
                f"boto3.{session}client().{listed}[Contents][*][Key]"
                for session in ("", "Session.")
                for listed in ("list_objects()", "list_objects_v2()", "get_paginator().paginate()[*]")
            ),
            *(
                f"boto3.{session}resource().Bucket.objects.{listed}[*].key"
                for session in ("", "Session.")
                for listed in ("all()", "filter()")
            ),
            advice="the name of the bucket, or the first part of the key when it is one you know",
        ),
        *leads(
            *((f"{TABLE}.{name}()[Items][{index}]", ITEM) for name in ("scan", "query") for index in ("*", "0")),
            (f"{TABLE}.get_item()[Item]", ITEM),
            *((f"{received}[Messages][{index}]", MESSAGE) for received in RECEIVED for index in ("*", "0")),
        ),
        *unbounded("database", "a database key", *below(ITEM, "[id]", "[pk]", "[uuid]"), advice=LOG),
        *unbounded("free-text", "text from a database", *(f"{ITEM}[{name}]" for name in sorted(FREE_TEXTS)), advice=LOG),
        *unbounded("payload", "content of a message", *below(MESSAGE, "[Body]", "[MessageAttributes]"), advice=FIXED_SET),
        *unbounded("identity", "the id of one message", *below(MESSAGE, "[MessageId]", "[ReceiptHandle]", "[MD5OfBody]"), advice=LOG),
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
        ("boto3.Session.resource().Table", TABLE),
        ("botocore.exceptions.BotoCoreError", "builtins.BaseException"),
    ),
)
