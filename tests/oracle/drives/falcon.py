"""Calls the Falcon API through the test client of Falcon."""

from typing import Any

from falcon.testing import TestClient


def drive(app: Any, count: int) -> str:
    client = TestClient(app.create_app())
    for n in range(count):
        client.simulate_get(f"/things/t{n}", headers={"X-Token": f"token {n}"})
        client.simulate_get(f"/things/t{n}7")
        client.simulate_get("/things", params={"sort": f"field{n}"})
        client.simulate_post("/things", json={"owner": f"owner {n}"})
        client.simulate_get(f"/v1/things/{n}")
        client.simulate_get(f"/wp-admin/{n}.php")
        client.simulate_request(("PUT", "PATCH", "TRACE")[n % 3], "/things")
    return str(client.simulate_get("/metrics").text)
