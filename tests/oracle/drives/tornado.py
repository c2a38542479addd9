"""Calls the Tornado application on a real port."""

import asyncio
import json
import logging
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port


def drive(app: Any, count: int) -> str:
    logging.disable(logging.ERROR)
    return asyncio.run(_drive(app, count))


async def _drive(app: Any, count: int) -> str:
    socket, port = bind_unused_port()
    server = HTTPServer(app.make_app())
    server.add_socket(socket)
    client = AsyncHTTPClient(force_instance=True)

    async def call(path: str, **more: Any) -> bytes:
        answer = await client.fetch(f"http://127.0.0.1:{port}{path}", raise_error=False, follow_redirects=False, **more)
        return answer.body

    for n in range(count):
        await call(f"/users/user{n}", headers={"X-User": f"user{n}"})
        await call(f"/users/user{n}7")
        await call(f"/old/user{n}")
        await call(f"/topics?topic=topic{n}")
        await call("/posts", method="POST", body=json.dumps({"channel": f"channel {n}"}))
        await call(f"/wp-admin/{n}.php")
        await call("/topics", method=f"M{n}", allow_nonstandard_methods=True)
    text = (await call("/metrics")).decode()
    server.stop()
    client.close()
    return text
