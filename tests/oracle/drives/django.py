"""Calls the Django site through its test client."""

from typing import Any


def drive(app: Any, count: int) -> str:
    from django.test import Client

    client = Client(raise_request_exception=False)
    for n in range(count):
        client.get(f"/news/articles/{n}/", REMOTE_ADDR=f"10.0.0.{n}")
        client.get(f"/news/articles/{n}7/")
        client.get(f"/news/articles/{n}")
        client.post("/login", {"username": f"user{n}@home.example"})
        client.get("/search/news", {"q": f"word {n}"})
        client.get("/search/" + "abcdefghij"[n % 10] * (n // 10 + 1))
        client.get(f"/wp-admin/{n}.php")
        client.generic(f"M{n}", "/login")
    return client.get("/metrics").content.decode()
