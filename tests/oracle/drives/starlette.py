"""Calls the Starlette service through the test client of Starlette."""

from typing import Any

from starlette.testclient import TestClient


def drive(app: Any, count: int) -> str:
    with TestClient(app.app, follow_redirects=False) as client:
        for n in range(count):
            client.get(f"/users/user{n}", headers={"user-agent": f"program/{n}"})
            client.get(f"/users/user{n}3")
            client.get(f"/profile/user{n}")
            client.get(f"/users/user{n}/")
            client.get("/search", params={"q": f"word {n}"})
            client.post("/orders", json={"coupon": f"spring-{n}"})
            client.get(f"/admin/reports/{n}")
            client.get(f"/wp-admin/{n}.php")
            client.request(f"M{n}", "/search")
        return client.get("/metrics/").text
