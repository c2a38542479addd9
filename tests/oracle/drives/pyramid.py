"""Calls the Pyramid app through webtest."""

from typing import Any

from webtest import TestApp


def drive(app: Any, count: int) -> str:
    if not hasattr(app, "made"):
        app.made = app.make_app()
    client = TestApp(app.made)
    for n in range(count):
        client.get(f"/tickets/{n}", status="*", headers={"User-Agent": f"program {n}"})
        client.get(f"/tickets/{n}7", status="*")
        client.get("/tickets", {"filter": f"field{n}"}, status="*")
        client.post_json("/tickets", {"author": f"author{n}@sales"}, status="*")
        client.get(f"/old/{n}", status="*")
        client.get(f"/wp-admin/{n}.php", status="*")
        client.request("/tickets", method=f"M{n}", status="*")
    return str(client.get("/metrics").text)
