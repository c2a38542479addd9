"""What platforms hand to a function: events of AWS Lambda and Slack, with documented keys, and statements for a database."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.knowledge.rows import CHATTER, FIXED_SET, LOG, below, bounded, deployment, people, unbounded
from cardlint.knowledge.schema import Library, Row

EVENT, CONTEXT, SLACK = "aws_lambda.event", "aws_lambda.context", "slack.event"
SENT = "data from a client"


def _keys(base: str, *keys: str) -> tuple[str, ...]:
    return tuple(access for key in keys for access in (f"{base}[{key}]", f"{base}.get({key})"))


def _rows() -> tuple[Row, ...]:
    http = tuple(f"{EVENT}[requestContext]{part}" for part in ("[http]", "[identity]"))
    record = f"{EVENT}[Records][*]"
    return (
        *unbounded("raw-path", "the raw request path", *_keys(EVENT, "rawPath", "path", "rawQueryString")),
        *unbounded("raw-path", "the raw request path", *_keys(http[0], "path"), *_keys(f"{EVENT}[requestContext]", "path")),
        *unbounded("address", "the address of the client", *_keys(http[0], "sourceIp"), *_keys(http[1], "sourceIp"), advice=LOG),
        *unbounded(
            "body",
            SENT,
            *_keys(EVENT, "body", "queryStringParameters", "pathParameters", "headers", "cookies"),
            advice=FIXED_SET,
        ),
        *unbounded(
            "payload",
            "content of a message",
            *_keys(record, "body", "messageAttributes"),
            *_keys(f"{record}[Sns]", "Message", "Subject"),
            advice=FIXED_SET,
        ),
        *unbounded("file-path", "the key of an object", *_keys(f"{record}[s3][object]", "key", "eTag", "versionId"), advice=LOG),
        *unbounded("identity", "the id of one message", *_keys(record, "messageId", "receiptHandle", "eventID"), advice=LOG),
        *people(CHATTER, *_keys(SLACK, "user"), *_keys("slack.command", "user_id", "user_name"), *_keys("slack.body[user]", "id", "name")),
        *people(CHATTER, *_keys("slack.body", "user_id", "user_name"), *_keys("slack.body[event]", "user")),
        *unbounded("body", "a text of a chat", *_keys("slack.body", "text"), *_keys("slack.body[event]", "text"), advice=LOG),
        *bounded(20, "command", "a command of the app", *_keys("slack.body", "command")),
        *unbounded("body", "a text of a chat", *_keys(SLACK, "text"), *_keys("slack.command", "text"), advice=LOG),
        *unbounded("identity", "the id of one message", *_keys(SLACK, "ts", "event_ts", "client_msg_id", "thread_ts"), advice=LOG),
        *bounded(20, "command", "a command of the app", *_keys("slack.command", "command")),
        *unbounded(
            "identity",
            "a channel, which may be a direct message",
            *_keys("slack.command", "channel_id", "channel_name", "trigger_id"),
            *_keys(SLACK, "channel"),
            *_keys("slack.body[channel]", "id", "name"),
            *_keys("slack.body", "trigger_id", "channel_id", "channel_name"),
            *_keys("slack.body[event]", "channel"),
            advice=LOG,
        ),
        *deployment(
            "inventory",
            "a workspace",
            *_keys("slack.command", "team_id", "team_domain"),
            *_keys(SLACK, "team"),
            *_keys("slack.body[team]", "id", "domain"),
            *_keys("slack.body", "team_id", "team_domain"),
        ),
        *unbounded("sql", "an SQL statement", "dbapi.statement", advice=LOG),
        *unbounded("identity", "the id of one call", *below(CONTEXT, ".aws_request_id"), advice=LOG),
        *deployment("config", "what is deployed", *below(CONTEXT, ".function_name", ".function_version", ".memory_limit_in_mb")),
        *deployment("config", "what is deployed", *below(CONTEXT, ".log_group_name", ".invoked_function_arn")),
        *deployment("process", "the stream of logs of this process", f"{CONTEXT}.log_stream_name"),
    )


LIBRARY = Library(
    packages=("dbapi", "aws_lambda", "slack", "aws_lambda_powertools"),
    rows=tuple(replace(row, likely=True) for row in _rows()),
    aliases=(
        ("aws_lambda_powertools.utilities.typing.LambdaContext", CONTEXT),
        ("aws_lambda_powertools.utilities.typing.lambda_context.LambdaContext", CONTEXT),
    ),
)
"""AWS Lambda Developer Guide: Lambda function URLs, Amazon API Gateway, S3, SQS, SNS, Using the context object for
Python; Slack API: events app_mention and message."""
