"""Calls the Bottle app through webtest."""

from typing import Any

from webtest import TestApp


def drive(app: Any, count: int) -> str:
    client = TestApp(app.app)
    for n in range(count):
        client.get(f"/pages/p{n}", status="*")
        client.get(f"/pages/p{n}7", status="*")
        client.post_json("/edits", {"editor": f"editor{n}-x"}, status="*")
        client.get("/search", {"q": f"word{n} and more"}, status="*")
        client.get(f"/old/p{n}", status="*")
        client.get(f"/files/{n}", status="*")
        client.get(f"/wp-admin/{n}.php", status="*")
        client.request(f"/search?m={n}", method=f"M{n}", status="*")
    return str(client.get("/metrics").text)
