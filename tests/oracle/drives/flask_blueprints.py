"""Calls the Flask app through its test client."""

from typing import Any


def drive(app: Any, count: int) -> str:
    client = _made(app).test_client()
    for n in range(count):
        client.get(f"/blog/post-{n}", headers={"X-Reader": f"reader {n}"})
        client.get("/blog/tags", query_string={"tag": f"tag {n}"})
        client.post("/blog/comments", json={"language": f"l{n}", "text": "short"})
        client.post("/blog/comments", json={"language": "de", "text": f"a text that is too long {n}"})
        client.post("/blog/uploads", data=b"x", content_type=f"multipart/form-data; boundary=b{n}")
        client.get(f"/blog/archive/{n}")
        client.get(f"/wp-admin/{n}.php")
        client.open("/blog/tags?tag=news", method=f"M{n}")
    return client.get("/metrics").text


def _made(app: Any) -> Any:
    if not hasattr(app, "made"):
        app.made = app.create_app()
    return app.made
