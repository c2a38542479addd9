"""Redis clients: command names are a fixed set, keys and channels are not."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, deployment, unbounded
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
    "scan()[1][*]",
    "sscan_iter()[*]",
    "sscan()[1][*]",
    "spop()",
    "srandmember()",
    "zpopmin()[*][0]",
    "zpopmax()[*][0]",
    "bzpopmin()[1]",
    "bzpopmax()[1]",
    "zrevrangebyscore()[*]",
    "zrevrangebyscore()[*][0]",
)
VALUES = (
    *("get()", "getdel()", "getex()", "getset()", "getrange()", "mget()[*]"),
    *("hget()", "hgetall()[]", "hgetall().values()[*]", "hgetall().items()[*][1]", "hmget()[*]", "hvals()[*]", "hscan_iter()[*][1]"),
)
POPS = ("lpop()", "rpop()", "blpop()[1]", "brpop()[1]", "brpoplpush()", "lmove()", "blmove()", "rpoplpush()", "lindex()")
LISTS = (
    *(f"{read}(){stream}[1]" for read in ("xread", "xreadgroup") for stream in ("[*]", "[0]")),
    *("xrange()", "xrevrange()", "xclaim()", "xautoclaim()[1]"),
)
ENTRIES = tuple(entries + one for entries in LISTS for one in ("[*]", "[0]"))
"""Entries of streams, each a pair of an id and fields (redis-py, `_parsers/helpers.py`: parse_stream_list; Redis, XREAD, XAUTOCLAIM)."""
CLIENTS = ("redis.Redis.", "redis.asyncio.Redis.")

LIBRARY = Library(
    packages=("redis", "aioredis"),
    rows=(
        *unbounded("database", "a key or member stored in Redis", *(client + name for client in CLIENTS for name in KEYS), advice=LOG),
        *unbounded(
            "database",
            "a value stored in Redis",
            *(client + name for client in CLIENTS for name in VALUES),
            advice=LOG,
        ),
        *unbounded(
            "identity",
            "the id of one entry of a stream in Redis",
            *(f"{client}{entry}[0]" for client in CLIENTS for entry in ENTRIES),
            *(client + "xadd()" for client in CLIENTS),
            advice=LOG,
        ),
        *unbounded(
            "payload",
            "an entry of a stream in Redis",
            *(f"{client}{entry}[1]" for client in CLIENTS for entry in ENTRIES),
            advice=LOG,
        ),
        *deployment(
            "inventory",
            "a group of a stream, or one of its consumers",
            *(f"{client}{name}()[*][name]" for client in CLIENTS for name in ("xinfo_groups", "xinfo_consumers")),
        ),
        *unbounded("address", "the address of a client of Redis", *(client + "client_list()[*][addr]" for client in CLIENTS), advice=LOG),
        *unbounded("command", "a command with its arguments", *(client + "slowlog_get()[*][command]" for client in CLIENTS), advice=LOG),
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
        ("redis.RedisCluster", "redis.Redis"),
        ("redis.cluster.RedisCluster", "redis.Redis"),
        ("redis.asyncio.StrictRedis", "redis.asyncio.Redis"),
        ("redis.asyncio.RedisCluster", "redis.asyncio.Redis"),
        ("redis.asyncio.cluster.RedisCluster", "redis.asyncio.Redis"),
        ("redis.cluster.RedisCluster.from_url()", "redis.Redis"),
        ("aioredis.Redis", "redis.asyncio.Redis"),
        ("aioredis.StrictRedis", "redis.asyncio.Redis"),
        ("aioredis.from_url()", "redis.asyncio.Redis"),
        ("aioredis.create_redis()", "redis.asyncio.Redis"),
        ("aioredis.create_redis_pool()", "redis.asyncio.Redis"),
        ("aioredis.client.Redis", "redis.asyncio.Redis"),
        ("redis.Redis.from_url()", "redis.Redis"),
        ("redis.asyncio.Redis.from_url()", "redis.asyncio.Redis"),
        ("redis.client.Redis", "redis.Redis"),
        ("redis.asyncio.from_url()", "redis.asyncio.Redis"),
        ("redis.asyncio.client.Redis", "redis.asyncio.Redis"),
    ),
)
