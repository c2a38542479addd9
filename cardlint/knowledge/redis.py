"""Redis clients: command names are a fixed set, keys and channels are not."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, unbounded
from cardlint.knowledge.schema import Library

KEYS = (
    "randomkey()",
    "keys()[*]",
    "scan_iter()[*]",
    "smembers()[*]",
    "hkeys()[*]",
    "lrange()[*]",
    "hgetall()[*]",
    "hgetall().keys()[*]",
    "hgetall().items()[*][0]",
    "zrange()[*]",
    "zrange()[*][0]",
    "zrevrange()[*]",
    "zrevrange()[*][0]",
    "zrangebyscore()[*]",
    "zscan_iter()[*][0]",
    "hscan_iter()[*][0]",
    "xread()[*][1][*][0]",
    "xreadgroup()[*][1][*][0]",
    "xrange()[*][0]",
)
POPS = ("lpop()", "rpop()", "blpop()[1]", "brpop()[1]", "brpoplpush()", "lmove()", "blmove()", "rpoplpush()")
CLIENTS = ("redis.Redis.", "redis.asyncio.Redis.")

LIBRARY = Library(
    packages=("redis",),
    rows=(
        *unbounded("database", "a key or member stored in Redis", *(client + name for client in CLIENTS for name in KEYS), advice=LOG),
        *unbounded(
            "database",
            "a value stored in Redis",
            *(
                client + name
                for client in CLIENTS
                for name in (
                    "get()",
                    "hget()",
                    "hgetall()[]",
                    "hgetall().values()[*]",
                    "hgetall().items()[*][1]",
                )
            ),
            advice=LOG,
        ),
        *unbounded("payload", "an entry of a list in Redis", *(client + name for client in CLIENTS for name in POPS), advice=LOG),
        *unbounded(
            "payload",
            "a message of a channel in Redis",
            *(
                f"{client}pubsub().{name}[{part}]"
                for client in CLIENTS
                for name in ("listen()[*]", "get_message()")
                for part in ("data", "channel")
            ),
            advice=LOG,
        ),
        *bounded(50, "command", "name of a Redis command", "redis.client.Pipeline.command_stack[*][0][0]"),
    ),
    aliases=(
        ("redis.StrictRedis", "redis.Redis"),
        ("redis.from_url()", "redis.Redis"),
        ("redis.Redis.from_url()", "redis.Redis"),
        ("redis.asyncio.Redis.from_url()", "redis.asyncio.Redis"),
        ("redis.client.Redis", "redis.Redis"),
        ("redis.asyncio.from_url()", "redis.asyncio.Redis"),
        ("redis.asyncio.client.Redis", "redis.asyncio.Redis"),
    ),
)
