"""Calls the FastAPI shop through the test client of FastAPI."""

from typing import Any

from fastapi.testclient import TestClient


def drive(app: Any, count: int) -> str:
    with TestClient(app.app, follow_redirects=False) as client:
        for n in range(count):
            client.get(f"/shop/products/{n}", headers={"accept-language": f"x{n}"})
            client.get("/shop/products", params={"order": f"o{n}"}, headers={"x-caller": f"caller-{n}"})
            client.get("/shop/products", params={"order": "price", "page": n}, headers={"x-caller": "app-ios"})
            client.post("/shop/sales", json={"item": f"book-{n}", "currency": f"C{n}"})
            client.post("/shop/sales", json={"item": f"thing-{n}", "currency": "EUR"})
            client.post("/shop/sales", json={"item": f"game-{n}", "currency": "EUR", "amount": 1000})
            client.get(f"/shop/products/{n}/")
            client.get(f"/partners/offers/{n}")
            client.get(f"/partners/stray/{n}")
            client.get(f"/wp-admin/{n}.php")
            client.request(f"M{n}", "/shop/products")
        return client.get("/metrics").text
