"""Serves the machine's API and the exporter on real ports, and scrapes."""

import json
import os
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Api(BaseHTTPRequestHandler):
    """What the machine says: as many jobs, sessions and errors as there are users."""

    count = 0

    def do_GET(self) -> None:
        count = range(self.count)
        answers: dict[str, list[Any]] = {
            "/jobs": [{"id": f"job{n}", "state": "running" if n % 2 else f"state {n}", "progress": n} for n in count],
            "/sessions": [{"user": f"user{n}", "address": f"10.0.0.{n}", "bytes": n} for n in count],
            "/errors": [f"ERROR disk {n}" for n in count],
        }
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answers[self.path]).encode())

    def log_message(self, format: str, *args: object) -> None: ...


api = HTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=api.serve_forever, daemon=True).start()
servers: list[Any] = []


def drive(app: Any, count: int) -> str:
    Api.count = count
    if not servers:
        os.environ["MACHINE_URL"] = f"http://127.0.0.1:{api.server_port}"
        servers.append(app.serve())
        threading.Thread(target=servers[0].serve_forever, daemon=True).start()
    with urllib.request.urlopen(f"http://127.0.0.1:{servers[0].server_port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())
