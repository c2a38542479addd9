"""Runs the tasks of the Celery application in this process, as its eager mode does."""

import contextlib
import logging
from typing import Any

from prometheus_client import generate_latest


def drive(app: Any, count: int) -> str:
    logging.disable(logging.ERROR)
    for n in range(count):
        for template in ("welcome", f"template{n}"):
            with contextlib.suppress(Exception):
                app.send_mail.delay(f"user{n}@home.example", template).get(propagate=False)
        with contextlib.suppress(Exception):
            app.send_mail.delay(f"user7{n}@home.example", "welcome").get(propagate=False)
        with contextlib.suppress(Exception):
            app.export.delay(n).get(propagate=False)
        with contextlib.suppress(Exception):
            app.export.delay(n * 10 + 3).get(propagate=False)
        app.charge.delay(str(n)).get()
    return generate_latest().decode()
