"""Advice follows the kind of the value, and is written in the variables of the line where the value comes from."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = """\
from fastapi import FastAPI, Request
from prometheus_client import Counter, Gauge

C = Counter("c_total", "C", ["value"])
app = FastAPI()

"""
TEXTS = {
    "str(exc)": "try:\n    run()\nexcept ValueError as exc:\n    C.labels(str(exc)).inc()\n",
    "an f-string": 'try:\n    run()\nexcept ValueError as exc:\n    C.labels(f"failed: {exc}").inc()\n',
    "in a variable": 'try:\n    run()\nexcept ValueError as exc:\n    text = f"failed: {exc}"\n    C.labels(text).inc()\n',
    "a parameter of a function": "def count(exc: Exception):\n    C.labels(str(exc)).inc()\n\ntry:\n    run()\nexcept ValueError as problem:\n    count(problem)\n",
}


def the_help(lint: Lint, code: str) -> str:
    """Return the advice of the only finding."""
    [finding] = lint(HEAD + code).report.findings
    return finding.help


@pytest.mark.parametrize("code", TEXTS.values(), ids=TEXTS)
def test_an_exception_has_the_name_of_its_handler(lint: Lint, code: str) -> None:
    assert "`type(exc).__name__`" in the_help(lint, code)


def test_an_exception_without_a_name_keeps_the_usual_one(lint: Lint) -> None:
    code = "import sys\n\ndef hook(kind, *args):\n    try:\n        run()\n    except ValueError:\n        C.labels(str(sys.exception())).inc()\n"
    assert "exc" not in the_help(lint, code).replace("exception", "")


def test_a_request_has_its_own_name(lint: Lint) -> None:
    code = '@app.middleware("http")\nasync def count(req: Request, call_next):\n    C.labels(req.url.path).inc()\n    return await call_next(req)\n'
    assert the_help(lint, code) == 'write `route.path if (route := req.scope.get("route")) else "unmatched"`'


def test_a_scope_needs_no_request(lint: Lint) -> None:
    code = (
        "class Count:\n    def __init__(self, app):\n        self.app = app\n\n    async def __call__(self, scope, receive, send):\n"
        '        C.labels(scope["path"]).inc()\n        await self.app(scope, receive, send)\n\n\napp.add_middleware(Count)\n'
    )
    assert the_help(lint, code) == 'write `route.path if (route := scope.get("route")) else "unmatched"`'


def test_a_secret_is_removed_and_goes_nowhere(lint: Lint) -> None:
    code = 'K = Counter("k_total", "K", ["api_key"])\n\ndef count(api_key):\n    K.labels(api_key=api_key).inc()\n'
    assert the_help(lint, code) == "remove the label `api_key`; a secret belongs neither in a metric nor in a log line"


def test_a_gauge_has_no_exemplar(lint: Lint) -> None:
    code = 'import uuid\n\nG = Gauge("g", "G", ["run"])\nG.labels(uuid.uuid4().hex).set(1)\n'
    assert the_help(lint, code) == "remove the label `run`; put it in a log line"


def test_the_rest_of_a_path_is_no_identity(lint: Lint) -> None:
    code = '@app.get("/files/{path:path}")\ndef read(path: str):\n    C.labels(path).inc()\n'
    [finding] = lint(HEAD + code).report.findings
    assert finding.rule == "raw-path"
    code = code.replace("{path:path}", "{path}")
    [finding] = lint(HEAD + code).report.findings
    assert finding.rule == "identity-label"


def test_the_part_of_an_expression_that_has_the_name_is_named(lint: Lint) -> None:
    code = 'M = Counter("m_total", "M", ["message"])\n\ndef count(data, message):\n    M.labels(message=data.get("kind", message)).inc()\n'
    [finding] = lint(HEAD + code).report.findings
    assert finding.message == "label `message` of `m_total` is filled from `message`, which looks like free text"


def test_a_version_is_no_identity(lint: Lint) -> None:
    code = 'V = Counter("v_total", "V", ["version"])\n\ndef count(build):\n    V.labels(version=build.version).inc()\n'
    assert not lint(HEAD + code).report.findings
