"""What Celery passes and holds, each value in a label of its own."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from prometheus_client import generate_latest

SERVICE = """\
from celery import Celery, Task, shared_task, signals
from celery.signals import task_prerun, task_postrun, task_failure
from prometheus_client import Counter, generate_latest

# metrics
app = Celery("x", broker="memory://", backend="cache+memory://")
app.conf.task_always_eager = True


@task_prerun.connect
def pre(sender=None, task_id=None, task=None, args=None, kwargs=None, **kw):
    # fields: pre
    pass


@task_postrun.connect
def post(sender=None, task_id=None, task=None, args=None, kwargs=None, retval=None, state=None, **kw):
    # fields: post
    pass


@task_failure.connect
def fail(sender=None, task_id=None, exception=None, args=None, kwargs=None, traceback=None, einfo=None, **kw):
    # fields: fail
    pass


@signals.task_success.connect
def ok(sender, result, **kw):
    # fields: ok
    pass


@signals.task_retry.connect
def retry(sender, request, reason, einfo, **kw):
    # fields: retry
    pass


class Base(Task):
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        # fields: onf
        pass

    def on_success(self, retval, task_id, args, kwargs):
        # fields: ons
        pass

    def before_start(self, task_id, args, kwargs):
        # fields: start
        pass


@app.task(base=Base, bind=True, max_retries=1)
def work(self, n, kind="x"):
    # fields: work
    if n % 3 == 0:
        raise ValueError(f"no {n}")
    if n % 3 == 1 and not self.request.retries:
        raise self.retry(exc=TimeoutError(f"late {n}"), countdown=0)
    return f"r{n}"
"""

FIELDS = {
    "pre": """
        task_id
        task.name
        sender.name
        task.__name__
        sender.__name__
        args
        args[0]
        kwargs.get("kind")
        task.request.id
        task.request.retries
        task.request.root_id
        task.request.hostname
        task.request.delivery_info.get("routing_key", "none")
        task.request.args
        task.request.is_eager
        task.request.called_directly
        task.request.correlation_id
        task.request.parent_id
        task.app.main
        type(task).__name__
        str(task)
        len(args)
        task.max_retries
        task.request.expires
        task.request.priority if hasattr(task.request, "priority") else "none"
    """,
    "post": """
        state
        retval
        type(retval).__name__
        task.name
        task_id
        sender.name
        kw.get("x", "none")
    """,
    "fail": """
        str(exception)
        type(exception).__name__
        exception.__class__.__name__
        exception
        einfo
        str(einfo)
        einfo.exception
        sender.name
        task_id
        einfo.type.__name__
        traceback
    """,
    "ok": """
        result
        sender.name
        type(result).__name__
        sender.request.id
        sender.request.retries
    """,
    "retry": """
        reason
        str(reason)
        type(reason).__name__
        request.id
        request.task
        request.retries
        sender.name
        request.hostname
    """,
    "onf": """
        str(exc)
        type(exc).__name__
        task_id
        self.name
        args[0]
        kwargs.get("kind")
        str(einfo)
        self.request.id
        self.request.retries
    """,
    "ons": """
        retval
        task_id
        self.name
    """,
    "start": """
        task_id
        self.name
        args
    """,
    "work": """
        self.request.id
        self.name
        self.request.retries
        n
        n % 3
        kind
        self.request.task
        self.__class__.__name__
        self.request.hostname
        self.request.delivery_info
    """,
}


def drive(app: Any, count: int) -> str:
    logging.disable(logging.CRITICAL)
    for n in range(count * 3):
        with contextlib.suppress(Exception):
            app.work.delay(n, kind=f"k{n}").get(propagate=False)
    return generate_latest().decode()
