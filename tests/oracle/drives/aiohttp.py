"""Calls the aiohttp service on a real port, through the test client of aiohttp."""

import asyncio
from typing import Any

from aiohttp.test_utils import TestClient, TestServer


def drive(app: Any, count: int) -> str:
    return asyncio.run(_drive(app, count))


async def _drive(app: Any, count: int) -> str:
    async with TestClient(TestServer(app.make_app())) as client:

        async def call(method: str, path: str, **more: Any) -> None:
            async with client.request(method, path, allow_redirects=False, **more) as answer:
                await answer.read()

        for n in range(count):
            await call("GET", f"/rooms/{n}", headers={"X-Member": f"member {n}", "User-Agent": f"program{n}/1"})
            await call("POST", f"/rooms/{n}/messages", json={"id": n, "text": "hello"})
            await call("POST", f"/rooms/{n}/messages", json={"id": n})
            await call("GET", f"/find?q=word{n}")
            await call("GET", f"/old/{n}")
            await call("GET", f"/admin/reports/{n}")
            await call("GET", f"/wp-admin/{n}.php")
            await call(("PROPFIND", "LOCK", "MKCOL")[n % 3], "/find")
        async with client.get("/metrics") as answer:
            return await answer.text()
