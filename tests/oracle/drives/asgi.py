"""Calls the ASGI app through the transport of httpx that needs no server."""

import asyncio
from typing import Any

import httpx


def drive(app: Any, count: int) -> str:
    return asyncio.run(_drive(app, count))


async def _drive(app: Any, count: int) -> str:
    transport = httpx.ASGITransport(app.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        for n in range(count):
            await client.get(f"/users/{n}", headers={"x-token": f"token-{n}"})
            await client.get(f"/users/{n}7")
            await client.get("/search", params={"q": f"word {n}"})
            await client.post("/commands", json={"name": f"command {n}"})
            await client.get(f"/wp-admin/{n}.php")
            await client.request(f"M{n}", "/search?q=one")
        return (await client.get("/metrics")).text
