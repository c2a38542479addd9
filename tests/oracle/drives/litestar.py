"""Calls the Litestar service through its test client."""

from typing import Any

from litestar.testing import TestClient


def drive(app: Any, count: int) -> str:
    with TestClient(app.app) as client:
        for n in range(count):
            client.get(f"/books/b{n}", headers={"x-key": f"key {n}"})
            client.get(f"/books/b{n}7")
            client.post("/books/loans", json={"reader": f"reader {n}", "branch": f"branch {n}"})
            client.post("/books/loans", json={"reader": f"child {n}", "branch": "north"})
            client.get("/search", params={"q": f"word {n}", "shelf": "fiction"})
            client.get("/search", params={"q": f"word {n}", "shelf": f"shelf {n}"})
            client.get(f"/old/b{n}", follow_redirects=False)
            client.get(f"/wp-admin/{n}.php")
            client.request(f"M{n}", "/search")
        return client.get("/metrics").text
