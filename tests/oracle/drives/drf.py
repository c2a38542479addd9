"""Calls the service of Django REST framework through its test client."""

from typing import Any


def drive(app: Any, count: int) -> str:
    from rest_framework.test import APIClient

    client = APIClient(raise_request_exception=False)
    for n in range(count):
        client.get(f"/api/payments/p{n}/")
        client.get(f"/api/payments/p{n}7/")
        client.get("/api/payments/", {"filter": f"field{n}=1"})
        client.post("/api/payments/", {"account": f"b{n}", "currency": "EUR"}, format="json")
        client.post("/api/payments/", {"account": f"a{n}", "currency": f"{n:03}"}, format="json")
        client.post(f"/api/payments/p{n}/refund/")
        client.get("/health", headers={"X-Probe": f"probe {n}"})
        client.get(f"/wp-admin/{n}.php")
        client.generic(f"M{n}", "/api/payments/")
    return client.get("/metrics").content.decode()
