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
