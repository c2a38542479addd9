"""Hands records to the consumer as a broker would, in the record class of aiokafka."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from aiokafka import ConsumerRecord
from prometheus_client import generate_latest


class Consumer:
    """The part of a consumer that the service uses, without a broker."""

    def __init__(self, count: int) -> None:
        self.count = count

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def commit(self, offsets: object) -> None: ...

    async def __aiter__(self) -> AsyncIterator[Any]:
        for n in range(self.count):
            event = {"type": ("created", "deleted", f"type{n}")[n % 3], "tenant": f"tenant{n}", "actor": f"actor{n}", "day": f"2024-{n}"}
            event["type"] = f"type{n}" if n % 2 else "created"
            for value in (json.dumps(event), f"{'x' * n}{{"):
                yield self._record(n, value if value[-1] == "}" else '{"a": ' + "1" * n)

    def _record(self, n: int, value: str) -> Any:
        return ConsumerRecord(
            topic="events", partition=n % 3, offset=n, timestamp=n * 1000, timestamp_type=0, key=f"key{n}".encode(), value=value.encode(),
            checksum=None, serialized_key_size=0, serialized_value_size=0, headers=(("source", f"source{n}".encode()),),
        )  # fmt: skip


def drive(app: Any, count: int) -> str:
    asyncio.run(app.consume(Consumer(count)))
    return generate_latest().decode()
