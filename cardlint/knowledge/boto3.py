"""boto3 and botocore: responses and errors."""

from __future__ import annotations

from cardlint.knowledge.rows import bounded, deployment, unbounded
from cardlint.knowledge.schema import Library

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
    aliases=(("botocore.exceptions.BotoCoreError", "builtins.BaseException"),),
)
