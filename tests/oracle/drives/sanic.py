"""Calls the Sanic service on a real port, through its own testing package."""

import logging
from typing import Any

from sanic_testing.reusable import ReusableClient

from tests.oracle import ports


def drive(app: Any, count: int) -> str:
    logging.disable(logging.ERROR)
    if not hasattr(app, "made"):
        app.made = app.create_app(f"game{id(app)}")
    client = ReusableClient(app.made, port=ports.free())
    with client:
        for n in range(count):
            client.get(f"/games/g{n}", headers={"x-player": f"player {n}"})
            client.post(f"/games/g{n}/moves", json={"move": f"e{n}"})
            client.post(f"/games/g{n}/moves", json={"move": f"e{n}-impossible"})
            client.get(f"/games?page={n}")
            client.get(f"/play/g{n}", follow_redirects=False)
            client.get(f"/wp-admin/{n}.php")
            client.request(f"/games?m={n}", http_method=f"M{n}")
        return str(client.get("/metrics")[1].text)
